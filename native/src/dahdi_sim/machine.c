/* SPDX-License-Identifier: MIT */
/* The kernel's machine for one channel: see aw/dahdi_sim.h. */
#include "dahdi_sim/kernel.h"

#include <errno.h>
#include <string.h>

enum {
    TICK_MS = AW_BOARD_FRAME_MS,
    KEWL_MS = 500,
    AFTERKEWL_MS = 300,
    PULSE_LEAST_MS = 15,
    PULSE_MOST_MS = 200,
    DIGIT_MS = 250,
    TRAILER_MS = 50,
    DEAF_MS = 2000,
    TEN_PULSES = 10,
    /* the card's own filters */
    LOOP_MS = 20,
    BREAK_MS = 10,
    TRIP_MS = 60,
    LINE_MS = 30,
    QUIET_MS = 60
};

void sim_event(struct line *l, int32_t event)
{
    if (!l->opened || l->events == EVENTS)
        return;
    l->event[(l->first_event + l->events++) % EVENTS] = event;
}

static void send(struct line *l, enum tx tx, int32_t ms)
{
    l->tx = tx;
    l->out_ms = ms;
}

void sim_stop_dialling(struct line *l)
{
    l->digits[0] = 0;
    l->digit = 0;
    if (l->tx == TX_PULSEBREAK || l->tx == TX_PULSEMAKE || l->tx == TX_PULSEAFTER)
        send(l, TX_OFFHOOK, 0);
}

void sim_reset(struct line *l)
{
    send(l, TX_ONHOOK, 0);
    l->break_ms = -1;
    l->pause_ms = l->trailer_ms = l->pulses = 0;
    l->lifted = l->battery_dropped = false;
    l->deaf_ms = DEAF_MS;
    l->first_event = l->events = 0;
    l->received.held = l->sent.held = 0;
    l->overrun = l->underrun = l->linear = l->tells_slips = false;
    sim_stop_dialling(l);
}

/* A telephone that is off-hook is told so by a break of its battery. */
void sim_hang_up(struct line *l)
{
    bool rests = l->params.rxhooksig == RXSIG_ONHOOK && l->break_ms < 0;

    l->deaf_ms = DEAF_MS;
    l->sent.held = l->received.held = 0;
    if (l->params.sigtype == SIG_FXOKS && l->tx != TX_ONHOOK && !rests)
        send(l, TX_KEWL, KEWL_MS);
    else
        send(l, TX_ONHOOK, 0);
}

static int32_t ring(struct line *l)
{
    if (!l->has_zone)
        return -ENODATA;
    if (l->tx != TX_ONHOOK)
        return -EBUSY;
    l->step = 0;
    send(l, TX_RINGON, l->cadence[0]);
    return -EINPROGRESS;
}

int32_t sim_hook(struct line *l, int32_t order)
{
    sim_stop_dialling(l);
    switch (order) {
    case HOOK_ORDER_ONHOOK:
        sim_hang_up(l);
        return 0;
    case HOOK_ORDER_OFFHOOK:
        if (l->tx == TX_KEWL || l->tx == TX_AFTERKEWL)
            return -EBUSY;
        send(l, TX_DEBOUNCE, l->params.debouncetime);
        return 0;
    case HOOK_ORDER_RING:
        return ring(l);
    case HOOK_ORDER_FLASH:
        if (l->tx != TX_OFFHOOK)
            return -EBUSY;
        send(l, TX_PREFLASH, l->params.preflashtime);
        return -EINPROGRESS;
    case HOOK_ORDER_RINGOFF:
        send(l, TX_ONHOOK, 0);
        return 0;
    default:
        return -EINVAL;
    }
}

/* Dialling */

static void next_digit(struct line *l)
{
    char digit = l->digits[l->digit];

    if (!digit) {
        l->digits[0] = 0;
        l->digit = 0;
        sim_event(l, DAHDI_EVENT_DIALCOMPLETE);
        return;
    }
    l->digit++;
    l->breaks = digit == '0' ? TEN_PULSES : digit - '0';
    send(l, TX_PULSEBREAK, l->params.pulsebreaktime);
}

void sim_dial(struct line *l, const char *digits)
{
    size_t n = strlen(digits);

    memcpy(l->digits, digits, n + 1);
    l->digit = 1; /* behind the P for pulses */
    next_digit(l);
}

/* Time of what is sent */

static void step_cadence(struct line *l)
{
    bool was_on = l->tx == TX_RINGON;

    l->step = (l->step + 1) % DAHDI_CADENCE_STEPS;
    if (l->cadence[l->step] == 0)
        l->step = 0;
    send(l, was_on ? TX_RINGOFF : TX_RINGON, l->cadence[l->step]);
    sim_event(l, was_on ? DAHDI_EVENT_RINGEROFF : DAHDI_EVENT_RINGERON);
}

static void end_battery_drop(struct line *l)
{
    if (l->battery_dropped)
        sim_event(l, DAHDI_EVENT_ONHOOK);
    l->battery_dropped = false;
    l->lifted = false;
    send(l, TX_ONHOOK, 0);
}

static void end_pulse(struct line *l)
{
    if (--l->breaks > 0)
        send(l, TX_PULSEBREAK, l->params.pulsebreaktime);
    else
        send(l, TX_PULSEAFTER, l->params.pulseaftertime);
}

