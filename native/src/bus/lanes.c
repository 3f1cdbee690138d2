/* SPDX-License-Identifier: MIT */
/* Which port has which lane of which group.  What the lanes do is in lanes_tick.c. */
#include "bus/lanes.h"

#include <string.h>

#include "bus/bus.h"
#include "mem.h"

#define SPARE_GROUPS  8u /* for plans and beginnings that share no group */
#define LANE_OF(g, l) ((uint16_t)((g) * LANES + (l)))

static aw_status make_detectors(struct bus_lanes *l)
{
    l->hearing = l->count;
    l->digits = aw_alloc_lanes(l->count * sizeof *l->digits);
    l->tones = aw_alloc_lanes(l->count * sizeof *l->tones);
    l->receive = aw_alloc_lanes(l->count * sizeof *l->receive);
    l->send = aw_alloc_lanes(l->count * sizeof *l->send);
    l->caller_ids = aw_alloc_lanes(l->count * sizeof *l->caller_ids);
    l->signals = aw_alloc_lanes(l->count * sizeof *l->signals);
    l->specials = aw_alloc_lanes(l->count * sizeof *l->specials);
    bool all = l->digits && l->tones && l->receive && l->send && l->caller_ids && l->signals;
    if (!all || !l->specials)
        return AW_ENOMEM;
    for (uint32_t i = 0; i < l->count; i++) {
        aw_dtmf_group_init(&l->digits[i], l->kernel);
        aw_meter_group_init(&l->receive[i], l->kernel);
        aw_meter_group_init(&l->send[i], l->kernel);
    }
    return AW_OK;
}

/* Zeroed pages that nobody has touched take no memory: in a manual engine a group costs some when
 * it is first used. */
static aw_status make_cancellers(struct bus_lanes *l, const aw_engine_options *o, aw_simd set)
{
    uint32_t groups = (o->echo_channels + LANES - 1) / LANES;

    l->cancelling = groups < l->count ? groups : l->count;
    l->echo = aw_alloc((l->cancelling + 1) * sizeof *l->echo);
    if (!l->echo)
        return AW_ENOMEM;
    for (uint32_t i = 0; i < l->cancelling; i++) {
        aw_status status =
            aw_echo_group_new_with(&l->echo[i], o->echo_tail_ms, o->echo_delay_ms, set);
        if (status != AW_OK)
            return status;
    }
    return AW_OK;
}

aw_status aw_lanes_new(struct aw_engine *e, const aw_engine_options *options)
{
    struct bus_lanes *l = &e->lanes;
    aw_simd set = aw_simd_choose();

    l->kernel = lanes_kernel_of(set);
    l->count = (e->timeslots + LANES - 1) / LANES + SPARE_GROUPS;
    l->unit = aw_alloc_lanes(l->count * sizeof *l->unit);
    if (!l->unit)
        return AW_ENOMEM;
    if (set != AW_SIMD_SCALAR && set != AW_SIMD_FUSED && make_detectors(l) != AW_OK)
        return AW_ENOMEM;
    return make_cancellers(l, options, set);
}

void aw_lanes_touch(struct aw_engine *e)
{
    struct bus_lanes *l = &e->lanes;

    for (uint32_t i = 0; i < l->cancelling; i++)
        aw_echo_group_touch(l->echo[i]);
}

void aw_lanes_free(struct aw_engine *e)
{
    struct bus_lanes *l = &e->lanes;

    for (uint32_t i = 0; l->echo && i < l->cancelling; i++)
        aw_echo_group_free(l->echo[i]);
    aw_release(l->echo);
    aw_release(l->unit);
    aw_release(l->digits);
    aw_release(l->tones);
    aw_release(l->receive);
    aw_release(l->send);
    aw_release(l->caller_ids);
    aw_release(l->signals);
    aw_release(l->specials);
}

static bool suits_plan(struct bus_lanes *l, struct aw_progress_group *g,
                       const aw_progress_plan *plan)
{
    if (g->open == 0)
        return aw_progress_group_init(g, plan, l->kernel) == AW_OK;
    return !g->second && memcmp(&g->shape.plan, plan, sizeof *plan) == 0;
}

