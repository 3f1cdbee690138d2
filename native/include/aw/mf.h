/* SPDX-License-Identifier: MIT */
#ifndef AW_MF_H
#define AW_MF_H
#include <stddef.h>
#include <stdint.h>

#include "aw/dtmf.h"
#include "aw/status.h"

/* cffi: begin */
#define AW_MF_SIGNALS 64 /* that a sender takes at once */

/** Which six frequencies, and what their pairs say. */
typedef enum {
    AW_MF_R1 = 0,          /**< 700 to 1700 Hz: 0-9, * is KP, # is ST, A B C: ST', ST'', ST''' */
    AW_MF_R2_FORWARD = 1,  /**< 1380 to 1980 Hz: 1-9, 0 is 10, B-F are 11 to 15 */
    AW_MF_R2_BACKWARD = 2, /**< 1140 down to 540 Hz: the same */
} aw_mf_standard;

/**
 * Receiver of multi-frequency signals between exchanges, of one channel.
 *
 * What:  two tones of six, 35 ms or longer, at -35..0 dBm0 each, 7 dB apart at most, +-15 Hz;
 *        never 17 ms or less, never +-30 Hz; breaks of 10 ms are bridged.
 * How:   six Goertzel filters per 5 ms; the two strongest tones are fitted by least squares to the
 *        last 15 ms: share of energy, twist, phase's advance; four such windows in a row.
 * Not:   it does not hear R1 and R2 at once, and knows nothing of compelled cycles: whoever listens
 *        answers.  The limits are ours.
 */
typedef struct aw_mf aw_mf;

/** Create a receiver.  AW_EINVAL: no such standard. */
aw_status aw_mf_new(aw_mf **out, aw_mf_standard standard);
/** Destroy a receiver; NULL is allowed. */
void aw_mf_free(aw_mf *m);
/**
 * Feed n samples (8 kHz, 16-bit linear); returns how many events were written to out: of signals
 * as of digits, but for the keys; a signal's duration is +-10 ms.
 * At most 2 + n / 80 can come of n samples; what does not fit into max is lost.  Real-time safe.
 */
size_t aw_mf_feed(aw_mf *m, const int16_t *pcm, size_t n, aw_digit *out, size_t max);

/**
 * Sender of multi-frequency signals.
 *
 * What:  up to 64 signals, each on_ms of two tones of equal level and off_ms of silence; KP of R1
 *        is a half longer.  With on_ms 0 the first one sounds until the sender is closed: R2's
 *        compelled signals last until they are answered.
 * How:   as the DTMF sender.
 * Not:   it does not wait for the other end.
 */
typedef struct aw_mf_sender aw_mf_sender;

/** Create a sender.  AW_EINVAL: a key, a time (over 10000) or the level (-60..0) is out of range.
 */
aw_status aw_mf_sender_new(aw_mf_sender **out, aw_mf_standard standard, const char *keys,
                           uint32_t on_ms, uint32_t off_ms, float level_dbm0);
/** Destroy a sender; NULL is allowed. */
void aw_mf_sender_free(aw_mf_sender *s);
/** Make n samples.  Returns how many there still were; the rest is zeroed.  Real-time safe. */
size_t aw_mf_sender_read(aw_mf_sender *s, int16_t *out, size_t n);
/* cffi: end */
#endif
