/* SPDX-License-Identifier: MIT */
/* What the board's core makes of its lines: rows of examples from docs/reference/qhi.md, "What the
 * board decides", and samples. */
#include "board_host.h"

static void loop(uint32_t port, bool closed)
{
    panel.senses.loop = closed ? panel.senses.loop | 1u << port : panel.senses.loop & ~(1u << port);
}

static void set(uint32_t *sense, uint32_t port, bool on)
{
    *sense = on ? *sense | 1u << port : *sense & ~(1u << port);
}

static void begin_with_battery(void)
{
    memset(&panel, 0, sizeof panel);
    panel.senses.battery = 1u << FXO | 1u << DECODED_FXO;
    begin(&panel_setup, 1);
}

/* A telephone that is off-hook, and has been reported so. */
static size_t lift(void)
{
    begin_with_battery();
    loop(FXS, true);
    passes(300);
    CHECK(reported(0, FXS, EVENT_HOOK) == 1 && told(FXS, EVENT_HOOK)[0] == 1);
    return frames;
}

/* Telephones */

static void test_off_hook_is_20_ms_of_loop_current(void)
{
    begin_with_battery();
    loop(FXS, true);
    passes(15);
    loop(FXS, false);
    passes(100);
    CHECK(reported(0, FXS, EVENT_HOOK) == 0);
    loop(FXS, true);
    passes(25);
    CHECK(reported(0, FXS, EVENT_HOOK) == 1);
}

