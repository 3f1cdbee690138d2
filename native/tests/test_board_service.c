/* SPDX-License-Identifier: MIT */
/* What a technician asks of a board: EEPROM pages, patterns, loopbacks, bit errors. */
#include "board_host.h"

#include "board/board.h"

static const uint8_t *results(void)
{
    return last(AW_FRAME_RSP)->payload + RESPONSE_HEAD;
}

/* Pages */

static uint8_t chip[3][AW_BOARD_PAGE];
static bool worn; /* what is written doesn't stay */
static uint32_t chip_locks;

static uint32_t chip_read(void *hw, uint32_t page, uint32_t offset, uint8_t *out, uint32_t n)
{
    (void)hw;
    CHECK(page < 3 && offset + n <= AW_BOARD_PAGE);
    memcpy(out, chip[page] + offset, n);
    return AW_BOARD_OK;
}

static uint32_t chip_write(void *hw, uint32_t page, uint32_t offset, const uint8_t *bytes,
                           uint32_t n)
{
    (void)hw;
    CHECK(page < 3 && offset + n <= AW_BOARD_PAGE);
    memcpy(chip[page] + offset, bytes, worn ? n - 1 : n);
    return AW_BOARD_OK;
}

static uint32_t chip_lock(void *hw, uint32_t page)
{
    (void)hw;
    chip_locks |= 1u << page;
    return AW_BOARD_OK;
}

static uint8_t writes(uint8_t page, uint8_t offset, const uint8_t *bytes, uint8_t n)
{
    uint8_t args[60] = {page, offset, n};

    memcpy(args + 3, bytes, n);
    return asks(QHI_ID, ID_WRITE, QHI_BOARD, args, 3u + n);
}

static void begin_with_chip(void)
{
    static aw_board_hal hal;
    aw_board_setup setup = panel_setup;

    hal = panel_hal;
    hal.eeprom_read = chip_read;
    hal.eeprom_write = chip_write;
    hal.eeprom_lock = chip_lock;
    setup.hal = &hal;
    setup.pages = 3;
    memset(chip, 0xff, sizeof chip);
    worn = false;
    chip_locks = 0;
    begin(&setup, 1);
}

static void test_a_page_is_written_in_pieces_and_locked_once(void)
{
    uint8_t lock[5] = {1};

    begin_with_chip();
    CHECK(get32(last(AW_FRAME_HELLO)->payload + 32) & FEATURE_EEPROM_WRITE);
    CHECK(writes(1, 0, (const uint8_t *)"AWOE\1", 5) == AW_BOARD_OK);
    CHECK(get32(results()) == aw_crc32(0, (const uint8_t *)"AWOE\1", 5));
    CHECK(ASKS(QHI_ID, ID_INFO, QHI_BOARD, 0) == AW_BOARD_OK);
    CHECK(get16(results() + 3) == 0 && get16(results() + 5) == 0);

    uint8_t sum[4];
    put32(sum, aw_crc32(0, chip[1], 252));
    memcpy(lock + 1, sum, sizeof sum);
    CHECK(asks(QHI_ID, ID_LOCK, QHI_BOARD, lock, 5) == AW_BOARD_VERIFY); /* not sound yet */
    CHECK(writes(1, 252, sum, 4) == AW_BOARD_OK);
    lock[1] ^= 1;
    CHECK(asks(QHI_ID, ID_LOCK, QHI_BOARD, lock, 5) == AW_BOARD_VERIFY);
    lock[1] ^= 1;
    CHECK(chip_locks == 0);
    CHECK(asks(QHI_ID, ID_LOCK, QHI_BOARD, lock, 5) == AW_BOARD_OK && chip_locks == 2);
    CHECK(asks(QHI_ID, ID_LOCK, QHI_BOARD, lock, 5) == AW_BOARD_LOCKED);
    CHECK(writes(1, 8, sum, 4) == AW_BOARD_LOCKED);
    CHECK(ASKS(QHI_ID, ID_INFO, QHI_BOARD, 0) == AW_BOARD_OK);
    CHECK(get16(results() + 3) == 2 && get16(results() + 5) == 2);
}

