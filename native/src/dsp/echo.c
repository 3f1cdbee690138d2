/* SPDX-License-Identifier: MIT */
/* Groups of echo cancellers over the kernels: see aw/echo.h. */
#include "aw/echo.h"

#include <math.h>
#include <string.h>

#include "dsp/echo.h"
#include "dsp/echo_delay.h"
#include "mem.h"

#define ALIGNMENT       64
#define FULL_SCALE_DBM0 3.14 /* of a sine with peak 32768 */
#define BLOCK_FLOATS    (AW_ECHO_BLOCK * AW_SIMD_LANES)
#define BEFORE_PEAK     48        /* samples that an echo may begin before its loudest place */
#define SPEECH_ENERGY   400000.0f /* of a block: -44 dBm0 */

/* Far ends of the past, and the search for how far back each lane must look. */
struct past {
    uint32_t blocks; /* of the ring */
    uint32_t next;   /* to be written */
    uint32_t delay[AW_SIMD_LANES];
    struct echo_delay search[AW_SIMD_LANES];
    float ring[]; /* [blocks][BLOCK_FLOATS] */
};

struct aw_echo_group {
    const struct echo_kernel *kernel;
    uint32_t partitions, chunks;
    size_t chunk_bytes; /* a multiple of ALIGNMENT */
    size_t bytes;
    uint32_t tail[AW_SIMD_LANES], wants[AW_SIMD_LANES];
    uint16_t open; /* bit per lane */
    unsigned char *states;
    struct past *past; /* NULL without a delay to search */
};

const struct echo_kernel *echo_kernel_of(aw_simd set)
{
    switch (set) {
    case AW_SIMD_SCALAR:
        return &echo_kernel_scalar;
    case AW_SIMD_FUSED:
        return &echo_kernel_fused;
    case AW_SIMD_BASE:
        return &echo_kernel_base;
#if defined(__x86_64__)
    case AW_SIMD_AVX2:
        return aw_simd_has(set) ? &echo_kernel_avx2 : NULL;
    case AW_SIMD_AVX512:
        return aw_simd_has(set) ? &echo_kernel_avx512 : NULL;
#elif defined(__aarch64__)
    case AW_SIMD_NEON:
        return &echo_kernel_neon;
#endif
    default:
        return NULL;
    }
}

static void *chunk_of(const aw_echo_group *g, uint32_t chunk)
{
    return g->states + chunk * g->chunk_bytes;
}

static uint32_t partitions_of(uint32_t tail_ms)
{
    return (tail_ms + 4) / 5;
}

aw_status aw_echo_group_new(aw_echo_group **out, uint32_t tail_ms, uint32_t delay_ms)
{
    return aw_echo_group_new_with(out, tail_ms, delay_ms, aw_simd_choose());
}

static size_t past_bytes(uint32_t delay_ms)
{
    return delay_ms ? sizeof(struct past) + (delay_ms / 5 + 1) * BLOCK_FLOATS * sizeof(float) : 0;
}

/* Lay out the one allocation: the group, its chunks, its past. */
static void furnish(aw_echo_group *g, uint32_t delay_ms)
{
    uintptr_t after = (uintptr_t)(g + 1);

    g->states = (unsigned char *)(g + 1) + (ALIGNMENT - after % ALIGNMENT) % ALIGNMENT;
    for (uint32_t i = 0; i < g->chunks; i++)
        g->kernel->prepare(chunk_of(g, i), g->partitions);
    if (!delay_ms)
        return;
    g->past = (struct past *)(void *)(g->states + g->chunks * g->chunk_bytes);
    g->past->blocks = delay_ms / 5 + 1;
}