static void test_a_break_is_what_its_length_says(void)
{
    static const struct {
        uint32_t ms, pulse, flash, hook;
    } rows[] = {
        {15, 0, 0, 0},  {20, 1, 0, 0},  {60, 1, 0, 0},   {110, 1, 0, 0},  {115, 0, 0, 0},
        {275, 0, 0, 0}, {280, 0, 1, 0}, {1120, 0, 1, 0}, {1125, 0, 0, 1}, {3000, 0, 0, 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t before = lift();
        loop(FXS, false);
        passes(rows[i].ms);
        loop(FXS, true);
        passes(15);
        CHECK(reported(before, FXS, EVENT_HOOK) == rows[i].hook);
        passes(300);
        CHECK(reported(before, FXS, EVENT_PULSE_DIGIT) == rows[i].pulse);
        CHECK(reported(before, FXS, EVENT_FLASH) == rows[i].flash);
        if (rows[i].flash)
            CHECK(get16(told(FXS, EVENT_FLASH)) == rows[i].ms);
        if (rows[i].hook) /* and lifted again */
            CHECK(reported(before, FXS, EVENT_HOOK) == 2);
    }
}

static void test_ten_breaks_are_0_and_eleven_are_nothing(void)
{
    for (uint32_t breaks = 1; breaks <= 12; breaks++) {
        size_t before = lift();
        for (uint32_t i = 0; i < breaks; i++) {
            loop(FXS, false);
            passes(60);
            loop(FXS, true);
            passes(40);
        }
        passes(300);
        CHECK(reported(before, FXS, EVENT_PULSE_DIGIT) == (breaks <= 10));
        if (breaks <= 10)
            CHECK(told(FXS, EVENT_PULSE_DIGIT)[0] == '0' + breaks % 10);
        CHECK(reported(before, FXS, EVENT_HOOK) == 0);
    }
}

static void test_the_flash_window_is_the_hosts_to_set(void)
{
    size_t before = lift();

    CHECK(ASKS(QHI_PORT, PORT_FLASH_WINDOW, FXS, W(150), W(400)) == AW_BOARD_OK);
    loop(FXS, false);
    passes(200);
    loop(FXS, true);
    passes(50);
    CHECK(reported(before, FXS, EVENT_FLASH) == 1);
    loop(FXS, false);
    passes(410);
    CHECK(told(FXS, EVENT_HOOK)[0] == 0);
}

static void test_a_cadence_goes_round_until_it_is_stopped(void)
{
    begin_with_battery();
    CHECK(ASKS(QHI_PORT, PORT_RING, FXS, 4, W(400), W(200), W(400), W(2000)) == AW_BOARD_OK);
    for (int round = 0; round < 2; round++) {
        CHECK(panel.feed[FXS] == AW_FEED_RINGING);
        passes(400);
        CHECK(panel.feed[FXS] == AW_FEED_ON_HOOK_TRANSMISSION);
        passes(200);
        CHECK(panel.feed[FXS] == AW_FEED_RINGING);
        passes(400);
        CHECK(panel.feed[FXS] == AW_FEED_ON_HOOK_TRANSMISSION);
        passes(2000);
    }
    CHECK(ASKS(QHI_PORT, PORT_RING_STOP, FXS, 0) == AW_BOARD_OK);
    CHECK(panel.feed[FXS] == AW_FEED_ACTIVE);
    passes(5000);
    CHECK(panel.feed[FXS] == AW_FEED_ACTIVE);
}

static void test_ring_trip_takes_longer_than_a_period_of_ringing_current(void)
{
    for (int in_pause = 0; in_pause < 2; in_pause++) {
        begin_with_battery();
        CHECK(ASKS(QHI_PORT, PORT_RING, FXS, 2, W(2000), W(4000)) == AW_BOARD_OK);
        passes(in_pause ? 3000 : 1000);
        loop(FXS, true);
        passes(in_pause ? 20 : 60);
        CHECK(reported(0, FXS, EVENT_RING_TRIP) == 0);
        passes(10);
        CHECK(reported(0, FXS, EVENT_RING_TRIP) == 1 && told(FXS, EVENT_HOOK)[0] == 1);
        CHECK(panel.feed[FXS] == AW_FEED_ACTIVE);
        CHECK(ASKS(QHI_PORT, PORT_RING, FXS, 2, W(2000), W(4000)) == AW_BOARD_BAD_STATE);
    }
}

static void test_an_opened_loop_says_nothing_of_the_hook(void)
{
    size_t before = lift();

    CHECK(ASKS(QHI_PORT, PORT_LINEFEED, FXS, AW_FEED_ACTIVE_REVERSED) == AW_BOARD_OK);
    CHECK(ASKS(QHI_PORT, PORT_OPEN_LOOP, FXS, W(1500)) == AW_BOARD_OK);
    CHECK(panel.feed[FXS] == AW_FEED_OPEN);
    loop(FXS, false);
    passes(1500);
    CHECK(panel.feed[FXS] == AW_FEED_ACTIVE_REVERSED);
    loop(FXS, true);
    passes(1500);
    CHECK(reported(before, FXS, EVENT_HOOK) + reported(before, FXS, EVENT_FLASH) == 0);
}

static void test_hardware_that_decodes_is_believed(void)
{
    begin_with_battery();
    loop(DECODED_FXS, true); /* not looked at */
    passes(500);
    CHECK(reported(0, DECODED_FXS, EVENT_HOOK) == 0);
    CHECK(ASKS(QHI_PORT, PORT_RING, DECODED_FXS, 2, W(2000), W(4000)) == AW_BOARD_OK);
    aw_board_fact(board, DECODED_FXS, AW_FACT_HOOK, 1);
    aw_board_fact(board, DECODED_FXS, AW_FACT_HOOK, 1);
    aw_board_fact(board, DECODED_FXS, AW_FACT_FLASH, 600);
    aw_board_fact(board, DECODED_FXS, AW_FACT_PULSE_DIGIT, 7);
    aw_board_fact(board, DECODED_FXS, AW_FACT_PULSE_DIGIT, 10);
    aw_board_fact(board, FXS, AW_FACT_HOOK, 1); /* its hardware doesn't */
    aw_board_fact(board, PORTS, AW_FACT_HOOK, 1);
    host_reads();
    CHECK(reported(0, DECODED_FXS, EVENT_RING_TRIP) == 1);
    CHECK(reported(0, DECODED_FXS, EVENT_HOOK) == 1 && reported(0, FXS, EVENT_HOOK) == 0);
    CHECK(get16(told(DECODED_FXS, EVENT_FLASH)) == 600);
    CHECK(reported(0, DECODED_FXS, EVENT_PULSE_DIGIT) == 1);
    CHECK(told(DECODED_FXS, EVENT_PULSE_DIGIT)[0] == '7');

    aw_board_fact(board, DECODED_FXO, AW_FACT_RINGING, 1);
    aw_board_fact(board, DECODED_FXO, AW_FACT_POLARITY, 1);
    aw_board_fact(board, DECODED_FXO, AW_FACT_BATTERY, 0);
    passes(700);
    aw_board_fact(board, DECODED_FXO, AW_FACT_BATTERY, 1);
    host_reads();
    CHECK(told(DECODED_FXO, EVENT_RINGING)[0] == 1 && told(DECODED_FXO, EVENT_POLARITY)[0] == 1);
    CHECK(get16(told(DECODED_FXO, EVENT_BATTERY) + 2) == 700);
}

/* Lines of an office */

static void test_pulses_are_breaks_of_the_loop_in_time(void)
{
    static const struct {
        uint32_t ms, closed;
    } parts[] = {/* "20": two breaks, a pause, ten breaks */
                 {60, 0}, {40, 1}, {60, 0}, {240, 1}, {60, 0}, {40, 1}, {60, 0}};

    begin_with_battery();
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
    CHECK(ASKS(QHI_PORT, PORT_PULSE, FXO, W(60), W(40), W(200), 2, '2', '0') == AW_BOARD_OK);
    uint16_t seq = host_seq;
    CHECK(ASKS(QHI_PORT, PORT_PULSE, FXO, W(60), W(40), W(200), 1, '2') == AW_BOARD_BUSY);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        CHECK(panel.closed[FXO] == parts[i].closed);
        passes(parts[i].ms - 5);
        CHECK(panel.closed[FXO] == parts[i].closed);
        passes(5);
    }
    passes(40 + 8 * 100 - 5);
    CHECK(reported(0, FXO, EVENT_PULSES_SENT) == 0 && panel.closed[FXO]);
    passes(5);
    const uint8_t *sent = told(FXO, EVENT_PULSES_SENT);
    CHECK(sent && get16(sent) == seq && sent[2] == 9 && sent[3] == AW_BOARD_OK);
    CHECK(told(FXO, EVENT_BATTERY) == NULL);
}

