/* SPDX-License-Identifier: MIT */
#define AW_SET_BASE
#define ECHO_KERNEL echo_kernel_base
#include "dsp/echo_kernel.inc"
