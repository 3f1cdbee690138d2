/* SPDX-License-Identifier: MIT */
/* Invariant: whatever a board sends, the engine reads nothing outside, answers no more PCM frames
 * than it got, answers in whole frames, and is ready for the next board.
 *
 * fuzz_link INPUTS [SECONDS [SEED]]: each input is a handful of frames, sound or with senseless
 * heads (but a right CRC), sometimes damaged on the wire, sent into a link of a manual engine.
 * The link's ports and the form of its samples are changed now and then.
 * A link that the engine declares dead is opened anew, one in four as a modem's: it gets words of
 * its dialogue, shielded bytes and noise.  Run it under ASan (make fuzz). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "aw/engine.h"
#include "link/frame.h"

#define PORTS          4u
#define FRAMES         4u
#define PORT_HANDLE(i) (((i) + 1u) | 1u << 16)

static uint64_t state; /* xorshift64* */
static aw_engine *engine;
static aw_arena *arena;
static uint32_t generation;
static int board = -1; /* our end of the link */
static uint64_t pcm_sent, pcm_answered, frames_seen, links_lost;
static struct aw_deframer answers;
static uint32_t framing; /* aw_framing of the link that is open */

static uint32_t dice(uint32_t sides)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 32) % sides;
}

static void fail(const char *what)
{
    printf("FAILED: %s\n", what);
    exit(1);
}

static void order(const void *record)
{
    if (aw_ring_put(arena, &arena->commands, record, NULL, 0) != AW_OK)
        fail("the command ring is full");
    if (aw_engine_apply(engine) != AW_OK)
        fail("apply");
}

static uint32_t link_handle(void)
{
    return 1u | generation << 16;
}

static void open_link(void)
{
    int pair[2];
    aw_cmd_link open = {.record = {AW_CMD_OPEN_LINK, sizeof open}, .clock = 1, .count = PORTS};

    if (board >= 0) {
        aw_cmd_port shut = {.record = {AW_CMD_CLOSE_LINK, sizeof shut}, .handle = link_handle()};
        order(&shut);
        close(board);
    }
    generation = generation % 0x7fff + 1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        fail("socketpair");
    board = pair[0];
    open.handle = link_handle();
    open.descriptor = pair[1];
    framing = dice(4) ? AW_FRAMING_QHI : 1 + dice(2);
    open.format = dice(framing == AW_FRAMING_QHI ? 3 : 4);
    open.framing = framing;
    open.count = framing == AW_FRAMING_QHI ? PORTS : 1;
    for (uint32_t i = 0; i < PORTS; i++)
        open.port[i] = PORT_HANDLE(i);
    order(&open);
    aw_deframer_init(&answers);
    pcm_sent = pcm_answered = 0;
}

static void set_up(void)
{
    if (aw_engine_new(&engine, 64) != AW_OK)
        fail("no engine");
    arena = aw_engine_arena(engine);
    for (uint32_t i = 0; i < PORTS; i++) {
        aw_cmd_port port = {.record = {AW_CMD_OPEN_PORT, sizeof port},
                            .handle = PORT_HANDLE(i),
                            .kind = AW_PORT_BOARD};
        order(&port);
    }
    aw_cmd_listen listen = {.record = {AW_CMD_LISTEN, sizeof listen},
                            .listener = PORT_HANDLE(0),
                            .source = PORT_HANDLE(1),
                            .both = 1,
                            .gain = 1};
    order(&listen);
    open_link();
}

static size_t pcm_payload(uint8_t *out)
{
    static const size_t bytes[] = {1, 1, 2};
    aw_pcm_header h = {.ms = dice(8) ? 5 : (uint8_t)dice(256),
                       .format = (uint8_t)dice(3),
                       .tx_fill_ms = (uint8_t)dice(256),
                       .flags = (uint8_t)dice(256),
                       .ports = dice(8) ? dice(16) : dice(UINT32_MAX),
                       .off_hook = dice(UINT32_MAX),
                       .ringing = dice(4)};
    size_t n = aw_pcm_encode(out, &h, 1);
    size_t samples = (size_t)__builtin_popcount(h.ports) * 8 * h.ms * bytes[h.format];

    if (n + samples > AW_FRAME_PAYLOAD_MAX || dice(16) == 0)
        samples = dice(400);
    for (size_t i = 0; i < samples; i++)
        out[n + i] = (uint8_t)(i * 31 + h.off_hook);
    return n + samples;
}

static size_t make_input(uint8_t *out, size_t size)
{
    static uint8_t payload[AW_FRAME_PAYLOAD_MAX];
    static uint16_t seq;
    size_t at = 0;

    for (uint32_t k = 1 + dice(FRAMES); k > 0; k--) {
        bool is_pcm = dice(3) > 0;
        aw_frame_header h = {.kind = is_pcm ? AW_FRAME_PCM : (uint8_t)dice(16),
                             .flags = (uint8_t)dice(256),
                             .seq = dice(16) ? seq++ : (uint16_t)dice(65536),
                             .tick = dice(16) ? seq * 40u : dice(UINT32_MAX),
                             .ack = (uint16_t)dice(65536)};
        size_t length = is_pcm ? pcm_payload(payload) : dice(dice(32) ? 80 : AW_FRAME_PAYLOAD_MAX);
        pcm_sent += h.kind == AW_FRAME_PCM;
        at += aw_frame_encode(out + at, size - at, &h, payload, length);
    }
    for (uint32_t hits = dice(4) ? 0 : 1 + dice(3); hits > 0; hits--)
        out[dice((uint32_t)at)] ^= (uint8_t)(1u << dice(8));
    return dice(32) ? at : dice((uint32_t)at);
}

