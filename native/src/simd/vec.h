/* SPDX-License-Identifier: MIT */
/*
 * One register of lanes, for a source compiled once per instruction set.
 *
 * The including unit defines AW_SET_SCALAR, _FUSED, _BASE, _AVX2, _AVX512 or _NEON, and for AVX its
 * target pragma, before anything else.  Only operations that IEEE 754 rounds exactly are offered
 * (and compilers don't contract under -std=c11), so a lane's result depends on nothing but its own
 * samples and on whether multiply-add is fused: sets can be compared bit for bit.
 */
#ifndef AW_SRC_SIMD_VEC_H
#define AW_SRC_SIMD_VEC_H
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(AW_SET_AVX2) || defined(AW_SET_AVX512)
#include <immintrin.h>
#elif defined(AW_SET_NEON)
#include <arm_neon.h>
#elif defined(AW_SET_BASE) && defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(AW_SET_AVX512)
#define AW_WIDTH 16
#elif defined(AW_SET_AVX2)
#define AW_WIDTH 8
#elif defined(AW_SET_BASE) || defined(AW_SET_NEON)
#define AW_WIDTH 4
#else
#define AW_WIDTH 1
#endif

/* GCC 12's analyzer loses loops that fill arrays of vectors: what it looks at starts as zeros. */
#if AW_WIDTH == 1 || defined(AW_ANALYSED)
#define AW_BLANK(array) memset(array, 0, sizeof(array))
#else
#define AW_BLANK(array) (void)0
#endif

#define AW_INLINE static inline __attribute__((always_inline, unused))

typedef float vf __attribute__((vector_size(4 * AW_WIDTH)));
typedef int32_t vi __attribute__((vector_size(4 * AW_WIDTH)));
typedef uint32_t vu __attribute__((vector_size(4 * AW_WIDTH)));

AW_INLINE vf v_all(float x)
{
    return (vf){0} + x;
}

AW_INLINE vf v_load(const float *from)
{
    vf x;
    memcpy(&x, from, sizeof x);
    return x;
}

AW_INLINE void v_store(float *to, vf x)
{
    memcpy(to, &x, sizeof x);
}

/* a where the mask is all ones, b where it is 0 */
AW_INLINE vf v_pick(vi mask, vf a, vf b)
{
    return (vf)((mask & (vi)a) | (~mask & (vi)b));
}

/* a where the mask is all ones, +0 elsewhere */
AW_INLINE vf v_keep(vi mask, vf a)
{
    return (vf)(mask & (vi)a);
}

AW_INLINE vf v_max(vf a, vf b)
{
    return v_pick(a > b, a, b);
}

AW_INLINE vf v_min(vf a, vf b)
{
    return v_pick(a < b, a, b);
}

AW_INLINE vf v_abs(vf a)
{
    return (vf)((vi)a & 0x7fffffff);
}

/* a * b + c */
AW_INLINE vf v_fma(vf a, vf b, vf c)
{
#if defined(AW_SET_AVX512)
    return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(AW_SET_AVX2)
    return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(AW_SET_NEON)
    return (vf)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#elif defined(AW_SET_FUSED)
    return (vf){fmaf(a[0], b[0], c[0])};
#else
    return a * b + c;
#endif
}

/* c - a * b */
AW_INLINE vf v_fnma(vf a, vf b, vf c)
{
    return v_fma(-a, b, c);
}

AW_INLINE vf v_sqrt(vf a)
{
#if defined(AW_SET_AVX512)
    return (vf)_mm512_sqrt_ps((__m512)a);
#elif defined(AW_SET_AVX2)
    return (vf)_mm256_sqrt_ps((__m256)a);
#elif defined(AW_SET_NEON)
    return (vf)vsqrtq_f32((float32x4_t)a);
#elif defined(AW_SET_BASE) && defined(__SSE2__)
    return (vf)_mm_sqrt_ps((__m128)a);
#else
    vf r = a;
    for (int i = 0; i < AW_WIDTH; i++)
        r[i] = sqrtf(a[i]);
    return r;
#endif
}

/* Whether the mask has any lane set. */
AW_INLINE int v_any(vi mask)
{
#if defined(AW_SET_AVX512)
    return _mm512_movepi32_mask((__m512i)mask) != 0;
#elif defined(AW_SET_AVX2)
    return _mm256_movemask_ps((__m256)mask) != 0;
#else
    int32_t any = 0;
    for (int i = 0; i < AW_WIDTH; i++)
        any |= mask[i];
    return any != 0;
#endif
}
#endif
