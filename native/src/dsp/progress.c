/* SPDX-License-Identifier: MIT */
/* Call-progress detector, the spectral half: see aw/progress.h. */
#include "dsp/progress.h"

#include "dsp/level.h"
#include "mem.h"

#define HOP        80u /* samples: 10 ms */
#define HOPS       AW_PROGRESS_HOPS
#define WINDOW     240    /* samples: 30 ms; 25 Hz apart is still told apart */
#define MIN_LEVEL  180.0f /* amplitude of -42 dBm0 */
#define MIN_SHARE  0.45f  /* of the energy: half full of tone gives 0.5, 2 % off at 620 Hz 0.6 */
#define MAX_TWIST  0.28f  /* weaker over stronger amplitude: 11 dB */
#define PAIR_CLAIM 0.91f  /* 413 + 438 Hz explain 425 Hz as well as it does itself, nearly */
#define MIN_FALL   0.04f  /* -14 dB of the tone's energy is its echo or crosstalk */
#define TRACKING   0.2f   /* of the level, per hop */
#define FORGETTING 0.99f  /* of the level in silence, per hop: 4 dB a second */
#define TWO_PI     6.2831853f

static bool frequency_ok(float hz)
{
    return hz >= 200.0f && hz <= 2500.0f;
}

static bool cadence_ok(const aw_progress_template *t)
{
    if (t->steps == 0)
        return t->confirm_ms >= 80 && t->confirm_ms <= 5000;
    if (t->steps > AW_PROGRESS_STEPS || t->steps % 2)
        return false;
    for (uint32_t i = 0; i < t->steps; i++)
        if (t->step_ms[i] < 60 || t->step_ms[i] > 15000)
            return false;
    return t->confirm_steps >= 2 && t->confirm_steps <= 12;
}

static bool template_ok(const aw_progress_template *t)
{
    bool second_ok = t->hz[1] == 0.0f || frequency_ok(t->hz[1]);
    bool apart = fabsf(t->hz[0] - t->hz[1]) >= 20.0f;
    bool tolerance_ok = t->tolerance >= 0.002f && t->tolerance <= 0.05f;

    return frequency_ok(t->hz[0]) && second_ok && apart && tolerance_ok && cadence_ok(t);
}

/* The place of a frequency, new or known; -1 if the table is full. */
static int32_t bin_of(aw_progress *p, float hz)
{
    for (uint32_t i = 0; i < p->bins; i++)
        if (p->bin[i].hz == hz)
            return (int32_t)i;
    if (p->bins == AW_PROGRESS_BINS)
        return -1;
    float w = TWO_PI * hz / AW_RATE_HZ, middle = w * (float)(HOP - 1) / 2, hop = w * (float)HOP;
    p->bin[p->bins] = (aw_progress_bin){
        .hz = hz,
        .coef = 2 * cosf(w),
        .cosine = cosf(w),
        .sine = sinf(w),
        .middle_cos = cosf(middle),
        .middle_sin = sinf(middle),
        .hop_cos = cosf(hop),
        .hop_sin = sinf(hop),
    };
    return (int32_t)p->bins++;
}

/* Sum of cos(w n) over the window, n counted from its middle. */
static float kernel(float w)
{
    float half = sinf(w / 2);

    return fabsf(half) < 1e-6f ? (float)WINDOW : sinf(w * (float)WINDOW / 2) / half;
}

/* Invert the normal matrices of cosines and sines about the middle of the window: there they are
 * orthogonal to each other, so a fit of two tones needs no more than two by two. */
