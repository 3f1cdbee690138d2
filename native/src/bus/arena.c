/* SPDX-License-Identifier: MIT */
/* Laying the arena out in shared memory. */
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bus/bus.h"

#define PAGE  4096u
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) /* or who has it could cut it off */

_Static_assert(sizeof(aw_arena) <= AW_COMMANDS_AT, "the header is one page");
_Static_assert(AW_EVENTS_AT == AW_COMMANDS_AT + AW_COMMAND_RING, "the rings are neighbours");

static size_t pages(size_t size)
{
    return (size + PAGE - 1) & ~(size_t)(PAGE - 1);
}

static void lay_out(struct aw_engine *e, aw_arena *arena, const size_t at[4])
{
    arena->version = AW_ARENA_VERSION;
    arena->size = (uint32_t)e->arena_size;
    arena->timeslots = e->timeslots;
    arena->commands.size = AW_COMMAND_RING;
    arena->commands.offset = (uint32_t)at[0];
    arena->events.size = AW_EVENT_RING;
    arena->events.offset = (uint32_t)at[1];
    arena->ports_offset = (uint32_t)at[2];
    arena->links_offset = (uint32_t)at[3];
    e->arena = arena;
    e->counters = &arena->counters;
    e->port_entries = aw_arena_ports(arena);
    e->link_entries = aw_arena_links(arena);
    __atomic_store_n(&arena->magic, AW_ARENA_MAGIC, __ATOMIC_RELEASE);
}

aw_status aw_arena_map(struct aw_engine *e)
{
    size_t at[4];

    at[0] = AW_COMMANDS_AT;
    at[1] = AW_EVENTS_AT;
    at[2] = at[1] + AW_EVENT_RING;
    at[3] = at[2] + pages(e->timeslots * sizeof(aw_port_entry));
    e->arena_size = at[3] + pages(AW_LINKS_MAX * sizeof(aw_link_entry));
    e->arena_descriptor = memfd_create("aw-arena", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    e->command_bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    e->event_bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (e->arena_descriptor < 0 || e->command_bell < 0 || e->event_bell < 0 ||
        ftruncate(e->arena_descriptor, (off_t)e->arena_size) != 0 ||
        fcntl(e->arena_descriptor, F_ADD_SEALS, SEALS) != 0)
        return AW_EIO;
    void *memory = mmap(NULL, e->arena_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                        e->arena_descriptor, 0);
    if (memory == MAP_FAILED)
        return AW_ENOMEM;
    lay_out(e, memory, at);
    return AW_OK;
}

void aw_arena_unmap(struct aw_engine *e)
{
    if (e->arena)
        munmap(e->arena, e->arena_size);
    if (e->arena_descriptor >= 0)
        close(e->arena_descriptor);
    if (e->command_bell >= 0)
        close(e->command_bell);
    if (e->event_bell >= 0)
        close(e->event_bell);
}
