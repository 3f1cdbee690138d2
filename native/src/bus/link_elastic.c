/* SPDX-License-Identifier: MIT */
/* A board whose clock is not the bus's: its samples go through elastic stores, both ways, so that
 * nothing slips.  It needs a time finer than a frame: in virtual time, the one it is told. */
#include <string.h>

#include "bus/bus.h"

#define N      AW_TICK_SAMPLES
#define TARGET 120u /* samples: what a pull needs, a frame that may just be due, 3 ms of jitter */
#define BATCH  120u /* and what comes at once with a frame where 20 ms make a batch */

static double seconds_of(const struct aw_engine *e)
{
    return (double)aw_engine_nanoseconds(e) * 1e-9;
}

void aw_link_restart(struct bus_link *l)
{
    l->storing_from = l->storing_to = l->ending_to = 0;
    l->slipped = false;
}

void aw_link_elastic(struct aw_engine *e, struct bus_link *l)
{
    bool other = e->clock != BUS_NONE && e->clock != l - e->link;
    bool elastic = other && aw_engine_nanoseconds(e) != 0;

    if (elastic == l->elastic)
        return;
    l->elastic = elastic;
    aw_link_restart(l);
    l->in.count = l->out.count = 0;
}

static struct aw_elastic *begun(const struct bus_link *l, struct aw_elastic *store,
                                uint32_t *storing, uint32_t channel)
{
    if (!(*storing >> channel & 1))
        aw_elastic_init(&store[channel],
                        l->framing == AW_FRAMING_SAMPLES ? TARGET + BATCH : TARGET);
    *storing |= 1u << channel;
    return &store[channel];
}

/* What the stores of a link did in one tick, or one frame: however many ports it has, once. */
struct events {
    bool dry, slipped;
    uint32_t count; /* stores */
    double ppm, level;
};

static void push(struct aw_elastic *store, double now, const int16_t *pcm, struct events *events)
{
    uint32_t slips = store->slips;

    aw_elastic_push(store, now, pcm, N);
    events->slipped |= store->slips != slips;
}

static void pull(struct aw_engine *e, struct aw_elastic *store, double now, int16_t *pcm,
                 struct events *events)
{
    aw_elastic_state before = aw_elastic_look(store);

    aw_elastic_pull_within(store, now, pcm, N, &e->gap_begins);
    aw_elastic_state after = aw_elastic_look(store);
    events->dry |= after.underruns != before.underruns;
    events->slipped |= after.slips != before.slips;
    events->count++;
    events->ppm += after.ppm;
    events->level += after.level;
}

void aw_link_store(struct aw_engine *e, struct bus_link *l, uint32_t channel, const int16_t *pcm)
{
    struct events events = {0};

    push(begun(l, l->from, &l->storing_from, channel), seconds_of(e), pcm, &events);
    l->slipped |= events.slipped;
}

static void publish(struct aw_engine *e, struct bus_link *l, const struct events *events)
{
    aw_link_entry *entry = aw_link_entry_of(e, l);

    aw_count(&entry->underruns_in, events->dry);
    aw_count(&entry->slips_in, events->slipped || l->slipped);
    l->slipped = false;
    if (events->count == 0)
        return;
    entry->compensated_ppm = (float)(events->ppm / events->count);
    entry->store_ms = (float)(events->level / events->count / 8.0);
}

void aw_link_pull(struct aw_engine *e, struct bus_link *l)
{
    struct events events = {0};
    double now = seconds_of(e);

    for (uint32_t i = 0; i < l->count; i++) {
        struct bus_port *p = aw_link_port(e, l, i);
        if (!p || p->place == BUS_NONE)
            l->storing_from &= ~(1u << i);
        else if (l->storing_from >> i & 1)
            pull(e, &l->from[i], now, e->said[aw_port_index(e, p)], &events);
        else
            memset(e->said[aw_port_index(e, p)], 0, sizeof e->said[0]);
    }
    publish(e, l, &events);
}

void aw_link_store_heard(struct aw_engine *e, struct bus_link *l)
{
    struct events events = {0};
    double now = seconds_of(e);

    for (uint32_t i = 0; i < l->count; i++) {
        const struct bus_port *p = aw_link_port(e, l, i);
        if (!p || !p->hearing) {
            l->ending_to |= l->storing_to & 1u << i;
            continue;
        }
        push(begun(l, l->to, &l->storing_to, i), now, e->heard[aw_port_index(e, p)], &events);
        l->ending_to &= ~(1u << i);
    }
    aw_count(&aw_link_entry_of(e, l)->slips_out, events.slipped);
}

/* The last that a port hears: a step to nothing would click. */
static void fade(int16_t *pcm)
{
    for (int i = 0; i < N; i++)
        pcm[i] = (int16_t)(pcm[i] * (N - 1 - i) / N);
}

uint32_t aw_link_pull_heard(struct aw_engine *e, struct bus_link *l, int16_t (*pcm)[N])
{
    aw_link_entry *entry = aw_link_entry_of(e, l);
    uint32_t ports = l->storing_to;
    struct events events = {0};
    double now = seconds_of(e);

    for (uint32_t i = 0; i < l->count; i++) {
        if (!(ports >> i & 1))
            continue;
        pull(e, &l->to[i], now, pcm[i], &events);
        if (l->ending_to >> i & 1)
            fade(pcm[i]);
    }
    l->storing_to &= ~l->ending_to;
    l->ending_to = 0;
    aw_count(&entry->underruns_out, events.dry);
    aw_count(&entry->slips_out, events.slipped);
    return ports;
}
