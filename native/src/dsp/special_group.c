/* SPDX-License-Identifier: MIT */
/* Sixteen detectors of special tones side by side: see aw/lanes.h. */
#include "dsp/lanes.h"
#include "mem.h"

void aw_special_group_init(struct aw_special_group *g, const struct lanes_kernel *kernel)
{
    *g = (struct aw_special_group){.kernel = kernel};
}

aw_status aw_special_group_new(aw_special_group **out, aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);

    if (!out || !kernel)
        return AW_EINVAL;
    aw_special_group *g = aw_alloc_lanes(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    aw_special_group_init(g, kernel);
    *out = g;
    return AW_OK;
}

void aw_special_group_free(aw_special_group *g)
{
    aw_release(g);
}

void aw_special_group_close(aw_special_group *g, uint32_t lane)
{
    aw_lanes_clear(g->q1, g->course, lane);
    aw_special_course_init(&g->course[lane]);
    g->open &= ~(1u << lane);
}

aw_status aw_special_group_open(aw_special_group *g, uint32_t lane)
{
    if (g->second)
        return AW_ESTATE;
    aw_special_group_close(g, lane);
    g->open |= 1u << lane;
    return AW_OK;
}

/* Mostly nothing is heard, and nothing was. */
static uint32_t end_lane_hop(aw_special_group *g, uint32_t lane)
{
    if (g->heard[lane] < 0 && aw_special_at_rest(&g->course[lane]))
        return 0;
    return aw_special_hop(&g->course[lane], g->heard[lane], g->re[lane], g->im[lane]);
}

size_t aw_special_group_feed(aw_special_group *g, const float *soa, aw_lane_special *out)
{
    size_t count = 0;

    if (g->open)
        g->kernel->special(g, soa);
    g->second = !g->second;
    for (uint32_t lane = 0; lane < LANES && !g->second; lane++) {
        uint32_t kind = g->open >> lane & 1 ? end_lane_hop(g, lane) : 0;
        if (kind)
            out[count++] = (aw_lane_special){lane, kind};
    }
    return count;
}
