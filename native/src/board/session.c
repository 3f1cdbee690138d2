/* SPDX-License-Identifier: MIT */
/* Sessions: who is there, what a frame of the host is, and what to do when it falls silent
 * (docs/reference/qhi.md, 2). */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum {
    HELLO_BYTES = 64,
    HELLO_EVERY_MS = 1000,
    SILENT_STREAM_MS = 1000,
    SILENT_MS = 5000,
    PING_MAX = 16,
    READ_BYTES = 8,
    ANY_FORMAT = 7,
    FRAMES_5_MS = 1 << 4,
    VENDOR_AT = 6,
    SESSION_AT = 60,
    ROLE_AT = 50
};

static void bad(aw_board *b)
{
    b->count[COUNT_FRAMES_BAD]++;
}

static uint32_t features(const aw_board_hal *hal)
{
    return FEATURE_WATCHDOG | FEATURE_PATTERNS | (hal->lamp ? FEATURE_IDENTIFY : 0u) |
           (board_firmware_is_there(hal) ? FEATURE_FIRMWARE : 0u) |
           (hal->measure ? FEATURE_LINE_TEST : 0u) | (hal->adjust ? FEATURE_CLOCK_ADJUST : 0u) |
           (hal->selftest ? FEATURE_SELFTEST : 0u) |
           (hal->eeprom_write && hal->eeprom_lock ? FEATURE_EEPROM_WRITE : 0u);
}

void board_session_hello(aw_board *b)
{
    const aw_board_setup *s = &b->setup;
    size_t serial = strlen(s->serial);
    uint8_t hello[HELLO_BYTES] = "QHI1";

    b->hello_ms = now_ms(b) + HELLO_EVERY_MS;
    hello[4] = QHI_MAJOR;
    hello[5] = QHI_MINOR;
    put16(hello + VENDOR_AT, s->vendor);
    put16(hello + 8, s->type);
    put16(hello + 10, s->hardware);
    put32(hello + 12, s->firmware);
    memcpy(hello + 16, s->serial, serial < 16 ? serial : 16);
    put32(hello + 32, features(s->hal));
    hello[40] = (uint8_t)s->ports;
    hello[41] = ANY_FORMAT;
    hello[42] = WINDOW;
    hello[43] = b->boot_reason;
    put32(hello + 44, FRAMES_5_MS);
    put16(hello + 48, AW_FRAME_DECODED_MAX);
    hello[51] = EVENT_RING;
    put32(hello + 52, board_dictionary_length(b));
    put32(hello + 56, b->dictionary_crc);
    put32(hello + SESSION_AT, b->session);
    board_post(b, AW_FRAME_HELLO, hello, sizeof hello);
}

void board_rest(aw_board *b)
{
    for (uint32_t i = 0; i < b->setup.ports; i++)
        board_port_rest(b, i);
}

void board_report_states(aw_board *b)
{
    for (uint32_t i = 0; i < b->setup.ports; i++) {
        uint8_t state[2];
        board_port_state(&b->port[i], state);
        board_event_port(b, i, EVENT_STATE, state, sizeof state);
    }
}

/* Nothing is left of what was; called without a session, so that nobody is told. */
static void forget(aw_board *b)
{
    b->session = 0;
    board_rest(b);
    board_stream_stop(b);
    board_event_begin(b);
    for (uint32_t i = 0; i < STORED_RESPONSES; i++)
        b->response[i].length = 0;
    memset(b->seq, 0, sizeof b->seq);
    b->watchdog_every_ms = 0;
}

void board_session_end(aw_board *b, aw_boot reason)
{
    b->boot_reason = (uint8_t)reason;
    forget(b);
    b->hello_ms = now_ms(b);
}

void board_session_watch(aw_board *b)
{
    uint32_t silent_ms = b->stream.running ? SILENT_STREAM_MS : SILENT_MS;

    if (b->session && now_ms(b) - b->heard_ms >= silent_ms)
        board_session_end(b, AW_BOOT_HOST_SILENT);
    if (b->watchdog_every_ms && now_ms(b) >= b->watchdog_ms)
        aw_board_restart(b, AW_BOOT_WATCHDOG);
    else if (board_firmware_has_failed(b))
        aw_board_restart(b, AW_BOOT_FIRMWARE);
    else if (!b->session && now_ms(b) >= b->hello_ms)
        board_session_hello(b);
}

/* From the host */

static void greet(aw_board *b, const uint8_t *hello, size_t n)
{
    if (n < HELLO_BYTES || memcmp(hello, "QHI1", 4) != 0) {
        bad(b);
        return;
    }
    uint32_t session = get32(hello + SESSION_AT);
    if (hello[ROLE_AT] != 1 || session == 0)
        return;
    if (session == b->session) { /* it hasn't got the answer: once more */
        board_session_hello(b);
        return;
    }
    forget(b);
    b->session = session;
    b->session_ms = now_ms(b);
    board_session_hello(b);
    board_report_states(b);
}

static void answer_ping(aw_board *b, const aw_frame *frame)
{
    aw_frame_header h = {
        .kind = AW_FRAME_PING, .seq = frame->header.seq, .tick = now_tick(b), .ack = WINDOW};

    if (frame->length > PING_MAX)
        bad(b);
    else if (frame->header.flags & QHI_ACK_WANTED)
        board_send(b, &h, frame->payload, frame->length);
}

static void give_bulk(aw_board *b, const aw_frame *frame)
{
    const uint8_t *wish = frame->payload;
    uint8_t *part = b->scratch;
    aw_frame_header h = {
        .kind = AW_FRAME_BULK, .seq = frame->header.seq, .tick = now_tick(b), .ack = WINDOW};

    if (frame->length < READ_BYTES || wish[1] != BULK_READ) {
        bad(b);
        return;
    }
    uint32_t length = get16(wish + 2);
    uint32_t offset = get32(wish + 4);
    uint32_t total = board_dictionary_length(b);
    bool is_wrong = length < 1 || length > PART_MAX || offset > total;
    part[0] = wish[0];
    if (wish[0] != BULK_DICTIONARY || is_wrong) {
        part[1] = BULK_REFUSED;
        put16(part + 2, wish[0] != BULK_DICTIONARY ? AW_BOARD_UNSUPPORTED : AW_BOARD_RANGE);
        board_send(b, &h, part, 4);
        return;
    }
    length = length < total - offset ? length : total - offset;
    part[1] = BULK_PART;
    put16(part + 2, length);
    put32(part + 4, offset);
    put32(part + 8, total);
    board_dictionary_read(b, offset, part + PART_HEAD, length);
    board_send(b, &h, part, PART_HEAD + length);
}

void board_session_take(aw_board *b, const aw_frame *frame)
{
    if (frame->header.kind == AW_FRAME_HELLO) {
        greet(b, frame->payload, frame->length);
        return;
    }
    if (!b->session)
        return;
    board_event_acknowledged(b, frame->header.ack);
    switch (frame->header.kind) {
    case AW_FRAME_PCM:
        board_stream_take(b, frame);
        break;
    case AW_FRAME_REQ:
        board_request_take(b, frame);
        break;
    case AW_FRAME_PING:
        answer_ping(b, frame);
        break;
    case AW_FRAME_BULK:
        give_bulk(b, frame);
        break;
    default:
        break; /* of a newer host */
    }
}
