/* SPDX-License-Identifier: MIT */
/* The board's core against a host made by hand: sessions, requests, events, samples. */
#include "board_host.h"

#include "aw/g711.h"
#include "board/board.h"

static uint32_t session_of(const struct kept *hello)
{
    return get32(hello->payload + 60);
}

static void test_a_board_without_a_session_greets_and_answers_nothing_else(void)
{
    const uint8_t nop[] = {QHI_SYS, SYS_NOP, QHI_BOARD, 1};

    begin(&panel_setup, 0);
    CHECK(frames == 1 && session_of(&kept[0]) == 0 && kept[0].payload[43] == AW_BOOT_POWER);
    passes(995);
    host_sends(AW_FRAME_REQ, 0, 1, 0, nop, sizeof nop);
    host_reads();
    CHECK(frames == 1);
    passes(5);
    CHECK(frames == 2 && last(AW_FRAME_HELLO) == &kept[1]);
}

static void test_a_session_begins_with_hello_and_the_state_of_each_port(void)
{
    memset(&panel, 0, sizeof panel);
    panel.senses.battery = 1u << FXO;
    begin(&panel_setup, 0x1234);
    const struct kept *hello = last(AW_FRAME_HELLO);
    CHECK(session_of(hello) == 0x1234 && hello->length == 64);
    CHECK(memcmp(hello->payload, "QHI1", 4) == 0 && hello->payload[40] == PORTS);
    CHECK(memcmp(hello->payload + 16, "P-1\0", 4) == 0);
    CHECK(get32(hello->payload + 32) == (FEATURE_WATCHDOG | FEATURE_IDENTIFY | FEATURE_PATTERNS));
    for (uint8_t port = 0; port < PORTS; port++)
        CHECK(reported(0, port, EVENT_STATE) == 1);
    CHECK(told(FXO, EVENT_STATE)[0] == STATE_BATTERY);
    CHECK(told(FXS, EVENT_STATE)[1] == AW_FEED_ACTIVE);

    size_t before = frames;
    host_greets(0x1234); /* repeated: answered, and nothing else */
    CHECK(frames == before + 1 && session_of(last(AW_FRAME_HELLO)) == 0x1234);
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK && panel.closed[FXO]);
    host_greets(0x1235); /* another: everything at rest */
    CHECK(!panel.closed[FXO]);
}

static void test_a_request_is_performed_once_and_answered_as_often_as_asked(void)
{
    const uint8_t hook[] = {QHI_PORT, PORT_HOOK, FXO, 9, 1};

    begin(&panel_setup, 1);
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
    panel.closed[FXO] = 77;
    host_sends(AW_FRAME_REQ, QHI_RETRANSMIT, host_seq, 0, hook, sizeof hook);
    host_reads();
    CHECK(panel.closed[FXO] == 77);
    CHECK(last(AW_FRAME_RSP)->header.seq == host_seq && last(AW_FRAME_RSP)->payload[4] == 0);
    for (int i = 0; i < 31; i++) /* the oldest of 32 is still known */
        CHECK(ASKS(QHI_SYS, SYS_NOP, QHI_BOARD, 0) == AW_BOARD_OK);
    host_sends(AW_FRAME_REQ, QHI_RETRANSMIT, 1, 0, hook, sizeof hook);
    CHECK(panel.closed[FXO] == 77);
    CHECK(ASKS(QHI_SYS, SYS_NOP, QHI_BOARD, 0) == AW_BOARD_OK);
    host_sends(AW_FRAME_REQ, QHI_RETRANSMIT, 1, 0, hook, sizeof hook);
    CHECK(panel.closed[FXO] == 1);
}

