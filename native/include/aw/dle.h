/* SPDX-License-Identifier: MIT */
#ifndef AW_DLE_H
#define AW_DLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * Shielding of a voice modem's stream (TIA IS-101, ITU-T V.253): bytes, and events between them.
 *
 * What:  the byte DLE (0x10) in the data is sent twice; DLE and another byte is an event: SUB
 *        stands for two bytes of 0x10, ETX ends the stream, letters and digits are what the modem
 *        has noticed on the line.
 * How:   byte by byte, in pieces of any size; an event ends a piece, so that it keeps its place.
 * Not:   what events mean (drivers/vmodem).
 *
 * All functions are real-time safe.
 */
enum { AW_DLE = 0x10, AW_DLE_ETX = 0x03, AW_DLE_SUB = 0x1a };

typedef struct {
    bool shielded; /* a DLE was the last byte */
} aw_dle;

typedef struct {
    size_t taken; /* bytes of the stream */
    size_t given; /* bytes of data */
    int event;    /* byte behind a DLE; -1: none, all has been taken or there was no more room */
} aw_dle_piece;

/** Take bytes of the stream until they end, `data` is full or an event comes.  capacity >= 2. */
aw_dle_piece aw_dle_decode(aw_dle *d, const uint8_t *stream, size_t n, uint8_t *data,
                           size_t capacity);
/** Shield n bytes of data into `stream`, which has room for 2n.  Returns its length. */
size_t aw_dle_encode(uint8_t *stream, const uint8_t *data, size_t n);
/* cffi: end */
#endif
