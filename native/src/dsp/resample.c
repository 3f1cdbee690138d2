/* SPDX-License-Identifier: MIT */
/* Rate conversion over a common 48 kHz: see aw/resample.h. */
#include "dsp/resample.h"

#include <string.h>

#include "dsp/dot.h"
#include "dsp/level.h"
#include "mem.h"

#include "dsp/resample_tables.inc"

enum { COMMON_HZ = 48000 };

static const struct {
    unsigned from_hz, to_hz;
    const float *filter;
    size_t taps;
} conversions[] = {
    {8000, 16000, &narrow_by_6[0][0], 56},  {8000, 48000, &narrow_by_6[0][0], 56},
    {16000, 8000, &narrow_by_3[0][0], 112}, {16000, 48000, &wide_by_3[0][0], 56},
    {48000, 8000, &narrow_by_1[0][0], 336}, {48000, 16000, &wide_by_1[0][0], 168},
};

aw_status aw_resample_init(struct aw_resample *r, unsigned from_hz, unsigned to_hz)
{
    for (size_t i = 0; i < sizeof conversions / sizeof *conversions; i++) {
        if (conversions[i].from_hz != from_hz || conversions[i].to_hz != to_hz)
            continue;
        memset(r, 0, sizeof *r);
        r->filter = conversions[i].filter;
        r->taps = conversions[i].taps;
        r->up = COMMON_HZ / from_hz;
        r->down = COMMON_HZ / to_hz;
        return AW_OK;
    }
    return AW_EINVAL;
}

size_t aw_resample_room(const aw_resample *r, size_t n)
{
    size_t span = n * r->up;

    return span > r->next ? (span - r->next + r->down - 1) / r->down : 0;
}

static size_t convert(aw_resample *r, const int16_t *in, size_t n, int16_t *out)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++)
        r->past[r->taps - 1 + i] = in[i];
    for (; r->next < n * r->up; r->next += r->down) {
        const float *row = r->filter + r->next % r->up * r->taps;
        out[made++] = aw_clip16(aw_dot(row, r->past + r->next / r->up, r->taps));
    }
    r->next -= n * r->up;
    memmove(r->past, r->past + n, (r->taps - 1) * sizeof *r->past);
    return made;
}

size_t aw_resample_run(aw_resample *r, const int16_t *in, size_t n, int16_t *out, size_t max)
{
    size_t made = 0;

    if (aw_resample_room(r, n) > max)
        return 0;
    while (n > 0) {
        size_t size = n < AW_RESAMPLE_CHUNK ? n : AW_RESAMPLE_CHUNK;
        made += convert(r, in, size, out + made);
        in += size;
        n -= size;
    }
    return made;
}

aw_status aw_resample_new(aw_resample **out, unsigned from_hz, unsigned to_hz)
{
    if (!out)
        return AW_EINVAL;
    aw_resample *r = aw_alloc(sizeof *r);
    if (!r)
        return AW_ENOMEM;
    aw_status status = aw_resample_init(r, from_hz, to_hz);
    if (status)
        aw_release(r);
    else
        *out = r;
    return status;
}

void aw_resample_free(aw_resample *r)
{
    aw_release(r);
}