static void test_what_makes_no_sense_is_refused_with_the_reason(void)
{
    static const struct {
        uint8_t status, class, verb, port, n;
        uint8_t args[16];
    } rows[] = {
        {AW_BOARD_UNSUPPORTED, QHI_SYS, 99, QHI_BOARD, 0, {0}},
        {AW_BOARD_UNSUPPORTED, 8, 0, QHI_BOARD, 0, {0}},
        {AW_BOARD_UNSUPPORTED, QHI_SYS, SYS_SELFTEST, QHI_BOARD, 1, {0}},
        {AW_BOARD_NO_PORT, QHI_SYS, SYS_NOP, 0, 0, {0}},
        {AW_BOARD_NO_PORT, QHI_PORT, PORT_STATE, PORTS, 0, {0}},
        {AW_BOARD_UNSUPPORTED, QHI_PORT, PORT_RING, FXO, 5, {2, W(2000), W(4000)}},
        {AW_BOARD_UNSUPPORTED, QHI_PORT, PORT_HOOK, FXS, 1, {1}},
        {AW_BOARD_UNSUPPORTED, QHI_PORT, PORT_MESSAGE_LAMP, FXS, 1, {1}},
        {AW_BOARD_BAD_ARG, QHI_PORT, PORT_HOOK, FXO, 0, {0}},
        {AW_BOARD_BAD_ARG, QHI_PORT, PORT_HOOK, FXO, 1, {2}},
        {AW_BOARD_BAD_ARG, QHI_PORT, PORT_LINEFEED, FXS, 1, {AW_FEED_RINGING}},
        {AW_BOARD_BAD_ARG, QHI_PORT, PORT_RING, FXS, 5, {3, W(2000), W(4000)}},
        {AW_BOARD_BAD_ARG, QHI_PORT, PORT_RING, FXS, 4, {2, W(2000), 4}},
        {AW_BOARD_RANGE, QHI_PORT, PORT_RING, FXS, 5, {2, W(2000), W(10001)}},
        {AW_BOARD_RANGE, QHI_PORT, PORT_OPEN_LOOP, FXS, 2, {W(49)}},
        {AW_BOARD_RANGE, QHI_PORT, PORT_FLASH_WINDOW, FXS, 4, {W(100), W(500)}},
        {AW_BOARD_RANGE, QHI_PORT, PORT_FLASH, FXO, 2, {W(1001)}},
        {AW_BOARD_BAD_STATE, QHI_PORT, PORT_FLASH, FXO, 2, {W(500)}},
        {AW_BOARD_BAD_STATE, QHI_PORT, PORT_PULSE, FXO, 8, {W(60), W(40), W(800), 1, '1'}},
        {AW_BOARD_BAD_ARG, QHI_PORT, PORT_PULSE, FXO, 8, {W(60), W(40), W(800), 1, 'A'}},
        {AW_BOARD_BAD_ARG, QHI_PORT, PORT_PULSE, FXO, 8, {W(60), W(40), W(800), 2, '1'}},
        {AW_BOARD_RANGE, QHI_PORT, PORT_PULSE, FXO, 8, {W(201), W(40), W(800), 1, '1'}},
        {AW_BOARD_RANGE, QHI_PORT, PORT_GAIN, FXS, 4, {W(121), W(0)}},
        {AW_BOARD_RANGE, QHI_PORT, PORT_IMPEDANCE, FXS, 1, {1}},
        {AW_BOARD_RANGE, QHI_ID, ID_READ, QHI_BOARD, 3, {1, 0, 1}},
        {AW_BOARD_RANGE, QHI_ID, ID_READ, QHI_BOARD, 3, {0, 200, 57}},
        {AW_BOARD_RANGE, QHI_ID, ID_READ, QHI_BOARD, 3, {0, 0, 129}},
        {AW_BOARD_RANGE, QHI_CLK, CLK_START, QHI_BOARD, 8, {10, 2, 0, 0, 15, 0, 0, 0}},
        {AW_BOARD_RANGE, QHI_CLK, CLK_START, QHI_BOARD, 8, {5, 2, 0, 0, 16, 0, 0, 0}},
        {AW_BOARD_BAD_ARG, QHI_CLK, CLK_START, QHI_BOARD, 8, {5, 3, 0, 0, 15, 0, 0, 0}},
        {AW_BOARD_BAD_ARG, QHI_CLK, CLK_START, QHI_BOARD, 7, {5, 2, 0, 0, 15, 0, 0}},
    };

    begin(&panel_setup, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t got = asks(rows[i].class, rows[i].verb, rows[i].port, rows[i].args, rows[i].n);
        if (got != rows[i].status)
            fprintf(stderr, "row %zu: status %u\n", i, got);
        CHECK(got == rows[i].status && last(AW_FRAME_RSP)->length == 6);
    }
}

