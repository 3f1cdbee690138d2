/* SPDX-License-Identifier: MIT */
/* The ring of events: each is sent again until the host has acknowledged it. */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum { RESEND_MS = 200, EVENT_HEAD = 8 };

void board_event_begin(aw_board *b)
{
    b->events.first = b->events.count = 0;
    b->events.lost = 0;
    b->events.seq = 0;
}

static void send(aw_board *b, struct event *e, uint8_t flags)
{
    aw_frame_header h = {.kind = AW_FRAME_EVT,
                         .flags = (uint8_t)(QHI_ACK_WANTED | flags),
                         .seq = e->seq,
                         .tick = e->tick,
                         .ack = WINDOW};

    e->sent_ms = now_ms(b);
    board_send(b, &h, e->payload, e->length);
}

void board_event(aw_board *b, uint8_t class, uint8_t event, uint32_t port, uint8_t severity,
                 const uint8_t *arguments, size_t n)
{
    struct event_ring *r = &b->events;

    if (!b->session)
        return;
    if (r->count == EVENT_RING) {
        r->lost++;
        return;
    }
    struct event *e = &r->event[(r->first + r->count++) % EVENT_RING];
    n = n < EVENT_ARGUMENTS ? n : EVENT_ARGUMENTS; /* only a text can be too long */
    e->seq = ++r->seq;
    e->tick = now_tick(b);
    e->length = (uint8_t)(EVENT_HEAD + n);
    e->payload[0] = class;
    e->payload[1] = event;
    e->payload[2] = (uint8_t)port;
    e->payload[3] = severity;
    put32(e->payload + 4, e->tick);
    if (n > 0)
        memcpy(e->payload + EVENT_HEAD, arguments, n);
    b->count[COUNT_EVENTS_SENT]++;
    send(b, e, 0);
}

void board_event_port(aw_board *b, uint32_t port, uint8_t event, const uint8_t *arguments, size_t n)
{
    board_event(b, QHI_PORT, event, port, SEVERITY_INFORMATION, arguments, n);
}

/* There is room again: say how much was lost, and how everything is. */
static void report_lost(aw_board *b)
{
    uint32_t lost = b->events.lost < 65535 ? b->events.lost : 65535;
    uint8_t count[2];

    put16(count, lost);
    b->count[COUNT_EVENTS_LOST] += b->events.lost;
    b->events.lost = 0;
    board_event(b, QHI_SYS, EVENT_EVENTS_LOST, QHI_BOARD, SEVERITY_WARNING, count, sizeof count);
    board_report_states(b);
}

void board_event_acknowledged(aw_board *b, uint16_t seq)
{
    struct event_ring *r = &b->events;
    uint16_t beyond = r->count ? (uint16_t)(seq - r->event[r->first].seq) : 0;

    if (r->count > 0 && beyond < r->count) { /* else a number never sent, or acknowledged before */
        r->first = (r->first + beyond + 1u) % EVENT_RING;
        r->count -= beyond + 1u;
    }
    if (r->lost > 0 && r->count + 1 + b->setup.ports <= EVENT_RING)
        report_lost(b);
}

void board_event_resend(aw_board *b)
{
    struct event_ring *r = &b->events;

    for (uint32_t i = 0; i < r->count; i++) {
        struct event *e = &r->event[(r->first + i) % EVENT_RING];
        if (now_ms(b) - e->sent_ms < RESEND_MS)
            continue;
        b->count[COUNT_EVENTS_RESENT]++;
        send(b, e, QHI_RETRANSMIT);
    }
}

static void alarm_text(aw_board *b, uint8_t class, uint8_t event, uint32_t port,
                       const uint8_t head[2], const char *text)
{
    uint8_t arguments[EVENT_ARGUMENTS];
    size_t length = strlen(text);

    length = length < sizeof arguments - 2 ? length : sizeof arguments - 2;
    memcpy(arguments, head, 2);
    memcpy(arguments + 2, text, length);
    board_event(b, class, event, port, head[1] ? SEVERITY_ALARM : SEVERITY_INFORMATION, arguments,
                length + 2);
}

void aw_board_alarm(aw_board *b, uint32_t port, uint32_t kind, uint32_t on, const char *text)
{
    uint8_t head[2] = {(uint8_t)kind, on != 0};

    if (port < b->setup.ports)
        alarm_text(b, QHI_PORT, EVENT_PORT_ALARM, port, head, text);
    else if (port == QHI_BOARD)
        alarm_text(b, QHI_SYS, EVENT_SYS_ALARM, QHI_BOARD, head, text);
}
