/* SPDX-License-Identifier: MIT */
/* Line tests: a port goes out of service, is measured, and comes back; and the clock's trimmer. */
#include "board_host.h"

#include "board/board.h"

enum { ASKED_FOR_MS = 100 };

static uint32_t foreign; /* 0.1 V ac, ring against ground */
static uint32_t asked[PORTS];
static uint32_t ended[PORTS];
static uint32_t answer; /* of the instruments; AW_BOARD_OK */
static int32_t trimmer;

static const uint8_t *results(void)
{
    return last(AW_FRAME_RSP)->payload + RESPONSE_HEAD;
}

static uint32_t measure(void *hw, uint32_t port, uint32_t test, uint32_t *values)
{
    (void)hw;
    if (test != AW_TEST_NOW && ++asked[port] * AW_BOARD_FRAME_MS < ASKED_FOR_MS)
        return AW_BOARD_BUSY;
    asked[port] = 0;
    for (uint32_t i = 0; i < AW_BOARD_VALUES; i++)
        values[i] = 100 * test + i;
    if (test == AW_TEST_VOLTS)
        values[5] = foreign;
    if (test == AW_TEST_NOW)
        values[0] = (uint32_t)-480;
    return answer;
}

static void measured(void *hw, uint32_t port)
{
    (void)hw;
    ended[port]++;
}

static int32_t adjust(void *hw, int32_t hundredths)
{
    (void)hw;
    return trimmer = hundredths / 5 * 5;
}

static void begin_with_instruments(void)
{
    static aw_board_hal hal;
    static aw_board_port ports[PORTS];
    aw_board_setup setup = panel_setup;

    hal = panel_hal;
    hal.measure = measure;
    hal.measured = measured;
    hal.adjust = adjust;
    memcpy(ports, panel_ports, sizeof ports);
    ports[FXS].capabilities |= AW_BOARD_LINE_TEST;
    ports[FXO].capabilities |= AW_BOARD_LINE_TEST;
    setup.hal = &hal;
    setup.port = ports;
    foreign = answer = 0;
    memset(&panel.senses, 0, sizeof panel.senses);
    begin(&setup, 1);
}

static uint8_t starts(uint8_t port, uint8_t test)
{
    return ASKS(QHI_TEST, TEST_START, port, test);
}

/* The event of the last test's end; NULL: none since `from`. */
static const uint8_t *outcome(size_t from)
{
    for (size_t i = frames; i > from; i--)
        if (kept[i - 1].header.kind == AW_FRAME_EVT && kept[i - 1].payload[0] == QHI_TEST)
            return kept[i - 1].payload + 8;
    return NULL;
}

static void test_a_test_measures_and_gives_the_line_back(void)
{
    begin_with_instruments();
    CHECK(get32(last(AW_FRAME_HELLO)->payload + 32) & FEATURE_LINE_TEST);
    CHECK(starts(FXS, AW_TEST_RESISTANCE) == AW_BOARD_OK);
    uint16_t seq = host_seq;
    size_t from = frames;
    CHECK(panel.feed[FXS] == AW_FEED_OPEN && starts(FXS, AW_TEST_VOLTS) == AW_BOARD_BUSY);
    passes(390); /* 200 dead, 100 to look for hazard, 100 to measure */
    CHECK(outcome(from) == NULL);
    passes(20);
    const uint8_t *told = outcome(from);
    CHECK(told && get16(told) == seq && told[2] == 9 && told[3] == AW_BOARD_OK);
    CHECK(told[4] == AW_TEST_RESISTANCE && told[5] == 1 /* uncalibrated */);
    CHECK(get32(told + 6) == 200 && get32(told + 14) == 202 && get16(told + 18) == 203);
    CHECK(panel.feed[FXS] == AW_FEED_ACTIVE && ended[FXS] == 1);
    CHECK(ASKS(QHI_TEST, TEST_RESULT, FXS, AW_TEST_RESISTANCE) == AW_BOARD_OK);
    CHECK(get32(results() + 2) == 200 && results()[1] == 1);
    CHECK(ASKS(QHI_TEST, TEST_RESULT, FXS, AW_TEST_RINGER) == AW_BOARD_BAD_STATE);
    host_greets(2);
    CHECK(ASKS(QHI_TEST, TEST_RESULT, FXS, AW_TEST_RESISTANCE) == AW_BOARD_BAD_STATE);
}