static void test_events_come_again_until_they_are_acknowledged(void)
{
    begin(&panel_setup, 1);
    size_t before = frames;
    passes_mutely(200);
    CHECK(frames - before == PORTS);
    CHECK(kept[before].header.seq == 1 && kept[before].header.flags & QHI_RETRANSMIT);
    host_ack = 2;
    host_sends(AW_FRAME_PING, 0, 0, 0, NULL, 0);
    before = frames;
    passes_mutely(200);
    CHECK(frames - before == PORTS - 2 && kept[before].header.seq == 3);
}

static void test_a_full_ring_says_how_much_was_lost(void)
{
    begin(&panel_setup, 1);
    for (int i = 0; i < 100; i++) {
        aw_board_fact(board, DECODED_FXS, AW_FACT_FLASH, 500);
        host_reads();
    }
    CHECK(reported(0, DECODED_FXS, EVENT_FLASH) == EVENT_RING - PORTS);
    host_ack = EVENT_RING;
    host_sends(AW_FRAME_PING, 0, 0, 0, NULL, 0);
    size_t before = frames;
    host_reads();
    CHECK(kept[before].payload[0] == QHI_SYS && kept[before].payload[1] == EVENT_EVENTS_LOST);
    CHECK(get16(kept[before].payload + 8) == 100 - (EVENT_RING - PORTS));
    CHECK(kept[before].header.seq == EVENT_RING + 1);
    CHECK(reported(before, FXO, EVENT_STATE) == 1);
}

static void test_silence_ends_the_session_sooner_while_samples_run(void)
{
    for (int streams = 0; streams < 2; streams++) {
        uint32_t silent_ms = streams ? 1000 : 5000;
        begin(&panel_setup, 1);
        CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
        if (streams)
            CHECK(ASKS(QHI_CLK, CLK_START, QHI_BOARD, 5, 2, 0, 0, 15, 0, 0, 0) == AW_BOARD_OK);
        passes_mutely(silent_ms - 5);
        CHECK(panel.closed[FXO] == 1);
        passes_mutely(5);
        CHECK(panel.closed[FXO] == 0);
        const struct kept *hello = last(AW_FRAME_HELLO);
        CHECK(session_of(hello) == 0 && hello->payload[43] == AW_BOOT_HOST_SILENT);
    }
}

static void test_watchdog_and_reset_kill_the_lines_and_boot(void)
{
    begin(&panel_setup, 1);
    CHECK(ASKS(QHI_SYS, SYS_WATCHDOG, QHI_BOARD, W(300)) == AW_BOARD_OK);
    passes(250);
    CHECK(ASKS(QHI_SYS, SYS_KICK, QHI_BOARD, 0) == AW_BOARD_OK);
    passes(295);
    CHECK(panel.feed[FXS] == AW_FEED_ACTIVE);
    passes(5);
    CHECK(panel.feed[FXS] == AW_FEED_OPEN && panel.restarts == 0);
    passes(200);
    CHECK(panel.feed[FXS] == AW_FEED_ACTIVE && panel.restarts == 1);
    CHECK(last(AW_FRAME_HELLO)->payload[43] == AW_BOOT_WATCHDOG);

    host_greets(2);
    CHECK(ASKS(QHI_SYS, SYS_RESET, QHI_BOARD, 0) == AW_BOARD_OK);
    passes(200);
    CHECK(panel.restarts == 2 && session_of(last(AW_FRAME_HELLO)) == 0);
    CHECK(last(AW_FRAME_HELLO)->payload[43] == AW_BOOT_ORDER);
}

static void test_the_lamp_blinks_for_as_long_as_ordered(void)
{
    begin(&panel_setup, 1);
    CHECK(ASKS(QHI_SYS, SYS_IDENTIFY, QHI_BOARD, W(1)) == AW_BOARD_OK);
    passes(995);
    CHECK(panel.lamp == 1);
    passes(5);
    CHECK(panel.lamp == 0);
}

