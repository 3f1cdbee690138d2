/* SPDX-License-Identifier: MIT */
/* Comfort noise: see aw/comfort.h. */
#include "dsp/comfort.h"

#include <math.h>
#include <string.h>

#include "dsp/level.h"
#include "dsp/lpc.h"
#include "mem.h"

enum {
    ORDER = AW_COMFORT_ORDER,
    LEARN = AW_COMFORT_LEARN,
    SLIDE = 80,    /* samples between steps of the slide: 10 ms */
    LONGEST = 480, /* samples that are measured at most: 60 ms */
    QUANTA = 127,  /* of RFC 3389 3.2: k = 258 (N - 127) / 32768 */
};

#define FULL_SCALE 32768.0f /* 0 dBov: a square wave at clipping (RFC 3389 3.1) */
#define STEP       (258.0f / 32768.0f)
#define PULL       0.4f    /* share of the way to the goal in a step */
#define LIMIT      0.98f   /* a lattice nearer to 1 whistles */
#define FLOOR_UP   1.0116f /* 0.05 dB in 20 ms: a louder room is learnt in seconds */
#define LIKENESS   4.0f    /* up to 6 dB over the quietest is still background: 20 ms vary */
#define FAMILIAR   0.2f    /* weight of such 20 ms among those before */
#define NOTHING_DB (-127.0f)

static float power_of(const int16_t *pcm, size_t n)
{
    float sum = 0.0f;

    for (size_t i = 0; i < n; i++)
        sum += (float)pcm[i] * (float)pcm[i];
    return n ? sum / (float)n : 0.0f;
}

aw_comfort_noise aw_comfort_measure(const int16_t *pcm, size_t n)
{
    aw_comfort_noise noise = {NOTHING_DB, 0, {0}};
    float windowed[LONGEST];
    float r[ORDER + 1];
    float a[ORDER];

    if (n > LONGEST) {
        pcm += n - LONGEST;
        n = LONGEST;
    }
    float power = power_of(pcm, n);
    if (n < 2 * ORDER || power < 0.01f)
        return noise;
    noise.dbov = fmaxf(10.0f * log10f(power / (FULL_SCALE * FULL_SCALE)), NOTHING_DB);
    noise.order = ORDER;
    for (size_t i = 0; i < n; i++)
        windowed[i] = (float)pcm[i] * sinf(3.14159265f * ((float)i + 0.5f) / (float)n);
    aw_lpc_correlate(windowed, n, r, ORDER);
    (void)aw_lpc_levinson(r, ORDER, noise.reflection, a);
    return noise;
}

size_t aw_comfort_format(const aw_comfort_noise *noise, uint8_t *payload, size_t max)
{
    size_t order = noise->order < ORDER ? noise->order : ORDER;

    if (max < 1 + order)
        return 0;
    payload[0] = (uint8_t)lrintf(fminf(fmaxf(-noise->dbov, 0.0f), 127.0f));
    for (size_t i = 0; i < order; i++) {
        /* RFC 3389 takes the other sign: there, k > 0 is a shrill noise. */
        float steps = -noise->reflection[i] / STEP;
        payload[1 + i] = (uint8_t)(QUANTA + lrintf(fminf(fmaxf(steps, -127.0f), 127.0f)));
    }
    return 1 + order;
}

aw_status aw_comfort_parse(const uint8_t *payload, size_t bytes, aw_comfort_noise *noise)
{
    if (!payload || bytes == 0)
        return AW_EINVAL;
    memset(noise, 0, sizeof *noise);
    noise->dbov = -(float)(payload[0] & 0x7f);
    noise->order = bytes - 1 < ORDER ? (uint32_t)(bytes - 1) : ORDER; /* RFC 3389 3: may reduce */
    for (size_t i = 0; i < noise->order; i++)
        noise->reflection[i] = -STEP * (float)(payload[1 + i] - QUANTA);
    return AW_OK;
}

