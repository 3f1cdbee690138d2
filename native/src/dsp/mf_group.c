/* SPDX-License-Identifier: MIT */
/* Sixteen MF receivers side by side: see aw/lanes.h. */
#include "dsp/lanes.h"
#include "mem.h"

aw_status aw_mf_group_init(struct aw_mf_group *g, aw_mf_standard standard,
                           const struct lanes_kernel *kernel)
{
    *g = (struct aw_mf_group){.kernel = kernel};
    return aw_mf_shape_init(&g->shape, standard);
}

aw_status aw_mf_group_new(aw_mf_group **out, aw_mf_standard standard, aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);

    if (!out || !kernel || !aw_mf_frequencies(standard))
        return AW_EINVAL;
    aw_mf_group *g = aw_alloc_lanes(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    *out = g;
    return aw_mf_group_init(g, standard, kernel);
}

void aw_mf_group_free(aw_mf_group *g)
{
    aw_release(g);
}

void aw_mf_group_close(aw_mf_group *g, uint32_t lane)
{
    aw_lanes_clear(g->re, g->course, lane);
    aw_mf_course_init(&g->course[lane]);
    g->open &= ~(1u << lane);
}

void aw_mf_group_open(aw_mf_group *g, uint32_t lane)
{
    aw_mf_group_close(g, lane);
    g->open |= 1u << lane;
}

/* Mostly nothing is heard, and nothing was. */
static size_t end_lane_hop(aw_mf_group *g, uint32_t lane, aw_digit out[2])
{
    if (g->heard[lane] < 0 && aw_mf_at_rest(&g->course[lane]))
        return 0;
    const aw_mf_sound sound = {
        .re = &g->window_re[0][lane],
        .im = &g->window_im[0][lane],
        .stride = LANES,
        .energy = g->energy[lane],
        .pair = g->heard[lane],
        .fit = {{g->fit_re[0][lane], g->fit_re[1][lane]},
                {g->fit_im[0][lane], g->fit_im[1][lane]},
                g->fitted[lane]},
    };
    return aw_mf_hop(&g->shape, &g->course[lane], &sound, out);
}

size_t aw_mf_group_feed(aw_mf_group *g, const float *soa, aw_lane_digit *out)
{
    size_t count = 0;

    if (!g->open)
        return 0;
    g->kernel->mf(g, soa);
    for (uint32_t lane = 0; lane < LANES; lane++) {
        aw_digit events[2];
        size_t made = g->open >> lane & 1 ? end_lane_hop(g, lane, events) : 0;
        for (size_t i = 0; i < made; i++)
            out[count++] = (aw_lane_digit){lane, events[i]};
    }
    return count;
}