static void test_hanging_up_cuts_pulses_short(void)
{
    begin_with_battery();
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
    CHECK(ASKS(QHI_PORT, PORT_PULSE, FXO, W(60), W(40), W(800), 1, '9') == AW_BOARD_OK);
    passes(100);
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 0) == AW_BOARD_OK);
    CHECK(told(FXO, EVENT_PULSES_SENT)[3] == AW_BOARD_BAD_STATE);
    passes(2000);
    CHECK(panel.closed[FXO] == 0 && reported(0, FXO, EVENT_PULSES_SENT) == 1);
}

static void test_a_flash_opens_the_loop_and_is_no_release(void)
{
    begin_with_battery();
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
    CHECK(ASKS(QHI_PORT, PORT_FLASH, FXO, W(500)) == AW_BOARD_OK);
    set(&panel.senses.battery, FXO, false); /* our own doing: no event */
    passes(495);
    CHECK(panel.closed[FXO] == 0);
    set(&panel.senses.battery, FXO, true);
    passes(5);
    CHECK(panel.closed[FXO] == 1);
    passes(500);
    CHECK(told(FXO, EVENT_BATTERY) == NULL);
    CHECK(ASKS(QHI_PORT, PORT_STATE, FXO, 0) == AW_BOARD_OK);
    CHECK(last(AW_FRAME_RSP)->payload[6] == (STATE_OFF_HOOK | STATE_BATTERY));
}

static void test_ringing_battery_and_polarity_must_last(void)
{
    static const struct {
        uint32_t *sense;
        uint8_t event;
        bool rests; /* how it is before */
        uint32_t on_ms, off_ms;
    } rows[] = {
        {&panel.senses.ring, EVENT_RINGING, false, 64, 150},
        {&panel.senses.battery, EVENT_BATTERY, true, 64, 64},
        {&panel.senses.reversed, EVENT_POLARITY, false, 64, 64},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin_with_battery();
        set(rows[i].sense, FXO, !rows[i].rests);
        passes(rows[i].on_ms);
        CHECK(told(FXO, rows[i].event) == NULL);
        passes(10);
        CHECK(told(FXO, rows[i].event)[0] == !rows[i].rests);
        passes(500);
        set(rows[i].sense, FXO, rows[i].rests);
        passes(rows[i].off_ms);
        CHECK(reported(0, FXO, rows[i].event) == 1);
        passes(10);
        CHECK(reported(0, FXO, rows[i].event) == 2);
        if (rows[i].event == EVENT_BATTERY)
            CHECK(get16(told(FXO, EVENT_BATTERY) + 2) == 575);
    }
}

