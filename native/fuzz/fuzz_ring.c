/* SPDX-License-Identifier: MIT */
/* Invariant: whatever the other side writes into a ring, its head, its tail or its records, neither
 * reader nor writer steps outside; what is read is a whole record; and an honest record that is
 * written next is read as it was.
 *
 * fuzz_ring INPUTS [SECONDS [SEED]]: each input is an act of either honest side or of a hostile
 * one, on the event ring or the command ring of an arena that ends with its last byte. */
#include "aw/arena.h"
#include "fuzz.h"

static aw_arena *arena;
static uint64_t written, taken, refused, scribbled;

static aw_ring *some_ring(void)
{
    return dice(3) ? &arena->events : &arena->commands;
}

static void scribble(aw_ring *ring)
{
    uint8_t *bytes = (uint8_t *)arena + (ring == &arena->events ? AW_EVENTS_AT : AW_COMMANDS_AT);
    uint32_t size = ring == &arena->events ? AW_EVENT_RING : AW_COMMAND_RING;
    uint32_t word = dice(2) ? wild_word() : 8 * dice(AW_RECORD_MAX / 4);
    uint32_t near = ring->tail + 4 * dice(16);

    scribbled++;
    switch (dice(6)) {
    case 0:
        ring->head = dice(2) ? wild_word() : ring->tail + word;
        break;
    case 1:
        ring->tail = dice(2) ? wild_word() : ring->head - word;
        break;
    case 2: /* what is only told, and not gone by */
        ring->size = wild_word();
        ring->offset = wild_word();
        break;
    default:
        memcpy(bytes + (near % size & ~3u), &word, sizeof word);
    }
}

/* A record whose bytes follow from its number. */
static size_t make(uint8_t *record, uint32_t number, uint32_t size)
{
    aw_record head = {number, size};

    for (uint32_t i = 0; i < size; i++)
        record[i] = (uint8_t)(number + i * 7);
    memcpy(record, &head, sizeof head);
    return size;
}

static aw_status put_one(aw_ring *ring, uint32_t number, uint32_t size, uint32_t payload)
{
    uint8_t *record = exactly(size < sizeof(aw_record) ? sizeof(aw_record) : size);
    uint8_t *more = exactly(payload);
    aw_record head = {number, size};

    memset(more, 5, payload);
    if (size >= sizeof head && size <= AW_RECORD_MAX)
        make(record, number, size);
    memcpy(record, &head, sizeof head);
    aw_status status = aw_ring_put(arena, ring, record, more, payload);
    free(record);
    free(more);
    written += status == AW_OK;
    return status;
}

static void take_one(aw_ring *ring)
{
    size_t room = dice(4) ? AW_RECORD_MAX : 8 * dice(32);
    uint8_t *out = exactly(room);
    int32_t size = aw_ring_take(arena, ring, out, room);
    aw_record head;

    if (size > 0) {
        memcpy(&head, out, sizeof head);
        if ((size_t)size > room || head.size != (uint32_t)size || size % 8 != 0)
            fail("a record of another size than it says");
        taken++;
    }
    refused += size < 0;
    free(out);
}

/* After all that: drained, the ring takes an honest record and gives it back. */
static void check_recovery(aw_ring *ring)
{
    static uint8_t out[AW_RECORD_MAX], honest[AW_RECORD_MAX];
    uint32_t size = 8 * (1 + dice(AW_RECORD_MAX / 8));
    uint32_t number = dice(1000);

    for (uint32_t turns = 0; aw_ring_take(arena, ring, out, sizeof out) != 0; turns++)
        if (turns > AW_EVENT_RING / sizeof(aw_record))
            fail("a ring without an end");
    if (put_one(ring, number, size, 0) != AW_OK)
        fail("an empty ring does not take a record");
    make(honest, number, size);
    if (aw_ring_take(arena, ring, out, sizeof out) != (int32_t)size ||
        memcmp(out, honest, size) != 0)
        fail("an honest record did not come back");
}

static void one_input(void)
{
    aw_ring *ring = some_ring();
    uint32_t what = dice(64);

    if (what == 0)
        check_recovery(ring);
    else if (what < 28)
        put_one(ring, dice(40), dice(16) ? 8 + dice(400) : wild_word() % 20000,
                dice(4) ? 0 : dice(dice(16) ? 300 : 10000));
    else if (what < 56)
        take_one(ring);
    else
        scribble(ring);
}

int main(int argc, char **argv)
{
    void *memory = aligned_alloc(8, AW_EVENTS_AT + AW_EVENT_RING);

    if (!memory)
        return 2;
    arena = memset(memory, 0, AW_EVENTS_AT + AW_EVENT_RING);
    fuzz(argc, argv, one_input);
    printf("%" PRIu64 " inputs (%" PRIu64 " scribbled): %" PRIu64 " records written, %" PRIu64
           " taken, %" PRIu64 " times nonsense skipped\n",
           fuzz_input, scribbled, written, taken, refused);
    free(memory);
    return 0;
}
