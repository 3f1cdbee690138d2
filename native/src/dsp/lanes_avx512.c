/* SPDX-License-Identifier: MIT */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")
#define AW_SET_AVX512
#define LANES_KERNEL lanes_kernel_avx512
#include "dsp/lanes_kernel.inc"
#else
typedef int no_such_set;
#endif