/* Hardware that can do more than the panel */

static uint32_t flashed_ms, pulsed, page_read, lit;

static uint32_t rich_flash(void *hw, uint32_t port, uint32_t ms)
{
    (void)hw;
    flashed_ms = ms;
    return port == FXO ? AW_BOARD_OK : AW_BOARD_HW_FAULT;
}

static uint32_t rich_pulse(void *hw, uint32_t port, const aw_board_pulses *pulses)
{
    (void)hw;
    pulsed = pulses->count * 100u + pulses->digits[1];
    return port == FXO ? AW_BOARD_OK : AW_BOARD_HW_FAULT;
}

static uint32_t rich_impedance(void *hw, uint32_t port, uint32_t index)
{
    (void)hw;
    (void)port;
    return index < 4 ? AW_BOARD_OK : AW_BOARD_RANGE;
}

static void rich_meter(void *hw, uint32_t port, int16_t *volts, int16_t *milliamps)
{
    (void)hw;
    *volts = (int16_t)(-480 - (int16_t)port);
    *milliamps = 231;
}

static uint32_t rich_message_lamp(void *hw, uint32_t port, uint32_t on)
{
    (void)hw;
    lit = on << port;
    return AW_BOARD_OK;
}

static uint32_t rich_selftest(void *hw, uint32_t what)
{
    (void)hw;
    return what == 0 ? 0x80000001u : 0;
}

static uint32_t rich_eeprom_read(void *hw, uint32_t page, uint32_t offset, uint8_t *out, uint32_t n)
{
    (void)hw;
    page_read = page;
    for (uint32_t i = 0; i < n; i++)
        out[i] = (uint8_t)(offset + i);
    return page == 2 ? AW_BOARD_HW_FAULT : AW_BOARD_OK;
}

static const uint8_t *results(void)
{
    return last(AW_FRAME_RSP)->payload + 6;
}

static void test_hardware_may_flash_pulse_and_measure_by_itself(void)
{
    aw_board_hal hal = panel_hal;
    aw_board_setup setup = panel_setup;

    hal.flash = rich_flash;
    hal.pulse = rich_pulse;
    hal.impedance = rich_impedance;
    hal.meter = rich_meter;
    hal.message_lamp = rich_message_lamp;
    hal.selftest = rich_selftest;
    hal.eeprom_read = rich_eeprom_read;
    setup.hal = &hal;
    setup.pages = 3;
    setup.locked = 1;
    memset(&panel, 0, sizeof panel);
    begin(&setup, 1);
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
    CHECK(ASKS(QHI_PORT, PORT_FLASH, FXO, W(300)) == AW_BOARD_OK && flashed_ms == 300);
    CHECK(panel.closed[FXO] == 1);
    CHECK(ASKS(QHI_PORT, PORT_PULSE, FXO, W(60), W(40), W(800), 2, '1', '7') == AW_BOARD_OK);
    CHECK(pulsed == 207);
    CHECK(ASKS(QHI_PORT, PORT_PULSE, FXO, W(60), W(40), W(800), 1, '1') == AW_BOARD_BUSY);
    passes(3000);
    CHECK(told(FXO, EVENT_PULSES_SENT) == NULL && panel.closed[FXO] == 1);
    aw_board_fact(board, FXO, AW_FACT_PULSES_SENT, AW_BOARD_OK);
    aw_board_fact(board, FXO, AW_FACT_PULSES_SENT, AW_BOARD_OK); /* once is enough */
    host_reads();
    CHECK(reported(0, FXO, EVENT_PULSES_SENT) == 1 && told(FXO, EVENT_PULSES_SENT)[3] == 0);

    CHECK(ASKS(QHI_PORT, PORT_IMPEDANCE, FXS, 3) == AW_BOARD_OK);
    CHECK(ASKS(QHI_PORT, PORT_IMPEDANCE, FXS, 4) == AW_BOARD_RANGE);
    CHECK(ASKS(QHI_PORT, PORT_METER, FXS, 0) == AW_BOARD_OK);
    CHECK((int16_t)get16(results()) == -482 && get16(results() + 2) == 231);
    CHECK(ASKS(QHI_PORT, PORT_MESSAGE_LAMP, FXS, 1) == AW_BOARD_OK && lit == 1u << FXS);
    CHECK(ASKS(QHI_SYS, SYS_SELFTEST, QHI_BOARD, 0) == AW_BOARD_OK);
    CHECK(get32(results()) == 0x80000001u);
    CHECK(ASKS(QHI_ID, ID_READ, QHI_BOARD, 1, 7, 2) == AW_BOARD_OK && page_read == 1);
    CHECK(results()[0] == 7 && results()[1] == 8);
    CHECK(ASKS(QHI_ID, ID_READ, QHI_BOARD, 2, 7, 2) == AW_BOARD_HW_FAULT);
    CHECK(ASKS(QHI_ID, ID_INFO, QHI_BOARD, 0) == AW_BOARD_OK && results()[0] == 3);
}

