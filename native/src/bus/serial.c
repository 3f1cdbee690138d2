/* SPDX-License-Identifier: MIT */
/* A modem's link: text until CONNECT, then samples with events between them (DLE shielded), or
 * samples alone.  Every 40 samples that come in are a PCM frame as a board's, so that all behind
 * it (clock, gaps, drift, echo) is the same. */
#include <string.h>

#include "bus/bus.h"

#define N AW_TICK_SAMPLES

static void report(struct aw_engine *e, const struct bus_link *l, uint8_t kind, const uint8_t *text,
                   size_t length)
{
    aw_evt_frame event = {
        .record = {AW_EVT_FRAME, sizeof event},
        .at = e->now,
        .handle = l->handle,
        .kind = kind,
        .length = (uint16_t)length,
    };

    aw_event_post(e, &event, text, length);
}

void aw_serial_open(struct bus_link *l, const aw_cmd_link *c)
{
    memset(&l->serial, 0, sizeof l->serial);
    l->framing = (uint8_t)c->framing;
    l->serial.coding = (uint8_t)c->format;
}

/* What has been collected in the old form is no whole number of 5 ms in the new one. */
void aw_serial_recode(struct bus_link *l, uint32_t format)
{
    struct bus_serial *s = &l->serial;

    if (l->framing == AW_FRAMING_QHI || s->coding == format)
        return;
    s->coding = (uint8_t)format;
    s->chunk_fill = s->batch_fill = 0;
    l->out.count = 0;
}

static size_t sample_bytes(const struct bus_serial *s)
{
    return s->coding == AW_FORMAT_S16 ? 2 : 1;
}

/* 8-bit unsigned linear samples as 16-bit ones. */
static void widen(uint8_t *wide, const uint8_t *narrow)
{
    for (size_t i = 0; i < N; i++) {
        wide[2 * i] = 0;
        wide[2 * i + 1] = (uint8_t)(narrow[i] ^ 0x80);
    }
}

/* 5 ms have come: a PCM frame. */
static void give_chunk(struct aw_engine *e, struct bus_link *l)
{
    struct bus_serial *s = &l->serial;
    uint8_t payload[AW_PCM_UP_HEADER + AW_TICK_BYTES16];
    bool narrow = s->coding == AW_FORMAT_U8;
    aw_pcm_header head = {
        .ms = AW_TICK_MS,
        .format = narrow ? AW_FORMAT_S16 : s->coding,
        .flags = s->seq == 0 && !l->carrying ? AW_PCM_FIRST : 0,
        .ports = 1,
    };
    size_t begin = aw_pcm_encode(payload, &head, 1);
    size_t length = narrow ? AW_TICK_BYTES16 : N * sample_bytes(s);

    if (narrow)
        widen(payload + begin, s->chunk);
    else
        memcpy(payload + begin, s->chunk, length);
    aw_frame frame = {
        .header = {.kind = AW_FRAME_PCM, .seq = s->seq++, .tick = s->tick},
        .length = begin + length,
        .payload = payload,
    };
    s->tick += N;
    s->chunk_fill = 0;
    l->last_valid = e->now;
    aw_link_pcm(e, l, &frame);
}

static void take_samples(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n)
{
    struct bus_serial *s = &l->serial;
    size_t whole = N * sample_bytes(s);

    for (size_t at = 0; at < n && l->state == LINK_OPEN;) {
        size_t some = n - at < whole - s->chunk_fill ? n - at : whole - s->chunk_fill;
        memcpy(s->chunk + s->chunk_fill, bytes + at, some);
        s->chunk_fill = (uint16_t)(s->chunk_fill + some);
        at += some;
        if (s->chunk_fill == whole)
            give_chunk(e, l);
    }
}

static void begin_stream(struct aw_engine *e, struct bus_link *l)
{
    struct bus_serial *s = &l->serial;

    aw_link_rest(e, l); /* one that goes on ends: its numbers begin anew */
    s->mode = SERIAL_STREAM;
    s->seq = 0;
    s->chunk_fill = s->batch_fill = 0;
    s->dle = (aw_dle){0};
    l->out_tail = l->out_head; /* whatever was still to be sent belongs to another call */
}

