/* SPDX-License-Identifier: MIT */
/* What can stand in the way of a port's samples: patterns, loopbacks, sequences of bits and the
 * count of those that come back wrong (docs/reference/qhi.md, class TDM). */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum {
    PATTERN_OFF,
    PATTERN_CONSTANT,
    PATTERN_MILLIWATT,
    PATTERN_IDLE,
    PATTERN_TONE,
    PATTERN_KINDS
};

enum {
    HERTZ_MOST = 3999,
    LEVEL_LEAST = -600, /* 0.1 dBm0 */
    LEVEL_MOST = 30,
    STEP_OF_1_HZ = 536871, /* 2^32 / 8000 */
    PEAK_AT_MOST = 32244,  /* of a sine of +3 dBm0; 32768 is +3.14 */
    PROOF_BITS = 64,
    BLOCK_BITS = 512,
    MOST_WRONG = 128
};

/* Patterns */

/* ITU-T G.711, tables 6 and 5: 1 kHz at 0 dBm0. */
static const uint8_t ulaw_milliwatt[8] = {0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e};
static const uint8_t alaw_milliwatt[8] = {0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4};

/* sin(pi * phase / 2^31) * 2^14 by an odd polynomial, exact to -79 dB. */
static int32_t sine(uint32_t phase)
{
    int32_t s = (int32_t)(phase - 0x40000000u < 0x80000000u ? 0x80000000u - phase : phase);
    int32_t x = s / 32768; /* a quarter of the circle is 32768 */
    int32_t x2 = x * x / 32768;
    int32_t y = 10539 - x2 * 1191 / 32768; /* 0.64323, 0.07271 */

    y = 25733 - x2 * y / 32768; /* 1.57063 */
    return y * x / 32768;
}

static int32_t peak_of(int32_t level)
{
    uint64_t peak = (uint64_t)PEAK_AT_MOST << 16;

    for (int32_t i = level; i < LEVEL_MOST; i++)
        peak = peak * 4245803250u >> 32; /* -0.1 dB */
    return (int32_t)(peak >> 8);         /* in 1/256 */
}

static int16_t next_sample(struct pattern *p, uint8_t format, uint32_t i)
{
    switch (p->kind) {
    case PATTERN_CONSTANT:
        return p->sample;
    case PATTERN_MILLIWATT:
        return format == 1 ? board_law_from_alaw(alaw_milliwatt[i % 8])
                           : board_law_from_ulaw(ulaw_milliwatt[i % 8]);
    case PATTERN_TONE: {
        int64_t wave = (int64_t)sine(p->phase) * p->peak;
        p->phase += p->step;
        return (int16_t)((wave + (1 << 21)) >> 22);
    }
    default:
        return 0;
    }
}

static void fill(struct pattern *p, uint8_t format, int16_t *out)
{
    for (uint32_t i = 0; i < AW_BOARD_FRAME; i++)
        out[i] = next_sample(p, format, i);
}

/* Bits */

/* The bit that follows: b[n] = b[n-9] ^ b[n-5], or b[n-15] ^ b[n-14]; the last one is bit 0. */
static uint32_t following(const struct prbs *p, uint32_t state)
{
    return p->is_long ? (state >> 14 ^ state >> 13) & 1 : (state >> 8 ^ state >> 4) & 1;
}

static uint32_t length_of(const struct prbs *p)
{
    return p->is_long ? 15 : 9;
}

static uint32_t next_bit(struct prbs *p)
{
    uint32_t bit = p->sent >> (length_of(p) - 1) & 1; /* the oldest of the state goes out */

    p->sent = p->sent << 1 | following(p, p->sent);
    return bit;
}

static void search(struct prbs *p)
{
    p->phase = PRBS_FILLS;
    p->seen = 0;
}

static void end_block(struct prbs *p)
{
    if (p->wrong > MOST_WRONG) {
        p->losses++;
        search(p);
    } else {
        p->bits += BLOCK_BITS;
        p->errors += p->wrong;
    }
    p->seen = p->wrong = 0;
}