static void test_the_dictionary_is_a_zlib_stream_of_json(void)
{
    uint8_t whole[2048];
    uint32_t total = 1, low = 1, high = 0;

    begin(&panel_setup, 1);
    for (uint32_t at = 0; at < total;) {
        uint8_t wish[8] = {BULK_DICTIONARY, BULK_READ, W(100)};
        put32(wish + 4, at);
        host_sends(AW_FRAME_BULK, 0, 3, 0, wish, sizeof wish);
        host_reads();
        const struct kept *part = last(AW_FRAME_BULK);
        CHECK(part->payload[1] == BULK_PART && get32(part->payload + 4) == at);
        total = get32(part->payload + 8);
        CHECK(total <= sizeof whole);
        memcpy(whole + at, part->payload + 12, get16(part->payload + 2));
        at += get16(part->payload + 2);
    }
    CHECK(total == get32(last(AW_FRAME_HELLO)->payload + 52));
    CHECK(aw_crc32(0, whole, total) == get32(last(AW_FRAME_HELLO)->payload + 56));
    uint32_t length = get16(whole + 3);
    CHECK((whole[0] * 256 + whole[1]) % 31 == 0 && whole[2] == 1);
    CHECK(length == total - 11 && (length ^ get16(whole + 5)) == 0xffff);
    for (uint32_t i = 0; i < length; i++) {
        low = (low + whole[7 + i]) % 65521;
        high = (high + low) % 65521;
    }
    CHECK(whole[total - 4] == high >> 8 && whole[total - 1] == (low & 0xff));
    CHECK(memcmp(whole + 7, "{\"model\":\"PANEL\",\"hardware\":\"1.2\",", 34) == 0);
}

static void test_bulk_of_what_is_not_there_is_refused(void)
{
    begin(&panel_setup, 1);
    for (uint8_t wrong = 0; wrong < 3; wrong++) {
        uint8_t wish[8] = {wrong == 0, BULK_READ, W(wrong == 1 ? 1025 : 10),
                           W(wrong == 2 ? 60000 : 0)};
        host_sends(AW_FRAME_BULK, 0, 0, 0, wish, sizeof wish);
        host_reads();
        CHECK(last(AW_FRAME_BULK)->payload[1] == BULK_REFUSED);
        CHECK(get16(last(AW_FRAME_BULK)->payload + 2) ==
              (wrong == 0 ? AW_BOARD_UNSUPPORTED : AW_BOARD_RANGE));
    }
}

static void test_the_laws_are_those_of_the_engine(void)
{
    for (int32_t x = INT16_MIN; x <= INT16_MAX; x++) {
        int16_t sample = (int16_t)x;
        uint8_t ulaw, alaw;
        aw_ulaw_encode(&sample, &ulaw, 1);
        aw_alaw_encode(&sample, &alaw, 1);
        CHECK(board_law_ulaw(sample) == ulaw && board_law_alaw(sample) == alaw);
    }
    for (uint32_t code = 0; code < 256; code++) {
        uint8_t byte = (uint8_t)code;
        int16_t ulaw, alaw;
        aw_ulaw_decode(&byte, &ulaw, 1);
        aw_alaw_decode(&byte, &alaw, 1);
        CHECK(board_law_from_ulaw(byte) == ulaw && board_law_from_alaw(byte) == alaw);
    }
}

static void test_a_setup_that_lacks_something_is_refused(void)
{
    static uint64_t memory[AW_BOARD_BYTES / 8];
    aw_board_setup setup = panel_setup;
    aw_board_hal hal = panel_hal;
    aw_board *made;

    CHECK(aw_board_init(&made, memory, aw_board_bytes() - 1, &setup) == AW_EINVAL);
    setup.ports = 0;
    CHECK(aw_board_init(&made, memory, sizeof memory, &setup) == AW_EINVAL);
    setup.ports = PORTS;
    setup.hal = &hal;
    CHECK(aw_board_init(&made, memory, sizeof memory, &setup) == AW_OK);
    hal.hook = NULL;
    CHECK(aw_board_init(&made, memory, sizeof memory, &setup) == AW_EINVAL);
}

int main(void)
{
    test_a_board_without_a_session_greets_and_answers_nothing_else();
    test_a_session_begins_with_hello_and_the_state_of_each_port();
    test_a_request_is_performed_once_and_answered_as_often_as_asked();
    test_what_makes_no_sense_is_refused_with_the_reason();
    test_events_come_again_until_they_are_acknowledged();
    test_a_full_ring_says_how_much_was_lost();
    test_silence_ends_the_session_sooner_while_samples_run();
    test_watchdog_and_reset_kill_the_lines_and_boot();
    test_the_lamp_blinks_for_as_long_as_ordered();
    test_the_dictionary_is_a_zlib_stream_of_json();
    test_bulk_of_what_is_not_there_is_refused();
    test_the_laws_are_those_of_the_engine();
    test_a_setup_that_lacks_something_is_refused();
    free(board_memory);
    printf("ok: sessions, requests, events, dictionary, laws\n");
    return 0;
}
