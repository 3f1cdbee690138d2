/* SPDX-License-Identifier: MIT */
/* The table of ports, and the compact list of those with something to do: idle ports are free. */
#include <string.h>

#include "bus/bus.h"
#include "dsp/level.h"

struct bus_port *aw_port_of(struct aw_engine *e, uint32_t handle)
{
    uint32_t index = handle & 0xffff;

    if (handle != 0 && index < e->timeslots && e->port[index].handle == handle)
        return &e->port[index];
    aw_count(&e->counters->stale, 1);
    return NULL;
}

struct bus_port *aw_port_open(struct aw_engine *e, uint32_t handle, aw_port_kind kind)
{
    uint32_t index = handle & 0xffff;

    if (handle >> 16 == 0 || index >= e->timeslots || e->port[index].handle != 0) {
        aw_count(&e->counters->refused, 1);
        return NULL;
    }
    struct bus_port *p = &e->port[index];
    p->handle = handle;
    p->kind = (uint8_t)kind;
    p->conference = p->link = p->place = BUS_NONE;
    p->clean = p->voice = p->judged = p->kept = BUS_NONE;
    for (unsigned i = 0; i < BUS_LANE_KINDS; i++)
        p->lane[i] = BUS_NONE;
    p->listeners = 0;
    p->detect = p->alone = p->source_count = 0;
    p->done = p->hearing = false;
    p->receive_gain = p->send_gain = 1.0f;
    memset(e->said[index], 0, sizeof e->said[index]);
    memset(e->heard[index], 0, sizeof e->heard[index]);
    e->port_entries[index] = (aw_port_entry){.generation = handle >> 16};
    return p;
}

static bool has_work(const struct bus_port *p)
{
    switch ((aw_port_kind)p->kind) {
    case AW_PORT_CLOSED:
        return false;
    case AW_PORT_PATTERN:
        return true;
    case AW_PORT_BOARD:
        return p->listeners > 0 || p->hearing || p->detect != 0 || p->kept != BUS_NONE;
    case AW_PORT_CONFERENCE:
        return p->room.parties > 0 || p->hearing || p->detect != 0;
    default:
        return !p->done || p->hearing || p->detect != 0;
    }
}

static void activate(struct aw_engine *e, struct bus_port *p)
{
    p->place = (uint16_t)e->active_count;
    e->active[e->active_count++] = aw_port_index(e, p);
}

static void deactivate(struct aw_engine *e, struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);
    uint16_t last = e->active[--e->active_count];

    e->active[p->place] = last;
    e->port[last].place = p->place;
    p->place = BUS_NONE;
    memset(e->said[index], 0, sizeof e->said[index]);
}

static void publish(struct aw_engine *e, const struct bus_port *p)
{
    aw_port_entry *entry = &e->port_entries[aw_port_index(e, p)];

    entry->kind = p->kind;
    entry->detect = p->detect;
    entry->done = p->done;
    if (!(p->detect & AW_DETECT_LEVEL)) { /* nor is what was measured last true for ever */
        entry->receive_dbm0 = entry->send_dbm0 = AW_SILENCE_DBM0;
        entry->receive_peak = entry->send_peak = 0;
    }
    for (unsigned i = 0; i < AW_SOURCES_MAX; i++)
        entry->source[i] = i < p->source_count ? e->port[p->source[i].port].handle : 0;
    entry->source_count = p->source_count;
    entry->conference = p->conference == BUS_NONE ? 0 : e->port[p->conference].handle;
    bool is_room = p->kind == AW_PORT_CONFERENCE;
    entry->parties = is_room ? p->room.parties : 0;
    entry->capacity = is_room ? p->room.capacity : 0;
    entry->loudest = is_room ? p->room.loudest : 0;
    const struct bus_party *party = &e->party[aw_port_index(e, p)];
    bool joined = p->conference != BUS_NONE;
    entry->gives = joined ? party->gives : 0.0f;
    entry->gets = joined ? party->gets : 0.0f;
    entry->muted = joined && party->muted;
    entry->speaking = joined && entry->speaking;
    entry->handle = p->handle;
}

void aw_port_update(struct aw_engine *e, struct bus_port *p)
{
    bool hearing = p->source_count > 0 || p->conference != BUS_NONE;

    if (p->hearing && !hearing)
        memset(e->heard[aw_port_index(e, p)], 0, sizeof e->heard[0]);
    p->hearing = hearing;
    if (p->conference != BUS_NONE || p->kind == AW_PORT_CONFERENCE)
        e->rooms_changed = true;
    bool busy = has_work(p);
    if (busy && p->place == BUS_NONE)
        activate(e, p);
    else if (!busy && p->place != BUS_NONE)
        deactivate(e, p);
    publish(e, p);
}

static bool has_file(const struct bus_port *p)
{
    switch ((aw_port_kind)p->kind) {
    case AW_PORT_PLAYER:
    case AW_PORT_RECORDER:
    case AW_PORT_TAP:
    case AW_PORT_SAVER:
        return p->file;
    default:
        return false;
    }
}

void aw_port_close(struct aw_engine *e, struct bus_port *p)
{
    aw_switch_leave(e, p);
    aw_switch_silence(e, p);
    aw_switch_forget(e, p);
    if (p->kind == AW_PORT_CONFERENCE)
        aw_switch_empty(e, p);
    e->taps -= p->kind == AW_PORT_TAP;
    aw_keep_stop(e, p);
    aw_keep_close(e, p);
    if (has_file(p))
        aw_file_close(&e->files, p->file);
    aw_detect_stop(e, p);
    aw_echo_stop(e, p);
    aw_clean_stop(e, p);
    aw_voice_unjudge(e, p);
    p->kind = AW_PORT_CLOSED;
    p->handle = 0;
    aw_port_update(e, p);
}

void aw_port_end(struct aw_engine *e, struct bus_port *p, aw_done_reason reason)
{
    p->done = true;
    aw_event_port(e, AW_EVT_PORT_DONE, p->handle, reason);
    aw_port_update(e, p);
}
