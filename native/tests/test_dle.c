/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aw/dle.h"
#include "starve.h"

/* Whatever the data, it comes back through pieces of every size, and the shield never shows. */
static aw_status test_data_comes_back(void)
{
    uint8_t data[1024], stream[2048], back[1026];
    size_t given = 0, at = 0;
    aw_dle d = {0};

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i % 3 ? AW_DLE : i);
    size_t length = aw_dle_encode(stream, data, sizeof data);
    for (size_t size = 1; at < length; size = size % 13 + 1) {
        size_t some = size < length - at ? size : length - at;
        aw_dle_piece piece =
            aw_dle_decode(&d, stream + at, some, back + given, sizeof back - given);
        CHECK(piece.event == -1);
        CHECK(piece.taken == some);
        given += piece.given;
        at += piece.taken;
    }
    CHECK(given == sizeof data);
    CHECK(memcmp(back, data, sizeof data) == 0);
    return AW_OK;
}

static aw_status test_events_end_a_piece(void)
{
    static const uint8_t stream[] = {1, AW_DLE, 'l', 2, AW_DLE, AW_DLE_SUB, AW_DLE, AW_DLE_ETX, 3};
    uint8_t data[8];
    aw_dle d = {0};

    aw_dle_piece piece = aw_dle_decode(&d, stream, sizeof stream, data, sizeof data);
    CHECK(piece.event == 'l' && piece.taken == 3 && piece.given == 1);
    piece = aw_dle_decode(&d, stream + 3, sizeof stream - 3, data, sizeof data);
    CHECK(piece.event == AW_DLE_ETX && piece.taken == 5 && piece.given == 3);
    CHECK(data[0] == 2 && data[1] == AW_DLE && data[2] == AW_DLE);
    return AW_OK;
}

/* A full room ends a piece before the byte that would need two places. */
static aw_status test_a_full_room_loses_nothing(void)
{
    static const uint8_t stream[] = {AW_DLE, AW_DLE_SUB, AW_DLE, AW_DLE_SUB};
    uint8_t data[3];
    aw_dle d = {0};

    aw_dle_piece piece = aw_dle_decode(&d, stream, sizeof stream, data, sizeof data);
    CHECK(piece.given == 2 && piece.taken == 2);
    piece = aw_dle_decode(&d, stream + 2, 2, data, sizeof data);
    CHECK(piece.given == 2 && piece.taken == 2);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"data comes back", test_data_comes_back},
        {"events end a piece", test_events_end_a_piece},
        {"a full room loses nothing", test_a_full_room_loses_nothing},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
