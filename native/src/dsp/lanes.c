/* SPDX-License-Identifier: MIT */
/* Groups of channels over the kernels: see aw/lanes.h. */
#include "dsp/lanes.h"

#include "dsp/meter.h"
#include "mem.h"

const struct lanes_kernel *lanes_kernel_of(aw_simd set)
{
    if (!aw_simd_has(set))
        return NULL;
    switch (set) {
    case AW_SIMD_SCALAR:
    case AW_SIMD_FUSED: /* nothing is fused */
        return &lanes_kernel_scalar;
    case AW_SIMD_BASE:
        return &lanes_kernel_base;
#if defined(__x86_64__)
    case AW_SIMD_AVX2:
        return &lanes_kernel_avx2;
    case AW_SIMD_AVX512:
        return &lanes_kernel_avx512;
#elif defined(__aarch64__)
    case AW_SIMD_NEON:
        return &lanes_kernel_neon;
#endif
    default:
        return NULL;
    }
}

/* For the calls that take any set: those without a kernel are done by the reference. */
static const struct lanes_kernel *kernel_or_scalar(aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);

    return kernel ? kernel : &lanes_kernel_scalar;
}

void aw_lanes_decode(aw_simd set, aw_law law, const uint8_t *const rows[16], float *soa, size_t n)
{
    kernel_or_scalar(set)->decode(law, rows, soa, n);
}

void aw_lanes_encode(aw_simd set, aw_law law, const float *soa, uint8_t *const rows[16], size_t n)
{
    kernel_or_scalar(set)->encode(law, soa, rows, n);
}

void aw_lanes_gather(aw_simd set, const int16_t *const rows[16], float *soa, size_t n)
{
    kernel_or_scalar(set)->gather(rows, soa, n);
}

void aw_lanes_clear(void *from, void *end, uint32_t lane)
{
    for (uint32_t *cell = from; cell < (uint32_t *)end; cell += LANES)
        cell[lane] = 0;
}

void aw_dtmf_group_init(struct aw_dtmf_group *g, const struct lanes_kernel *kernel)
{
    *g = (struct aw_dtmf_group){.kernel = kernel};
    for (uint32_t lane = 0; lane < LANES; lane++)
        aw_dtmf_group_close(g, lane);
}

aw_status aw_dtmf_group_new(aw_dtmf_group **out, aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);
    if (!out || !kernel)
        return AW_EINVAL;
    aw_dtmf_group *g = aw_alloc_lanes(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    aw_dtmf_group_init(g, kernel);
    *out = g;
    return AW_OK;
}

void aw_dtmf_group_free(aw_dtmf_group *g)
{
    aw_release(g);
}

void aw_dtmf_group_close(aw_dtmf_group *g, uint32_t lane)
{
    aw_lanes_clear(g->re, g + 1, lane);
    g->pair[lane] = g->tail[lane] = g->ended_pair[lane] = -1;
    g->open &= ~(1u << lane);
}

void aw_dtmf_group_open(aw_dtmf_group *g, uint32_t lane)
{
    aw_dtmf_group_close(g, lane);
    g->listening[lane] = -1;
    g->open |= 1u << lane;
}

size_t aw_dtmf_group_feed(aw_dtmf_group *g, const float *soa, aw_lane_digit *out)
{
    size_t count = 0;

    if (!g->open || !g->kernel->dtmf(g, soa))
        return 0;
    for (uint32_t lane = 0; lane < LANES; lane++) {
        if (!(g->open >> lane & 1))
            continue;
        float ended[2] = {g->ended_level[0][lane], g->ended_level[1][lane]};
        float level[2] = {g->level[0][lane], g->level[1][lane]};
        if (g->ended_pair[lane] >= 0) {
            out[count].lane = lane;
            aw_dtmf_event(&out[count++].digit, g->ended_pair[lane], ended, g->ended_duration[lane],
                          false);
        }
        if (g->begun[lane]) {
            out[count].lane = lane;
            aw_dtmf_event(&out[count++].digit, g->pair[lane], level, 0.0f, true);
        }
    }
    return count;
}

