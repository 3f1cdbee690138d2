/* SPDX-License-Identifier: MIT */
/* Listening to groups of ports: which port has which lane, and what the lanes hear. */
#include "bus/lanes.h"

#include <string.h>

#include "bus/bus.h"
#include "mem.h"

#define N             AW_TICK_SAMPLES
#define SPARE_GROUPS  8u /* for plans and beginnings that share no group */
#define METER_PERIOD  4u /* ticks between two entries in the table: 20 ms */
#define LANE_OF(g, l) ((uint16_t)((g) * LANES + (l)))

aw_status aw_lanes_new(struct aw_engine *e)
{
    struct bus_lanes *l = &e->lanes;
    aw_simd set = aw_simd_choose();

    l->kernel = lanes_kernel_of(set);
    if (set == AW_SIMD_SCALAR || set == AW_SIMD_FUSED)
        return AW_OK;
    l->count = (e->timeslots + LANES - 1) / LANES + SPARE_GROUPS;
    l->digits = aw_alloc_lanes(l->count * sizeof *l->digits);
    l->tones = aw_alloc_lanes(l->count * sizeof *l->tones);
    l->levels = aw_alloc_lanes(l->count * sizeof *l->levels);
    if (!l->digits || !l->tones || !l->levels)
        return AW_ENOMEM;
    for (uint32_t i = 0; i < l->count; i++) {
        aw_dtmf_group_init(&l->digits[i].group, l->kernel);
        aw_meter_group_init(&l->levels[i].receive, l->kernel);
        aw_meter_group_init(&l->levels[i].send, l->kernel);
    }
    return AW_OK;
}

void aw_lanes_free(struct aw_engine *e)
{
    aw_release(e->lanes.digits);
    aw_release(e->lanes.tones);
    aw_release(e->lanes.levels);
}

static uint32_t *open_lanes(struct bus_lanes *l, unsigned kind, uint32_t group)
{
    switch (kind) {
    case BUS_LANE_DIGITS:
        return &l->digits[group].group.open;
    case BUS_LANE_TONES:
        return &l->tones[group].group.open;
    default:
        return &l->levels[group].open;
    }
}

static uint32_t first_free(uint32_t open)
{
    uint32_t lane = 0;

    while (open >> lane & 1)
        lane++;
    return lane;
}

/* May a port with this plan have a lane of the group?  An empty one takes the plan. */
static bool suits(struct bus_lanes *l, uint32_t group, const aw_progress_plan *plan)
{
    struct aw_progress_group *g = &l->tones[group].group;

    if (g->open == 0)
        return aw_progress_group_init(g, plan, l->kernel) == AW_OK;
    return !g->second && memcmp(&g->shape.plan, plan, sizeof *plan) == 0;
}

/* The lowest group that has room, so that few are in use; BUS_NONE if there is none. */
static uint16_t find(struct bus_lanes *l, unsigned kind, const aw_progress_plan *plan)
{
    for (uint32_t group = 0; group < l->count; group++) {
        uint32_t open = *open_lanes(l, kind, group);
        if (open == (1u << LANES) - 1 || (kind == BUS_LANE_TONES && !suits(l, group, plan)))
            continue;
        if (l->used[kind] <= group)
            l->used[kind] = group + 1;
        return LANE_OF(group, first_free(open));
    }
    return BUS_NONE;
}

static void open_lane(struct bus_lanes *l, unsigned kind, uint16_t port, uint16_t at)
{
    uint32_t group = at / LANES, lane = at % LANES;

    if (kind == BUS_LANE_DIGITS) {
        aw_dtmf_group_open(&l->digits[group].group, lane);
        l->digits[group].port[lane] = port;
    } else if (kind == BUS_LANE_TONES) {
        aw_progress_group_open(&l->tones[group].group, lane);
        l->tones[group].port[lane] = port;
    } else {
        aw_meter_group_reset(&l->levels[group].receive, lane);
        aw_meter_group_reset(&l->levels[group].send, lane);
        l->levels[group].open |= 1u << lane;
        l->levels[group].port[lane] = port;
    }
}

