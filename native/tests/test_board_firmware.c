/* SPDX-License-Identifier: MIT */
/* Firmware in two slots, from the first piece to the roll-back; and the digest that names it. */
#include "board_host.h"

#include "board/board.h"

enum { SLOT_BYTES = 8192, IMAGE_BYTES = 5000, A = 0, B = 1, NEW = 0x02000001, OLD = 0x01020003 };

static uint8_t flash[2][SLOT_BYTES];
static aw_board_slots chip;
static uint32_t erasing; /* how often a slot answers BUSY */
static bool worn;        /* what is written doesn't stay */
static uint8_t image[IMAGE_BYTES];
static uint8_t digest[SHA256_BYTES];
static uint32_t booted;

static const uint8_t *results(void)
{
    return last(AW_FRAME_RSP)->payload + RESPONSE_HEAD;
}

static uint32_t slots_read(void *hw, aw_board_slots *out)
{
    (void)hw;
    *out = chip;
    return AW_BOARD_OK;
}

static uint32_t slots_write(void *hw, const aw_board_slots *slots)
{
    (void)hw;
    chip = *slots;
    return AW_BOARD_OK;
}

static uint32_t erase(void *hw, uint32_t slot)
{
    (void)hw;
    CHECK(slot == (uint32_t)!chip.running);
    memset(flash[slot], 0xff, SLOT_BYTES);
    return erasing && erasing-- ? AW_BOARD_BUSY : AW_BOARD_OK;
}

static uint32_t flash_write(void *hw, uint32_t slot, uint32_t offset, const uint8_t *bytes,
                            uint32_t n)
{
    (void)hw;
    CHECK(slot == (uint32_t)!chip.running && offset + n <= SLOT_BYTES);
    memcpy(flash[slot] + offset, bytes, n);
    flash[slot][offset] ^= worn;
    return AW_BOARD_OK;
}

static uint32_t flash_read(void *hw, uint32_t slot, uint32_t offset, uint8_t *out, uint32_t n)
{
    (void)hw;
    CHECK(slot < 2 && offset + n <= SLOT_BYTES);
    memcpy(out, flash[slot] + offset, n);
    return AW_BOARD_OK;
}

static void restart(void *hw, uint32_t reason)
{
    (void)hw;
    CHECK(reason != 0);
    booted = aw_board_boot(&chip);
}

static void sum(const uint8_t *bytes, size_t n, uint8_t out[SHA256_BYTES])
{
    struct sha256 s;

    sha256_begin(&s);
    for (size_t at = 0; at < n; at += 77)
        sha256_feed(&s, bytes + at, n - at < 77 ? n - at : 77);
    sha256_end(&s, out);
}

static void make_image(uint16_t vendor)
{
    memcpy(image, "AWFW", 4);
    put16(image + 4, vendor);
    put16(image + 6, panel_setup.type);
    put32(image + 8, NEW);
    put32(image + 12, IMAGE_BYTES);
    for (size_t i = 16; i < IMAGE_BYTES; i++)
        image[i] = (uint8_t)(i * 7 + vendor);
    sum(image, IMAGE_BYTES, digest);
}

/* A board that runs slot A, as its factory has left it, with a session. */
static void begin_with_slots(void)
{
    static aw_board_hal hal;
    aw_board_setup setup = panel_setup;

    hal = panel_hal;
    hal.slots_read = slots_read;
    hal.slots_write = slots_write;
    hal.flash_erase = erase;
    hal.flash_write = flash_write;
    hal.flash_read = flash_read;
    hal.restart = restart;
    setup.hal = &hal;
    setup.slot_bytes = SLOT_BYTES;
    chip = (aw_board_slots){.boots = 1};
    chip.slot[A] = (aw_board_slot){.state = AW_SLOT_CONFIRMED, .version = OLD, .boots = 1};
    erasing = 0;
    worn = false;
    make_image(panel_setup.vendor);
    begin(&setup, 1);
}

static uint8_t offers(uint32_t size)
{
    uint8_t args[36];

    put32(args, size);
    memcpy(args + 4, digest, sizeof digest);
    return asks(QHI_FW, FW_BEGIN, QHI_BOARD, args, sizeof args);
}

static uint8_t writes(uint32_t offset, uint32_t n)
{
    uint8_t args[46] = {0};

    put32(args, offset);
    put16(args + 4, n);
    memcpy(args + 6, image + offset, n);
    return asks(QHI_FW, FW_WRITE, QHI_BOARD, args, 6u + n);
}

