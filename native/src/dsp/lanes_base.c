/* SPDX-License-Identifier: MIT */
#define AW_SET_BASE
#define LANES_KERNEL lanes_kernel_base
#include "dsp/lanes_kernel.inc"