/* Samples */

static uint8_t up_flags(void)
{
    return last(AW_FRAME_PCM)->payload[3];
}

/* Answer the newest frame up with one whose samples are all `value`, for all ports but the last. */
static void answer(int16_t value)
{
    static uint8_t payload[AW_PCM_DOWN_HEADER + (PORTS - 1) * SAMPLES * 2];
    aw_pcm_header head = {.ms = 5, .format = 2, .ports = (1u << (PORTS - 1)) - 1};
    size_t at = aw_pcm_encode(payload, &head, 0);

    for (; at < sizeof payload; at += 2)
        put16(payload + at, (uint16_t)value);
    host_sends(AW_FRAME_PCM, 0, 0, last(AW_FRAME_PCM)->header.tick, payload, sizeof payload);
}

static void frame(void)
{
    aw_board_capture(board, host_in);
    host_reads();
    host_ack = last(AW_FRAME_EVT)->header.seq;
    aw_board_play(board, host_out);
}

static void test_samples_are_held_for_the_lead_and_fade_when_there_are_none(void)
{
    aw_board_view view;

    begin_with_battery();
    CHECK(ASKS(QHI_CLK, CLK_START, QHI_BOARD, 5, 2, 10, 0, 15, 0, 0, 0) == AW_BOARD_OK);
    host_in[SAMPLES] = -1234;
    frame();
    aw_board_look(board, &view);
    CHECK(up_flags() == AW_PCM_FIRST && view.owed && view.streaming);
    CHECK((int16_t)get16(last(AW_FRAME_PCM)->payload + AW_PCM_UP_HEADER + 80) == -1234);
    answer(1000);
    aw_board_look(board, &view);
    CHECK(!view.owed);
    frame();
    CHECK(host_out[0] == 0 && last(AW_FRAME_PCM)->payload[2] == 5);
    answer(2000);
    frame();
    CHECK(host_out[0] == 1000 && host_out[3 * SAMPLES] == 0);
    frame();
    CHECK(host_out[0] == 2000);
    frame();
    CHECK(host_out[0] == 2000 && host_out[SAMPLES - 1] == 0 && host_out[20] < 1000);
    frame();
    CHECK(up_flags() == AW_PCM_UNDERRUN && host_out[0] == 0);
    CHECK(ASKS(QHI_CLK, CLK_QUERY, QHI_BOARD, 0) == AW_BOARD_OK);
    CHECK(get32(last(AW_FRAME_RSP)->payload + 6 + 8) == 1);
    host_in[SAMPLES] = 0;
}

static void test_more_than_four_frames_held_is_a_slip(void)
{
    begin_with_battery();
    CHECK(ASKS(QHI_CLK, CLK_START, QHI_BOARD, 5, 2, 10, 0, 15, 0, 0, 0) == AW_BOARD_OK);
    frame();
    for (int16_t value = 1; value <= 6; value++)
        answer(value);
    frame();
    CHECK(up_flags() == AW_PCM_SLIP && host_out[0] == 3);
    size_t before = frames;
    answer(7);
    answer(8);
    host_reads(); /* a second slip within a second is counted and not told */
    CHECK(frames == before);
}