static void check_bit(struct prbs *p, uint32_t bit)
{
    uint32_t expected = following(p, p->state);

    if (p->phase == PRBS_FILLS) { /* take what comes for a state */
        p->state = p->state << 1 | bit;
        if (++p->seen < length_of(p))
            return;
        p->seen = 0;
        if ((p->state & ((1u << length_of(p)) - 1)) != 0)
            p->phase = PRBS_PROVES;
        return;
    }
    p->state = p->state << 1 | expected;
    p->seen++;
    if (p->phase == PRBS_PROVES) {
        if (bit != expected) {
            search(p);
        } else if (p->seen == PROOF_BITS) {
            p->phase = PRBS_IN_SYNC;
            p->seen = p->wrong = 0;
        }
        return;
    }
    p->wrong = (uint16_t)(p->wrong + (bit != expected));
    if (p->seen == BLOCK_BITS)
        end_block(p);
}

static void send_bits(struct prbs *p, uint32_t width, uint8_t *row)
{
    for (uint32_t i = 0; i < AW_BOARD_FRAME; i++) {
        uint32_t raw = 0;
        for (uint32_t k = 0; k < p->width; k++)
            raw = raw << 1 | next_bit(p);
        if (width == 2)
            put16(row + 2 * i, p->width == 8 ? raw << 8 : raw);
        else
            row[i] = (uint8_t)raw;
    }
}

static void check_bits(struct prbs *p, uint32_t width, const uint8_t *row)
{
    for (uint32_t i = 0; i < AW_BOARD_FRAME; i++) {
        uint32_t raw = width == 2 ? get16(row + 2 * i) : row[i];
        for (uint32_t k = width * 8; k > width * 8 - p->width; k--)
            check_bit(p, raw >> (k - 1) & 1);
    }
}

/* In the way of the samples */

void board_timeslot_play(aw_board *b, uint32_t port, const uint8_t *row, int16_t *out)
{
    struct timeslot *t = &b->timeslot[port];
    uint8_t format = b->stream.format;

    if (t->prbs.way & PRBS_CHECK && row)
        check_bits(&t->prbs, board_law_width(format), row);
    if (t->toward[TOWARD_LINE].kind != PATTERN_OFF)
        fill(&t->toward[TOWARD_LINE], format, out);
    if (t->loopback == LOOPBACK_DIGITAL)
        memset(out, 0, AW_BOARD_FRAME * sizeof *out);
}

bool board_timeslot_up(aw_board *b, uint32_t port, const uint8_t *played, uint8_t *row)
{
    struct timeslot *t = &b->timeslot[port];
    uint8_t format = b->stream.format;
    size_t bytes = AW_BOARD_FRAME * board_law_width(format);
    int16_t samples[AW_BOARD_FRAME] = {0};

    if (t->prbs.way & PRBS_SEND) {
        send_bits(&t->prbs, board_law_width(format), row);
    } else if (t->toward[TOWARD_HOST].kind != PATTERN_OFF) {
        fill(&t->toward[TOWARD_HOST], format, samples);
        board_law_encode(format, samples, row);
    } else if (t->loopback == LOOPBACK_DIGITAL && played) {
        memcpy(row, played, bytes);
    } else if (t->loopback == LOOPBACK_DIGITAL) {
        board_law_encode(format, samples, row);
    } else {
        return false;
    }
    return true;
}

void board_timeslot_rest(aw_board *b, uint32_t port)
{
    if (b->timeslot[port].loopback > LOOPBACK_DIGITAL)
        b->setup.hal->loopback(b->setup.hw, port, LOOPBACK_NONE);
    memset(&b->timeslot[port], 0, sizeof b->timeslot[port]);
}

/* Verbs */