static void end_debounce(struct line *l)
{
    send(l, TX_OFFHOOK, 0);
    if (sim_is_telephone(l) && l->params.rxhooksig == RXSIG_ONHOOK && l->lifted)
        l->break_ms = 0;
}

static void end_state(struct line *l)
{
    switch (l->tx) {
    case TX_DEBOUNCE:
        end_debounce(l);
        break;
    case TX_RINGON:
    case TX_RINGOFF:
        step_cadence(l);
        break;
    case TX_PREFLASH:
        send(l, TX_FLASH, l->params.flashtime);
        break;
    case TX_FLASH:
        send(l, TX_OFFHOOK, 0);
        sim_event(l, DAHDI_EVENT_HOOKCOMPLETE);
        break;
    case TX_KEWL:
        send(l, TX_AFTERKEWL, AFTERKEWL_MS);
        sim_event(l, DAHDI_EVENT_HOOKCOMPLETE);
        break;
    case TX_AFTERKEWL:
        end_battery_drop(l);
        break;
    case TX_PULSEBREAK:
        send(l, TX_PULSEMAKE, l->params.pulsemaketime);
        break;
    case TX_PULSEMAKE:
        end_pulse(l);
        break;
    default: /* TX_PULSEAFTER */
        send(l, TX_OFFHOOK, 0);
        next_digit(l);
    }
}

/* What is received: a telephone's loop */

static void loop_closed(struct line *l)
{
    int32_t broken_ms = l->break_ms;

    l->battery_dropped = false;
    l->break_ms = -1;
    if (broken_ms < 0) {
        if (!l->lifted)
            sim_event(l, DAHDI_EVENT_RINGOFFHOOK);
        l->lifted = true;
    } else if (broken_ms > PULSE_MOST_MS) {
        sim_event(l, DAHDI_EVENT_WINKFLASH);
    } else if (broken_ms >= PULSE_LEAST_MS) {
        l->pause_ms = DIGIT_MS;
        if (++l->pulses == 1)
            sim_event(l, DAHDI_EVENT_PULSE_START);
    }
}

static void loop_opened(struct line *l)
{
    if (l->tx == TX_KEWL)
        l->battery_dropped = true;
    else if (l->tx != TX_DEBOUNCE && l->tx != TX_AFTERKEWL && l->lifted)
        l->break_ms = 0;
}

static void time_loop(struct line *l)
{
    if (l->break_ms >= 0 && (l->break_ms += TICK_MS) >= l->params.rxflashtime) {
        l->break_ms = -1;
        l->lifted = false;
        sim_event(l, DAHDI_EVENT_ONHOOK);
    }
    if (l->pause_ms > 0 && (l->pause_ms -= TICK_MS) <= 0) {
        if (l->pulses <= TEN_PULSES)
            sim_event(l, DAHDI_EVENT_PULSEDIGIT | ('0' + l->pulses % TEN_PULSES));
        l->pulses = 0;
    }
}

/* ... and an office's line */

static void line_changed(struct line *l)
{
    if (l->params.rxhooksig == RXSIG_RING && l->deaf_ms == 0)
        sim_event(l, DAHDI_EVENT_RINGBEGIN);
    if (l->params.rxhooksig == RXSIG_ONHOOK && l->params.sigtype == SIG_FXSKS &&
        l->tx == TX_OFFHOOK)
        sim_event(l, DAHDI_EVENT_ONHOOK);
}

static void time_line(struct line *l)
{
    l->deaf_ms = l->deaf_ms > TICK_MS ? l->deaf_ms - TICK_MS : 0;
    if (l->params.rxhooksig == RXSIG_RING)
        l->trailer_ms = TRAILER_MS;
    else if (l->trailer_ms > 0 && (l->trailer_ms -= TICK_MS) <= 0 && l->deaf_ms == 0)
        sim_event(l, DAHDI_EVENT_RINGOFFHOOK);
}

/* The card believes what has lasted. */
static int32_t patience_ms(const struct line *l, int32_t shown)
{
    if (!sim_is_telephone(l))
        return shown == RXSIG_RING ? LINE_MS : QUIET_MS;
    if (shown == RXSIG_ONHOOK)
        return BREAK_MS;
    return l->tx == TX_RINGON ? TRIP_MS : LOOP_MS;
}

static bool settles(struct line *l, int32_t shown)
{
    if (shown == l->params.rxhooksig) {
        l->seen_ms = 0;
        return false;
    }
    l->seen_ms = shown == l->seen ? l->seen_ms + TICK_MS : TICK_MS;
    l->seen = shown;
    if (l->seen_ms < patience_ms(l, shown))
        return false;
    l->seen_ms = 0;
    l->params.rxhooksig = shown;
    return true;
}

void sim_see(struct line *l, int32_t shown)
{
    bool changed = settles(l, shown);

    l->params.rxisoffhook = l->params.rxhooksig != RXSIG_ONHOOK;
    if (sim_is_telephone(l)) {
        time_loop(l);
        if (changed && shown == RXSIG_OFFHOOK)
            loop_closed(l);
        else if (changed)
            loop_opened(l);
    } else {
        time_line(l);
        if (changed)
            line_changed(l);
    }
    if (l->out_ms > 0 && (l->out_ms -= TICK_MS) <= 0)
        end_state(l);
}
