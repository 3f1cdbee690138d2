/* SPDX-License-Identifier: MIT */
/* DTMF receiver: see aw/dtmf.h. */
#include "dsp/dtmf.h"

#include <string.h>

#include "dsp/level.h"
#include "mem.h"

#include "dsp/dtmf_tables.inc"

#define HOP    AW_DTMF_HOP
#define WINDOW AW_DTMF_WINDOW

/* Two tones fitted to one hop: complex amplitudes and the energy they explain. */
typedef struct {
    float re[2];
    float im[2];
    float energy;
} fit;

/* What a window shows of the pair likeliest in it. */
typedef struct {
    int pair;           /* -1: all or a hop is quiet */
    float amplitude[2]; /* mean */
    float least[2];     /* least of a hop */
    float re[2], im[2]; /* sum of the phases' advances, less those of the right frequencies */
    float weight[2];    /* sum of their magnitudes */
    float explained;    /* energy of the fits */
    float total, raw;   /* all energy, without and with dial tone */
    float before;       /* of the pair in the hop before, 0..1 */
} finding;

void aw_dtmf_init(aw_dtmf *d)
{
    *d = (aw_dtmf){.pair = -1, .tail = -1};
}

aw_status aw_dtmf_new(aw_dtmf **out)
{
    if (!out)
        return AW_EINVAL;
    aw_dtmf *d = aw_alloc(sizeof *d);
    if (!d)
        return AW_ENOMEM;
    aw_dtmf_init(d);
    *out = d;
    return AW_OK;
}

void aw_dtmf_free(aw_dtmf *d)
{
    aw_release(d);
}

/* Hop of `age` hops ago. */
static const aw_dtmf_hop *hop(const aw_dtmf *d, uint32_t age)
{
    return &d->hops[(d->newest + AW_DTMF_HOPS - age) % AW_DTMF_HOPS];
}

static float magnitude(float re, float im)
{
    return sqrtf(re * re + im * im);
}

/* Least squares: each tone without what leaks from the other. */
static fit fit_pair(const aw_dtmf_hop *h, int pair)
{
    int low = pair >> 2, high = 4 + (pair & 3);
    float c0 = h->re[low], c1 = h->re[high], s0 = h->im[low], s1 = h->im[high];
    fit f;

    f.re[0] = PAIR_TABLE[INVERSE_COS_AA][pair] * c0 + PAIR_TABLE[INVERSE_COS_AB][pair] * c1;
    f.re[1] = PAIR_TABLE[INVERSE_COS_AB][pair] * c0 + PAIR_TABLE[INVERSE_COS_BB][pair] * c1;
    f.im[0] = PAIR_TABLE[INVERSE_SIN_AA][pair] * s0 + PAIR_TABLE[INVERSE_SIN_AB][pair] * s1;
    f.im[1] = PAIR_TABLE[INVERSE_SIN_AB][pair] * s0 + PAIR_TABLE[INVERSE_SIN_BB][pair] * s1;
    f.energy = (f.re[0] * c0 + f.re[1] * c1) + (f.im[0] * s0 + f.im[1] * s1);
    return f;
}

/* The strongest tone of a group over the window, summed coherently (40 Hz wide). */
static int strongest(const aw_dtmf *d, int first)
{
    int best = first;
    float best_power = -1.0f;

    for (int t = first; t < first + 4; t++) {
        float re = hop(d, WINDOW - 1)->re[t], im = hop(d, WINDOW - 1)->im[t];
        for (uint32_t i = 1; i < WINDOW; i++) {
            const aw_dtmf_hop *h = hop(d, WINDOW - 1 - i);
            re += h->re[t] * HOP_COS[i][t] + h->im[t] * HOP_SIN[i][t];
            im += h->im[t] * HOP_COS[i][t] - h->re[t] * HOP_SIN[i][t];
        }
        float power = (re * re + im * im) * TONE_POWER[t];
        if (power > best_power) {
            best_power = power;
            best = t;
        }
    }
    return best;
}

/* Tone k of the fits: is its amplitude steady, and its phase's advance that of its frequency? */
static void measure_tone(finding *found, const fit fits[WINDOW], int k)
{
    float turn_cos = PAIR_TABLE[TURN_COS_LOW + k][found->pair];
    float turn_sin = PAIR_TABLE[TURN_SIN_LOW + k][found->pair];
    float before = magnitude(fits[0].re[k], fits[0].im[k]), least = before, sum = before;

    for (int i = 1; i < WINDOW; i++) {
        const fit *a = &fits[i - 1], *b = &fits[i];
        float amplitude = magnitude(b->re[k], b->im[k]);
        least = amplitude < least ? amplitude : least;
        sum += amplitude;
        float x = b->re[k] * a->re[k] + b->im[k] * a->im[k];
        float y = b->im[k] * a->re[k] - b->re[k] * a->im[k];
        found->re[k] += x * turn_cos + y * turn_sin;
        found->im[k] += y * turn_cos - x * turn_sin;
        found->weight[k] += amplitude * before;
        before = amplitude;
    }
    found->amplitude[k] = sum * (1.0f / (float)WINDOW);
    found->least[k] = least;
}

