/* SPDX-License-Identifier: MIT */
/* Whatever a host sends, and lines do meanwhile: the board sends whole frames, feeds its lines in
 * ways that exist, answers each request at most once per time it was sent, and keeps to its memory.
 */
#include "fuzz.h"

#include "../tests/board_host.h"

#include "board/sha256.h"

/* What the host is like for a while. */
static enum { REASONABLE, NEVER_ACKNOWLEDGES, FLOODS, MOODS } mood;
static uint8_t chip[3][AW_BOARD_PAGE];
static aw_board_slots slots;
static uint8_t flash[2][64];
static uint64_t requests;
static uint64_t responses;
static uint64_t sessions;
static uint64_t trials;

/* Requests that are right, before the dice get at them. */
static const struct {
    uint8_t n;
    uint8_t bytes[40];
} right[] = {
    {4, {QHI_SYS, SYS_STATE, QHI_BOARD, 1}},
    {5, {QHI_PORT, PORT_HOOK, FXO, 1, 1}},
    {5, {QHI_PORT, PORT_HOOK, DECODED_FXO, 1, 1}},
    {15, {QHI_PORT, PORT_PULSE, FXO, 1, W(15), W(10), W(200), 4, '1', '0', '2', '1'}},
    {6, {QHI_PORT, PORT_FLASH, FXO, 1, W(90)}},
    {9, {QHI_PORT, PORT_RING, FXS, 1, 2, W(50), W(60)}},
    {13, {QHI_PORT, PORT_RING, DECODED_FXS, 1, 4, W(50), W(50), W(50), W(90)}},
    {6, {QHI_PORT, PORT_OPEN_LOOP, FXS, 1, W(50)}},
    {8, {QHI_PORT, PORT_FLASH_WINDOW, FXS, 1, W(101), W(300)}},
    {8, {QHI_PORT, PORT_GAIN, FXS, 1, W(20), W(20)}},
    {12, {QHI_CLK, CLK_START, QHI_BOARD, 1, 5, 2, 10, 0, 15}},
    {12, {QHI_CLK, CLK_START, QHI_BOARD, 1, 5, 0, 0, 0, 5}},
    {7, {QHI_ID, ID_READ, QHI_BOARD, 1, 0, 100, 128}},
    {9, {QHI_ID, ID_WRITE, QHI_BOARD, 1, 1, 0, 2, 7, 7}},
    {9, {QHI_ID, ID_LOCK, QHI_BOARD, 1, 1}},
    {12, {QHI_TDM, TDM_PATTERN, FXS, 1, 4, 1, 0, 0, W(700), W(10)}},
    {12, {QHI_TDM, TDM_PATTERN, FXO, 1, 2, 0}},
    {5, {QHI_TDM, TDM_LOOPBACK, FXS, 1, 1}},
    {8, {QHI_TDM, TDM_PRBS_START, FXS, 1, 0, 8, 3}},
    {8, {QHI_TDM, TDM_PRBS_START, FXO, 1, 1, 16, 3}},
    {4, {QHI_TDM, TDM_PRBS_RESULT, FXS, 1}},
    {5, {QHI_TEST, TEST_START, FXS, 1, AW_TEST_RESISTANCE}},
    {5, {QHI_TEST, TEST_START, FXO, 1, AW_TEST_OFFICE}},
    {5, {QHI_TEST, TEST_RESULT, FXS, 1, AW_TEST_RESISTANCE}},
    {4, {QHI_TEST, TEST_STOP, FXS, 1}},
    {4, {QHI_TEST, TEST_METER, FXS, 1}},
    {40, {QHI_FW, FW_BEGIN, QHI_BOARD, 1, 20}},
    {30, {QHI_FW, FW_WRITE, QHI_BOARD, 1, 0, 0, 0, 0, 20, 0, 'A', 'W',
          'F',    'W',      7,         0, 0, 0, 1, 0, 0,  1, 20}},
    {4, {QHI_FW, FW_VERIFY, QHI_BOARD, 1}},
    {4, {QHI_FW, FW_ACTIVATE, QHI_BOARD, 1}},
    {4, {QHI_FW, FW_BOOT_INFO, QHI_BOARD, 1}},
    {6, {QHI_CLK, CLK_ADJUST, QHI_BOARD, 1, W(100)}},
    {6, {QHI_SYS, SYS_WATCHDOG, QHI_BOARD, 1, W(500)}},
    {6, {QHI_SYS, SYS_IDENTIFY, QHI_BOARD, 1, W(1)}},
};

