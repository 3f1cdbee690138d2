/* SPDX-License-Identifier: MIT */
/* Facts on their way up. */
#include <string.h>

#include "bus/bus.h"

static bool put(struct aw_engine *e, const void *record, const void *payload, size_t size)
{
    if (aw_ring_put(e->arena, &e->arena->events, record, payload, size) != AW_OK)
        return false;
    aw_count(&e->counters->events, 1);
    e->posted = true;
    return true;
}

/* Before anything else is said, say how much was not. */
static bool admit_loss(struct aw_engine *e)
{
    aw_evt_port lost = {
        .record = {AW_EVT_LOST, sizeof lost},
        .at = e->now,
        .value = (uint32_t)e->lost_events,
    };

    if (e->lost_events > 0 && !put(e, &lost, NULL, 0))
        return false;
    e->lost_events = 0;
    return true;
}

void aw_event_post(struct aw_engine *e, const void *record, const void *payload, size_t size)
{
    if (admit_loss(e) && put(e, record, payload, size))
        return;
    e->lost_events++;
    aw_count(&e->counters->events_lost, 1);
}

void aw_event_port(struct aw_engine *e, aw_event_kind kind, uint32_t handle, uint32_t value)
{
    aw_evt_port event = {
        .record = {(uint32_t)kind, sizeof event},
        .at = e->now,
        .handle = handle,
        .value = value,
    };

    aw_event_post(e, &event, NULL, 0);
}

void aw_event_bell(struct aw_engine *e)
{
    if (e->lost_events > 0)
        admit_loss(e);
    if (!e->posted)
        return;
    e->posted = false;
    aw_bell_ring(e->event_bell);
}
