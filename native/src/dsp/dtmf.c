/* SPDX-License-Identifier: MIT */
/* DTMF receiver: see aw/dtmf.h. */
#include "dsp/dtmf.h"

#include <string.h>

#include "dsp/level.h"
#include "mem.h"

#include "dsp/dtmf_tables.inc"

#define HOP           40u    /* samples: 5 ms */
#define WINDOW        5      /* hops of a decision: 25 ms */
#define GAP           5u     /* hops without the digit that end it: 20 ms must not, 40 must */
#define MIN_AMPLITUDE 286.0f /* -38 dBm0: 2 dB under the least level we promise */
#define MIN_SHARE     0.80f  /* of the energy in the two tones; SNR 6 dB per tone leaves 0.89 */
#define MAX_LOW_UP    4.0f   /* low over high, as amplitudes: 12 dB; must 8, +4 for an echo */
#define MAX_HIGH_UP   2.52f  /* high over low: 8 dB; must 4, +4 for an echo */
#define MIN_STEADY    0.72f  /* weakest hop over the mean: 20 ms astride two hops give 0.63 */
#define MIN_COHERENCE 0.90f  /* of the phase advance from hop to hop */
#define MAX_OFF       0.025f /* frequency: must 1.5 %, must not 3.5 % */
#define MIN_BEFORE    0.2f   /* of a hop, before the five: on-time over 26 ms */
#define STAY          0.5f   /* amplitude under which the digit is gone: echo is at -10 dB */
#define MIN_STAY      0.40f  /* share of the energy without which it is gone */

static const char KEYS[16] = "123A456B789C*0#D";

/* Two tones fitted to one hop: complex amplitudes and the energy they explain. */
typedef struct {
    float re[2];
    float im[2];
    float energy;
} fit;

/* What a window says of a pair. */
typedef struct {
    int pair;
    float amplitude[2]; /* mean, after the notch */
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
    const float *inv = PAIR_INVERSE[pair];
    int low = pair >> 2, high = 4 + (pair & 3);
    float c0 = h->re[low], c1 = h->re[high], s0 = h->im[low], s1 = h->im[high];
    fit f;

    f.re[0] = inv[0] * c0 + inv[1] * c1;
    f.re[1] = inv[1] * c0 + inv[2] * c1;
    f.im[0] = inv[3] * s0 + inv[4] * s1;
    f.im[1] = inv[4] * s0 + inv[5] * s1;
    f.energy = f.re[0] * c0 + f.re[1] * c1 + f.im[0] * s0 + f.im[1] * s1;
    return f;
}

/* The strongest tone of a group over the window, summed coherently (40 Hz wide). */
static int strongest(const aw_dtmf *d, int first)
{
    int best = first;
    float best_power = -1.0f;

    for (int t = first; t < first + 4; t++) {
        float re = 0.0f, im = 0.0f;
        for (uint32_t i = 0; i < WINDOW; i++) {
            const aw_dtmf_hop *h = hop(d, WINDOW - 1 - i);
            re += h->re[t] * HOP_COS[i][t] + h->im[t] * HOP_SIN[i][t];
            im += h->im[t] * HOP_COS[i][t] - h->re[t] * HOP_SIN[i][t];
        }
        float power = (re * re + im * im) * TONE_GAIN[t] * TONE_GAIN[t];
        if (power > best_power) {
            best_power = power;
            best = t;
        }
    }
    return best;
}

/* Is tone k of the fits steady in amplitude, and its phase's advance that of its frequency? */
static bool steady(const fit fits[WINDOW], int k, int tone, float mean)
{
    float re = 0.0f, im = 0.0f, weight = 0.0f;

    for (int i = 0; i < WINDOW; i++)
        if (magnitude(fits[i].re[k], fits[i].im[k]) < MIN_STEADY * mean)
            return false;
    for (int i = 1; i < WINDOW; i++) {
        const fit *a = &fits[i - 1], *b = &fits[i];
        float x = b->re[k] * a->re[k] + b->im[k] * a->im[k];
        float y = b->im[k] * a->re[k] - b->re[k] * a->im[k];
        re += x * HOP_COS[1][tone] + y * HOP_SIN[1][tone];
        im += y * HOP_COS[1][tone] - x * HOP_SIN[1][tone];
        weight += magnitude(x, y);
    }
    float off_hz = atan2f(im, re) * (AW_RATE_HZ / (6.2831853f * (float)HOP));
    return magnitude(re, im) >= MIN_COHERENCE * weight && fabsf(off_hz) <= MAX_OFF * TONE_HZ[tone];
}

static bool twist_ok(float low, float high)
{
    return low <= MAX_LOW_UP * high && high <= MAX_HIGH_UP * low && low >= MIN_AMPLITUDE &&
           high >= MIN_AMPLITUDE;
}

/* How much of the pair is in a hop, against its level: 0..1. */
static float presence(const aw_dtmf_hop *h, int pair, const float level[2])
{
    fit f = fit_pair(h, pair);
    float low = magnitude(f.re[0], f.im[0]) / level[0];
    float high = magnitude(f.re[1], f.im[1]) / level[1];
    float least = low < high ? low : high;

    return least > 1.0f ? 1.0f : least;
}

