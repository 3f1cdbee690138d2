/* SPDX-License-Identifier: MIT */
/* Invariant: whatever packets come, in whatever order and time, the playout reads and writes within
 * bounds, always makes the samples asked for, and keeps its books.
 *
 * fuzz_jitter INPUTS [SECONDS [SEED]]: each input is one packet and one read, in calls of 2,000; a
 * call is a plain stream, disturbed to a degree of its own.  Ends at INPUTS, or after SECONDS when
 * above 0.  Run it under ASan (make fuzz). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "aw/playout.h"

enum { CALL = 2000, FRAME = 160 };

static uint64_t state; /* xorshift64* */

static uint32_t dice(uint32_t sides)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 32) % sides;
}

static aw_packet make_packet(uint32_t index, uint32_t mischief)
{
    aw_packet packet = {(uint16_t)index, index * FRAME, AW_PACKET_AUDIO, FRAME, FRAME};

    if (dice(100) >= mischief)
        return packet;
    switch (dice(6)) {
    case 0:
        packet.sequence = (uint16_t)dice(65536);
        break;
    case 1:
        packet.timestamp = dice(2) ? dice(UINT32_MAX) : packet.timestamp + dice(4000) - 2000;
        break;
    case 2:
        packet.samples = dice(1100);
        break;
    case 3:
        packet.bytes = dice(1100);
        break;
    case 4:
        packet.kind = dice(3);
        packet.samples = 0;
        break;
    default:
        packet.sequence = (uint16_t)(index - dice(5));
        packet.timestamp = packet.sequence * (uint32_t)FRAME;
    }
    return packet;
}

static void play_call(uint64_t input)
{
    static const aw_decoder decoders[] = {aw_decode_ulaw, aw_decode_alaw, aw_decode_linear};
    uint32_t mischief = dice(101);
    uint64_t now = dice(2) ? dice(UINT32_MAX) : 0;
    aw_playout *p = NULL;

    if (aw_playout_new(&p, dice(100), 100 + dice(300), decoders[dice(3)], NULL) != AW_OK)
        exit(2);
    for (uint32_t i = 0; i < CALL; i++) {
        uint8_t payload[AW_JITTER_BYTES];
        int16_t pcm[512];
        aw_packet packet = make_packet(i, mischief);
        for (size_t b = 0; b < sizeof payload; b++)
            payload[b] = (uint8_t)(i + b * mischief);
        (void)aw_playout_put(p, now, &packet, payload);
        aw_playout_read(p, now, pcm, dice(100) < mischief ? dice(512) : FRAME);
        now += dice(100) < mischief / 4 ? dice(20000) : FRAME;
    }
    aw_playout_figures f = aw_playout_look(p);
    if (f.buffer.received != CALL || f.buffer.target_ms > 400.0f ||
        f.buffer.played + f.buffer.refused + f.buffer.duplicates > CALL) {
        printf("FAILED at input %" PRIu64 ": the books are wrong\n", input);
        exit(1);
    }
    aw_playout_free(p);
}

int main(int argc, char **argv)
{
    uint64_t inputs = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    time_t begun = time(NULL);
    uint64_t input = 0;

    state = argc > 3 ? strtoull(argv[3], NULL, 10) | 1 : 1;
    for (; input < inputs; input += CALL) {
        if (seconds > 0 && time(NULL) - begun >= seconds)
            break;
        play_call(input);
    }
    printf("ok fuzz_jitter: %" PRIu64 " packets\n", input);
    return 0;
}
