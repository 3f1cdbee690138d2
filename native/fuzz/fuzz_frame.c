/* SPDX-License-Identifier: MIT */
/* Invariant: no stream makes the deframer read outside or accept a frame nobody sent, and it gives
 * the same frames whether the stream comes whole or byte by byte.
 *
 * fuzz_frame INPUTS [SECONDS [SEED]]: each input is a stream of one to four frames, then damaged
 * (bits flipped, bytes put in, taken out, doubled, cut) or left whole, or plain noise.  Ends at
 * INPUTS, or after SECONDS when above 0.  Run it under ASan (make fuzz). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "link/frame.h"

#define STREAM_MAX (8 * AW_FRAME_WIRE_MAX)
#define FRAMES_MAX 4

static uint64_t state; /* xorshift64* */

static uint32_t dice(uint32_t sides)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 32) % sides;
}

static void fail(const char *what, uint64_t input)
{
    printf("FAILED at input %" PRIu64 ": %s\n", input, what);
    exit(1);
}

/* What went into the stream, to be compared with what comes out. */
struct sent {
    size_t count;
    uint32_t crc[FRAMES_MAX];
};

static uint32_t fingerprint(const aw_frame_header *h, const uint8_t *payload, size_t length)
{
    uint8_t head[10];

    head[0] = h->kind;
    head[1] = h->flags;
    memcpy(head + 2, &h->seq, 2);
    memcpy(head + 4, &h->tick, 4);
    memcpy(head + 8, &h->ack, 2);
    return aw_crc32(aw_crc32(0, head, sizeof head), payload, length);
}

static size_t payload_size(void)
{
    static const uint32_t usual[] = {0, 4, 12, 237, 238, 239, 784, 976, 1552, 4080};

    return dice(4) ? dice(64) : usual[dice(sizeof usual / sizeof *usual)];
}

static size_t make_stream(uint8_t *out, struct sent *sent)
{
    static uint8_t payload[AW_FRAME_PAYLOAD_MAX];
    size_t at = 0;

    sent->count = 1 + dice(FRAMES_MAX);
    for (size_t k = 0; k < sent->count; k++) {
        aw_frame_header h = {.kind = (uint8_t)dice(16),
                             .flags = (uint8_t)dice(256),
                             .seq = (uint16_t)dice(65536),
                             .tick = dice(UINT32_MAX),
                             .ack = (uint16_t)dice(65536)};
        size_t length = payload_size();
        uint32_t zeros = dice(3);
        for (size_t i = 0; i < length; i++)
            payload[i] = (uint8_t)(zeros && dice(1 + zeros * 40) == 0 ? 0 : 1 + (i * 7 + at) % 255);
        sent->crc[k] = fingerprint(&h, payload, length);
        at += aw_frame_encode(out + at, STREAM_MAX - at, &h, payload, length);
    }
    return at;
}

static size_t damage(uint8_t *s, size_t n)
{
    for (uint32_t hits = 1 + dice(6); hits > 0 && n > 0; hits--) {
        size_t at = dice((uint32_t)n);
        switch (dice(5)) {
        case 0: /* a byte too few */
            memmove(s + at, s + at + 1, --n - at);
            break;
        case 1: /* a byte too many */
            if (n < STREAM_MAX) {
                memmove(s + at + 1, s + at, n++ - at);
                s[at] = (uint8_t)dice(256);
            }
            break;
        case 2: /* cut short */
            if (dice(8) == 0)
                n = at;
            break;
        default:
            s[at] ^= (uint8_t)(1u << dice(8));
        }
    }
    return n;
}

static size_t make_noise(uint8_t *out)
{
    size_t n = dice(dice(16) ? 256 : STREAM_MAX);
    bool endless = dice(4) == 0; /* no 0x00 at all: longer than any frame */

    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(endless ? 1 + dice(255) : dice(256));
    return n;
}

/* Feed all, in steps of at most `step`; returns a fingerprint of what came out. */
static uint32_t run(const uint8_t *in, size_t n, size_t step, const struct sent *sent,
                    uint64_t *accepted, uint64_t *strange)
{
    static struct aw_deframer deframer;
    aw_deframer *d = &deframer;
    uint32_t all = 0;

    aw_deframer_init(d);
    while (n > 0) {
        aw_frame frame;
        size_t taken = aw_deframer_feed(d, in, n < step ? n : step, &frame);
        in += taken;
        n -= taken;
        if (!frame.payload)
            continue;
        uint32_t crc = fingerprint(&frame.header, frame.payload, frame.length);
        size_t k = 0;
        while (k < sent->count && sent->crc[k] != crc)
            k++;
        *strange += k == sent->count;
        *accepted += 1;
        all = all * 31 + crc;
    }
    return all * 31 + (uint32_t)aw_deframer_bad(d) * 7 + (uint32_t)aw_deframer_frames(d);
}

/* A buffer of exactly n bytes, so that ASan sees a read behind it. */
static uint8_t *exactly(const uint8_t *in, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);

    if (!copy)
        exit(2);
    memcpy(copy, in, n);
    return copy;
}

static uint64_t accepted, strange, damaged, noise;

static void one_input(uint64_t number)
{
    static uint8_t stream[STREAM_MAX];
    struct sent sent = {.count = 0};
    uint32_t sort = dice(8);
    uint64_t before = accepted, ignored = 0;
    size_t n = sort == 0 ? make_noise(stream) : make_stream(stream, &sent);

    noise += sort == 0;
    damaged += sort > 1;
    if (sort > 1)
        n = damage(stream, n);
    uint8_t *copy = exactly(stream, n);
    uint32_t whole = run(copy, n, n, &sent, &accepted, &strange);
    if (whole != run(copy, n, 1, &sent, &ignored, &ignored))
        fail("whole and byte by byte differ", number);
    if (sort == 1 && accepted - before != sent.count)
        fail("an undamaged frame was lost", number);
    if (strange)
        fail("a frame was accepted that nobody sent", number);
    free(copy);
}

int main(int argc, char **argv)
{
    uint64_t inputs = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 0;
    time_t end = time(NULL) + (time_t)seconds;
    uint64_t done = 0;

    state = argc > 3 ? strtoull(argv[3], NULL, 10) | 1 : 1998;
    while (done < inputs) {
        one_input(done);
        if (++done % 1024 == 0 && seconds > 0 && time(NULL) >= end)
            break;
    }
    printf("%" PRIu64 " inputs (%" PRIu64 " damaged, %" PRIu64 " noise): %" PRIu64
           " frames accepted, %" PRIu64 " of them corrupted\n",
           done, damaged, noise, accepted, strange);
    return 0;
}
