/* SPDX-License-Identifier: MIT */
/* Removal of direct current, and the limiter: see aw/agc.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/agc.h"
#include "dsp/level.h"
#include "mem.h"

enum { BLOCK = AW_LIMITER_BLOCK };

void aw_dcblock_init(struct aw_dcblock *d)
{
    memset(d, 0, sizeof *d);
}

void aw_dcblock_run(aw_dcblock *d, int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float x = pcm[i];
        d->out = x - d->in + AW_DC_POLE * d->out;
        d->in = x;
        pcm[i] = aw_clip16(d->out);
    }
    if (fabsf(d->out) < AW_DC_NOTHING)
        d->out = 0.0f;
}

aw_status aw_limiter_init(struct aw_limiter *l, float ceiling_dbm0)
{
    if (!(ceiling_dbm0 >= -40.0f && ceiling_dbm0 <= 3.14f))
        return AW_EINVAL;
    memset(l, 0, sizeof *l);
    l->ceiling = floorf(fminf(aw_peak_of(ceiling_dbm0), 32767.0f));
    l->from = l->to = l->need = 1.0f;
    return AW_OK;
}

static float need_of(const struct aw_limiter *l)
{
    int peak = 0;

    for (size_t i = 0; i < BLOCK; i++)
        peak = abs(l->filling[i]) > peak ? abs(l->filling[i]) : peak;
    return (float)peak <= l->ceiling ? 1.0f : l->ceiling / (float)peak;
}

/* A block is full, and the one before it leaves.  The gain between two blocks suits both; so a
 * straight line from border to border never exceeds what the block between them may have. */
static void turn(struct aw_limiter *l)
{
    float need = need_of(l);

    memcpy(l->leaving, l->full, sizeof l->leaving);
    memcpy(l->full, l->filling, sizeof l->full);
    l->from = l->to;
    l->to = fminf(fminf(l->need, need), l->to * AW_LIMITER_RECOVER);
    l->need = need;
    l->fill = 0;
}

void aw_limiter_run(aw_limiter *l, int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float along = ((float)l->fill + 0.5f) / (float)BLOCK;
        float gain = l->from + along * (l->to - l->from);
        float x = l->leaving[l->fill];
        l->filling[l->fill] = pcm[i];
        pcm[i] = (int16_t)(x * gain); /* towards zero: never over the ceiling */
        if (++l->fill == BLOCK)
            turn(l);
    }
}

aw_status aw_dcblock_new(aw_dcblock **out)
{
    if (!out)
        return AW_EINVAL;
    aw_dcblock *d = aw_alloc(sizeof *d);
    if (!d)
        return AW_ENOMEM;
    aw_dcblock_init(d);
    *out = d;
    return AW_OK;
}

void aw_dcblock_free(aw_dcblock *d)
{
    aw_release(d);
}

aw_status aw_limiter_new(aw_limiter **out, float ceiling_dbm0)
{
    struct aw_limiter begun;
    aw_status status = out ? aw_limiter_init(&begun, ceiling_dbm0) : AW_EINVAL;

    if (status != AW_OK)
        return status;
    aw_limiter *l = aw_alloc(sizeof *l);
    if (!l)
        return AW_ENOMEM;
    *l = begun;
    *out = l;
    return AW_OK;
}

void aw_limiter_free(aw_limiter *l)
{
    aw_release(l);
}
