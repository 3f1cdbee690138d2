/* SPDX-License-Identifier: MIT */
/* Level and peak meter: see aw/meter.h. */
#include "dsp/meter.h"

#include "dsp/level.h"
#include "mem.h"

#define STEP AW_METER_STEP

void aw_meter_init(aw_meter *m)
{
    *m = (aw_meter){0};
}

aw_status aw_meter_new(aw_meter **out)
{
    if (!out)
        return AW_EINVAL;
    aw_meter *m = aw_alloc(sizeof *m);
    if (!m)
        return AW_ENOMEM;
    aw_meter_init(m);
    *out = m;
    return AW_OK;
}

void aw_meter_free(aw_meter *m)
{
    aw_release(m);
}

static void end_step(aw_meter *m)
{
    float power = (float)m->sum / (float)STEP;
    float fallen = m->peak * AW_METER_PEAK_FALL;

    m->mean_square += AW_METER_SMOOTHING * (power - m->mean_square);
    if (m->mean_square < AW_METER_NOTHING) /* keep clear of denormals */
        m->mean_square = 0.0f;
    m->peak = (float)m->step_peak > fallen ? (float)m->step_peak : fallen < 0.5f ? 0.0f : fallen;
    m->sum = 0;
    m->step_peak = 0;
    m->fill = 0;
}

void aw_meter_feed(aw_meter *m, const int16_t *pcm, size_t n)
{
    while (n > 0) {
        size_t take = STEP - m->fill < n ? STEP - m->fill : n;
        int64_t sum = 0;
        int32_t peak = m->step_peak;
        for (size_t i = 0; i < take; i++) {
            int32_t x = pcm[i];
            int32_t magnitude = x < 0 ? -x : x;
            sum += x * x;
            peak = magnitude > peak ? magnitude : peak;
        }
        m->sum += sum;
        m->step_peak = peak;
        m->fill += (uint32_t)take;
        pcm += take;
        n -= take;
        if (m->fill == STEP)
            end_step(m);
    }
}

float aw_meter_show_dbm0(float mean_square)
{
    float dbm0 = 10.0f * log10f(mean_square / AW_POWER_0DBM0 + 1e-12f);

    return dbm0 < AW_SILENCE_DBM0 ? AW_SILENCE_DBM0 : dbm0;
}

int32_t aw_meter_show_peak(float peak)
{
    return (int32_t)lrintf(peak);
}

float aw_meter_dbm0(const aw_meter *m)
{
    return aw_meter_show_dbm0(m->mean_square);
}

int32_t aw_meter_peak(const aw_meter *m)
{
    return aw_meter_show_peak(m->peak);
}
