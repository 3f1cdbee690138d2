/* SPDX-License-Identifier: MIT */
#ifndef AW_METER_H
#define AW_METER_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * Level and peak meter of one channel.
 *
 * What:  level in dBm0 over about 35 ms (the level meter of G.168), peak with a slow fall.
 * How:   power summed in 5 ms steps, smoothed by one pole; a 0 dBm0 sine peaks at 22827,
 *        3.14 dB under clipping.
 * Not:   it does not weight by frequency (not psophometric) and does not detect speech.
 */
typedef struct aw_meter aw_meter;

/** Create a meter.  *out is set only on AW_OK. */
aw_status aw_meter_new(aw_meter **out);
/** Destroy a meter; NULL is allowed. */
void aw_meter_free(aw_meter *m);
/** Feed n samples (8 kHz, 16-bit linear).  Real-time safe. */
void aw_meter_feed(aw_meter *m, const int16_t *pcm, size_t n);
/** Level in dBm0, at least -99 (silence).  Real-time safe. */
float aw_meter_dbm0(const aw_meter *m);
/** Largest magnitude 0..32768, falling 20 dB in 1.5 s (IEC 60268-10 type I).  Real-time safe. */
int32_t aw_meter_peak(const aw_meter *m);
/* cffi: end */
#endif