/* How much of a fit's pair is there, against its level: 0..1. */
static float presence(const fit *f, const float level[2])
{
    float low = magnitude(f->re[0], f->im[0]) / level[0];
    float high = magnitude(f->re[1], f->im[1]) / level[1];
    float least = low < high ? low : high;

    return least < 1.0f ? least : 1.0f;
}

/* Measure the likeliest pair in the last five hops; pair is -1 if all or a hop is quiet. */
static finding measure(const aw_dtmf *d)
{
    finding found = {.pair = -1};
    float least = INFINITY;
    fit fits[WINDOW] = {0};

    for (uint32_t i = 0; i < WINDOW; i++) {
        float energy = hop(d, i)->energy;
        least = energy < least ? energy : least;
        found.total += energy;
        found.raw += hop(d, i)->raw;
    }
    if (found.total < AW_DTMF_MIN_ENERGY || least < AW_DTMF_LEAST_HOP * found.total)
        return found;
    found.pair = strongest(d, 0) * 4 + strongest(d, 4) - 4;
    for (uint32_t i = 0; i < WINDOW; i++) {
        fits[i] = fit_pair(hop(d, WINDOW - 1 - i), found.pair);
        found.explained += fits[i].energy;
    }
    measure_tone(&found, fits, 0);
    measure_tone(&found, fits, 1);
    fit before = fit_pair(hop(d, WINDOW), found.pair);
    found.before = presence(&before, found.amplitude);
    return found;
}

/* Is tone k of what was measured that of a digit?  `off` is where the table of limits begins. */
static bool is_tone(const finding *f, const aw_dtmf_demands *need, int off, int k)
{
    float coherent = f->re[k] * f->re[k] + f->im[k] * f->im[k];

    return f->amplitude[k] >= AW_DTMF_MIN_AMPLITUDE &&
           f->least[k] >= need->steady * f->amplitude[k] &&
           coherent >= need->coherence * (f->weight[k] * f->weight[k]) &&
           fabsf(f->im[k]) <= PAIR_TABLE[off + k][f->pair] * f->re[k];
}

/* Is what was measured a digit? */
static bool is_digit(const finding *f)
{
    if (f->pair < 0)
        return false;
    float tones = f->amplitude[0] * f->amplitude[0] + f->amplitude[1] * f->amplitude[1];
    bool alone = tones * (float)(HOP * WINDOW / 2) >= AW_DTMF_MIN_ALONE * f->raw;
    const aw_dtmf_demands *need = alone ? &AW_DTMF_ALONE : &AW_DTMF_AMID;
    int off = alone ? OFF_ALONE_LOW : OFF_AMID_LOW;

    return is_tone(f, need, off, 0) && is_tone(f, need, off, 1) &&
           f->amplitude[0] <= need->low_up * f->amplitude[1] &&
           f->amplitude[1] <= need->high_up * f->amplitude[0] &&
           f->explained >= need->share * f->total && f->before >= need->before;
}

void aw_dtmf_event(aw_digit *out, int pair, const float level[2], float duration, bool on)
{
    float ms = duration * (float)(HOP / AW_SAMPLES_MS);
    float mean_square = (level[0] * level[0] + level[1] * level[1]) / 4;

    *out = (aw_digit){
        .key = "123A456B789C*0#D"[pair],
        .on = on,
        .duration_ms = on ? 0 : (uint16_t)(ms > 65535.0f ? 65535.0f : ms + 0.5f),
        .dbm0 = 10.0f * log10f(mean_square / AW_POWER_0DBM0),
    };
}

typedef struct {
    aw_digit *at;
    size_t count;
    size_t max;
} event_list;

static void emit(event_list *events, const aw_dtmf *d, bool on)
{
    if (events->count < events->max)
        aw_dtmf_event(&events->at[events->count++], d->pair, d->level, d->duration, on);
}

static void end_digit(aw_dtmf *d, event_list *events)
{
    emit(events, d, false);
    d->tail = d->pair;
    d->pair = -1;
}

static void begin_digit(aw_dtmf *d, const finding *found, event_list *events)
{
    if (d->pair >= 0)
        end_digit(d, events);
    d->pair = (int8_t)found->pair;
    d->tail = -1;
    d->level[0] = found->amplitude[0];
    d->level[1] = found->amplitude[1];
    d->absent = 0;
    d->duration = (float)WINDOW + found->before;
    emit(events, d, true);
}

/* Is tone k of a fit at least half of what the digit has? */
static bool is_near(const fit *f, int k, const float level[2])
{
    float least = AW_DTMF_STAY * level[k];

    return f->re[k] * f->re[k] + f->im[k] * f->im[k] >= least * least;
}