static void test_a_piece_that_does_not_stay_or_fit_is_said(void)
{
    const uint8_t piece[4] = {1, 2, 3, 4};

    begin_with_chip();
    CHECK(writes(2, 253, piece, 4) == AW_BOARD_RANGE);
    CHECK(writes(3, 0, piece, 4) == AW_BOARD_RANGE);
    CHECK(ASKS(QHI_ID, ID_WRITE, QHI_BOARD, 1, 0, 5, 1, 2, 3, 4) == AW_BOARD_BAD_ARG);
    worn = true;
    CHECK(writes(2, 0, piece, 4) == AW_BOARD_VERIFY);
    begin(&panel_setup, 1); /* no chip: page 0 alone, sound and locked, made of the setup */
    CHECK(writes(0, 0, piece, 4) == AW_BOARD_UNSUPPORTED);
    CHECK(ASKS(QHI_ID, ID_INFO, QHI_BOARD, 0) == AW_BOARD_OK);
    CHECK(results()[0] == 1 && get16(results() + 3) == 1 && get16(results() + 5) == 1);
}

/* Samples: a host that answers each frame by `answers`. */

enum { ULAW = 0, ALAW = 1, LINEAR = 2 };

static uint8_t format;
static const uint8_t *up; /* the row of FXS in the newest frame */
static void (*answers)(uint8_t *row, size_t n);

static void frames_pass(uint32_t n)
{
    static uint8_t payload[AW_PCM_DOWN_HEADER + ROW_BYTES];
    aw_pcm_header head = {.ms = 5, .format = format, .ports = 1u << FXS};
    size_t width = SAMPLES * board_law_width(format);

    for (uint32_t i = 0; i < n; i++) {
        aw_board_capture(board, host_in);
        host_reads();
        up = last(AW_FRAME_PCM)->payload + AW_PCM_UP_HEADER + FXS * width;
        if (last(AW_FRAME_EVT))
            host_ack = last(AW_FRAME_EVT)->header.seq;
        if (answers) {
            size_t at = aw_pcm_encode(payload, &head, 0);
            answers(payload + at, width);
            host_sends(AW_FRAME_PCM, 0, 0, last(AW_FRAME_PCM)->header.tick, payload, at + width);
        }
        aw_board_play(board, host_out);
    }
}

static void stream(uint8_t with, void (*how)(uint8_t *row, size_t n))
{
    memset(&panel, 0, sizeof panel);
    begin(&panel_setup, 1);
    format = with;
    answers = how;
    CHECK(ASKS(QHI_CLK, CLK_START, QHI_BOARD, 5, with, 10, 0, 15, 0, 0, 0) == AW_BOARD_OK);
    frames_pass(4);
}

static void counts_up(uint8_t *row, size_t n)
{
    static uint8_t next;

    for (size_t i = 0; i < n; i++)
        row[i] = next++;
}

static void returns(uint8_t *row, size_t n)
{
    memcpy(row, up, n);
}

static uint32_t turned; /* bits of each frame that arrive turned over */

static void returns_some_turned(uint8_t *row, size_t n)
{
    memcpy(row, up, n);
    for (uint32_t i = 0; i < turned; i++)
        row[6 * i + 1] ^= 0x10; /* odd: the high byte of a linear sample */
}

static void test_patterns_are_what_they_are_called(void)
{
    static const uint8_t ulaw[] = {0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e};
    static const uint8_t alaw[] = {0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4};

    for (uint8_t law = ULAW; law <= ALAW; law++) {
        stream(law, counts_up);
        CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 2, 1, W(0), W(0), W(0)) == AW_BOARD_OK);
        frames_pass(3);
        for (uint32_t i = 0; i < SAMPLES; i++)
            CHECK(up[i] == (law == ULAW ? ulaw : alaw)[i % 8]);
        CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 3, 1, W(0), W(0), W(0)) == AW_BOARD_OK);
        frames_pass(1);
        CHECK(up[0] == (law == ULAW ? 0xff : 0xd5));
    }
    stream(LINEAR, counts_up);
    CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 1, 0, W(1234), W(0), W(0)) == AW_BOARD_OK);
    frames_pass(1);
    CHECK(host_out[FXS * SAMPLES] == 1234 && host_out[FXS * SAMPLES + 39] == 1234);
    CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 0, 0, W(0), W(0), W(0)) == AW_BOARD_OK);
    frames_pass(1);
    CHECK(host_out[FXS * SAMPLES] != 1234);
    CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 5, 0, W(0), W(0), W(0)) == AW_BOARD_BAD_ARG);
    CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 4, 0, W(0), W(4000), W(0)) == AW_BOARD_RANGE);
    CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 4, 0, W(0), W(1000), W(31)) == AW_BOARD_RANGE);
}

