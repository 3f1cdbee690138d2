/* SPDX-License-Identifier: MIT */
#include "aw/engine.h"
#include "check.h"
#include "mem.h"

#include <pthread.h>
#include <string.h>

#define RECORDS 200000u

struct note {
    aw_record record;
    uint32_t number;
    uint32_t length; /* of the payload behind it, filled with the number's low byte */
};

/* Lengths that put record ends at every place of the ring, the wrap included. */
static uint32_t length_of(uint32_t number)
{
    return number * 2654435761u >> 24;
}

static aw_status put(aw_arena *arena, uint32_t number)
{
    struct note note = {{7, sizeof note}, number, length_of(number)};
    uint8_t payload[256];

    memset(payload, (int)(number & 0xff), sizeof payload);
    return aw_ring_put(arena, &arena->commands, &note, payload, note.length);
}

static int32_t take(aw_arena *arena, uint32_t number)
{
    _Alignas(8) uint8_t record[AW_RECORD_MAX];
    int32_t size = aw_ring_take(arena, &arena->commands, record, sizeof record);
    struct note note;

    CHECK(size >= 0);
    if (size == 0)
        return 0;
    memcpy(&note, record, sizeof note);
    CHECK(note.record.kind == 7 && note.record.size == (uint32_t)size && note.number == number);
    CHECK(note.length == length_of(number));
    for (uint32_t i = 0; i < note.length; i++)
        CHECK(record[sizeof note + i] == (uint8_t)number);
    return size;
}

static void *produce(void *argument)
{
    aw_arena *arena = argument;

    for (uint32_t number = 0; number < RECORDS;)
        number += put(arena, number) == AW_OK;
    return NULL;
}

static aw_status test_two_threads(void)
{
    aw_engine *e = NULL;
    pthread_t producer;
    aw_status err = aw_engine_new(&e, 1);

    if (err)
        return err;
    aw_arena *arena = aw_engine_arena(e);
    CHECK(pthread_create(&producer, NULL, produce, arena) == 0);
    for (uint32_t number = 0; number < RECORDS;)
        number += take(arena, number) > 0;
    CHECK(take(arena, RECORDS) == 0);
    pthread_join(producer, NULL);
    aw_engine_free(e);
    return AW_OK;
}

static aw_status test_full_changes_nothing(void)
{
    aw_engine *e = NULL;
    uint32_t written = 0;
    uint32_t number = 0;
    aw_status err = aw_engine_new(&e, 1);

    if (err)
        return err;
    aw_arena *arena = aw_engine_arena(e);
    arena->commands.head = arena->commands.tail = UINT32_MAX - 100 * 8 + 1; /* wraps soon */
    while (put(arena, written) == AW_OK)
        written++;
    CHECK(put(arena, written) == AW_EFULL);
    CHECK(arena->commands.head - arena->commands.tail > AW_COMMAND_RING - 300);
    for (; number < written; number++)
        CHECK(take(arena, number) > 0);
    CHECK(take(arena, number) == 0);
    aw_engine_free(e);
    return AW_OK;
}

static aw_status test_nonsense_is_skipped(void)
{
    static const uint32_t sizes[] = {0, 7, 4, 12, AW_RECORD_MAX + 8, 0xffffffff};
    uint8_t out[AW_RECORD_MAX];
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 1);

    if (err)
        return err;
    aw_arena *arena = aw_engine_arena(e);
    uint8_t *bytes = (uint8_t *)arena + arena->commands.offset;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        aw_record head = {1, sizes[i]};
        memcpy(bytes + arena->commands.head % AW_COMMAND_RING, &head, sizeof head);
        arena->commands.head += 64;
        CHECK(aw_ring_take(arena, &arena->commands, out, sizeof out) == AW_EINVAL);
        CHECK(aw_ring_take(arena, &arena->commands, out, sizeof out) == 0);
    }
    arena->commands.head += AW_COMMAND_RING + 8; /* more than fits */
    CHECK(aw_ring_take(arena, &arena->commands, out, sizeof out) == AW_EINVAL);
    CHECK(put(arena, 3) == AW_OK && take(arena, 3) > 0);
    aw_engine_free(e);
    return AW_OK;
}

static aw_status test_too_long_is_refused(void)
{
    static uint8_t payload[AW_RECORD_MAX];
    struct note note = {{7, sizeof note}, 0, 0};
    aw_engine *e = NULL;
    aw_status err = aw_engine_new(&e, 1);

    if (err)
        return err;
    aw_arena *arena = aw_engine_arena(e);
    CHECK(aw_ring_put(arena, &arena->commands, &note, payload, sizeof payload) == AW_EINVAL);
    CHECK(aw_ring_put(arena, &arena->commands, &note, payload, sizeof payload - sizeof note) ==
          AW_OK);
    note.record.size = 4;
    CHECK(aw_ring_put(arena, &arena->commands, &note, NULL, 0) == AW_EINVAL);
    aw_engine_free(e);
    return AW_OK;
}

int main(void)
{
    static const struct {
        const char *name;
        aw_status (*fn)(void);
    } tests[] = {
        {"two threads", test_two_threads},
        {"full changes nothing", test_full_changes_nothing},
        {"nonsense is skipped", test_nonsense_is_skipped},
        {"too long is refused", test_too_long_is_refused},
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
