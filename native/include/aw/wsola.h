/* SPDX-License-Identifier: MIT */
#ifndef AW_WSOLA_H
#define AW_WSOLA_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
enum {
    AW_WSOLA_FRAME = 240, /* samples: 30 ms, of which neighbours share a half */
    AW_WSOLA_REACH = 80,  /* samples either way: 10 ms, together a period of 50 Hz */
};

/**
 * Speech faster or slower at the same pitch.
 *
 * What:  half to twice the speed, of 8 kHz 16-bit linear; at speed 1 bit for bit.
 * How:   waveform-similarity overlap-add (WSOLA): frames of 30 ms, each taken within 10 ms of where
 *        the speed puts it, there where it best agrees with how the one before would have gone on,
 *        and blended with that over 15 ms.
 * Not:   not for music, which has many pitches at once, nor for signals with a rhythm finer than a
 *        frame: keys of DTMF keep their pitch, but get shorter or longer.
 */
typedef struct aw_wsola aw_wsola;

/** Create one for a speed.  *out is set only on AW_OK; AW_EINVAL: not from 0.5 to 2. */
aw_status aw_wsola_new(aw_wsola **out, float speed);
/** Destroy one; NULL is allowed. */
void aw_wsola_free(aw_wsola *w);
/** Begin anew, at a speed that is allowed.  Real-time safe. */
void aw_wsola_reset(aw_wsola *w, float speed);
/** Take up to n samples; return how many there was room for.  Real-time safe. */
size_t aw_wsola_feed(aw_wsola *w, const int16_t *pcm, size_t n);
/** No more samples will come: let the last ones out.  Real-time safe. */
void aw_wsola_end(aw_wsola *w);
/**
 * Make up to n samples.  Fewer: it needs to be fed; after aw_wsola_end, it is over.
 * Real-time safe.
 */
size_t aw_wsola_read(aw_wsola *w, int16_t *pcm, size_t n);
/** The sample, of all that were fed, with which what is read next begins.  Real-time safe. */
uint64_t aw_wsola_at(const aw_wsola *w);
/* cffi: end */
#endif
