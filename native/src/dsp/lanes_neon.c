/* SPDX-License-Identifier: MIT */
#if defined(__aarch64__)
#define AW_SET_NEON
#define LANES_KERNEL lanes_kernel_neon
#include "dsp/lanes_kernel.inc"
#else
typedef int no_such_set;
#endif
