/* SPDX-License-Identifier: MIT */
/* The loops of G.711 over one channel, for compiling in any instruction set. */
#ifndef AW_SRC_DSP_G711_H
#define AW_SRC_DSP_G711_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Segment and interval of a code are the exponent and the first four bits of the mantissa of a
 * float (v < 2^24, so the conversion is exact): no count of zeros and no shift by a variable, and
 * so this vectorises on every machine.  `exponent` is that of segment 0. */
static inline int32_t g711_code_of(int32_t v, int32_t exponent)
{
    float f = (float)v;
    int32_t bits;
    memcpy(&bits, &f, sizeof bits);
    return (bits >> 19) - ((127 + exponent) << 4);
}

/* The other way: 1.mmmm1 * 2^(segment + 7). */
static inline int32_t g711_value_of(int32_t code)
{
    int32_t bits = (code << 19) + ((127 + 7) << 23 | 1 << 18);
    float f;
    memcpy(&f, &bits, sizeof f);
    return (int32_t)f;
}

static inline void g711_ulaw_encode(const int16_t *restrict in, uint8_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t x = in[i];
        int32_t sign = x >> 31;                     /* 0 or -1 */
        int32_t magnitude = ((x ^ sign) >> 2) + 33; /* 14 bits, biased; 33 lies in segment 0 */
        magnitude = magnitude > 0x1FFF ? 0x1FFF : magnitude;
        out[i] = (uint8_t)(g711_code_of(magnitude, 5) ^ (0xFF ^ (sign & 0x80))); /* inverted */
    }
}

static inline void g711_ulaw_decode(const uint8_t *restrict in, int16_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t code = in[i] ^ 0xFF;
        int32_t magnitude = g711_value_of(code & 0x7F) - 0x84;
        out[i] = (int16_t)(code & 0x80 ? -magnitude : magnitude);
    }
}

static inline void g711_alaw_encode(const int16_t *restrict in, uint8_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t x = in[i];
        int32_t sign = x >> 31;
        int32_t magnitude = (x ^ sign) >> 4; /* 12 bits and the sign */
        int32_t code = magnitude < 16 ? magnitude : g711_code_of(magnitude, 3);
        out[i] = (uint8_t)(code ^ (0xD5 ^ (sign & 0x80))); /* even bits sent inverted */
    }
}

static inline void g711_alaw_decode(const uint8_t *restrict in, int16_t *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t code = in[i] ^ 0xD5;
        int32_t flat = (code & 0x70) == 0; /* segment 0: as segment 1 less its leading one */
        int32_t magnitude = g711_value_of((code & 0x7F) | flat << 4) - (flat << 8);
        out[i] = (int16_t)(code & 0x80 ? -magnitude : magnitude);
    }
}
#endif
