/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aw/frame.h"
#include "check.h"
#include "mem.h"

static const aw_frame_header HEADER = {
    .kind = AW_FRAME_PCM, .flags = 0x15, .seq = 0xfffe, .tick = 0xdeadbeef, .ack = 0x0100};

static void fill(uint8_t *payload, size_t n, int pattern)
{
    for (size_t i = 0; i < n; i++)
        payload[i] = (uint8_t)(pattern == 0 ? 0 : pattern == 1 ? 0x55 : (i * 37 + 11) % 253);
}

static size_t feed_all(aw_deframer *d, const uint8_t *in, size_t n, aw_frame *last)
{
    size_t found = 0;

    while (n > 0) {
        aw_frame frame;
        size_t taken = aw_deframer_feed(d, in, n, &frame);
        CHECK(taken >= 1 && taken <= n);
        in += taken;
        n -= taken;
        if (frame.payload) {
            *last = frame;
            found++;
        }
    }
    return found;
}

static aw_status test_round_trip_of_every_length(void)
{
    static uint8_t payload[AW_FRAME_PAYLOAD_MAX];
    static uint8_t wire[AW_FRAME_WIRE_MAX];
    aw_deframer *d = NULL;
    aw_status err = aw_deframer_new(&d);
    if (err)
        return err;

    for (size_t n = 0; n <= AW_FRAME_PAYLOAD_MAX; n += n < 600 ? 1 : 59) {
        for (int pattern = 0; pattern < 3; pattern++) {
            aw_frame got = {.payload = NULL};
            fill(payload, n, pattern);
            size_t size = aw_frame_encode(wire, sizeof wire, &HEADER, payload, n);
            CHECK(size > n && size % AW_FRAME_USB_PACKET != 0);
            CHECK(feed_all(d, wire, size, &got) == 1);
            CHECK(got.length == n && memcmp(got.payload, payload, n) == 0);
            CHECK(got.header.kind == HEADER.kind && got.header.flags == HEADER.flags);
            CHECK(got.header.seq == HEADER.seq && got.header.tick == HEADER.tick);
            CHECK(got.header.ack == HEADER.ack);
        }
    }
    CHECK(aw_deframer_bad(d) == 0);
    aw_deframer_free(d);
    return AW_OK;
}

static aw_status test_the_largest_frame_fits_exactly(void)
{
    static uint8_t payload[AW_FRAME_PAYLOAD_MAX + 1];
    uint8_t wire[AW_FRAME_WIRE_MAX];

    fill(payload, sizeof payload, 1);
    CHECK(aw_frame_encode(wire, sizeof wire, &HEADER, payload, AW_FRAME_PAYLOAD_MAX) > 4096);
    CHECK(aw_frame_encode(wire, sizeof wire - 1, &HEADER, payload, AW_FRAME_PAYLOAD_MAX) == 0);
    CHECK(aw_frame_encode(wire, sizeof wire, &HEADER, payload, sizeof payload) == 0);
    return AW_OK;
}

static aw_status test_noise_costs_one_frame(void)
{
    uint8_t wire[AW_FRAME_WIRE_MAX];
    uint8_t noise[10000];
    aw_frame got = {.payload = NULL};
    aw_deframer *d = NULL;
    aw_status err = aw_deframer_new(&d);
    if (err)
        return err;

    memset(noise, 0xff, sizeof noise);
    noise[sizeof noise - 1] = 0;
    size_t size = aw_frame_encode(wire, sizeof wire, &HEADER, noise, 20);
    CHECK(feed_all(d, noise, sizeof noise, &got) == 0);
    CHECK(aw_deframer_bad(d) == 1);
    CHECK(feed_all(d, wire, size, &got) == 1);
    wire[5] ^= 1;
    CHECK(feed_all(d, wire, size, &got) == 0);
    CHECK(aw_deframer_bad(d) == 2 && aw_deframer_frames(d) == 1);
    aw_deframer_free(d);
    return AW_OK;
}

static aw_status test_crc_is_that_of_zlib(void)
{
    const uint8_t *digits = (const uint8_t *)"123456789";

    CHECK(aw_crc32(0, digits, 9) == 0xcbf43926); /* the check value of IEEE 802.3's CRC */
    CHECK(aw_crc32(aw_crc32(0, digits, 4), digits + 4, 5) == 0xcbf43926);
    CHECK(aw_crc32(0, digits, 0) == 0);
    return AW_OK;
}

static aw_status test_samples_are_what_the_head_says(void)
{
    uint8_t payload[AW_PCM_UP_HEADER + 3 * 80] = {0};
    aw_pcm_header head = {.ms = 5,
                          .format = 2,
                          .tx_fill_ms = 10,
                          .flags = AW_PCM_FIRST,
                          .ports = 0x80000005u,
                          .off_hook = 0x01020304,
                          .ringing = 0x80000000u};
    aw_pcm_header got;

    CHECK(aw_pcm_encode(payload, &head, 1) == AW_PCM_UP_HEADER);
    CHECK(aw_pcm_decode(payload, sizeof payload, 1, &got) == AW_PCM_UP_HEADER);
    CHECK(memcmp(&got, &head, sizeof got) == 0);
    CHECK(aw_pcm_decode(payload, sizeof payload - 1, 1, &got) == 0);
    CHECK(aw_pcm_decode(payload, AW_PCM_DOWN_HEADER + 3 * 80, 0, &got) == AW_PCM_DOWN_HEADER);
    CHECK(got.off_hook == 0 && got.ports == head.ports);
    CHECK(aw_pcm_decode(payload, 7, 0, &got) == 0);
    payload[1] = 3;
    CHECK(aw_pcm_decode(payload, sizeof payload, 1, &got) == 0);
    return AW_OK;
}

int main(void)
{
    static const struct {
        const char *name;
        aw_status (*fn)(void);
    } tests[] = {
        {"round trip of every length", test_round_trip_of_every_length},
        {"the largest frame fits exactly", test_the_largest_frame_fits_exactly},
        {"noise costs one frame", test_noise_costs_one_frame},
        {"crc is that of zlib", test_crc_is_that_of_zlib},
        {"samples are what the head says", test_samples_are_what_the_head_says},
    };

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        CHECK(tests[i].fn() == AW_OK);
        int n = 0; /* the same test, starved of memory */
        for (aw_status err = AW_ENOMEM; err; n++) {
            aw_test_fail_alloc_after(n);
            err = tests[i].fn();
            CHECK(err == AW_OK || err == AW_ENOMEM);
        }
        aw_test_fail_alloc_after(-1);
        printf("ok %s (%d allocations starved)\n", tests[i].name, n - 1);
    }
    return 0;
}
