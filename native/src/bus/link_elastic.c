/* SPDX-License-Identifier: MIT */
/* A board whose clock is not the bus's: its samples go through elastic stores, both ways, so that
 * nothing slips.  It needs a time finer than a frame: in virtual time, the one it is told. */
#include <string.h>

#include "bus/bus.h"

#define N      AW_TICK_SAMPLES
#define TARGET 120u /* samples: what a pull needs, a frame that may just be due, 3 ms of jitter */

static double seconds_of(const struct aw_engine *e)
{
    return (double)aw_engine_nanoseconds(e) * 1e-9;
}

void aw_link_elastic(struct aw_engine *e, struct bus_link *l)
{
    bool other = e->clock != BUS_NONE && e->clock != l - e->link;
    bool elastic = other && aw_engine_nanoseconds(e) != 0;

    if (elastic == l->elastic)
        return;
    l->elastic = elastic;
    l->storing_from = l->storing_to = 0;
    l->in.count = l->out.count = 0;
}

static struct aw_elastic *begun(struct aw_elastic *store, uint32_t *storing, uint32_t channel)
{
    if (!(*storing >> channel & 1))
        aw_elastic_init(&store[channel], TARGET);
    *storing |= 1u << channel;
    return &store[channel];
}

void aw_link_store(struct aw_engine *e, struct bus_link *l, uint32_t channel, const int16_t *pcm)
{
    struct aw_elastic *store = begun(l->from, &l->storing_from, channel);

    aw_elastic_push(store, seconds_of(e), pcm, N);
}

/* All stores of a link run alike: the figures of the last are the link's. */
static void publish(struct aw_engine *e, struct bus_link *l, const struct aw_elastic *store,
                    const aw_elastic_state *before)
{
    aw_link_entry *entry = aw_link_entry_of(e, l);
    aw_elastic_state now = aw_elastic_look(store);

    entry->underruns_in += now.underruns - before->underruns;
    entry->slips_in += now.slips - before->slips;
    entry->compensated_ppm = (float)now.ppm;
    entry->store_ms = (float)now.level / 8.0f;
}

void aw_link_pull(struct aw_engine *e, struct bus_link *l)
{
    double now = seconds_of(e);
    const struct aw_elastic *last = NULL;
    aw_elastic_state before = {0};

    for (uint32_t i = 0; i < l->count; i++) {
        struct bus_port *p = aw_link_port(e, l, i);
        if (!p || p->place == BUS_NONE) {
            l->storing_from &= ~(1u << i);
        } else if (l->storing_from >> i & 1) {
            last = &l->from[i];
            before = aw_elastic_look(last);
            aw_elastic_pull(&l->from[i], now, e->said[aw_port_index(e, p)], N);
        } else {
            memset(e->said[aw_port_index(e, p)], 0, sizeof e->said[0]);
        }
    }
    if (last)
        publish(e, l, last, &before);
}

void aw_link_store_heard(struct aw_engine *e, struct bus_link *l)
{
    double now = seconds_of(e);

    for (uint32_t i = 0; i < l->count; i++) {
        const struct bus_port *p = aw_link_port(e, l, i);
        if (p && p->hearing)
            aw_elastic_push(begun(l->to, &l->storing_to, i), now, e->heard[aw_port_index(e, p)], N);
        else
            l->storing_to &= ~(1u << i);
    }
}

bool aw_link_pull_heard(struct aw_engine *e, struct bus_link *l, uint32_t channel, int16_t *pcm)
{
    if (!(l->storing_to >> channel & 1))
        return false;
    aw_elastic_state before = aw_elastic_look(&l->to[channel]);
    aw_elastic_pull(&l->to[channel], seconds_of(e), pcm, N);
    aw_elastic_state after = aw_elastic_look(&l->to[channel]);
    aw_link_entry_of(e, l)->underruns_out += after.underruns - before.underruns;
    aw_link_entry_of(e, l)->slips_out += after.slips - before.slips;
    return true;
}