/* Judge the last five hops.  pair is -1 if they hold no digit. */
static finding judge(const aw_dtmf *d)
{
    finding found = {.pair = -1};
    float total = 0.0f, explained = 0.0f;
    fit fits[WINDOW];

    for (uint32_t i = 0; i < WINDOW; i++)
        total += hop(d, i)->energy;
    if (total < MIN_AMPLITUDE * MIN_AMPLITUDE * (float)(HOP * WINDOW) / 2)
        return found;

    int low = strongest(d, 0), high = strongest(d, 4), pair = low * 4 + high - 4;
    for (uint32_t i = 0; i < WINDOW; i++) {
        fits[i] = fit_pair(hop(d, WINDOW - 1 - i), pair);
        explained += fits[i].energy;
        for (int k = 0; k < 2; k++)
            found.amplitude[k] += magnitude(fits[i].re[k], fits[i].im[k]) / (float)WINDOW;
    }
    if (explained < MIN_SHARE * total ||
        !twist_ok(found.amplitude[0] * TONE_GAIN[low], found.amplitude[1] * TONE_GAIN[high]) ||
        !steady(fits, 0, low, found.amplitude[0]) || !steady(fits, 1, high, found.amplitude[1]))
        return found;
    found.before = presence(hop(d, WINDOW), pair, found.amplitude);
    found.pair = pair;
    return found;
}

typedef struct {
    aw_digit *at;
    size_t count;
    size_t max;
} event_list;

static void emit(event_list *events, const aw_dtmf *d, bool on)
{
    if (events->count == events->max)
        return;
    float low = d->level[0] * TONE_GAIN[d->pair >> 2];
    float high = d->level[1] * TONE_GAIN[4 + (d->pair & 3)];
    float ms = d->duration * (float)(HOP / AW_SAMPLES_MS);
    float mean_square = (low * low + high * high) / 4;
    events->at[events->count++] = (aw_digit){
        .key = KEYS[d->pair],
        .on = on,
        .duration_ms = on ? 0 : (uint16_t)(ms > 65535.0f ? 65535.0f : ms + 0.5f),
        .dbm0 = 10.0f * log10f(mean_square / AW_POWER_0DBM0),
    };
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

/* The digit that is on: is it still there?  A short break is bridged. */
static void follow_digit(aw_dtmf *d, event_list *events)
{
    const aw_dtmf_hop *h = hop(d, 0);
    float part = presence(h, d->pair, d->level);

    if (part >= STAY && fit_pair(h, d->pair).energy >= MIN_STAY * h->energy) {
        d->duration += (float)d->absent + 1.0f;
        d->absent = 0;
    } else {
        if (d->absent == 0)
            d->duration += part; /* the hop in which it ended */
        d->absent++;
    }
    if (d->absent >= GAP)
        end_digit(d, events);
}

/* An echo of the digit that ended is no new digit, however long; silence ends it. */
static bool is_echo(aw_dtmf *d, const finding *found)
{
    return found->pair == d->tail && found->amplitude[0] < STAY * d->level[0];
}

static void end_hop(aw_dtmf *d, event_list *events)
{
    const aw_dtmf_hop *h = hop(d, 0);

    if (d->tail >= 0 && fit_pair(h, d->tail).energy < MIN_STAY * h->energy)
        d->tail = -1;
    if (d->pair >= 0)
        follow_digit(d, events);
    finding found = judge(d);
    if (found.pair >= 0 && found.pair != d->pair && found.before >= MIN_BEFORE &&
        !is_echo(d, &found))
        begin_digit(d, &found, events);
}

/* Keep what the filters heard in this hop, and start them anew. */
static void keep_hop(aw_dtmf *d)
{
    d->newest = (d->newest + 1) % AW_DTMF_HOPS;
    aw_dtmf_hop *h = &d->hops[d->newest];

    for (int t = 0; t < 8; t++) {
        float re = d->q1[t] - TONE_COS[t] * d->q2[t], im = TONE_SIN[t] * d->q2[t];
        h->re[t] = re * MIDDLE_COS[t] + im * MIDDLE_SIN[t];
        h->im[t] = im * MIDDLE_COS[t] - re * MIDDLE_SIN[t];
        d->q1[t] = d->q2[t] = 0.0f;
    }
    h->energy = d->energy;
    d->energy = 0.0f;
    d->fill = 0;
    for (int i = 0; i < 5; i++) /* keep clear of denormals */
        if (fabsf(d->notch[i]) < 1e-9f)
            d->notch[i] = 0.0f;
}

/* Remove DC and dial tone: one real and two complex zero pairs, transposed form II. */
static inline float notch(float s[5], float x)
{
    float y = x + s[0];
    s[0] = -x + NOTCH_POLE[2] * y;
    for (int i = 0; i < 2; i++) {
        float in = y;
        y = in + s[1 + 2 * i];
        s[1 + 2 * i] = s[2 + 2 * i] - NOTCH_ZERO[i] * in + NOTCH_POLE[0] * y;
        s[2 + 2 * i] = in - NOTCH_POLE[1] * y;
    }
    return y;
}

static void filter(aw_dtmf *d, const int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float x = notch(d->notch, (float)pcm[i]);
        d->energy += x * x;
        for (int t = 0; t < 8; t++) {
            float q0 = TONE_COEF[t] * d->q1[t] - d->q2[t] + x;
            d->q2[t] = d->q1[t];
            d->q1[t] = q0;
        }
    }
}

size_t aw_dtmf_feed(aw_dtmf *d, const int16_t *pcm, size_t n, aw_digit *out, size_t max)
{
    event_list events = {out, 0, max};

    while (n > 0) {
        size_t take = HOP - d->fill < n ? HOP - d->fill : n;
        filter(d, pcm, take);
        d->fill += (uint32_t)take;
        pcm += take;
        n -= take;
        if (d->fill == HOP) {
            keep_hop(d);
            end_hop(d, &events);
        }
    }
    return events.count;
}
