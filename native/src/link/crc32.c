/* SPDX-License-Identifier: MIT */
/* CRC-32, eight bytes at a time ("slicing-by-8"): see aw/frame.h. */
#include "aw/frame.h"

#include "link/crc32.inc"

static uint32_t little32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t aw_crc32(uint32_t crc, const uint8_t *bytes, size_t n)
{
    crc = ~crc;
    while (n >= 8) {
        uint32_t low = crc ^ little32(bytes);
        uint32_t high = little32(bytes + 4);

        crc = crc_table[7][low & 0xff] ^ crc_table[6][low >> 8 & 0xff] ^
              crc_table[5][low >> 16 & 0xff] ^ crc_table[4][low >> 24] ^ crc_table[3][high & 0xff] ^
              crc_table[2][high >> 8 & 0xff] ^ crc_table[1][high >> 16 & 0xff] ^
              crc_table[0][high >> 24];
        bytes += 8;
        n -= 8;
    }
    while (n-- > 0)
        crc = crc >> 8 ^ crc_table[0][(crc ^ *bytes++) & 0xff];
    return ~crc;
}