static uint32_t pattern(aw_board *b, struct request *r)
{
    uint8_t kind = r->args[0], toward = r->args[1];
    uint32_t hertz = get16(r->args + 4);
    int32_t level = (int16_t)get16(r->args + 6);
    struct timeslot *t = &b->timeslot[r->port];
    struct pattern p = {.kind = kind, .sample = (int16_t)get16(r->args + 2)};

    if (kind >= PATTERN_KINDS || toward > TOWARD_HOST)
        return AW_BOARD_BAD_ARG;
    if (kind == PATTERN_TONE) {
        if (hertz < 1 || hertz > HERTZ_MOST)
            return out_of_range(r, 4);
        if (level < LEVEL_LEAST || level > LEVEL_MOST)
            return out_of_range(r, 6);
        p.step = hertz * STEP_OF_1_HZ;
        p.peak = peak_of(level);
    }
    t->toward[toward] = p;
    if (toward == TOWARD_HOST && kind != PATTERN_OFF)
        t->prbs.way &= PRBS_CHECK;
    return AW_BOARD_OK;
}

static uint32_t loopback(aw_board *b, struct request *r)
{
    struct timeslot *t = &b->timeslot[r->port];
    const struct port *p = &b->port[r->port];
    uint8_t where = r->args[0];

    if (where > LOOPBACK_ANALOG)
        return AW_BOARD_BAD_ARG;
    if (where != LOOPBACK_NONE &&
        (board_port_off_hook(p) || board_port_ringing(p) || board_test_runs(b, r->port)))
        return AW_BOARD_BUSY;
    if (where > LOOPBACK_DIGITAL && !b->setup.hal->loopback)
        return AW_BOARD_UNSUPPORTED;
    if (where > LOOPBACK_DIGITAL || t->loopback > LOOPBACK_DIGITAL) {
        uint32_t result = b->setup.hal->loopback(b->setup.hw, r->port,
                                                 where > LOOPBACK_DIGITAL ? where : LOOPBACK_NONE);
        if (result != AW_BOARD_OK)
            return result;
    }
    t->loopback = where;
    return AW_BOARD_OK;
}

static uint32_t prbs_start(aw_board *b, struct request *r)
{
    struct timeslot *t = &b->timeslot[r->port];
    uint8_t sequence = r->args[0], width = r->args[1], way = r->args[2];

    if (sequence > 1 || (width != 8 && width != 16) || way < 1 || way > 3)
        return AW_BOARD_BAD_ARG;
    if (!b->stream.running || !(b->stream.ports >> r->port & 1))
        return AW_BOARD_BAD_STATE;
    if (width > 8 * board_law_width(b->stream.format))
        return out_of_range(r, 1);
    t->prbs = (struct prbs){
        .is_long = sequence == 1, .width = width, .way = way, .begun = true, .sent = 0xffff};
    if (way & PRBS_SEND)
        t->toward[TOWARD_HOST].kind = PATTERN_OFF;
    return AW_BOARD_OK;
}

static uint32_t prbs_stop(aw_board *b, struct request *r)
{
    b->timeslot[r->port].prbs.way = 0;
    return AW_BOARD_OK;
}

static uint32_t prbs_result(aw_board *b, struct request *r)
{
    const struct prbs *p = &b->timeslot[r->port].prbs;

    if (!p->begun)
        return AW_BOARD_BAD_STATE;
    r->out[0] = p->way;
    r->out[1] = p->way != 0 && p->phase == PRBS_IN_SYNC;
    put16(r->out + 2, 0);
    put32(r->out + 4, p->losses);
    put32(r->out + 8, (uint32_t)p->bits);
    put32(r->out + 12, (uint32_t)(p->bits >> 32));
    put32(r->out + 16, (uint32_t)p->errors);
    put32(r->out + 20, (uint32_t)(p->errors >> 32));
    r->results = 24;
    return AW_BOARD_OK;
}

const struct verb board_timeslot_verbs[] = {
    {QHI_TDM, TDM_PATTERN, OF_PORTS, 8, pattern},
    {QHI_TDM, TDM_LOOPBACK, OF_PORTS, 1, loopback},
    {QHI_TDM, TDM_PRBS_START, OF_PORTS, 4, prbs_start},
    {QHI_TDM, TDM_PRBS_STOP, OF_PORTS, 0, prbs_stop},
    {QHI_TDM, TDM_PRBS_RESULT, OF_PORTS, 0, prbs_result},
    {0, 0, 0, 0, NULL},
};