static bool suits_caller_id(struct bus_lanes *l, struct aw_fsk_group *g, aw_fsk_standard standard)
{
    if (g->open == 0)
        return aw_fsk_group_init(g, standard, l->kernel) == AW_OK;
    return g->standard == standard;
}

static bool suits_mf(struct bus_lanes *l, struct aw_mf_group *g, aw_mf_standard standard)
{
    if (g->open == 0)
        return aw_mf_group_init(g, standard, l->kernel) == AW_OK;
    return g->shape.standard == standard;
}

static bool suits_special(struct bus_lanes *l, struct aw_special_group *g)
{
    if (g->open == 0)
        aw_special_group_init(g, l->kernel);
    return !g->second;
}

/* May a port with this wish have a lane of the group?  An empty one becomes what is wished. */
static bool suits(struct bus_lanes *l, uint32_t group, unsigned kind, const aw_cmd_detect *wish)
{
    switch (kind) {
    case BUS_LANE_TONES:
        return suits_plan(l, &l->tones[group], &wish->plan);
    case BUS_LANE_CALLER_ID:
        return suits_caller_id(l, &l->caller_ids[group], (aw_fsk_standard)wish->standard);
    case BUS_LANE_MF:
        return suits_mf(l, &l->signals[group], aw_detect_standard(wish->what));
    case BUS_LANE_SPECIAL:
        return suits_special(l, &l->specials[group]);
    default:
        return true;
    }
}

static uint32_t limit_of(const struct bus_lanes *l, unsigned kind)
{
    return kind == BUS_LANE_ECHO ? l->cancelling : l->hearing;
}

/* The lane that the port has in another kind, where that is free; else BUS_NONE. */
static uint16_t beside(struct bus_lanes *l, const struct bus_port *p, unsigned kind,
                       const aw_cmd_detect *wish)
{
    for (unsigned other = BUS_LANE_KINDS; other-- > 0;) {
        uint32_t group = p->lane[other] / LANES, lane = p->lane[other] % LANES;
        if (p->lane[other] == BUS_NONE || group >= limit_of(l, kind) ||
            (l->unit[group].open[kind] >> lane & 1))
            continue;
        if (suits(l, group, kind, wish))
            return p->lane[other];
    }
    return BUS_NONE;
}

/* The lowest lane that nobody has in the kinds of `apart_from`, so that few groups are in use. */
static uint16_t lowest(struct bus_lanes *l, unsigned kind, uint32_t apart_from,
                       const aw_cmd_detect *wish)
{
    for (uint32_t group = 0; group < limit_of(l, kind); group++) {
        uint32_t taken = 0;
        for (unsigned k = 0; k < BUS_LANE_KINDS; k++)
            taken |= apart_from >> k & 1 ? l->unit[group].open[k] : 0;
        if (taken != BUS_LANES_FULL && suits(l, group, kind, wish))
            return LANE_OF(group, aw_lane_first_free(taken));
    }
    return BUS_NONE;
}

static uint16_t find(struct bus_lanes *l, const struct bus_port *p, unsigned kind,
                     const aw_cmd_detect *wish)
{
    uint16_t at = beside(l, p, kind, wish);

    if (at == BUS_NONE)
        at = lowest(l, kind, (1u << BUS_LANE_KINDS) - 1, wish);
    if (at == BUS_NONE)
        at = lowest(l, kind, 1u << kind, wish);
    return at;
}

static void open_lane(struct bus_lanes *l, unsigned kind, uint16_t port, uint16_t at)
{
    uint32_t group = at / LANES, lane = at % LANES;

    if (kind == BUS_LANE_DIGITS) {
        aw_dtmf_group_open(&l->digits[group], lane);
    } else if (kind == BUS_LANE_TONES) {
        aw_progress_group_open(&l->tones[group], lane);
    } else if (kind == BUS_LANE_LEVEL) {
        aw_meter_group_reset(&l->receive[group], lane);
        aw_meter_group_reset(&l->send[group], lane);
    } else if (kind == BUS_LANE_CALLER_ID) {
        aw_fsk_group_open(&l->caller_ids[group], lane);
    } else if (kind == BUS_LANE_MF) {
        aw_mf_group_open(&l->signals[group], lane);
    } else if (kind == BUS_LANE_SPECIAL) {
        aw_special_group_open(&l->specials[group], lane);
    } /* that of an echo is opened by who knows its tail */
    l->unit[group].open[kind] |= 1u << lane;
    l->unit[group].port[kind][lane] = port;
    l->used = l->used > group ? l->used : group + 1;
    l->stale = true;
}

