/* SPDX-License-Identifier: MIT */
/* Levelling blocks for embedding in a port, alone and side by side.  Their calls are those of
 * aw/agc.h and aw/clean.h; the constants are those of both. */
#ifndef AW_SRC_DSP_AGC_H
#define AW_SRC_DSP_AGC_H
#include "aw/clean.h"

enum {
    AW_AGC_STEP = 40,                        /* samples: the gain is set anew every 5 ms */
    AW_LIMITER_BLOCK = AW_LIMITER_DELAY / 2, /* samples */
};

#define AW_DC_POLE         0.984414f   /* exp(-2 pi 20 Hz / 8000 Hz) */
#define AW_DC_NOTHING      1e-3f       /* no denormals in long silence */
#define AW_LIMITER_RECOVER 1.00693f    /* 60 dB/s in blocks of 1 ms */
#define AW_AGC_QUIETEST    260.0f      /* power of -60 dBm0: below it there is no speech */
#define AW_AGC_ABOVE       10.0f       /* 10 dB over the noise is speech */
#define AW_AGC_RELEASE     0.995f      /* of active power a step: 1 s; speech, not syllables */
#define AW_AGC_ATTACK      0.1f        /* 50 ms */
#define AW_AGC_NOISE_UP    1.0023f     /* 2 dB/s: a louder room is believed after some seconds */
#define AW_AGC_UP          1.00230524f /* 0.02 dB a step of 5 ms: 4 dB/s */
#define AW_AGC_DOWN        0.98855309f /* -0.1 dB: 20 dB/s */

struct aw_dcblock {
    float in, out;
};

struct aw_limiter {
    int16_t filling[AW_LIMITER_BLOCK]; /* newest block, `fill` samples yet */
    int16_t full[AW_LIMITER_BLOCK];    /* the block before it */
    int16_t leaving[AW_LIMITER_BLOCK]; /* and before that: going out */
    float ceiling;                     /* magnitude */
    float from, to;                    /* gain at the ends of the leaving block */
    float need;                        /* gain that the full block may have at most */
    size_t fill;
};

/* Gains are factors: roots and quotients round alike in every instruction set, logarithms don't. */
struct aw_agc {
    float target;        /* power */
    float least, most;   /* gain */
    float noise, active; /* power: floor, and of speech */
    float sum;           /* of squares in this step */
    float gain, slope;   /* now, and its change a sample */
    float goal;          /* where the slope leads */
    size_t fill;
};

struct lanes_kernel;

/* The same words side by side; `on` is -1 in open lanes. */
struct aw_dcblock_group {
    const struct lanes_kernel *kernel;
    uint32_t open;
    _Alignas(64) int32_t on[AW_SIMD_LANES];
    float in[AW_SIMD_LANES], out[AW_SIMD_LANES];
};

struct aw_limiter_group {
    const struct lanes_kernel *kernel;
    uint32_t open;
    _Alignas(64) int32_t on[AW_SIMD_LANES];
    float full[AW_LIMITER_BLOCK][AW_SIMD_LANES];
    float leaving[AW_LIMITER_BLOCK][AW_SIMD_LANES];
    float ceiling[AW_SIMD_LANES];
    float from[AW_SIMD_LANES], to[AW_SIMD_LANES];
    float need[AW_SIMD_LANES];
};

struct aw_agc_group {
    const struct lanes_kernel *kernel;
    uint32_t open;
    _Alignas(64) int32_t on[AW_SIMD_LANES];
    float target[AW_SIMD_LANES];
    float least[AW_SIMD_LANES], most[AW_SIMD_LANES];
    float noise[AW_SIMD_LANES], active[AW_SIMD_LANES];
    float gain[AW_SIMD_LANES], slope[AW_SIMD_LANES];
    float goal[AW_SIMD_LANES];
};

/* Real-time safe.  AW_EINVAL: out of range, and nothing was changed. */
void aw_dcblock_init(struct aw_dcblock *d);
aw_status aw_limiter_init(struct aw_limiter *l, float ceiling_dbm0);
aw_status aw_agc_init(struct aw_agc *a, float target_dbm0, float most_db);
#endif
