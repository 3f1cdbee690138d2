/* SPDX-License-Identifier: MIT */
/* Life of an engine, and the manual way to drive it: see aw/engine.h. */
#include "bus/bus.h"
#include "mem.h"

static aw_status make_tables(struct aw_engine *e)
{
    size_t n = e->timeslots;

    e->port = aw_alloc(n * sizeof *e->port);
    e->said = aw_alloc(n * sizeof *e->said);
    e->heard = aw_alloc(n * sizeof *e->heard);
    e->active = aw_alloc(n * sizeof *e->active);
    e->blocks = aw_alloc(n * sizeof *e->blocks);
    e->link = aw_alloc(AW_LINKS_MAX * sizeof *e->link);
    e->party = aw_alloc(n * sizeof *e->party);
    e->talker = aw_alloc(n * sizeof *e->talker);
    e->row = aw_alloc(n * BUS_ROWS * sizeof *e->row);
    e->row_port = aw_alloc(n * BUS_ROWS * sizeof *e->row_port);
    bool rooms = e->party && e->talker && e->row && e->row_port;
    bool all = rooms && e->port && e->said && e->heard && e->active && e->blocks && e->link;
    return all ? AW_OK : AW_ENOMEM;
}

/* Zeroed pages that nobody has written are not there yet: each would cost its first tick a fault.
 */
void aw_engine_touch(struct aw_engine *e)
{
    size_t n = e->timeslots;

    aw_touch(e, sizeof *e);
    aw_touch(e->port, n * sizeof *e->port);
    aw_touch(e->said, n * sizeof *e->said);
    aw_touch(e->heard, n * sizeof *e->heard);
    aw_touch(e->active, n * sizeof *e->active);
    aw_touch(e->blocks, n * sizeof *e->blocks);
    aw_touch(e->link, AW_LINKS_MAX * sizeof *e->link);
    aw_touch(e->party, n * sizeof *e->party);
    aw_touch(e->talker, n * sizeof *e->talker);
    aw_touch(e->row, n * BUS_ROWS * sizeof *e->row);
    aw_touch(e->row_port, n * BUS_ROWS * sizeof *e->row_port);
    aw_touch(e->files.slot, e->files.count * sizeof *e->files.slot);
    aw_touch(e->files.free, e->files.count * sizeof *e->files.free);
    aw_lanes_touch(e);
    aw_keep_touch(e);
}

static bool is_option(const aw_engine_options *o)
{
    return o->threads >= 1 && o->threads <= AW_THREADS_MAX && o->timeslots >= 1 &&
           o->timeslots <= AW_PORTS_MAX && o->echo_channels <= AW_PORTS_MAX &&
           o->echo_tail_ms >= 5 && o->echo_tail_ms <= 160 && o->echo_delay_ms <= 250 &&
           o->keep_ports <= AW_PORTS_MAX &&
           (o->keep_ports == 0 || (o->keep_s >= 1 && o->keep_s <= 60));
}

aw_status aw_engine_new(aw_engine **out, uint32_t timeslots)
{
    const aw_engine_options options = {
        .timeslots = timeslots,
        .threads = 1,
        .echo_channels = AW_ECHO_CHANNELS,
        .echo_tail_ms = AW_ECHO_TAIL_MS,
    };

    return aw_engine_new_with(out, &options);
}

static aw_status make_pools(struct aw_engine *e, const aw_engine_options *options)
{
    aw_status status = aw_clean_new(e);

    if (status == AW_OK)
        status = aw_voice_new(e);
    return status == AW_OK ? aw_keep_new(e, options) : status;
}

