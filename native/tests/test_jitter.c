/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "aw/playout.h"
#include "starve.h"

enum { FRAME = 160, TICK = 40 };

static uint32_t seed = 1;

static uint32_t draw(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 16;
}

static aw_packet audio(uint32_t index)
{
    return (aw_packet){(uint16_t)index, index * FRAME, AW_PACKET_AUDIO, FRAME, FRAME};
}

static aw_packet_fate put(aw_jitter *j, uint64_t now, uint32_t index)
{
    uint8_t payload[FRAME];
    aw_packet packet = audio(index);

    memset(payload, (int)(index & 0xff), sizeof payload);
    return aw_jitter_put(j, now, &packet, payload);
}

static aw_status test_packets_come_out_in_order_and_whole(void)
{
    /* From 65530 on the sequence wraps; 4 and 3 change places, 6 comes twice. */
    static const uint32_t order[] = {0, 1, 2, 4, 3, 5, 6, 6, 7};
    uint8_t payload[AW_JITTER_BYTES];
    aw_jitter *j = NULL;
    aw_status err = aw_jitter_new(&j, 40, 40);
    if (err)
        return err;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        aw_packet_fate fate = put(j, i * FRAME, 65530 + order[i]);
        CHECK(fate == (i == 7 ? AW_PACKET_DUPLICATE : AW_PACKET_KEPT));
        if (i == 0) /* 40 ms have not passed */
            CHECK(aw_jitter_take(j, 319, 80, payload).what == AW_PLAY_NOTHING);
    }
    uint64_t now = 9 * FRAME;
    for (uint32_t i = 0; i < 8; i++) {
        aw_play_order play = aw_jitter_take(j, now + i * FRAME, 80, payload);
        CHECK(play.what == AW_PLAY_PACKET && play.samples == FRAME && play.bytes == FRAME);
        CHECK(payload[0] == (uint8_t)(65530 + i) && payload[FRAME - 1] == payload[0]);
    }
    aw_jitter_figures figures = aw_jitter_look(j);
    CHECK(figures.played == 8 && figures.lost == 0 && figures.duplicates == 1);
    aw_jitter_free(j);
    return AW_OK;
}

static aw_status test_time_may_wrap(void)
{
    uint8_t payload[AW_JITTER_BYTES];
    aw_jitter *j = NULL;
    aw_status err = aw_jitter_new(&j, 20, 20);
    if (err)
        return err;
    uint32_t played = 0;
    for (uint32_t i = 0; i < 20; i++) {
        aw_packet packet = {(uint16_t)(65530 + i), 0xffffff00u + i * FRAME, AW_PACKET_AUDIO, FRAME,
                            FRAME};
        memset(payload, 0, FRAME);
        CHECK(aw_jitter_put(j, i * FRAME, &packet, payload) == AW_PACKET_KEPT);
        played += aw_jitter_take(j, i * FRAME, FRAME, payload).what == AW_PLAY_PACKET;
    }
    CHECK(played == 19); /* the first waits for its target */
    aw_jitter_free(j);
    return AW_OK;
}

static aw_status test_a_gap_is_lost_or_a_pause(void)
{
    uint8_t payload[AW_JITTER_BYTES];
    aw_jitter *j = NULL;
    aw_status err = aw_jitter_new(&j, 20, 20);
    if (err)
        return err;
    (void)put(j, 0, 0);
    (void)put(j, 320, 2); /* 1 is missing */
    CHECK(aw_jitter_take(j, 160, 160, payload).what == AW_PLAY_PACKET);
    aw_play_order order = aw_jitter_take(j, 320, 100, payload);
    CHECK(order.what == AW_PLAY_LOST && order.samples == 100);
    CHECK(put(j, 330, 1) == AW_PACKET_KEPT); /* its end may still be played */
    order = aw_jitter_take(j, 420, 160, payload);
    CHECK(order.what == AW_PLAY_PACKET && order.skip == 100 && order.samples == 160);
    CHECK(put(j, 480, 1) == AW_PACKET_LATE);
    CHECK(aw_jitter_take(j, 480, 160, payload).what == AW_PLAY_PACKET);

    aw_packet next = {3, 10 * FRAME, AW_PACKET_AUDIO, FRAME, FRAME}; /* no number is missing */
    CHECK(aw_jitter_put(j, 10 * FRAME, &next, payload) == AW_PACKET_KEPT);
    order = aw_jitter_take(j, 640, 160, payload);
    CHECK(order.what == AW_PLAY_PAUSE && order.samples == 160);
    CHECK(aw_jitter_take(j, 11 * FRAME, 160, payload).what == AW_PLAY_PACKET);
    CHECK(aw_jitter_look(j).lost == 0 && aw_jitter_look(j).late == 1);
    aw_jitter_free(j);
    return AW_OK;
}

static aw_status test_a_jumping_clock_is_followed_but_a_stray_packet_is_not(void)
{
    aw_jitter *j = NULL;
    aw_status err = aw_jitter_new(&j, 0, 400);
    if (err)
        return err;
    for (uint32_t i = 0; i < 50; i++)
        CHECK(put(j, i * FRAME, i) == AW_PACKET_KEPT || i > 40);
    CHECK(put(j, 50 * FRAME, 0x800000) == AW_PACKET_REFUSED);
    CHECK(put(j, 50 * FRAME, 0x90000) == AW_PACKET_REFUSED);
    CHECK(aw_jitter_look(j).resyncs == 0);
    CHECK(put(j, 51 * FRAME, 0x70000) == AW_PACKET_REFUSED);
    CHECK(put(j, 52 * FRAME, 0x70001) == AW_PACKET_REFUSED);
    CHECK(put(j, 53 * FRAME, 0x70002) == AW_PACKET_KEPT);
    CHECK(aw_jitter_look(j).resyncs == 1 && aw_jitter_waiting(j) == FRAME);
    aw_jitter_free(j);
    return AW_OK;
}

