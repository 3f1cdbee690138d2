/* SPDX-License-Identifier: MIT */
/* Voice detector: see aw/vad.h. */
#include "dsp/vad.h"

#include <math.h>
#include <string.h>

#include "dsp/level.h"
#include "mem.h"

enum {
    BANDS = AW_VAD_BANDS,
    FRAME = AW_VAD_FRAME,
    MEMORY = AW_VAD_MEMORY,
    PERIOD = 25,    /* frames in a quarter of a second of AW_VAD_MEMORY */
    HANG = 20,      /* frames: 200 ms, through the stops within words and the weak ends */
    HANG_SHORT = 4, /* after a run too short to be a syllable: a click */
    SYLLABLE = 4,   /* frames that make a syllable */
    FRAME_MS = 10,
    LONG_GREETING = 180, /* frames of voice that a person does not reach before he waits */
    WAITING = 80,        /* frames of silence: he waits */
    NOBODY = 400,        /* frames of silence before any voice */
};

#define EVEN      0.17f /* all-pass coefficients of a half-band pair of 30 dB */
#define ODD       0.64f
#define QUIETEST  1.0f   /* power of a band below which nothing is meant: about -84 dBm0 */
#define SMOOTH    0.8f   /* of the power whose minimum is sought */
#define BIAS      1.5f   /* the minimum over 2 s of such a smoothed noise is so much too low */
#define LEARN     0.05f  /* pace at which pauses teach the noise */
#define FIRST     2.0e4f /* power a band of the loudest noise assumed at the start: -35 dBm0 */
#define DIRECTED  0.9f   /* decision-directed share of the prior (Ephraim and Malah 1984) */
#define LEAST_SNR 0.03f
#define MOST_SNR  1000.0f
#define VOICE     0.35f /* log likelihood ratio, mean of the bands, from which it is voice */
#define CERTAIN   4.0f  /* likelihoods above say no more, and would linger */
#define LINGER    0.6f  /* of the score from frame to frame, falling */

void aw_vad_init(struct aw_vad *v)
{
    memset(v, 0, sizeof *v);
}

static void split(struct aw_vad_splitter *s, const float *in, float *low, float *high, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float a = EVEN * in[2 * i] + s->even;
        float b = ODD * in[2 * i + 1] + s->odd;
        s->even = in[2 * i] - EVEN * a;
        s->odd = in[2 * i + 1] - ODD * b;
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
        power[band] = sum / (float)(FRAME / BANDS) + QUIETEST;
    }
}

/* The least smoothed power of the last two seconds. */
static float least(struct aw_vad *v, size_t band, float power)
{
    size_t slot = v->frames / PERIOD % MEMORY;
    float found;

    v->smooth[band] += (1.0f - SMOOTH) * (power - v->smooth[band]);
    if (v->frames % PERIOD == 0)
        v->least[slot][band] = v->smooth[band];
    v->least[slot][band] = fminf(v->least[slot][band], v->smooth[band]);
    found = v->least[slot][band];
    for (size_t i = 0; i < MEMORY && i <= v->frames / PERIOD; i++)
        found = fminf(found, v->least[i][band]);
    return found;
}

static void track(struct aw_vad *v, const float *power, int voice)
{
    for (size_t band = 0; band < BANDS; band++) {
        float floor = BIAS * least(v, band, power[band]);
        if (!voice)
            v->noise[band] += LEARN * (power[band] - v->noise[band]);
        v->noise[band] = fminf(fmaxf(v->noise[band], floor), 2.0f * floor);
    }
}

static void begin(struct aw_vad *v, const float *power)
{
    for (size_t band = 0; band < BANDS; band++) {
        v->noise[band] = fminf(power[band], FIRST);
        v->smooth[band] = v->noise[band];
    }
}

static float likelihood(struct aw_vad *v, const float *power)
{
    float sum = 0.0f;

    for (size_t band = 0; band < BANDS; band++) {
        float post = power[band] / v->noise[band];
        float snr = DIRECTED * v->prior[band] + (1.0f - DIRECTED) * fmaxf(post - 1.0f, 0.0f);
        snr = fmaxf(snr, LEAST_SNR);
        float gain = snr / (1.0f + snr);
        v->prior[band] = fminf(gain * gain * post, MOST_SNR);
        sum += fminf(post, MOST_SNR) * gain - logf(1.0f + snr);
    }
    return fminf(sum / (float)BANDS, CERTAIN);
}

static uint32_t greeting(const struct aw_vad *v)
{
    if (v->voice > LONG_GREETING + HANG)
        return AW_GREETING_MACHINE;
    if (v->voice > 0 && v->silence > WAITING - HANG)
        return AW_GREETING_PERSON;
    if (v->voice == 0 && v->silence > NOBODY)
        return AW_GREETING_NOBODY;
    return AW_GREETING_UNKNOWN;
}

static void decide(struct aw_vad *v)
{
    float power[BANDS];

    analyse(v, power);
    if (v->frames == 0)
        begin(v, power);
    float now = likelihood(v, power);
    v->score = fmaxf(now, LINGER * v->score + (1.0f - LINGER) * now);
    int loud = v->score > VOICE;
    track(v, power, loud);
    v->run = loud ? v->run + 1 : 0;
    if (loud && v->run >= SYLLABLE)
        v->hang = HANG;
    else if (loud && v->hang < HANG_SHORT)
        v->hang = HANG_SHORT;
    else if (!loud && v->hang > 0)
        v->hang--;
    v->silence = v->hang > 0 ? 0 : v->silence + 1;
    v->voice += v->hang > 0;
    v->frames++;
    if (v->greeting == AW_GREETING_UNKNOWN)
        v->greeting = greeting(v);
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
    return v->hang > 0;
}

uint32_t aw_vad_silence_ms(const aw_vad *v)
{
    return v->silence * FRAME_MS;
}

uint32_t aw_vad_voice_ms(const aw_vad *v)
{
    return v->voice * FRAME_MS;
}

float aw_vad_noise_dbm0(const aw_vad *v)
{
    float sum = 0.0f;

    for (size_t band = 0; band < BANDS; band++)
        sum += v->noise[band] - QUIETEST;
    /* each band is heard at half rate three times: its samples carry an eighth of the power */
    return 10.0f * log10f(fmaxf(sum, 1e-2f) / AW_POWER_0DBM0);
}

aw_greeting aw_vad_greeting(const aw_vad *v)
{
    return (aw_greeting)v->greeting;
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
