/* SPDX-License-Identifier: MIT */
/* Concealment of lost frames: see aw/conceal.h. */
#include "dsp/conceal.h"

#include <math.h>
#include <string.h>

#include "dsp/dot.h"
#include "dsp/level.h"
#include "dsp/lpc.h"
#include "mem.h"

#include "dsp/conceal_tables.inc"

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
    SILENT = FADE_AFTER + FADE,
    CHUNK = 40,     /* samples that are made up at once */
    TURN = 160,     /* samples: after 20 ms backwards, forwards again */
    BLEND_MIN = 32, /* samples: 4 ms into the first good frame (G.711 I.2.8) ... */
    BLEND_MAX = 80, /* ... growing with the gap up to 10 ms */
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
    double energy = (double)aw_dot(now - LAG_MIN + 1, now - LAG_MIN + 1, MATCH);
    size_t period = LAG_MAX;

    *best = -1.0f;
    for (size_t lag = LAG_MIN; lag <= LAG_MAX; lag++) {
        const float *then = now - lag;
        energy += (double)then[0] * (double)then[0] - (double)then[MATCH] * (double)then[MATCH];
        float match = aw_dot(now, then, MATCH) / sqrtf((1.0f + (float)fmax(energy, 0.0)) * own);
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

    for (size_t i = 0; i < ANALYSIS; i++)
        windowed[i] = WINDOW[i] * x[HISTORY - ANALYSIS + i];
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
    memcpy(c->memory, x + HISTORY - ORDER, sizeof c->memory);
    c->decay = dying(x, c->period);
    c->gain = 1.0f;
    c->position = 0;
    c->begun = true;
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

/* Excitation through the filter.  Its oldest outputs are summed first: only the last step waits for
 * the sample before. */
static void invent(struct aw_conceal *c, float *y, size_t n)
{
    float line[ORDER + CHUNK];

    memcpy(line, c->memory, sizeof c->memory);
    for (size_t t = 0; t < n; t++) {
        float sum = c->gain * excite(c);
        for (size_t i = ORDER; i-- > 0;)
            sum += c->predictor[i] * line[ORDER + t - 1 - i];
        line[ORDER + t] = y[t] = sum;
        c->gain *= c->decay;
    }
    memcpy(c->memory, line + n, sizeof c->memory);
}

/* What was heard, backwards: without a period and without a step.  `known` of the samples that are
 * lost stand in the history. */
static void mirror(const struct aw_conceal *c, size_t known, float *y, size_t n)
{
    size_t back = 2 * (known % TURN) + (c->lost - known) + 1;

    for (size_t i = 0; i < n; i++)
        y[i] = c->history[(c->oldest + HISTORY - back - i) % HISTORY];
}

/* The next samples of the gap, CHUNK at most. */
static void go_on(struct aw_conceal *c, size_t known, float *y, size_t n)
{
    if (c->begun)
        invent(c, y, n);
    else
        mirror(c, known, y, n);
    for (size_t i = 0; i < n; i++)
        y[i] *= fade(++c->lost);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void aw_conceal_lost_within(struct aw_conceal *c, int16_t *pcm, size_t n, uint32_t *begins)
{
    float y[CHUNK];

    if (!c->begun && c->lost < SILENT && n > 0 && *begins > 0) {
        begin_gap(c);
        --*begins;
    }
    while (n > 0 && c->lost < SILENT) {
        size_t size = least(least(n, CHUNK), SILENT - c->lost);
        go_on(c, c->lost, y, size);
        for (size_t i = 0; i < size; i++)
            pcm[i] = aw_clip16(y[i]);
        remember(c, pcm, size);
        pcm += size;
        n -= size;
    }
    memset(pcm, 0, n * sizeof *pcm);
    remember(c, pcm, n);
}

void aw_conceal_lost(aw_conceal *c, int16_t *pcm, size_t n)
{
    uint32_t begins = 1;

    aw_conceal_lost_within(c, pcm, n, &begins);
}

/* Go over from what is made up into what has arrived. */
static void blend_in(struct aw_conceal *c, int16_t *pcm, size_t blend)
{
    size_t known = c->lost;
    float y[CHUNK];

    for (size_t at = 0; at < blend; at += CHUNK) {
        size_t size = least(blend - at, CHUNK);
        go_on(c, known, y, size);
        for (size_t i = 0; i < size; i++) {
            float w = ((float)(at + i) + 0.5f) / (float)blend;
            pcm[at + i] = aw_clip16(w * (float)pcm[at + i] + (1.0f - w) * y[i]);
        }
    }
}

void aw_conceal_good(aw_conceal *c, int16_t *pcm, size_t n)
{
    if (c->lost > 0) {
        blend_in(c, pcm, least(least(BLEND_MIN + c->lost / 4, BLEND_MAX), n));
        c->lost = 0;
        c->begun = false;
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