static void writes_all(void)
{
    for (uint32_t at = 0, n; at < IMAGE_BYTES; at += n) {
        n = IMAGE_BYTES - at < 40 ? IMAGE_BYTES - at : 40;
        CHECK(writes(at, n) == AW_BOARD_OK && get32(results()) == at + n);
    }
}

static uint8_t verifies(void)
{
    uint8_t status = ASKS(QHI_FW, FW_VERIFY, QHI_BOARD, 0);

    for (int i = 0; i < 10 && status == AW_BOARD_BUSY; i++) {
        passes(5);
        status = ASKS(QHI_FW, FW_VERIFY, QHI_BOARD, 0);
    }
    return status;
}

static void activates(void)
{
    CHECK(ASKS(QHI_FW, FW_ACTIVATE, QHI_BOARD, 0) == AW_BOARD_OK);
    passes_mutely(300); /* it resets */
    host_greets(2);
}

static void updates(void)
{
    begin_with_slots();
    CHECK(offers(IMAGE_BYTES) == AW_BOARD_OK);
    writes_all();
    CHECK(verifies() == AW_BOARD_OK && memcmp(results(), digest, sizeof digest) == 0);
    activates();
}

static uint8_t state_of(uint32_t slot)
{
    CHECK(ASKS(QHI_FW, FW_BOOT_INFO, QHI_BOARD, 0) == AW_BOARD_OK);
    return results()[8 + 44 * slot];
}

static void test_digests_are_those_of_the_standard(void)
{
    /* FIPS 180-4 examples: "abc", two blocks, and a million times "a". */
    static const struct {
        const char *text;
        uint32_t times;
        uint8_t begins[4];
    } rows[] = {
        {"", 1, {0xe3, 0xb0, 0xc4, 0x42}},
        {"abc", 1, {0xba, 0x78, 0x16, 0xbf}},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, {0x24, 0x8d, 0x6a, 0x61}},
        {"aaaaaaaaaa", 100000, {0xcd, 0xc7, 0x6e, 0x5c}},
    };
    uint8_t found[SHA256_BYTES];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sha256 s;
        sha256_begin(&s);
        for (uint32_t k = 0; k < rows[i].times; k++)
            sha256_feed(&s, (const uint8_t *)rows[i].text, strlen(rows[i].text));
        sha256_end(&s, found);
        CHECK(memcmp(found, rows[i].begins, 4) == 0);
    }
}

static void test_an_image_is_written_verified_tried_and_confirmed(void)
{
    begin_with_slots();
    CHECK(get32(last(AW_FRAME_HELLO)->payload + 32) & FEATURE_FIRMWARE);
    CHECK(get32(last(AW_FRAME_HELLO)->payload + 12) == OLD);
    updates();
    CHECK(booted == B && get32(last(AW_FRAME_HELLO)->payload + 12) == NEW);
    CHECK(last(AW_FRAME_HELLO)->payload[43] == AW_BOOT_FIRMWARE);
    CHECK(state_of(B) == AW_SLOT_TRIAL && results()[1] == B && results()[2] >= 59);
    CHECK(state_of(A) == AW_SLOT_CONFIRMED && get32(results() + 4) == 2);
    CHECK(offers(IMAGE_BYTES - 1) == AW_BOARD_BAD_STATE); /* A is the way back */
    passes(29900);
    CHECK(state_of(B) == AW_SLOT_TRIAL);
    passes(200);
    CHECK(state_of(B) == AW_SLOT_CONFIRMED && results()[2] == 0);
    CHECK(ASKS(QHI_FW, FW_ROLLBACK, QHI_BOARD, 0) == AW_BOARD_OK);
    passes_mutely(300);
    CHECK(booted == A && chip.slot[B].state == AW_SLOT_CONFIRMED);
}

static void test_a_reset_during_the_trial_is_its_end(void)
{
    updates();
    aw_board_restart(board, AW_BOOT_WATCHDOG);
    passes_mutely(300);
    host_greets(3);
    CHECK(booted == A && get32(last(AW_FRAME_HELLO)->payload + 12) == OLD);
    CHECK(state_of(B) == AW_SLOT_FAILED && state_of(A) == AW_SLOT_CONFIRMED);
    CHECK(ASKS(QHI_FW, FW_ACTIVATE, QHI_BOARD, 0) == AW_BOARD_BAD_STATE);
    CHECK(ASKS(QHI_FW, FW_ROLLBACK, QHI_BOARD, 0) == AW_BOARD_BAD_STATE);
}

