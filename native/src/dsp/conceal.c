/* SPDX-License-Identifier: MIT */
/* Concealment of lost frames: see aw/conceal.h. */
#include "dsp/conceal.h"

#include <math.h>
#include <string.h>

#include "dsp/dot.h"
#include "dsp/level.h"
#include "dsp/lpc.h"
#include "mem.h"

enum {
    HISTORY = AW_CONCEAL_HISTORY,
    ORDER = AW_CONCEAL_ORDER,
    LAG_MIN = 20,  /* samples: 400 Hz */
    LAG_MAX = 140, /* samples: 57 Hz */
    MATCH = 80, /* samples: the last 10 ms must agree with those a period before; 20 ms scores 0.05
                   less */
    ANALYSIS = 240,  /* samples: 30 ms window of the predictor */
    FADE_AFTER = 80, /* samples: 10 ms at full strength (G.711 I.2.7) */
    FADE = 400,      /* samples: 50 ms from full strength to silence */
    BLEND_MIN = 32,  /* samples: 4 ms into the first good frame (G.711 I.2.8) ... */
    BLEND_MAX = 80,  /* ... growing with the gap up to 10 ms */
};

void aw_conceal_init(struct aw_conceal *c)
{
    memset(c, 0, sizeof *c);
    c->noise = 1;
}

static void remember(struct aw_conceal *c, const int16_t *pcm, size_t n)
{
    if (n > HISTORY) {
        pcm += n - HISTORY;
        n = HISTORY;
    }
    size_t first = n < HISTORY - c->oldest ? n : HISTORY - c->oldest;
    memcpy(c->history + c->oldest, pcm, first * sizeof *pcm);
    memcpy(c->history, pcm + first, (n - first) * sizeof *pcm);
    c->oldest = (c->oldest + n) % HISTORY;
}

/* The lag at which the last MATCH samples best agree with those before them; *best: how well,
 * -1..1. */
static size_t find_period(const float *x, float *best)
{
    const float *now = x + HISTORY - MATCH;
    float own = 1.0f + aw_dot(now, now, MATCH);
    size_t period = LAG_MAX;

    *best = -1.0f;
    for (size_t lag = LAG_MIN; lag <= LAG_MAX; lag++) {
        const float *then = now - lag;
        float match = aw_dot(now, then, MATCH) / sqrtf((1.0f + aw_dot(then, then, MATCH)) * own);
        /* A longer period must be clearly better: two periods always match as well as one. */
        if (match > *best + 0.01f) {
            *best = match;
            period = lag;
        }
    }
    return period;
}

static void find_predictor(struct aw_conceal *c, const float *x)
{
    float windowed[ANALYSIS];
    float r[ORDER + 1];
    float k[ORDER];

    for (size_t i = 0; i < ANALYSIS; i++) {
        /* Rises over three quarters and falls over the last: the newest sound counts most. */
        float w = i < 200 ? 0.5f - 0.5f * cosf(3.14159265f * ((float)i + 0.5f) / 200.0f)
                          : cosf(1.57079633f * ((float)i - 199.5f) / 40.0f);
        windowed[i] = w * x[HISTORY - ANALYSIS + i];
    }
    aw_lpc_correlate(windowed, ANALYSIS, r, ORDER);
    (void)aw_lpc_levinson(r, ORDER, k, c->predictor);
}

static float residual(const struct aw_conceal *c, const float *x, size_t t)
{
    float e = x[t];

    for (size_t i = 0; i < ORDER; i++)
        e -= c->predictor[i] * x[t - 1 - i];
    return e;
}

/* Gain a sample of a voice that was already dying away; never above 1. */
static float dying(const float *x, size_t period)
{
    float now = 1.0f;
    float then = 1.0f;

    for (size_t i = 0; i < period; i++) {
        now += x[HISTORY - 1 - i] * x[HISTORY - 1 - i];
        then += x[HISTORY - 1 - period - i] * x[HISTORY - 1 - period - i];
    }
    if (now >= then)
        return 1.0f;
    return powf(fmaxf(sqrtf(now / then), 0.3f), 1.0f / (float)period);
}

