/* SPDX-License-Identifier: MIT */
#ifndef AW_G711_H
#define AW_G711_H
#include <stddef.h>
#include <stdint.h>

/* cffi: begin */
/**
 * Codecs of ITU-T G.711, mu-law and A-law, to and from 16-bit linear.
 *
 * What:  bit-exact with the reference forms: mu-law is 14 bits, A-law 13 bits, left-justified.
 * How:   the segment is read from the exponent of a float, so that loops vectorise.
 * Not:   it does not convert between the laws, nor conceal or dither.
 *
 * Negative samples are taken as one's complement (~x), so that x and ~x differ in the sign bit
 * only.  All four are real-time safe; `in` and `out` must not overlap.
 */
void aw_ulaw_encode(const int16_t *in, uint8_t *out, size_t n);
void aw_ulaw_decode(const uint8_t *in, int16_t *out, size_t n);
void aw_alaw_encode(const int16_t *in, uint8_t *out, size_t n);
void aw_alaw_decode(const uint8_t *in, int16_t *out, size_t n);
/* cffi: end */
#endif
