/* SPDX-License-Identifier: MIT */
/* Wishes on their way down: taken from the ring between two ticks, checked, performed. */
#include <stddef.h>
#include <string.h>

#include "bus/bus.h"

static void open_port(struct aw_engine *e, const void *command)
{
    const aw_cmd_port *c = command;

    if ((c->kind != AW_PORT_BOARD && c->kind != AW_PORT_CONFERENCE && c->kind != AW_PORT_PATTERN) ||
        (c->kind == AW_PORT_CONFERENCE &&
         (c->option > AW_PARTIES_MAX || c->loudest > AW_LOUDEST_MAX))) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    struct bus_port *p = aw_port_open(e, c->handle, (aw_port_kind)c->kind);
    if (!p)
        return;
    if (c->kind == AW_PORT_CONFERENCE)
        aw_switch_open_room(e, p, c);
    if (c->kind == AW_PORT_PATTERN)
        aw_pattern_begin(&p->pattern);
    aw_port_update(e, p);
}

static bool is_of_a_file(uint32_t kind)
{
    return kind == AW_PORT_PLAYER || kind == AW_PORT_RECORDER || kind == AW_PORT_TAP ||
           kind == AW_PORT_SAVER;
}

static void open_file(struct aw_engine *e, const void *command)
{
    const aw_cmd_file *c = command;

    if (!is_of_a_file(c->kind) || !aw_record_is_possible(c) || !aw_player_is_possible(c)) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    struct bus_port *p = aw_port_open(e, c->handle, (aw_port_kind)c->kind);
    if (!p)
        return;
    if (c->kind == AW_PORT_SAVER) {
        aw_keep_open(e, p, c);
        return;
    }
    p->file = aw_file_take(&e->files, c);
    aw_port_update(e, p);
    if (!p->file)
        aw_port_end(e, p, c->kind == AW_PORT_PLAYER ? AW_DONE_UNREADABLE : AW_DONE_UNWRITABLE);
    if (c->kind == AW_PORT_RECORDER)
        aw_record_begin(e, p, c);
    if (c->kind == AW_PORT_TAP)
        aw_tap_open(e, p, c->tapped);
}

/* A source whose block refuses its arguments is not opened at all. */
static void open_source(struct aw_engine *e, uint32_t handle, aw_port_kind kind, const void *c)
{
    struct bus_port *p = aw_port_open(e, handle, kind);
    aw_status status = AW_EINVAL;

    if (!p)
        return;
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];
    if (kind == AW_PORT_TONE) {
        status = aw_tonegen_init(&b->tone, &((const aw_cmd_tone *)c)->spec);
    } else if (kind == AW_PORT_DIGITS) {
        const aw_cmd_digits *d = c;
        if (memchr(d->digits, 0, sizeof d->digits))
            status = aw_dtmf_sender_init(&b->digits, d->digits, d->on_ms, d->off_ms, d->level_dbm0,
                                         d->twist_db);
    } else if (kind == AW_PORT_MF) {
        const aw_cmd_mf *m = c;
        if (memchr(m->keys, 0, sizeof m->keys))
            status = aw_mf_sender_init(&b->signals, (aw_mf_standard)m->standard, m->keys, m->on_ms,
                                       m->off_ms, m->level_dbm0);
    } else {
        const aw_cmd_caller_id *m = c;
        if (m->length <= AW_CALLERID_BYTES)
            status = aw_fsk_sender_init(&b->message, m->message, m->length,
                                        (aw_fsk_standard)m->standard, m->level_dbm0);
        if (status == AW_OK && m->in_call)
            aw_fsk_sender_preamble(&b->message, 0, AW_FSK_IN_CALL_MARKS);
    }
    if (status == AW_OK) {
        aw_port_update(e, p);
    } else {
        aw_port_close(e, p);
        aw_count(&e->counters->refused, 1);
    }
}

static void open_tone(struct aw_engine *e, const void *command)
{
    open_source(e, ((const aw_cmd_tone *)command)->handle, AW_PORT_TONE, command);
}

static void open_digits(struct aw_engine *e, const void *command)
{
    open_source(e, ((const aw_cmd_digits *)command)->handle, AW_PORT_DIGITS, command);
}

static void open_caller_id(struct aw_engine *e, const void *command)
{
    open_source(e, ((const aw_cmd_caller_id *)command)->handle, AW_PORT_CALLER_ID, command);
}

static void open_mf(struct aw_engine *e, const void *command)
{
    open_source(e, ((const aw_cmd_mf *)command)->handle, AW_PORT_MF, command);
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

static void set_party(struct aw_engine *e, const void *command)
{
    aw_switch_set_party(e, command);
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
        aw_count(&e->counters->refused, 1);
        return;
    }
    p->receive_gain = c->receive;
    p->send_gain = c->send;
    e->rooms_changed = true;
}

static void detect(struct aw_engine *e, const void *command)
{
    aw_detect_set(e, command);
}

static void set_echo(struct aw_engine *e, const void *command)
{
    aw_echo_set(e, command);
}

static void set_clean(struct aw_engine *e, const void *command)
{
    aw_clean_set(e, command);
}

static void keep(struct aw_engine *e, const void *command)
{
    aw_keep_set(e, command);
}

static void set_player(struct aw_engine *e, const void *command)
{
    aw_player_set(e, command);
}

static void pause_recording(struct aw_engine *e, const void *command)
{
    aw_record_pause(e, command);
}

static void open_link(struct aw_engine *e, const void *command)
{
    aw_link_open(e, command);
}

static void set_link(struct aw_engine *e, const void *command)
{
    aw_link_set(e, command);
}

static void close_link(struct aw_engine *e, const void *command)
{
    aw_link_close(e, ((const aw_cmd_port *)command)->handle);
}

