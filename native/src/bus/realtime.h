/* SPDX-License-Identifier: MIT */
/* What makes a thread fit for the tick, as far as this machine allows it. */
#ifndef AW_BUS_REALTIME_H
#define AW_BUS_REALTIME_H
#include <stdbool.h>
#include <stdint.h>

/* Calling thread: numbers too small for a float's full precision count as zero from here. */
void aw_realtime_flush_denormals(void);
/* Calling thread: whether they do. */
bool aw_realtime_flushes_denormals(void);
/* Calling thread: make it fit as wanted (AW_MODE_...); returns what was allowed. */
uint32_t aw_realtime_enter(uint32_t wanted);
/* The process: keep what it has in memory; returns whether it was allowed. */
bool aw_realtime_lock(void);
#endif
