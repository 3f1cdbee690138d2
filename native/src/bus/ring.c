/* SPDX-License-Identifier: MIT */
/* The two rings of the arena: see aw/arena.h.  Records are copied in and out, and may wrap. */
#include "aw/arena.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bus/counts.h"

#define RECORD_ALIGN 8u

static uint32_t rounded(size_t size)
{
    return (uint32_t)((size + RECORD_ALIGN - 1) & ~(size_t)(RECORD_ALIGN - 1));
}

/* Where the ring's bytes are, by the layout and not by what the other side may have written. */
static uint8_t *bytes_of(aw_arena *arena, const aw_ring *ring)
{
    return (uint8_t *)arena + (ring == &arena->commands ? AW_COMMANDS_AT : AW_EVENTS_AT);
}

static uint32_t size_of(const aw_arena *arena, const aw_ring *ring)
{
    return ring == &arena->commands ? AW_COMMAND_RING : AW_EVENT_RING;
}

static void copy_in(aw_arena *arena, const aw_ring *ring, uint32_t at, const void *from, size_t n)
{
    uint8_t *bytes = bytes_of(arena, ring);
    size_t size = size_of(arena, ring);
    size_t begin = at & (size - 1);
    size_t first = n < size - begin ? n : size - begin;

    memcpy(bytes + begin, from, first);
    memcpy(bytes, (const uint8_t *)from + first, n - first);
}

static void copy_out(aw_arena *arena, const aw_ring *ring, uint32_t at, void *to, size_t n)
{
    const uint8_t *bytes = bytes_of(arena, ring);
    size_t size = size_of(arena, ring);
    size_t begin = at & (size - 1);
    size_t first = n < size - begin ? n : size - begin;

    memcpy(to, bytes + begin, first);
    memcpy((uint8_t *)to + first, bytes, n - first);
}

aw_status aw_ring_put(aw_arena *arena, aw_ring *ring, const void *record, const void *payload,
                      size_t payload_size)
{
    aw_record head;

    memcpy(&head, record, sizeof head);
    if (head.size < sizeof head || head.size > AW_RECORD_MAX ||
        payload_size > AW_RECORD_MAX - head.size)
        return AW_EINVAL;
    static const uint8_t padding[RECORD_ALIGN];
    size_t length = head.size + payload_size;
    uint32_t total = rounded(length);
    uint32_t at = ring->head;
    uint32_t used = at - __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
    uint32_t size = size_of(arena, ring);
    if (used > size || total > size - used)
        return AW_EFULL;

    copy_in(arena, ring, at, record, head.size);
    if (payload_size > 0)
        copy_in(arena, ring, at + head.size, payload, payload_size);
    copy_in(arena, ring, at + (uint32_t)length, padding, total - length);
    head.size = total;
    copy_in(arena, ring, at, &head, sizeof head);
    __atomic_store_n(&ring->head, at + total, __ATOMIC_RELEASE);
    return AW_OK;
}

int32_t aw_ring_take(aw_arena *arena, aw_ring *ring, void *out, size_t size)
{
    aw_record head;
    uint32_t at = ring->tail;
    uint32_t end = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
    uint32_t waiting = end - at;

    if (waiting == 0)
        return 0;
    if (waiting < sizeof head || waiting > size_of(arena, ring))
        goto nonsense;
    copy_out(arena, ring, at, &head, sizeof head);
    if (head.size < sizeof head || head.size > waiting || head.size > size ||
        head.size % RECORD_ALIGN != 0)
        goto nonsense;
    copy_out(arena, ring, at, out, head.size);
    memcpy(out, &head, sizeof head); /* what was checked is what the reader sees */
    __atomic_store_n(&ring->tail, at + head.size, __ATOMIC_RELEASE);
    return (int32_t)head.size;
nonsense:
    __atomic_store_n(&ring->tail, end, __ATOMIC_RELEASE);
    return AW_EINVAL;
}

aw_port_entry *aw_arena_ports(aw_arena *arena)
{
    return (aw_port_entry *)(void *)((uint8_t *)arena + arena->ports_offset);
}

aw_link_entry *aw_arena_links(aw_arena *arena)
{
    return (aw_link_entry *)(void *)((uint8_t *)arena + arena->links_offset);
}

uint64_t aw_arena_now(const aw_arena *arena)
{
    return __atomic_load_n(&arena->now, __ATOMIC_ACQUIRE);
}

uint64_t aw_arena_count(const uint64_t *count)
{
    return aw_count_read(count);
}

void aw_bell_ring(int descriptor)
{
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);

    (void)written; /* only a full count refuses: then it is ringing already */
}

void aw_bell_hush(int descriptor)
{
    uint64_t count;
    ssize_t taken = read(descriptor, &count, sizeof count);

    (void)taken; /* nothing to take: it was silent */
}
