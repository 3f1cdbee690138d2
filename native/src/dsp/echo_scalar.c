/* SPDX-License-Identifier: MIT */
#define AW_SET_SCALAR
#define ECHO_KERNEL echo_kernel_scalar
#include "dsp/echo_kernel.inc"
