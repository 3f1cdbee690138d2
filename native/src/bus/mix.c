/* SPDX-License-Identifier: MIT */
/* What each port hears: sums, exact in 32 bits (a room of 4096 with +18 dB needs 31).  Gains upon
 * such a sum stop at LOUDEST, far above what any ear is given. */
#include <string.h>

#include "bus/bus.h"
#include "dsp/level.h"

#define N       AW_TICK_SAMPLES
#define LOUDEST 1.0e9f /* and four sources of 2^20 beside it are within 32 bits */

static inline int32_t scaled(int32_t x, float gain)
{
    float y = (float)x * gain;

    y = y > LOUDEST ? LOUDEST : y < -LOUDEST ? -LOUDEST : y;
    return (int32_t)(y + (y < 0.0f ? -0.5f : 0.5f));
}

void aw_mix_gain(int16_t *pcm, float gain)
{
    for (size_t i = 0; i < N; i++)
        pcm[i] = aw_clip16((float)pcm[i] * gain);
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
        out[i] = aw_clip16((float)total[i]);
}

static int16_t *tail_of(struct aw_engine *e, const struct bus_port *room)
{
    return e->blocks[aw_port_index(e, room)].room.tail;
}

/* What a party said last, backwards and fading to silence: it leaves without a click. */
void aw_mix_tail(struct aw_engine *e, struct bus_port *room, uint16_t party)
{
    const int16_t *last = e->said[party];
    bool last_one = room->room.parties == 1 && !room->hearing; /* the room rests from now on */
    bool heard = !room->room.loudest || e->talker[party].floor;
    int32_t gain = heard ? e->party[party].given : 0;
    int16_t *tail = tail_of(e, room);

    if (last_one)
        return;
    for (int32_t i = 0; i < N; i++) {
        int32_t own = last[N - 1 - i] * gain / AW_MIX_UNITY;
        tail[i] = aw_clip16((float)(tail[i] + own * (N - 1 - i) / N));
    }
    room->room.has_tail = true;
}

/* What a conference listens to, where the whole of it is heard, what fades of those who left;
 * then its parties. */
enum { ROW_SOURCES, ROW_WHOLE, ROW_TAIL, ROWS_OF_ROOM };

static void lay_out_room(struct aw_engine *e, struct bus_port *p, uint32_t at)
{
    struct bus_conference *r = &p->room;
    uint16_t index = aw_port_index(e, p);
    aw_mix_party plain = {.from = AW_MIX_UNITY, .to = AW_MIX_UNITY};

    r->row = at;
    r->slides = false;
    r->needs_total = false;
    for (uint32_t i = 0; i < ROWS_OF_ROOM; i++)
        e->row[at + i] = plain;
    e->row[at + ROW_SOURCES].in = p->hearing ? e->heard[index] : NULL;
    e->row[at + ROW_WHOLE].out = e->said[index];
    at += ROWS_OF_ROOM;
    for (uint16_t i = r->first_party; i != BUS_NONE; i = e->party[i].next, at++) {
        struct bus_party *party = &e->party[i];
        const struct bus_port *port = &e->port[i];
        party->row = at;
        party->plain = port->source_count == 0 && port->send_gain == 1.0f && party->gets == 1.0f &&
                       party->ear == 1.0f && port->kind != AW_PORT_CONFERENCE;
        e->row[at] = (aw_mix_party){e->said[i], party->plain ? e->heard[i] : NULL, party->given,
                                    party->goal};
        e->row_port[at] = i;
        r->slides |= party->given != party->goal;
        r->needs_total |= !party->plain;
    }
}

/* A slide takes one tick. */
static void settle(struct aw_engine *e, const struct bus_conference *r)
{
    for (uint16_t i = r->first_party; i != BUS_NONE; i = e->party[i].next) {
        struct bus_party *party = &e->party[i];
        if (party->given != party->goal)
            e->rooms_changed = true;
        party->given = party->goal;
    }
}

