/* SPDX-License-Identifier: MIT */
/* Search for an echo's fixed delay: see echo_delay.h. */
#include "dsp/echo_delay.h"

#include <math.h>
#include <string.h>

#define BLOCK        40
#define DECIMATION   4
#define BITS         (BLOCK / DECIMATION) /* new ones of each side in a block */
#define AVERAGE      0.08f                /* share of a new sweep: half a second of speech */
#define LEAST        0.15f /* agreement of an echo; chance stays below 0.1 after LEAST_SWEEPS */
#define CLEAR        1.6f  /* times the best of the other delays */
#define APART        12    /* lags: what lies nearer is the same echo's spread */
#define LEAST_SWEEPS 20    /* 800 ms of speech */

void echo_delay_reset(struct echo_delay *d)
{
    memset(d, 0, sizeof *d);
}

/* The signs of a block, oldest first, against a mean that takes out hum and offset. */
static uint64_t signs(const float *x, size_t step, float *mean)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < BLOCK; i += DECIMATION) {
        float sum = x[i * step] + x[(i + 1) * step] + x[(i + 2) * step] + x[(i + 3) * step];
        *mean += 0.02f * (sum - *mean);
        bits = bits << 1 | (sum > *mean);
    }
    return bits;
}

static void shift_in(struct echo_delay *d, uint64_t far, uint64_t near)
{
    for (size_t i = DELAY_WORDS - 1; i > 0; i--)
        d->far[i] = d->far[i] << BITS | d->far[i - 1] >> (64 - BITS);
    d->far[0] = d->far[0] << BITS | far;
    d->near = d->near << BITS | near;
}

static unsigned ones(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (unsigned)(x * 0x0101010101010101u >> 56);
}

/* One sweep's share: 64 lags, each over the last 64 signs (32 ms). */
static void compare(struct echo_delay *d)
{
    uint64_t low = d->far[d->sweep], high = d->far[d->sweep + 1];
    float *agreement = d->agreement + 64 * d->sweep;

    for (unsigned i = 0; i < 64; i++) {
        uint64_t then = i ? low >> i | high << (64 - i) : low;
        float same = 1.0f - (float)ones(then ^ d->near) / 32.0f;
        agreement[i] += AVERAGE * (same - agreement[i]);
    }
}

/* The best lag if it stands out from all that are not its neighbours, else -1.  An echo may be
 * inverted. */
static int outstanding(const struct echo_delay *d)
{
    int best = 0;
    float other = 0.0f;

    for (int i = 1; i < DELAY_LAGS; i++)
        if (fabsf(d->agreement[i]) > fabsf(d->agreement[best]))
            best = i;
    for (int i = 0; i < DELAY_LAGS; i++)
        if (i < best - APART || i > best + APART)
            other = fmaxf(other, fabsf(d->agreement[i]));
    float peak = fabsf(d->agreement[best]);
    return peak > LEAST && peak > CLEAR * other ? best : -1;
}

int echo_delay_feed(struct echo_delay *d, const float *far, const float *near, size_t step,
                    int speech)
{
    shift_in(d, signs(far, step, &d->far_mean), signs(near, step, &d->near_mean));
    d->active = (d->sweep ? d->active : 0) + (speech != 0);
    if (speech)
        compare(d);
    d->sweep = (d->sweep + 1) % DELAY_SWEEPS;
    if (d->sweep || d->active < DELAY_SWEEPS / 2)
        return -1;
    d->sweeps += d->sweeps < 1000;
    int lag = d->sweeps >= LEAST_SWEEPS ? outstanding(d) : -1;
    return lag < 0 ? -1 : lag * DECIMATION;
}
