/* SPDX-License-Identifier: MIT */
/* The dictionary (docs/reference/qhi.md): JSON in a zlib stream (RFC 1950) of one stored block
 * (RFC 1951, 3.2.4).
 *
 * It is written anew for every piece that is asked for, which takes time but no memory: a pen moves
 * over the whole of it and leaves ink within a window only. */
#include "board/board.h"

#include <string.h>

enum { ZLIB_HEAD = 2, BLOCK_HEAD = 5, ADLER = 4, ADLER_BASE = 65521 };

struct pen {
    uint8_t *out;
    uint32_t from; /* the window */
    uint32_t size;
    uint32_t at;
    uint32_t low; /* the two sums of Adler-32 */
    uint32_t high;
};

static void ink(struct pen *p, uint8_t byte)
{
    if (p->at - p->from < p->size)
        p->out[p->at - p->from] = byte;
    p->at++;
    p->low = (p->low + byte) % ADLER_BASE;
    p->high = (p->high + p->low) % ADLER_BASE;
}

static void text(struct pen *p, const char *s)
{
    while (*s)
        ink(p, (uint8_t)*s++);
}

static void number(struct pen *p, uint32_t n)
{
    if (n >= 10)
        number(p, n / 10);
    ink(p, (uint8_t)('0' + n % 10));
}

/* The words of those bits that are set (NULL: all), each in quotes. */
static void words(struct pen *p, const char *const *word, uint32_t n, uint32_t bits)
{
    const char *comma = "";

    for (uint32_t i = 0; i < n; i++) {
        if (!(bits >> i & 1))
            continue;
        text(p, comma);
        text(p, "\"");
        text(p, word[i]);
        text(p, "\"");
        comma = ",";
    }
}

static void write_ports(struct pen *p, const aw_board_setup *setup)
{
    static const char *const can[] = {
        "ring_tx",     "ring_rx",     "loop_sense", "volts",        "current",
        "polarity_tx", "polarity_rx", "osi_tx",     "osi_rx",       "flash_tx",
        "flash_rx",    "pulse_tx",    "pulse_rx",   "caller_id_tx", "caller_id_rx",
        "impedance",   "gain",        "line_test",  "clock_master",
    };

    for (uint32_t i = 0; i < setup->ports; i++) {
        text(p, i ? ",{\"kind\":\"" : "{\"kind\":\"");
        text(p, setup->port[i].kind == AW_BOARD_FXS ? "fxs" : "fxo");
        text(p, "\",\"capabilities\":[");
        words(p, can, sizeof can / sizeof *can, setup->port[i].capabilities);
        text(p, "]}");
    }
}

static void write_json(struct pen *p, const aw_board_setup *setup)
{
    static const char *const counters[COUNTERS] = {
        "frames_in",     "frames_bad",  "frames_out", "pcm_in",
        "pcm_out",       "underruns",   "slips",      "events_sent",
        "events_resent", "events_lost", "requests",   "requests_replayed",
        "pcm_missing",   "pcm_late",
    };

    text(p, "{\"model\":\"");
    text(p, setup->model);
    text(p, "\",\"hardware\":\"");
    number(p, setup->hardware >> 8);
    text(p, ".");
    number(p, setup->hardware & 0xff);
    text(p, "\",\"firmware\":\"");
    number(p, setup->firmware >> 24);
    text(p, ".");
    number(p, setup->firmware >> 16 & 0xff);
    text(p, ".");
    number(p, setup->firmware & 0xffff);
    text(p, "\",");
    text(p, setup->notes ? setup->notes : "");
    text(p, "\"ports\":[");
    write_ports(p, setup);
    text(p, "],\"counters\":[");
    words(p, counters, COUNTERS, UINT32_MAX);
    text(p, "]}");
}

uint32_t board_dictionary_length(const aw_board *b)
{
    return ZLIB_HEAD + BLOCK_HEAD + b->dictionary_json + ADLER;
}

void board_dictionary_read(const aw_board *b, uint32_t offset, uint8_t *out, uint32_t n)
{
    struct pen p = {.out = out, .from = offset, .size = n};
    uint32_t length = b->dictionary_json;

    ink(&p, 0x78); /* deflate, window of 32 KiB */
    ink(&p, 0x01); /* no preset dictionary; check bits */
    ink(&p, 0x01); /* the last block, stored */
    ink(&p, (uint8_t)length);
    ink(&p, (uint8_t)(length >> 8));
    ink(&p, (uint8_t)~length);
    ink(&p, (uint8_t)(~length >> 8));
    write_json(&p, &b->setup);
    for (int shift = 24; shift >= 0; shift -= 8)
        ink(&p, (uint8_t)(b->dictionary_adler >> shift));
}

void board_dictionary_measure(aw_board *b)
{
    struct pen p = {.low = 1};

    write_json(&p, &b->setup);
    b->dictionary_json = p.at;
    b->dictionary_adler = p.high << 16 | p.low;
    b->dictionary_crc = 0;
    for (uint32_t at = 0, n; at < board_dictionary_length(b); at += n) {
        n = board_dictionary_length(b) - at;
        n = n < sizeof b->scratch ? n : sizeof b->scratch;
        board_dictionary_read(b, at, b->scratch, n);
        b->dictionary_crc = aw_crc32(b->dictionary_crc, b->scratch, n);
    }
}
