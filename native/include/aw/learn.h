/* SPDX-License-Identifier: MIT */
#ifndef AW_LEARN_H
#define AW_LEARN_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/** What a segment is full of. */
typedef enum {
    AW_SEGMENT_SILENCE = 0, /**< nothing above the line's own noise */
    AW_SEGMENT_TONE = 1,    /**< one or two frequencies */
    AW_SEGMENT_OTHER = 2,   /**< speech, or what was too short to tell */
} aw_segment_kind;

/** A stretch of a line between two changes. */
typedef struct {
    uint32_t kind; /**< aw_segment_kind */
    uint32_t ended;
    float hz[2]; /**< of a tone, rising; hz[1] 0: a single one, modulated or not */
    float dbm0;  /**< of a tone, whole */
    uint32_t duration_ms;
} aw_segment;

/**
 * Analyser of the call-progress tones of an office that nobody has described yet.
 *
 * What:  cuts what a line says into segments of tone and silence, and says which frequencies,
 *        300 to 1000 Hz and to 0.5 %, how loud and how long; bursts of 60 ms or more from
 *        -40 dBm0, pauses of 80 ms or more.
 * How:   the band is mixed down to 1 kHz; its energy over 40 ms against the noise of the silences
 *        says on or off; the spectra of each 400 ms say what it is.
 * Not:   it does not know what a tone means.  Frequencies that change without a pause are told
 *        apart to 400 ms only, and two as near as 25 Hz only in 200 ms.
 */
typedef struct aw_learn aw_learn;

/** Create an analyser.  *out is set only on AW_OK. */
aw_status aw_learn_new(aw_learn **out);
/** Destroy an analyser; NULL is allowed. */
void aw_learn_free(aw_learn *l);
/**
 * Feed n samples (8 kHz, 16-bit linear); returns how many segments were written to out.
 * One that goes on is told each three seconds, and again when it has ended.  At most 2 + n / 40 can
 * come of n samples; what does not fit into max is lost.  Real-time safe.
 */
size_t aw_learn_feed(aw_learn *l, const int16_t *pcm, size_t n, aw_segment *out, size_t max);
/* cffi: end */
#endif
