/* SPDX-License-Identifier: MIT */
#ifndef AW_CONCEAL_H
#define AW_CONCEAL_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * Concealment of lost packets or frames of telephone speech.
 *
 * What:  invents what a lost frame would have held from the 50 ms heard before it, and blends the
 *        invention into the first frame that comes after it.  Frames of any length.
 * How:   the class of G.711 Appendix I (pitch repetition, overlap-add, fade to silence after 60
 * ms), but the repetition is done on the residual of a linear predictor and sent through its
 *        filter, so that it starts without a step and needs no delay (Appendix I needs 3.75 ms).
 * Not:   no look-ahead: what comes after the gap is used only to blend.  After the fade there is
 *        silence; who wants comfort noise adds it (see comfort.h).
 */
typedef struct aw_conceal aw_conceal;

/** Create a concealer.  *out is set only on AW_OK. */
aw_status aw_conceal_new(aw_conceal **out);
/** Destroy a concealer; NULL is allowed. */
void aw_conceal_free(aw_conceal *c);
/** Forget all that was heard. */
void aw_conceal_reset(aw_conceal *c);
/**
 * Pass a frame of n samples (8 kHz, 16-bit linear) that did arrive.  Its first 4-10 ms are changed
 * in place when a lost frame came before it.  Real-time safe.
 */
void aw_conceal_good(aw_conceal *c, int16_t *pcm, size_t n);
/** Fill pcm with n samples in place of a frame that did not arrive.  Real-time safe. */
void aw_conceal_lost(aw_conceal *c, int16_t *pcm, size_t n);
/** Return the samples invented since the last good frame.  Real-time safe. */
size_t aw_conceal_length(const aw_conceal *c);
/* cffi: end */
#endif
