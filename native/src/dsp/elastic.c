/* SPDX-License-Identifier: MIT */
/* Elastic store between two clocks: see aw/resample.h. */
#include <math.h>
#include <string.h>

#include "dsp/level.h"
#include "dsp/resample.h"
#include "mem.h"

#include "dsp/elastic_tables.inc"

enum {
    TAPS = AW_ELASTIC_TAPS,
    BEFORE = TAPS / 2 - 1, /* samples under the filter before its middle */
    AFTER = TAPS / 2,      /* and after it */
    PHASES = 128,
    BLEND = 40,  /* samples over which a slip is blended: 5 ms */
    SLACK = 160, /* samples over twice the target before some are dropped: 20 ms */
    LANES = 8,
};

#define AT_ONCE_S 1e-3 /* pushes or pulls so close are parts of one batch */
#define LEVEL_S   1.0  /* smoothing of the level: longer than bursts of frames */
#define RATE_HZ   8000.0
#define OMEGA     0.1  /* rad/s of the servo: settled in a minute, deaf to jitter */
#define PPM_RATE  8e-3 /* samples a second that 1 ppm brings */

void aw_elastic_init(struct aw_elastic *e, size_t target)
{
    memset(e, 0, sizeof *e);
    e->count = BEFORE; /* of silence */
    e->position = BEFORE;
    e->rate = 1.0;
    e->level = (double)target;
    e->fixed = (double)NAN;
    e->pulled = -1.0;
    e->target = target;
    e->filling = 1;
    aw_conceal_init(&e->conceal);
}

static double waiting(const struct aw_elastic *e)
{
    return (double)e->count - e->position;
}

static int16_t between(const struct aw_elastic *e, double position)
{
    size_t whole = (size_t)position;
    double phase = (position - (double)whole) * PHASES; /* exact: below PHASES */
    size_t row = (size_t)phase;
    float along = (float)(phase - (double)row);
    const int16_t *x = e->store + (whole - BEFORE);
    float part[LANES] = {0};
    float y = 0.0f;

    for (size_t k = 0; k < TAPS; k += LANES)
        for (size_t i = 0; i < LANES; i++) {
            float low = fractional_delay[row][k + i];
            float tap = low + along * (fractional_delay[row + 1][k + i] - low);
            part[i] += tap * (float)x[k + i];
        }
    for (size_t i = 0; i < LANES; i++)
        y += part[i];
    return aw_clip16(y);
}

/* Drop what lies before the filter. */
static void discard(struct aw_elastic *e)
{
    size_t old = (size_t)e->position - BEFORE;

    memmove(e->store, e->store + old, (e->count - old) * sizeof *e->store);
    e->count -= old;
    e->position -= (double)old;
}

void aw_elastic_push(aw_elastic *e, double now, const int16_t *pcm, size_t n)
{
    if (n > AW_ELASTIC_SAMPLES) {
        pcm += n - AW_ELASTIC_SAMPLES;
        n = AW_ELASTIC_SAMPLES;
    }
    size_t room = sizeof e->store / sizeof *e->store - e->count;
    if (n > room) { /* nobody pulls: the oldest go */
        e->position = fmax(e->position, (double)(BEFORE + n - room));
        discard(e);
        e->slips++;
    }
    memcpy(e->store + e->count, pcm, n * sizeof *pcm);
    e->count += n;
    e->frame = now - e->pushed < AT_ONCE_S ? e->frame + n : n;
    e->pushed = now;
}

/* What waits, as if samples came one by one: counted in whole frames it would beat with the drift.
 */
static double waiting_at(const struct aw_elastic *e, double now)
{
    double since = (now - e->pushed) * RATE_HZ * e->rate; /* the rate: near the pusher's own */

    return waiting(e) + fmax(fmin(since, 2.0 * (double)e->frame), 0.0);
}

