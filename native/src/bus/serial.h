/* SPDX-License-Identifier: MIT */
/* Links that are no QHI: a modem's lines of text and its stream of samples. */
#ifndef AW_BUS_SERIAL_H
#define AW_BUS_SERIAL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aw/arena.h"
#include "aw/dle.h"
#include "aw/frame.h"

#define SERIAL_LINE     512 /* bytes of a line of text */
#define AW_TICK_BYTES16 (2 * AW_TICK_SAMPLES)
#define SERIAL_BATCH    (4 * AW_TICK_BYTES16) /* bytes that a raw stream takes at a time: 20 ms */

enum bus_serial_mode {
    SERIAL_TEXT,   /* lines */
    SERIAL_ARMED,  /* lines; CONNECT begins the stream */
    SERIAL_STREAM, /* samples both ways */
    SERIAL_ENDING, /* samples in, none out; DLE ETX ends it */
};

struct bus_serial {
    uint8_t mode; /* enum bus_serial_mode */
    bool skip_newline;
    uint8_t coding; /* aw_sample_format on the wire */
    uint16_t line_fill;
    uint16_t chunk_fill;
    uint16_t batch_fill;
    uint16_t seq;
    uint32_t tick;
    aw_dle dle;
    uint8_t line[SERIAL_LINE];
    uint8_t chunk[AW_TICK_BYTES16]; /* of the 5 ms that are being collected */
    uint8_t batch[SERIAL_BATCH];    /* to be written */
};

struct aw_engine;
struct bus_link;

/* serial.c [tick] */
void aw_serial_open(struct bus_link *l, const aw_cmd_link *c);
void aw_serial_recode(struct bus_link *l, uint32_t format); /* aw_sample_format, from now on */
void aw_serial_feed(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n);
bool aw_serial_order(struct aw_engine *e, struct bus_link *l, const aw_cmd_frame *c,
                     const uint8_t *payload); /* false: refused */

/* serial_out.c [tick] */
void aw_serial_say(struct aw_engine *e, struct bus_link *l, const uint8_t *payload, size_t length);
#endif
