/* SPDX-License-Identifier: MIT */
/* The threaded engine: a board in one thread, the controlling side in another. */
#include "aw/frame.h"
#include "bus/bus.h"
#include "bus/wav.h"
#include "check.h"
#include "mem.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAMES 400u
#define PORTS  4u

struct board {
    int descriptor;
    uint32_t answers;
    bool intact; /* port 1 heard what port 0 had said in the same frame, once connected */
    uint32_t heard;
};

static size_t make_frame(uint8_t *wire, uint32_t number)
{
    uint8_t payload[AW_PCM_UP_HEADER + PORTS * AW_TICK_SAMPLES * 2];
    aw_pcm_header head = {.ms = 5, .format = AW_FORMAT_S16, .ports = (1u << PORTS) - 1};
    aw_frame_header header = {
        .kind = AW_FRAME_PCM, .seq = (uint16_t)number, .tick = number * AW_TICK_SAMPLES};
    size_t at = aw_pcm_encode(payload, &head, 1);

    memset(payload + at, (int)(number & 0xff), sizeof payload - at);
    return aw_frame_encode(wire, AW_FRAME_WIRE_MAX, &header, payload, sizeof payload);
}

static void check_answer(struct board *b, const aw_frame *frame, uint32_t number)
{
    aw_pcm_header head;
    size_t at = aw_pcm_decode(frame->payload, frame->length, 0, &head);

    CHECK(at > 0 && frame->header.kind == AW_FRAME_PCM);
    CHECK(frame->header.tick == number * AW_TICK_SAMPLES);
    b->answers++;
    if (!(head.ports & 2))
        return;
    b->heard++;
    size_t begin = at + (head.ports & 1) * AW_TICK_SAMPLES * 2;
    for (size_t i = 0; i < AW_TICK_SAMPLES * 2; i++)
        b->intact = b->intact && frame->payload[begin + i] == (number & 0xff);
}

/* Each frame is sent as soon as the one before is answered: no time passes but the engine's. */
static void *run_board(void *argument)
{
    struct board *b = argument;
    aw_deframer *deframer = NULL;
    uint8_t wire[AW_FRAME_WIRE_MAX];
    uint8_t in[4096];

    aw_test_fail_alloc_after(-1);
    CHECK(aw_deframer_new(&deframer) == AW_OK);
    for (uint32_t number = 0; number < FRAMES; number++) {
        size_t n = make_frame(wire, number);
        CHECK(write(b->descriptor, wire, n) == (ssize_t)n);
        while (b->answers <= number) {
            ssize_t got = read(b->descriptor, in, sizeof in);
            CHECK(got > 0);
            for (ssize_t at = 0; at < got;) {
                aw_frame frame;
                at += (ssize_t)aw_deframer_feed(deframer, in + at, (size_t)(got - at), &frame);
                if (frame.payload)
                    check_answer(b, &frame, number);
            }
        }
    }
    aw_deframer_free(deframer);
    close(b->descriptor);
    return NULL;
}

static void order(aw_engine *e, uint32_t kind, void *command, size_t size)
{
    aw_arena *arena = aw_engine_arena(e);
    aw_record head = {kind, (uint32_t)size};

    memcpy(command, &head, sizeof head);
    CHECK(aw_ring_put(arena, &arena->commands, command, NULL, 0) == AW_OK);
    aw_bell_ring(aw_engine_command_bell(e));
}

static void open_port(aw_engine *e, uint32_t handle, uint32_t kind)
{
    aw_cmd_port c = {.handle = handle, .kind = kind};

    order(e, AW_CMD_OPEN_PORT, &c, sizeof c);
}

static void hear(aw_engine *e, uint32_t kind, uint32_t listener, uint32_t source)
{
    aw_cmd_listen c = {.listener = listener, .source = source, .both = 1, .gain = 1.0f};

    order(e, kind, &c, sizeof c);
}

static void open_file(aw_engine *e, uint32_t handle, uint32_t kind, const char *path)
{
    aw_cmd_file c = {.handle = handle, .kind = kind};

    memcpy(c.path, path, strlen(path));
    order(e, AW_CMD_OPEN_FILE, &c, sizeof c);
}

/* Wait for one event of a kind (or for PORT_DONE with a reason), skipping others. */
static void wait_for(aw_engine *e, uint32_t kind, uint32_t value)
{
    _Alignas(8) uint8_t record[AW_RECORD_MAX];
    struct pollfd bell = {.fd = aw_engine_event_bell(e), .events = POLLIN};
    aw_arena *arena = aw_engine_arena(e);

    for (;;) {
        aw_evt_port event;
        int32_t size = aw_ring_take(arena, &arena->events, record, sizeof record);
        CHECK(size >= 0);
        if (size == 0) {
            CHECK(poll(&bell, 1, 20000) == 1);
            aw_bell_hush(bell.fd);
            continue;
        }
        memcpy(&event, record, sizeof event);
        if (event.record.kind == kind && event.value == value)
            return;
    }
}

