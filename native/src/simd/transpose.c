/* SPDX-License-Identifier: MIT */
/* Rows of samples to a group's layout and back, in squares of 8 by 8: see aw/simd.h. */
#include "aw/simd.h"

#include <string.h>

typedef int16_t row8 __attribute__((vector_size(16)));
typedef int32_t quad __attribute__((vector_size(16)));
typedef float quadf __attribute__((vector_size(16)));

/* Three rounds of interleaving with the row four further on transpose a square. */
static void turn(row8 r[8])
{
    for (int round = 0; round < 3; round++) {
        row8 t[8];
        for (int i = 0; i < 4; i++) {
            t[2 * i] = __builtin_shuffle(r[i], r[i + 4], (row8){0, 8, 1, 9, 2, 10, 3, 11});
            t[2 * i + 1] = __builtin_shuffle(r[i], r[i + 4], (row8){4, 12, 5, 13, 6, 14, 7, 15});
        }
        memcpy(r, t, sizeof t);
    }
}

static void widen(row8 r, float *to)
{
    row8 sign = r < 0;
    quad low = (quad)__builtin_shuffle(r, sign, (row8){0, 8, 1, 9, 2, 10, 3, 11});
    quad high = (quad)__builtin_shuffle(r, sign, (row8){4, 12, 5, 13, 6, 14, 7, 15});
    quadf a = __builtin_convertvector(low, quadf);
    quadf b = __builtin_convertvector(high, quadf);

    memcpy(to, &a, sizeof a);
    memcpy(to + 4, &b, sizeof b);
}

/* Saturate, then round to nearest even by the magic number: 1.5 * 2^23 leaves units in bit 0. */
static quad whole(const float *from)
{
    const quadf magic = {12582912.0f, 12582912.0f, 12582912.0f, 12582912.0f};
    const quadf top = {32767.0f, 32767.0f, 32767.0f, 32767.0f};
    const quadf bottom = {-32768.0f, -32768.0f, -32768.0f, -32768.0f};
    quadf x;

    memcpy(&x, from, sizeof x);
    quad above = x > top;
    x = (quadf)(((quad)top & above) | ((quad)x & ~above));
    quad below = x < bottom;
    x = (quadf)(((quad)bottom & below) | ((quad)x & ~below));
    return (quad)(x + magic) - (quad)magic;
}

static row8 narrow(const float *from)
{
    /* The low halves of the eight words, on a little-endian machine. */
    return __builtin_shuffle((row8)whole(from), (row8)whole(from + 4),
                             (row8){0, 2, 4, 6, 8, 10, 12, 14});
}

void aw_simd_gather(const int16_t *const rows[16], float *soa, size_t n)
{
    for (size_t i = 0; i < n; i += 8)
        for (size_t half = 0; half < 16; half += 8) {
            row8 square[8] = {{0}};
            for (size_t c = 0; c < 8; c++)
                if (rows[half + c])
                    memcpy(&square[c], rows[half + c] + i, sizeof square[c]);
            turn(square);
            for (size_t s = 0; s < 8; s++)
                widen(square[s], soa + (i + s) * AW_SIMD_LANES + half);
        }
}

void aw_simd_scatter(const float *soa, int16_t *const rows[16], size_t n)
{
    for (size_t i = 0; i < n; i += 8)
        for (size_t half = 0; half < 16; half += 8) {
            row8 square[8];
            for (size_t s = 0; s < 8; s++)
                square[s] = narrow(soa + (i + s) * AW_SIMD_LANES + half);
            turn(square);
            for (size_t c = 0; c < 8; c++)
                if (rows[half + c])
                    memcpy(rows[half + c] + i, &square[c], sizeof square[c]);
        }
}
