/* SPDX-License-Identifier: MIT */
/* What groups of lanes do in a tick: echo out of what their ports say, then listen to it.
 *
 * A unit is gathered once and, if it has echoes, written back once.  Units touch nothing of each
 * other, so threads share them (see workers.c); what was heard is told when all are done, in the
 * order of units.  The few lanes that couldn't be put beside their port's others follow. */
#include <string.h>

#include "bus/bus.h"
#include "mem.h"

#define N AW_TICK_SAMPLES

typedef float block[N * LANES];

static void gather(const struct bus_lanes *l, int16_t (*pcm)[N], const uint16_t *port,
                   uint32_t open, float *soa)
{
    const int16_t *rows[LANES];

    for (uint32_t lane = 0; lane < LANES; lane++)
        rows[lane] = open >> lane & 1 ? pcm[port[lane]] : NULL;
    l->kernel->gather(rows, soa, N);
}

static void show_levels(struct aw_engine *e, uint32_t unit, uint32_t lane)
{
    const struct bus_lanes *l = &e->lanes;
    uint16_t index = l->unit[unit].port[BUS_LANE_LEVEL][lane];
    aw_port_entry *entry = &e->port_entries[index];

    if ((e->counters->ticks + index) % BUS_METER_PERIOD != 0)
        return;
    entry->receive_dbm0 = aw_meter_group_dbm0(&l->receive[unit], lane);
    entry->send_dbm0 = aw_meter_group_dbm0(&l->send[unit], lane);
    entry->receive_peak = (uint16_t)aw_meter_group_peak(&l->receive[unit], lane);
    entry->send_peak = (uint16_t)aw_meter_group_peak(&l->send[unit], lane);
}

static void listen(struct aw_engine *e, uint32_t unit, uint32_t kinds, const float *said,
                   const float *heard)
{
    struct bus_lanes *l = &e->lanes;
    struct bus_unit *u = &l->unit[unit];

    if (kinds >> BUS_LANE_DIGITS & 1)
        u->digits = aw_dtmf_group_feed(&l->digits[unit], said, u->digit);
    if (kinds >> BUS_LANE_TONES & 1)
        u->tones = aw_progress_group_feed(&l->tones[unit], said, u->tone);
    if (kinds >> BUS_LANE_CALLER_ID & 1)
        u->callers = aw_fsk_group_feed(&l->caller_ids[unit], said);
    if (kinds >> BUS_LANE_MF & 1)
        u->signals = aw_mf_group_feed(&l->signals[unit], said, u->signal);
    if (kinds >> BUS_LANE_SPECIAL & 1)
        u->specials = aw_special_group_feed(&l->specials[unit], said, u->special);
    if (!(kinds >> BUS_LANE_LEVEL & 1))
        return;
    aw_meter_group_feed(&l->receive[unit], said);
    aw_meter_group_feed(&l->send[unit], heard);
    for (uint32_t lane = 0; lane < LANES; lane++)
        if (u->open[BUS_LANE_LEVEL] >> lane & 1)
            show_levels(e, unit, lane);
}

/* Ports with gains of their own are levelled behind the canceller, or its path would change. */
static bool level(struct aw_engine *e, const struct bus_unit *u)
{
    bool changed = false;

    for (uint32_t lane = 0; lane < LANES; lane++)
        if (u->open[BUS_LANE_ECHO] >> lane & 1)
            changed |= aw_port_level(e, &e->port[u->seat[lane]]);
    return changed;
}

/* Ports at rest say nothing, and go on saying nothing. */
static uint32_t at_work(const struct aw_engine *e, const struct bus_unit *u)
{
    uint32_t lanes = u->open[BUS_LANE_ECHO];

    for (uint32_t lane = 0; lane < LANES; lane++)
        if (lanes >> lane & 1 && e->port[u->seat[lane]].place == BUS_NONE)
            lanes &= ~(1u << lane);
    return lanes;
}

