/* SPDX-License-Identifier: MIT */
/* MF receiver: see aw/mf.h. */
#include "dsp/mf.h"
#include "dsp/goertzel.h"

#include <stdbool.h>

#include "dsp/level.h"
#include "mem.h"

#define HOP        AW_MF_HOP
#define HOPS       AW_MF_HOPS
#define WINDOW     (AW_MF_HOP * AW_MF_HOPS)
#define HOP_S      0.005f
#define TWO_PI     6.2831853f
#define MIN_SHARE  0.72f  /* of the energy: 15 Hz off leaves 0.85, SNR 9 dB a tone 0.94 */
#define MIN_STAY   0.5f   /* share under which it is gone: a window half full */
#define MIN_FALL   0.25f  /* -6 dB of its energy is its echo */
#define MIN_LEVEL  287.0f /* amplitude of -38 dBm0: 3 dB under what we promise */
#define MAX_TWIST  8.0f   /* of powers, 9 dB: 2 dB over what we promise */
#define MAX_OFF_HZ 22.0f
#define CERTAIN    4u /* windows in a row: 17 ms give three, 35 ms four */
#define GAP        4u /* hops: 10 ms must not end it, 40 ms must */

/* Sum of cos(w n) over the window, n counted from its middle. */
static float kernel(float w)
{
    float half = sinf(w / 2);

    return fabsf(half) < 1e-6f ? (float)WINDOW : sinf(w * (float)WINDOW / 2) / half;
}

/* About the window's middle cosines and sines are orthogonal: a fit is twice two by two. */
static void prepare_pair(float inverse[6], float first_hz, float second_hz)
{
    float a = TWO_PI * first_hz / AW_RATE_HZ, b = TWO_PI * second_hz / AW_RATE_HZ;

    for (int odd = 0; odd < 2; odd++) {
        float sign = odd ? -1.0f : 1.0f;
        float aa = ((float)WINDOW + sign * kernel(2 * a)) / 2;
        float bb = ((float)WINDOW + sign * kernel(2 * b)) / 2;
        float ab = (kernel(a - b) + sign * kernel(a + b)) / 2, det = aa * bb - ab * ab;
        inverse[3 * odd] = bb / det;
        inverse[3 * odd + 1] = -ab / det;
        inverse[3 * odd + 2] = aa / det;
    }
}

static aw_mf_tone prepare_tone(float hz)
{
    float w = TWO_PI * hz / AW_RATE_HZ, middle = w * (float)(HOP - 1) / 2, hop = w * (float)HOP;

    return (aw_mf_tone){
        .coef = 2 * cosf(w),
        .cosine = cosf(w),
        .sine = sinf(w),
        .middle_cos = cosf(middle),
        .middle_sin = sinf(middle),
        .hop_cos = cosf(hop),
        .hop_sin = sinf(hop),
    };
}

aw_status aw_mf_init(aw_mf *m, aw_mf_standard standard)
{
    const float *hz = aw_mf_frequencies(standard);

    *m = (aw_mf){.standard = standard, .likely = -1, .pair = -1};
    if (!hz)
        return AW_EINVAL;
    for (int i = 0; i < AW_MF_TONES; i++)
        m->tone[i] = prepare_tone(hz[i]);
    for (int j = 1; j < AW_MF_TONES; j++)
        for (int i = 0; i < j; i++)
            prepare_pair(m->inverse[AW_MF_PAIR(i, j)], hz[i], hz[j]);
    return AW_OK;
}

aw_status aw_mf_new(aw_mf **out, aw_mf_standard standard)
{
    if (!out || !aw_mf_frequencies(standard))
        return AW_EINVAL;
    aw_mf *m = aw_alloc(sizeof *m);
    if (!m)
        return AW_ENOMEM;
    *out = m;
    return aw_mf_init(m, standard);
}

void aw_mf_free(aw_mf *m)
{
    aw_release(m);
}

/* Turn a tone's hop to its middle, keep it, and sum the window about the window's middle. */
static void end_tone(aw_mf *m, uint32_t k)
{
    const aw_mf_tone *t = &m->tone[k];
    float re = m->q1[k] - t->cosine * m->q2[k], im = t->sine * m->q2[k];
    uint32_t newest = m->newest, middle = (newest + HOPS - 1) % HOPS, oldest = (newest + 1) % HOPS;

    m->re[newest][k] = re * t->middle_cos + im * t->middle_sin;
    m->im[newest][k] = im * t->middle_cos - re * t->middle_sin;
    m->q1[k] = m->q2[k] = 0.0f;
    float sum_re = m->re[newest][k] + m->re[oldest][k],
          sum_im = m->im[newest][k] + m->im[oldest][k];
    float turn_re = m->im[newest][k] - m->im[oldest][k];
    float turn_im = m->re[oldest][k] - m->re[newest][k];
    m->window_re[k] = m->re[middle][k] + (sum_re * t->hop_cos + turn_re * t->hop_sin);
    m->window_im[k] = m->im[middle][k] + (sum_im * t->hop_cos + turn_im * t->hop_sin);
}

static aw_mf_fit fit_pair(const aw_mf *m, int32_t pair)
{
    const float *inv = m->inverse[pair];
    int32_t second = 0, first = aw_mf_tones_of(pair, &second);
    float a_re = m->window_re[first], a_im = m->window_im[first];
    float b_re = m->window_re[second], b_im = m->window_im[second];
    aw_mf_fit f = {{inv[0] * a_re + inv[1] * b_re, inv[1] * a_re + inv[2] * b_re},
                   {inv[3] * a_im + inv[4] * b_im, inv[4] * a_im + inv[5] * b_im},
                   0.0f};

    f.energy = (f.re[0] * a_re + f.re[1] * b_re) + (f.im[0] * a_im + f.im[1] * b_im);
    return f;
}

