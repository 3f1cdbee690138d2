/* SPDX-License-Identifier: MIT */
#include "aw/dle.h"

aw_dle_piece aw_dle_decode(aw_dle *d, const uint8_t *stream, size_t n, uint8_t *data,
                           size_t capacity)
{
    aw_dle_piece piece = {.event = -1};

    while (piece.taken < n && piece.given + 2 <= capacity) {
        uint8_t byte = stream[piece.taken++];
        if (!d->shielded) {
            d->shielded = byte == AW_DLE;
            if (byte != AW_DLE)
                data[piece.given++] = byte;
            continue;
        }
        d->shielded = false;
        if (byte == AW_DLE || byte == AW_DLE_SUB)
            data[piece.given++] = AW_DLE;
        if (byte == AW_DLE_SUB)
            data[piece.given++] = AW_DLE;
        if (byte != AW_DLE && byte != AW_DLE_SUB) {
            piece.event = byte;
            break;
        }
    }
    return piece;
}

size_t aw_dle_encode(uint8_t *stream, const uint8_t *data, size_t n)
{
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        stream[length++] = data[i];
        if (data[i] == AW_DLE)
            stream[length++] = AW_DLE;
    }
    return length;
}
