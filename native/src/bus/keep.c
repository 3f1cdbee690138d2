/* SPDX-License-Identifier: MIT */
/* What was said and heard on a port lately: a ring of ticks, and ports that write it to a file.
 *
 * Keeping costs two copies a tick.  A saver takes some ticks out of the ring each tick, faster
 * than they are put in, and gives them to its file as a recorder does; so no file is touched here
 * and the ring goes on meanwhile.  A ring is somewhat longer than what is promised of it: so late
 * may the disk be.  What was kept of a port that has closed stays until its ring is needed. */
#include "bus/keep.h"

#include <string.h>

#include "bus/bus.h"
#include "mem.h"

#define N       AW_TICK_SAMPLES
#define SPARE   200u /* ticks that a disk may be late: 1 s */
#define AT_ONCE 8u   /* ticks that a saver takes in one: 10 s in 1.25 s */

static size_t ring_samples(const struct bus_keeping *k)
{
    return (size_t)(k->ticks + SPARE) * 2 * N;
}

static int16_t *tick_of(const struct bus_keeping *k, const struct bus_kept *slot, uint64_t tick)
{
    size_t ring = (size_t)(slot - k->slot);

    return k->pcm + ring * ring_samples(k) + (size_t)(tick % (k->ticks + SPARE)) * 2 * N;
}

aw_status aw_keep_new(struct aw_engine *e, const aw_engine_options *options)
{
    struct bus_keeping *k = &e->keeping;

    k->ticks = options->keep_s * 1000 / AW_TICK_MS;
    if (options->keep_ports == 0)
        return AW_OK;
    k->slot = aw_alloc(options->keep_ports * sizeof *k->slot);
    k->pcm = aw_alloc(options->keep_ports * ring_samples(k) * sizeof *k->pcm);
    if (!k->slot || !k->pcm)
        return AW_ENOMEM;
    k->count = options->keep_ports;
    return AW_OK;
}

void aw_keep_touch(struct aw_engine *e)
{
    struct bus_keeping *k = &e->keeping;

    if (k->count > 0) {
        aw_touch(k->slot, k->count * sizeof *k->slot);
        aw_touch(k->pcm, k->count * ring_samples(k) * sizeof *k->pcm);
    }
}

void aw_keep_free(struct aw_engine *e)
{
    aw_release(e->keeping.slot);
    aw_release(e->keeping.pcm);
}

static struct bus_kept *kept_of(struct bus_keeping *k, uint32_t handle)
{
    for (uint32_t i = 0; handle != 0 && i < k->count; i++)
        if (k->slot[i].handle == handle)
            return &k->slot[i];
    return NULL;
}

/* The one that was given up first: what was kept last is what may still be asked for. */
static struct bus_kept *free_slot(struct bus_keeping *k)
{
    struct bus_kept *oldest = NULL;

    for (uint32_t i = 0; i < k->count; i++) {
        struct bus_kept *slot = &k->slot[i];
        if (!slot->open && slot->savers == 0 && (!oldest || slot->closed < oldest->closed))
            oldest = slot;
    }
    return oldest;
}

void aw_keep_stop(struct aw_engine *e, struct bus_port *p)
{
    if (p->kept == BUS_NONE)
        return;
    struct bus_kept *slot = &e->keeping.slot[p->kept];
    slot->open = false;
    slot->closed = e->now;
    p->kept = BUS_NONE;
    e->keeping.open--;
}

void aw_keep_set(struct aw_engine *e, const aw_cmd_port *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p || (p->kept != BUS_NONE) == (c->option != 0))
        return;
    if (c->option == 0) {
        aw_keep_stop(e, p);
        aw_port_update(e, p);
        return;
    }
    struct bus_kept *slot = kept_of(&e->keeping, c->handle);
    if (slot && slot->savers > 0) { /* what is being saved is another beginning's */
        slot->handle = 0;
        slot = NULL;
    }
    if (!slot)
        slot = free_slot(&e->keeping);
    if (!slot || p->kind == AW_PORT_SAVER) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    *slot = (struct bus_kept){.handle = c->handle, .port = aw_port_index(e, p), .open = true};
    p->kept = (uint16_t)(slot - e->keeping.slot);
    e->keeping.open++;
    aw_port_update(e, p);
}

