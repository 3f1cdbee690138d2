/* SPDX-License-Identifier: MIT */
#ifndef AW_SPECIAL_H
#define AW_SPECIAL_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/** What a machine at the other end says of itself, or the network of a call that failed. */
typedef enum {
    AW_SPECIAL_CALLING_FAX = 1, /**< CNG: half a second of 1100 Hz, told when it ends */
    AW_SPECIAL_ANSWER = 2,      /**< CED or modem answer tone: 2100 Hz for half a second */
    AW_SPECIAL_REVERSED = 3,    /**< its phase is reversed each 450 ms: told at the second time */
    AW_SPECIAL_MODULATED = 4,   /**< its amplitude is modulated by 15 Hz */
    AW_SPECIAL_INFORMATION = 5, /**< three rising tones, none of the following */
    AW_SPECIAL_INTERCEPT = 6,   /**< short, short, long: the number has changed */
    AW_SPECIAL_VACANT = 7,      /**< long, short, long: no such number */
    AW_SPECIAL_REORDER = 8,     /**< short, long, long */
    AW_SPECIAL_NO_CIRCUIT = 9,  /**< long, long, long */
} aw_special_kind;

/**
 * Detector of fax, modem and special information tones of one channel.
 *
 * What:  the kinds above at -40..0 dBm0: 1100 +-38 Hz, 2100 +-20 Hz, 913.8 to 1800 Hz +-1 %; short
 *        is 274 ms, long is 380 ms.
 * How:   five Goertzel filters per 10 ms; the share of the energy says which tone, the phase's
 *        advance its frequency, a jump of it a reversal; segments make the kinds.
 * Not:   it does not say when a tone is over, and knows no V.21 preamble.
 */
typedef struct aw_special aw_special;

/** Create a detector.  *out is set only on AW_OK. */
aw_status aw_special_new(aw_special **out);
/** Destroy a detector; NULL is allowed. */
void aw_special_free(aw_special *s);
/**
 * Feed n samples (8 kHz, 16-bit linear); returns how many aw_special_kind were written to out.
 * At most 2 + n / 80 can come of n samples; what does not fit into max is lost.  Real-time safe.
 */
size_t aw_special_feed(aw_special *s, const int16_t *pcm, size_t n, uint32_t *out, size_t max);
/* cffi: end */
#endif
