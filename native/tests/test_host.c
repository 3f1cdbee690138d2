/* SPDX-License-Identifier: MIT */
/* An engine whose controlling side is another process: descriptors by token, and an arena that may
 * be full of anything. */
#include <fcntl.h>
#include <stdlib.h>

#include "office.h"
#include "starve.h"

enum { ROUNDS = 3000 };

static bool is_open(int descriptor)
{
    return fcntl(descriptor, F_GETFD) != -1;
}

static void open_link(const struct office *o, uint32_t handle, uint32_t token)
{
    aw_cmd_link c = {.handle = handle, .descriptor = (int32_t)token, .clock = 1};

    office_order(o, AW_CMD_OPEN_LINK, &c, sizeof c);
    CHECK(aw_engine_apply(o->e) == AW_OK);
}

static aw_status test_a_token_opens_one_link(void)
{
    struct office o = {0};
    uint32_t token = 0;
    int ends[2];
    aw_status err = aw_engine_new(&o.e, 8);

    if (err)
        return err;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(aw_engine_host(o.e) == AW_OK);
    CHECK(aw_engine_lend(o.e, -1, &token) == AW_EINVAL);
    CHECK(aw_engine_lend(o.e, ends[0], &token) == AW_OK && token != 0);
    open_link(&o, 1u << 16, (uint32_t)ends[1]); /* a descriptor is none, whatever it may hit */
    CHECK(o.e->link_entries[0].handle == 0 && o.e->counters->refused == 1);
    open_link(&o, 1u << 16, token);
    CHECK(o.e->link_entries[0].handle == 1u << 16 && o.e->link[0].descriptor == ends[0]);
    open_link(&o, 1 | 1u << 16, token);
    CHECK(o.e->link_entries[1].handle == 0 && o.e->counters->refused == 2);
    aw_engine_free(o.e);
    CHECK(!is_open(ends[0]) && is_open(ends[1]));
    close(ends[1]);
    return AW_OK;
}

static aw_status test_a_link_that_is_refused_leaves_no_descriptor_open(void)
{
    struct office o = {0};
    aw_status err = aw_engine_new(&o.e, 8);

    if (err)
        return err;
    for (uint32_t hosted = 0; hosted <= 1; hosted++) {
        aw_cmd_link wrong[] = {{.handle = 7}, /* of no generation */
                               {.handle = AW_LINKS_MAX | 1u << 16},
                               {.handle = 1u << 16, .count = AW_LINK_PORTS_MAX + 1},
                               {.handle = 1u << 16, .format = AW_FORMAT_U8}};
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            int ends[2];
            uint32_t token = 0;
            CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
            CHECK(!hosted || aw_engine_lend(o.e, ends[0], &token) == AW_OK);
            wrong[i].descriptor = hosted ? (int32_t)token : ends[0];
            office_order(&o, AW_CMD_OPEN_LINK, &wrong[i], sizeof wrong[i]);
            CHECK(aw_engine_apply(o.e) == AW_OK && !is_open(ends[0]));
            close(ends[1]);
        }
        CHECK(o.e->counters->refused == 4 * (hosted + 1));
        CHECK(hosted || aw_engine_host(o.e) == AW_OK);
    }
    aw_engine_free(o.e);
    return AW_OK;
}

/* A port's place outside of the table must not be looked at, in no tick to come. */
static aw_status test_a_link_names_ports_that_are_not_there(void)
{
    struct office o = {0};
    aw_cmd_link c = {.handle = 1u << 16, .count = 2, .port = {0xffffffff, 9 | 1u << 16}};
    aw_status err = aw_engine_new(&o.e, 8);

    if (err)
        return err;
    office_link(&o);
    office_board(&o);
    CHECK(aw_engine_poll(o.e, 0) == AW_OK);
    office_order(&o, AW_CMD_SET_LINK, &c, sizeof c);
    office_board(&o);
    CHECK(aw_engine_poll(o.e, 0) == AW_OK);
    CHECK(o.e->counters->stale == 2 && o.e->link_entries[0].pcm_in == 2);
    aw_engine_free(o.e);
    close(o.board);
    return AW_OK;
}

