/* SPDX-License-Identifier: MIT */
/* Line tests: take a port out of service, let the hardware measure, give it back (class TEST of
 * docs/reference/qhi.md).  What is measured is judged by the host. */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum {
    TEST_MOST_MS = 5000,
    DEAD_MS = 200, /* a line is OPEN for so long before its voltages are read */
    UNCALIBRATED = 1,
    CALIBRATION_PAGE = 3,
    HAZARD_DC = 1350, /* 0.1 V, to ground: Silicon Labs AN273, 5 */
    HAZARD_AC = 500,
    NOT_MEASURED_AC = 0xffff,
    NOT_MEASURED_DC = -0x8000
};

/* Bytes of each value of a test, as it travels. */
static const uint8_t widths[TESTS + 1][AW_BOARD_VALUES] = {
    [AW_TEST_NOW] = {2, 2, 2, 2, 2, 2, 2, 2},
    [AW_TEST_VOLTS] = {2, 2, 2, 2, 2, 2, 2},
    [AW_TEST_RESISTANCE] = {4, 4, 4, 2},
    [AW_TEST_RECEIVER] = {4, 4, 2, 2},
    [AW_TEST_RINGER] = {2, 2, 2},
    [AW_TEST_OFFICE] = {2, 2, 2, 2},
};

bool board_test_runs(const aw_board *b, uint32_t port)
{
    return b->test[port].phase != TEST_RESTS;
}

static uint8_t encode(uint8_t test, const uint32_t *values, uint8_t *out)
{
    uint8_t length = 0;

    for (uint32_t i = 0; i < AW_BOARD_VALUES && widths[test][i]; i++) {
        if (widths[test][i] == 4)
            put32(out + length, values[i]);
        else
            put16(out + length, values[i]);
        length = (uint8_t)(length + widths[test][i]);
    }
    return length;
}

/* One test's end */

static void give_back(aw_board *b, uint32_t port)
{
    struct line_test *t = &b->test[port];

    t->phase = TEST_RESTS;
    if (b->setup.hal->measured)
        b->setup.hal->measured(b->setup.hw, port);
    if (b->port[port].kind == AW_BOARD_FXS)
        board_fxs_feed(b, port, t->feed_before);
}

static void end(aw_board *b, uint32_t port, uint32_t result)
{
    struct line_test *t = &b->test[port];
    const struct measured *m = &t->found[t->test - 1];
    uint8_t told[6 + MEASURED_BYTES] = {0, 0, t->tag, (uint8_t)result, t->test, m->flags};
    size_t length = result == AW_BOARD_OK ? 6u + m->length : 4u;

    put16(told, t->seq);
    memcpy(told + 6, m->bytes, sizeof m->bytes);
    give_back(b, port);
    board_event(b, QHI_TEST, EVENT_TEST_RESULT, port, SEVERITY_INFORMATION, told, length);
}

void board_test_rest(aw_board *b, uint32_t port)
{
    if (board_test_runs(b, port))
        give_back(b, port);
    memset(&b->test[port], 0, sizeof b->test[port]);
}

/* Hazard */

static bool is_hazardous(const uint32_t *values)
{
    for (uint32_t pair = 1; pair < 3; pair++) { /* T-G and R-G */
        int32_t dc = (int16_t)values[pair];
        uint32_t ac = values[3 + pair] & 0xffff;
        if (dc != NOT_MEASURED_DC && (dc > HAZARD_DC || dc < -HAZARD_DC))
            return true;
        if (ac != NOT_MEASURED_AC && ac > HAZARD_AC)
            return true;
    }
    return false;
}

static void note_hazard(aw_board *b, uint32_t port, bool found)
{
    if (found != b->test[port].hazard)
        aw_board_alarm(b, port, ALARM_HAZARD, found, found ? "foreign voltage on the line" : "");
    b->test[port].hazard = found;
}

/* Time */

static bool applies(uint8_t test)
{
    return test == AW_TEST_RESISTANCE || test == AW_TEST_RECEIVER || test == AW_TEST_RINGER;
}

static void finish(aw_board *b, uint32_t port, const uint32_t *values)
{
    struct line_test *t = &b->test[port];
    struct measured *m = &t->found[t->test - 1];

    if (t->test == AW_TEST_VOLTS && t->hazard)
        note_hazard(b, port, is_hazardous(values));
    m->flags = board_page_is_sound(b, CALIBRATION_PAGE) ? 0 : UNCALIBRATED;
    m->length = encode(t->test, values, m->bytes);
    end(b, port, AW_BOARD_OK);
}

static void go_on(aw_board *b, uint32_t port, const uint32_t *values)
{
    struct line_test *t = &b->test[port];

    if (t->phase == TEST_MEASURES) {
        finish(b, port, values);
        return;
    }
    note_hazard(b, port, is_hazardous(values));
    if (t->hazard)
        end(b, port, AW_BOARD_LINE_HAZARD);
    else
        t->phase = TEST_MEASURES;
}