static void prepare_set(aw_progress_set *s, float first_hz, float second_hz)
{
    float a = TWO_PI * first_hz / AW_RATE_HZ, b = TWO_PI * second_hz / AW_RATE_HZ;

    for (int odd = 0; odd < 2; odd++) {
        float sign = odd ? -1.0f : 1.0f;
        float aa = ((float)WINDOW + sign * kernel(2 * a)) / 2;
        if (second_hz == 0.0f) {
            s->inverse[3 * odd] = 1 / aa;
            continue;
        }
        float bb = ((float)WINDOW + sign * kernel(2 * b)) / 2;
        float ab = (kernel(a - b) + sign * kernel(a + b)) / 2, det = aa * bb - ab * ab;
        s->inverse[3 * odd] = bb / det;
        s->inverse[3 * odd + 1] = -ab / det;
        s->inverse[3 * odd + 2] = aa / det;
    }
}

/* The place of a template's frequencies, new or known; -1 if there are too many frequencies. */
static int32_t set_of(aw_progress *p, const float hz[2])
{
    int32_t first = bin_of(p, hz[0]), second = hz[1] > 0.0f ? bin_of(p, hz[1]) : -1;

    if (first < 0 || (hz[1] > 0.0f && second < 0))
        return -1;
    for (uint32_t i = 0; i < p->sets; i++)
        if (p->set[i].bin[0] == first && p->set[i].bin[1] == second)
            return (int32_t)i;
    p->set[p->sets] = (aw_progress_set){.bin = {first, second}};
    prepare_set(&p->set[p->sets], hz[0], hz[1]);
    return (int32_t)p->sets++;
}

aw_status aw_progress_init(aw_progress *p, const aw_progress_plan *plan)
{
    *p = (aw_progress){.active = -1, .now.set = AW_PROGRESS_NONE, .rival = AW_PROGRESS_NONE};
    if (!plan || plan->count == 0 || plan->count > AW_PROGRESS_TEMPLATES)
        return AW_EINVAL;
    for (uint32_t i = 0; i < plan->count; i++) {
        if (!template_ok(&plan->templates[i]))
            return AW_EINVAL;
        p->set_of[i] = set_of(p, plan->templates[i].hz);
        if (p->set_of[i] < 0)
            return AW_EINVAL;
    }
    p->plan = *plan;
    return AW_OK;
}

aw_status aw_progress_new(aw_progress **out, const aw_progress_plan *plan)
{
    if (!out || !plan)
        return AW_EINVAL;
    aw_progress *p = aw_alloc(sizeof *p);
    if (!p)
        return AW_ENOMEM;
    aw_status status = aw_progress_init(p, plan);
    if (status != AW_OK) {
        aw_release(p);
        return status;
    }
    *out = p;
    return AW_OK;
}

void aw_progress_free(aw_progress *p)
{
    aw_release(p);
}

/* Turn a bin's hop to its middle, keep it, and sum the window about the window's middle. */
static void end_bin(aw_progress_bin *b, uint32_t newest)
{
    float re = b->q1 - b->cosine * b->q2, im = b->sine * b->q2;

    b->re[newest] = re * b->middle_cos + im * b->middle_sin;
    b->im[newest] = im * b->middle_cos - re * b->middle_sin;
    b->q1 = b->q2 = 0.0f;
    uint32_t middle = (newest + HOPS - 1) % HOPS, oldest = (newest + 1) % HOPS;
    float sum_re = b->re[newest] + b->re[oldest], sum_im = b->im[newest] + b->im[oldest];
    float turn_re = b->im[newest] - b->im[oldest], turn_im = b->re[oldest] - b->re[newest];
    b->window_re = b->re[middle] + sum_re * b->hop_cos + turn_re * b->hop_sin;
    b->window_im = b->im[middle] + sum_im * b->hop_cos + turn_im * b->hop_sin;
}