static void open_link(aw_engine *e, uint32_t handle, int descriptor)
{
    aw_cmd_link c = {
        .handle = handle,
        .descriptor = descriptor,
        .format = AW_FORMAT_S16,
        .clock = 1,
        .count = PORTS,
    };

    for (uint32_t i = 0; i < PORTS; i++) {
        c.port[i] = i | 1u << 16;
        open_port(e, c.port[i], AW_PORT_BOARD);
    }
    order(e, AW_CMD_OPEN_LINK, &c, sizeof c);
}

static aw_status test_a_board_is_served_while_orders_come(void)
{
    struct board board = {.intact = true};
    pthread_t thread;
    int ends[2];
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 64);

    if (err)
        return err;
    aw_test_fail_alloc_after(-1);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    board.descriptor = ends[0];
    CHECK(aw_engine_start(e) == AW_OK && aw_engine_tick(e) == AW_ESTATE);
    open_link(e, 1u << 16, ends[1]);
    hear(e, AW_CMD_LISTEN, 1u << 16, 1 | 1u << 16);
    CHECK(pthread_create(&thread, NULL, run_board, &board) == 0);
    for (uint32_t i = 0; i < 500; i++) {
        uint32_t pattern = (8 + i % 8) | 1u << 16;
        aw_cmd_port c = {.handle = pattern};
        open_port(e, pattern, AW_PORT_PATTERN);
        hear(e, AW_CMD_LISTEN, pattern, 2 | 1u << 16);
        order(e, AW_CMD_CLOSE_PORT, &c, sizeof c);
    }
    wait_for(e, AW_EVT_LINK_DOWN, AW_LOSS_CLOSED);
    pthread_join(thread, NULL);
    CHECK(board.answers == FRAMES && board.intact && board.heard == FRAMES);
    aw_engine_free(e);
    return AW_OK;
}

/* While the engine counts: each count is whole, and only grows. */
static bool look(aw_engine *e)
{
    const aw_counters *counters = &aw_engine_arena(e)->counters;
    uint64_t ticks = aw_arena_count(&counters->ticks), busy = aw_arena_count(&counters->busy_ns);

    CHECK(aw_arena_count(&counters->ticks) >= ticks);
    CHECK(aw_arena_count(&counters->busy_ns) >= busy);
    return true;
}

static aw_status test_files_are_served_by_their_own_thread(void)
{
    char path[] = "/tmp/aw-test-XXXXXX";
    int descriptor = mkstemp(path);
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 64);

    CHECK(descriptor >= 0);
    close(descriptor);
    unlink(path);
    if (err)
        return err;
    aw_test_fail_alloc_after(-1);
    CHECK(aw_engine_start(e) == AW_OK);
    open_file(e, 5 | 1u << 16, AW_PORT_PLAYER, path);
    wait_for(e, AW_EVT_PORT_DONE, AW_DONE_UNREADABLE);
    for (uint32_t i = 1; i < 4; i++) {
        aw_cmd_port c = {.handle = 1 | i << 16};
        open_file(e, 1 | i << 16, AW_PORT_RECORDER, path);
        uint64_t begun = aw_arena_now(aw_engine_arena(e));
        while (aw_arena_now(aw_engine_arena(e)) < begun + 10 * AW_TICK_SAMPLES && look(e))
            poll(NULL, 0, 1); /* the timer is the clock here: real time passes */
        order(e, AW_CMD_CLOSE_PORT, &c, sizeof c);
        wait_for(e, AW_EVT_PORT_DONE, AW_DONE_RECORDED);
        open_file(e, 6 | i << 16, AW_PORT_PLAYER, path);
        wait_for(e, AW_EVT_PORT_DONE, AW_DONE_ENDED);
        c.handle = 6 | i << 16;
        order(e, AW_CMD_CLOSE_PORT, &c, sizeof c);
    }
    aw_engine_free(e);
    unlink(path);
    return AW_OK;
}