static void test_a_frame_of_another_stream_is_thrown_away(void)
{
    uint8_t payload[AW_PCM_DOWN_HEADER + SAMPLES] = {5, 0, 0, 0, 1, 0, 0, 0};

    begin_with_battery();
    CHECK(ASKS(QHI_CLK, CLK_START, QHI_BOARD, 5, 2, 5, 0, 15, 0, 0, 0) == AW_BOARD_OK);
    frame();
    host_sends(AW_FRAME_PCM, 0, 0, 0, payload, sizeof payload); /* mu-law */
    frame();
    CHECK(host_out[0] == 0 && last(AW_FRAME_PCM)->payload[2] == 0);
    CHECK(ASKS(QHI_SYS, SYS_COUNTERS, QHI_BOARD, COUNT_FRAMES_BAD) == AW_BOARD_OK);
    CHECK(get32(last(AW_FRAME_RSP)->payload + 8) == 1);
}

static void answer_number(uint16_t seq, uint32_t tick)
{
    uint8_t payload[AW_PCM_DOWN_HEADER] = {5, 2, 0, 0, 0, 0, 0, 0};

    host_sends(AW_FRAME_PCM, 0, seq, tick, payload, sizeof payload);
}

static void test_the_hosts_missing_and_late_frames_are_counted_by_their_numbers(void)
{
    begin_with_battery();
    uint32_t before = last(AW_FRAME_HELLO)->header.tick - 40;
    CHECK(ASKS(QHI_CLK, CLK_START, QHI_BOARD, 5, 2, 10, 0, 15, 0, 0, 0) == AW_BOARD_OK);
    frame();
    uint32_t tick = last(AW_FRAME_PCM)->header.tick;
    answer_number(900, before); /* of the stream before */
    answer_number(2, tick);     /* 0 and 1 are missing */
    answer_number(1, tick);     /* one of them was overtaken */
    answer_number(2, tick);     /* twice */
    answer_number(3, tick);
    answer_number(10, tick); /* six are missing */
    CHECK(aw_board_count(board, COUNT_PCM_MISSING) == 8);
    CHECK(aw_board_count(board, COUNT_PCM_LATE) == 3);
    CHECK(aw_board_count(board, COUNT_PCM_IN) == 6 && aw_board_count(board, COUNTERS) == 0);
}

static void test_a_link_that_nobody_reads_loses_whole_frames(void)
{
    begin_with_battery();
    CHECK(ASKS(QHI_CLK, CLK_START, QHI_BOARD, 5, 2, 10, 0, 15, 0, 0, 0) == AW_BOARD_OK);
    for (int i = 0; i < 100; i++)
        aw_board_capture(board, host_in);
    size_t before = frames;
    host_reads(); /* checks that every one of them is whole */
    CHECK(frames - before > 10 && frames - before < 100);
}

int main(void)
{
    test_off_hook_is_20_ms_of_loop_current();
    test_a_break_is_what_its_length_says();
    test_ten_breaks_are_0_and_eleven_are_nothing();
    test_the_flash_window_is_the_hosts_to_set();
    test_a_cadence_goes_round_until_it_is_stopped();
    test_ring_trip_takes_longer_than_a_period_of_ringing_current();
    test_an_opened_loop_says_nothing_of_the_hook();
    test_hardware_that_decodes_is_believed();
    test_pulses_are_breaks_of_the_loop_in_time();
    test_hanging_up_cuts_pulses_short();
    test_a_flash_opens_the_loop_and_is_no_release();
    test_ringing_battery_and_polarity_must_last();
    test_hardware_may_flash_pulse_and_measure_by_itself();
    test_samples_are_held_for_the_lead_and_fade_when_there_are_none();
    test_more_than_four_frames_held_is_a_slip();
    test_a_frame_of_another_stream_is_thrown_away();
    test_the_hosts_missing_and_late_frames_are_counted_by_their_numbers();
    test_a_link_that_nobody_reads_loses_whole_frames();
    free(board_memory);
    printf("ok: telephones, office lines, samples\n");
    return 0;
}
