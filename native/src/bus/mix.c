/* SPDX-License-Identifier: MIT */
/* What each port hears: sums, exact in 32 bits (68 sources of 16 bits with +30 dB need 28). */
#include <string.h>

#include "bus/bus.h"

#define N AW_TICK_SAMPLES

static inline int16_t saturated(int32_t x)
{
    return (int16_t)(x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x);
}

static inline int32_t scaled(int32_t x, float gain)
{
    float y = (float)x * gain;

    return (int32_t)(y + (y < 0.0f ? -0.5f : 0.5f));
}

void aw_mix_gain(int16_t *pcm, float gain)
{
    for (size_t i = 0; i < N; i++)
        pcm[i] = saturated(scaled(pcm[i], gain));
}

static void add(int32_t *total, const int16_t *pcm, float gain)
{
    if (gain == 1.0f) {
        for (size_t i = 0; i < N; i++)
            total[i] += pcm[i];
        return;
    }
    for (size_t i = 0; i < N; i++)
        total[i] += scaled(pcm[i], gain);
}

static void saturate(int16_t *out, const int32_t *total)
{
    for (size_t i = 0; i < N; i++)
        out[i] = saturated(total[i]);
}

static void mix_room(struct aw_engine *e, struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);
    struct bus_conference *r = &p->room;

    memset(r->total, 0, sizeof r->total);
    if (p->hearing) {
        aw_mix_port(e, p);
        add(r->total, e->heard[index], 1.0f);
    }
    for (unsigned i = 0; i < r->parties; i++)
        add(r->total, e->said[r->party[i]], 1.0f);
    saturate(e->said[index], r->total);
    if (p->receive_gain != 1.0f)
        aw_mix_gain(e->said[index], p->receive_gain);
}

void aw_mix_rooms(struct aw_engine *e)
{
    for (uint32_t i = 0; i < e->active_count; i++) {
        struct bus_port *p = &e->port[e->active[i]];
        if (p->kind == AW_PORT_CONFERENCE)
            mix_room(e, p);
    }
}

static void mix_sources(struct aw_engine *e, const struct bus_port *p, uint16_t index)
{
    int32_t total[N] = {0};

    if (p->conference != BUS_NONE) {
        const int32_t *all = e->port[p->conference].room.total;
        for (size_t i = 0; i < N; i++)
            total[i] = all[i] - e->said[index][i];
    }
    for (unsigned s = 0; s < p->source_count; s++)
        add(total, e->said[p->source[s].port], p->source[s].gain);
    saturate(e->heard[index], total);
}

void aw_mix_port(struct aw_engine *e, struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);

    if (p->conference == BUS_NONE && p->source_count == 1 && p->source[0].gain == 1.0f)
        memcpy(e->heard[index], e->said[p->source[0].port], sizeof e->heard[0]);
    else
        mix_sources(e, p, index);
    if (p->send_gain != 1.0f)
        aw_mix_gain(e->heard[index], p->send_gain);
}
