/* SPDX-License-Identifier: MIT */
/* Analyser of unknown call-progress tones, the half that knows time: see aw/learn.h. */
#include "dsp/learn.h"

#include "dsp/level.h"
#include "mem.h"

#define HOP          80u /* samples: 10 ms */
#define HOP_MS       10u
#define MIXER_PERIOD 160u                    /* samples: 13 turns of 650 Hz */
#define TURN_COS     0.87249601f             /* of 2 pi 650 / 8000 */
#define TURN_SIN     0.48862124f             /* and its sine */
#define WINDOW_MS    40.0f                   /* a beat of two tones 25 Hz apart: constant energy */
#define MIN_ENERGY   (1.6478e4f * WINDOW_MS) /* of a window of -45 dBm0, twice the mean square */
#define OVER_NOISE   8.0f                    /* a tone begins 9 dB above the silences ... */
#define STAYS_OVER   2.0f                    /* ... and lasts while it is 3 dB above them */
#define FALL         8.0f  /* or until it has fallen by 9 dB; 15 Hz modulate by 7 */
#define LATE_MS      35u   /* that fall is seen so late; the rise at once */
#define FADING       40u   /* ms kept at the end that may be silence already */
#define LEAST        50u   /* ms of which a spectrum says anything */
#define CERTAIN      200u  /* ms that may contradict what was found before */
#define SAME         0.01f /* share by which two spectra of one tone may differ */
#define GOES_ON      300u  /* hops: three seconds */

/* Elliptic low-pass of 355 Hz, 0.1 dB ripple, 55 dB from 600 Hz: b1 (b0 = b2 = 1), a1, a2. */
static const float SECTION[AW_LEARN_SECTIONS][3] = {
    {-0.74402270f, -1.73219174f, 0.757804482f},
    {-1.73626211f, -1.80179256f, 0.859772220f},
    {-1.83467426f, -1.87583445f, 0.958513030f},
};
#define GAIN (2 * 2.21630596e-3f) /* twice: the mixer leaves half of a sine */

void aw_learn_init(struct aw_learn *l)
{
    *l = (struct aw_learn){.turn_re = 1.0f,
                           .now = {.kind = AW_SEGMENT_OTHER, .dbm0 = AW_SILENCE_DBM0}};
}

aw_status aw_learn_new(aw_learn **out)
{
    if (!out)
        return AW_EINVAL;
    aw_learn *l = aw_alloc(sizeof *l);
    if (!l)
        return AW_ENOMEM;
    aw_learn_init(l);
    *out = l;
    return AW_OK;
}

void aw_learn_free(aw_learn *l)
{
    aw_release(l);
}

/* Mix one sample down and filter it; every eighth is the band at 1 kHz. */
static void mix_down(struct aw_learn *l, float sample, float *re, float *im)
{
    float x = GAIN * sample * l->turn_re, y = -GAIN * sample * l->turn_im;
    float turn_re = l->turn_re * TURN_COS - l->turn_im * TURN_SIN;

    l->turn_im = l->turn_im * TURN_COS + l->turn_re * TURN_SIN;
    l->turn_re = turn_re;
    if (++l->turned == MIXER_PERIOD) {
        l->turned = 0;
        l->turn_re = 1.0f;
        l->turn_im = 0.0f;
    }
    for (uint32_t i = 0; i < AW_LEARN_SECTIONS; i++) {
        const float *c = SECTION[i];
        float *z = l->past[i], out_re = x + z[0], out_im = y + z[1];
        z[0] = c[0] * x - c[1] * out_re + z[2];
        z[1] = c[0] * y - c[1] * out_im + z[3];
        z[2] = x - c[2] * out_re;
        z[3] = y - c[2] * out_im;
        x = out_re;
        y = out_im;
    }
    *re = x;
    *im = y;
}

static void keep(struct aw_learn *l, float re, float im)
{
    l->energies[l->hop % AW_LEARN_HOPS] += re * re + im * im;
    if (!l->sounding || l->kept_count == AW_LEARN_KEPT)
        return;
    l->kept[2 * l->kept_count] = aw_clip16(re);
    l->kept[2 * l->kept_count + 1] = aw_clip16(im);
    l->kept_count++;
}

static bool near(float a, float b)
{
    return fabsf(a - b) <= SAME * a;
}

static bool agrees(const aw_segment *a, const aw_segment *b)
{
    return a->kind == b->kind && near(a->hz[0], b->hz[0]) && near(a->hz[1], b->hz[1]);
}

