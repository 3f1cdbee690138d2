/* SPDX-License-Identifier: MIT */
#ifndef AW_CAS_H
#define AW_CAS_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * Receiver of the alerting signal of call waiting with caller ID (CAS: 2130 + 2750 Hz, 75-85 ms).
 *
 * What:  tells that the signal has just ended, in time for the answer (a DTMF D within 100 ms):
 *        tones of -32..-14 dBm0, +-0.5 %, up to 6 dB apart, while people talk.
 * How:   every 5 ms the share, the steadiness and the turn of both tones in what is over 1700 Hz
 *        are judged over 60 ms; then the end is awaited, and the duration must be right.
 * Not:   it does not mute, answer or receive (see dsp/call_waiting.py); the signal itself is made
 *        by a tone generator.
 */
typedef struct aw_cas aw_cas;

/** Create a receiver.  *out is set only on AW_OK. */
aw_status aw_cas_new(aw_cas **out);
/** Destroy a receiver; NULL is allowed. */
void aw_cas_free(aw_cas *c);
/** Feed n samples (8 kHz, 16-bit linear), n <= 400.  Returns the duration in ms of a signal that
 * has ended in them, else 0.  Real-time safe. */
uint32_t aw_cas_feed(aw_cas *c, const int16_t *pcm, size_t n);
/* cffi: end */
#endif
