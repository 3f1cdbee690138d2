/* SPDX-License-Identifier: MIT */
/* Ports of either kind: see aw/board.h.  What one kind does is in fxs.c and fxo.c. */
#include "board/board.h"

void board_debounce_set(struct debounced *d, bool value, uint64_t now)
{
    d->value = d->raw = value;
    d->since_ms = d->edge_ms = now;
}

void board_debounce_see(struct debounced *d, bool raw, uint64_t now)
{
    if (raw != d->raw) {
        d->raw = raw;
        d->edge_ms = now;
    }
}

bool board_debounce_settle(struct debounced *d, uint64_t now)
{
    if (d->raw == d->value || now - d->edge_ms < (d->raw ? d->on_ms : d->off_ms))
        return false;
    d->value = d->raw;
    d->since_ms = d->edge_ms;
    return true;
}

bool board_port_off_hook(const struct port *p)
{
    return p->kind == AW_BOARD_FXS ? p->fxs.hook != HOOK_ON : p->fxo.off_hook;
}

bool board_port_ringing(const struct port *p)
{
    return p->kind == AW_BOARD_FXS ? board_fxs_rings(&p->fxs) : p->fxo.ring.value;
}

void board_port_state(const struct port *p, uint8_t state[2])
{
    bool is_fxs = p->kind == AW_BOARD_FXS;

    state[0] = (uint8_t)((board_port_off_hook(p) ? STATE_OFF_HOOK : 0) |
                         (board_port_ringing(p) ? STATE_RINGING : 0) |
                         (is_fxs || p->fxo.battery.value ? STATE_BATTERY : 0) |
                         (!is_fxs && p->fxo.reversed.value ? STATE_REVERSED : 0));
    state[1] = is_fxs ? p->fxs.feed : AW_FEED_OPEN;
}

void board_port_power_up(aw_board *b)
{
    aw_board_senses senses = {0};

    b->setup.hal->sense(b->setup.hw, &senses);
    for (uint32_t i = 0; i < b->setup.ports; i++) {
        b->port[i] =
            (struct port){.kind = b->setup.port[i].kind, .decoded = b->setup.port[i].decoded != 0};
        if (b->port[i].kind == AW_BOARD_FXS) {
            board_fxs_power_up(b, i);
            if (b->port[i].decoded && senses.loop >> i & 1)
                b->port[i].fxs.hook = HOOK_OFF;
        } else {
            board_fxo_power_up(b, i, &senses);
        }
        board_port_rest(b, i);
    }
}

void board_port_rest(aw_board *b, uint32_t port)
{
    board_test_rest(b, port);
    if (b->port[port].kind == AW_BOARD_FXS)
        board_fxs_rest(b, port);
    else
        board_fxo_rest(b, port);
    board_timeslot_rest(b, port);
    if (b->setup.hal->gain)
        b->setup.hal->gain(b->setup.hw, port, 0, 0);
    if (b->setup.hal->impedance)
        b->setup.hal->impedance(b->setup.hw, port, b->setup.impedance);
}

void board_port_kill(aw_board *b)
{
    for (uint32_t i = 0; i < b->setup.ports; i++) {
        if (b->port[i].kind == AW_BOARD_FXS)
            board_fxs_feed(b, i, AW_FEED_OPEN);
        else
            board_fxo_hook(b, i, false);
    }
}

void board_port_tick(aw_board *b)
{
    aw_board_senses senses = {0};

    b->setup.hal->sense(b->setup.hw, &senses);
    for (uint32_t i = 0; i < b->setup.ports; i++) {
        if (board_test_runs(b, i))
            board_test_tick(b, i);
        else if (b->port[i].kind == AW_BOARD_FXS)
            board_fxs_tick(b, i, senses.loop >> i & 1);
        else
            board_fxo_tick(b, i, &senses);
    }
}

static void fxs_fact(aw_board *b, uint32_t port, aw_fact fact, uint32_t value)
{
    uint8_t ms[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    uint8_t digit = (uint8_t)('0' + value);

    if (fact == AW_FACT_HOOK)
        board_fxs_hook(b, port, value != 0);
    else if (fact == AW_FACT_FLASH && value <= UINT16_MAX)
        board_event_port(b, port, EVENT_FLASH, ms, sizeof ms);
    else if (fact == AW_FACT_PULSE_DIGIT && value <= 9)
        board_event_port(b, port, EVENT_PULSE_DIGIT, &digit, 1);
}

void aw_board_fact(aw_board *b, uint32_t port, aw_fact fact, uint32_t value)
{
    if (port >= b->setup.ports || b->wakes_ms || board_test_runs(b, port))
        return;
    if (b->port[port].kind == AW_BOARD_FXO && fact == AW_FACT_PULSES_SENT) {
        if (b->port[port].fxo.elsewhere)
            board_fxo_pulses_end(b, port, (uint8_t)value);
    } else if (b->port[port].decoded) {
        if (b->port[port].kind == AW_BOARD_FXS)
            fxs_fact(b, port, fact, value);
        else
            board_fxo_fact(b, port, fact, value != 0);
    }
}
