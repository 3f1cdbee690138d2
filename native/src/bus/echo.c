/* SPDX-License-Identifier: MIT */
/* The echo cancellers of ports: begun and ended by order, seen in the table. */
#include "bus/bus.h"

void aw_echo_stop(struct aw_engine *e, struct bus_port *p)
{
    aw_lane_leave(e, p, BUS_LANE_ECHO);
    e->port_entries[aw_port_index(e, p)].echo = (aw_port_echo){0};
}

void aw_echo_set(struct aw_engine *e, const aw_cmd_echo *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    uint16_t at = p->lane[BUS_LANE_ECHO];
    if (c->tail_ms == 0) {
        aw_echo_stop(e, p);
        return;
    }
    bool had = at != BUS_NONE;
    bool has = had || aw_lane_take(e, p, BUS_LANE_ECHO, NULL);
    at = p->lane[BUS_LANE_ECHO];
    if (!has || aw_echo_open(e->lanes.echo[at / LANES], at % LANES, c->tail_ms, c->wants)) {
        if (!had) /* one that there was goes on */
            aw_echo_stop(e, p);
        aw_count(&e->counters->refused, 1);
        return;
    }
    e->port_entries[aw_port_index(e, p)].echo =
        (aw_port_echo){.tail_ms = (uint16_t)c->tail_ms, .wants = (uint16_t)c->wants};
}

void aw_echo_show(struct aw_engine *e, uint32_t unit)
{
    const struct bus_unit *u = &e->lanes.unit[unit];

    for (uint32_t lane = 0; lane < LANES; lane++) {
        uint16_t index = u->seat[lane];
        if (u->open[BUS_LANE_ECHO] >> lane & 1 &&
            (e->counters->ticks + index) % BUS_SHOW_PERIOD == 0)
            aw_echo_look(e->lanes.echo[unit], lane, &e->port_entries[index].echo.view);
    }
}