/* Fit a set to the window: amplitudes, the energy they explain, and the phases' advance. */
static void fit_set(aw_progress *p, aw_progress_set *s)
{
    const float *inv = s->inverse;
    const aw_progress_bin *a = &p->bin[s->bin[0]], *b = s->bin[1] < 0 ? a : &p->bin[s->bin[1]];
    float re[2] = {inv[0] * a->window_re + inv[1] * b->window_re,
                   inv[1] * a->window_re + inv[2] * b->window_re};
    float im[2] = {inv[3] * a->window_im + inv[4] * b->window_im,
                   inv[4] * a->window_im + inv[5] * b->window_im};

    s->tone =
        re[0] * a->window_re + re[1] * b->window_re + im[0] * a->window_im + im[1] * b->window_im;
    for (int k = 0; k < 2; k++) {
        const aw_progress_bin *bin = k ? b : a;
        float x = re[k] * s->re[k] + im[k] * s->im[k], y = im[k] * s->re[k] - re[k] * s->im[k];
        s->turn_re[k] += x * bin->hop_cos + y * bin->hop_sin;
        s->turn_im[k] += y * bin->hop_cos - x * bin->hop_sin;
        s->turn[k] += sqrtf(x * x + y * y);
        s->re[k] = re[k];
        s->im[k] = im[k];
    }
}

/* Of a pair both tones must be there. */
static bool balanced(const aw_progress_set *s)
{
    float a = s->re[0] * s->re[0] + s->im[0] * s->im[0];
    float b = s->re[1] * s->re[1] + s->im[1] * s->im[1];
    return a >= MAX_TWIST * MAX_TWIST * b && b >= MAX_TWIST * MAX_TWIST * a;
}

/* Which of the plan's sets is heard in the window? */
static int32_t listen(aw_progress *p)
{
    float energy = 1.0f;
    int32_t best = AW_PROGRESS_NONE;

    for (uint32_t i = 0; i < HOPS; i++)
        energy += p->energies[i];
    float tone = MIN_SHARE * energy;
    for (uint32_t i = 0; i < p->sets; i++) {
        fit_set(p, &p->set[i]);
        bool pair = p->set[i].bin[1] >= 0;
        float claim = p->set[i].tone * (pair ? PAIR_CLAIM : 1.0f);
        if (claim > tone && (!pair || balanced(&p->set[i]))) {
            best = (int32_t)i;
            tone = claim;
        }
    }
    bool fallen = tone < MIN_FALL * p->level || tone < MIN_LEVEL * MIN_LEVEL * WINDOW / 2;
    if (best < 0 || fallen) {
        p->level *= FORGETTING;
        return AW_PROGRESS_NONE;
    }
    p->level += TRACKING * (tone - p->level);
    return best;
}

static void filter(aw_progress *p, const int16_t *pcm, size_t n)
{
    float energy = p->energy;

    for (size_t i = 0; i < n; i++)
        energy += (float)pcm[i] * (float)pcm[i];
    p->energy = energy;
    for (uint32_t k = 0; k < p->bins; k++) {
        float coef = p->bin[k].coef, q1 = p->bin[k].q1, q2 = p->bin[k].q2;
        for (size_t i = 0; i < n; i++) {
            float q0 = coef * q1 - q2 + (float)pcm[i];
            q2 = q1;
            q1 = q0;
        }
        p->bin[k].q1 = q1;
        p->bin[k].q2 = q2;
    }
}

static size_t end_hop(aw_progress *p, aw_progress_event out[2])
{
    p->newest = (p->newest + 1) % HOPS;
    for (uint32_t k = 0; k < p->bins; k++)
        end_bin(&p->bin[k], p->newest);
    p->energies[p->newest] = p->energy;
    p->energy = 0.0f;
    p->fill = 0;
    return aw_progress_cadence(p, listen(p), out);
}

size_t aw_progress_feed(aw_progress *p, const int16_t *pcm, size_t n, aw_progress_event *out,
                        size_t max)
{
    size_t count = 0;

    while (n > 0) {
        size_t take = HOP - p->fill < n ? HOP - p->fill : n;
        filter(p, pcm, take);
        p->fill += (uint32_t)take;
        pcm += take;
        n -= take;
        if (p->fill < HOP)
            continue;
        aw_progress_event events[2];
        size_t made = end_hop(p, events);
        for (size_t i = 0; i < made && count < max; i++)
            out[count++] = events[i];
    }
    return count;
}