static void test_an_image_without_a_session_is_left_after_a_minute(void)
{
    updates();
    passes_mutely(59000); /* the session ends with its fifth second */
    CHECK(chip.running == B && chip.slot[B].state == AW_SLOT_TRIAL);
    passes_mutely(2000);
    CHECK(chip.running == A && chip.slot[B].state == AW_SLOT_FAILED);
}

static void test_what_was_written_stays_and_is_gone_on_with(void)
{
    begin_with_slots();
    erasing = 2;
    CHECK(offers(IMAGE_BYTES) == AW_BOARD_BUSY && offers(IMAGE_BYTES) == AW_BOARD_BUSY);
    CHECK(offers(IMAGE_BYTES) == AW_BOARD_OK && results()[0] == B && get16(results() + 2) == 1024);
    CHECK(writes(0, 40) == AW_BOARD_OK);
    aw_board_restart(board, AW_BOOT_FAULT);
    passes_mutely(300);
    host_greets(2);
    CHECK(booted == A && offers(IMAGE_BYTES) == AW_BOARD_OK && get32(results() + 4) == 40);
    CHECK(offers(IMAGE_BYTES - 8) == AW_BOARD_OK && get32(results() + 4) == 0);
}

static void test_pieces_that_do_not_fit_are_refused(void)
{
    begin_with_slots();
    CHECK(writes(0, 40) == AW_BOARD_BAD_STATE && verifies() == AW_BOARD_BAD_STATE);
    CHECK(offers(15) == AW_BOARD_RANGE && offers(SLOT_BYTES + 1) == AW_BOARD_RANGE);
    CHECK(offers(48) == AW_BOARD_OK);
    CHECK(writes(40, 8) == AW_BOARD_BAD_STATE && verifies() == AW_BOARD_BAD_STATE);
    CHECK(writes(0, 40) == AW_BOARD_OK && writes(0, 40) == AW_BOARD_BAD_STATE);
    CHECK(writes(40, 9) == AW_BOARD_RANGE && writes(40, 0) == AW_BOARD_BAD_ARG);
    CHECK(ASKS(QHI_FW, FW_WRITE, QHI_BOARD, 40, 0, 0, 0, 8, 0, 1) == AW_BOARD_BAD_ARG);
    CHECK(ASKS(QHI_FW, FW_ACTIVATE, QHI_BOARD, 0) == AW_BOARD_BAD_STATE);
}

static void test_what_is_no_image_of_this_board_empties_the_slot(void)
{
    begin_with_slots();
    worn = true;
    CHECK(offers(IMAGE_BYTES) == AW_BOARD_OK);
    writes_all();
    CHECK(verifies() == AW_BOARD_VERIFY && state_of(B) == AW_SLOT_EMPTY);
    worn = false;
    make_image(panel_setup.vendor + 1);
    CHECK(offers(IMAGE_BYTES) == AW_BOARD_OK && get32(results() + 4) == 0);
    writes_all();
    CHECK(verifies() == AW_BOARD_VERIFY && state_of(B) == AW_SLOT_EMPTY);
}

static void test_a_board_without_slots_knows_no_such_class(void)
{
    begin(&panel_setup, 1);
    CHECK(!(get32(last(AW_FRAME_HELLO)->payload + 32) & FEATURE_FIRMWARE));
    for (uint8_t verb = 0; verb < 6; verb++)
        CHECK(ASKS(QHI_FW, verb, QHI_BOARD, 0) == AW_BOARD_UNSUPPORTED);
}

int main(void)
{
    test_digests_are_those_of_the_standard();
    test_an_image_is_written_verified_tried_and_confirmed();
    test_a_reset_during_the_trial_is_its_end();
    test_an_image_without_a_session_is_left_after_a_minute();
    test_what_was_written_stays_and_is_gone_on_with();
    test_pieces_that_do_not_fit_are_refused();
    test_what_is_no_image_of_this_board_empties_the_slot();
    test_a_board_without_slots_knows_no_such_class();
    free(board_memory);
    printf("ok: firmware in two slots\n");
    return 0;
}
