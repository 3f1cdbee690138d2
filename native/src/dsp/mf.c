/* SPDX-License-Identifier: MIT */
/* MF receiver, the spectral half: see aw/mf.h.  The half that knows time is mf_course.c. */
#include "dsp/mf.h"

#include "dsp/goertzel.h"
#include "dsp/level.h"
#include "mem.h"

#define HOP    AW_MF_HOP
#define HOPS   AW_MF_HOPS
#define WINDOW (AW_MF_HOP * AW_MF_HOPS)

/* Sum of cos(w n) over the window, n counted from its middle. */
static float kernel(float w)
{
    float half = sinf(w / 2);

    return fabsf(half) < 1e-6f ? (float)WINDOW : sinf(w * (float)WINDOW / 2) / half;
}

/* About the window's middle cosines and sines are orthogonal: a fit is twice two by two. */
static void prepare_pair(aw_mf_shape *s, int32_t pair, float first_hz, float second_hz)
{
    float a = AW_TWO_PI * first_hz / AW_RATE_HZ, b = AW_TWO_PI * second_hz / AW_RATE_HZ;

    for (int odd = 0; odd < 2; odd++) {
        float sign = odd ? -1.0f : 1.0f;
        float aa = ((float)WINDOW + sign * kernel(2 * a)) / 2;
        float bb = ((float)WINDOW + sign * kernel(2 * b)) / 2;
        float ab = (kernel(a - b) + sign * kernel(a + b)) / 2, det = aa * bb - ab * ab;
        s->inverse[3 * odd][pair] = bb / det;
        s->inverse[3 * odd + 1][pair] = -ab / det;
        s->inverse[3 * odd + 2][pair] = aa / det;
    }
}

static aw_mf_tone prepare_tone(float hz)
{
    float w = AW_TWO_PI * hz / AW_RATE_HZ, middle = w * (float)(HOP - 1) / 2, hop = w * (float)HOP;

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

aw_status aw_mf_shape_init(aw_mf_shape *s, aw_mf_standard standard)
{
    const float *hz = aw_mf_frequencies(standard);

    *s = (aw_mf_shape){.standard = standard};
    if (!hz)
        return AW_EINVAL;
    for (int i = 0; i < AW_MF_TONES; i++)
        s->tone[i] = prepare_tone(hz[i]);
    for (int j = 1; j < AW_MF_TONES; j++)
        for (int i = 0; i < j; i++)
            prepare_pair(s, AW_MF_PAIR(i, j), hz[i], hz[j]);
    return AW_OK;
}

aw_status aw_mf_init(aw_mf *m, aw_mf_standard standard)
{
    *m = (aw_mf){0};
    aw_mf_course_init(&m->course);
    return aw_mf_shape_init(&m->shape, standard);
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
    const aw_mf_tone *t = &m->shape.tone[k];
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
    const float least = AW_MF_MIN_LEVEL * AW_MF_MIN_LEVEL;

    return f->energy >= AW_MF_MIN_SHARE * energy && a >= least && b >= least &&
           a <= AW_MF_MAX_TWIST * b && b <= AW_MF_MAX_TWIST * a;
}

/* What the window shows of the pair that is strongest in it. */
static aw_mf_sound listen(const aw_mf *m)
{
    aw_mf_sound sound = {.re = m->window_re, .im = m->window_im, .stride = 1};

    sound.energy = 1.0f;                  /* keeps silence from being all tone */
    for (uint32_t age = HOPS; age-- > 0;) /* oldest first, wherever it is kept: as in lanes */
        sound.energy += m->energies[(m->newest + HOPS - age) % HOPS];
    sound.pair = strongest_pair(m);
    sound.fit = aw_mf_fit_pair(&m->shape, &sound, sound.pair);
    if (!is_signal(&sound.fit, sound.energy))
        sound.pair = -1;
    return sound;
}

static size_t end_hop(aw_mf *m, aw_digit out[2])
{
    m->newest = (m->newest + 1) % HOPS;
    for (uint32_t k = 0; k < AW_MF_TONES; k++)
        end_tone(m, k);
    m->energies[m->newest] = m->energy;
    m->energy = 0.0f;
    m->fill = 0;
    const aw_mf_sound sound = listen(m);
    return aw_mf_hop(&m->shape, &m->course, &sound, out);
}

static void filter(aw_mf *m, const int16_t *pcm, size_t n)
{
    m->energy = aw_energy(m->energy, pcm, n);
    for (uint32_t k = 0; k < AW_MF_TONES; k++)
        aw_goertzel(m->shape.tone[k].coef, &m->q1[k], &m->q2[k], pcm, n);
}

size_t aw_mf_feed(aw_mf *m, const int16_t *pcm, size_t n, aw_digit *out, size_t max)
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
        aw_digit events[2];
        size_t made = end_hop(m, events);
        for (size_t i = 0; i < made && count < max; i++)
            out[count++] = events[i];
    }
    return count;
}