static aw_status test_memory_fills_up_and_comes_back(void)
{
    uint8_t payload[AW_JITTER_BYTES] = {0};
    aw_jitter *j = NULL;
    aw_status err = aw_jitter_new(&j, 0, 400);
    if (err)
        return err;
    for (int round = 0; round < 3; round++) {
        uint32_t kept = 0;
        for (uint32_t i = 0; i < 20; i++) { /* 960 bytes take six cells of 64 */
            aw_packet packet = {(uint16_t)i, i * 960 + (uint32_t)round * 19200, AW_PACKET_AUDIO,
                                960, 960};
            kept += aw_jitter_put(j, (uint64_t)(i + 20 * (uint32_t)round) * 960, &packet,
                                  payload) == AW_PACKET_KEPT;
        }
        CHECK(kept == 10);
        uint64_t now = (uint64_t)(round + 1) * 19200 + 8000;
        uint32_t taken = 0;
        while (aw_jitter_take(j, now, 960, payload).what == AW_PLAY_PACKET)
            taken++;
        CHECK(taken == 10);
        while (aw_jitter_take(j, now, 960, payload).what != AW_PLAY_NOTHING)
            now += 960;
    }
    aw_jitter_free(j);
    return AW_OK;
}

/* Anything at all: it must neither break nor grow, and always make its samples. */
static aw_status test_hostile_packets(void)
{
    static const aw_decoder decoders[] = {aw_decode_ulaw, aw_decode_alaw, aw_decode_linear};
    for (unsigned round = 0; round < 30; round++) {
        aw_playout *p = NULL;
        aw_status err = aw_playout_new(&p, 0, 400, decoders[round % 3], NULL);
        if (err)
            return err;
        uint64_t now = round % 2 ? 0 : (uint64_t)draw() << 32;
        uint32_t timestamp = draw() << 16;
        for (int i = 0; i < 1500; i++) {
            uint8_t payload[AW_JITTER_BYTES];
            int16_t pcm[400];
            timestamp += draw() % 4 ? 160 : draw() % 4096;
            uint32_t wild = draw() % 16 ? timestamp : draw() * draw();
            aw_packet packet = {(uint16_t)(draw() % 8 ? i : (int)draw()), wild, draw() % 16 == 0,
                                draw() % 1000, draw() % 1000};
            if (draw() % 3)
                packet.samples = packet.bytes = 160;
            if (packet.kind)
                packet.samples = 0;
            if (draw() % 50 == 0)
                packet.kind = draw() * draw();
            for (size_t b = 0; b < sizeof payload; b++)
                payload[b] = (uint8_t)draw();
            (void)aw_playout_put(p, now, &packet, payload);
            size_t n = draw() % 3 ? 160 : draw() % 400;
            aw_playout_read(p, now, pcm, n);
            now += draw() % 100 ? 160 : draw() * 16;
        }
        aw_playout_figures figures = aw_playout_look(p);
        CHECK(figures.buffer.received == 1500);
        CHECK(figures.buffer.target_ms <= (float)AW_JITTER_MOST_MS);
        CHECK(figures.buffer.played + figures.buffer.refused + figures.buffer.duplicates <= 1500);
        aw_playout_free(p);
    }
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_jitter *j = NULL;
    aw_playout *p = NULL;
    CHECK(aw_jitter_new(NULL, 0, 1) == AW_EINVAL);
    CHECK(aw_jitter_new(&j, 50, 40) == AW_EINVAL);
    CHECK(aw_jitter_new(&j, 0, AW_JITTER_MOST_MS + 1) == AW_EINVAL);
    CHECK(aw_playout_new(&p, 0, 100, NULL, NULL) == AW_EINVAL);
    CHECK(j == NULL && p == NULL);
    aw_status err = aw_jitter_new(&j, 0, 100);
    if (err)
        return err;
    static const aw_packet bad[] = {
        {0, 0, AW_PACKET_AUDIO, 0, 160},   {0, 0, AW_PACKET_AUDIO, 961, 160},
        {0, 0, AW_PACKET_AUDIO, 160, 0},   {0, 0, AW_PACKET_AUDIO, 160, 961},
        {0, 0, AW_PACKET_COMFORT, 160, 3}, {0, 0, 2, 160, 160},
    };
    uint8_t payload[AW_JITTER_BYTES] = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(aw_jitter_put(j, 0, &bad[i], payload) == AW_PACKET_REFUSED);
    CHECK(aw_jitter_waiting(j) == 0);
    aw_jitter_free(j);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"packets come out in order and whole", test_packets_come_out_in_order_and_whole},
        {"time may wrap", test_time_may_wrap},
        {"a gap is lost or a pause", test_a_gap_is_lost_or_a_pause},
        {"a jumping clock is followed", test_a_jumping_clock_is_followed_but_a_stray_packet_is_not},
        {"memory fills up and comes back", test_memory_fills_up_and_comes_back},
        {"hostile packets", test_hostile_packets},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
