/* SPDX-License-Identifier: MIT */
/* A board with a panel instead of lines, and a host made by hand at its link. */
#ifndef AW_TESTS_BOARD_HOST_H
#define AW_TESTS_BOARD_HOST_H
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "aw/board.h"
#include "board/bytes.h"
#include "board/numbers.h"
#include "check.h"
#include "link/frame.h"

enum {
    PORTS = 4,
    FXO = 0,
    FXS = 2,
    DECODED_FXO = 1,
    DECODED_FXS = 3,
    FRAMES_KEPT = 256,
    SAMPLES = 40
};

/* What the panel shows, and what the board has done to it. */
struct panel {
    aw_board_senses senses;
    uint32_t feed[PORTS];
    uint32_t closed[PORTS];
    uint32_t monitor[PORTS];
    int32_t receive[PORTS];
    uint32_t lamp;
    uint32_t restarts;
};

static struct panel panel;

static void panel_sense(void *hw, aw_board_senses *out)
{
    *out = ((struct panel *)hw)->senses;
}

static void panel_linefeed(void *hw, uint32_t port, uint32_t feed)
{
    ((struct panel *)hw)->feed[port] = feed;
}

static void panel_hook(void *hw, uint32_t port, uint32_t closed)
{
    ((struct panel *)hw)->closed[port] = closed;
}

static void panel_monitor(void *hw, uint32_t port, uint32_t on)
{
    ((struct panel *)hw)->monitor[port] = on;
}

static void panel_gain(void *hw, uint32_t port, int32_t receive, int32_t send)
{
    ((struct panel *)hw)->receive[port] = receive;
    (void)send;
}

static void panel_lamp(void *hw, uint32_t on)
{
    ((struct panel *)hw)->lamp = on;
}

static void panel_restart(void *hw, uint32_t reason)
{
    ((struct panel *)hw)->restarts += reason != 0;
}

static const aw_board_hal panel_hal = {.sense = panel_sense,
                                       .linefeed = panel_linefeed,
                                       .hook = panel_hook,
                                       .monitor = panel_monitor,
                                       .gain = panel_gain,
                                       .lamp = panel_lamp,
                                       .restart = panel_restart};

static const aw_board_port panel_ports[PORTS] = {
    {AW_BOARD_FXO, 0, AW_BOARD_RING_RX | AW_BOARD_CLOCK_MASTER},
    {AW_BOARD_FXO, 1, AW_BOARD_RING_RX},
    {AW_BOARD_FXS, 0, AW_BOARD_RING_TX | AW_BOARD_FLASH_RX},
    {AW_BOARD_FXS, 1, AW_BOARD_RING_TX},
};

static const aw_board_setup panel_setup = {.hal = &panel_hal,
                                           .hw = &panel,
                                           .model = "PANEL",
                                           .serial = "P-1",
                                           .vendor = 7,
                                           .hardware = 0x0102,
                                           .firmware = 0x01020003,
                                           .boot = AW_BOOT_POWER,
                                           .ports = PORTS,
                                           .port = panel_ports};

/* The host: all that the board has sent, in order. */
struct kept {
    aw_frame_header header;
    size_t length;
    uint8_t payload[1100];
};

static aw_board *board;
static void *board_memory;
static struct aw_deframer host_deframer;
static struct kept kept[FRAMES_KEPT];
static size_t frames;
static uint16_t host_ack;
static uint16_t host_seq;
static int16_t host_in[PORTS * SAMPLES], host_out[PORTS * SAMPLES];

static inline void host_reads(void)
{
    uint8_t bytes[700]; /* an awkward size: frames come in pieces */
    size_t n;

    while ((n = aw_board_output(board, bytes, sizeof bytes)) > 0) {
        for (size_t at = 0; at < n;) {
            aw_frame frame;
            at += aw_deframer_feed(&host_deframer, bytes + at, n - at, &frame);
            if (!frame.payload)
                continue;
            CHECK(frame.length <= sizeof kept[0].payload);
            if (frames == FRAMES_KEPT) { /* forget the older half */
                memmove(kept, kept + FRAMES_KEPT / 2, sizeof kept / 2);
                frames = FRAMES_KEPT / 2;
            }
            kept[frames].header = frame.header;
            kept[frames].length = frame.length;
            memcpy(kept[frames++].payload, frame.payload, frame.length);
        }
    }
    CHECK(aw_deframer_bad(&host_deframer) == 0);
}

