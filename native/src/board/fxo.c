/* SPDX-License-Identifier: MIT */
/* One line of an office: closes its loop as a telephone would, watches battery and ringing
 * (docs/reference/qhi.md, "What the board decides"). */
#include "board/board.h"

#include "board/bytes.h"

enum {
    RING_ON_MS = 64,
    RING_OFF_MS = 150,
    BATTERY_MS = 64,
    POLARITY_MS = 64,
    LONGEST_AWAY_MS = 65535,
    TEN_PULSES = 10
};

static void close_loop(aw_board *b, uint32_t port, bool closed)
{
    b->setup.hal->hook(b->setup.hw, port, closed);
}

bool board_fxo_pulses(const struct fxo *f)
{
    return f->elsewhere || f->switching >= SWITCH_BREAK;
}

void board_fxo_power_up(aw_board *b, uint32_t port, const aw_board_senses *senses)
{
    struct fxo *f = &b->port[port].fxo;
    uint64_t now = now_ms(b);

    f->ring = (struct debounced){.on_ms = RING_ON_MS, .off_ms = RING_OFF_MS};
    f->battery = (struct debounced){.on_ms = BATTERY_MS, .off_ms = BATTERY_MS};
    f->reversed = (struct debounced){.on_ms = POLARITY_MS, .off_ms = POLARITY_MS};
    board_debounce_set(&f->ring, false, now);
    board_debounce_set(&f->battery, senses->battery >> port & 1, now);
    board_debounce_set(&f->reversed, senses->reversed >> port & 1, now);
}

void board_fxo_rest(aw_board *b, uint32_t port)
{
    board_fxo_hook(b, port, false);
    board_fxo_monitor(b, port, true);
}

void board_fxo_monitor(aw_board *b, uint32_t port, bool on)
{
    b->port[port].fxo.monitor = on;
    if (b->setup.hal->monitor)
        b->setup.hal->monitor(b->setup.hw, port, on);
}

/* Hook, flash and pulses */

void board_fxo_pulses_end(aw_board *b, uint32_t port, uint8_t result)
{
    struct fxo *f = &b->port[port].fxo;
    uint8_t sent[4] = {0, 0, f->request_tag, result};

    f->elsewhere = false;
    put16(sent, f->request_seq);
    board_event_port(b, port, EVENT_PULSES_SENT, sent, sizeof sent);
}

static void cut_short(aw_board *b, uint32_t port)
{
    struct fxo *f = &b->port[port].fxo;
    bool pulsed = board_fxo_pulses(f);

    f->switching = SWITCH_RESTS;
    if (pulsed)
        board_fxo_pulses_end(b, port, AW_BOARD_BAD_STATE);
}

void board_fxo_hook(aw_board *b, uint32_t port, bool closed)
{
    cut_short(b, port);
    b->port[port].fxo.off_hook = closed;
    close_loop(b, port, closed);
}

uint32_t board_fxo_flash(aw_board *b, uint32_t port, uint32_t ms)
{
    struct fxo *f = &b->port[port].fxo;

    cut_short(b, port);
    if (b->setup.hal->flash)
        return b->setup.hal->flash(b->setup.hw, port, ms);
    f->switching = SWITCH_FLASH;
    f->switch_ms = now_ms(b) + ms;
    close_loop(b, port, false);
    return AW_BOARD_OK;
}

static void begin_digit(struct fxo *f, uint8_t which)
{
    f->digit = which;
    f->breaks = f->pulses.digits[which] ? f->pulses.digits[which] : TEN_PULSES;
}

uint32_t board_fxo_pulse(aw_board *b, uint32_t port, const aw_board_pulses *pulses, uint16_t seq,
                         uint8_t tag)
{
    struct fxo *f = &b->port[port].fxo;

    cut_short(b, port);
    f->request_seq = seq;
    f->request_tag = tag;
    if (b->setup.hal->pulse) {
        uint32_t result = b->setup.hal->pulse(b->setup.hw, port, pulses);
        f->elsewhere = result == AW_BOARD_OK;
        return result;
    }
    f->pulses = *pulses;
    begin_digit(f, 0);
    f->switching = SWITCH_BREAK;
    f->switch_ms = now_ms(b) + pulses->break_ms;
    close_loop(b, port, false);
    return AW_BOARD_OK;
}

