/* SPDX-License-Identifier: MIT */
/* Statistics of packet delay, for the jitter buffer: see dsp/jitter.h. */
#include <math.h>
#include <string.h>

#include "dsp/jitter.h"

enum {
    BIN = AW_JITTER_BIN,
    BINS = AW_JITTER_BINS,
    WINDOWS = AW_JITTER_WINDOWS,
    WINDOW = 10000,    /* samples: 1.25 s */
    START = 320,       /* samples: 40 ms aimed at until something is known */
    KNOWN = 100,       /* packets after which the histogram is believed downwards too */
    NEVER = INT32_MAX, /* transit of an empty window, far above any */
};

#define QUANTILE 0.995f /* of packets that shall be in time */
#define FORGET                                                                                     \
    0.004f /* weight of a packet: a memory of 5 s at 20 ms; one stray packet moves nothing */

void aw_delays_init(struct aw_delays *d, uint32_t least, uint32_t most)
{
    memset(d, 0, sizeof *d);
    d->least = least;
    d->most = most;
    d->target = START < least ? least : START > most ? most : START;
}

/* The fastest packet of the last WINDOWS windows; old ones are forgotten as time goes on. */
static void find_base(struct aw_delays *d, uint64_t now, int64_t transit)
{
    uint64_t window = now / WINDOW;

    if (d->count == 0 || window > d->window + WINDOWS)
        d->window = window > WINDOWS ? window - WINDOWS : 0;
    for (; d->window < window; d->window++)
        d->fastest[(d->window + 1) % WINDOWS] = INT64_MAX;
    if (d->count == 0)
        for (size_t i = 0; i < WINDOWS; i++)
            d->fastest[i] = INT64_MAX;
    int64_t *fastest = &d->fastest[window % WINDOWS];
    *fastest = transit < *fastest ? transit : *fastest;
    d->base = transit;
    for (size_t i = 0; i < WINDOWS; i++)
        d->base = d->fastest[i] < d->base ? d->fastest[i] : d->base;
}

static void find_target(struct aw_delays *d)
{
    float below = 0.0f;
    size_t bin = 0;

    while (bin < BINS - 1 && (below += d->share[bin]) < QUANTILE)
        bin++;
    /* To the upper edge of the bin, and a tick more: playing looks that far ahead. */
    uint32_t target = (uint32_t)(bin + 2) * BIN;
    if (d->count < KNOWN && target < START)
        target = START;
    d->target = target < d->least ? d->least : target > d->most ? d->most : target;
}

void aw_delays_feed(struct aw_delays *d, uint64_t now, int64_t transit)
{
    find_base(d, now, transit);
    size_t bin = (size_t)(transit - d->base) / BIN;
    float weight = fmaxf(1.0f / (float)(d->count + 1), FORGET);

    for (size_t i = 0; i < BINS; i++)
        d->share[i] *= 1.0f - weight;
    d->share[bin < BINS ? bin : BINS - 1] += weight;
    if (d->count > 0) /* RFC 3550 6.4.1 */
        d->jitter += (fabsf((float)(transit - d->last)) - d->jitter) / 16.0f;
    d->last = transit;
    d->count += d->count < UINT32_MAX;
    find_target(d);
}
