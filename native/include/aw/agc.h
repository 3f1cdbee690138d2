/* SPDX-License-Identifier: MIT */
#ifndef AW_AGC_H
#define AW_AGC_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
enum { AW_LIMITER_DELAY = 16 /**< samples by which the limiter is late: 2 ms */ };

/**
 * Removal of direct current, as codecs and lines bring it.
 *
 * What:  a high-pass of 20 Hz.  How: one zero at 0 Hz, one pole.  Not: no 50/60 Hz hum filter.
 */
typedef struct aw_dcblock aw_dcblock;

/** Create.  *out is set only on AW_OK. */
aw_status aw_dcblock_new(aw_dcblock **out);
/** Destroy; NULL is allowed. */
void aw_dcblock_free(aw_dcblock *d);
/** Filter n samples in place.  Real-time safe. */
void aw_dcblock_run(aw_dcblock *d, int16_t *pcm, size_t n);

/**
 * Limiter: no peak over the ceiling, and no clipping to reach that.
 *
 * What:  out = gain * in, delayed by AW_LIMITER_DELAY; |out| <= ceiling always.
 * How:   gain goes in straight lines between the needs of blocks of 1 ms, looking one block ahead;
 *        back up at 60 dB/s.
 * Not:   it does not raise anything (see aw_agc).
 */
typedef struct aw_limiter aw_limiter;

/** Create with the ceiling of a sine, dBm0 in -40..+3.14. */
aw_status aw_limiter_new(aw_limiter **out, float ceiling_dbm0);
/** Destroy; NULL is allowed. */
void aw_limiter_free(aw_limiter *l);
/** Limit n samples in place; what comes out went in AW_LIMITER_DELAY samples ago.  Real-time safe.
 */
void aw_limiter_run(aw_limiter *l, int16_t *pcm, size_t n);

/**
 * Automatic gain: brings speech slowly to one level.
 *
 * What:  after a few seconds, speech between target - most and target + most dB is at the target.
 * How:   active level (power while well above the tracked noise), gain moves 4 dB/s up and
 *        20 dB/s down, and stands still while nobody speaks, so pauses are not pumped up.
 * Not:   it does not limit peaks: put a limiter behind it.
 */
typedef struct aw_agc aw_agc;

/** Create.  target_dbm0 in -40..0, most_db (largest gain and largest loss) in 0..30. */
aw_status aw_agc_new(aw_agc **out, float target_dbm0, float most_db);
/** Destroy; NULL is allowed. */
void aw_agc_free(aw_agc *a);
/** Change n samples in place.  Real-time safe. */
void aw_agc_run(aw_agc *a, int16_t *pcm, size_t n);
/** Return the gain now in use, dB.  Real-time safe. */
float aw_agc_gain_db(const aw_agc *a);
/* cffi: end */
#endif
