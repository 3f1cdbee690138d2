/* SPDX-License-Identifier: MIT */
/* Levelling blocks side by side: see aw/clean.h.  What they do is in dsp/lanes_clean.inc. */
#include <math.h>

#include "dsp/agc.h"
#include "dsp/lanes.h"
#include "mem.h"

/* A lane is filled in from a single block that has just begun. */
void aw_dcblock_group_open(aw_dcblock_group *g, uint32_t lane)
{
    g->in[lane] = g->out[lane] = 0.0f;
    g->on[lane] = -1;
    g->open |= 1u << lane;
}

void aw_dcblock_group_close(aw_dcblock_group *g, uint32_t lane)
{
    g->on[lane] = 0;
    g->open &= ~(1u << lane);
}

aw_status aw_agc_group_open(aw_agc_group *g, uint32_t lane, float target_dbm0, float most_db)
{
    struct aw_agc begun;
    aw_status status = aw_agc_init(&begun, target_dbm0, most_db);

    if (status != AW_OK)
        return status;
    g->target[lane] = begun.target;
    g->least[lane] = begun.least;
    g->most[lane] = begun.most;
    g->noise[lane] = begun.noise;
    g->active[lane] = begun.active;
    g->gain[lane] = begun.gain;
    g->slope[lane] = begun.slope;
    g->goal[lane] = begun.goal;
    g->on[lane] = -1;
    g->open |= 1u << lane;
    return AW_OK;
}

void aw_agc_group_close(aw_agc_group *g, uint32_t lane)
{
    g->on[lane] = 0;
    g->open &= ~(1u << lane);
}

float aw_agc_group_gain_db(const aw_agc_group *g, uint32_t lane)
{
    return g->open >> lane & 1 ? 20.0f * log10f(g->goal[lane]) : 0.0f;
}

aw_status aw_limiter_group_open(aw_limiter_group *g, uint32_t lane, float ceiling_dbm0)
{
    struct aw_limiter begun;
    aw_status status = aw_limiter_init(&begun, ceiling_dbm0);

    if (status != AW_OK)
        return status;
    for (size_t i = 0; i < AW_LIMITER_BLOCK; i++)
        g->full[i][lane] = g->leaving[i][lane] = 0.0f;
    g->ceiling[lane] = begun.ceiling;
    g->from[lane] = g->to[lane] = g->need[lane] = 1.0f;
    g->on[lane] = -1;
    g->open |= 1u << lane;
    return AW_OK;
}

void aw_limiter_group_close(aw_limiter_group *g, uint32_t lane)
{
    g->on[lane] = 0;
    g->open &= ~(1u << lane);
}

void aw_dcblock_group_run(aw_dcblock_group *g, float *soa)
{
    g->kernel->dcblock(g, soa);
}

void aw_agc_group_run(aw_agc_group *g, float *soa)
{
    g->kernel->agc(g, soa);
}

void aw_limiter_group_run(aw_limiter_group *g, float *soa)
{
    g->kernel->limiter(g, soa);
}

/* All zero but for its kernel: a group without open lanes. */
#define NEW(group)                                                                                 \
    aw_status group##_new(group **out, aw_simd set)                                                \
    {                                                                                              \
        const struct lanes_kernel *kernel = lanes_kernel_of(set);                                  \
        if (!out || !kernel)                                                                       \
            return AW_EINVAL;                                                                      \
        group *g = aw_alloc_lanes(sizeof *g);                                                      \
        if (!g)                                                                                    \
            return AW_ENOMEM;                                                                      \
        g->kernel = kernel;                                                                        \
        *out = g;                                                                                  \
        return AW_OK;                                                                              \
    }                                                                                              \
                                                                                                   \
    void group##_free(group *g)                                                                    \
    {                                                                                              \
        aw_release(g);                                                                             \
    }

NEW(aw_dcblock_group)
NEW(aw_agc_group)
NEW(aw_limiter_group)