static void begin_gap(struct aw_conceal *c)
{
    float x[HISTORY];
    float match;

    for (size_t i = 0; i < HISTORY; i++)
        x[i] = c->history[(c->oldest + i) % HISTORY];
    c->period = find_period(x, &match);
    c->voiced = fminf(fmaxf((match - 0.3f) / 0.4f, 0.0f), 1.0f);
    find_predictor(c, x);
    if (c->voiced <= 0.0f)
        c->period = AW_CONCEAL_CYCLE; /* a long stretch, so that noise does not buzz */
    for (size_t i = 0; i < c->period; i++)
        c->cycle[i] = residual(c, x, HISTORY - c->period + i);
    for (size_t i = 0; i < ORDER; i++)
        c->memory[i] = x[HISTORY - 1 - i];
    c->decay = dying(x, c->period);
    c->gain = 1.0f;
    c->position = 0;
}

static uint32_t draw(struct aw_conceal *c)
{
    c->noise = c->noise * 1664525u + 1013904223u;
    return c->noise >> 16;
}

/* The next sample of excitation: the cycle again, or random picks from it where it was noise. */
static float excite(struct aw_conceal *c)
{
    float e = c->cycle[c->position];

    if (++c->position == c->period)
        c->position = 0;
    if (c->voiced < 1.0f) {
        float pick = c->cycle[draw(c) % c->period];
        e = c->voiced * e + sqrtf(1.0f - c->voiced * c->voiced) * pick;
    }
    return e;
}

static float fade(size_t lost)
{
    if (lost <= FADE_AFTER)
        return 1.0f;
    if (lost >= FADE_AFTER + FADE)
        return 0.0f;
    return 1.0f - (float)(lost - FADE_AFTER) / (float)FADE;
}

static float invent(struct aw_conceal *c)
{
    float y = c->gain * excite(c);

    for (size_t i = 0; i < ORDER; i++)
        y += c->predictor[i] * c->memory[i];
    memmove(c->memory + 1, c->memory, (ORDER - 1) * sizeof *c->memory);
    c->memory[0] = y;
    c->gain *= c->decay;
    c->lost++;
    return y * fade(c->lost);
}

void aw_conceal_lost(aw_conceal *c, int16_t *pcm, size_t n)
{
    if (c->lost == 0 && n > 0)
        begin_gap(c);
    for (size_t i = 0; i < n; i++)
        pcm[i] = c->lost < FADE_AFTER + FADE ? aw_clip16(invent(c)) : 0;
    remember(c, pcm, n);
}

void aw_conceal_good(aw_conceal *c, int16_t *pcm, size_t n)
{
    size_t blend = BLEND_MIN + c->lost / 4;

    if (c->lost) {
        if (blend > BLEND_MAX)
            blend = BLEND_MAX;
        if (blend > n)
            blend = n;
        for (size_t i = 0; i < blend; i++) {
            float w = ((float)i + 0.5f) / (float)blend;
            pcm[i] = aw_clip16(w * (float)pcm[i] + (1.0f - w) * invent(c));
        }
        c->lost = 0;
    }
    remember(c, pcm, n);
}

size_t aw_conceal_length(const aw_conceal *c)
{
    return c->lost;
}

void aw_conceal_reset(aw_conceal *c)
{
    aw_conceal_init(c);
}

aw_status aw_conceal_new(aw_conceal **out)
{
    if (!out)
        return AW_EINVAL;
    aw_conceal *c = aw_alloc(sizeof *c);
    if (!c)
        return AW_ENOMEM;
    aw_conceal_init(c);
    *out = c;
    return AW_OK;
}

void aw_conceal_free(aw_conceal *c)
{
    aw_release(c);
}
