/* SPDX-License-Identifier: MIT */
/* Voice detector: see aw/vad.h. */
#include "dsp/vad.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "dsp/level.h"
#include "mem.h"

enum {
    BANDS = AW_VAD_BANDS,
    FRAME = AW_VAD_FRAME,
    MEMORY = AW_VAD_MEMORY,
    HANG = 20,           /* frames: 200 ms, through the stops within words and the weak ends */
    HANG_SHORT = 4,      /* after a run too short to be a syllable: a click */
    SYLLABLE = 4,        /* frames that make a syllable */
    LONG_GREETING = 240, /* frames of voice that a person does not reach before he waits */
    WAITING = 80,        /* frames of silence: he waits */
    NOBODY = 400,        /* frames of silence before any voice */
};

void aw_vad_init(struct aw_vad *v)
{
    memset(v, 0, sizeof *v);
}

static void split(struct aw_vad_splitter *s, const float *in, float *low, float *high, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float a = AW_VAD_EVEN * in[2 * i] + s->even;
        float b = AW_VAD_ODD * in[2 * i + 1] + s->odd;
        s->even = in[2 * i] - AW_VAD_EVEN * a;
        s->odd = in[2 * i + 1] - AW_VAD_ODD * b;
        low[i] = 0.5f * (b + a);
        high[i] = 0.5f * (b - a);
    }
}

/* Power of the eight bands.  A high half comes out mirrored, which mixes the order but no more. */
static void analyse(struct aw_vad *v, float *power)
{
    float a[FRAME];
    float b[FRAME];
    float *in = v->frame;
    float *out = a;
    struct aw_vad_splitter *s = v->splitter;

    for (size_t parts = 1; parts < BANDS; parts *= 2) {
        size_t half = FRAME / parts / 2;
        for (size_t p = 0; p < parts; p++, s++)
            split(s, in + 2 * p * half, out + 2 * p * half, out + (2 * p + 1) * half, half);
        in = out;
        out = out == a ? b : a;
    }
    for (size_t band = 0; band < BANDS; band++) {
        const float *x = in + band * (FRAME / BANDS);
        float sum = 0.0f;
        for (size_t i = 0; i < FRAME / BANDS; i++)
            sum += x[i] * x[i];
        power[band] = sum / (float)(FRAME / BANDS) + AW_VAD_QUIETEST;
    }
}

/* The least smoothed power of the last two seconds. */
static float least(struct aw_vad *v, size_t band, float power)
{
    float smooth = v->smooth[band] + (1.0f - AW_VAD_SMOOTH) * (power - v->smooth[band]);
    float found = v->age == 0 ? smooth : fminf(v->least[v->slot][band], smooth);

    v->smooth[band] = smooth;
    v->least[v->slot][band] = found;
    for (int32_t i = 0; i <= v->quarters; i++)
        found = fminf(found, v->least[i][band]);
    return found;
}

static void track(struct aw_vad *v, const float *power, int voice)
{
    for (size_t band = 0; band < BANDS; band++) {
        float floor = AW_VAD_BIAS * least(v, band, power[band]);
        if (!voice)
            v->noise[band] += AW_VAD_LEARN * (power[band] - v->noise[band]);
        v->noise[band] = fminf(fmaxf(v->noise[band], floor), 2.0f * floor);
    }
}

static void begin(struct aw_vad *v, const float *power)
{
    for (size_t band = 0; band < BANDS; band++) {
        v->noise[band] = fminf(power[band], AW_VAD_FIRST);
        v->smooth[band] = v->noise[band];
    }
}

/* Natural logarithm of x >= 1. */
static float logarithm(float x)
{
    int32_t bits;

    memcpy(&bits, &x, sizeof bits);
    int32_t mantissa = (bits & 0x7fffff) | 0x3f800000, exponent = (bits >> 23) - 127;
    float t;
    memcpy(&t, &mantissa, sizeof t);
    t = t - 1.0f;
    float sum = ((AW_VAD_L4 * t + AW_VAD_L3) * t + AW_VAD_L2) * t + AW_VAD_L1;
    return (float)exponent * AW_VAD_LN2 + (sum * t + AW_VAD_L0) * t;
}

