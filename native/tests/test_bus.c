/* SPDX-License-Identifier: MIT */
/* The manual engine, driven through the arena as any controlling side would. */
#include "bus/bus.h"
#include "check.h"
#include "mem.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORTS  1024u
#define ORDERS 20000u

static uint32_t seed = 1;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void order(aw_engine *e, uint32_t kind, void *command, size_t size)
{
    aw_arena *arena = aw_engine_arena(e);
    aw_record head = {kind, (uint32_t)size};

    memcpy(command, &head, sizeof head);
    if (aw_ring_put(arena, &arena->commands, command, NULL, 0) == AW_EFULL) {
        CHECK(aw_engine_apply(e) == AW_OK);
        CHECK(aw_ring_put(arena, &arena->commands, command, NULL, 0) == AW_OK);
    }
}

static void open_port(aw_engine *e, uint32_t handle, uint32_t kind, uint32_t option)
{
    aw_cmd_port c = {.handle = handle, .kind = kind, .option = option};

    order(e, AW_CMD_OPEN_PORT, &c, sizeof c);
}

static void hear(aw_engine *e, uint32_t listener, uint32_t source)
{
    aw_cmd_listen c = {.listener = listener, .source = source, .gain = 1.0f};

    order(e, AW_CMD_LISTEN, &c, sizeof c);
}

static aw_status test_every_port_connected_in_one_tick(void)
{
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, PORTS);

    if (err)
        return err;
    aw_port_entry *entry = aw_arena_ports(aw_engine_arena(e));
    for (uint32_t i = 0; i < PORTS; i++)
        open_port(e, i | 1u << 16, AW_PORT_PATTERN, 0);
    for (uint32_t i = 0; i < PORTS; i++)
        hear(e, i | 1u << 16, (i ^ 1) | 1u << 16);
    for (int tick = 0; tick < 20; tick++)
        CHECK(aw_engine_tick(e) == AW_OK);
    for (uint32_t i = 0; i < PORTS; i++) {
        CHECK(entry[i].source_count == 1 && entry[i].source[0] == ((i ^ 1) | 1u << 16));
        CHECK(entry[i].synchronised && entry[i].pattern_errors == 0);
        CHECK(entry[i].pattern_samples == 20 * AW_TICK_SAMPLES - 17);
    }
    CHECK(e->counters->commands == 2 * PORTS && e->counters->refused == 0);
    aw_engine_free(e);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_engine *e = NULL;

    CHECK(aw_engine_new(NULL, 1) == AW_EINVAL);
    CHECK(aw_engine_new(&e, 0) == AW_EINVAL);
    CHECK(aw_engine_new(&e, AW_PORTS_MAX + 1) == AW_EINVAL);
    CHECK(e == NULL);
    aw_engine_free(NULL);
    return AW_OK;
}

static aw_status test_a_full_event_ring_is_told(void)
{
    _Alignas(8) uint8_t record[AW_RECORD_MAX];
    aw_evt_port event;
    uint64_t lost = 0;
    uint64_t told = 0;
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 1);

    if (err)
        return err;
    for (uint32_t i = 0; i < 40000; i++)
        aw_event_port(e, AW_EVT_PORT_DONE, i, 0);
    lost = e->counters->events_lost;
    CHECK(lost > 0 && e->counters->events + lost == 40000);
    for (uint32_t i = 0; i < e->counters->events; i++)
        CHECK(aw_ring_take(e->arena, &e->arena->events, record, sizeof record) > 0);
    aw_event_port(e, AW_EVT_PORT_DONE, 1, 0);
    CHECK(aw_ring_take(e->arena, &e->arena->events, record, sizeof record) > 0);
    memcpy(&event, record, sizeof event);
    told = event.value;
    CHECK(event.record.kind == AW_EVT_LOST && told == lost);
    CHECK(aw_ring_take(e->arena, &e->arena->events, record, sizeof record) > 0);
    aw_engine_free(e);
    return AW_OK;
}

/* What an earlier, longer command had at that place must not show through. */
static aw_status test_what_a_command_leaves_out_is_zeros(void)
{
    aw_cmd_detect c = {.handle = 1u << 16, .what = AW_DETECT_PROGRESS, .plan.count = 2};
    aw_progress_template busy = {.id = 1,
                                 .hz = {480.0f, 620.0f},
                                 .tolerance = 0.02f,
                                 .steps = 2,
                                 .step_ms = {500, 500},
                                 .confirm_ms = 300,
                                 .confirm_steps = 3};
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 1);

    if (err)
        return err;
    open_port(e, 1u << 16, AW_PORT_BOARD, 0);
    c.plan.templates[0] = c.plan.templates[1] = busy;
    order(e, AW_CMD_DETECT, &c, sizeof c);
    CHECK(aw_engine_apply(e) == AW_OK && e->counters->refused == 0);
    order(e, AW_CMD_DETECT, &c, offsetof(aw_cmd_detect, plan.templates[1]));
    CHECK(aw_engine_apply(e) == AW_OK && e->counters->refused == 1);
    aw_engine_free(e);
    return AW_OK;
}