/* What a conference says is known last of all in a tick: it has blocks of its own. */
bool aw_lane_take(struct aw_engine *e, struct bus_port *p, unsigned kind, const aw_cmd_detect *wish)
{
    aw_lane_leave(e, p, kind);
    if (p->kind == AW_PORT_CONFERENCE)
        return false;
    p->lane[kind] = find(&e->lanes, p, kind, wish);
    if (p->lane[kind] == BUS_NONE)
        return false;
    open_lane(&e->lanes, kind, aw_port_index(e, p), p->lane[kind]);
    return true;
}

static void close_lane(struct bus_lanes *l, unsigned kind, uint32_t group, uint32_t lane)
{
    if (kind == BUS_LANE_DIGITS)
        aw_dtmf_group_close(&l->digits[group], lane);
    else if (kind == BUS_LANE_TONES)
        aw_progress_group_close(&l->tones[group], lane);
    else if (kind == BUS_LANE_CALLER_ID)
        aw_fsk_group_close(&l->caller_ids[group], lane);
    else if (kind == BUS_LANE_MF)
        aw_mf_group_close(&l->signals[group], lane);
    else if (kind == BUS_LANE_SPECIAL)
        aw_special_group_close(&l->specials[group], lane);
    else if (kind == BUS_LANE_ECHO)
        aw_echo_close(l->echo[group], lane);
}

static bool is_empty(const struct bus_unit *u)
{
    uint32_t open = 0;

    for (unsigned kind = 0; kind < BUS_LANE_KINDS; kind++)
        open |= u->open[kind];
    return open == 0;
}

void aw_lane_leave(struct aw_engine *e, struct bus_port *p, unsigned kind)
{
    struct bus_lanes *l = &e->lanes;
    uint32_t group = p->lane[kind] / LANES, lane = p->lane[kind] % LANES;

    if (p->lane[kind] == BUS_NONE)
        return;
    close_lane(l, kind, group, lane);
    l->unit[group].open[kind] &= ~(1u << lane);
    p->lane[kind] = BUS_NONE;
    while (l->used > 0 && is_empty(&l->unit[l->used - 1]))
        l->used--;
    l->stale = true;
}

/* Whether a kind's lanes are those of the seats, and no port's echo is taken out elsewhere. */
static bool is_together(const struct aw_engine *e, const struct bus_unit *u, uint32_t group,
                        unsigned kind)
{
    for (uint32_t lane = 0; lane < LANES; lane++) {
        if (!(u->open[kind] >> lane & 1))
            continue;
        uint16_t port = u->port[kind][lane], echo = e->port[port].lane[BUS_LANE_ECHO];
        if ((u->seated >> lane & 1 && u->seat[lane] != port) ||
            (echo != BUS_NONE && echo != LANE_OF(group, lane)))
            return false;
    }
    return true;
}

static void seat(const struct aw_engine *e, struct bus_unit *u, uint32_t group)
{
    u->together = u->seated = 0;
    for (unsigned kind = BUS_LANE_KINDS; kind-- > 0;) { /* echo first: it is what others hear */
        if (!u->open[kind] || !is_together(e, u, group, kind))
            continue;
        u->together |= 1u << kind;
        for (uint32_t lane = 0; lane < LANES; lane++)
            if (u->open[kind] >> lane & 1)
                u->seat[lane] = u->port[kind][lane];
        u->seated |= u->open[kind];
    }
}

void aw_lanes_arrange(struct aw_engine *e)
{
    struct bus_lanes *l = &e->lanes;

    for (uint32_t i = 0; l->stale && i < l->used; i++)
        seat(e, &l->unit[i], i);
    l->stale = false;
}
