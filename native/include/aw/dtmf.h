/* SPDX-License-Identifier: MIT */
#ifndef AW_DTMF_H
#define AW_DTMF_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/** A digit has been recognised (on) or has ended. */
typedef struct {
    char key;             /**< 0-9 * # A-D */
    uint8_t on;           /**< 1: recognised, 0: ended */
    uint16_t duration_ms; /**< of the tone pair, when it has ended */
    float dbm0;           /**< mean level of the two tones */
} aw_digit;

/**
 * DTMF receiver (ITU-T Q.23, Q.24; ETSI ES 201 235-3) of one channel.
 *
 * What:  digits of 40 ms or more and pauses of 40 ms or more at -36..0 dBm0 per tone; never a tone
 *        of 23 ms or less, never +-3.5 %; bridges breaks of 20 ms; reports at about 30 ms.
 * How:   each 5 ms eight filters that are orthogonal to dial tone (350 and 440 Hz) and to DC; while
 *        five in a row may be a digit's, the best pair is fitted by least squares to these 25 ms:
 *        share of energy, steadiness, twist, phase advance.
 * Not:   it does not remove the digit from the sound, and has no R1/R2 frequencies.
 */
typedef struct aw_dtmf aw_dtmf;

/** Create a receiver.  *out is set only on AW_OK. */
aw_status aw_dtmf_new(aw_dtmf **out);
/** Destroy a receiver; NULL is allowed. */
void aw_dtmf_free(aw_dtmf *d);
/**
 * Feed n samples (8 kHz, 16-bit linear); returns how many events were written to out.
 * At most 2 + n / 80 can come of n samples; what does not fit into max is lost.  Real-time safe.
 */
size_t aw_dtmf_feed(aw_dtmf *d, const int16_t *pcm, size_t n, aw_digit *out, size_t max);
/* cffi: end */
#endif
