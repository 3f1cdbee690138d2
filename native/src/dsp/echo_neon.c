/* SPDX-License-Identifier: MIT */
#if defined(__aarch64__)
#define AW_SET_NEON
#define ECHO_KERNEL echo_kernel_neon
#include "dsp/echo_kernel.inc"
#else
typedef int no_such_set;
#endif