static void test_each_test_tells_what_it_is_to_tell(void)
{
    static const struct {
        uint8_t port, test, bytes;
    } rows[] = {{FXS, AW_TEST_VOLTS, 14},
                {FXS, AW_TEST_RECEIVER, 12},
                {FXS, AW_TEST_RINGER, 6},
                {FXO, AW_TEST_VOLTS, 14},
                {FXO, AW_TEST_OFFICE, 8}};

    begin_with_instruments();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t from = frames;
        CHECK(starts(rows[i].port, rows[i].test) == AW_BOARD_OK);
        passes(500);
        CHECK(outcome(from) && outcome(from)[3] == AW_BOARD_OK);
        CHECK(ASKS(QHI_TEST, TEST_RESULT, rows[i].port, rows[i].test) == AW_BOARD_OK);
        CHECK(last(AW_FRAME_RSP)->length == (size_t)RESPONSE_HEAD + 2 + rows[i].bytes);
    }
}

static void test_a_port_out_of_service_does_nothing_else(void)
{
    begin_with_instruments();
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_OK);
    size_t from = frames;
    CHECK(ASKS(QHI_PORT, PORT_RING, FXS, 2, W(1000), W(1000)) == AW_BOARD_BUSY);
    CHECK(ASKS(QHI_PORT, PORT_GAIN, FXS, W(0), W(0)) == AW_BOARD_BUSY);
    CHECK(ASKS(QHI_PORT, PORT_STATE, FXS, 0) == AW_BOARD_OK);
    CHECK(ASKS(QHI_PORT, PORT_METER, FXS, 0) == AW_BOARD_OK);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 1) == AW_BOARD_BUSY);
    panel.senses.loop = 1u << FXS;
    passes(250);
    CHECK(reported(from, FXS, EVENT_HOOK) == 0);
    passes(200);
    CHECK(reported(from, FXS, EVENT_HOOK) == 1 && told(FXS, EVENT_HOOK)[0] == 1);
}

static void test_a_line_in_use_is_not_tested(void)
{
    begin_with_instruments();
    CHECK(ASKS(QHI_PORT, PORT_RING, FXS, 2, W(1000), W(1000)) == AW_BOARD_OK);
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_BUSY);
    CHECK(ASKS(QHI_PORT, PORT_OPEN_LOOP, FXS, W(500)) == AW_BOARD_OK);
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_BUSY);
    passes(600);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 1) == AW_BOARD_OK);
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_BUSY);
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
    CHECK(starts(FXO, AW_TEST_VOLTS) == AW_BOARD_BUSY);
    CHECK(starts(FXO, AW_TEST_OFFICE) == AW_BOARD_OK);
}

static void test_what_means_nothing_is_refused(void)
{
    begin_with_instruments();
    CHECK(starts(FXS, 0) == AW_BOARD_BAD_ARG && starts(FXS, 6) == AW_BOARD_BAD_ARG);
    CHECK(starts(FXO, AW_TEST_RINGER) == AW_BOARD_UNSUPPORTED);
    CHECK(starts(FXS, AW_TEST_OFFICE) == AW_BOARD_UNSUPPORTED);
    CHECK(starts(DECODED_FXS, AW_TEST_VOLTS) == AW_BOARD_UNSUPPORTED);
    CHECK(starts(PORTS, AW_TEST_VOLTS) == AW_BOARD_NO_PORT);
    begin(&panel_setup, 1);
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_UNSUPPORTED);
    CHECK(ASKS(QHI_TEST, TEST_METER, FXS, 0) == AW_BOARD_UNSUPPORTED);
    CHECK(ASKS(QHI_CLK, CLK_ADJUST, QHI_BOARD, W(5)) == AW_BOARD_UNSUPPORTED);
}

