/* SPDX-License-Identifier: MIT */
/* One tick of the bus: 5 ms of every active port. */
#include <string.h>
#include <time.h>

#include "bus/bus.h"

#define TICK_NS (AW_TICK_MS * 1000000ull)

uint64_t aw_nanoseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

bool aw_port_level(struct aw_engine *e, struct bus_port *p)
{
    if (p->receive_gain == 1.0f || p->kind == AW_PORT_CONFERENCE)
        return false;
    aw_mix_gain(e->said[aw_port_index(e, p)], p->receive_gain);
    return true;
}

static bool is_changed_in_place(const struct bus_port *p)
{
    return p->lane[BUS_LANE_ECHO] != BUS_NONE || p->clean != BUS_NONE;
}

/* A source that ends leaves the list, and the last one takes its place: from the end. */
static void say_all(struct aw_engine *e)
{
    for (uint32_t i = e->active_count; i-- > 0;) {
        uint16_t index = e->active[i];
        struct bus_port *p = &e->port[index];
        if (p->done)
            memset(e->said[index], 0, sizeof e->said[index]);
        else
            aw_source_say(e, p);
        if (p->lane[BUS_LANE_ECHO] == BUS_NONE)
            aw_port_level(e, p);
        if (p->kind == AW_PORT_BOARD && is_changed_in_place(p) && !aw_link_brings(e, p))
            memset(e->said[index], 0, sizeof e->said[index]); /* or it would be cleaned again */
    }
}

static void hear(struct aw_engine *e, struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);

    if (p->hearing && p->kind != AW_PORT_CONFERENCE)
        aw_mix_port(e, p);
    if (p->kind == AW_PORT_RECORDER && !p->done)
        aw_record_hear(e, p);
    else if (p->kind == AW_PORT_PATTERN)
        aw_pattern_hear(&p->pattern, e->heard[index], &e->port_entries[index]);
}

static void hear_all(struct aw_engine *e)
{
    for (uint32_t i = e->active_count; i-- > 0;)
        hear(e, &e->port[e->active[i]]);
}

/* What a conference says is there only when it has been mixed. */
static void detect_all(struct aw_engine *e, bool conferences)
{
    for (uint32_t i = e->active_count; i-- > 0;) {
        struct bus_port *p = &e->port[e->active[i]];
        if (p->alone != 0 && (p->kind == AW_PORT_CONFERENCE) == conferences)
            aw_detect_hear(e, p);
    }
}

void aw_bus_tick(struct aw_engine *e)
{
    uint64_t begun = aw_nanoseconds();

    e->tick_begun = begun;
    e->gap_begins = GAP_BEGINS;
    e->now += AW_TICK_SAMPLES; /* the samples of this tick end now */
    aw_links_say(e);
    say_all(e);
    aw_lanes_hear(e);
    detect_all(e, false);
    aw_voice_hear(e, BUS_VOICE_EARLY);
    aw_clean_all(e);
    aw_mix_rooms(e);
    hear_all(e);
    detect_all(e, true);
    aw_voice_hear(e, BUS_VOICE_LATE);
    if (e->taps > 0)
        aw_taps_record(e);
    aw_keep_tick(e);
    aw_links_hear(e);
    aw_links_check(e);
    aw_files_collect(e);
    aw_count(&e->counters->ticks, 1);
    __atomic_store_n(&e->arena->now, e->now, __ATOMIC_RELEASE);

    uint64_t took = aw_nanoseconds() - begun;
    aw_count(&e->counters->busy_ns, took);
    aw_count_set(&e->counters->tick_ns, took);
    aw_count(&e->counters->overruns, took > TICK_NS);
    if (took > e->counters->tick_max_ns)
        aw_count_set(&e->counters->tick_max_ns, took);
}
