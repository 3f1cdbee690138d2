/* SPDX-License-Identifier: MIT */
#define AW_SET_SCALAR
#define LANES_KERNEL lanes_kernel_scalar
#include "dsp/lanes_kernel.inc"