static void test_nothing_is_applied_to_a_hazardous_line(void)
{
    begin_with_instruments();
    foreign = 501;
    size_t from = frames;
    CHECK(starts(FXS, AW_TEST_RINGER) == AW_BOARD_OK);
    passes(500);
    CHECK(outcome(from)[3] == AW_BOARD_LINE_HAZARD && panel.feed[FXS] == AW_FEED_ACTIVE);
    CHECK(reported(from, FXS, EVENT_PORT_ALARM) == 1 && told(FXS, EVENT_PORT_ALARM)[1] == 1);
    CHECK(starts(FXS, AW_TEST_RESISTANCE) == AW_BOARD_LINE_HAZARD);
    foreign = 500;
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_OK);
    passes(500);
    CHECK(told(FXS, EVENT_PORT_ALARM)[1] == 0);
    CHECK(starts(FXS, AW_TEST_RESISTANCE) == AW_BOARD_OK);
}

static void test_a_test_ends_early_when_it_must(void)
{
    begin_with_instruments();
    size_t from = frames;
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_OK);
    CHECK(ASKS(QHI_TEST, TEST_STOP, FXS, 0) == AW_BOARD_OK);
    CHECK(outcome(from)[3] == AW_BOARD_BAD_STATE && panel.feed[FXS] == AW_FEED_ACTIVE);
    CHECK(ASKS(QHI_TEST, TEST_STOP, FXS, 0) == AW_BOARD_OK); /* none runs: also well */

    answer = AW_BOARD_HW_FAULT;
    from = frames;
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_OK);
    passes(500);
    CHECK(outcome(from)[3] == AW_BOARD_HW_FAULT);

    answer = AW_BOARD_BUSY; /* for ever */
    from = frames;
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_OK);
    passes(4900);
    CHECK(outcome(from) == NULL);
    passes(200);
    CHECK(outcome(from)[3] == AW_BOARD_TIMEOUT);

    uint32_t before = ended[FXS];
    CHECK(starts(FXS, AW_TEST_VOLTS) == AW_BOARD_OK);
    host_greets(2); /* another host knows nothing of it */
    CHECK(ended[FXS] == before + 1 && panel.feed[FXS] == AW_FEED_ACTIVE);
}

static void test_the_meter_reads_without_disturbing(void)
{
    begin_with_instruments();
    CHECK(ASKS(QHI_TEST, TEST_METER, FXS, 0) == AW_BOARD_OK);
    CHECK((int16_t)get16(results()) == -480 && get16(results() + 14) == 7);
    CHECK(panel.feed[FXS] == AW_FEED_ACTIVE);
}

static void test_the_clock_is_trimmed_until_the_next_boot(void)
{
    begin_with_instruments();
    CHECK(get32(last(AW_FRAME_HELLO)->payload + 32) & FEATURE_CLOCK_ADJUST);
    CHECK(ASKS(QHI_CLK, CLK_ADJUST, QHI_BOARD, W(-1234 & 0xffff)) == AW_BOARD_OK);
    CHECK((int16_t)get16(results()) == -1230);
    CHECK(ASKS(QHI_CLK, CLK_ADJUST, QHI_BOARD, W(20001)) == AW_BOARD_RANGE);
    CHECK(trimmer == -1230);
    aw_board_restart(board, AW_BOOT_ORDER);
    passes_mutely(300);
    CHECK(trimmer == 0);
}

int main(void)
{
    test_a_test_measures_and_gives_the_line_back();
    test_each_test_tells_what_it_is_to_tell();
    test_a_port_out_of_service_does_nothing_else();
    test_a_line_in_use_is_not_tested();
    test_what_means_nothing_is_refused();
    test_nothing_is_applied_to_a_hazardous_line();
    test_a_test_ends_early_when_it_must();
    test_the_meter_reads_without_disturbing();
    test_the_clock_is_trimmed_until_the_next_boot();
    free(board_memory);
    printf("ok: line tests, clock\n");
    return 0;
}