/* The digit that is on: is it still there?  If so no other begins.  A short break is bridged. */
static bool follow_digit(aw_dtmf *d, event_list *events)
{
    fit f = fit_pair(hop(d, 0), d->pair);

    if (is_near(&f, 0, d->level) && is_near(&f, 1, d->level) &&
        f.energy >= AW_DTMF_MIN_STAY * hop(d, 0)->energy) {
        d->duration += (float)d->absent + 1.0f;
        d->absent = 0;
        return true;
    }
    if (d->absent == 0)
        d->duration += presence(&f, d->level); /* the hop in which it ended */
    if (++d->absent >= AW_DTMF_GAP)
        end_digit(d, events);
    return false;
}

/* An echo of the digit that ended is no new digit, however long; silence ends it. */
static bool is_echo(const aw_dtmf *d, const finding *found)
{
    return found->pair == d->tail && found->amplitude[0] < AW_DTMF_STAY * d->level[0];
}

static void end_hop(aw_dtmf *d, event_list *events)
{
    if (d->tail >= 0 && fit_pair(hop(d, 0), d->tail).energy < AW_DTMF_MIN_STAY * hop(d, 0)->energy)
        d->tail = -1;
    if (d->pair >= 0 && follow_digit(d, events))
        return;
    if (d->likely < WINDOW)
        return;
    finding found = measure(d);
    if (found.pair != d->pair && is_digit(&found) && !is_echo(d, &found))
        begin_digit(d, &found, events);
}

/* Half a sample, to the nearest, to the even one between: sums of two fit into 16 bits then. */
static int32_t half_of(int16_t x)
{
    return (x + (x >> 1 & 1)) >> 1;
}

static int32_t within16(int32_t x)
{
    return x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x;
}

/* One filter over the even or the odd part of a hop.  Whole numbers, exact in any order; made to
 * measure x(n) itself. */
static float through(const int16_t wave[HOP / 2], const int32_t part[HOP / 2])
{
    int32_t sum = 0;

    for (uint32_t k = 0; k < HOP / 2; k++)
        sum += wave[k] * part[k];
    return (float)sum * (2.0f / BANK_SCALE);
}

/* What DC and dial tone are is not of the energy: the squares of their base's waves. */
static void remove_dial(aw_dtmf_hop *h, const int32_t even[HOP / 2], const int32_t odd[HOP / 2])
{
    for (int i = 8; i < BANK_EVENS; i++) {
        float part = through(BANK_EVEN[i], even);
        h->energy -= part * part * (2.0f / HOP);
    }
    for (int i = 8; i < BANK_ODDS; i++) {
        float part = through(BANK_ODD[i], odd);
        h->energy -= part * part * (2.0f / HOP);
    }
}

/* The eight filters over the hop, and its energy.  About its middle cosines are even and sines
 * odd, so that half the products do. */
static void keep_hop(aw_dtmf *d)
{
    int32_t even[HOP / 2], odd[HOP / 2], energy = 0;

    d->newest = (d->newest + 1) % AW_DTMF_HOPS;
    aw_dtmf_hop *h = &d->hops[d->newest];
    for (uint32_t k = 0; k < HOP / 2; k++) {
        int32_t after = half_of(d->said[HOP / 2 + k]);
        int32_t before = half_of(d->said[HOP / 2 - 1 - k]);
        even[k] = within16(after + before);
        odd[k] = within16(after - before);
    }
    for (uint32_t k = 0; k < HOP; k += 2) { /* 1/16, as 40 squares of 15 bits leave 32 bits */
        int32_t a = half_of(d->said[k]), b = half_of(d->said[k + 1]);
        energy += (a * a + b * b) >> 4;
    }
    h->energy = h->raw = (float)energy * 64.0f;
    remove_dial(h, even, odd);
    for (int t = 0; t < 8; t++) {
        h->re[t] = through(BANK_EVEN[t], even);
        h->im[t] = through(BANK_ODD[t], odd);
    }
    d->fill = 0;
}

static float strongest_of(const aw_dtmf_hop *h, int first)
{
    float most = 0.0f;

    for (int t = first; t < first + 4; t++) {
        float power = h->re[t] * h->re[t] + h->im[t] * h->im[t];
        most = power > most ? power : most;
    }
    return most;
}

/* Count hops that may be a digit's. */
static void judge_hop(aw_dtmf *d)
{
    const aw_dtmf_hop *h = hop(d, 0);
    float low = strongest_of(h, 0), high = strongest_of(h, 4);
    float need = AW_DTMF_MAYBE_SHARE * (HOP / 2) * h->energy;
    bool maybe =
        low + high >= need && low >= AW_DTMF_MAYBE_LOW * high && high >= AW_DTMF_MAYBE_HIGH * low;

    d->likely = maybe ? d->likely + 1 : 0;
}

size_t aw_dtmf_feed(aw_dtmf *d, const int16_t *pcm, size_t n, aw_digit *out, size_t max)
{
    event_list events = {out, 0, max};

    while (n > 0) {
        size_t take = HOP - d->fill < n ? HOP - d->fill : n;
        memcpy(d->said + d->fill, pcm, take * sizeof *pcm);
        d->fill += (uint32_t)take;
        pcm += take;
        n -= take;
        if (d->fill == HOP) {
            keep_hop(d);
            judge_hop(d);
            end_hop(d, &events);
        }
    }
    return events.count;
}
