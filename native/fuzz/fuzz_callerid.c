/* SPDX-License-Identifier: MIT */
/* Invariant: whatever is heard, the caller-ID receiver and the CAS receiver stay within bounds, and
 * what is delivered as a message is one: its length is right.
 *
 * fuzz_callerid INPUTS [SECONDS [SEED]]: each input is one block of 40 samples: of messages sent,
 * disturbed to a degree of their own, or of noise, or of tones.  Ends at INPUTS, or after SECONDS
 * when above 0.  Run it under ASan (make fuzz). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "aw/callerid.h"
#include "aw/cas.h"

enum { BLOCK = 40 };

static uint64_t state; /* xorshift64* */
static uint64_t delivered;

static uint32_t dice(uint32_t sides)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 32) % sides;
}

/* Bytes of a message: mostly right in length and checksum. */
static size_t make_message(uint8_t message[AW_CALLERID_BYTES])
{
    size_t body = dice(3) ? dice(40) : dice(256), n = body + 3;
    uint8_t sum = 0;

    for (size_t i = 0; i < n; i++)
        message[i] = (uint8_t)dice(256);
    message[1] = (uint8_t)(dice(10) ? body : dice(256));
    for (size_t i = 0; i + 1 < n; i++)
        sum = (uint8_t)(sum + message[i]);
    if (dice(10))
        message[n - 1] = (uint8_t)-sum;
    return dice(10) ? n : 1 + dice((uint32_t)n);
}

static void disturb(int16_t *pcm, uint32_t mischief)
{
    for (size_t i = 0; i < BLOCK; i++) {
        if (dice(2000) < mischief)
            pcm[i] = (int16_t)dice(65536);
        if (dice(4000) < mischief)
            pcm[i] = 0;
    }
}

static void fail(uint64_t input, const char *what)
{
    printf("FAILED at input %" PRIu64 ": %s\n", input, what);
    exit(1);
}

static void hear(aw_fsk_receiver *r, aw_cas *c, const int16_t *pcm, size_t n, uint64_t input)
{
    size_t length = aw_fsk_receiver_feed(r, pcm, n);
    uint32_t ms = aw_cas_feed(c, pcm, n);

    if (length > 0) {
        const uint8_t *message = aw_fsk_receiver_message(r);
        delivered++;
        if (length != message[1] + 2u || length >= AW_CALLERID_BYTES)
            fail(input, "a message of a wrong length");
    }
    if (ms != 0 && (ms < 60 || ms > 120))
        fail(input, "a signal of a wrong duration");
}

/* One message, sent into receivers that have heard others before. */
static uint64_t send(aw_fsk_receiver *r, aw_cas *c, aw_fsk_standard standard, uint64_t input)
{
    uint8_t message[AW_CALLERID_BYTES];
    uint32_t mischief = dice(3) ? 0 : dice(100);
    aw_fsk_sender *s = NULL;
    size_t n = make_message(message), made = BLOCK;

    if (aw_fsk_sender_new(&s, message, n, standard, -(float)dice(45)) != AW_OK)
        exit(2);
    aw_fsk_sender_preamble(s, dice(2) ? 0 : 60, 20 + dice(60));
    for (; made == BLOCK; input++) {
        int16_t pcm[BLOCK];
        made = aw_fsk_sender_read(s, pcm, BLOCK);
        disturb(pcm, mischief);
        hear(r, c, pcm, mischief ? 1 + dice(BLOCK) : BLOCK, input);
    }
    aw_fsk_sender_free(s);
    return input;
}

/* Some blocks of noise or of any bytes. */
static uint64_t murmur(aw_fsk_receiver *r, aw_cas *c, uint64_t input)
{
    uint32_t loudness = 1 + dice(65536);

    for (uint32_t left = dice(30); left > 0; left--, input++) {
        int16_t pcm[BLOCK];
        for (size_t i = 0; i < BLOCK; i++)
            pcm[i] = (int16_t)((int32_t)dice(loudness) - (int32_t)(loudness / 2));
        hear(r, c, pcm, BLOCK, input);
    }
    return input;
}

int main(int argc, char **argv)
{
    uint64_t inputs = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    time_t begun = time(NULL);
    uint64_t input = 0;
    aw_cas *c = NULL;
    aw_fsk_receiver *r[2] = {NULL, NULL};

    state = argc > 3 ? strtoull(argv[3], NULL, 10) | 1 : 1;
    if (aw_cas_new(&c) || aw_fsk_receiver_new(&r[0], AW_FSK_BELL202) ||
        aw_fsk_receiver_new(&r[1], AW_FSK_V23))
        return 2;
    while (input < inputs && (seconds <= 0 || time(NULL) - begun < seconds)) {
        uint32_t standard = dice(2);
        input = send(r[standard], c, (aw_fsk_standard)(dice(8) ? standard : dice(2)), input);
        input = murmur(r[standard], c, input);
    }
    aw_fsk_receiver_free(r[0]);
    aw_fsk_receiver_free(r[1]);
    aw_cas_free(c);
    printf("ok fuzz_callerid: %" PRIu64 " blocks, %" PRIu64 " messages\n", input, delivered);
    return delivered == 0;
}
