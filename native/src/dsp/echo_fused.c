/* SPDX-License-Identifier: MIT */
#define AW_SET_FUSED
#define ECHO_KERNEL echo_kernel_fused
#include "dsp/echo_kernel.inc"
