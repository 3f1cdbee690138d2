/* SPDX-License-Identifier: MIT */
/* G.711 codecs: see aw/g711.h. */
#include "aw/g711.h"

#include <string.h>

/* log2 of v (1 <= v < 2^24, so the conversion is exact) from the exponent of a float.  Unlike a
 * count of leading zeros this vectorises on every machine. */
static inline uint32_t floor_log2(uint32_t v)
{
    float f = (float)(int32_t)v;
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    return (bits >> 23) - 127u;
}

void aw_ulaw_encode(const int16_t *restrict in, uint8_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t x = in[i];
        int32_t sign = x >> 31;                                 /* 0 or -1 */
        uint32_t magnitude = (uint32_t)((x ^ sign) >> 2) + 33u; /* 14 bits, biased */
        magnitude = magnitude > 0x1FFFu ? 0x1FFFu : magnitude;
        uint32_t segment = floor_log2(magnitude) - 5u; /* 33 lies in segment 0 */
        uint32_t code = segment << 4 | (magnitude >> (segment + 1u) & 0xFu);
        out[i] = (uint8_t)(code ^ (sign ? 0x7Fu : 0xFFu)); /* sent inverted */
    }
}

void aw_ulaw_decode(const uint8_t *restrict in, int16_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t code = in[i] ^ 0xFFu;
        uint32_t segment = code >> 4 & 7u;
        int32_t magnitude = (int32_t)(((code & 0xFu) << 3 | 0x84u) << segment) - 0x84;
        out[i] = (int16_t)(code & 0x80u ? -magnitude : magnitude);
    }
}

void aw_alaw_encode(const int16_t *restrict in, uint8_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t x = in[i];
        int32_t sign = x >> 31;
        uint32_t magnitude = (uint32_t)((x ^ sign) >> 4);          /* 12 bits and the sign */
        uint32_t exponent = floor_log2(magnitude | 0x10u) - 4u;    /* segments 0 and 1 give 0 */
        uint32_t code = (exponent << 4) + (magnitude >> exponent); /* carries into the segment */
        out[i] = (uint8_t)(code ^ (sign ? 0x55u : 0xD5u));         /* even bits sent inverted */
    }
}

void aw_alaw_decode(const uint8_t *restrict in, int16_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t code = in[i] ^ 0xD5u;
        uint32_t segment = code >> 4 & 7u;
        uint32_t linear = (code & 0xFu) << 4 | 8u; /* the middle of the interval */
        uint32_t first = segment ? 1u : 0u;        /* segments 1-7 have the leading one */
        int32_t magnitude = (int32_t)((linear + (first << 8)) << (segment - first));
        out[i] = (int16_t)(code & 0x80u ? -magnitude : magnitude);
    }
}