/* A board that has lost its mind for a while: no frame at all. */
static size_t make_noise(uint8_t *out)
{
    size_t n = 1 + dice(4096);

    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)dice(256);
    return n;
}

static size_t put_word(uint8_t *out)
{
    static const char *const words[] = {"\r\nCONNECT\r\n", "VCON\n", "ERROR\r", "RING\r\n",
                                        "\x10\x03",        "\x10",   "\x10l",   "OK\r\n"};
    const char *word = words[dice(sizeof words / sizeof *words)];
    size_t n = strlen(word);

    memcpy(out, word, n);
    return n;
}

static size_t make_dialogue(uint8_t *out)
{
    size_t at = 0;

    for (uint32_t k = 1 + dice(4); k > 0; k--) {
        if (dice(3))
            at += put_word(out + at);
        for (uint32_t n = dice(400); n > 0; n--)
            out[at++] = (uint8_t)dice(dice(2) ? 256 : 17);
    }
    return at;
}

static void order_modem(void)
{
    _Alignas(8) uint8_t record[sizeof(aw_cmd_frame) + 8] = {0};
    aw_cmd_frame *c = (aw_cmd_frame *)(void *)record;

    c->record = (aw_record){AW_CMD_SEND_FRAME, sizeof record};
    c->handle = link_handle();
    c->kind = (uint8_t)(AW_SERIAL_LINE + dice(7));
    c->length = (uint16_t)dice(9);
    order(record);
}

/* Samples of another form from now on; ports that are there, or not. */
static void set_link(void)
{
    aw_cmd_link set = {.record = {AW_CMD_SET_LINK, sizeof set}, .handle = link_handle()};

    set.format = dice(5);
    set.count = framing == AW_FRAMING_QHI ? dice(PORTS + 1) : dice(2);
    for (uint32_t i = 0; i < PORTS; i++)
        set.port[i] = dice(8) ? PORT_HANDLE(i) : dice(UINT32_MAX);
    order(&set);
}

/* Returns whether the link has died. */
static bool read_events(void)
{
    _Alignas(8) static uint8_t record[AW_RECORD_MAX];
    bool died = false;
    int32_t size;

    while ((size = aw_ring_take(arena, &arena->events, record, sizeof record)) != 0) {
        aw_evt_port event = {.record = {0, 0}};
        if (size < 0)
            fail("the event ring holds nonsense");
        memcpy(&event, record, (size_t)size < sizeof event ? (size_t)size : sizeof event);
        frames_seen += event.record.kind == AW_EVT_FRAME;
        if (event.record.kind == AW_EVT_LINK_DOWN && event.handle == link_handle())
            died = true;
    }
    return died;
}

static void read_answers(void)
{
    static uint8_t bytes[65536];
    ssize_t n;

    while ((n = read(board, bytes, sizeof bytes)) > 0 && framing == AW_FRAMING_QHI) {
        for (size_t at = 0; at < (size_t)n;) {
            aw_frame frame;
            aw_pcm_header head;
            at += aw_deframer_feed(&answers, bytes + at, (size_t)n - at, &frame);
            if (!frame.payload)
                continue;
            if (frame.header.kind != AW_FRAME_PCM ||
                aw_pcm_decode(frame.payload, frame.length, 0, &head) == 0)
                fail("an answer is no PCM frame");
            pcm_answered++;
        }
    }
    if (aw_deframer_bad(&answers) > 0)
        fail("an answer is no frame");
    if (pcm_answered > pcm_sent)
        fail("more answers than frames");
}

static void one_input(void)
{
    static uint8_t input[FRAMES * AW_FRAME_WIRE_MAX];
    static uint32_t mad; /* inputs of noise still to come */

    mad = mad > 0 ? mad - 1 : dice(2048) == 0 ? 64 : 0;
    size_t n;

    if (framing != AW_FRAMING_QHI && dice(2))
        order_modem();
    if (dice(64) == 0)
        set_link();
    if (mad > 0)
        n = make_noise(input);
    else
        n = framing == AW_FRAMING_QHI ? make_input(input, sizeof input) : make_dialogue(input);
    if (dice(4096) == 0)
        shutdown(board, SHUT_WR);
    else if (n > 0 && write(board, input, n) != (ssize_t)n)
        fail("the link does not take it");
    if (aw_engine_poll(engine, 0) != AW_OK)
        fail("poll");
    read_answers();
    if (read_events() || dice(framing == AW_FRAMING_QHI ? 65536 : 4096) == 0) {
        links_lost++;
        open_link();
    }
}

int main(int argc, char **argv)
{
    uint64_t inputs = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 0;
    time_t end = time(NULL) + (time_t)seconds;
    uint64_t done = 0;

    state = argc > 3 ? strtoull(argv[3], NULL, 10) | 1 : 1998;
    set_up();
    while (done < inputs) {
        one_input();
        if (++done % 1024 == 0 && seconds > 0 && time(NULL) >= end)
            break;
    }
    printf("%" PRIu64 " inputs: %" PRIu64 " frames passed up, %" PRIu64 " links lost and found\n",
           done, frames_seen, links_lost);
    close(board);
    aw_engine_free(engine);
    return 0;
}