void board_test_tick(aw_board *b, uint32_t port)
{
    struct line_test *t = &b->test[port];
    uint64_t passed_ms = now_ms(b) - t->since_ms;
    uint32_t values[AW_BOARD_VALUES] = {0};
    uint32_t test = t->phase == TEST_LOOKS_FOR_HAZARD ? AW_TEST_VOLTS : t->test;

    if (passed_ms < DEAD_MS && b->port[port].kind == AW_BOARD_FXS)
        return;
    uint32_t result = b->setup.hal->measure(b->setup.hw, port, test, values);
    if (result == AW_BOARD_OK)
        go_on(b, port, values);
    else if (result != AW_BOARD_BUSY)
        end(b, port, result);
    else if (passed_ms >= TEST_MOST_MS)
        end(b, port, AW_BOARD_TIMEOUT);
}

/* Verbs */

static bool can(const aw_board *b, uint32_t port)
{
    return b->setup.hal->measure && b->setup.port[port].capabilities & AW_BOARD_LINE_TEST;
}

static bool is_on(const struct port *p, uint8_t test)
{
    if (p->kind == AW_BOARD_FXS)
        return test != AW_TEST_OFFICE;
    return test == AW_TEST_VOLTS || test == AW_TEST_OFFICE;
}

static bool is_in_use(const struct port *p, uint8_t test)
{
    if (p->kind == AW_BOARD_FXS)
        return board_fxs_rings(&p->fxs) || board_fxs_is_opening(&p->fxs);
    return test != AW_TEST_OFFICE && board_port_off_hook(p);
}

static uint32_t check(const aw_board *b, const struct request *r)
{
    uint8_t test = r->args[0];

    if (test < AW_TEST_VOLTS || test > TESTS)
        return AW_BOARD_BAD_ARG;
    if (!can(b, r->port) || !is_on(&b->port[r->port], test))
        return AW_BOARD_UNSUPPORTED;
    return AW_BOARD_OK;
}

static uint32_t start(aw_board *b, struct request *r)
{
    struct line_test *t = &b->test[r->port];
    const struct port *p = &b->port[r->port];
    uint8_t test = r->args[0];
    uint32_t result = check(b, r);

    if (result != AW_BOARD_OK)
        return result;
    if (board_test_runs(b, r->port) || b->timeslot[r->port].loopback != LOOPBACK_NONE ||
        is_in_use(p, test))
        return AW_BOARD_BUSY;
    if (t->hazard && applies(test))
        return AW_BOARD_LINE_HAZARD;
    t->test = test;
    t->seq = r->seq;
    t->tag = r->tag;
    t->since_ms = now_ms(b);
    t->phase = applies(test) ? TEST_LOOKS_FOR_HAZARD : TEST_MEASURES;
    if (p->kind == AW_BOARD_FXS) {
        t->feed_before = p->fxs.feed;
        board_fxs_feed(b, r->port, AW_FEED_OPEN);
    }
    return AW_BOARD_OK;
}

static uint32_t result_of(aw_board *b, struct request *r)
{
    uint32_t result = check(b, r);

    if (result != AW_BOARD_OK)
        return result;
    const struct measured *m = &b->test[r->port].found[r->args[0] - 1];
    if (m->length == 0)
        return AW_BOARD_BAD_STATE;
    r->out[0] = r->args[0];
    r->out[1] = m->flags;
    memcpy(r->out + 2, m->bytes, m->length);
    r->results = (uint8_t)(2 + m->length);
    return AW_BOARD_OK;
}

static uint32_t stop(aw_board *b, struct request *r)
{
    if (!can(b, r->port))
        return AW_BOARD_UNSUPPORTED;
    if (board_test_runs(b, r->port))
        end(b, r->port, AW_BOARD_BAD_STATE);
    return AW_BOARD_OK;
}

static uint32_t meter(aw_board *b, struct request *r)
{
    uint32_t values[AW_BOARD_VALUES] = {0};

    if (!can(b, r->port))
        return AW_BOARD_UNSUPPORTED;
    uint32_t result = b->setup.hal->measure(b->setup.hw, r->port, AW_TEST_NOW, values);
    r->results = encode(AW_TEST_NOW, values, r->out);
    return result;
}

const struct verb board_test_verbs[] = {
    {QHI_TEST, TEST_START, OF_PORTS, 1, start},
    {QHI_TEST, TEST_RESULT, OF_PORTS, 1, result_of},
    {QHI_TEST, TEST_STOP, OF_PORTS, 0, stop},
    {QHI_TEST, TEST_METER, OF_PORTS, 0, meter},
    {0, 0, 0, 0, NULL},
};
