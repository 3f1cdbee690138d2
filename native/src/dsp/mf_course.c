/* SPDX-License-Identifier: MIT */
/* MF receiver, the half that knows time: which windows make a signal.  See aw/mf.h. */
#include "dsp/level.h"
#include "dsp/mf.h"

#define HOP_S      0.005f
#define MIN_STAY   0.5f  /* share under which it is gone: a window half full */
#define MIN_FALL   0.25f /* -6 dB of its energy is its echo */
#define FULL_SHARE 0.8f  /* of one window in a run: voices' second and third harmonics have less */
#define MAX_OFF_HZ 22.0f
#define CERTAIN    4u /* windows in a row: 17 ms give three, 35 ms four */
#define GAP        4u /* hops: 10 ms must not end it, 40 ms must */

void aw_mf_course_init(aw_mf_course *c)
{
    *c = (aw_mf_course){.likely = -1, .pair = -1};
}

aw_mf_fit aw_mf_fit_pair(const aw_mf_shape *shape, const aw_mf_sound *sound, int32_t pair)
{
    const float (*inv)[AW_MF_PAIRS + 1] = shape->inverse;
    int32_t second = 0, first = aw_mf_tones_of(pair, &second);
    float a_re = sound->re[(size_t)first * sound->stride];
    float a_im = sound->im[(size_t)first * sound->stride];
    float b_re = sound->re[(size_t)second * sound->stride];
    float b_im = sound->im[(size_t)second * sound->stride];
    aw_mf_fit f = {
        {inv[0][pair] * a_re + inv[1][pair] * b_re, inv[1][pair] * a_re + inv[2][pair] * b_re},
        {inv[3][pair] * a_im + inv[4][pair] * b_im, inv[4][pair] * a_im + inv[5][pair] * b_im},
        0.0f};

    f.energy = (f.re[0] * a_re + f.re[1] * b_re) + (f.im[0] * a_im + f.im[1] * b_im);
    return f;
}

/* Add how far the tones have turned since the last window, less what they should. */
static void add_turns(const aw_mf_shape *shape, aw_mf_course *c, const aw_mf_fit *f)
{
    int32_t tone[2];

    tone[0] = aw_mf_tones_of(c->likely, &tone[1]);
    for (int k = 0; k < 2; k++) {
        const aw_mf_tone *t = &shape->tone[tone[k]];
        float x = f->re[k] * c->last.re[k] + f->im[k] * c->last.im[k];
        float y = f->im[k] * c->last.re[k] - f->re[k] * c->last.im[k];
        c->turn_re[k] += x * t->hop_cos + y * t->hop_sin;
        c->turn_im[k] += y * t->hop_cos - x * t->hop_sin;
    }
}

static bool in_tune(const aw_mf_course *c)
{
    for (int k = 0; k < 2; k++) {
        float turn = atan2f(c->turn_im[k], c->turn_re[k]);
        if (fabsf(turn) > AW_TWO_PI * MAX_OFF_HZ * HOP_S)
            return false;
    }
    return true;
}

/* Follow the pair that is heard from window to window. */
static void follow_likely(const aw_mf_shape *shape, aw_mf_course *c, const aw_mf_sound *sound)
{
    if (sound->pair >= 0 && sound->pair == c->likely) {
        add_turns(shape, c, &sound->fit);
        c->run++;
    } else {
        c->turn_re[0] = c->turn_re[1] = c->turn_im[0] = c->turn_im[1] = 0.0f;
        c->run = sound->pair >= 0;
        c->share = 0.0f;
    }
    float share = sound->fit.energy / sound->energy;
    c->share = share > c->share ? share : c->share;
    c->likely = sound->pair;
    c->last = sound->fit;
}

static aw_digit event(const aw_mf_shape *shape, const aw_mf_course *c, bool on)
{
    float mean_square = c->level / (float)(AW_MF_HOP * AW_MF_HOPS) / 2;
    uint32_t ms = c->hops * AW_MF_HOP / AW_SAMPLES_MS;

    return (aw_digit){
        .key = aw_mf_key_of(shape->standard, c->pair),
        .on = on,
        .duration_ms = (uint16_t)(on           ? 0
                                  : ms > 65535 ? 65535
                                               : ms),
        .dbm0 = 10.0f * log10f(mean_square / AW_POWER_0DBM0),
    };
}

/* Is the signal that is on still there?  Returns whether it has ended. */
static bool has_ended(const aw_mf_shape *shape, aw_mf_course *c, const aw_mf_sound *sound)
{
    aw_mf_fit f = aw_mf_fit_pair(shape, sound, c->pair);

    if (f.energy >= MIN_STAY * sound->energy && f.energy >= MIN_FALL * c->level) {
        c->level = f.energy > c->level ? f.energy : c->level;
        c->hops += c->absent + 1;
        c->absent = 0;
        return false;
    }
    return ++c->absent >= GAP;
}

size_t aw_mf_hop(const aw_mf_shape *shape, aw_mf_course *c, const aw_mf_sound *sound,
                 aw_digit out[2])
{
    size_t made = 0;

    follow_likely(shape, c, sound);
    bool begins = c->run >= CERTAIN && c->likely != c->pair && c->share >= FULL_SHARE && in_tune(c);
    if (c->pair >= 0 && (has_ended(shape, c, sound) || begins)) {
        out[made++] = event(shape, c, false);
        c->pair = -1;
    }
    if (begins) {
        c->pair = c->likely;
        c->hops = CERTAIN;
        c->absent = 0;
        c->level = c->last.energy;
        out[made++] = event(shape, c, true);
    }
    return made;
}