static size_t request(uint8_t *out)
{
    static const uint8_t classes[] = {QHI_SYS, QHI_ID,  QHI_FW,   QHI_PORT,
                                      QHI_TDM, QHI_CLK, QHI_TEST, 8};
    uint32_t which = mood == NEVER_ACKNOWLEDGES ? 0 : dice(sizeof right / sizeof *right);
    size_t n = right[which].n;

    memcpy(out, right[which].bytes, sizeof right[which].bytes);
    out[3] = (uint8_t)dice(4);
    if (dice(3) == 0) {
        out[0] = classes[dice(sizeof classes)];
        out[1] = (uint8_t)dice(15);
        out[2] = out[0] == QHI_PORT ? (uint8_t)dice(PORTS + 1) : QHI_BOARD;
    }
    if (n == 40 && dice(4)) { /* the image that the WRITE above makes */
        struct sha256 s;
        sha256_begin(&s);
        sha256_feed(&s, (const uint8_t *)"AWFW\7\0\0\0\1\0\0\1\24\0\0\0\0\0\0\0", 20);
        sha256_end(&s, out + 8);
    }
    if (dice(3) == 0)
        out[4 + dice(12)] = (uint8_t)(dice(2) ? dice(12) : wild_word());
    return dice(8) ? n : dice(20);
}

static size_t samples(uint8_t *out)
{
    static const size_t bytes[] = {1, 1, 2};
    aw_pcm_header h = {.ms = dice(8) ? 5 : (uint8_t)dice(256),
                       .format = (uint8_t)dice(3),
                       .ports = dice(8) ? dice(16) : dice(UINT32_MAX)};
    size_t n = aw_pcm_encode(out, &h, 0);
    size_t rest = (size_t)__builtin_popcount(h.ports) * 8 * h.ms * bytes[h.format];

    if (n + rest > AW_FRAME_PAYLOAD_MAX || dice(16) == 0)
        rest = dice(400);
    memset(out + n, (int)dice(256), rest);
    return n + rest;
}

static size_t hello(uint8_t *out)
{
    memset(out, 0, 64);
    memcpy(out, "QHI1", dice(32) ? 4 : dice(4));
    out[50] = dice(32) != 0;
    put32(out + 60, dice(4) ? dice(4) : wild_word());
    return dice(32) ? 64 : dice(80);
}

static size_t payload_of(uint8_t kind, uint8_t *out)
{
    switch (kind) {
    case AW_FRAME_HELLO:
        return hello(out);
    case AW_FRAME_REQ:
        return request(out);
    case AW_FRAME_PCM:
        return samples(out);
    case AW_FRAME_BULK:
        put32(out, (uint32_t)dice(600) << 16 | (dice(8) ? 0 : dice(UINT32_MAX)));
        put32(out + 4, dice(8) ? dice(900) : wild_word());
        return dice(8) ? 8 : dice(9);
    default: {
        size_t n = dice(dice(64) ? 24 : AW_FRAME_PAYLOAD_MAX);
        for (size_t i = 0; i < n; i++)
            out[i] = (uint8_t)(dice(2) ? dice(4) : dice(256));
        return n;
    }
    }
}

static uint8_t kind(void)
{
    if (mood == FLOODS)
        return AW_FRAME_PCM;
    if (dice(mood == NEVER_ACKNOWLEDGES ? 2000 : 64) == 0)
        return AW_FRAME_HELLO;
    return dice(3) ? AW_FRAME_REQ : dice(2) ? AW_FRAME_PCM : (uint8_t)dice(16);
}

/* Bytes of exactly their number, so that the sanitizer sees a step behind them. */
static void send(const uint8_t *bytes, size_t n)
{
    uint8_t *copy = exactly(n);

    memcpy(copy, bytes, n);
    aw_board_receive(board, copy, n);
    free(copy);
}

