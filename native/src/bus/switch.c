/* SPDX-License-Identifier: MIT */
/* Who hears whom. */
#include <string.h>

#include "bus/bus.h"

static int source_place(const struct bus_port *listener, uint16_t source)
{
    for (int i = 0; i < listener->source_count; i++)
        if (listener->source[i].port == source)
            return i;
    return -1;
}

static void listen(struct aw_engine *e, struct bus_port *listener, struct bus_port *source,
                   float gain)
{
    uint16_t index = aw_port_index(e, source);
    int place = source_place(listener, index);

    if (place < 0 && listener->source_count == AW_SOURCES_MAX) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    if (place < 0) {
        place = listener->source_count++;
        source->listeners++;
    }
    listener->source[place] = (struct bus_source){index, gain};
    aw_port_update(e, listener);
    aw_port_update(e, source);
}

static void unlisten(struct aw_engine *e, struct bus_port *listener, struct bus_port *source)
{
    int place = source_place(listener, aw_port_index(e, source));

    if (place < 0)
        return;
    listener->source_count--;
    for (int i = place; i < listener->source_count; i++)
        listener->source[i] = listener->source[i + 1];
    source->listeners--;
    aw_port_update(e, listener);
    aw_port_update(e, source);
}

bool aw_switch_is_factor(float gain)
{
    return gain >= 0.0f && gain <= 32.0f; /* +30 dB; a NaN is refused too */
}

void aw_switch_listen(struct aw_engine *e, const aw_cmd_listen *c)
{
    struct bus_port *listener = aw_port_of(e, c->listener);
    struct bus_port *source = aw_port_of(e, c->source);

    if (!listener || !source)
        return;
    if (listener == source || !aw_switch_is_factor(c->gain)) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    listen(e, listener, source, c->gain);
    if (c->both)
        listen(e, source, listener, c->gain);
}

void aw_switch_unlisten(struct aw_engine *e, const aw_cmd_listen *c)
{
    struct bus_port *listener = aw_port_of(e, c->listener);
    struct bus_port *source = aw_port_of(e, c->source);

    if (!listener || !source)
        return;
    unlisten(e, listener, source);
    if (c->both)
        unlisten(e, source, listener);
}

void aw_switch_silence(struct aw_engine *e, struct bus_port *p)
{
    while (p->source_count > 0)
        unlisten(e, p, &e->port[p->source[p->source_count - 1].port]);
}

void aw_switch_forget(struct aw_engine *e, struct bus_port *p)
{
    /* Only active ports hear, and unlisten may take one off the list: from the end. */
    for (uint32_t i = e->active_count; i-- > 0 && p->listeners > 0;)
        if (i < e->active_count)
            unlisten(e, &e->port[e->active[i]], p);
}

void aw_switch_open_room(struct aw_engine *e, struct bus_port *room, const aw_cmd_port *c)
{
    uint32_t capacity = c->option ? c->option : e->timeslots;

    room->room = (struct bus_conference){
        .capacity = (uint16_t)capacity,
        .loudest = (uint16_t)c->loudest,
        .first_party = BUS_NONE,
    };
    memset(&e->blocks[aw_port_index(e, room)].room, 0, sizeof(struct bus_room_sound));
}

static bool is_party(const aw_cmd_party *c)
{
    return aw_switch_is_factor(c->gets) && c->gives >= 0.0f && c->gives <= AW_GIVES_MAX;
}

static void set_party(struct aw_engine *e, uint16_t index, const aw_cmd_party *c)
{
    struct bus_party *party = &e->party[index];

    party->muted = c->muted != 0;
    party->gives = c->gives;
    party->gets = c->gets;
    party->goal = party->muted ? 0 : (int16_t)(c->gives * AW_MIX_UNITY + 0.5f);
}

void aw_switch_join(struct aw_engine *e, const aw_cmd_party *c)
{
    struct bus_port *party = aw_port_of(e, c->party);
    struct bus_port *room = aw_port_of(e, c->conference);

    if (!party || !room)
        return;
    if (room->kind != AW_PORT_CONFERENCE || party == room || party->conference != BUS_NONE ||
        room->room.parties >= room->room.capacity || !is_party(c)) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    uint16_t index = aw_port_index(e, party);
    uint16_t first = room->room.first_party;
    e->party[index] =
        (struct bus_party){.next = first, .previous = BUS_NONE}; /* slides in from 0 */
    e->talker[index] = (struct aw_talker){0};
    set_party(e, index, c);
    if (first != BUS_NONE)
        e->party[first].previous = index;
    room->room.first_party = index;
    room->room.parties++;
    party->conference = aw_port_index(e, room);
    aw_port_update(e, party);
    aw_port_update(e, room);
}

void aw_switch_set_party(struct aw_engine *e, const aw_cmd_party *c)
{
    struct bus_port *party = aw_port_of(e, c->party);
    struct bus_port *room = aw_port_of(e, c->conference);

    if (!party || !room)
        return;
    if (party->conference != aw_port_index(e, room) || !is_party(c)) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    set_party(e, aw_port_index(e, party), c);
    aw_port_update(e, party);
}

static void unlink_party(struct aw_engine *e, struct bus_conference *r, uint16_t index)
{
    const struct bus_party *party = &e->party[index];

    if (party->previous == BUS_NONE)
        r->first_party = party->next;
    else
        e->party[party->previous].next = party->next;
    if (party->next != BUS_NONE)
        e->party[party->next].previous = party->previous;
    r->parties--;
}

void aw_switch_leave(struct aw_engine *e, struct bus_port *p)
{
    if (p->conference == BUS_NONE)
        return;
    struct bus_port *room = &e->port[p->conference];
    uint16_t index = aw_port_index(e, p);

    aw_mix_tail(e, room, index);
    unlink_party(e, &room->room, index);
    p->conference = BUS_NONE;
    aw_port_update(e, p);
    aw_port_update(e, room);
}

void aw_switch_empty(struct aw_engine *e, struct bus_port *room)
{
    while (room->room.parties > 0)
        aw_switch_leave(e, &e->port[room->room.first_party]);
}
