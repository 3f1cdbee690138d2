/* SPDX-License-Identifier: MIT */
/* Requests: each is performed once and its response kept, to be given again when the host hasn't
 * got it (docs/reference/qhi.md, 3). */
#include "board/board.h"

#include <string.h>

enum { REQUEST_HEAD = 4 };

static const struct verb *find_in(const struct verb *v, uint8_t class, uint8_t verb)
{
    for (; v->perform; v++)
        if (v->class == class && v->verb == verb)
            return v;
    return NULL;
}

static const struct verb *find(uint8_t class, uint8_t verb)
{
    static const struct verb *const tables[] = {board_verbs,      board_page_verbs,
                                                board_port_verbs, board_firmware_verbs,
                                                board_test_verbs, board_timeslot_verbs};
    const struct verb *found = NULL;

    for (size_t i = 0; i < sizeof tables / sizeof *tables && !found; i++)
        found = find_in(tables[i], class, verb);
    return found;
}

/* Whether this port is of the kind that a verb is for. */
static bool is_for(const aw_board *b, const struct verb *v, uint32_t port)
{
    return v->of == OF_BOARD || v->of == OF_PORTS ||
           v->of == (b->port[port].kind == AW_BOARD_FXS ? OF_FXS : OF_FXO);
}

/* Whether a line test stands in the way. */
static bool is_out_of_service(const aw_board *b, const struct verb *v, uint32_t port)
{
    if (v->of == OF_BOARD || !board_test_runs(b, port))
        return false;
    return v->class == QHI_PORT && v->verb != PORT_STATE && v->verb != PORT_METER;
}

static bool is_absent(const aw_board *b, uint8_t class)
{
    return class == QHI_FW && !board_firmware_is_there(b->setup.hal);
}

static uint32_t perform(aw_board *b, uint8_t class, uint8_t verb, struct request *r)
{
    const struct verb *v = find(class, verb);
    bool is_there = r->port < b->setup.ports;

    if (class == QHI_PORT && !is_there)
        return AW_BOARD_NO_PORT;
    if (!v || is_absent(b, class))
        return AW_BOARD_UNSUPPORTED;
    if (v->of == OF_BOARD ? r->port != QHI_BOARD : !is_there)
        return AW_BOARD_NO_PORT;
    if (!is_for(b, v, r->port))
        return AW_BOARD_UNSUPPORTED;
    if (is_out_of_service(b, v, r->port))
        return AW_BOARD_BUSY;
    return r->length < v->least ? AW_BOARD_BAD_ARG : v->perform(b, r);
}

static void respond(aw_board *b, const struct response *stored)
{
    aw_frame_header h = {
        .kind = AW_FRAME_RSP, .seq = stored->seq, .tick = stored->tick, .ack = WINDOW};

    board_send(b, &h, stored->payload, stored->length);
}

/* Returns whether it was answered before, and is again. */
static bool replay(aw_board *b, uint16_t seq, uint8_t tag)
{
    for (uint32_t i = 0; i < STORED_RESPONSES; i++) {
        const struct response *stored = &b->response[i];
        if (stored->length == 0 || stored->seq != seq || stored->tag != tag)
            continue;
        b->count[COUNT_REQUESTS_REPLAYED]++;
        respond(b, stored);
        return true;
    }
    return false;
}

void board_request_take(aw_board *b, const aw_frame *frame)
{
    const uint8_t *in = frame->payload; /* class, verb, port, tag */

    if (frame->length < REQUEST_HEAD) {
        b->count[COUNT_FRAMES_BAD]++;
        return;
    }
    if (replay(b, frame->header.seq, in[3]))
        return;
    struct response *stored = &b->response[b->next_response++ % STORED_RESPONSES];
    struct request r = {.args = in + REQUEST_HEAD,
                        .length = frame->length - REQUEST_HEAD,
                        .port = in[2],
                        .seq = frame->header.seq,
                        .tag = in[3],
                        .out = stored->payload + RESPONSE_HEAD};
    uint32_t result = AW_BOARD_UNSUPPORTED;

    b->count[COUNT_REQUESTS]++;
    if (!(frame->header.flags & QHI_SCHEDULED))
        result = perform(b, in[0], in[1], &r);
    memcpy(stored->payload, in, REQUEST_HEAD);
    stored->payload[4] = (uint8_t)result;
    stored->payload[5] = r.detail;
    stored->tick = now_tick(b);
    stored->seq = r.seq;
    stored->tag = r.tag;
    stored->length = (uint8_t)(RESPONSE_HEAD + (result == AW_BOARD_OK ? r.results : 0));
    respond(b, stored);
}