static void send_frame(void)
{
    static uint8_t payload[AW_FRAME_PAYLOAD_MAX + 64], wire[AW_FRAME_WIRE_MAX];
    aw_frame_header h = {.kind = kind(),
                         .flags = dice(4) ? 0 : (uint8_t)dice(256),
                         .seq = dice(4) ? host_seq++ : (uint16_t)(host_seq - dice(40)),
                         .tick = last(AW_FRAME_PCM) ? last(AW_FRAME_PCM)->header.tick : 0,
                         .ack = (uint16_t)(dice(4) ? host_ack : dice(65536))};
    if (mood == NEVER_ACKNOWLEDGES)
        h.ack = 0;
    size_t n = aw_frame_encode(wire, sizeof wire, &h, payload, payload_of(h.kind, payload));
    requests += h.kind == AW_FRAME_REQ && n > 0;
    if (dice(8) == 0 && n > 0)
        wire[dice((uint32_t)n)] ^= (uint8_t)(1u << dice(8));
    size_t cut = dice((uint32_t)n + 1);
    send(wire, cut);
    send(wire + cut, n - cut);
}

static void send_noise(void)
{
    uint8_t noise[300];

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)dice(256);
    send(noise, dice(sizeof noise));
}

static void lines_do_something(void)
{
    uint32_t port = 1u << dice(PORTS);
    uint32_t *sense[] = {&panel.senses.loop, &panel.senses.battery, &panel.senses.ring,
                         &panel.senses.reversed};

    *sense[dice(4)] ^= port;
    if (dice(4) == 0)
        aw_board_fact(board, dice(PORTS + 2), (aw_fact)dice(12), dice(2) ? dice(12) : wild_word());
    if (dice(64) == 0)
        aw_board_alarm(board, dice(2) ? QHI_BOARD : dice(PORTS + 1), dice(4), dice(2),
                       "too hot to touch, and too long");
    if (dice(256) == 0)
        aw_board_log(board, dice(5), "a line for people");
    if (dice(1024) == 0)
        aw_board_restart(board, AW_BOOT_FAULT);
    if (dice(512) == 0)
        aw_board_link_closed(board);
    if (dice(32) == 0)
        aw_board_link_opened(board);
}

static void check(void)
{
    aw_board_view view;
    size_t before = frames = 0;

    aw_deframer_init(&host_deframer); /* the link may have been opened within a frame */
    host_reads();
    for (size_t i = before; i < frames; i++) {
        if (kept[i].header.kind == AW_FRAME_EVT)
            host_ack = kept[i].header.seq;
        responses += kept[i].header.kind == AW_FRAME_RSP;
        sessions += kept[i].header.kind == AW_FRAME_HELLO;
    }
    for (uint32_t i = 0; i < PORTS; i++)
        if (panel.feed[i] > AW_FEED_RING_OPEN || panel.closed[i] > 1 || panel.monitor[i] > 1)
            fail("a line is in no state");
    if (responses > requests)
        fail("more responses than requests");
    aw_board_look(board, &view);
    if (view.off_hook >> PORTS || view.ringing >> PORTS || (view.owed && !view.streaming))
        fail("the view makes no sense");
}

static void one_input(void)
{
    if (dice(256) == 0)
        mood = dice(2) ? dice(MOODS) : REASONABLE;
    if (dice(64) == 0)
        send_noise();
    for (uint32_t i = 0; i < PORTS * SAMPLES; i++)
        host_in[i] = (int16_t)((uint32_t)host_in[i] * 5 + i + 1);
    for (uint32_t i = dice(4); i > 0; i--)
        send_frame();
    if (dice(4) == 0)
        lines_do_something();
    for (uint32_t i = dice(64) ? dice(8) : dice(400); i > 0; i--)
        aw_board_tick(board, host_in, host_out);
    check();
}

static uint32_t chip_read(void *hw, uint32_t page, uint32_t offset, uint8_t *out, uint32_t n)
{
    (void)hw;
    memcpy(out, chip[page] + offset, n);
    return dice(64) ? AW_BOARD_OK : AW_BOARD_HW_FAULT;
}

static uint32_t chip_write(void *hw, uint32_t page, uint32_t offset, const uint8_t *bytes,
                           uint32_t n)
{
    (void)hw;
    memcpy(chip[page] + offset, bytes, n);
    return dice(64) ? AW_BOARD_OK : AW_BOARD_BUSY;
}

static uint32_t chip_lock(void *hw, uint32_t page)
{
    (void)hw;
    return page < 3 ? AW_BOARD_OK : AW_BOARD_INTERNAL;
}

