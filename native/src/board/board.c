/* SPDX-License-Identifier: MIT */
/* A board as its owner sees it: see aw/board.h. */
#include "board/board.h"

#include <string.h>

enum { RESTART_MS = 200, LOG_HEAD = 2, LOG_TEXT = 160, JSON_MAX = 65535, INFORMATION = 2 };

_Static_assert(AW_BOARD_PORTS >= 1 && AW_BOARD_PORTS <= 32, "QHI has 1 to 32 ports");
_Static_assert(sizeof(struct aw_board) <= AW_BOARD_BYTES, "AW_BOARD_BYTES is too small");

size_t aw_board_bytes(void)
{
    return sizeof(struct aw_board);
}

static bool is_complete(const aw_board_setup *setup)
{
    const aw_board_hal *hal = setup->hal;

    if (setup->ports < 1 || setup->ports > AW_BOARD_PORTS || !hal || !hal->sense)
        return false;
    for (uint32_t i = 0; i < setup->ports; i++) {
        if (setup->port[i].kind == AW_BOARD_FXS ? !hal->linefeed : !hal->hook)
            return false;
    }
    return setup->model && setup->serial;
}

/* Everything as after power-on, but for the clock and the link. */
static void wake(aw_board *b)
{
    b->wakes_ms = 0;
    board_firmware_wake(b);
    board_dictionary_measure(b);
    if (b->setup.hal->adjust)
        b->setup.hal->adjust(b->setup.hw, 0);
    board_port_power_up(b);
    board_session_hello(b);
}

aw_status aw_board_init(aw_board **out, void *memory, size_t size, const aw_board_setup *setup)
{
    aw_board *b = memory;

    if (!memory || size < sizeof *b || !is_complete(setup))
        return AW_EINVAL;
    memset(b, 0, sizeof *b);
    b->setup = *setup;
    b->boot_reason = (uint8_t)setup->boot;
    b->log_level = INFORMATION;
    aw_deframer_init(&b->deframer);
    board_stream_stop(b);
    wake(b);
    if (b->dictionary_json > JSON_MAX)
        return AW_EINVAL;
    *out = b;
    return AW_OK;
}

/* The link */

void board_send(aw_board *b, const aw_frame_header *header, const uint8_t *payload, size_t n)
{
    if (!b->linked)
        return;
    b->count[COUNT_FRAMES_OUT]++;
    b->out_fill +=
        aw_frame_encode(b->out + b->out_fill, sizeof b->out - b->out_fill, header, payload, n);
}

void board_post(aw_board *b, aw_frame_kind kind, const uint8_t *payload, size_t n)
{
    aw_frame_header h = {
        .kind = (uint8_t)kind, .seq = b->seq[kind]++, .tick = now_tick(b), .ack = WINDOW};

    board_send(b, &h, payload, n);
}

/* What came before the link or the board began anew is no part of any frame. */
static void begin_frames(aw_board *b)
{
    b->count[COUNT_FRAMES_BAD] += (uint32_t)b->deframer.bad;
    aw_deframer_init(&b->deframer);
}

void aw_board_link_opened(aw_board *b)
{
    b->linked = true;
    begin_frames(b);
    b->heard_ms = now_ms(b);
    b->out[0] = 0; /* ends whatever the link has still in it */
    b->out_fill = 1;
    if (!b->session && !b->wakes_ms)
        board_session_hello(b);
}

void aw_board_link_closed(aw_board *b)
{
    b->linked = false;
    b->out_fill = 0;
}

void aw_board_receive(aw_board *b, const uint8_t *bytes, size_t n)
{
    aw_frame frame;

    while (n > 0 && !b->wakes_ms) {
        size_t taken = aw_deframer_feed(&b->deframer, bytes, n, &frame);
        bytes += taken;
        n -= taken;
        if (!frame.payload)
            continue;
        b->count[COUNT_FRAMES_IN]++;
        b->heard_ms = now_ms(b);
        board_session_take(b, &frame);
        if (b->restart_as)
            aw_board_restart(b, b->restart_as);
    }
}

size_t aw_board_output(aw_board *b, uint8_t *bytes, size_t size)
{
    size_t n = b->out_fill < size ? b->out_fill : size;

    memcpy(bytes, b->out, n);
    b->out_fill -= n;
    memmove(b->out, b->out + n, b->out_fill);
    return n;
}

/* Time */

void aw_board_play(aw_board *b, int16_t *out)
{
    if (b->wakes_ms) {
        memset(out, 0, b->setup.ports * AW_BOARD_FRAME * sizeof *out);
        return;
    }
    board_port_tick(b);
    board_stream_play(b, out);
}

static void blink(aw_board *b)
{
    if (b->lamp_ms && now_ms(b) >= b->lamp_ms) {
        b->lamp_ms = 0;
        b->setup.hal->lamp(b->setup.hw, 0);
    }
}

void aw_board_capture(aw_board *b, const int16_t *in)
{
    if (!b->wakes_ms)
        board_stream_send(b, in);
    b->samples += AW_BOARD_FRAME;
    if (!b->wakes_ms) {
        board_event_resend(b);
        board_firmware_tick(b);
        blink(b);
        board_session_watch(b);
    } else if (now_ms(b) >= b->wakes_ms) {
        if (b->setup.hal->restart)
            b->setup.hal->restart(b->setup.hw, b->boot_reason);
        wake(b);
    }
}

void aw_board_tick(aw_board *b, const int16_t *in, int16_t *out)
{
    aw_board_capture(b, in);
    aw_board_play(b, out);
}

void aw_board_restart(aw_board *b, uint32_t reason)
{
    board_session_end(b, (aw_boot)reason);
    begin_frames(b);
    b->restart_as = 0;
    b->wakes_ms = now_ms(b) + RESTART_MS;
    board_port_kill(b);
}

/* For people */

void aw_board_log(aw_board *b, uint32_t level, const char *line)
{
    uint8_t payload[LOG_HEAD + LOG_TEXT] = {(uint8_t)level, 0};
    size_t length = strlen(line);

    if (!b->session || level > b->log_level)
        return;
    length = length < LOG_TEXT ? length : LOG_TEXT;
    memcpy(payload + LOG_HEAD, line, length);
    board_post(b, AW_FRAME_LOG, payload, LOG_HEAD + length);
}

void aw_board_look(const aw_board *b, aw_board_view *out)
{
    *out = (aw_board_view){.samples = b->samples,
                           .session = b->session,
                           .streaming = b->stream.running,
                           .owed = b->stream.owed};
    for (uint32_t i = 0; i < b->setup.ports; i++) {
        out->off_hook |= (uint32_t)board_port_off_hook(&b->port[i]) << i;
        out->ringing |= (uint32_t)board_port_ringing(&b->port[i]) << i;
    }
}

uint32_t aw_board_count(const aw_board *b, uint32_t counter)
{
    uint32_t bad = counter == COUNT_FRAMES_BAD ? (uint32_t)b->deframer.bad : 0;

    return counter < COUNTERS ? b->count[counter] + bad : 0;
}
