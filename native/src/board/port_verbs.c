/* SPDX-License-Identifier: MIT */
/* Verbs of one line: class PORT of docs/reference/qhi.md. */
#include "board/board.h"

#include "board/bytes.h"

enum {
    RING_STEP_LEAST_MS = 50,
    RING_STEP_MOST_MS = 10000,
    OPEN_LEAST_MS = 50,
    OPEN_MOST_MS = 1500,
    FLASH_LEAST_MS = 90,
    FLASH_MOST_MS = 1000,
    PULSE_LEAST_MS = 5, /* a break or a make */
    PULSE_MOST_MS = 200,
    BETWEEN_LEAST_MS = 200,
    BETWEEN_MOST_MS = 2000,
    WINDOW_LEAST_MS = 101,
    WINDOW_MOST_MS = 3000,
    GAIN_MOST = 120, /* 0.1 dB */
    NOT_MEASURED = 0x8000
};

static bool is_within(uint32_t value, uint32_t least, uint32_t most)
{
    return value >= least && value <= most;
}

/* Any port */

static uint32_t state(aw_board *b, struct request *r)
{
    board_port_state(&b->port[r->port], r->out);
    r->results = 2;
    return AW_BOARD_OK;
}

static uint32_t gain(aw_board *b, struct request *r)
{
    int32_t receive = (int16_t)get16(r->args), send = (int16_t)get16(r->args + 2);

    if (receive < -GAIN_MOST || receive > GAIN_MOST)
        return out_of_range(r, 0);
    if (send < -GAIN_MOST || send > GAIN_MOST)
        return out_of_range(r, 2);
    if (!b->setup.hal->gain)
        return AW_BOARD_UNSUPPORTED;
    b->setup.hal->gain(b->setup.hw, r->port, receive, send);
    return AW_BOARD_OK;
}

static uint32_t impedance(aw_board *b, struct request *r)
{
    if (b->setup.hal->impedance)
        return b->setup.hal->impedance(b->setup.hw, r->port, r->args[0]);
    return r->args[0] == 0 ? AW_BOARD_OK : out_of_range(r, 0);
}

static uint32_t meter(aw_board *b, struct request *r)
{
    int16_t volts = (int16_t)NOT_MEASURED, milliamps = (int16_t)NOT_MEASURED;

    if (b->setup.hal->meter)
        b->setup.hal->meter(b->setup.hw, r->port, &volts, &milliamps);
    put16(r->out, (uint16_t)volts);
    put16(r->out + 2, (uint16_t)milliamps);
    r->results = 4;
    return AW_BOARD_OK;
}

/* Telephones */

static uint32_t linefeed(aw_board *b, struct request *r)
{
    if (r->args[0] > AW_FEED_RING_OPEN || r->args[0] == AW_FEED_RINGING)
        return AW_BOARD_BAD_ARG;
    board_fxs_feed(b, r->port, r->args[0]);
    return AW_BOARD_OK;
}

static uint32_t ring(aw_board *b, struct request *r)
{
    uint8_t steps = r->args[0];
    uint16_t step_ms[RING_STEPS];

    if (steps < 2 || steps > RING_STEPS || steps % 2 != 0 || r->length < 1u + 2u * steps)
        return AW_BOARD_BAD_ARG;
    for (uint8_t i = 0; i < steps; i++) {
        step_ms[i] = get16(r->args + 1 + 2 * i);
        if (!is_within(step_ms[i], RING_STEP_LEAST_MS, RING_STEP_MOST_MS))
            return out_of_range(r, (uint8_t)(1 + 2 * i));
    }
    if (board_port_off_hook(&b->port[r->port]))
        return AW_BOARD_BAD_STATE;
    board_fxs_ring(b, r->port, step_ms, steps);
    return AW_BOARD_OK;
}

static uint32_t ring_stop(aw_board *b, struct request *r)
{
    if (board_port_ringing(&b->port[r->port]))
        board_fxs_feed(b, r->port, AW_FEED_ACTIVE);
    return AW_BOARD_OK;
}

static uint32_t open_loop(aw_board *b, struct request *r)
{
    uint32_t ms = get16(r->args);

    if (!is_within(ms, OPEN_LEAST_MS, OPEN_MOST_MS))
        return out_of_range(r, 0);
    board_fxs_open_loop(b, r->port, ms);
    return AW_BOARD_OK;
}

static uint32_t flash_window(aw_board *b, struct request *r)
{
    uint16_t least = get16(r->args), most = get16(r->args + 2);

    if (least < WINDOW_LEAST_MS || least > most || most > WINDOW_MOST_MS)
        return out_of_range(r, 0);
    b->port[r->port].fxs.flash_least_ms = least;
    b->port[r->port].fxs.flash_most_ms = most;
    return AW_BOARD_OK;
}