static void send_frame(struct aw_engine *e, const void *command)
{
    const aw_cmd_frame *c = command;
    struct bus_link *l = aw_link_of(e, c->handle);
    aw_frame_header header = {
        .kind = c->kind, .flags = c->flags, .seq = c->seq, .tick = c->tick, .ack = c->ack};

    if (!l)
        return;
    if (c->length > c->record.size - sizeof *c || c->kind > 15 || c->kind == AW_FRAME_PCM)
        aw_count(&e->counters->refused, 1);
    else if (l->framing != AW_FRAMING_QHI)
        aw_count(&e->counters->refused, !aw_serial_order(e, l, c, (const uint8_t *)(c + 1)));
    else
        aw_link_send(e, l, &header, (const uint8_t *)(c + 1), c->length);
}

static void set_ack(struct aw_engine *e, const void *command)
{
    const aw_cmd_ack *c = command;
    struct bus_link *l = aw_link_of(e, c->handle);

    if (l)
        l->ack = (uint16_t)c->ack;
}

/* How much of each kind must be there, how much may be, and who performs it. */
static const struct order {
    size_t least;
    size_t whole;
    void (*perform)(struct aw_engine *e, const void *command);
} ORDERS[] = {
    [AW_CMD_OPEN_PORT] = {sizeof(aw_cmd_port), sizeof(aw_cmd_port), open_port},
    [AW_CMD_OPEN_TONE] = {offsetof(aw_cmd_tone, spec.step), sizeof(aw_cmd_tone), open_tone},
    [AW_CMD_OPEN_DIGITS] = {offsetof(aw_cmd_digits, digits), sizeof(aw_cmd_digits), open_digits},
    [AW_CMD_OPEN_FILE] = {offsetof(aw_cmd_file, path), sizeof(aw_cmd_file), open_file},
    [AW_CMD_OPEN_CALLER_ID] = {offsetof(aw_cmd_caller_id, message), sizeof(aw_cmd_caller_id),
                               open_caller_id},
    [AW_CMD_CLOSE_PORT] = {sizeof(aw_cmd_port), sizeof(aw_cmd_port), close_port},
    [AW_CMD_LISTEN] = {sizeof(aw_cmd_listen), sizeof(aw_cmd_listen), listen},
    [AW_CMD_UNLISTEN] = {sizeof(aw_cmd_listen), sizeof(aw_cmd_listen), unlisten},
    [AW_CMD_SILENCE] = {sizeof(aw_cmd_port), sizeof(aw_cmd_port), silence},
    [AW_CMD_JOIN] = {sizeof(aw_cmd_party), sizeof(aw_cmd_party), join},
    [AW_CMD_LEAVE] = {sizeof(aw_cmd_listen), sizeof(aw_cmd_listen), leave},
    [AW_CMD_GAIN] = {sizeof(aw_cmd_gain), sizeof(aw_cmd_gain), set_gain},
    [AW_CMD_DETECT] = {offsetof(aw_cmd_detect, plan.templates), sizeof(aw_cmd_detect), detect},
    [AW_CMD_OPEN_LINK] = {offsetof(aw_cmd_link, port), sizeof(aw_cmd_link), open_link},
    [AW_CMD_SET_LINK] = {offsetof(aw_cmd_link, port), sizeof(aw_cmd_link), set_link},
    [AW_CMD_CLOSE_LINK] = {sizeof(aw_cmd_port), sizeof(aw_cmd_port), close_link},
    [AW_CMD_SEND_FRAME] = {sizeof(aw_cmd_frame), sizeof(aw_cmd_frame), send_frame},
    [AW_CMD_SET_ACK] = {sizeof(aw_cmd_ack), sizeof(aw_cmd_ack), set_ack},
    [AW_CMD_SET_PARTY] = {sizeof(aw_cmd_party), sizeof(aw_cmd_party), set_party},
    [AW_CMD_ECHO] = {sizeof(aw_cmd_echo), sizeof(aw_cmd_echo), set_echo},
    [AW_CMD_CLEAN] = {sizeof(aw_cmd_clean), sizeof(aw_cmd_clean), set_clean},
    [AW_CMD_KEEP] = {sizeof(aw_cmd_port), sizeof(aw_cmd_port), keep},
    [AW_CMD_SET_PLAYER] = {sizeof(aw_cmd_player), sizeof(aw_cmd_player), set_player},
    [AW_CMD_PAUSE] = {sizeof(aw_cmd_port), sizeof(aw_cmd_port), pause_recording},
    [AW_CMD_OPEN_MF] = {offsetof(aw_cmd_mf, keys), sizeof(aw_cmd_mf), open_mf},
};

static void perform(struct aw_engine *e, size_t size)
{
    uint32_t kind = ((const aw_record *)(const void *)e->command)->kind;
    const struct order *order = kind < sizeof ORDERS / sizeof *ORDERS ? &ORDERS[kind] : NULL;

    if (!order || !order->perform || size < order->least) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    if (size < order->whole) /* what was left out is zeros */
        memset(e->command + size, 0, order->whole - size);
    aw_count(&e->counters->commands, 1);
    order->perform(e, e->command);
}

/* As many as fit into the ring, then the tick has its turn: whoever never stops giving orders
 * doesn't stop the sound. */
void aw_commands_apply(struct aw_engine *e)
{
    size_t taken = 0;

    while (taken < AW_COMMAND_RING) {
        int32_t size = aw_ring_take(e->arena, &e->arena->commands, e->command, sizeof e->command);
        if (size == 0)
            return;
        if (size > 0)
            perform(e, (size_t)size);
        else
            aw_count(&e->counters->refused, 1);
        taken += size > 0 ? (size_t)size : AW_COMMAND_RING / 8;
    }
    aw_bell_ring(e->command_bell);
}
