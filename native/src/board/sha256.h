/* SPDX-License-Identifier: MIT */
/**
 * SHA-256 (FIPS 180-4), in pieces.
 *
 * What:  the digest that names a firmware image.
 * How:   one block of 64 bytes at a time, without tables beyond the standard's constants.
 * Not:   at most 512 MiB; not for secrets: it makes no effort to leave none in memory.
 *
 * Nothing here allocates or blocks.
 */
#ifndef AW_BOARD_SHA256_H
#define AW_BOARD_SHA256_H
#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_BLOCK = 64 };

struct sha256 {
    uint32_t h[8];
    uint32_t length; /* bytes so far */
    uint8_t block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *s);
void sha256_feed(struct sha256 *s, const uint8_t *bytes, size_t n);
void sha256_end(struct sha256 *s, uint8_t digest[SHA256_BYTES]);
#endif
