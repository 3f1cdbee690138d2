/* SPDX-License-Identifier: MIT */
/* What the kernel has seen on a channel, told to the core.
 *
 * A telephone's hook, flash and pulses are measured by the kernel and come as events, which the
 * core believes.  An office's battery and ringing are levels: the kernel tells of their edges only
 * while its mood allows (not the end of a break of battery, no ringing for 2 s after a hang-up), so
 * they are looked at, and the core debounces them as on any board. */
#include <ctype.h>

#include "dahdi/gateway.h"

enum { EVENTS_MOST = 64 /* the kernel keeps no more */, POWER = 0, TEN = 10 };

static bool is_in_use(const struct channel *c)
{
    return c->off_hook || c->closed;
}

static void hang_up(aw_dahdi *g, struct channel *c, uint32_t port)
{
    c->off_hook = false;
    aw_board_fact(g->board, port, AW_FACT_HOOK, 0);
    dahdi_feed(g, c); /* only from rest can it be rung again */
}

/* The core ends the ringing that was answered; the kernel alone would ring on. */
static void lift(aw_dahdi *g, struct channel *c, uint32_t port)
{
    c->off_hook = true;
    aw_board_fact(g->board, port, AW_FACT_HOOK, 1);
    dahdi_feed(g, c);
}

static void take_hook(aw_dahdi *g, struct channel *c, uint32_t port, int32_t event)
{
    if (c->kind != AW_BOARD_FXS)
        dahdi_observe(g, c);
    else if (event == DAHDI_EVENT_ONHOOK)
        hang_up(g, c, port);
    else
        lift(g, c, port);
}

static void take_alarm(aw_dahdi *g, struct channel *c, uint32_t port, bool on)
{
    if (c->kind == AW_BOARD_FXS)
        aw_board_alarm(g->board, port, POWER, on, "reported by DAHDI");
    else
        dahdi_observe(g, c); /* no battery: the line is unplugged */
}

/* Lines at rest have neither hearers nor speakers: after a pause of ours the kernel complains. */
static void take_slip(aw_dahdi *g, struct channel *c, int32_t event)
{
    bool late = event == DAHDI_EVENT_WRITE_UNDERRUN;

    if (late && !c->dialing)
        c->prime = 1;
    if (is_in_use(c) && !c->dialing)
        dahdi_count(g, late ? COUNTS_UNDERRUNS : COUNTS_OVERRUNS);
}

static void take_dialled(aw_dahdi *g, struct channel *c, uint32_t port)
{
    if (!c->dialing)
        return;
    c->dialing = false;
    c->prime = 1;
    aw_board_fact(g->board, port, AW_FACT_PULSES_SENT, AW_BOARD_OK);
}

static void take_digit(aw_dahdi *g, uint32_t port, int32_t event)
{
    int digit = event & 0xff;

    if (event & DAHDI_EVENT_PULSEDIGIT && isdigit(digit)) /* DTMF is for the engine to hear */
        aw_board_fact(g->board, port, AW_FACT_PULSE_DIGIT, (uint32_t)(digit - '0') % TEN);
}

static void take(aw_dahdi *g, uint32_t port, int32_t event)
{
    struct channel *c = &g->channel[port];

    switch (event) {
    case DAHDI_EVENT_ONHOOK:
    case DAHDI_EVENT_RINGOFFHOOK:
    case DAHDI_EVENT_RINGBEGIN:
        take_hook(g, c, port, event);
        break;
    case DAHDI_EVENT_WINKFLASH: /* its length isn't told */
        aw_board_fact(g->board, port, AW_FACT_FLASH, 0);
        break;
    case DAHDI_EVENT_POLARITY:
        c->reversed = !c->reversed;
        break;
    case DAHDI_EVENT_ALARM:
    case DAHDI_EVENT_NOALARM:
        take_alarm(g, c, port, event == DAHDI_EVENT_ALARM);
        break;
    case DAHDI_EVENT_DIALCOMPLETE:
        take_dialled(g, c, port);
        break;
    case DAHDI_EVENT_REMOVED:
        dahdi_note(g, COUNTS_REMOVED, c->number);
        g->gone = true;
        break;
    case DAHDI_EVENT_READ_OVERRUN:
    case DAHDI_EVENT_WRITE_UNDERRUN:
        take_slip(g, c, event);
        break;
    default: /* what we have ordered has happened */
        take_digit(g, port, event);
    }
}

void dahdi_drain(aw_dahdi *g, uint32_t port)
{
    struct channel *c = &g->channel[port];

    for (uint32_t i = 0; i < EVENTS_MOST && !g->gone; i++) {
        int32_t event = DAHDI_EVENT_NONE;
        if (dahdi_ioctl(g, c, (uint32_t)DAHDI_GETEVENT, &event) < 0 || event == DAHDI_EVENT_NONE)
            return;
        dahdi_count(g, COUNTS_EVENTS);
        take(g, port, event);
    }
}

void dahdi_observe(aw_dahdi *g, struct channel *c)
{
    struct dahdi_params params;

    if (dahdi_ask(g, c, &params) < 0)
        return;
    c->ringing = params.rxhooksig == RXSIG_RING;
    c->battery = params.rxhooksig != RXSIG_ONHOOK && params.chan_alarms == 0;
}
