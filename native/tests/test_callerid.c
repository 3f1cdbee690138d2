/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aw/callerid.h"
#include "signal.h"
#include "starve.h"

/* SDMF of 1 May 10:23, number 555: its checksum makes the sum of all bytes 0. */
static const uint8_t MESSAGE[] = {0x04, 11,  '0', '5', '0', '1', '1',
                                  '0',  '2', '3', '5', '5', '5', 0xC6};

/* Send n bytes, and receive what comes of it: the length of the message, or 0. */
static aw_status loop(const uint8_t *sent, size_t n, aw_fsk_standard standard, uint32_t seizure,
                      uint32_t mark, uint8_t *got, size_t *length)
{
    aw_fsk_sender *s = NULL;
    aw_fsk_receiver *r = NULL;
    int16_t pcm[53]; /* no multiple of anything */
    aw_status err = aw_fsk_sender_new(&s, sent, n, standard, -13.5f);
    if (!err)
        err = aw_fsk_receiver_new(&r, standard);
    if (err)
        goto out;
    *length = 0;
    aw_fsk_sender_preamble(s, seizure, mark);
    for (size_t made = 53; made == 53;) {
        made = aw_fsk_sender_read(s, pcm, 53);
        size_t k = aw_fsk_receiver_feed(r, pcm, 53);
        if (k > 0) {
            *length = k;
            memcpy(got, aw_fsk_receiver_message(r), k);
        }
    }
out:
    aw_fsk_sender_free(s);
    aw_fsk_receiver_free(r);
    return err;
}

static aw_status test_messages_come_through(void)
{
    static const uint32_t preambles[][2] = {{300, 180}, {0, 80}, {0, 25}};
    uint8_t got[AW_CALLERID_BYTES];
    size_t length = 0;

    for (int i = 0; i < 6; i++) {
        const uint32_t *preamble = preambles[i / 2];
        aw_fsk_standard standard = i % 2 ? AW_FSK_V23 : AW_FSK_BELL202;
        aw_status err =
            loop(MESSAGE, sizeof MESSAGE, standard, preamble[0], preamble[1], got, &length);
        if (err)
            return err;
        CHECK(length == sizeof MESSAGE - 1 && memcmp(got, MESSAGE, length) == 0);
    }
    return AW_OK;
}

static aw_status test_the_longest_message_fits(void)
{
    uint8_t sent[AW_CALLERID_BYTES], got[AW_CALLERID_BYTES], sum = 0;
    size_t length = 0;

    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)(i * 37);
    sent[0] = 0x80;
    sent[1] = 255;
    for (size_t i = 0; i < sizeof sent - 1; i++)
        sum = (uint8_t)(sum + sent[i]);
    sent[sizeof sent - 1] = (uint8_t)-sum;
    aw_status err = loop(sent, sizeof sent, AW_FSK_BELL202, 300, 180, got, &length);
    if (err)
        return err;
    CHECK(length == 257 && memcmp(got, sent, length) == 0);
    return AW_OK;
}

static aw_status test_a_wrong_checksum_is_not_delivered(void)
{
    uint8_t sent[sizeof MESSAGE], got[AW_CALLERID_BYTES];
    size_t length = 0;

    memcpy(sent, MESSAGE, sizeof sent);
    sent[5] ^= 1;
    aw_status err = loop(sent, sizeof sent, AW_FSK_BELL202, 300, 180, got, &length);
    if (err)
        return err;
    CHECK(length == 0);
    return AW_OK;
}

static aw_status test_bits_last_and_frequencies_are_right(void)
{
    int16_t pcm[8000], expected[400] = {0};
    aw_fsk_sender *s = NULL;
    aw_status err = aw_fsk_sender_new(&s, MESSAGE, sizeof MESSAGE, AW_FSK_V23, -13.5f);
    if (err)
        return err;
    aw_fsk_sender_preamble(s, 0, 60);
    CHECK(aw_fsk_sender_read(s, pcm, 8000) == (60 + 10 * sizeof MESSAGE + 10) * 20 / 3);
    signal_add(expected, 400, 0, 1300, -13.5); /* 60 bits of mark are 400 samples */
    for (size_t i = 0; i < 400; i++)
        CHECK(abs(pcm[i] - expected[i]) <= 1);
    CHECK(aw_fsk_sender_read(s, pcm, 10) == 0);
    aw_fsk_sender_free(s);
    return AW_OK;
}

static aw_status test_noise_and_bad_arguments(void)
{
    uint8_t message[1] = {0};
    uint32_t noise = 7;
    int16_t pcm[400];
    aw_fsk_sender *s = NULL;
    aw_fsk_receiver *r = NULL;
    aw_status err = aw_fsk_receiver_new(&r, AW_FSK_BELL202);
    if (err)
        return err;
    for (int block = 0; block < 200; block++) {
        for (size_t i = 0; i < 400; i++) {
            noise = noise * 1664525u + 1013904223u;
            pcm[i] = (int16_t)(noise >> 16);
        }
        CHECK(aw_fsk_receiver_feed(r, pcm, 400) == 0);
    }
    aw_fsk_receiver_free(r);
    CHECK(aw_fsk_receiver_new(&r, (aw_fsk_standard)2) == AW_EINVAL);
    CHECK(aw_fsk_sender_new(&s, message, 0, AW_FSK_V23, -13.5f) == AW_EINVAL);
    CHECK(aw_fsk_sender_new(&s, message, AW_CALLERID_BYTES + 1, AW_FSK_V23, 0) == AW_EINVAL);
    CHECK(aw_fsk_sender_new(&s, message, 1, AW_FSK_V23, 4.0f) == AW_EINVAL && !s);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"messages come through", test_messages_come_through},
        {"the longest message fits", test_the_longest_message_fits},
        {"a wrong checksum is not delivered", test_a_wrong_checksum_is_not_delivered},
        {"bits and frequencies", test_bits_last_and_frequencies_are_right},
        {"noise and bad arguments", test_noise_and_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