/* The ring goes round while what was in it goes to the disk, by two threads. */
static aw_status test_what_was_kept_is_saved_while_more_is_kept(void)
{
    const aw_engine_options options = {
        .timeslots = 64, .threads = 1, .echo_tail_ms = 32, .keep_ports = 1, .keep_s = 1};
    aw_cmd_port keep = {.handle = 1 | 1u << 16, .option = 1};
    char path[] = "/tmp/aw-test-XXXXXX";
    aw_engine *e = NULL;
    aw_status err = aw_engine_new_with(&e, &options);

    if (err)
        return err;
    aw_test_fail_alloc_after(-1);
    int descriptor = mkstemp(path);
    CHECK(descriptor >= 0 && aw_engine_start(e) == AW_OK);
    open_port(e, 1 | 1u << 16, AW_PORT_PATTERN);
    order(e, AW_CMD_KEEP, &keep, sizeof keep);
    for (uint32_t i = 1; i < 4; i++) {
        aw_cmd_file c = {.handle = 2 | i << 16, .kind = AW_PORT_SAVER, .tapped = 1 | 1u << 16};
        uint64_t begun = aw_arena_now(aw_engine_arena(e));
        while (aw_arena_now(aw_engine_arena(e)) < begun + 60 * AW_TICK_SAMPLES)
            poll(NULL, 0, 1);
        memcpy(c.path, path, sizeof path);
        order(e, AW_CMD_OPEN_FILE, &c, sizeof c);
        wait_for(e, AW_EVT_PORT_DONE, AW_DONE_RECORDED);
        CHECK(lseek(descriptor, 0, SEEK_END) >= (off_t)(WAV_HEADER + 59 * 160));
        aw_cmd_port saver = {.handle = 2 | i << 16};
        order(e, AW_CMD_CLOSE_PORT, &saver, sizeof saver);
    }
    CHECK(aw_engine_arena(e)->counters.refused == 0);
    aw_engine_free(e);
    close(descriptor);
    unlink(path);
    return AW_OK;
}

static void clean(aw_engine *e, uint32_t handle)
{
    aw_cmd_echo echo = {.handle = handle, .tail_ms = 32, .wants = AW_ECHO_NLP};
    aw_cmd_detect detect = {.handle = handle, .what = AW_DETECT_DIGITS | AW_DETECT_LEVEL};

    order(e, AW_CMD_ECHO, &echo, sizeof echo);
    order(e, AW_CMD_DETECT, &detect, sizeof detect);
}

static aw_status test_threads_share_the_units_of_a_tick(void)
{
    const aw_engine_options options = {
        .timeslots = 64, .threads = 3, .echo_channels = 64, .echo_tail_ms = 32};
    aw_engine *e = NULL;
    aw_status err = aw_engine_new_with(&e, &options);

    if (err)
        return err;
    aw_test_fail_alloc_after(-1);
    for (uint32_t i = 0; i < 64; i++)
        open_port(e, i | 1u << 16, AW_PORT_PATTERN);
    for (uint32_t i = 0; i < 64; i++) {
        hear(e, AW_CMD_LISTEN, i | 1u << 16, (i ^ 1) | 1u << 16);
        clean(e, i | 1u << 16);
    }
    for (uint32_t i = 0; i < 200; i++) {
        clean(e, i % 64 | 1u << 16); /* begins anew */
        CHECK(aw_engine_tick(e) == AW_OK);
    }
    for (uint32_t i = 0; i < 64; i++)
        CHECK(aw_arena_ports(aw_engine_arena(e))[i].echo.tail_ms == 32);
    CHECK(aw_engine_arena(e)->counters.refused == 0);
    aw_engine_free(e);
    return AW_OK;
}

static uint32_t released;

static void hold_up(int signal)
{
    (void)signal;
    while (!__atomic_load_n(&released, __ATOMIC_ACQUIRE))
        poll(NULL, 0, 1);
}

static aw_status test_a_stuck_tick_is_reported_while_it_lasts(void)
{
    struct sigaction action = {.sa_handler = hold_up};
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 4);

    if (err)
        return err;
    struct pollfd bell = {.fd = aw_engine_event_bell(e), .events = POLLIN};
    const aw_counters *counters = &aw_engine_arena(e)->counters;
    __atomic_store_n(&released, 0, __ATOMIC_RELEASE);
    sigaction(SIGUSR1, &action, NULL);
    CHECK(aw_engine_start(e) == AW_OK);
    /* A thread that is held up while it starts would keep the sanitizer's lock from all others. */
    while (aw_arena_now(aw_engine_arena(e)) == 0)
        poll(NULL, 0, 1);
    CHECK(pthread_kill(e->thread, SIGUSR1) == 0);
    CHECK(poll(&bell, 1, 20000) == 1);
    CHECK(aw_arena_count(&counters->stuck) == 1);
    uint64_t stood = aw_arena_now(aw_engine_arena(e));
    __atomic_store_n(&released, 1, __ATOMIC_RELEASE);
    while (aw_arena_now(aw_engine_arena(e)) == stood)
        poll(NULL, 0, 1);
    aw_engine_free(e);
    return AW_OK;
}

int main(void)
{
    static const struct {
        const char *name;
        aw_status (*fn)(void);
    } tests[] = {
        {"a board is served while orders come", test_a_board_is_served_while_orders_come},
        {"files are served by their own thread", test_files_are_served_by_their_own_thread},
        {"what was kept is saved while more is kept",
         test_what_was_kept_is_saved_while_more_is_kept},
        {"threads share the units of a tick", test_threads_share_the_units_of_a_tick},
        {"a stuck tick is reported while it lasts", test_a_stuck_tick_is_reported_while_it_lasts},
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