aw_status aw_engine_new_with(aw_engine **out, const aw_engine_options *options)
{
    if (!out || !options || !is_option(options))
        return AW_EINVAL;
    struct aw_engine *e = aw_alloc(sizeof *e);
    if (!e)
        return AW_ENOMEM;
    e->timeslots = options->timeslots;
    e->arena_descriptor = e->command_bell = e->event_bell = e->files.bell = -1;
    e->epoll = e->timer = e->watch.end = -1;
    e->clock = BUS_NONE;
    e->wanted = AW_MODE_FIFO;
    e->workers.wanted = options->threads - 1;
    e->workers.bell = -1;
    aw_status status = make_tables(e);
    if (status == AW_OK)
        status = aw_clock_new(e);
    if (status == AW_OK)
        status = aw_lanes_new(e, options);
    if (status == AW_OK)
        status = make_pools(e, options);
    if (status == AW_OK)
        status = aw_files_new(&e->files, options->timeslots);
    if (status == AW_OK)
        status = aw_arena_map(e);
    if (status != AW_OK) {
        aw_engine_free(e);
        return status;
    }
    *out = e;
    return AW_OK;
}

void aw_engine_free(aw_engine *e)
{
    if (!e)
        return;
    aw_watch_free(e);
    aw_clock_free(e);
    aw_workers_free(e);
    aw_files_free(&e->files);
    aw_engine_reclaim(e);
    aw_arena_unmap(e);
    aw_lanes_free(e);
    aw_clean_free(e);
    aw_voice_free(e);
    aw_keep_free(e);
    aw_release(e->port);
    aw_release(e->said);
    aw_release(e->heard);
    aw_release(e->active);
    aw_release(e->blocks);
    aw_release(e->link);
    aw_release(e->party);
    aw_release(e->talker);
    aw_release(e->row);
    aw_release(e->row_port);
    aw_release(e);
}

aw_arena *aw_engine_arena(aw_engine *e)
{
    return e->arena;
}

int aw_engine_arena_descriptor(const aw_engine *e)
{
    return e->arena_descriptor;
}

int aw_engine_command_bell(const aw_engine *e)
{
    return e->command_bell;
}

int aw_engine_event_bell(const aw_engine *e)
{
    return e->event_bell;
}

aw_status aw_engine_want(aw_engine *e, uint32_t modes)
{
    if (e->threaded)
        return AW_ESTATE;
    e->wanted = modes;
    return AW_OK;
}

aw_status aw_engine_begin_at(aw_engine *e, uint64_t samples)
{
    if (e->threaded)
        return AW_ESTATE;
    e->now = (samples + AW_TICK_SAMPLES - 1) / AW_TICK_SAMPLES * AW_TICK_SAMPLES;
    __atomic_store_n(&e->arena->now, e->now, __ATOMIC_RELEASE);
    return AW_OK;
}

aw_status aw_engine_start(aw_engine *e)
{
    if (e->threaded)
        return AW_ESTATE;
    aw_engine_touch(e);
    aw_status status = aw_files_start(&e->files);
    if (status == AW_OK)
        status = aw_workers_start(e, true);
    if (status == AW_OK)
        status = aw_clock_start(e);
    return status == AW_OK ? aw_watch_start(e) : status;
}

aw_status aw_engine_set_time(aw_engine *e, uint64_t nanoseconds)
{
    if (e->threaded)
        return AW_ESTATE;
    e->told_ns = nanoseconds;
    return AW_OK;
}

uint64_t aw_engine_nanoseconds(const struct aw_engine *e)
{
    return e->threaded ? aw_nanoseconds() : e->told_ns;
}

static void serve_files(struct aw_engine *e)
{
    aw_files_serve(&e->files, false);
    aw_files_collect(e);
    aw_event_bell(e);
}

aw_status aw_engine_apply(aw_engine *e)
{
    if (e->threaded)
        return AW_ESTATE;
    aw_status status = aw_workers_start(e, false);
    if (status != AW_OK)
        return status;
    aw_commands_apply(e);
    serve_files(e);
    return AW_OK;
}

aw_status aw_engine_poll(aw_engine *e, int timeout_ms)
{
    aw_status status = aw_engine_apply(e);

    if (status != AW_OK)
        return status;
    aw_clock_serve(e, timeout_ms);
    serve_files(e);
    return AW_OK;
}

aw_status aw_engine_tick(aw_engine *e)
{
    aw_status status = aw_engine_apply(e);

    if (status != AW_OK)
        return status;
    aw_clock_give_up(e);
    aw_bus_tick(e);
    serve_files(e);
    return AW_OK;
}