/* The make after a digit's last break is over: pause before the next digit, or be done. */
static void end_digit(aw_board *b, uint32_t port)
{
    struct fxo *f = &b->port[port].fxo;

    if (f->digit + 1 < f->pulses.count) {
        begin_digit(f, (uint8_t)(f->digit + 1));
        f->switching = SWITCH_BETWEEN;
        f->switch_ms += f->pulses.between_ms;
        return;
    }
    f->switching = SWITCH_RESTS;
    board_fxo_pulses_end(b, port, AW_BOARD_OK);
}

/* A part of flash or pulses is over: begin the next. */
static void switch_over(aw_board *b, uint32_t port)
{
    struct fxo *f = &b->port[port].fxo;

    switch (f->switching) {
    case SWITCH_FLASH:
        f->switching = SWITCH_RESTS;
        close_loop(b, port, true);
        break;
    case SWITCH_BREAK:
        f->breaks--;
        f->switching = SWITCH_MAKE;
        f->switch_ms += f->pulses.make_ms;
        close_loop(b, port, true);
        break;
    case SWITCH_MAKE:
        if (f->breaks == 0) {
            end_digit(b, port);
            break;
        }
        /* fall through */
    default:
        f->switching = SWITCH_BREAK;
        f->switch_ms += f->pulses.break_ms;
        close_loop(b, port, false);
    }
}

/* The office's end */

static void report_battery(aw_board *b, uint32_t port, uint64_t since_ms)
{
    const struct fxo *f = &b->port[port].fxo;
    uint64_t away_ms = f->battery.value ? f->battery.since_ms - since_ms : 0;
    uint8_t state[4] = {f->battery.value, 0, 0, 0};

    put16(state + 2, away_ms < LONGEST_AWAY_MS ? (uint32_t)away_ms : LONGEST_AWAY_MS);
    board_event_port(b, port, EVENT_BATTERY, state, sizeof state);
}

static void decide(aw_board *b, uint32_t port)
{
    struct fxo *f = &b->port[port].fxo;
    uint64_t since_ms = f->battery.since_ms;
    uint8_t on;

    if (board_debounce_settle(&f->ring, now_ms(b))) {
        on = f->ring.value;
        board_event_port(b, port, EVENT_RINGING, &on, 1);
    }
    if (board_debounce_settle(&f->battery, now_ms(b)))
        report_battery(b, port, since_ms);
    if (board_debounce_settle(&f->reversed, now_ms(b))) {
        on = f->reversed.value;
        board_event_port(b, port, EVENT_POLARITY, &on, 1);
    }
}

void board_fxo_tick(aw_board *b, uint32_t port, const aw_board_senses *senses)
{
    struct fxo *f = &b->port[port].fxo;
    uint64_t now = now_ms(b);
    bool ring = senses->ring >> port & 1;
    bool battery = senses->battery >> port & 1;

    while (f->switching != SWITCH_RESTS && now >= f->switch_ms)
        switch_over(b, port);
    if (b->port[port].decoded)
        return;
    board_debounce_see(&f->ring, ring, now);
    if (f->switching == SWITCH_RESTS && !f->elsewhere) { /* else it is our own doing */
        board_debounce_see(&f->battery, battery, now);
        if (battery && !ring && !f->ring.value)
            board_debounce_see(&f->reversed, senses->reversed >> port & 1, now);
    }
    decide(b, port);
}

/* The hardware has done the debouncing: believe at once. */
static bool believe(aw_board *b, struct debounced *d, bool on)
{
    if (d->value == on)
        return false;
    board_debounce_set(d, on, now_ms(b));
    return true;
}

void board_fxo_fact(aw_board *b, uint32_t port, aw_fact fact, bool on)
{
    struct fxo *f = &b->port[port].fxo;
    uint64_t since_ms = f->battery.since_ms;
    uint8_t value = on;

    if (fact == AW_FACT_RINGING && believe(b, &f->ring, on))
        board_event_port(b, port, EVENT_RINGING, &value, 1);
    else if (fact == AW_FACT_POLARITY && believe(b, &f->reversed, on))
        board_event_port(b, port, EVENT_POLARITY, &value, 1);
    else if (fact == AW_FACT_BATTERY && believe(b, &f->battery, on))
        report_battery(b, port, since_ms);
}