static uint32_t panel_loopback(void *hw, uint32_t port, uint32_t where)
{
    (void)hw;
    if (port >= PORTS || where > 3)
        fail("a loopback that doesn't exist");
    return dice(8) ? AW_BOARD_OK : AW_BOARD_HW_FAULT;
}

static uint32_t slots_read(void *hw, aw_board_slots *out)
{
    (void)hw;
    *out = slots;
    return AW_BOARD_OK;
}

static uint32_t slots_write(void *hw, const aw_board_slots *kept_slots)
{
    (void)hw;
    if (dice(64) == 0)
        return AW_BOARD_HW_FAULT;
    slots = *kept_slots;
    return AW_BOARD_OK;
}

static uint32_t flash_erase(void *hw, uint32_t slot)
{
    (void)hw;
    if (slot == slots.running)
        fail("the slot that runs is erased");
    memset(flash[slot], 0xff, sizeof flash[slot]);
    return dice(4) ? AW_BOARD_OK : AW_BOARD_BUSY;
}

static uint32_t flash_write(void *hw, uint32_t slot, uint32_t offset, const uint8_t *bytes,
                            uint32_t n)
{
    (void)hw;
    if (slot == slots.running || offset > sizeof flash[slot] || n > sizeof flash[slot] - offset)
        fail("firmware goes where it mustn't");
    memcpy(flash[slot] + offset, bytes, n);
    return dice(64) ? AW_BOARD_OK : AW_BOARD_BUSY;
}

static uint32_t flash_read(void *hw, uint32_t slot, uint32_t offset, uint8_t *out, uint32_t n)
{
    (void)hw;
    if (offset > sizeof flash[slot] || n > sizeof flash[slot] - offset)
        fail("firmware is read that isn't there");
    memcpy(out, flash[slot] + offset, n);
    return dice(64) ? AW_BOARD_OK : AW_BOARD_BUSY;
}

static void boot(void *hw, uint32_t reason)
{
    panel_restart(hw, reason);
    aw_board_boot(&slots);
    trials += slots.slot[slots.running].state == AW_SLOT_TRIAL;
    uint8_t state = slots.slot[slots.running].state;
    if (state != AW_SLOT_TRIAL && state != AW_SLOT_CONFIRMED && state != AW_SLOT_FAILED)
        fail("a slot boots that holds no image");
}

static uint32_t measure(void *hw, uint32_t port, uint32_t test, uint32_t *values)
{
    (void)hw;
    if (port >= PORTS || test > AW_TEST_OFFICE)
        fail("a line test that doesn't exist");
    for (uint32_t i = 0; i < AW_BOARD_VALUES; i++)
        values[i] = wild_word();
    return dice(4) ? AW_BOARD_BUSY : dice(16) ? AW_BOARD_OK : AW_BOARD_HW_FAULT;
}

static int32_t adjust(void *hw, int32_t hundredths)
{
    (void)hw;
    if (hundredths < -20000 || hundredths > 20000)
        fail("a clock out of range");
    return hundredths;
}

int main(int argc, char **argv)
{
    aw_board_hal hal = panel_hal;
    aw_board_setup setup = panel_setup;
    aw_board_port ports[PORTS];

    memcpy(ports, panel_ports, sizeof ports);
    for (uint32_t i = 0; i < PORTS; i++)
        ports[i].capabilities |= AW_BOARD_LINE_TEST;
    slots.slot[0].state = AW_SLOT_CONFIRMED;
    hal.slots_read = slots_read;
    hal.slots_write = slots_write;
    hal.flash_erase = flash_erase;
    hal.flash_write = flash_write;
    hal.flash_read = flash_read;
    hal.restart = boot;
    hal.measure = measure;
    hal.adjust = adjust;
    setup.port = ports;
    setup.slot_bytes = sizeof flash[0];
    hal.eeprom_read = chip_read;
    hal.eeprom_write = chip_write;
    hal.eeprom_lock = chip_lock;
    hal.loopback = panel_loopback;
    setup.hal = &hal;
    setup.pages = 3;
    begin(&setup, 1);
    fuzz(argc, argv, one_input);
    printf("%" PRIu64 " inputs: %" PRIu64 " requests, %" PRIu64 " responses, %" PRIu64
           " HELLOs, %" PRIu64 " trials\n",
           fuzz_input, requests, responses, sessions, trials);
    free(board_memory);
    return 0;
}