static void clean(struct aw_engine *e, uint32_t unit, const float *far, float *near)
{
    struct bus_lanes *l = &e->lanes;
    const struct bus_unit *u = &l->unit[unit];
    uint32_t working = at_work(e, u);
    int16_t *rows[LANES];

    for (uint32_t lane = 0; lane < LANES; lane++)
        rows[lane] = working >> lane & 1 ? e->said[u->seat[lane]] : NULL;
    aw_echo_process(l->echo[unit], far, near, near);
    l->kernel->settle(near, N);
    aw_simd_scatter(near, rows, N);
    if (level(e, u) || working != u->open[BUS_LANE_ECHO])
        gather(l, e->said, u->seat, u->seated, near);
    aw_echo_show(e, unit);
}

/* What was said to the line last is still in `heard`: this tick's mixing comes later.  So the far
 * end is one tick behind its sending, and no echo is earlier than that. */
void aw_lanes_work(struct aw_engine *e, uint32_t unit)
{
    _Alignas(AW_LINE) block near, far;
    struct bus_unit *u = &e->lanes.unit[unit];
    uint32_t both = u->together & (1u << BUS_LANE_ECHO | 1u << BUS_LANE_LEVEL);

    if (!u->seated)
        return;
    gather(&e->lanes, e->said, u->seat, u->seated, near);
    if (both)
        gather(&e->lanes, e->heard, u->seat, u->seated, far);
    if (u->open[BUS_LANE_ECHO])
        clean(e, unit, far, near);
    listen(e, unit, u->together, near, far);
}

static void listen_apart(struct aw_engine *e, uint32_t unit, unsigned kind)
{
    _Alignas(AW_LINE) block near, far;
    struct bus_unit *u = &e->lanes.unit[unit];

    gather(&e->lanes, e->said, u->port[kind], u->open[kind], near);
    if (kind == BUS_LANE_LEVEL)
        gather(&e->lanes, e->heard, u->port[kind], u->open[kind], far);
    listen(e, unit, 1u << kind, near, far);
}

static void tell_digits(struct aw_engine *e, const uint16_t *port, aw_event_kind kind,
                        const aw_lane_digit *digit, size_t count)
{
    for (size_t i = 0; i < count; i++)
        aw_detect_digit(e, &e->port[port[digit[i].lane]], kind, &digit[i].digit);
}

static void tell_callers(struct aw_engine *e, uint32_t unit, uint32_t lanes)
{
    for (uint32_t lane = 0; lanes >> lane; lane++) {
        uint16_t port = e->lanes.unit[unit].port[BUS_LANE_CALLER_ID][lane];
        size_t length = 0;
        if (!(lanes >> lane & 1))
            continue;
        const uint8_t *message = aw_fsk_group_message(&e->lanes.caller_ids[unit], lane, &length);
        aw_detect_caller(e, &e->port[port], message, length);
    }
}

static void tell(struct aw_engine *e, uint32_t unit)
{
    struct bus_unit *u = &e->lanes.unit[unit];

    tell_digits(e, u->port[BUS_LANE_DIGITS], AW_EVT_DIGIT, u->digit, u->digits);
    for (size_t i = 0; i < u->tones; i++)
        aw_detect_tone(e, &e->port[u->port[BUS_LANE_TONES][u->tone[i].lane]], &u->tone[i].event);
    tell_callers(e, unit, u->callers);
    tell_digits(e, u->port[BUS_LANE_MF], AW_EVT_MF, u->signal, u->signals);
    for (size_t i = 0; i < u->specials; i++)
        aw_event_port(e, AW_EVT_SPECIAL,
                      e->port[u->port[BUS_LANE_SPECIAL][u->special[i].lane]].handle,
                      u->special[i].kind);
    u->digits = u->tones = u->signals = u->specials = 0;
    u->callers = 0;
}

void aw_lanes_hear(struct aw_engine *e)
{
    struct bus_lanes *l = &e->lanes;

    aw_lanes_arrange(e);
    aw_workers_share(e, l->used);
    for (uint32_t i = 0; i < l->used; i++)
        for (unsigned kind = 0; kind < BUS_LANE_KINDS; kind++)
            if (l->unit[i].open[kind] && !(l->unit[i].together >> kind & 1))
                listen_apart(e, i, kind);
    for (uint32_t i = 0; i < l->used; i++)
        tell(e, i);
}
