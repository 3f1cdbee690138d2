/* SPDX-License-Identifier: MIT */
/* Choice of the instruction set at run time: see aw/simd.h. */
#include "aw/simd.h"

#include <stdlib.h>
#include <string.h>

#define SETS 6

static const char *const names[SETS] = {"scalar", "fused", "base", "avx2", "avx512", "neon"};
static const uint32_t widths[SETS] = {1, 1, 4, 8, 16, 4};

static int processor_has(aw_simd set)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (set == AW_SIMD_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (set == AW_SIMD_AVX512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return 0;
#elif defined(__aarch64__)
    return set == AW_SIMD_NEON;
#else
    (void)set;
    return 0;
#endif
}

int aw_simd_has(aw_simd set)
{
    if (set == AW_SIMD_SCALAR || set == AW_SIMD_FUSED || set == AW_SIMD_BASE)
        return 1;
    return processor_has(set) ? 1 : 0;
}

aw_simd aw_simd_choose(void)
{
    static const aw_simd order[] = {AW_SIMD_AVX512, AW_SIMD_AVX2, AW_SIMD_NEON};
    const char *wish = getenv("ALTIWARE_SIMD");

    for (int set = 0; wish && set < SETS; set++)
        if (strcmp(wish, names[set]) == 0 && aw_simd_has((aw_simd)set))
            return (aw_simd)set;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (aw_simd_has(order[i]))
            return order[i];
    return AW_SIMD_BASE;
}

const char *aw_simd_name(aw_simd set)
{
    return (unsigned)set < SETS ? names[set] : "?";
}

uint32_t aw_simd_width(aw_simd set)
{
    return (unsigned)set < SETS ? widths[set] : 0;
}
