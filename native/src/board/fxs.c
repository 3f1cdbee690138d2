/* SPDX-License-Identifier: MIT */
/* One telephone's line: feeds and rings it, reads its hook switch (docs/reference/qhi.md, "What
 * the board decides").
 *
 * A break of the loop is a pulse, a flash or a hang-up by how long it lasts:
 *
 *     18..110 ms      a pulse; the digit is complete after a make of 200 ms
 *     the window      a flash, 280..1120 ms unless the host sets another
 *     longer          on-hook
 *     anything else   nothing */
#include "board/board.h"

#include <string.h>

enum {
    LOOP_HOLD_MS = 5, /* what is seen in one look only is a bounce of the contacts */
    OFF_HOOK_HOLD_MS = 20,
    TRIP_HOLD_MS = 60, /* longer than a period of 20 Hz: ringing current is no loop */
    BREAK_LEAST_MS = 18,
    BREAK_MOST_MS = 110,
    DIGIT_MAKE_MS = 200,
    TEN_PULSES = 10,
    FLASH_LEAST_MS = 280,
    FLASH_MOST_MS = 1120
};

bool board_fxs_rings(const struct fxs *f)
{
    return f->step_end_ms != NEVER_MS;
}

bool board_fxs_is_opening(const struct fxs *f)
{
    return f->reopen_ms != NEVER_MS;
}

/* Whether loop current can flow at all: without, nothing can be known of the hook switch. */
static bool feeds(uint8_t feed)
{
    return feed == AW_FEED_ACTIVE || feed == AW_FEED_ON_HOOK_TRANSMISSION ||
           feed == AW_FEED_RINGING || feed == AW_FEED_ACTIVE_REVERSED ||
           feed == AW_FEED_ON_HOOK_TRANSMISSION_REVERSED;
}

static void apply(aw_board *b, uint32_t port, uint8_t feed)
{
    b->port[port].fxs.feed = feed;
    b->setup.hal->linefeed(b->setup.hw, port, feed);
}

void board_fxs_power_up(aw_board *b, uint32_t port)
{
    struct fxs *f = &b->port[port].fxs;

    f->loop = (struct debounced){.on_ms = LOOP_HOLD_MS, .off_ms = LOOP_HOLD_MS};
    board_debounce_set(&f->loop, false, now_ms(b));
    f->hook = HOOK_ON;
    f->feed_before = AW_FEED_ACTIVE;
}

void board_fxs_rest(aw_board *b, uint32_t port)
{
    b->port[port].fxs.flash_least_ms = FLASH_LEAST_MS;
    b->port[port].fxs.flash_most_ms = FLASH_MOST_MS;
    board_fxs_feed(b, port, AW_FEED_ACTIVE);
}

void board_fxs_feed(aw_board *b, uint32_t port, uint8_t feed)
{
    b->port[port].fxs.step_end_ms = NEVER_MS;
    b->port[port].fxs.reopen_ms = NEVER_MS;
    apply(b, port, feed);
}

void board_fxs_ring(aw_board *b, uint32_t port, const uint16_t *step_ms, uint8_t steps)
{
    struct fxs *f = &b->port[port].fxs;

    memcpy(f->step_ms, step_ms, steps * sizeof *step_ms);
    f->steps = steps;
    f->step = 0;
    f->step_end_ms = now_ms(b) + step_ms[0];
    f->reopen_ms = NEVER_MS;
    apply(b, port, AW_FEED_RINGING);
}

void board_fxs_open_loop(aw_board *b, uint32_t port, uint32_t ms)
{
    struct fxs *f = &b->port[port].fxs;

    if (f->reopen_ms == NEVER_MS) /* else it is open already, and what was before still counts */
        f->feed_before = board_fxs_rings(f) ? AW_FEED_ACTIVE : f->feed;
    f->step_end_ms = NEVER_MS;
    f->reopen_ms = now_ms(b) + ms;
    apply(b, port, AW_FEED_OPEN);
}

