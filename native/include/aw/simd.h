/* SPDX-License-Identifier: MIT */
#ifndef AW_SIMD_H
#define AW_SIMD_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * Which instruction set the grouped blocks use, and their common layout.
 *
 * What:  a block over a group of channels exists once per set, from one source; the best set that
 *        this machine has is chosen at run time, or the one ALTIWARE_SIMD names.
 * How:   a group is AW_SIMD_LANES channels side by side: sample i of channel c is x[i * 16 + c].
 * Not:   it keeps no state and switches nothing while a group lives: a group keeps its set.
 */
#define AW_SIMD_LANES 16 /* channels of a group, whatever the register width */

typedef enum {
    AW_SIMD_SCALAR = 0, /* reference: one lane, plain multiply and add; equals BASE bit for bit */
    AW_SIMD_FUSED = 1,  /* reference: one lane, fused multiply-add; equals AVX2, AVX512 and NEON */
    AW_SIMD_BASE = 2,   /* 4 lanes: whatever the compiler's default is (SSE2 on x86-64) */
    AW_SIMD_AVX2 = 3,   /* 8 lanes: x86-64-v3 (AVX2 and FMA) */
    AW_SIMD_AVX512 = 4, /* 16 lanes: x86-64-v4 (AVX-512 F, DQ, BW, VL) */
    AW_SIMD_NEON = 5,   /* 4 lanes: AArch64 */
} aw_simd;

/**
 * The set to use: what ALTIWARE_SIMD names (base, avx2, avx512, neon, scalar, fused) if this
 * machine has it, else the fastest it has.  Control: reads the environment and the processor's
 * flags.
 */
aw_simd aw_simd_choose(void);
/** Whether this machine and this build have the set. */
int aw_simd_has(aw_simd set);
/** "avx2" and so on; "?" for a value out of the enumeration. */
const char *aw_simd_name(aw_simd set);
/** Channels of one register of the set (1, 4, 8 or 16); 0 for a value out of the enumeration. */
uint32_t aw_simd_width(aw_simd set);

/**
 * Transpose n samples of 16 rows into a group's layout; a NULL row gives zeros.  n is a multiple
 * of 8.  soa holds n * 16 floats.  Real-time safe.
 */
void aw_simd_gather(const int16_t *const rows[16], float *soa, size_t n);
/** The way back, rounded to nearest and saturated; a NULL row is left out.  Real-time safe. */
void aw_simd_scatter(const float *soa, int16_t *const rows[16], size_t n);
/* cffi: end */
#endif
