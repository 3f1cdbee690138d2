/* SPDX-License-Identifier: MIT */
/* A tap: what another port says on the left, what it hears on the right.
 *
 * It listens to the port as any listener does, so that the port is served; what the port hears is
 * taken when all ports have heard, whatever their order. */
#include "bus/bus.h"

#define N AW_TICK_SAMPLES

void aw_tap_open(struct aw_engine *e, struct bus_port *tap, uint32_t tapped)
{
    aw_cmd_listen c = {.listener = tap->handle, .source = tapped, .gain = 1.0f};

    e->taps++;
    aw_switch_listen(e, &c);
}

static void record(struct aw_engine *e, struct bus_port *tap)
{
    const int16_t *said = e->heard[aw_port_index(e, tap)];
    int16_t both[2 * N] = {0};

    for (size_t i = 0; tap->source_count > 0 && i < N; i++) {
        both[2 * i] = said[i];
        both[2 * i + 1] = e->heard[tap->source[0].port][i];
    }
    aw_record_both(e, tap, both);
}

void aw_taps_record(struct aw_engine *e)
{
    for (uint32_t i = e->active_count; i-- > 0;) {
        struct bus_port *p = &e->port[e->active[i]];
        if (p->kind == AW_PORT_TAP && !p->done)
            record(e, p);
    }
}
