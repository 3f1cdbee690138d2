/* SPDX-License-Identifier: MIT */
/* Whose frames are the ticks, and how far the other clocks are from this machine's. */
#include "bus/bus.h"

#define SILENT 10u  /* frames of another link without one of the clock: it takes over, 50 ms */
#define SECOND 200u /* frames */
#define STEADY 5u   /* seconds before a drift is told */

void aw_clock_give_up(struct aw_engine *e)
{
    if (e->clock != BUS_NONE)
        e->link_entries[e->clock].clocking = 0;
    e->clock = BUS_NONE;
}

/* What has piled up in the queues of a link that wasn't the clock would be delay for ever. */
static void take_over(struct aw_engine *e, struct bus_link *l)
{
    aw_clock_give_up(e);
    e->clock = (uint16_t)(l - e->link);
    e->link_entries[e->clock].clocking = 1;
    l->out.count = 0;
    while (l->in.count > 1)
        aw_queue_forget(&l->in);
}

bool aw_link_clocks(struct aw_engine *e, struct bus_link *l)
{
    bool is_clock = e->clock == l - e->link;

    if (!is_clock) {
        l->since_tick++;
        if (e->clock == BUS_NONE || (l->clock && !e->link[e->clock].clock) ||
            l->since_tick >= SILENT) {
            take_over(e, l);
            is_clock = true;
        }
    }
    for (uint32_t i = 0; is_clock && i < AW_LINKS_MAX; i++)
        e->link[i].since_tick = 0;
    return is_clock;
}

/* The least delay of each second against that of the first: what is left when the scheduler's
 * delays are taken out is drift. */
void aw_link_drift(struct aw_engine *e, struct bus_link *l, uint32_t tick)
{
    struct bus_drift *d = &l->drift;

    uint64_t now = aw_engine_nanoseconds(e);
    if (now == 0) /* virtual time that nobody tells has no clock to compare with */
        return;
    uint32_t advance = tick - d->last_tick;
    d->last_tick = tick;
    if (d->began_ns == 0 || advance > AW_SAMPLE_RATE) { /* first, or a board that began anew */
        *d = (struct bus_drift){.last_tick = tick, .began_ns = now, .least_ns = INT64_MAX};
        return;
    }
    d->samples += advance;
    int64_t delay = (int64_t)(now - d->began_ns) - (int64_t)(d->samples * 125000u);
    if (delay < d->least_ns)
        d->least_ns = delay;
    if (++d->frames < SECOND)
        return;
    if (d->seconds++ == 0)
        d->base_ns = d->least_ns;
    else if (d->seconds > STEADY)
        aw_link_entry_of(e, l)->ppm =
            (float)(d->base_ns - d->least_ns) * 1e6f / ((float)(d->seconds - 1) * 1e9f);
    d->frames = 0;
    d->least_ns = INT64_MAX;
}
