/* SPDX-License-Identifier: MIT */
/* Verbs of the board itself: classes SYS and CLK of docs/reference/qhi.md. */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum { LOG_LEVELS = 4, FORMATS = 3, ADJUST_MOST = 20000 /* 0.01 ppm */ };

/* SYS */

static uint32_t nop(aw_board *b, struct request *r)
{
    (void)b;
    (void)r;
    return AW_BOARD_OK;
}

static uint32_t identify(aw_board *b, struct request *r)
{
    uint32_t seconds = get16(r->args);

    if (!b->setup.hal->lamp)
        return AW_BOARD_UNSUPPORTED;
    b->lamp_ms = seconds ? now_ms(b) + seconds * 1000u : 0;
    b->setup.hal->lamp(b->setup.hw, seconds > 0);
    return AW_BOARD_OK;
}

static uint32_t tell_time(aw_board *b, struct request *r)
{
    uint64_t us = b->samples * 125;

    put32(r->out, now_tick(b));
    put32(r->out + 4, (uint32_t)us);
    put32(r->out + 8, (uint32_t)(us >> 32));
    r->results = 12;
    return AW_BOARD_OK;
}

static uint32_t reset(aw_board *b, struct request *r)
{
    if (r->args[0] != 0)
        return out_of_range(r, 0);
    b->restart_as = AW_BOOT_ORDER;
    return AW_BOARD_OK;
}

static uint32_t watchdog(aw_board *b, struct request *r)
{
    b->watchdog_every_ms = get16(r->args);
    b->watchdog_ms = now_ms(b) + b->watchdog_every_ms;
    return AW_BOARD_OK;
}

static uint32_t kick(aw_board *b, struct request *r)
{
    (void)r;
    b->watchdog_ms = now_ms(b) + b->watchdog_every_ms;
    return AW_BOARD_OK;
}

static uint32_t selftest(aw_board *b, struct request *r)
{
    if (!b->setup.hal->selftest)
        return AW_BOARD_UNSUPPORTED;
    put32(r->out, b->setup.hal->selftest(b->setup.hw, r->args[0]));
    r->results = 4;
    return AW_BOARD_OK;
}

static uint32_t log_level(aw_board *b, struct request *r)
{
    if (r->args[0] >= LOG_LEVELS)
        return out_of_range(r, 0);
    b->log_level = r->args[0];
    return AW_BOARD_OK;
}

static uint32_t counters(aw_board *b, struct request *r)
{
    uint32_t first = r->args[0];

    if (first >= COUNTERS)
        return out_of_range(r, 0);
    r->out[0] = (uint8_t)first;
    r->out[1] = (uint8_t)(COUNTERS - first);
    for (uint32_t i = first; i < COUNTERS; i++)
        put32(r->out + 2 + 4 * (i - first), aw_board_count(b, i));
    r->results = (uint8_t)(2 + 4 * (COUNTERS - first));
    return AW_BOARD_OK;
}

static uint32_t clear_counters(aw_board *b, struct request *r)
{
    (void)r;
    memset(b->count, 0, sizeof b->count);
    b->deframer.bad = 0;
    return AW_BOARD_OK;
}

static uint32_t quiet(aw_board *b, struct request *r)
{
    (void)r;
    board_rest(b);
    return AW_BOARD_OK;
}

static uint32_t state(aw_board *b, struct request *r)
{
    (void)r;
    board_report_states(b);
    return AW_BOARD_OK;
}

static uint32_t board_meter(aw_board *b, struct request *r)
{
    int16_t reading[3] = {INT16_MIN, INT16_MIN, INT16_MIN}; /* not measured */

    if (b->setup.hal->vitals)
        b->setup.hal->vitals(b->setup.hw, &reading[0], &reading[1], &reading[2]);
    for (uint32_t i = 0; i < 3; i++)
        put16(r->out + 2 * i, (uint16_t)reading[i]);
    r->results = 6;
    return AW_BOARD_OK;
}