aw_status aw_echo_group_new_with(aw_echo_group **out, uint32_t tail_ms, uint32_t delay_ms,
                                 aw_simd set)
{
    const struct echo_kernel *kernel = echo_kernel_of(set);
    if (!out || !kernel || tail_ms < 5 || tail_ms > 160 || delay_ms > 250)
        return AW_EINVAL;
    uint32_t partitions = partitions_of(tail_ms), chunks = AW_SIMD_LANES / kernel->width;
    size_t chunk_bytes = (kernel->bytes(partitions) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t bytes = sizeof(aw_echo_group) + ALIGNMENT + chunks * chunk_bytes + past_bytes(delay_ms);
    aw_echo_group *g = aw_alloc(bytes);
    if (!g)
        return AW_ENOMEM;
    g->kernel = kernel;
    g->partitions = partitions;
    g->chunks = chunks;
    g->chunk_bytes = chunk_bytes;
    g->bytes = bytes;
    furnish(g, delay_ms);
    *out = g;
    return AW_OK;
}

void aw_echo_group_touch(aw_echo_group *g)
{
    aw_touch(g, g->bytes);
}

void aw_echo_group_free(aw_echo_group *g)
{
    aw_release(g);
}

size_t aw_echo_group_bytes(const aw_echo_group *g)
{
    return g->bytes;
}

static int is_open(const aw_echo_group *g, uint32_t lane)
{
    return lane < AW_SIMD_LANES && (g->open >> lane & 1);
}

/* Begin a lane anew with what it wanted; its delay stays. */
static void begin(aw_echo_group *g, uint32_t lane)
{
    uint32_t wants = g->wants[lane];
    struct echo_lane_plan plan = {
        .partitions = partitions_of(g->tail[lane]),
        .want = (wants & AW_ECHO_NLP ? ECHO_WANT_NLP : 0u) |
                (wants & AW_ECHO_DISABLER ? ECHO_WANT_DISABLER : 0u),
        .seed = lane * 2654435761u + 1u,
    };

    g->kernel->open(chunk_of(g, lane / g->kernel->width), lane % g->kernel->width, &plan);
}

aw_status aw_echo_open(aw_echo_group *g, uint32_t lane, uint32_t tail_ms, uint32_t wants)
{
    if (!g || lane >= AW_SIMD_LANES || tail_ms < 5 || partitions_of(tail_ms) > g->partitions ||
        wants > (AW_ECHO_NLP | AW_ECHO_DISABLER | AW_ECHO_SEARCH) ||
        ((wants & AW_ECHO_SEARCH) && !g->past))
        return AW_EINVAL;
    g->tail[lane] = tail_ms;
    g->wants[lane] = wants;
    g->open = (uint16_t)(g->open | 1u << lane);
    if (g->past) {
        g->past->delay[lane] = 0;
        echo_delay_reset(&g->past->search[lane]);
    }
    begin(g, lane);
    return AW_OK;
}

aw_status aw_echo_reset(aw_echo_group *g, uint32_t lane)
{
    if (!g || lane >= AW_SIMD_LANES)
        return AW_EINVAL;
    return is_open(g, lane) ? aw_echo_open(g, lane, g->tail[lane], g->wants[lane]) : AW_ESTATE;
}

aw_status aw_echo_close(aw_echo_group *g, uint32_t lane)
{
    if (!g || lane >= AW_SIMD_LANES)
        return AW_EINVAL;
    g->kernel->close(chunk_of(g, lane / g->kernel->width), lane % g->kernel->width);
    g->open = (uint16_t)(g->open & ~(1u << lane));
    return AW_OK;
}

static float decibels(float above, float below)
{
    return above > 0.0f && below > 0.0f ? (float)(10.0 * log10((double)above / (double)below))
                                        : 0.0f;
}

aw_status aw_echo_look(const aw_echo_group *g, uint32_t lane, aw_echo_view *out)
{
    if (!g || !out || lane >= AW_SIMD_LANES)
        return AW_EINVAL;
    struct echo_lane_view v;
    g->kernel->view(chunk_of(g, lane / g->kernel->width), lane % g->kernel->width, &v);
    double floor = 10.0 * log10((double)v.floor * 2.0 / (32768.0 * 32768.0) + 1e-12);
    *out = (aw_echo_view){
        .erl_db = decibels(v.far, v.estimate),
        .erle_db = decibels(v.near, v.error),
        .floor_dbm0 = (float)fmax(floor + FULL_SCALE_DBM0, -99.0),
        .delay_ms = g->past ? 5 * g->past->delay[lane] : 0,
        .resets = v.resets,
        .open = (uint8_t)is_open(g, lane),
        .converged = (uint8_t)v.converged,
        .frozen = (uint8_t)v.frozen,
        .disabled = (uint8_t)v.disabled,
        .suppressing = (uint8_t)v.suppressing,
    };
    return AW_OK;
}

static void pass(const float *near, float *out, uint32_t width)
{
    for (size_t i = 0; i < AW_ECHO_BLOCK && near != out; i++)
        memcpy(out + i * AW_SIMD_LANES, near + i * AW_SIMD_LANES, width * sizeof(float));
}

/* Look for one lane's delay, until its filter has converged. */
static void search(aw_echo_group *g, uint32_t lane, const float *far, const float *near)
{
    struct past *past = g->past;
    struct echo_lane_view v;
    float energy = 0.0f;

    g->kernel->view(chunk_of(g, lane / g->kernel->width), lane % g->kernel->width, &v);
    if (v.converged) {
        if (past->search[lane].sweeps)
            echo_delay_reset(&past->search[lane]);
        return;
    }
    for (size_t i = 0; i < AW_ECHO_BLOCK; i++)
        energy += far[i * AW_SIMD_LANES] * far[i * AW_SIMD_LANES];
    int speech = energy > SPEECH_ENERGY && !v.narrow;
    int samples = echo_delay_feed(&past->search[lane], far, near, AW_SIMD_LANES, speech);
    if (samples < 0)
        return;
    uint32_t blocks = samples < BEFORE_PEAK ? 0 : (uint32_t)(samples - BEFORE_PEAK) / AW_ECHO_BLOCK;
    blocks = blocks < past->blocks ? blocks : past->blocks - 1;
    if (blocks == past->delay[lane])
        return;
    past->delay[lane] = blocks;
    begin(g, lane);
}

/* Keep the far end, and give each lane's as its delay wants it. */
static void look_back(aw_echo_group *g, const float *far, const float *near, float *delayed)
{
    struct past *past = g->past;

    memcpy(past->ring + past->next * BLOCK_FLOATS, far, BLOCK_FLOATS * sizeof(float));
    for (uint32_t lane = 0; lane < AW_SIMD_LANES; lane++) {
        if (is_open(g, lane) && (g->wants[lane] & AW_ECHO_SEARCH))
            search(g, lane, far + lane, near + lane);
        uint32_t at = (past->next + past->blocks - past->delay[lane]) % past->blocks;
        const float *then = past->ring + at * BLOCK_FLOATS + lane;
        for (size_t i = 0; i < BLOCK_FLOATS; i += AW_SIMD_LANES)
            delayed[i + lane] = then[i];
    }
    past->next = (past->next + 1) % past->blocks;
}

void aw_echo_process(aw_echo_group *g, const float *far, const float *near, float *out)
{
    uint32_t width = g->kernel->width;
    float delayed[BLOCK_FLOATS];

    if (g->past && g->open) {
        look_back(g, far, near, delayed);
        far = delayed;
    }

    for (uint32_t i = 0, lane = 0; i < g->chunks; i++, lane += width) {
        if ((uint32_t)g->open >> lane & ((1u << width) - 1))
            g->kernel->process(chunk_of(g, i), far + lane, near + lane, out + lane);
        else
            pass(near + lane, out + lane, width);
    }
}

void aw_echo_process_rows(aw_echo_group *g, const int16_t *const far[16],
                          const int16_t *const near[16], int16_t *const out[16])
{
    float f[AW_ECHO_BLOCK * AW_SIMD_LANES], n[AW_ECHO_BLOCK * AW_SIMD_LANES];

    aw_simd_gather(far, f, AW_ECHO_BLOCK);
    aw_simd_gather(near, n, AW_ECHO_BLOCK);
    aw_echo_process(g, f, n, n);
    aw_simd_scatter(n, out, AW_ECHO_BLOCK);
}

aw_status aw_echo_feed(aw_echo_group *g, uint32_t lane, const int16_t *far, const int16_t *near,
                       int16_t *out, size_t n)
{
    if (!g || lane >= AW_SIMD_LANES || n % AW_ECHO_BLOCK || (n && (!far || !near || !out)))
        return AW_EINVAL;
    const int16_t *fars[AW_SIMD_LANES] = {NULL}, *nears[AW_SIMD_LANES] = {NULL};
    int16_t *outs[AW_SIMD_LANES] = {NULL};

    for (size_t i = 0; i < n; i += AW_ECHO_BLOCK) {
        fars[lane] = far + i;
        nears[lane] = near + i;
        outs[lane] = out + i;
        aw_echo_process_rows(g, fars, nears, outs);
    }
    return AW_OK;
}
