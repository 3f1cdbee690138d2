/* SPDX-License-Identifier: MIT */
/* DTMF receiver: see aw/dtmf.h. */
#include "dsp/dtmf.h"

#include <string.h>

#include "dsp/level.h"
#include "mem.h"

#include "dsp/dtmf_tables.inc"

#define HOP           40u    /* samples: 5 ms */
#define WINDOW        5      /* hops of a decision: 25 ms */
#define GAP           6u     /* hops without the digit that end it: 20 ms must not, 40 must */
#define MIN_AMPLITUDE 286.0f /* -38 dBm0: 2 dB under the least level we promise */
#define MIN_ALONE     0.85f  /* of all energy in the two tones, or else it is not alone */
#define STAY          0.5f   /* amplitude under which the digit is gone: echo is at -10 dB */
#define MIN_STAY      0.40f  /* share of the energy without which it is gone */

static const char KEYS[16] = "123A456B789C*0#D";

/* What a window must show to be a digit. */
typedef struct {
    float share;     /* least share of the energy in the two tones, after the notch */
    float steady;    /* least amplitude of a hop over the mean */
    float coherence; /* least constancy of the phase's advance from hop to hop */
    float off;       /* largest deviation of a frequency, as a share */
    float low_up;    /* most that the low tone may be over the high one, as amplitudes */
    float high_up;   /* most that the high tone may be over the low one */
    float before;    /* least of a hop that must have gone before the five */
} demands;

/* Nearly all the sound is the two tones.  SNR 6 dB per tone leaves a share of 0.89; frequency must
 * be taken at 1.5 % and refused at 3.5 %; twist at 8 and 4 dB, and an echo makes 4 dB of it; 20 ms
 * astride two hops give a steadiness of 0.63; on-time must be over 23 ms. */
static const demands ALONE = {0.83f, 0.75f, 0.96f, 0.0215f, 4.0f, 2.52f, 0.2f};
/* There is more: dial tone, which leaves the two tones clean once it is notched out, or speech. */
static const demands AMID = {0.92f, 0.82f, 0.98f, 0.020f, 3.2f, 2.52f, 0.2f};

/* Two tones fitted to one hop: complex amplitudes and the energy they explain. */
typedef struct {
    float re[2];
    float im[2];
    float energy;
} fit;

/* What a window shows of a pair: the measured side of `demands`. */
typedef struct {
    int pair;
    float amplitude[2]; /* mean, after the notch */
    float share;
    float steady;
    float coherence;
    float off;
    float before; /* of the pair in the hop before, 0..1 */
    float alone;  /* share of the energy in the two tones, before the notch */
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

/* Tone k of the fits: is its amplitude steady, and its phase's advance that of its frequency? */
static void measure_tone(finding *found, const fit fits[WINDOW], int k, int tone)
{
    float re = 0.0f, im = 0.0f, weight = 0.0f, least = INFINITY, sum = 0.0f;

    for (int i = 0; i < WINDOW; i++) {
        float amplitude = magnitude(fits[i].re[k], fits[i].im[k]);
        least = amplitude < least ? amplitude : least;
        sum += amplitude;
    }
    for (int i = 1; i < WINDOW; i++) {
        const fit *a = &fits[i - 1], *b = &fits[i];
        float x = b->re[k] * a->re[k] + b->im[k] * a->im[k];
        float y = b->im[k] * a->re[k] - b->re[k] * a->im[k];
        re += x * HOP_COS[1][tone] + y * HOP_SIN[1][tone];
        im += y * HOP_COS[1][tone] - x * HOP_SIN[1][tone];
        weight += magnitude(x, y);
    }
    float mean = sum / (float)WINDOW;
    float off_hz = atan2f(im, re) * (AW_RATE_HZ / (6.2831853f * (float)HOP));
    found->amplitude[k] = mean;
    found->steady = fminf(found->steady, least / mean);
    found->coherence = fminf(found->coherence, magnitude(re, im) / weight);
    found->off = fmaxf(found->off, fabsf(off_hz) / TONE_HZ[tone]);
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

/* Measure the likeliest pair in the last five hops; pair is -1 if all is quiet. */
static finding measure(const aw_dtmf *d)
{
    finding found = {.pair = -1, .steady = 1.0f, .coherence = 1.0f};
    float total = 0.0f, raw = 0.0f, explained = 0.0f;
    fit fits[WINDOW];

    for (uint32_t i = 0; i < WINDOW; i++) {
        total += hop(d, i)->energy;
        raw += hop(d, i)->raw;
    }
    if (total < MIN_AMPLITUDE * MIN_AMPLITUDE * (float)(HOP * WINDOW) / 2)
        return found;

    int low = strongest(d, 0), high = strongest(d, 4);
    found.pair = low * 4 + high - 4;
    for (uint32_t i = 0; i < WINDOW; i++) {
        fits[i] = fit_pair(hop(d, WINDOW - 1 - i), found.pair);
        explained += fits[i].energy;
    }
    measure_tone(&found, fits, 0, low);
    measure_tone(&found, fits, 1, high);
    found.share = explained / total;
    float a = found.amplitude[0] * TONE_GAIN[low], b = found.amplitude[1] * TONE_GAIN[high];
    found.alone = (a * a + b * b) * (float)(HOP * WINDOW) / 2 / raw;
    found.before = presence(hop(d, WINDOW), found.pair, found.amplitude);
    return found;
}

/* Is what was measured a digit? */
static bool is_digit(const finding *f)
{
    const demands *need = f->alone >= MIN_ALONE ? &ALONE : &AMID;

    if (f->pair < 0)
        return false;
    float low = f->amplitude[0] * TONE_GAIN[f->pair >> 2];
    float high = f->amplitude[1] * TONE_GAIN[4 + (f->pair & 3)];
    bool levels_ok = low >= MIN_AMPLITUDE && high >= MIN_AMPLITUDE && low <= need->low_up * high &&
                     high <= need->high_up * low;
    return levels_ok && f->share >= need->share && f->steady >= need->steady &&
           f->coherence >= need->coherence && f->off <= need->off && f->before >= need->before;
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
    finding found = measure(d);
    if (found.pair != d->pair && is_digit(&found) && !is_echo(d, &found))
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
    h->raw = d->raw;
    d->energy = d->raw = 0.0f;
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
        d->raw += (float)pcm[i] * (float)pcm[i];
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
