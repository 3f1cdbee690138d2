/* SPDX-License-Identifier: MIT */
#ifndef AW_TONEGEN_H
#define AW_TONEGEN_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
#define AW_TONE_STEPS         16
#define AW_DTMF_SENDER_DIGITS 64

/** One step of a cadence: up to two tones, or silence (both hz 0), for a time. */
typedef struct {
    uint32_t duration_ms; /**< 0: for ever */
    uint32_t modulated;   /**< not 0: hz[0] is amplitude-modulated by hz[1], 85 % deep */
    float hz[2];          /**< 0: none, else under 4000 */
    float dbm0[2];        /**< level of each tone; modulated: of the whole, in dbm0[0] */
} aw_tone_step;

/** A tone with its cadence.  After the last step it goes on at loop_from; == steps: it ends. */
typedef struct {
    uint32_t steps;
    uint32_t loop_from;
    aw_tone_step step[AW_TONE_STEPS];
} aw_tone_spec;

/**
 * Generator of call-progress tones.
 *
 * What:  the samples of an aw_tone_spec, cadence exact to the sample.
 * How:   32-bit phase accumulators and a polynomial sine; phases are kept through pauses and
 *        steps, and an edge is a plain on/off as in an exchange.
 * Not:   it does not know countries (dsp/tones.py does) and does not shape edges.
 */
typedef struct aw_tonegen aw_tonegen;

/** Create a generator.  The spec is copied; AW_EINVAL if it is not as documented. */
aw_status aw_tonegen_new(aw_tonegen **out, const aw_tone_spec *spec);
/** Destroy a generator; NULL is allowed. */
void aw_tonegen_free(aw_tonegen *g);
/** Make n samples.  Returns how many the tone still had; the rest is zeroed.  Real-time safe. */
size_t aw_tonegen_read(aw_tonegen *g, int16_t *out, size_t n);

/**
 * Sender of DTMF digits.
 *
 * What:  up to 64 of 0-9 * # A-D, each on_ms of tone pair and off_ms of silence (ITU-T Q.23).
 * How:   as the tone generator, both tones begin at phase zero with each digit.
 * Not:   it does not pause, flash or wait for dial tone: that is signalling.
 */
typedef struct aw_dtmf_sender aw_dtmf_sender;

/**
 * Create a sender.  digits is NUL-terminated, 1 to 64 keys; on_ms and off_ms 1..10000; the low tone
 * has level_dbm0 - twist_db / 2, the high one level_dbm0 + twist_db / 2, both -60..+3.
 */
aw_status aw_dtmf_sender_new(aw_dtmf_sender **out, const char *digits, uint32_t on_ms,
                             uint32_t off_ms, float level_dbm0, float twist_db);
/** Destroy a sender; NULL is allowed. */
void aw_dtmf_sender_free(aw_dtmf_sender *s);
/** Make n samples.  Returns how many there still were; the rest is zeroed.  Real-time safe. */
size_t aw_dtmf_sender_read(aw_dtmf_sender *s, int16_t *out, size_t n);
/* cffi: end */
#endif