static void test_a_tone_has_frequency_and_level(void)
{
    static const struct {
        int16_t level;
        uint32_t least, most; /* mean square, 0.1 dB either way; 0 dBm0: 22829^2 / 2 */
    } rows[] = {{0, 254650000, 266650000}, {-200, 2546500, 2666500}, {30, 508090000, 532030000}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t power = 0;
        uint32_t crossings = 0;
        int16_t before = 0;
        stream(LINEAR, NULL);
        CHECK(ASKS(QHI_TDM, TDM_PATTERN, FXS, 4, 0, W(0), W(700), W((uint16_t)rows[i].level)) ==
              AW_BOARD_OK);
        for (int frame = 0; frame < 20; frame++) { /* 100 ms: 70 periods */
            frames_pass(1);
            for (uint32_t k = 0; k < SAMPLES; k++) {
                int16_t x = host_out[FXS * SAMPLES + k];
                power += (uint64_t)((int64_t)x * x);
                crossings += before < 0 && x >= 0;
                before = x;
            }
        }
        CHECK(power / 800 >= rows[i].least && power / 800 <= rows[i].most);
        CHECK(crossings >= 69 && crossings <= 71);
    }
}

static void test_a_digital_loopback_is_bit_for_bit(void)
{
    uint8_t sent[2 * ROW_BYTES];

    for (uint8_t with = ULAW; with <= LINEAR; with++) {
        size_t width = SAMPLES * board_law_width(with);
        stream(with, counts_up);
        CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 1) == AW_BOARD_OK);
        frames_pass(3);
        memcpy(sent, up, width);
        for (uint32_t i = 0; i < 20; i++) {
            frames_pass(1);
            CHECK(up[0] == (uint8_t)(sent[0] + width) &&
                  up[width - 1] == (uint8_t)(up[0] + width - 1));
            CHECK(host_out[FXS * SAMPLES] == 0 && host_out[FXS * SAMPLES + 7] == 0);
            memcpy(sent, up, width);
        }
        CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 0) == AW_BOARD_OK);
        frames_pass(1);
        CHECK(host_out[FXS * SAMPLES + 7] != 0);
    }
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 2) == AW_BOARD_UNSUPPORTED);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 4) == AW_BOARD_BAD_ARG);
    CHECK(ASKS(QHI_PORT, PORT_HOOK, FXO, 1) == AW_BOARD_OK);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXO, 1) == AW_BOARD_BUSY);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, PORTS, 1) == AW_BOARD_NO_PORT);
}

static uint32_t looped;

static uint32_t panel_loopback(void *hw, uint32_t port, uint32_t where)
{
    (void)hw;
    looped = port * 10 + where;
    return AW_BOARD_OK;
}

static void test_other_loopbacks_are_the_hardwares(void)
{
    aw_board_hal hal = panel_hal;
    aw_board_setup setup = panel_setup;

    hal.loopback = panel_loopback;
    setup.hal = &hal;
    memset(&panel, 0, sizeof panel);
    begin(&setup, 1);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 3) == AW_BOARD_OK && looped == FXS * 10 + 3);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 1) == AW_BOARD_OK && looped == FXS * 10);
    CHECK(ASKS(QHI_TDM, TDM_LOOPBACK, FXS, 2) == AW_BOARD_OK && looped == FXS * 10 + 2);
    host_greets(2);
    CHECK(looped == FXS * 10);
}

