/* SPDX-License-Identifier: MIT */
/* Call-progress detector, the spectral half: see aw/progress.h. */
#include "dsp/progress.h"
#include "dsp/goertzel.h"

#include "dsp/level.h"
#include "mem.h"

#define HOP    AW_PROGRESS_HOP
#define HOPS   AW_PROGRESS_HOPS
#define WINDOW AW_PROGRESS_WINDOW

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
static int32_t bin_of(aw_progress_shape *p, float hz)
{
    for (uint32_t i = 0; i < p->bins; i++)
        if (p->bin[i].hz == hz)
            return (int32_t)i;
    if (p->bins == AW_PROGRESS_BINS)
        return -1;
    float w = AW_TWO_PI * hz / AW_RATE_HZ, middle = w * (float)(HOP - 1) / 2, hop = w * (float)HOP;
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
    float a = AW_TWO_PI * first_hz / AW_RATE_HZ, b = AW_TWO_PI * second_hz / AW_RATE_HZ;

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
static int32_t set_of(aw_progress_shape *p, const float hz[2])
{
    int32_t first = bin_of(p, hz[0]), second = hz[1] > 0.0f ? bin_of(p, hz[1]) : -1;

    if (first < 0 || (hz[1] > 0.0f && second < 0))
        return -1;
    for (uint32_t i = 0; i < p->sets; i++)
        if (p->set[i].bin[0] == first && p->set[i].bin[1] == second)
            return (int32_t)i;
    bool close = fabsf(hz[0] - hz[1]) < AW_PROGRESS_CLOSE;
    aw_progress_kind pair = close ? AW_PROGRESS_BEAT : AW_PROGRESS_TWO;
    p->set[p->sets] = (aw_progress_set){
        .kind = second < 0 ? AW_PROGRESS_ONE : pair,
        .head = (int32_t)p->sets,
        .bin = {first, second},
    };
    prepare_set(&p->set[p->sets], hz[0], hz[1]);
    return (int32_t)p->sets++;
}

/* Is a frequency within a window's grain of both of a set's? */
static bool is_near(const aw_progress_shape *p, const aw_progress_set *s, float hz)
{
    return fabsf(p->bin[s->bin[0]].hz - hz) < AW_PROGRESS_CLOSE &&
           fabsf(p->bin[s->bin[1]].hz - hz) < AW_PROGRESS_CLOSE;
}

/* Frequencies and close pairs that a window can't tell from a close pair are heard as it. */
static void find_heads(aw_progress_shape *p)
{
    for (uint32_t head = 0; head < p->sets; head++) {
        const aw_progress_set *pair = &p->set[head];
        if (pair->kind != AW_PROGRESS_BEAT || pair->head != (int32_t)head)
            continue;
        for (uint32_t i = 0; i < p->sets; i++) {
            aw_progress_set *s = &p->set[i];
            bool free = s->kind != AW_PROGRESS_TWO && s->head == (int32_t)i;
            int32_t last = s->bin[1] < 0 ? s->bin[0] : s->bin[1];
            if (free && is_near(p, pair, p->bin[s->bin[0]].hz) && is_near(p, pair, p->bin[last].hz))
                s->head = (int32_t)head;
        }
    }
}

aw_status aw_progress_shape_init(aw_progress_shape *p, const aw_progress_plan *plan)
{
    *p = (aw_progress_shape){0};
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
    find_heads(p);
    return AW_OK;
}

aw_status aw_progress_init(aw_progress *p, const aw_progress_plan *plan)
{
    *p = (aw_progress){0};
    aw_progress_course_init(&p->course);
    return aw_progress_shape_init(&p->shape, plan);
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
static void end_bin(const aw_progress_bin *b, aw_progress_filter *f, uint32_t newest)
{
    float re = f->q1 - b->cosine * f->q2, im = b->sine * f->q2;
    uint32_t middle = (newest + HOPS - 1) % HOPS, oldest = (newest + 1) % HOPS;

    f->re[newest] = re * b->middle_cos + im * b->middle_sin;
    f->im[newest] = im * b->middle_cos - re * b->middle_sin;
    f->q1 = f->q2 = 0.0f;
    float sum_re = f->re[newest] + f->re[oldest], sum_im = f->im[newest] + f->im[oldest];
    float turn_re = f->im[newest] - f->im[oldest], turn_im = f->re[oldest] - f->re[newest];
    f->window_re = f->re[middle] + (sum_re * b->hop_cos + turn_re * b->hop_sin);
    f->window_im = f->im[middle] + (sum_im * b->hop_cos + turn_im * b->hop_sin);
}

/* Sum up the advance of the phase of one tone of a set since the last window. */
static void turn_tone(float *sum, const aw_progress_bin *bin, float x, float y)
{
    sum[AW_PROGRESS_TURN_RE] += x * bin->hop_cos + y * bin->hop_sin;
    sum[AW_PROGRESS_TURN_IM] += y * bin->hop_cos - x * bin->hop_sin;
    sum[AW_PROGRESS_TURN] += sqrtf(x * x + y * y);
}

/* Sum up what shows whether a tone is alone, and its phase steady: modulated by 15 or 25 Hz it
 * is, beating with another it is reversed. */
static void weigh_one(float *sum, const aw_progress_filter *f, uint32_t newest, float tone,
                      float energy)
{
    uint32_t oldest = (newest + 1) % HOPS;
    float x = f->re[newest] * f->re[oldest] + f->im[newest] * f->im[oldest];
    float y = f->im[newest] * f->re[oldest] - f->re[newest] * f->im[oldest];

    sum[AW_PROGRESS_TONE] += tone;
    sum[AW_PROGRESS_ALL] += energy;
    sum[AW_PROGRESS_BACK_RE] += x;
    sum[AW_PROGRESS_BACK_IM] += y;
    sum[AW_PROGRESS_BACK] += sqrtf(x * x + y * y);
}

/* Sum up the products from which a hop is predicted from the two before it. */
static void weigh_beat(float *sum, const aw_progress_filter *f, uint32_t newest)
{
    uint32_t middle = (newest + HOPS - 1) % HOPS, oldest = (newest + 1) % HOPS;
    float re0 = f->re[newest], im0 = f->im[newest], re1 = f->re[middle], im1 = f->im[middle];
    float re2 = f->re[oldest], im2 = f->im[oldest];
    float e0 = re0 * re0 + im0 * im0, e1 = re1 * re1 + im1 * im1, e2 = re2 * re2 + im2 * im2;

    if (!(e0 > AW_PROGRESS_OVER * (e1 + e2)))
        return;
    sum[AW_PROGRESS_00] += e0;
    sum[AW_PROGRESS_11] += e1;
    sum[AW_PROGRESS_22] += e2;
    sum[AW_PROGRESS_01_RE] += re0 * re1 + im0 * im1;
    sum[AW_PROGRESS_01_IM] += im0 * re1 - re0 * im1;
    sum[AW_PROGRESS_12_RE] += re1 * re2 + im1 * im2;
    sum[AW_PROGRESS_12_IM] += im1 * re2 - re1 * im2;
    sum[AW_PROGRESS_02_RE] += re0 * re2 + im0 * im2;
    sum[AW_PROGRESS_02_IM] += im0 * re2 - re0 * im2;
}

/* Fit a set to the window: amplitudes, the energy they explain, and what is summed up. */
static void fit_set(aw_progress *p, uint32_t which, float energy)
{
    const aw_progress_set *s = &p->shape.set[which];
    aw_progress_fit *fit = &p->fit[which];
    const float *inv = s->inverse;
    int32_t first = s->bin[0], second = s->bin[1] < 0 ? first : s->bin[1];
    const aw_progress_filter *a = &p->filter[first], *b = &p->filter[second];
    float re[2] = {inv[0] * a->window_re + inv[1] * b->window_re,
                   inv[1] * a->window_re + inv[2] * b->window_re};
    float im[2] = {inv[3] * a->window_im + inv[4] * b->window_im,
                   inv[4] * a->window_im + inv[5] * b->window_im};

    p->tone[which] = (re[0] * a->window_re + re[1] * b->window_re) +
                     (im[0] * a->window_im + im[1] * b->window_im);
    for (int k = 0; k < 2; k++) {
        float x = re[k] * fit->re[k] + im[k] * fit->im[k];
        float y = im[k] * fit->re[k] - re[k] * fit->im[k];
        const aw_progress_bin *bin = &p->shape.bin[k ? second : first];
        if (s->kind == AW_PROGRESS_TWO || (s->kind == AW_PROGRESS_ONE && k == 0))
            turn_tone(p->sum[which] + k * AW_PROGRESS_TURNS, bin, x, y);
        fit->re[k] = re[k];
        fit->im[k] = im[k];
    }
    if (s->kind == AW_PROGRESS_ONE)
        weigh_one(p->sum[which], a, p->newest, p->tone[which], energy);
    if (s->kind == AW_PROGRESS_BEAT)
        weigh_beat(p->sum[which], a, p->newest);
}

/* Of a pair both tones must be there; of a close one that is seen only over many windows. */
static bool balanced(const aw_progress_fit *s)
{
    float a = s->re[0] * s->re[0] + s->im[0] * s->im[0];
    float b = s->re[1] * s->re[1] + s->im[1] * s->im[1];
    return a >= AW_PROGRESS_MAX_TWIST * b && b >= AW_PROGRESS_MAX_TWIST * a;
}

/* Which of the plan's sets is heard in the window? */
static int32_t listen(aw_progress *p)
{
    float energy = 1.0f;
    int32_t best = AW_PROGRESS_NONE;

    for (uint32_t i = 0; i < HOPS; i++)
        energy += p->energies[i];
    float tone = AW_PROGRESS_MIN_SHARE * energy;
    for (uint32_t i = 0; i < p->shape.sets; i++) {
        const aw_progress_set *s = &p->shape.set[i];
        fit_set(p, i, energy);
        float claim = p->tone[i] * (s->kind == AW_PROGRESS_ONE ? 1.0f : AW_PROGRESS_CLAIM);
        if (claim > tone && (s->kind != AW_PROGRESS_TWO || balanced(&p->fit[i]))) {
            best = s->head;
            tone = claim;
        }
    }
    bool fallen = tone < AW_PROGRESS_MIN_FALL * p->level || tone < AW_PROGRESS_MIN_ENERGY;
    if (best < 0 || fallen) {
        float level = p->level * AW_PROGRESS_FORGETTING;
        p->level = level < 1.0f ? 0.0f : level; /* keep clear of denormals */
        return AW_PROGRESS_NONE;
    }
    p->level += AW_PROGRESS_TRACKING * (tone - p->level);
    return best;
}

static void filter(aw_progress *p, const int16_t *pcm, size_t n)
{
    p->energy = aw_energy(p->energy, pcm, n);
    for (uint32_t k = 0; k < p->shape.bins; k++)
        aw_goertzel(p->shape.bin[k].coef, &p->filter[k].q1, &p->filter[k].q2, pcm, n);
}

static size_t end_hop(aw_progress *p, aw_progress_event out[2])
{
    const aw_progress_sound sound = {p->sum[0], p->tone, &p->level, 1};

    p->newest = (p->newest + 1) % HOPS;
    for (uint32_t k = 0; k < p->shape.bins; k++)
        end_bin(&p->shape.bin[k], &p->filter[k], p->newest);
    p->energies[p->newest] = p->energy;
    p->energy = 0.0f;
    p->fill = 0;
    return aw_progress_hop(&p->shape, &p->course, &sound, listen(p), out);
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
