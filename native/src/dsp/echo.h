/* SPDX-License-Identifier: MIT */
/* The echo canceller's kernels, one per instruction set: see aw/echo.h for what they do. */
#ifndef AW_SRC_DSP_ECHO_H
#define AW_SRC_DSP_ECHO_H
#include <stddef.h>
#include <stdint.h>

#include "aw/simd.h"

#define ECHO_BLOCK    40 /* samples: the engine's tick of 5 ms, and one partition of a filter */
#define ECHO_BINS     41 /* of a transform of two blocks */
#define ECHO_MAX_TAIL 32 /* partitions: 160 ms */

enum echo_want { ECHO_WANT_NLP = 1, ECHO_WANT_DISABLER = 2 };

/* What a lane is told when it opens. */
struct echo_lane_plan {
    unsigned partitions; /* of this lane; not above the chunk's */
    unsigned want;       /* echo_want */
    uint32_t seed;       /* of its comfort noise */
};

/* What a lane can be asked at any time.  Powers are mean squares of samples. */
struct echo_lane_view {
    float far, near, error, estimate; /* while the far end speaks, over about half a second */
    float floor;                      /* noise of the near end */
    int converged, frozen, narrow, disabled, suppressing;
    uint32_t resets; /* times the path was found changed and forgotten */
};

/* A chunk is as many lanes as one register holds; a lane's result depends on its own samples only.
 */
struct echo_kernel {
    unsigned width; /* lanes of a chunk */
    size_t (*bytes)(unsigned partitions);
    void (*prepare)(void *chunk, unsigned partitions);
    void (*open)(void *chunk, unsigned lane, const struct echo_lane_plan *plan);
    void (*close)(void *chunk, unsigned lane);
    /* Real-time safe.  far, near, out: ECHO_BLOCK rows, AW_SIMD_LANES apart; out may be near. */
    void (*process)(void *chunk, const float *far, const float *near, float *out);
    void (*view)(const void *chunk, unsigned lane, struct echo_lane_view *out);
};

extern const struct echo_kernel echo_kernel_scalar, echo_kernel_fused, echo_kernel_base;
#if defined(__x86_64__)
extern const struct echo_kernel echo_kernel_avx2, echo_kernel_avx512;
#elif defined(__aarch64__)
extern const struct echo_kernel echo_kernel_neon;
#endif

/* The kernel of a set, or NULL if this build or machine has none. */
const struct echo_kernel *echo_kernel_of(aw_simd set);
#endif
