/* SPDX-License-Identifier: MIT */
/* Wishes on their way down: taken from the ring between two ticks, checked, performed. */
#include <string.h>

#include "bus/bus.h"

static void open_port(struct aw_engine *e, const void *command)
{
    const aw_cmd_port *c = command;

    if ((c->kind != AW_PORT_BOARD && c->kind != AW_PORT_CONFERENCE && c->kind != AW_PORT_PATTERN) ||
        (c->kind == AW_PORT_CONFERENCE && (c->option < 1 || c->option > AW_PARTIES_MAX))) {
        e->counters->refused++;
        return;
    }
    struct bus_port *p = aw_port_open(e, c->handle, (aw_port_kind)c->kind);
    if (!p)
        return;
    if (c->kind == AW_PORT_CONFERENCE)
        p->room = (struct bus_conference){.capacity = (uint16_t)c->option};
    if (c->kind == AW_PORT_PATTERN)
        aw_pattern_begin(&p->pattern);
    aw_port_update(e, p);
}

static void open_file(struct aw_engine *e, const void *command)
{
    const aw_cmd_file *c = command;

    if (c->kind != AW_PORT_PLAYER && c->kind != AW_PORT_RECORDER) {
        e->counters->refused++;
        return;
    }
    struct bus_port *p = aw_port_open(e, c->handle, (aw_port_kind)c->kind);
    if (!p)
        return;
    p->file = aw_file_take(&e->files, c);
    aw_port_update(e, p);
    if (!p->file)
        aw_port_end(e, p, c->kind == AW_PORT_PLAYER ? AW_DONE_UNREADABLE : AW_DONE_UNWRITABLE);
}

static void close_port(struct aw_engine *e, const void *command)
{
    struct bus_port *p = aw_port_of(e, ((const aw_cmd_port *)command)->handle);

    if (p)
        aw_port_close(e, p);
}

static void listen(struct aw_engine *e, const void *command)
{
    aw_switch_listen(e, command);
}

static void unlisten(struct aw_engine *e, const void *command)
{
    aw_switch_unlisten(e, command);
}

static void silence(struct aw_engine *e, const void *command)
{
    struct bus_port *p = aw_port_of(e, ((const aw_cmd_port *)command)->handle);

    if (p)
        aw_switch_silence(e, p);
}

static void join(struct aw_engine *e, const void *command)
{
    aw_switch_join(e, command);
}

static void leave(struct aw_engine *e, const void *command)
{
    const aw_cmd_listen *c = command;
    struct bus_port *party = aw_port_of(e, c->listener);
    struct bus_port *room = aw_port_of(e, c->source);

    if (party && room && party->conference == aw_port_index(e, room))
        aw_switch_leave(e, party);
}

static void set_gain(struct aw_engine *e, const void *command)
{
    const aw_cmd_gain *c = command;
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    if (!aw_switch_is_factor(c->receive) || !aw_switch_is_factor(c->send)) {
        e->counters->refused++;
        return;
    }
    p->receive_gain = c->receive;
    p->send_gain = c->send;
}

/* What each kind of command needs at least, and who performs it. */
static const struct {
    size_t size;
    void (*perform)(struct aw_engine *e, const void *command);
} ORDERS[] = {
    [AW_CMD_OPEN_PORT] = {sizeof(aw_cmd_port), open_port},
    [AW_CMD_OPEN_FILE] = {sizeof(aw_cmd_file), open_file},
    [AW_CMD_CLOSE_PORT] = {sizeof(aw_cmd_port), close_port},
    [AW_CMD_LISTEN] = {sizeof(aw_cmd_listen), listen},
    [AW_CMD_UNLISTEN] = {sizeof(aw_cmd_listen), unlisten},
    [AW_CMD_SILENCE] = {sizeof(aw_cmd_port), silence},
    [AW_CMD_JOIN] = {sizeof(aw_cmd_listen), join},
    [AW_CMD_LEAVE] = {sizeof(aw_cmd_listen), leave},
    [AW_CMD_GAIN] = {sizeof(aw_cmd_gain), set_gain},
};

static void perform(struct aw_engine *e)
{
    const aw_record *record = (const aw_record *)(const void *)e->command;
    uint32_t kind = record->kind;

    if (kind >= sizeof ORDERS / sizeof *ORDERS || !ORDERS[kind].perform ||
        record->size < ORDERS[kind].size) {
        e->counters->refused++;
        return;
    }
    e->counters->commands++;
    ORDERS[kind].perform(e, e->command);
}

void aw_commands_apply(struct aw_engine *e)
{
    int32_t size;

    while ((size = aw_ring_take(e->arena, &e->arena->commands, e->command, sizeof e->command)) !=
           0) {
        if (size > 0)
            perform(e);
        else
            e->counters->refused++;
    }
}
