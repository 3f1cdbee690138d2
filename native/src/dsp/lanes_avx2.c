/* SPDX-License-Identifier: MIT */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma")
#define AW_SET_AVX2
#define LANES_KERNEL lanes_kernel_avx2
#include "dsp/lanes_kernel.inc"
#else
typedef int no_such_set;
#endif
