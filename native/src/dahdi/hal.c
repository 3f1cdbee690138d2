/* SPDX-License-Identifier: MIT */
/* What the core orders of its hardware, in DAHDI's words (aw_board_hal).
 *
 * The kernel has a small machine for each channel, and says EBUSY in some of its states: after it
 * has dropped the battery it wants to rest for 300 ms.  What it refused so is ordered again. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "dahdi/gateway.h"

enum {
    TRANSFER_MS = 10000, /* longer than any pause between rings */
    MILLIVOLTS_PER_TENTH = 100,
    REPLACE = 2
};

static struct channel *channel_of(void *hw, uint32_t port)
{
    return &((aw_dahdi *)hw)->channel[port];
}

/* EINPROGRESS is success: what was begun goes on by itself. */
static int32_t order_hook(aw_dahdi *g, const struct channel *c, int32_t order)
{
    int32_t result = dahdi_order(g, c, DAHDI_HOOK, order);

    return result == -EINPROGRESS ? 0 : result;
}

/* Telephones */

static bool is_reversed(uint8_t feed)
{
    return feed == AW_FEED_ACTIVE_REVERSED || feed == AW_FEED_ON_HOOK_TRANSMISSION_REVERSED;
}

static void turn_polarity(aw_dahdi *g, struct channel *c)
{
    bool backwards = is_reversed(c->feed);

    if (c->can & CAN_REVERSE && backwards != c->backwards) {
        dahdi_order(g, c, DAHDI_SETPOLARITY, backwards);
        c->backwards = backwards;
    }
}

/* RINGOFF is the state of rest, out of which alone the kernel rings; ONHOOK would drop the battery
 * of a telephone that is off-hook.  OFFHOOK is a conversation, and ends a ringing that was
 * answered.
 */
static int32_t feed_order(aw_dahdi *g, const struct channel *c)
{
    int32_t result;

    switch (c->feed) {
    case AW_FEED_RINGING:
        result = order_hook(g, c, HOOK_ORDER_RINGOFF);
        return result < 0 ? result : order_hook(g, c, HOOK_ORDER_RING);
    case AW_FEED_OPEN:
    case AW_FEED_TIP_OPEN:
    case AW_FEED_RING_OPEN: /* it empties the buffers, too: an underrun will be told */
        return order_hook(g, c, HOOK_ORDER_ONHOOK);
    default:
        return order_hook(g, c, c->off_hook ? HOOK_ORDER_OFFHOOK : HOOK_ORDER_RINGOFF);
    }
}

void dahdi_feed(aw_dahdi *g, struct channel *c)
{
    turn_polarity(g, c);
    c->pending = feed_order(g, c) == -EBUSY;
    if (c->feed == AW_FEED_ON_HOOK_TRANSMISSION || c->feed == AW_FEED_ON_HOOK_TRANSMISSION_REVERSED)
        dahdi_order(g, c, DAHDI_ONHOOKTRANSFER, TRANSFER_MS); /* drivers without always transmit */
}

static void linefeed(void *hw, uint32_t port, uint32_t feed)
{
    struct channel *c = channel_of(hw, port);

    c->feed = (uint8_t)feed;
    dahdi_feed(hw, c);
}

static uint32_t message_lamp(void *hw, uint32_t port, uint32_t on)
{
    int32_t result = dahdi_order(hw, channel_of(hw, port), (uint32_t)DAHDI_VMWI, on != 0);

    return result < 0 ? AW_BOARD_UNSUPPORTED : AW_BOARD_OK;
}

/* Lines of the office */

/* An ONHOOK too many would start the kernel's two seconds of deafness to ringing anew. */
static void hook(void *hw, uint32_t port, uint32_t closed)
{
    struct channel *c = channel_of(hw, port);

    if (!closed && !c->closed && !c->pending)
        return;
    if (!closed || c->dialing)
        c->prime = 1;   /* the kernel's buffers are empty */
    c->dialing = false; /* any order to the hook ends it */
    c->closed = closed != 0;
    c->pending = order_hook(hw, c, closed ? HOOK_ORDER_OFFHOOK : HOOK_ORDER_ONHOOK) == -EBUSY;
}