/* Take the mean of what the segment's spectra say. */
static void average(struct aw_learn *l, const aw_segment *found)
{
    float part = 1.0f / (float)(++l->windows);

    for (int i = 0; i < 2; i++)
        l->now.hz[i] += part * (found->hz[i] - l->now.hz[i]);
    l->now.dbm0 += part * (found->dbm0 - l->now.dbm0);
}

/* A spectrum's length is there, or the segment is over.  Another tone without a pause: returns 1,
 * and the one before in *out. */
static size_t look(struct aw_learn *l, uint32_t n, aw_segment *out)
{
    aw_segment found = {0};
    size_t made = 0;

    l->kept_count = 0;
    if (n < LEAST || (l->windows > 0 && n < CERTAIN))
        return 0;
    aw_learn_look(l->kept, n, &found);
    if (l->windows > 0 && agrees(&l->now, &found)) {
        average(l, &found);
    } else {
        if (l->windows > 0) {
            *out = l->now;
            out->ended = 1;
            out->duration_ms = l->kept_hops * HOP_MS;
            l->hops -= l->kept_hops;
            made = 1;
        }
        l->now = found;
        l->windows = 1;
    }
    if (found.kind == AW_SEGMENT_OTHER) /* a new noise becomes silence */
        l->noise += (l->level - l->noise) / 4;
    return made;
}

static void begin_segment(struct aw_learn *l, bool sounding)
{
    l->sounding = sounding;
    l->hops = l->kept_hops = l->kept_count = l->windows = 0;
    l->level = 0.0f;
    l->now = (aw_segment){.kind = sounding ? AW_SEGMENT_OTHER : AW_SEGMENT_SILENCE,
                          .dbm0 = AW_SILENCE_DBM0};
}

/* A segment as it is told, now that it is over or goes on. */
static aw_segment told(const struct aw_learn *l, bool ended)
{
    aw_segment segment = l->now;
    uint32_t ms = l->hops * HOP_MS;

    segment.ended = ended;
    segment.duration_ms = l->sounding ? ms - (ended && ms > LATE_MS ? LATE_MS : 0) : ms + LATE_MS;
    return segment;
}

static bool sounds(const struct aw_learn *l, float energy)
{
    if (!l->sounding && l->hops <= AW_LEARN_HOPS) /* the last tone is still in the window */
        return false;
    if (!l->sounding)
        return energy > OVER_NOISE * l->noise && energy > MIN_ENERGY;
    return energy > STAYS_OVER * l->noise && energy > MIN_ENERGY / 2 && energy * FALL > l->level;
}

static void follow_levels(struct aw_learn *l, float energy)
{
    if (l->sounding)
        l->level += (energy - l->level) * (energy > l->level ? 0.25f : 0.0625f);
    else if (l->hops >= AW_LEARN_HOPS) /* the tone has left the window */
        l->noise += (energy - l->noise) * (energy > l->noise ? 0.05f : 0.25f);
    if (l->noise < 1.0f)
        l->noise = 1.0f; /* keep clear of denormals */
}

static size_t end_hop(struct aw_learn *l, aw_segment out[2])
{
    float energy = 0.0f;
    size_t made = 0;

    for (uint32_t i = 0; i < AW_LEARN_HOPS; i++)
        energy += l->energies[i];
    l->energies[++l->hop % AW_LEARN_HOPS] = 0.0f;
    l->fill = 0;
    l->hops++;
    bool sounding = sounds(l, energy);
    if (sounding != l->sounding) {
        uint32_t n = l->kept_count > FADING ? l->kept_count - FADING : 0;
        if (l->sounding)
            made = look(l, n, out);
        out[made++] = told(l, true);
        begin_segment(l, sounding);
    } else if (!sounding && l->hops > AW_LEARN_HOPS) {
        l->now.kind = AW_SEGMENT_SILENCE; /* until then a first tone may have begun before us */
    } else if (l->kept_count == AW_LEARN_KEPT) {
        made = look(l, AW_LEARN_KEPT, out);
        l->kept_hops = l->hops;
    }
    if (l->hops > 0 && l->hops % GOES_ON == 0)
        out[made++] = told(l, false);
    follow_levels(l, energy);
    return made;
}

size_t aw_learn_feed(aw_learn *l, const int16_t *pcm, size_t n, aw_segment *out, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        float re, im;
        mix_down(l, (float)pcm[i], &re, &im);
        if (++l->fill % AW_SAMPLES_MS == 0)
            keep(l, re, im);
        if (l->fill < HOP)
            continue;
        aw_segment made[2];
        size_t told_now = end_hop(l, made);
        for (size_t k = 0; k < told_now && count < max; k++)
            out[count++] = made[k];
    }
    return count;
}