static void steer(struct aw_elastic *e, double now, size_t n)
{
    double seconds = (double)n / RATE_HZ;
    double ppm = e->fixed;

    e->level += fmin(seconds / LEVEL_S, 1.0) * (waiting_at(e, now) - e->level);
    if (isnan(ppm)) {
        double over = e->level - (double)e->target;
        e->drift += OMEGA * OMEGA / PPM_RATE * over * seconds;
        e->drift = fmax(fmin(e->drift, AW_DRIFT_MAX_PPM), -AW_DRIFT_MAX_PPM);
        ppm = e->drift + 2.0 * OMEGA / PPM_RATE * over;
    }
    ppm = fmax(fmin(ppm, AW_DRIFT_MAX_PPM), -AW_DRIFT_MAX_PPM);
    e->rate = 1.0 + ppm * 1e-6;
}

/* The servo sees what waits before a batch is pulled, not how it empties the store. */
static void look(struct aw_elastic *e, double now, size_t n)
{
    e->unseen += n;
    if (fabs(now - e->pulled) < AT_ONCE_S)
        return;
    steer(e, now, e->unseen);
    e->pulled = now;
    e->unseen = 0;
}

static void read(struct aw_elastic *e, int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pcm[i] = between(e, e->position);
        e->position += e->rate;
    }
}

/* Far too much waits: go on from the target, blended with what would have come. */
static void slip(struct aw_elastic *e, int16_t *pcm, size_t n)
{
    int16_t old[BLEND];
    size_t blend = n < BLEND ? n : BLEND;
    double position = e->position;

    read(e, old, blend);
    e->position = position + floor(waiting(e) + (e->position - position) - (double)e->target);
    e->level = (double)e->target;
    e->slips++;
    read(e, pcm, n);
    for (size_t i = 0; i < blend; i++) {
        float w = ((float)i + 0.5f) / (float)blend;
        pcm[i] = aw_clip16(w * (float)pcm[i] + (1.0f - w) * (float)old[i]);
    }
}

static int ready(struct aw_elastic *e, double now, size_t n)
{
    double need = (double)n * (1.0 + AW_DRIFT_MAX_PPM * 1e-6) + AFTER + 1;

    if (e->filling && waiting(e) >= fmax((double)e->target, need)) {
        double over = floor(waiting_at(e, now) - (double)e->target);
        if (over > 0) /* where the servo would arrive in a minute: begin there */
            e->position += fmin(over, floor(waiting(e) - need));
        e->filling = 0;
        e->level = waiting_at(e, now);
    }
    if (!e->filling && waiting(e) < need) {
        e->filling = 1;
        e->underruns++;
    }
    return !e->filling;
}

static void pull(struct aw_elastic *e, double now, int16_t *pcm, size_t n, uint32_t *begins)
{
    if (!ready(e, now, n)) {
        aw_conceal_lost_within(&e->conceal, pcm, n, begins);
        return;
    }
    look(e, now, n);
    if (waiting(e) > (double)(2 * e->target + SLACK + n))
        slip(e, pcm, n);
    else
        read(e, pcm, n);
    discard(e);
    aw_conceal_good(&e->conceal, pcm, n);
}

void aw_elastic_pull_within(struct aw_elastic *e, double now, int16_t *pcm, size_t n,
                            uint32_t *begins)
{
    while (n > 0) {
        size_t size = n < e->target ? n : e->target; /* no more at once than ever waits */
        pull(e, now, pcm, size, begins);
        pcm += size;
        n -= size;
    }
}

void aw_elastic_pull(aw_elastic *e, double now, int16_t *pcm, size_t n)
{
    uint32_t begins = UINT32_MAX;

    aw_elastic_pull_within(e, now, pcm, n, &begins);
}

void aw_elastic_fix(aw_elastic *e, double ppm)
{
    e->fixed = ppm;
}

aw_elastic_state aw_elastic_look(const aw_elastic *e)
{
    return (aw_elastic_state){(e->rate - 1.0) * 1e6, e->level, e->underruns, e->slips};
}

aw_status aw_elastic_new(aw_elastic **out, size_t target)
{
    if (!out || target < 40 || target > AW_ELASTIC_SAMPLES / 2)
        return AW_EINVAL;
    aw_elastic *e = aw_alloc(sizeof *e);
    if (!e)
        return AW_ENOMEM;
    aw_elastic_init(e, target);
    *out = e;
    return AW_OK;
}

void aw_elastic_free(aw_elastic *e)
{
    aw_release(e);
}