static uint32_t ended(int32_t result)
{
    if (result >= 0)
        return AW_BOARD_OK;
    return result == -EBUSY ? AW_BOARD_BUSY : AW_BOARD_HW_FAULT;
}

static uint32_t flash(void *hw, uint32_t port, uint32_t ms)
{
    struct channel *c = channel_of(hw, port);
    struct dahdi_params params;
    int32_t result = dahdi_ask(hw, c, &params);

    if (result < 0)
        return ended(result);
    params.flashtime = (int32_t)ms;
    result = dahdi_ioctl(hw, c, DAHDI_SET_PARAMS, &params);
    return ended(result < 0 ? result : order_hook(hw, c, HOOK_ORDER_FLASH));
}

static uint32_t pulse(void *hw, uint32_t port, const aw_board_pulses *pulses)
{
    struct channel *c = channel_of(hw, port);
    struct dahdi_dial dial = {.op = REPLACE, .digits = "P"};
    struct dahdi_params params;
    int32_t result = dahdi_ask(hw, c, &params);

    if (result < 0)
        return ended(result);
    params.pulsebreaktime = pulses->break_ms;
    params.pulsemaketime = pulses->make_ms;
    params.pulseaftertime = pulses->between_ms;
    for (uint32_t i = 0; i < pulses->count; i++)
        dial.digits[1 + i] = (char)('0' + pulses->digits[i]);
    result = dahdi_ioctl(hw, c, DAHDI_SET_PARAMS, &params);
    if (result >= 0)
        result = dahdi_ioctl(hw, c, DAHDI_DIAL, &dial);
    c->dialing = result >= 0;
    return ended(result);
}

/* Either */

static void sense(void *hw, aw_board_senses *out)
{
    const aw_dahdi *g = hw;

    for (uint32_t i = 0; i < g->n; i++) {
        const struct channel *c = &g->channel[i];
        out->loop |= (uint32_t)c->off_hook << i;
        out->battery |= (uint32_t)c->battery << i;
        out->ring |= (uint32_t)c->ringing << i;
        out->reversed |= (uint32_t)c->reversed << i;
    }
}

static int32_t factor(int32_t tenths)
{
    return (int32_t)lround(UNITY * pow(10.0, tenths / 200.0));
}

static void gain(void *hw, uint32_t port, int32_t receive, int32_t send)
{
    struct channel *c = channel_of(hw, port);

    c->gain_in = factor(receive);
    c->gain_out = factor(send);
}

static void meter(void *hw, uint32_t port, int16_t *volts, int16_t *milliamps)
{
    struct channel *c = channel_of(hw, port);
    struct wctdm_stats stats;

    (void)milliamps; /* no driver measures it */
    if (!(c->can & CAN_MEASURE) || dahdi_ioctl(hw, c, (uint32_t)WCTDM_GET_STATS, &stats) < 0)
        return;
    int32_t mv = c->kind == AW_BOARD_FXS ? stats.tip_mv - stats.ring_mv : stats.tip_mv;
    *volts = (int16_t)(mv / MILLIVOLTS_PER_TENTH);
}

const aw_board_hal dahdi_hal = {.sense = sense,
                                .linefeed = linefeed,
                                .hook = hook,
                                .flash = flash,
                                .pulse = pulse,
                                .gain = gain,
                                .meter = meter,
                                .message_lamp = message_lamp};

void dahdi_again(aw_dahdi *g, struct channel *c)
{
    if (!c->pending)
        return;
    if (c->kind == AW_BOARD_FXS)
        dahdi_feed(g, c);
    else
        hook(g, (uint32_t)(c - g->channel), c->closed);
}

void dahdi_rest(aw_dahdi *g, struct channel *c)
{
    order_hook(g, c, c->kind == AW_BOARD_FXS ? HOOK_ORDER_RINGOFF : HOOK_ORDER_ONHOOK);
}