aw_status aw_progress_group_init(struct aw_progress_group *g, const aw_progress_plan *plan,
                                 const struct lanes_kernel *kernel)
{
    *g = (struct aw_progress_group){.kernel = kernel};
    for (uint32_t lane = 0; lane < LANES; lane++)
        aw_progress_group_close(g, lane);
    return aw_progress_shape_init(&g->shape, plan);
}

aw_status aw_progress_group_new(aw_progress_group **out, const aw_progress_plan *plan, aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);
    if (!out || !plan || !kernel)
        return AW_EINVAL;
    aw_progress_group *g = aw_alloc_lanes(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    aw_status status = aw_progress_group_init(g, plan, kernel);
    if (status != AW_OK) {
        aw_release(g);
        return status;
    }
    *out = g;
    return AW_OK;
}

void aw_progress_group_free(aw_progress_group *g)
{
    aw_release(g);
}

void aw_progress_group_close(aw_progress_group *g, uint32_t lane)
{
    aw_lanes_clear(g->q1, g->course, lane);
    aw_progress_course_init(&g->course[lane]);
    g->open &= ~(1u << lane);
}

aw_status aw_progress_group_open(aw_progress_group *g, uint32_t lane)
{
    if (g->second)
        return AW_ESTATE;
    aw_progress_group_close(g, lane);
    g->open |= 1u << lane;
    return AW_OK;
}

/* One more hop of a lane.  Mostly it is one more of the same, without a consequence. */
static size_t end_lane_hop(aw_progress_group *g, uint32_t lane, aw_progress_event out[2])
{
    aw_progress_course *course = &g->course[lane];
    int32_t heard = g->heard[lane];

    if (heard == course->now.set && course->rival_hops == 0 &&
        course->now.hops + 1 < g->wake[lane]) {
        course->now.hops++;
        return 0;
    }
    const aw_progress_sound sound = {
        .sum = &g->sum[0][0][lane],
        .tone = &g->tone[0][lane],
        .level = &g->level[lane],
        .stride = LANES,
    };
    size_t made = aw_progress_hop(&g->shape, course, &sound, heard, out);
    g->wake[lane] = aw_progress_wake(&g->shape, course);
    return made;
}

size_t aw_progress_group_feed(aw_progress_group *g, const float *soa, aw_lane_tone *out)
{
    size_t count = 0;

    g->kernel->progress(g, soa);
    g->second = !g->second;
    for (uint32_t lane = 0; lane < LANES && !g->second; lane++) {
        aw_progress_event events[2];
        size_t made = g->open >> lane & 1 ? end_lane_hop(g, lane, events) : 0;
        for (size_t i = 0; i < made; i++)
            out[count++] = (aw_lane_tone){lane, events[i]};
    }
    return count;
}

void aw_meter_group_init(struct aw_meter_group *g, const struct lanes_kernel *kernel)
{
    *g = (struct aw_meter_group){.kernel = kernel};
}

aw_status aw_meter_group_new(aw_meter_group **out, aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);
    if (!out || !kernel)
        return AW_EINVAL;
    aw_meter_group *g = aw_alloc_lanes(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    aw_meter_group_init(g, kernel);
    *out = g;
    return AW_OK;
}

void aw_meter_group_free(aw_meter_group *g)
{
    aw_release(g);
}

void aw_meter_group_reset(aw_meter_group *g, uint32_t lane)
{
    g->mean_square[lane] = g->peak[lane] = 0.0f;
}

void aw_meter_group_feed(aw_meter_group *g, const float *soa)
{
    g->kernel->meter(g, soa);
}

float aw_meter_group_dbm0(const aw_meter_group *g, uint32_t lane)
{
    return aw_meter_show_dbm0(g->mean_square[lane]);
}

int32_t aw_meter_group_peak(const aw_meter_group *g, uint32_t lane)
{
    return aw_meter_show_peak(g->peak[lane]);
}