/* CLK */

static uint32_t start(aw_board *b, struct request *r)
{
    uint8_t ms = r->args[0], format = r->args[1], lead_ms = r->args[2];
    uint32_t ports = get32(r->args + 4);

    if (format >= FORMATS) {
        r->detail = 1;
        return AW_BOARD_BAD_ARG;
    }
    if (ms != AW_BOARD_FRAME_MS)
        return out_of_range(r, 0);
    if (lead_ms > PLAYOUT_FRAMES * AW_BOARD_FRAME_MS)
        return out_of_range(r, 2);
    if ((uint64_t)ports >> b->setup.ports != 0)
        return out_of_range(r, 4);
    board_stream_start(b, format, lead_ms, ports);
    return AW_BOARD_OK;
}

static uint32_t stop(aw_board *b, struct request *r)
{
    (void)r;
    board_stream_stop(b);
    return AW_BOARD_OK;
}

static uint32_t query(aw_board *b, struct request *r)
{
    r->out[0] = b->stream.running;
    r->out[1] = b->stream.ms;
    r->out[2] = b->stream.format;
    r->out[3] = b->stream.lead_ms;
    put32(r->out + 4, now_tick(b));
    put32(r->out + 8, b->count[COUNT_UNDERRUNS]);
    put32(r->out + 12, b->count[COUNT_SLIPS]);
    r->results = 16;
    return AW_BOARD_OK;
}

static uint32_t role(aw_board *b, struct request *r)
{
    (void)b;
    if (r->args[0] != 0 && r->args[0] != 0xff) /* FREE, or only tell */
        return out_of_range(r, 0);
    r->out[0] = 0;
    r->out[1] = 1; /* to itself */
    r->results = 2;
    return AW_BOARD_OK;
}

static uint32_t adjust(aw_board *b, struct request *r)
{
    int32_t hundredths = (int16_t)get16(r->args);

    if (!b->setup.hal->adjust)
        return AW_BOARD_UNSUPPORTED;
    if (hundredths < -ADJUST_MOST || hundredths > ADJUST_MOST)
        return out_of_range(r, 0);
    put16(r->out, (uint16_t)b->setup.hal->adjust(b->setup.hw, hundredths));
    r->results = 2;
    return AW_BOARD_OK;
}

const struct verb board_verbs[] = {
    {QHI_SYS, SYS_NOP, OF_BOARD, 0, nop},
    {QHI_SYS, SYS_IDENTIFY, OF_BOARD, 2, identify},
    {QHI_SYS, SYS_TIME, OF_BOARD, 0, tell_time},
    {QHI_SYS, SYS_RESET, OF_BOARD, 1, reset},
    {QHI_SYS, SYS_WATCHDOG, OF_BOARD, 2, watchdog},
    {QHI_SYS, SYS_KICK, OF_BOARD, 0, kick},
    {QHI_SYS, SYS_SELFTEST, OF_BOARD, 1, selftest},
    {QHI_SYS, SYS_LOG_LEVEL, OF_BOARD, 1, log_level},
    {QHI_SYS, SYS_COUNTERS, OF_BOARD, 1, counters},
    {QHI_SYS, SYS_CLEAR_COUNTERS, OF_BOARD, 0, clear_counters},
    {QHI_SYS, SYS_QUIET, OF_BOARD, 0, quiet},
    {QHI_SYS, SYS_STATE, OF_BOARD, 0, state},
    {QHI_SYS, SYS_METER, OF_BOARD, 0, board_meter},
    {QHI_CLK, CLK_START, OF_BOARD, 8, start},
    {QHI_CLK, CLK_STOP, OF_BOARD, 0, stop},
    {QHI_CLK, CLK_QUERY, OF_BOARD, 0, query},
    {QHI_CLK, CLK_ROLE, OF_BOARD, 1, role},
    {QHI_CLK, CLK_ADJUST, OF_BOARD, 2, adjust},
    {0, 0, 0, 0, NULL},
};