static void test_a_sequence_begins_as_it_is_written(void)
{
    static const uint8_t nine[] = {0xff, 0x83, 0xdf, 0x17, 0x32}; /* 1^9 00000 1111 0 11111 ... */

    stream(ULAW, NULL);
    CHECK(ASKS(QHI_TDM, TDM_PRBS_RESULT, FXS, 0) == AW_BOARD_BAD_STATE);
    CHECK(ASKS(QHI_TDM, TDM_PRBS_START, FXS, 0, 16, 3, 0) == AW_BOARD_RANGE);
    CHECK(ASKS(QHI_TDM, TDM_PRBS_START, FXS, 0, 8, 1, 0) == AW_BOARD_OK);
    frames_pass(1);
    CHECK(memcmp(up, nine, sizeof nine) == 0);
}

static uint64_t counted(uint32_t at)
{
    CHECK(ASKS(QHI_TDM, TDM_PRBS_RESULT, FXS, 0) == AW_BOARD_OK);
    return get32(results() + at);
}

enum { IN_SYNC_AT = 1, LOSSES_AT = 4, BITS_AT = 8, ERRORS_AT = 16 };

static void test_bits_that_come_back_wrong_are_counted_and_no_others(void)
{
    for (uint8_t sequence = 0; sequence < 2; sequence++) {
        for (uint8_t width = 8; width <= 16; width = (uint8_t)(width + 8)) {
            stream(LINEAR, returns_some_turned);
            turned = 0;
            CHECK(ASKS(QHI_TDM, TDM_PRBS_START, FXS, sequence, width, 3, 0) == AW_BOARD_OK);
            frames_pass(100);
            CHECK(counted(BITS_AT) > 90u * SAMPLES * width && counted(ERRORS_AT) == 0);
            CHECK(counted(LOSSES_AT) == 0 && results()[IN_SYNC_AT] == 1 && results()[0] == 3);
            turned = 3;
            frames_pass(100);
            turned = 0;
            frames_pass(10);
            CHECK(counted(ERRORS_AT) == 300);
        }
    }
    answers = NULL; /* frames get lost */
    frames_pass(20);
    answers = returns;
    frames_pass(50);
    CHECK(counted(LOSSES_AT) >= 1 && results()[IN_SYNC_AT] == 1);
    CHECK(ASKS(QHI_TDM, TDM_PRBS_STOP, FXS, 0) == AW_BOARD_OK);
    uint64_t bits = counted(BITS_AT);
    frames_pass(10);
    CHECK(counted(BITS_AT) == bits && results()[0] == 0);
    host_greets(2);
    CHECK(ASKS(QHI_TDM, TDM_PRBS_RESULT, FXS, 0) == AW_BOARD_BAD_STATE);
}

static void test_what_is_not_measured_is_said_so(void)
{
    begin(&panel_setup, 1);
    CHECK(ASKS(QHI_SYS, SYS_METER, QHI_BOARD, 0) == AW_BOARD_OK);
    for (int i = 0; i < 3; i++)
        CHECK(get16(results() + 2 * i) == 0x8000);
    CHECK(ASKS(QHI_CLK, CLK_ROLE, QHI_BOARD, 0xff) == AW_BOARD_OK && results()[0] == 0);
    CHECK(ASKS(QHI_CLK, CLK_ROLE, QHI_BOARD, 1) == AW_BOARD_RANGE);
}

int main(void)
{
    test_a_page_is_written_in_pieces_and_locked_once();
    test_a_piece_that_does_not_stay_or_fit_is_said();
    test_patterns_are_what_they_are_called();
    test_a_tone_has_frequency_and_level();
    test_a_digital_loopback_is_bit_for_bit();
    test_other_loopbacks_are_the_hardwares();
    test_a_sequence_begins_as_it_is_written();
    test_bits_that_come_back_wrong_are_counted_and_no_others();
    test_what_is_not_measured_is_said_so();
    free(board_memory);
    printf("ok: pages, patterns, loopbacks, bit errors\n");
    return 0;
}