bool aw_lane_take(struct aw_engine *e, struct bus_port *p, unsigned kind,
                  const aw_progress_plan *plan)
{
    aw_lane_leave(e, p, kind);
    p->lane[kind] = find(&e->lanes, kind, plan);
    if (p->lane[kind] == BUS_NONE)
        return false;
    open_lane(&e->lanes, kind, aw_port_index(e, p), p->lane[kind]);
    return true;
}

void aw_lane_leave(struct aw_engine *e, struct bus_port *p, unsigned kind)
{
    struct bus_lanes *l = &e->lanes;
    uint32_t group = p->lane[kind] / LANES, lane = p->lane[kind] % LANES;

    if (p->lane[kind] == BUS_NONE)
        return;
    if (kind == BUS_LANE_DIGITS)
        aw_dtmf_group_close(&l->digits[group].group, lane);
    else if (kind == BUS_LANE_TONES)
        aw_progress_group_close(&l->tones[group].group, lane);
    else
        l->levels[group].open &= ~(1u << lane);
    p->lane[kind] = BUS_NONE;
    while (l->used[kind] > 0 && *open_lanes(l, kind, l->used[kind] - 1) == 0)
        l->used[kind]--;
}

static void gather(const struct bus_lanes *l, int16_t (*pcm)[N], const uint16_t *port,
                   uint32_t open, float *soa)
{
    const int16_t *rows[LANES];

    for (uint32_t lane = 0; lane < LANES; lane++)
        rows[lane] = open >> lane & 1 ? pcm[port[lane]] : NULL;
    l->kernel->gather(rows, soa, N);
}

static void hear_digits(struct aw_engine *e, struct bus_digits *d)
{
    _Alignas(AW_LINE) float soa[N * LANES];
    aw_lane_digit digit[AW_LANES_DIGITS];

    gather(&e->lanes, e->said, d->port, d->group.open, soa);
    size_t count = aw_dtmf_group_feed(&d->group, soa, digit);
    for (size_t i = 0; i < count; i++)
        aw_detect_digit(e, &e->port[d->port[digit[i].lane]], &digit[i].digit);
}

static void hear_tones(struct aw_engine *e, struct bus_tones *t)
{
    _Alignas(AW_LINE) float soa[N * LANES];
    aw_lane_tone tone[AW_LANES_TONES];

    gather(&e->lanes, e->said, t->port, t->group.open, soa);
    size_t count = aw_progress_group_feed(&t->group, soa, tone);
    for (size_t i = 0; i < count; i++)
        aw_detect_tone(e, &e->port[t->port[tone[i].lane]], &tone[i].event);
}

static void show(struct aw_engine *e, const struct bus_levels *m, uint32_t lane)
{
    uint16_t index = m->port[lane];
    aw_port_entry *entry = &e->port_entries[index];

    if ((e->counters->ticks + index) % METER_PERIOD != 0)
        return;
    entry->receive_dbm0 = aw_meter_group_dbm0(&m->receive, lane);
    entry->send_dbm0 = aw_meter_group_dbm0(&m->send, lane);
    entry->receive_peak = (uint16_t)aw_meter_group_peak(&m->receive, lane);
    entry->send_peak = (uint16_t)aw_meter_group_peak(&m->send, lane);
}

static void measure(struct aw_engine *e, struct bus_levels *m)
{
    _Alignas(AW_LINE) float soa[N * LANES];

    gather(&e->lanes, e->said, m->port, m->open, soa);
    aw_meter_group_feed(&m->receive, soa);
    gather(&e->lanes, e->heard, m->port, m->open, soa);
    aw_meter_group_feed(&m->send, soa);
    for (uint32_t lane = 0; lane < LANES; lane++)
        if (m->open >> lane & 1)
            show(e, m, lane);
}

void aw_lanes_hear(struct aw_engine *e)
{
    struct bus_lanes *l = &e->lanes;

    for (uint32_t i = 0; i < l->used[BUS_LANE_DIGITS]; i++)
        if (l->digits[i].group.open)
            hear_digits(e, &l->digits[i]);
    for (uint32_t i = 0; i < l->used[BUS_LANE_TONES]; i++)
        if (l->tones[i].group.open)
            hear_tones(e, &l->tones[i]);
    for (uint32_t i = 0; i < l->used[BUS_LANE_LEVEL]; i++)
        if (l->levels[i].open)
            measure(e, &l->levels[i]);
}