static inline void host_sends(uint8_t kind, uint8_t flags, uint16_t seq, uint32_t tick,
                              const uint8_t *payload, size_t n)
{
    static uint8_t wire[AW_FRAME_WIRE_MAX];
    aw_frame_header h = {.kind = kind, .flags = flags, .seq = seq, .tick = tick, .ack = host_ack};
    size_t size = aw_frame_encode(wire, sizeof wire, &h, payload, n);

    for (size_t at = 0; at < size; at += 13) /* in pieces, as links do */
        aw_board_receive(board, wire + at, size - at < 13 ? size - at : 13);
}

/* The last frame of a kind; NULL: there is none. */
static inline const struct kept *last(uint8_t kind)
{
    for (size_t i = frames; i > 0; i--)
        if (kept[i - 1].header.kind == kind)
            return &kept[i - 1];
    return NULL;
}

static inline void host_greets(uint32_t session)
{
    uint8_t hello[64] = "QHI1";

    hello[4] = QHI_MAJOR;
    hello[50] = 1;
    put32(hello + 60, session);
    host_sends(AW_FRAME_HELLO, 0, 0, 0, hello, sizeof hello);
    host_reads();
}

/* Let time pass; the host reads and says nothing. */
static inline void passes_mutely(uint32_t ms)
{
    for (uint32_t i = 0; i < ms; i += AW_BOARD_FRAME_MS) {
        aw_board_tick(board, host_in, host_out);
        host_reads();
    }
}

/* Let time pass; the host says that it is there and what it has got. */
static inline void passes(uint32_t ms)
{
    for (uint32_t i = 0; i < ms; i += AW_BOARD_FRAME_MS) {
        passes_mutely(AW_BOARD_FRAME_MS);
        const struct kept *event = last(AW_FRAME_EVT);
        if (event)
            host_ack = event->header.seq;
        host_sends(AW_FRAME_PING, 0, 0, 0, NULL, 0);
    }
}

/* Send a request and return its status; its results are in last(AW_FRAME_RSP)->payload + 6. */
static inline uint8_t asks(uint8_t class, uint8_t verb, uint8_t port, const uint8_t *args, size_t n)
{
    uint8_t request[64] = {class, verb, port, 9};

    memcpy(request + 4, args, n);
    host_sends(AW_FRAME_REQ, QHI_ACK_WANTED, ++host_seq, 0, request, 4 + n);
    host_reads();
    const struct kept *answer = last(AW_FRAME_RSP);
    CHECK(answer && answer->header.seq == host_seq && memcmp(answer->payload, request, 4) == 0);
    return answer->payload[4];
}

#define ASKS(class, verb, port, ...)                                                               \
    asks(class, verb, port, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define W(value) (uint8_t)((value) & 0xff), (uint8_t)((value) >> 8)

/* How many events of class PORT a port has reported since `frames` was `from`. */
static inline uint32_t reported(size_t from, uint8_t port, uint8_t event)
{
    uint32_t found = 0;

    for (size_t i = from; i < frames; i++)
        found += kept[i].header.kind == AW_FRAME_EVT && kept[i].payload[0] == QHI_PORT &&
                 kept[i].payload[1] == event && kept[i].payload[2] == port &&
                 !(kept[i].header.flags & QHI_RETRANSMIT);
    return found;
}

/* The arguments of the last such event. */
static inline const uint8_t *told(uint8_t port, uint8_t event)
{
    for (size_t i = frames; i > 0; i--)
        if (kept[i - 1].header.kind == AW_FRAME_EVT && kept[i - 1].payload[1] == event &&
            kept[i - 1].payload[2] == port)
            return kept[i - 1].payload + 8;
    return NULL;
}

/* A board in memory of exactly its size, linked; with a session unless it is 0. */
static inline void begin(const aw_board_setup *setup, uint32_t session)
{
    size_t size = aw_board_bytes();

    panel.restarts = panel.lamp = 0;
    free(board_memory);
    board_memory = malloc(size);
    CHECK(board_memory != NULL);
    memset(board_memory, 0x5a, size);
    CHECK(aw_board_init(&board, board_memory, size, setup) == AW_OK);
    aw_deframer_init(&host_deframer);
    frames = 0;
    host_ack = host_seq = 0;
    aw_board_link_opened(board);
    host_reads();
    if (session)
        host_greets(session);
}
#endif