/* Planar: said, then heard. */
static void put_all(struct aw_engine *e)
{
    struct bus_keeping *k = &e->keeping;

    for (uint32_t i = 0; i < k->count; i++) {
        struct bus_kept *slot = &k->slot[i];
        if (!slot->open)
            continue;
        int16_t *pcm = tick_of(k, slot, slot->put++);
        memcpy(pcm, e->said[slot->port], N * sizeof *pcm);
        memcpy(pcm + N, e->heard[slot->port], N * sizeof *pcm);
    }
}

void aw_keep_open(struct aw_engine *e, struct bus_port *saver, const aw_cmd_file *c)
{
    struct bus_keeping *k = &e->keeping;
    struct bus_kept *slot = kept_of(k, c->tapped);
    struct bus_file *f = slot ? aw_file_take(&e->files, c) : NULL;

    saver->file = f;
    if (!f) {
        aw_port_end(e, saver, slot ? AW_DONE_UNWRITABLE : AW_DONE_UNKEPT);
        return;
    }
    uint64_t most = c->most_samples ? (c->most_samples + N - 1) / N : k->ticks;
    most = most < k->ticks ? most : k->ticks;
    f->kept_in = (uint16_t)(slot - k->slot);
    f->until = slot->put;
    f->next = slot->put < most ? 0 : slot->put - most;
    slot->savers++;
    k->savers++;
    aw_port_update(e, saver);
}

void aw_keep_close(struct aw_engine *e, struct bus_port *saver)
{
    if (saver->kind != AW_PORT_SAVER || !saver->file)
        return;
    e->keeping.slot[saver->file->kept_in].savers--;
    e->keeping.savers--;
}

static void end(struct aw_engine *e, struct bus_port *saver)
{
    aw_keep_close(e, saver);
    aw_file_close(&e->files, saver->file);
    saver->file = NULL;
    saver->done = true;
    aw_port_update(e, saver);
}

/* What the disk was too late for is gone. */
static void skip_lost(struct aw_engine *e, struct bus_file *f, const struct bus_kept *slot)
{
    uint64_t oldest =
        slot->put - (slot->put < e->keeping.ticks + SPARE ? slot->put : e->keeping.ticks + SPARE);
    if (f->next < oldest) {
        aw_count(&e->counters->late_files, (oldest - f->next) * 2 * N);
        f->next = oldest;
    }
}

static void save(struct aw_engine *e, struct bus_port *saver)
{
    struct bus_file *f = saver->file;
    const struct bus_kept *slot = &e->keeping.slot[f->kept_in];

    skip_lost(e, f, slot);
    for (uint32_t i = 0; i < AT_ONCE && f->next < f->until; i++) {
        int16_t both[2 * N];
        const int16_t *pcm = tick_of(&e->keeping, slot, f->next);
        if (aw_file_room(f) < 2 * N)
            return;
        for (size_t s = 0; s < N; s++) {
            both[2 * s] = pcm[s];
            both[2 * s + 1] = pcm[N + s];
        }
        aw_file_record(f, both, (size_t)2 * N);
        f->next++;
    }
    if (f->next >= f->until)
        end(e, saver);
}

static void save_all(struct aw_engine *e)
{
    for (uint32_t i = e->active_count; i-- > 0;) {
        struct bus_port *p = &e->port[e->active[i]];
        if (p->kind == AW_PORT_SAVER && !p->done && aw_record_is_on(e, p))
            save(e, p);
    }
}

void aw_keep_tick(struct aw_engine *e)
{
    if (e->keeping.savers > 0)
        save_all(e);
    if (e->keeping.open > 0)
        put_all(e);
}
