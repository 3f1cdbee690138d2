/* SPDX-License-Identifier: MIT */
/* Pages of the EEPROM: class ID of docs/reference/qhi.md.  A board without one has page 0 alone,
 * made of its setup. */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum {
    PIECE_MAX = 128,
    RESERVED_AT = 42, /* of page 0 */
    CRC_AT = 252,
    TEXT_MAX = 16
};

static void make_factory_page(const aw_board_setup *s, uint8_t page[AW_BOARD_PAGE])
{
    size_t model = strlen(s->model), serial = strlen(s->serial);

    memset(page, 0, RESERVED_AT);
    memset(page + RESERVED_AT, 0xff, CRC_AT - RESERVED_AT);
    memcpy(page, "AWID", 4);
    page[4] = 1; /* layout */
    memcpy(page + 8, s->model, model < TEXT_MAX ? model : TEXT_MAX);
    memcpy(page + 24, s->serial, serial < TEXT_MAX ? serial : TEXT_MAX);
    put16(page + 40, s->hardware);
    put32(page + CRC_AT, aw_crc32(0, page, CRC_AT));
}

static uint32_t page_count(const aw_board *b)
{
    return b->setup.hal->eeprom_read ? b->setup.pages : 1;
}

static uint32_t locked(const aw_board *b)
{
    return b->setup.hal->eeprom_read ? b->setup.locked : 1;
}

static uint32_t read_piece(aw_board *b, uint32_t page, uint32_t offset, uint8_t *out, uint32_t n)
{
    uint8_t factory[AW_BOARD_PAGE];

    if (b->setup.hal->eeprom_read)
        return b->setup.hal->eeprom_read(b->setup.hw, page, offset, out, n);
    make_factory_page(&b->setup, factory);
    memcpy(out, factory + offset, n);
    return AW_BOARD_OK;
}

/* Whether a page is whole: its last four bytes are the CRC of the others, which is in *crc. */
static bool is_sound(aw_board *b, uint32_t page, uint32_t *crc)
{
    uint8_t piece[PIECE_MAX];

    *crc = 0;
    if (read_piece(b, page, 0, piece, PIECE_MAX) != AW_BOARD_OK)
        return false;
    *crc = aw_crc32(0, piece, PIECE_MAX);
    if (read_piece(b, page, PIECE_MAX, piece, PIECE_MAX) != AW_BOARD_OK)
        return false;
    *crc = aw_crc32(*crc, piece, CRC_AT - PIECE_MAX);
    return get32(piece + CRC_AT - PIECE_MAX) == *crc;
}

bool board_page_is_sound(aw_board *b, uint32_t page)
{
    uint32_t crc;

    return page < page_count(b) && is_sound(b, page, &crc);
}

static uint32_t check_piece(const aw_board *b, struct request *r)
{
    uint32_t page = r->args[0], offset = r->args[1], n = r->args[2];

    if (page >= page_count(b))
        return out_of_range(r, 0);
    if (n < 1 || n > PIECE_MAX)
        return out_of_range(r, 2);
    return offset + n > AW_BOARD_PAGE ? out_of_range(r, 1) : AW_BOARD_OK;
}

static uint32_t id_read(aw_board *b, struct request *r)
{
    uint32_t result = check_piece(b, r);

    if (result != AW_BOARD_OK)
        return result;
    r->results = r->args[2];
    return read_piece(b, r->args[0], r->args[1], r->out, r->args[2]);
}

static uint32_t id_info(aw_board *b, struct request *r)
{
    uint32_t sound = 0, crc;

    for (uint32_t page = 0; page < page_count(b); page++)
        sound |= (uint32_t)is_sound(b, page, &crc) << page;
    r->out[0] = (uint8_t)page_count(b);
    put16(r->out + 1, AW_BOARD_PAGE);
    put16(r->out + 3, locked(b));
    put16(r->out + 5, sound);
    r->results = 7;
    return AW_BOARD_OK;
}

static uint32_t id_write(aw_board *b, struct request *r)
{
    uint32_t page = r->args[0], offset = r->args[1], n = r->args[2];
    uint32_t result = check_piece(b, r);
    uint8_t *back = r->out; /* it is free until there is a result */

    if (!b->setup.hal->eeprom_write)
        return AW_BOARD_UNSUPPORTED;
    if (r->length < 3u + n)
        return AW_BOARD_BAD_ARG;
    if (result != AW_BOARD_OK)
        return result;
    if (locked(b) >> page & 1)
        return AW_BOARD_LOCKED;
    result = b->setup.hal->eeprom_write(b->setup.hw, page, offset, r->args + 3, n);
    if (result == AW_BOARD_OK)
        result = read_piece(b, page, offset, back, n);
    if (result != AW_BOARD_OK)
        return result;
    if (memcmp(back, r->args + 3, n) != 0)
        return AW_BOARD_VERIFY;
    put32(r->out, aw_crc32(0, r->args + 3, n));
    r->results = 4;
    return AW_BOARD_OK;
}

static uint32_t id_lock(aw_board *b, struct request *r)
{
    uint32_t page = r->args[0], crc;

    if (!b->setup.hal->eeprom_lock)
        return AW_BOARD_UNSUPPORTED;
    if (page >= page_count(b))
        return out_of_range(r, 0);
    if (locked(b) >> page & 1)
        return AW_BOARD_LOCKED;
    if (!is_sound(b, page, &crc) || crc != get32(r->args + 1)) {
        r->detail = 1;
        return AW_BOARD_VERIFY;
    }
    uint32_t result = b->setup.hal->eeprom_lock(b->setup.hw, page);
    if (result == AW_BOARD_OK)
        b->setup.locked |= 1u << page;
    return result;
}

const struct verb board_page_verbs[] = {
    {QHI_ID, ID_READ, OF_BOARD, 3, id_read},
    {QHI_ID, ID_INFO, OF_BOARD, 0, id_info},
    {QHI_ID, ID_WRITE, OF_BOARD, 3, id_write},
    {QHI_ID, ID_LOCK, OF_BOARD, 5, id_lock},
    {0, 0, 0, 0, NULL},
};