static float likelihood(struct aw_vad *v, const float *power)
{
    float sum = 0.0f;

    for (size_t band = 0; band < BANDS; band++) {
        float post = power[band] / v->noise[band];
        float snr =
            AW_VAD_DIRECTED * v->prior[band] + (1.0f - AW_VAD_DIRECTED) * fmaxf(post - 1.0f, 0.0f);
        snr = fmaxf(snr, AW_VAD_LEAST_SNR);
        float gain = snr / (1.0f + snr);
        v->prior[band] = fminf(gain * gain * post, AW_VAD_MOST_SNR);
        sum += fminf(post, AW_VAD_MOST_SNR) * gain - logarithm(1.0f + snr);
    }
    return fminf(sum / (float)BANDS, AW_VAD_CERTAIN);
}

static uint32_t greeting(const struct aw_vad_course *c)
{
    if (c->voice > LONG_GREETING + HANG)
        return AW_GREETING_MACHINE;
    if (c->voice > 0 && c->silence > WAITING - HANG)
        return AW_GREETING_PERSON;
    if (c->voice == 0 && c->silence > NOBODY)
        return AW_GREETING_NOBODY;
    return AW_GREETING_UNKNOWN;
}

void aw_vad_step(struct aw_vad_course *c, int loud)
{
    c->run = loud ? c->run + 1 : 0;
    /* What is loud within the hang-over of a syllable is its fading end. */
    bool spoken = c->run >= SYLLABLE || (loud && c->hang > HANG_SHORT);
    if (c->run >= SYLLABLE)
        c->hang = HANG;
    else if (loud && c->hang < HANG_SHORT)
        c->hang = HANG_SHORT;
    else if (!loud && c->hang > 0)
        c->hang--;
    c->quiet = spoken ? 0 : c->quiet + 1;
    c->silence = c->hang > 0 ? 0 : c->silence + 1;
    c->voice += c->hang > 0;
    if (c->greeting == AW_GREETING_UNKNOWN)
        c->greeting = greeting(c);
}

static void decide(struct aw_vad *v)
{
    float power[BANDS];

    analyse(v, power);
    if (v->age == 0 && v->quarters == 0)
        begin(v, power);
    float now = likelihood(v, power);
    v->score = fmaxf(now, AW_VAD_LINGER * v->score + (1.0f - AW_VAD_LINGER) * now);
    int loud = v->score > AW_VAD_VOICE;
    track(v, power, loud);
    if (++v->age == AW_VAD_PERIOD) {
        v->age = 0;
        v->slot = (v->slot + 1) % MEMORY;
        v->quarters += v->quarters < MEMORY - 1;
    }
    aw_vad_step(&v->course, loud);
}

int aw_vad_feed(aw_vad *v, const int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        v->frame[v->fill] = pcm[i];
        if (++v->fill == FRAME) {
            decide(v);
            v->fill = 0;
        }
    }
    return v->course.hang > 0;
}

uint32_t aw_vad_silence_ms(const aw_vad *v)
{
    return v->course.silence * AW_VAD_FRAME_MS;
}

uint32_t aw_vad_quiet_ms(const aw_vad *v)
{
    return v->course.quiet * AW_VAD_FRAME_MS;
}

uint32_t aw_vad_voice_ms(const aw_vad *v)
{
    return v->course.voice * AW_VAD_FRAME_MS;
}

float aw_vad_noise_dbm0(const aw_vad *v)
{
    float sum = 0.0f;

    for (size_t band = 0; band < BANDS; band++)
        sum += v->noise[band] - AW_VAD_QUIETEST;
    /* each band is heard at half rate three times: its samples carry an eighth of the power */
    return 10.0f * log10f(fmaxf(sum, 1e-2f) / AW_POWER_0DBM0);
}

aw_greeting aw_vad_greeting(const aw_vad *v)
{
    return (aw_greeting)v->course.greeting;
}

aw_status aw_vad_new(aw_vad **out)
{
    if (!out)
        return AW_EINVAL;
    aw_vad *v = aw_alloc(sizeof *v);
    if (!v)
        return AW_ENOMEM;
    aw_vad_init(v);
    *out = v;
    return AW_OK;
}

void aw_vad_free(aw_vad *v)
{
    aw_release(v);
}
