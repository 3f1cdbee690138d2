/* SPDX-License-Identifier: MIT */
/* One sample of ITU-T G.711 at a time, in whole numbers: for processors without floating point.
 * The same as aw/g711.h, bit for bit (test_board.c). */
#include "board/board.h"

#include "board/bytes.h"

/* The position of the highest 1 above `lowest`, as a segment; its four bits follow it. */
static uint32_t code_of(uint32_t magnitude, uint32_t lowest)
{
    uint32_t segment = 0;

    while (magnitude >> (segment + lowest + 1) != 0)
        segment++;
    return segment << 4 | (magnitude >> (segment + lowest - 4) & 15);
}

uint8_t board_law_ulaw(int16_t sample)
{
    uint32_t sign = sample < 0 ? 0x80 : 0;
    uint32_t magnitude = (uint32_t)((sample < 0 ? ~sample : sample) >> 2) + 33;

    return (uint8_t)(code_of(magnitude < 0x1fff ? magnitude : 0x1fff, 5) ^ 0xff ^ sign);
}

uint8_t board_law_alaw(int16_t sample)
{
    uint32_t sign = sample < 0 ? 0x80 : 0;
    uint32_t magnitude = (uint32_t)(sample < 0 ? ~sample : sample) >> 4;
    uint32_t code = magnitude < 16 ? magnitude : 16 + code_of(magnitude, 4);

    return (uint8_t)(code ^ 0xd5 ^ sign);
}

int16_t board_law_from_ulaw(uint8_t code)
{
    uint32_t bits = code ^ 0xffu;
    int32_t magnitude = (int32_t)(((bits & 15) * 8 + 0x84) << (bits >> 4 & 7)) - 0x84;

    return (int16_t)(bits & 0x80 ? -magnitude : magnitude);
}

int16_t board_law_from_alaw(uint8_t code)
{
    uint32_t bits = code ^ 0xd5u;
    uint32_t segment = bits >> 4 & 7;
    uint32_t value = (bits & 15) * 16 + 8;
    int32_t magnitude = (int32_t)(segment ? (value + 256) << (segment - 1) : value);

    return (int16_t)(bits & 0x80 ? -magnitude : magnitude);
}

uint32_t board_law_width(uint8_t format)
{
    return format == 2 ? 2 : 1;
}

void board_law_decode(uint8_t format, const uint8_t *row, int16_t *out)
{
    for (uint32_t i = 0; i < AW_BOARD_FRAME; i++) {
        if (format == 2)
            out[i] = (int16_t)get16(row + 2 * i);
        else
            out[i] = format == 0 ? board_law_from_ulaw(row[i]) : board_law_from_alaw(row[i]);
    }
}

void board_law_encode(uint8_t format, const int16_t *in, uint8_t *row)
{
    for (uint32_t i = 0; i < AW_BOARD_FRAME; i++) {
        if (format == 2)
            put16(row + 2 * i, (uint16_t)in[i]);
        else
            row[i] = format == 0 ? board_law_ulaw(in[i]) : board_law_alaw(in[i]);
    }
}