static void end_stream(struct aw_engine *e, struct bus_link *l)
{
    l->serial.mode = SERIAL_TEXT;
    l->serial.line_fill = 0;
    aw_link_rest(e, l);
}

/* Events have their place between samples; returns the bytes taken. */
static size_t take_shielded(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n)
{
    uint8_t data[256];
    aw_dle_piece piece = aw_dle_decode(&l->serial.dle, bytes, n, data, sizeof data);

    take_samples(e, l, data, piece.given);
    if (piece.event == AW_DLE_ETX) {
        end_stream(e, l);
        report(e, l, AW_SERIAL_ENDED, NULL, 0);
    } else if (piece.event >= 0) {
        uint8_t code = (uint8_t)piece.event;
        report(e, l, AW_SERIAL_EVENT, &code, 1);
    }
    return piece.taken;
}

static bool begins_with(const struct bus_serial *s, const char *word)
{
    size_t length = strlen(word);

    return s->line_fill >= length && memcmp(s->line, word, length) == 0;
}

/* A line is whole: tell it; CONNECT (some modems say VCON) begins a stream that was asked for. */
static void end_line(struct aw_engine *e, struct bus_link *l)
{
    struct bus_serial *s = &l->serial;

    if (s->line_fill == 0)
        return;
    bool begins = s->mode == SERIAL_ARMED && (begins_with(s, "CONNECT") || begins_with(s, "VCON"));
    bool fails = s->mode == SERIAL_ARMED && (begins_with(s, "ERROR") || begins_with(s, "NO "));
    report(e, l, AW_SERIAL_LINE, s->line, s->line_fill);
    s->line_fill = 0;
    if (fails)
        s->mode = SERIAL_TEXT;
    if (begins) {
        begin_stream(e, l);
        s->skip_newline = true;
    }
}

static void take_text(struct aw_engine *e, struct bus_link *l, uint8_t byte)
{
    struct bus_serial *s = &l->serial;

    if (byte == '\r' || byte == '\n')
        end_line(e, l);
    else if (s->line_fill < SERIAL_LINE)
        s->line[s->line_fill++] = byte;
}

void aw_serial_feed(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n)
{
    struct bus_serial *s = &l->serial;

    if (l->framing == AW_FRAMING_SAMPLES) { /* between calls nothing that comes means anything */
        if (s->mode == SERIAL_STREAM)
            take_samples(e, l, bytes, n);
        return;
    }
    for (size_t at = 0; at < n && l->state == LINK_OPEN;) {
        if (s->mode == SERIAL_TEXT || s->mode == SERIAL_ARMED) {
            take_text(e, l, bytes[at++]);
            continue;
        }
        if (s->skip_newline) { /* of the line that began the stream */
            s->skip_newline = false;
            at += bytes[at] == '\n';
        }
        if (at < n)
            at += take_shielded(e, l, bytes + at, n - at);
    }
}

bool aw_serial_order(struct aw_engine *e, struct bus_link *l, const aw_cmd_frame *c,
                     const uint8_t *payload)
{
    struct bus_serial *s = &l->serial;
    bool samples = l->framing == AW_FRAMING_SAMPLES;

    if (c->kind == AW_SERIAL_BEGIN && samples)
        begin_stream(e, l);
    else if (c->kind == AW_SERIAL_REST && samples)
        end_stream(e, l);
    else if (c->kind == AW_SERIAL_ARM && !samples && s->mode == SERIAL_TEXT)
        s->mode = SERIAL_ARMED;
    else if (c->kind == AW_SERIAL_END && s->mode == SERIAL_STREAM)
        s->mode = SERIAL_ENDING;
    else if (c->kind != AW_SERIAL_LINE)
        return false;
    aw_link_write(e, l, payload, c->length);
    return true;
}