void aw_comfort_init(struct aw_comfort *c, uint32_t seed)
{
    memset(c, 0, sizeof *c);
    c->state = seed;
}

void aw_comfort_set(aw_comfort *c, const aw_comfort_noise *noise)
{
    float db = fminf(fmaxf(noise->dbov, NOTHING_DB), 0.0f); /* NAN too becomes a bound */

    c->goal_rms = db > NOTHING_DB ? FULL_SCALE * powf(10.0f, db / 20.0f) : 0.0f;
    for (size_t i = 0; i < ORDER; i++) {
        float k = i < noise->order ? noise->reflection[i] : 0.0f;
        c->goal[i] = fminf(fmaxf(k, -LIMIT), LIMIT);
    }
}

/* Move the goal towards a frame of background; the first is believed at once. */
static void resemble(struct aw_comfort *c, const aw_comfort_noise *noise)
{
    float power = c->goal_rms * c->goal_rms;
    float weight = power > 0.0f ? FAMILIAR : 1.0f;
    float goal[ORDER];

    memcpy(goal, c->goal, sizeof goal);
    aw_comfort_set(c, noise);
    c->goal_rms = sqrtf(power + weight * (c->goal_rms * c->goal_rms - power));
    for (size_t i = 0; i < ORDER; i++)
        c->goal[i] = goal[i] + weight * (c->goal[i] - goal[i]);
}

static void learn(struct aw_comfort *c)
{
    float power = power_of(c->learning, LEARN);

    if (c->floor <= 0.0f || power < c->floor)
        c->floor = fmaxf(power, 1.0f);
    else
        c->floor *= FLOOR_UP;
    if (power <= c->floor * LIKENESS) {
        aw_comfort_noise noise = aw_comfort_measure(c->learning, LEARN);
        resemble(c, &noise);
    }
    c->heard = 0;
}

void aw_comfort_learn(aw_comfort *c, const int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        c->learning[c->heard] = pcm[i];
        if (++c->heard == LEARN)
            learn(c);
    }
}

static void slide(struct aw_comfort *c)
{
    float power = 1.0f;

    c->rms += PULL * (c->goal_rms - c->rms);
    for (size_t i = 0; i < ORDER; i++) {
        c->reflection[i] += PULL * (c->goal[i] - c->reflection[i]);
        power *= 1.0f - c->reflection[i] * c->reflection[i];
    }
    c->gain = c->rms * sqrtf(power); /* the lattice amplifies by 1 / that */
    c->until = SLIDE;
}

/* About normal, of variance 1: two uniform halves of one draw, each of variance 2^32 / 12. */
static float white(struct aw_comfort *c)
{
    c->state = c->state * 1664525u + 1013904223u;
    uint32_t mixed = (c->state ^ c->state >> 15) * 0x2c1b3c6du;
    float sum = (float)(mixed >> 16) + (float)(mixed & 0xffff) - 65535.0f;
    return sum * (1.0f / 26754.7f); /* sqrt(2 * 65536^2 / 12) */
}

static float next(struct aw_comfort *c)
{
    float forward = c->gain * white(c);

    for (size_t i = ORDER; i-- > 0;) {
        forward += c->reflection[i] * c->lattice[i];
        if (i + 1 < ORDER)
            c->lattice[i + 1] = c->lattice[i] - c->reflection[i] * forward;
    }
    c->lattice[0] = forward;
    return forward;
}

void aw_comfort_read(aw_comfort *c, int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c->until == 0)
            slide(c);
        c->until--;
        pcm[i] = aw_clip16(next(c));
    }
}

aw_status aw_comfort_new(aw_comfort **out, uint32_t seed)
{
    if (!out)
        return AW_EINVAL;
    aw_comfort *c = aw_alloc(sizeof *c);
    if (!c)
        return AW_ENOMEM;
    aw_comfort_init(c, seed);
    *out = c;
    return AW_OK;
}

void aw_comfort_free(aw_comfort *c)
{
    aw_release(c);
}