static aw_status test_an_impossible_wish_changes_nothing(void)
{
    static const aw_cmd_detect wishes[] = {
        {.what = AW_DETECT_MF_R1 | AW_DETECT_MF_R2_FORWARD},
        {.what = AW_DETECT_MF_R2_FORWARD | AW_DETECT_MF_R2_BACKWARD | AW_DETECT_DIGITS},
        {.what = AW_DETECT_CALLER_ID, .standard = 2},
    };
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 1);

    if (err)
        return err;
    aw_cmd_detect c = {.handle = 1u << 16, .what = AW_DETECT_MF_R2_BACKWARD};
    open_port(e, 1u << 16, AW_PORT_BOARD, 0);
    order(e, AW_CMD_DETECT, &c, sizeof c);
    CHECK(aw_engine_apply(e) == AW_OK && e->counters->refused == 0);
    for (uint32_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        c = wishes[i];
        c.handle = 1u << 16;
        order(e, AW_CMD_DETECT, &c, sizeof c);
        CHECK(aw_engine_apply(e) == AW_OK && e->counters->refused == i + 1);
        CHECK(e->port_entries[0].detect == AW_DETECT_MF_R2_BACKWARD);
    }
    aw_engine_free(e);
    return AW_OK;
}

/* Any command, with arguments that are mostly plausible. */
static void random_order(aw_engine *e, int link_end)
{
    _Alignas(8) uint8_t bytes[sizeof(aw_cmd_detect) + 64];
    uint32_t kind = random_below(AW_CMD_SET_ACK + 3);
    uint32_t words[4] = {0};

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(random_below(8) ? 0 : random_below(256));
    for (int i = 0; i < 4; i++)
        words[i] = random_below(16) ? random_below(12) | (1 + random_below(2)) << 16 : 0xffff0fff;
    if (kind == AW_CMD_OPEN_PORT || kind == AW_CMD_OPEN_FILE) {
        words[1] = random_below(11);
        words[2] = random_below(70);
    }
    memcpy(bytes + sizeof(aw_record), words, sizeof words);
    if (kind == AW_CMD_OPEN_FILE) {
        aw_cmd_file c = {
            .handle = words[0], .kind = words[1], .tapped = words[2], .path = "/dev/null"};
        order(e, kind, &c, sizeof c);
    } else if (kind == AW_CMD_OPEN_LINK) {
        aw_cmd_link c = {.handle = words[0], .count = random_below(40), .format = random_below(4)};
        c.descriptor = dup(link_end);
        for (uint32_t i = 0; i < AW_LINK_PORTS_MAX; i++)
            c.port[i] = random_below(12) | 1u << 16;
        order(e, kind, &c, sizeof c);
        aw_engine_apply(e);
    } else {
        order(e, kind, bytes, sizeof(aw_record) + 8 * random_below(60));
    }
}

static void close_everything(aw_engine *e)
{
    for (uint32_t i = 0; i < 12; i++) {
        aw_cmd_port c = {.handle = e->port[i].handle};
        order(e, AW_CMD_CLOSE_PORT, &c, sizeof c);
    }
    for (uint32_t i = 0; i < AW_LINKS_MAX; i++) {
        aw_cmd_port c = {.handle = e->link[i].handle};
        order(e, AW_CMD_CLOSE_LINK, &c, sizeof c);
    }
}

static aw_status test_random_orders_leave_nothing_open(void)
{
    _Alignas(8) uint8_t record[AW_RECORD_MAX];
    int ends[2];
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 12);

    if (err)
        return err;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    for (uint32_t i = 0; i < ORDERS; i++) {
        random_order(e, ends[1]);
        if (i % 4 == 0)
            CHECK(aw_engine_tick(e) == AW_OK && aw_engine_poll(e, 0) == AW_OK);
        while (read(ends[0], record, sizeof record) > 0)
            continue;
        while (aw_ring_take(e->arena, &e->arena->events, record, sizeof record) > 0)
            continue;
        if (i % 100 == 99)
            close_everything(e);
    }
    close_everything(e);
    CHECK(aw_engine_tick(e) == AW_OK);
    CHECK(e->active_count == 0 && e->files.free_count == e->files.count && e->clock == BUS_NONE);
    for (uint32_t i = 0; i < 12; i++)
        CHECK(e->port[i].handle == 0 && e->port[i].listeners == 0 &&
              e->port_entries[i].handle == 0);
    close(ends[0]);
    close(ends[1]);
    aw_engine_free(e);
    return AW_OK;
}

int main(void)
{
    static const struct {
        const char *name;
        aw_status (*fn)(void);
    } tests[] = {
        {"every port connected in one tick", test_every_port_connected_in_one_tick},
        {"bad arguments", test_bad_arguments},
        {"a full event ring is told", test_a_full_event_ring_is_told},
        {"what a command leaves out is zeros", test_what_a_command_leaves_out_is_zeros},
        {"an impossible wish changes nothing", test_an_impossible_wish_changes_nothing},
        {"random orders leave nothing open", test_random_orders_leave_nothing_open},
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
