/* SPDX-License-Identifier: MIT */
#ifndef AW_PROGRESS_H
#define AW_PROGRESS_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
#define AW_PROGRESS_TEMPLATES 16
#define AW_PROGRESS_STEPS     8

/** One tone to be recognised. */
typedef struct {
    uint32_t id;     /**< comes back in the events */
    float hz[2];     /**< 200..2500; hz[1] 0: a single frequency, modulated or not */
    float tolerance; /**< of the frequencies, as a share 0.002..0.05: 0.02 is +-2 % */
    uint32_t steps;  /**< in step_ms, even; 0: continuous */
    uint32_t step_ms[AW_PROGRESS_STEPS]; /**< on, off, on, off ..., each 60..15000 */
    uint32_t confirm_ms;                 /**< continuous: recognised after so long, 80..5000 */
    uint32_t confirm_steps; /**< cadenced: recognised after so many whole steps, 2..12 */
} aw_progress_template;

/** What a country's (or a learned) office says. */
typedef struct {
    uint32_t count; /**< 1..16 */
    aw_progress_template templates[AW_PROGRESS_TEMPLATES];
} aw_progress_plan;

/** A tone of the plan has been recognised (on), or is no longer there. */
typedef struct {
    uint32_t id;
    uint32_t on;
} aw_progress_event;

/**
 * Detector of call-progress tones of one channel.
 *
 * What:  recognises the tones of a plan by frequency and cadence, and says when they are over.
 * How:   each 10 ms the plan's pairs are fitted by least squares to the last 30 ms; the share of
 *        the energy they explain decides on or off, so noise needs no threshold of its own;
 *        frequencies from the phase's advance over a whole burst, of pairs closer than 34 Hz by
 *        predicting each 10 ms from the two before; steps may be off by 10 % and 20 ms.
 * Not:   it does not learn tones, and does not tell SIT, fax or speech.
 */
typedef struct aw_progress aw_progress;

/** Create a detector.  The plan is copied; AW_EINVAL if it is not as documented. */
aw_status aw_progress_new(aw_progress **out, const aw_progress_plan *plan);
/** Destroy a detector; NULL is allowed. */
void aw_progress_free(aw_progress *p);
/**
 * Feed n samples (8 kHz, 16-bit linear); returns how many events were written to out.
 * At most 2 + n / 40 can come of n samples; what does not fit into max is lost.  Real-time safe.
 */
size_t aw_progress_feed(aw_progress *p, const int16_t *pcm, size_t n, aw_progress_event *out,
                        size_t max);
/* cffi: end */
#endif
