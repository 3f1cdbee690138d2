/* SPDX-License-Identifier: MIT */
/* Whether an engine's books add up: what it keeps twice must agree, and what is closed must be
 * gone.  Looks into the engine, so only between ticks of a manual one, or at a stopped one. */
#ifndef AW_TESTS_BOOKS_H
#define AW_TESTS_BOOKS_H
#include <string.h>

#include "bus/bus.h"
#include "check.h"

/* Every open lane is the one of the port that it names, and no port has another. */
static inline void books_check_lanes(const struct aw_engine *e)
{
    const struct bus_lanes *l = &e->lanes;

    for (unsigned kind = 0; kind < BUS_LANE_KINDS; kind++) {
        unsigned open = 0, taken = 0;
        for (uint32_t at = 0; at < l->count * LANES; at++) {
            const struct bus_unit *unit = &l->unit[at / LANES];
            if (!(unit->open[kind] >> at % LANES & 1))
                continue;
            open++;
            CHECK(e->port[unit->port[kind][at % LANES]].lane[kind] == at);
        }
        for (uint32_t i = 0; i < e->timeslots; i++)
            taken += e->port[i].handle != 0 && e->port[i].lane[kind] != BUS_NONE;
        CHECK(open == taken);
    }
}

/* Each source of the port is open and there once; each says so of its listeners. */
static inline void books_count_sources(const struct aw_engine *e, const struct bus_port *p,
                                       uint16_t *listeners, uint16_t *parties)
{
    CHECK(p->source_count <= AW_SOURCES_MAX);
    for (unsigned s = 0; s < p->source_count; s++) {
        uint16_t source = p->source[s].port;
        CHECK(source < e->timeslots && e->port[source].handle != 0 && &e->port[source] != p);
        for (unsigned other = 0; other < s; other++)
            CHECK(p->source[other].port != source);
        listeners[source]++;
    }
    if (p->conference == BUS_NONE)
        return;
    const struct bus_port *room = &e->port[p->conference];
    CHECK(p->conference < e->timeslots && room->handle != 0 && room->kind == AW_PORT_CONFERENCE);
    parties[p->conference]++;
}

static inline void books_check_switch(const struct aw_engine *e)
{
    static _Thread_local uint16_t listeners[AW_PORTS_MAX], parties[AW_PORTS_MAX];
    uint32_t taps = 0, savers = 0, kept = 0;

    memset(listeners, 0, sizeof listeners);
    memset(parties, 0, sizeof parties);
    for (uint32_t i = 0; i < e->timeslots; i++)
        if (e->port[i].handle != 0)
            books_count_sources(e, &e->port[i], listeners, parties);
    for (uint32_t i = 0; i < e->timeslots; i++) {
        const struct bus_port *p = &e->port[i];
        if (p->handle == 0)
            continue;
        CHECK(p->listeners == listeners[i]);
        CHECK(p->kind != AW_PORT_CONFERENCE || p->room.parties == parties[i]);
        taps += p->kind == AW_PORT_TAP;
        savers += p->kind == AW_PORT_SAVER && p->file;
        kept += p->kept != BUS_NONE;
        CHECK(p->kept == BUS_NONE || e->keeping.slot[p->kept].handle == p->handle);
    }
    CHECK(e->taps == taps && e->keeping.savers == savers && e->keeping.open == kept);
}

/* The list of active ports, and the table that everybody sees. */
static inline void books_check_ports(const struct aw_engine *e)
{
    uint32_t places = 0;

    CHECK(e->active_count <= e->timeslots);
    for (uint32_t i = 0; i < e->timeslots; i++) {
        const struct bus_port *p = &e->port[i];
        const aw_port_entry *entry = &e->port_entries[i];
        CHECK(entry->handle == p->handle);
        if (p->handle == 0)
            continue;
        CHECK(entry->kind == p->kind && entry->detect == p->detect && entry->done == p->done);
        CHECK(entry->source_count == p->source_count);
        CHECK((entry->echo.tail_ms != 0) == (p->lane[BUS_LANE_ECHO] != BUS_NONE));
        if (p->place == BUS_NONE)
            continue;
        CHECK(p->place < e->active_count && e->active[p->place] == i);
        places++;
    }
    CHECK(places == e->active_count);
}

/* Only of a manual engine: every slot is free, a port's or on its way to be reported. */
static inline void books_check_files(const struct aw_engine *e)
{
    uint32_t held = 0;

    for (uint32_t i = 0; i < e->timeslots; i++) {
        const struct bus_port *p = &e->port[i];
        bool of_file = p->kind == AW_PORT_PLAYER || p->kind == AW_PORT_RECORDER;
        bool of_both = p->kind == AW_PORT_TAP || p->kind == AW_PORT_SAVER;
        held += p->handle != 0 && (of_file || of_both) && p->file;
    }
    CHECK(e->files.free_count + e->files.closing + held == e->files.count);
    CHECK(held > 0 || e->files.closing > 0 || !e->files.clips);
}

static inline void books_check(const struct aw_engine *e)
{
    books_check_ports(e);
    books_check_switch(e);
    books_check_lanes(e);
    books_check_files(e);
}

/* When all was closed: nothing is left of anything. */
static inline void books_check_empty(const struct aw_engine *e)
{
    books_check(e);
    CHECK(e->active_count == 0 && e->files.closing == 0);
    for (uint32_t i = 0; i < e->timeslots; i++)
        CHECK(e->port[i].handle == 0);
    for (uint32_t i = 0; i < AW_LINKS_MAX; i++)
        CHECK(e->link[i].handle == 0 && e->link_entries[i].handle == 0);
    CHECK(e->lanes.used == 0 && e->clock == BUS_NONE);
}
#endif
