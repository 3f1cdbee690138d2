/* SPDX-License-Identifier: MIT */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma")
#define AW_SET_AVX2
#define ECHO_KERNEL echo_kernel_avx2
#include "dsp/echo_kernel.inc"
#else
typedef int no_such_set;
#endif
