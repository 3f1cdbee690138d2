/* SPDX-License-Identifier: MIT */
/* See sha256.h; the names are those of FIPS 180-4, 4.1.2 and 6.2.2. */
#include "board/sha256.h"

#include <string.h>

/* 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t right(uint32_t x, uint32_t n)
{
    return x >> n | x << (32 - n);
}

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The message schedule, made as it is used: w holds the last 16 words. */
static uint32_t schedule(uint32_t w[16], uint32_t t)
{
    uint32_t before = w[(t + 1) % 16], late = w[(t + 14) % 16];
    uint32_t s0 = right(before, 7) ^ right(before, 18) ^ before >> 3;
    uint32_t s1 = right(late, 17) ^ right(late, 19) ^ late >> 10;

    return w[t % 16] += s0 + w[(t + 9) % 16] + s1;
}

static void compress(struct sha256 *s)
{
    uint32_t w[16], v[8]; /* a to h */

    memcpy(v, s->h, sizeof v);
    for (uint32_t t = 0; t < 64; t++) {
        uint32_t word = t < 16 ? (w[t] = big_endian(s->block + 4 * t)) : schedule(w, t);
        uint32_t e = v[4], a = v[0];
        uint32_t t1 = v[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) +
                      ((e & v[5]) ^ (~e & v[6])) + K[t] + word;
        uint32_t t2 =
            (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (uint32_t i = 0; i < 8; i++)
        s->h[i] += v[i];
}

void sha256_begin(struct sha256 *s)
{
    /* 5.3.3: likewise, of the square roots of the first eight. */
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    memcpy(s->h, first, sizeof s->h);
    s->length = 0;
}

void sha256_feed(struct sha256 *s, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        size_t at = s->length % SHA256_BLOCK;
        size_t taken = n < SHA256_BLOCK - at ? n : SHA256_BLOCK - at;
        memcpy(s->block + at, bytes, taken);
        s->length += (uint32_t)taken;
        bytes += taken;
        n -= taken;
        if (s->length % SHA256_BLOCK == 0)
            compress(s);
    }
}

void sha256_end(struct sha256 *s, uint8_t digest[SHA256_BYTES])
{
    static const uint8_t padding[SHA256_BLOCK] = {0x80};
    uint8_t bits[8] = {0};
    size_t at = s->length % SHA256_BLOCK;

    for (uint32_t i = 0; i < 5; i++) /* the length in bits, big-endian */
        bits[7 - i] = (uint8_t)(((uint64_t)s->length * 8) >> (8 * i));
    sha256_feed(s, padding, at < 56 ? 56 - at : 120 - at);
    sha256_feed(s, bits, sizeof bits);
    for (uint32_t i = 0; i < SHA256_BYTES; i++)
        digest[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}