static uint32_t message_lamp(aw_board *b, struct request *r)
{
    if (r->args[0] > 1)
        return AW_BOARD_BAD_ARG;
    if (!b->setup.hal->message_lamp)
        return AW_BOARD_UNSUPPORTED;
    return b->setup.hal->message_lamp(b->setup.hw, r->port, r->args[0]);
}

/* Office lines */

static uint32_t hook(aw_board *b, struct request *r)
{
    if (r->args[0] > 1)
        return AW_BOARD_BAD_ARG;
    board_fxo_hook(b, r->port, r->args[0] == 1);
    return AW_BOARD_OK;
}

static uint32_t flash(aw_board *b, struct request *r)
{
    uint32_t ms = get16(r->args);

    if (!is_within(ms, FLASH_LEAST_MS, FLASH_MOST_MS))
        return out_of_range(r, 0);
    if (!board_port_off_hook(&b->port[r->port]))
        return AW_BOARD_BAD_STATE;
    return board_fxo_flash(b, r->port, ms);
}

/* Returns 0 when the digits make sense. */
static uint32_t read_digits(const struct request *r, aw_board_pulses *out)
{
    const uint8_t *digits = r->args + 7;

    out->count = r->args[6];
    if (!is_within(out->count, 1, sizeof out->digits) || r->length < 7u + out->count)
        return AW_BOARD_BAD_ARG;
    for (uint32_t i = 0; i < out->count; i++) {
        if (!is_within(digits[i], '0', '9'))
            return AW_BOARD_BAD_ARG;
        out->digits[i] = (uint8_t)(digits[i] - '0');
    }
    return AW_BOARD_OK;
}

static uint32_t pulse(aw_board *b, struct request *r)
{
    const struct port *p = &b->port[r->port];
    aw_board_pulses pulses = {.break_ms = get16(r->args),
                              .make_ms = get16(r->args + 2),
                              .between_ms = get16(r->args + 4)};

    if (read_digits(r, &pulses) != AW_BOARD_OK)
        return AW_BOARD_BAD_ARG;
    if (!is_within(pulses.break_ms, PULSE_LEAST_MS, PULSE_MOST_MS))
        return out_of_range(r, 0);
    if (!is_within(pulses.make_ms, PULSE_LEAST_MS, PULSE_MOST_MS))
        return out_of_range(r, 2);
    if (!is_within(pulses.between_ms, BETWEEN_LEAST_MS, BETWEEN_MOST_MS))
        return out_of_range(r, 4);
    if (board_fxo_pulses(&p->fxo))
        return AW_BOARD_BUSY;
    if (!board_port_off_hook(p))
        return AW_BOARD_BAD_STATE;
    return board_fxo_pulse(b, r->port, &pulses, r->seq, r->tag);
}

static uint32_t monitor(aw_board *b, struct request *r)
{
    if (r->args[0] > 1)
        return AW_BOARD_BAD_ARG;
    board_fxo_monitor(b, r->port, r->args[0] == 1);
    return AW_BOARD_OK;
}

const struct verb board_port_verbs[] = {
    {QHI_PORT, PORT_STATE, OF_PORTS, 0, state},
    {QHI_PORT, PORT_LINEFEED, OF_FXS, 1, linefeed},
    {QHI_PORT, PORT_RING, OF_FXS, 1, ring},
    {QHI_PORT, PORT_RING_STOP, OF_FXS, 0, ring_stop},
    {QHI_PORT, PORT_OPEN_LOOP, OF_FXS, 2, open_loop},
    {QHI_PORT, PORT_HOOK, OF_FXO, 1, hook},
    {QHI_PORT, PORT_FLASH, OF_FXO, 2, flash},
    {QHI_PORT, PORT_PULSE, OF_FXO, 7, pulse},
    {QHI_PORT, PORT_GAIN, OF_PORTS, 4, gain},
    {QHI_PORT, PORT_IMPEDANCE, OF_PORTS, 1, impedance},
    {QHI_PORT, PORT_FLASH_WINDOW, OF_FXS, 4, flash_window},
    {QHI_PORT, PORT_MONITOR, OF_FXO, 1, monitor},
    {QHI_PORT, PORT_METER, OF_PORTS, 0, meter},
    {QHI_PORT, PORT_MESSAGE_LAMP, OF_FXS, 1, message_lamp},
    {0, 0, 0, 0, NULL},
};
