/* SPDX-License-Identifier: MIT */
#ifndef AW_COMFORT_H
#define AW_COMFORT_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
enum {
    AW_COMFORT_ORDER = 10, /**< most reflection coefficients */
    AW_COMFORT_BYTES = 11, /**< most bytes of an RFC 3389 payload */
};

/** A noise: its level and the outline of its spectrum. */
typedef struct {
    float dbov;                         /**< level; 0 is a square wave at clipping = +6.15 dBm0 */
    uint32_t order;                     /**< reflection coefficients in use; 0: white */
    float reflection[AW_COMFORT_ORDER]; /**< in (-1, 1); [0] > 0 is a dull noise */
} aw_comfort_noise;

/** Describe n samples (best 20-60 ms) of background.  Real-time safe. */
aw_comfort_noise aw_comfort_measure(const int16_t *pcm, size_t n);
/** Write an RFC 3389 payload; returns its bytes, 0 if max is too small.  Real-time safe. */
size_t aw_comfort_format(const aw_comfort_noise *noise, uint8_t *payload, size_t max);
/** Read an RFC 3389 payload of any origin; AW_EINVAL if empty.  Real-time safe. */
aw_status aw_comfort_parse(const uint8_t *payload, size_t bytes, aw_comfort_noise *noise);

/**
 * Comfort noise: what is heard when nothing is sent.
 *
 * What:  noise of a given level and spectral outline, or like the background heard before.
 * How:   white noise through a lattice of reflection coefficients (RFC 3389, G.711 Appendix II),
 *        sliding to a new noise within 50 ms.
 * Not:   it does not decide when to speak (see vad.h, jitter.h).
 */
typedef struct aw_comfort aw_comfort;

/** Create, silent (-127 dBov).  Equal seeds make equal noise. */
aw_status aw_comfort_new(aw_comfort **out, uint32_t seed);
/** Destroy; NULL is allowed. */
void aw_comfort_free(aw_comfort *c);
/** Slide to this noise.  Values out of range are brought into it.  Real-time safe. */
void aw_comfort_set(aw_comfort *c, const aw_comfort_noise *noise);
/** Learn from what is heard: the quietest of late is the background.  Real-time safe. */
void aw_comfort_learn(aw_comfort *c, const int16_t *pcm, size_t n);
/** Make n samples.  Real-time safe. */
void aw_comfort_read(aw_comfort *c, int16_t *pcm, size_t n);
/* cffi: end */
#endif
