/* SPDX-License-Identifier: MIT */
/* A board for the soak: it comes, says a frame each round, and one day goes the wrong way. */
#ifndef AW_TESTS_SOAK_BOARD_H
#define AW_TESTS_SOAK_BOARD_H
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aw/arena.h"
#include "aw/frame.h"
#include "check.h"
#include "link/frame.h"

enum { BOARD_PORTS = 4, BOARD_NOISE = 8000 };
enum board_mood { BOARD_AWAY, BOARD_STEADY, BOARD_STALLED, BOARD_VANISHED, BOARD_MAD };

struct soak_board {
    enum board_mood mood;
    int descriptor;
    uint32_t link;
    uint32_t port[BOARD_PORTS];
    uint32_t rounds; /* in this mood */
    uint32_t sent;   /* PCM frames */
    uint32_t answered;
    struct aw_deframer deframer;
};

/* The engine's end of the link. */
static inline int soak_board_come(struct soak_board *b)
{
    int ends[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    b->mood = BOARD_STEADY;
    b->descriptor = ends[0];
    b->rounds = b->sent = b->answered = 0;
    aw_deframer_init(&b->deframer);
    return ends[1];
}

static inline void soak_board_go(struct soak_board *b)
{
    if (b->descriptor >= 0)
        close(b->descriptor);
    b->descriptor = -1;
    b->mood = BOARD_AWAY;
}

static inline void soak_board_frame(struct soak_board *b)
{
    uint8_t wire[AW_FRAME_WIRE_MAX];
    uint8_t payload[AW_PCM_UP_HEADER + BOARD_PORTS * AW_TICK_SAMPLES];
    aw_pcm_header head = {.ms = 5, .format = AW_FORMAT_ULAW, .ports = (1u << BOARD_PORTS) - 1};
    aw_frame_header header = {
        .kind = AW_FRAME_PCM, .seq = (uint16_t)b->sent, .tick = b->sent * AW_TICK_SAMPLES};
    size_t at = aw_pcm_encode(payload, &head, 1);

    for (size_t i = at; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 37 + b->sent * 11);
    size_t n = aw_frame_encode(wire, sizeof wire, &header, payload, sizeof payload);
    b->sent += write(b->descriptor, wire, n) == (ssize_t)n;
}

static inline void soak_board_rave(struct soak_board *b)
{
    uint8_t noise[BOARD_NOISE];

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)((i * 2654435761u + b->rounds * 40503u) >> 13);
    (void)!write(b->descriptor, noise, sizeof noise);
}

static inline void soak_board_say(struct soak_board *b)
{
    b->rounds++;
    if (b->mood == BOARD_STEADY)
        soak_board_frame(b);
    else if (b->mood == BOARD_MAD)
        soak_board_rave(b);
}

/* Every answer is a whole PCM frame, and there is none too many. */
static inline void soak_board_hear(struct soak_board *b)
{
    uint8_t bytes[4096];
    ssize_t n;

    if (b->mood == BOARD_AWAY || b->descriptor < 0)
        return;
    while ((n = read(b->descriptor, bytes, sizeof bytes)) > 0) {
        for (size_t at = 0; at < (size_t)n;) {
            aw_frame frame;
            aw_pcm_header head;
            at += aw_deframer_feed(&b->deframer, bytes + at, (size_t)n - at, &frame);
            if (!frame.payload)
                continue;
            CHECK(frame.header.kind == AW_FRAME_PCM);
            CHECK(aw_pcm_decode(frame.payload, frame.length, 0, &head) > 0);
            b->answered++;
        }
    }
    CHECK(aw_deframer_bad(&b->deframer) == 0 && b->answered <= b->sent);
}
#endif