static void gate(struct aw_engine *e, const struct bus_conference *r)
{
    uint32_t first = r->row + ROWS_OF_ROOM;
    struct aw_floor floor = {e->talker, e->row_port + first, r->parties, r->loudest};

    for (uint32_t i = first; i < first + r->parties; i++) {
        e->row[i].from = e->party[e->row_port[i]].given;
        e->row[i].to = e->party[e->row_port[i]].goal;
    }
    aw_floor_gate(&floor, e->row + first, N);
    for (uint32_t i = first; i < first + r->parties; i++) {
        uint16_t port = e->row_port[i];
        if (e->port_entries[port].speaking != e->talker[port].floor)
            e->port_entries[port].speaking = e->talker[port].floor;
    }
}

static void mix_room(struct aw_engine *e, struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);
    struct bus_conference *r = &p->room;
    struct bus_room_sound *sound = &e->blocks[index].room;

    if (p->hearing)
        aw_mix_port(e, p);
    e->row[r->row + ROW_TAIL].in = r->has_tail ? sound->tail : NULL;
    if (r->loudest)
        gate(e, r);
    aw_mix_minus_by(aw_mix_kernel(0), e->row + r->row, ROWS_OF_ROOM + r->parties, N,
                    r->needs_total ? sound->total : NULL);
    if (r->has_tail)
        memset(sound->tail, 0, sizeof sound->tail);
    r->has_tail = false;
    if (r->slides)
        settle(e, r);
    if (p->receive_gain != 1.0f)
        aw_mix_gain(e->said[index], p->receive_gain);
}

static void lay_out(struct aw_engine *e)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < e->active_count; i++) {
        struct bus_port *p = &e->port[e->active[i]];
        if (p->kind != AW_PORT_CONFERENCE)
            continue;
        lay_out_room(e, p, at);
        at += ROWS_OF_ROOM + p->room.parties;
    }
    e->rooms_changed = false;
}

void aw_mix_rooms(struct aw_engine *e)
{
    if (e->rooms_changed)
        lay_out(e);
    for (uint32_t i = 0; i < e->active_count; i++) {
        struct bus_port *p = &e->port[e->active[i]];
        if (p->kind == AW_PORT_CONFERENCE)
            mix_room(e, p);
    }
}

/* The others of a conference, at the party's own ear. */
static void add_others(struct aw_engine *e, const struct bus_port *p, uint16_t index,
                       int32_t *total)
{
    const int32_t *all = e->blocks[p->conference].room.total;
    struct bus_party *party = &e->party[index];
    const aw_mix_party *row = &e->row[party->row];
    float step = (party->gets - party->ear) / (float)N;
    bool bit_exact = party->ear == 1.0f && party->gets == 1.0f;

    for (size_t i = 0; i < N; i++) {
        int32_t others = all[i] - aw_mix_part(row, i, N);
        total[i] += bit_exact ? others : scaled(others, party->ear + step * (float)i);
    }
    if (party->ear != party->gets)
        e->rooms_changed = true; /* from the next tick on the kernel may do it */
    party->ear = party->gets;
}

static void mix_sources(struct aw_engine *e, const struct bus_port *p, uint16_t index)
{
    int32_t total[N] = {0};

    if (p->conference != BUS_NONE)
        add_others(e, p, index, total);
    for (unsigned s = 0; s < p->source_count; s++)
        add(total, e->said[p->source[s].port], p->source[s].gain);
    if (p->send_gain != 1.0f)
        for (size_t i = 0; i < N; i++)
            total[i] = scaled(total[i], p->send_gain);
    saturate(e->heard[index], total);
}

void aw_mix_port(struct aw_engine *e, struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);

    if (p->conference != BUS_NONE && e->party[index].plain)
        return; /* the kernel has done it */
    if (p->conference == BUS_NONE && p->source_count == 1 && p->source[0].gain == 1.0f &&
        p->send_gain == 1.0f)
        memcpy(e->heard[index], e->said[p->source[0].port], sizeof e->heard[0]);
    else
        mix_sources(e, p, index);
}