static void step_cadence(aw_board *b, uint32_t port)
{
    struct fxs *f = &b->port[port].fxs;

    f->step = (uint8_t)((f->step + 1) % f->steps);
    f->step_end_ms += f->step_ms[f->step];
    apply(b, port, f->step % 2 == 0 ? AW_FEED_RINGING : AW_FEED_ON_HOOK_TRANSMISSION);
}

void board_fxs_hook(aw_board *b, uint32_t port, bool off_hook)
{
    struct fxs *f = &b->port[port].fxs;
    uint8_t value = off_hook;

    f->pulses = 0;
    if ((f->hook != HOOK_ON) == off_hook)
        return;
    f->hook = off_hook ? HOOK_OFF : HOOK_ON;
    if (off_hook && board_fxs_rings(f)) {
        board_fxs_feed(b, port, AW_FEED_ACTIVE);
        board_event_port(b, port, EVENT_RING_TRIP, NULL, 0);
    }
    board_event_port(b, port, EVENT_HOOK, &value, 1);
}

/* Say what a break of the loop was, now that it is over. */
static void read_break(aw_board *b, uint32_t port, uint64_t length_ms)
{
    struct fxs *f = &b->port[port].fxs;
    uint8_t ms[2] = {(uint8_t)length_ms, (uint8_t)(length_ms >> 8)};

    if (length_ms >= BREAK_LEAST_MS && length_ms <= BREAK_MOST_MS) {
        if (f->pulses <= TEN_PULSES) /* an eleventh spoils the digit, more don't matter */
            f->pulses++;
        return;
    }
    f->pulses = 0;
    if (length_ms >= f->flash_least_ms && length_ms <= f->flash_most_ms)
        board_event_port(b, port, EVENT_FLASH, ms, sizeof ms);
}

static void end_digit(aw_board *b, uint32_t port)
{
    struct fxs *f = &b->port[port].fxs;
    uint8_t digit = (uint8_t)('0' + f->pulses % TEN_PULSES);

    if (f->pulses <= TEN_PULSES)
        board_event_port(b, port, EVENT_PULSE_DIGIT, &digit, 1);
    f->pulses = 0;
}

/* The loop has been open for less than a hang-up takes, so far. */
static void decide_break(aw_board *b, uint32_t port, uint64_t lasted_ms)
{
    struct fxs *f = &b->port[port].fxs;

    if (f->loop.value) {
        f->hook = HOOK_OFF;
        read_break(b, port, f->loop.since_ms - f->break_began_ms);
    } else if (lasted_ms > f->flash_most_ms && feeds(f->feed)) {
        board_fxs_hook(b, port, false);
    }
}

static void decide(aw_board *b, uint32_t port)
{
    struct fxs *f = &b->port[port].fxs;
    bool changed = board_debounce_settle(&f->loop, now_ms(b));
    bool closed = f->loop.value;
    uint64_t lasted_ms = now_ms(b) - f->loop.since_ms;
    uint32_t hold_ms = f->feed == AW_FEED_RINGING ? TRIP_HOLD_MS : OFF_HOOK_HOLD_MS;

    if (f->hook == HOOK_BREAK) {
        decide_break(b, port, lasted_ms);
    } else if (f->hook == HOOK_ON) {
        if (closed && lasted_ms >= hold_ms)
            board_fxs_hook(b, port, true);
    } else if (changed && !closed) {
        f->break_began_ms = f->loop.since_ms;
        f->hook = HOOK_BREAK;
    } else if (f->pulses > 0 && lasted_ms >= DIGIT_MAKE_MS) {
        end_digit(b, port);
    }
}

void board_fxs_tick(aw_board *b, uint32_t port, bool loop)
{
    struct fxs *f = &b->port[port].fxs;
    uint64_t now = now_ms(b);

    if (now >= f->reopen_ms)
        board_fxs_feed(b, port, f->feed_before);
    if (now >= f->step_end_ms)
        step_cadence(b, port);
    if (b->port[port].decoded)
        return;
    if (feeds(f->feed))
        board_debounce_see(&f->loop, loop, now);
    decide(b, port);
}