static int32_t strongest_pair(const aw_mf *m)
{
    float power[AW_MF_TONES];
    int32_t best = 0, next = -1;

    for (int32_t k = 0; k < AW_MF_TONES; k++) {
        power[k] = m->window_re[k] * m->window_re[k] + m->window_im[k] * m->window_im[k];
        if (power[k] > power[best])
            best = k;
    }
    for (int32_t k = 0; k < AW_MF_TONES; k++)
        if (k != best && (next < 0 || power[k] > power[next]))
            next = k;
    return best < next ? AW_MF_PAIR(best, next) : AW_MF_PAIR(next, best);
}

static float power_of(const aw_mf_fit *f, int k)
{
    return f->re[k] * f->re[k] + f->im[k] * f->im[k];
}

/* Is what a window shows a signal, but for its frequencies? */
static bool is_signal(const aw_mf_fit *f, float energy)
{
    float a = power_of(f, 0), b = power_of(f, 1);

    return f->energy >= MIN_SHARE * energy && a >= MIN_LEVEL * MIN_LEVEL &&
           b >= MIN_LEVEL * MIN_LEVEL && a <= MAX_TWIST * b && b <= MAX_TWIST * a;
}

/* Add how far the tones have turned since the last window, less what they should. */
static void add_turns(aw_mf *m, const aw_mf_fit *f)
{
    int32_t tone[2];

    tone[0] = aw_mf_tones_of(m->likely, &tone[1]);
    for (int k = 0; k < 2; k++) {
        const aw_mf_tone *t = &m->tone[tone[k]];
        float x = f->re[k] * m->last.re[k] + f->im[k] * m->last.im[k];
        float y = f->im[k] * m->last.re[k] - f->re[k] * m->last.im[k];
        m->turn_re[k] += x * t->hop_cos + y * t->hop_sin;
        m->turn_im[k] += y * t->hop_cos - x * t->hop_sin;
    }
}

static bool in_tune(const aw_mf *m)
{
    for (int k = 0; k < 2; k++) {
        float turn = atan2f(m->turn_im[k], m->turn_re[k]);
        if (fabsf(turn) > TWO_PI * MAX_OFF_HZ * HOP_S)
            return false;
    }
    return true;
}

/* Follow the pair that is heard from window to window. */
static void follow_likely(aw_mf *m, float energy)
{
    int32_t pair = strongest_pair(m);
    aw_mf_fit f = fit_pair(m, pair);

    if (!is_signal(&f, energy))
        pair = -1;
    if (pair >= 0 && pair == m->likely) {
        add_turns(m, &f);
        m->run++;
    } else {
        m->turn_re[0] = m->turn_re[1] = m->turn_im[0] = m->turn_im[1] = 0.0f;
        m->run = pair >= 0;
    }
    m->likely = pair;
    m->last = f;
}

static aw_mf_signal event(const aw_mf *m, bool on)
{
    float mean_square = m->level / (float)WINDOW / 2;
    uint32_t ms = m->hops * HOP / AW_SAMPLES_MS;

    return (aw_mf_signal){
        .key = aw_mf_key_of(m->standard, m->pair),
        .on = on,
        .duration_ms = (uint16_t)(on           ? 0
                                  : ms > 65535 ? 65535
                                               : ms),
        .dbm0 = 10.0f * log10f(mean_square / AW_POWER_0DBM0),
    };
}

/* Is the signal that is on still there?  Returns whether it has ended. */
static bool has_ended(aw_mf *m, float energy)
{
    aw_mf_fit f = fit_pair(m, m->pair);

    if (f.energy >= MIN_STAY * energy && f.energy >= MIN_FALL * m->level) {
        m->level = f.energy > m->level ? f.energy : m->level;
        m->hops += m->absent + 1;
        m->absent = 0;
        return false;
    }
    return ++m->absent >= GAP;
}

static size_t end_hop(aw_mf *m, aw_mf_signal out[2])
{
    float energy = 1.0f; /* keeps silence from being all tone */
    size_t made = 0;

    m->newest = (m->newest + 1) % HOPS;
    for (uint32_t k = 0; k < AW_MF_TONES; k++)
        end_tone(m, k);
    m->energies[m->newest] = m->energy;
    m->energy = 0.0f;
    m->fill = 0;
    for (uint32_t i = 0; i < HOPS; i++)
        energy += m->energies[i];
    follow_likely(m, energy);
    bool begins = m->run >= CERTAIN && m->likely != m->pair && in_tune(m);
    if (m->pair >= 0 && (has_ended(m, energy) || begins)) {
        out[made++] = event(m, false);
        m->pair = -1;
    }
    if (begins) {
        m->pair = m->likely;
        m->hops = CERTAIN;
        m->absent = 0;
        m->level = m->last.energy;
        out[made++] = event(m, true);
    }
    return made;
}

static void filter(aw_mf *m, const int16_t *pcm, size_t n)
{
    m->energy = aw_energy(m->energy, pcm, n);
    for (uint32_t k = 0; k < AW_MF_TONES; k++)
        aw_goertzel(m->tone[k].coef, &m->q1[k], &m->q2[k], pcm, n);
}

size_t aw_mf_feed(aw_mf *m, const int16_t *pcm, size_t n, aw_mf_signal *out, size_t max)
{
    size_t count = 0;

    while (n > 0) {
        size_t take = HOP - m->fill < n ? HOP - m->fill : n;
        filter(m, pcm, take);
        m->fill += (uint32_t)take;
        pcm += take;
        n -= take;
        if (m->fill < HOP)
            continue;
        aw_mf_signal events[2];
        size_t made = end_hop(m, events);
        for (size_t i = 0; i < made && count < max; i++)
            out[count++] = events[i];
    }
    return count;
}