static aw_status test_what_was_lent_in_vain_is_closed(void)
{
    struct office o = {0};
    uint32_t token = 0;
    int lent[AW_LINKS_MAX];
    aw_status err = aw_engine_new(&o.e, 8);

    if (err)
        return err;
    CHECK(aw_engine_host(o.e) == AW_OK);
    int spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (unsigned i = 0; i < AW_LINKS_MAX; i++) {
        lent[i] = dup(spare);
        CHECK(aw_engine_lend(o.e, lent[i], &token) == AW_OK);
    }
    CHECK(aw_engine_lend(o.e, spare, &token) == AW_EFULL && is_open(spare));
    aw_engine_reclaim(o.e);
    for (unsigned i = 0; i < AW_LINKS_MAX; i++)
        CHECK(!is_open(lent[i]));
    CHECK(aw_engine_lend(o.e, spare, &token) == AW_OK);
    aw_engine_free(o.e);
    CHECK(!is_open(spare));
    return AW_OK;
}

static aw_status test_tables_remember_generations(void)
{
    struct office o = {.generation = 6};
    aw_cmd_port shut = {.handle = 3 | 7u << 16};
    aw_status err = aw_engine_new(&o.e, 8);

    if (err)
        return err;
    office_open(&o, office_handle(&o, 3), AW_PORT_BOARD);
    office_order(&o, AW_CMD_CLOSE_PORT, &shut, sizeof shut);
    CHECK(aw_engine_apply(o.e) == AW_OK);
    CHECK(o.e->port_entries[3].handle == 0 && o.e->port_entries[3].generation == 7);
    aw_engine_free(o.e);
    return AW_OK;
}

static aw_status test_the_arena_cannot_be_cut_off(void)
{
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 8);

    if (err)
        return err;
    CHECK(ftruncate(aw_engine_arena_descriptor(e), 0) != 0);
    CHECK(ftruncate(aw_engine_arena_descriptor(e), 1 << 30) != 0);
    aw_engine_free(e);
    return AW_OK;
}

static uint32_t seed = 7;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

/* The whole arena is scribbled upon: its header, its rings, its tables. */
static void scribble(aw_arena *arena, size_t size)
{
    static const uint32_t words[] = {0, 1, 8, 24, 0xffff, 0x10000, 0x10003, 0x7fffffff, 0xffffffff};
    uint8_t *bytes = (uint8_t *)arena;

    for (uint32_t n = dice(200); n > 0; n--) {
        size_t at = dice(3) ? dice(4096) : dice((uint32_t)size);
        uint32_t word = dice(2) ? dice(UINT32_MAX) : words[dice(9)];
        memcpy(bytes + (at & ~(size_t)3), &word, sizeof word);
    }
}

static aw_status test_a_hostile_arena_does_not_hurt(void)
{
    struct office o = {0};
    aw_status err = aw_engine_new(&o.e, 64);

    if (err)
        return err;
    CHECK(aw_engine_host(o.e) == AW_OK);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        aw_arena *arena = aw_engine_arena(o.e);
        for (uint32_t n = dice(30); n > 0; n--) {
            aw_cmd_detect c = {.handle = dice(64) | 1u << 16, .what = dice(16)};
            aw_record head = {1 + dice(AW_CMD_SET_ACK), (uint32_t)sizeof c - 8 * dice(60)};
            if (head.kind == AW_CMD_OPEN_FILE)
                continue; /* a file of any name would be made */
            memcpy(&c, &head, sizeof head);
            c.standard = dice(16);
            (void)aw_ring_put(arena, &arena->commands, &c, NULL, 0);
        }
        scribble(arena, o.e->arena_size);
        CHECK(aw_engine_tick(o.e) == AW_OK);
    }
    CHECK(o.e->now == (uint64_t)ROUNDS * AW_TICK_SAMPLES);
    aw_engine_free(o.e);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"a token opens one link", test_a_token_opens_one_link},
        {"a link that is refused leaves no descriptor open",
         test_a_link_that_is_refused_leaves_no_descriptor_open},
        {"a link names ports that are not there", test_a_link_names_ports_that_are_not_there},
        {"what was lent in vain is closed", test_what_was_lent_in_vain_is_closed},
        {"tables remember generations", test_tables_remember_generations},
        {"the arena cannot be cut off", test_the_arena_cannot_be_cut_off},
        {"a hostile arena does not hurt", test_a_hostile_arena_does_not_hurt},
    };

    return starve(tests, sizeof tests / sizeof *tests);
}
