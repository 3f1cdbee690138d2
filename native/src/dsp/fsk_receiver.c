/* SPDX-License-Identifier: MIT */
/* Caller-ID receiver: see aw/callerid.h. */
#include <string.h>

#include "dsp/callerid.h"
#include "dsp/level.h"
#include "mem.h"

#include "dsp/fsk_tables.inc"

#define BITS_PER_SAMPLE 0.15f /* 1200 / 8000 */
#define RUN_OF_MARK     14.0f /* bits: more than a byte of ones can have */
#define MAX_PAUSE       25.0f /* bits of mark between bytes; GR-30 allows 10 */
#define PULL            0.25f /* of the clock towards an edge within a byte */
#define LEARNING        0.2f  /* of the skew, per run of space */
#define MAX_SKEW        0.35f /* bits: twist of 12 dB */
#define SHORTEST        4u    /* type, length, one byte, checksum: shorter ones say nothing */

aw_status aw_fsk_receiver_init(aw_fsk_receiver *r, aw_fsk_standard standard)
{
    *r = (aw_fsk_receiver){.standard = AW_FSK_BELL202};
    if (standard != AW_FSK_BELL202 && standard != AW_FSK_V23)
        return AW_EINVAL;
    r->standard = standard;
    return AW_OK;
}

aw_status aw_fsk_receiver_new(aw_fsk_receiver **out, aw_fsk_standard standard)
{
    if (!out || (standard != AW_FSK_BELL202 && standard != AW_FSK_V23))
        return AW_EINVAL;
    aw_fsk_receiver *r = aw_alloc(sizeof *r);
    if (!r)
        return AW_ENOMEM;
    aw_status status = aw_fsk_receiver_init(r, standard);
    *out = r;
    return status;
}

void aw_fsk_receiver_free(aw_fsk_receiver *r)
{
    aw_release(r);
}

/* Mark's share less space's over the last bit, -1..1; follows the powers on the way. */
static float discriminate(aw_fsk_receiver *r, float sample)
{
    float x = sample + 1e-3f; /* keeps silence clear of denormals */
    float y = AW_FSK_HP_GAIN * x + r->high_pass[0];
    r->high_pass[0] = (-2.0f * AW_FSK_HP_GAIN * x - AW_FSK_HP_A1 * y) + r->high_pass[1];
    r->high_pass[1] = AW_FSK_HP_GAIN * x - AW_FSK_HP_A2 * y;

    r->newest = (r->newest + 1) % AW_FSK_HISTORY;
    r->history[r->newest] = r->history[r->newest + AW_FSK_HISTORY] = y;
    const float *bit = r->history + r->newest + AW_FSK_HISTORY - (TAPS - 1);
    float sum[4] = {0};
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < TAPS; i++)
            sum[k] += bit[i] * CORRELATORS[r->standard][k][i];
    float mark = sum[0] * sum[0] + sum[1] * sum[1];
    float space = sum[2] * sum[2] + sum[3] * sum[3];
    float larger = mark > space ? mark : space;

    r->power += AW_FSK_SMOOTHING * (y * y - r->power);
    r->carrier += AW_FSK_SMOOTHING * (larger * 0.5f - r->carrier);
    return (mark - space) / (mark + space + 1e-6f);
}

static void hunt(aw_fsk_receiver *r)
{
    r->state = AW_FSK_HUNT;
    r->clock = 0.0f;
    r->count = 0;
}

/* Bits from now to the middle of the bit that an edge `ago` samples ago began.  The correlators
 * lag by half a bit, so what they say at an edge is half a bit before that middle; if mark is the
 * stronger one, edges to space come late and those to mark early by the skew. */
static float to_middle(const aw_fsk_receiver *r, float ago, bool mark)
{
    return 0.5f - ago * BITS_PER_SAMPLE + (mark ? r->skew : -r->skew);
}

/* Learn the skew from a run of space that has ended: by twice the skew it is too short. */
static void learn_skew(aw_fsk_receiver *r, float ago)
{
    float run = r->space_run + (1.0f - ago) * BITS_PER_SAMPLE;
    bool seizure = r->state == AW_FSK_HUNT; /* single bits */
    float bits = fmaxf(1.0f, seizure ? 1.0f : floorf(run + 2 * r->skew + 0.5f));
    float skew = (bits - run) / 2;

    if (fabsf(skew) <= MAX_SKEW)
        r->skew += LEARNING * (skew - r->skew);
}

static void start_byte(aw_fsk_receiver *r, float ago)
{
    r->state = AW_FSK_BYTE;
    r->clock = to_middle(r, ago, false);
    r->bit = 0;
    r->shift = 0;
}

/* Wait for a start bit, counting bits of mark. */
static void await_start(aw_fsk_receiver *r, float decision, float ago)
{
    if (decision <= 0.0f) {
        if (r->state == AW_FSK_HUNT)
            r->clock = 0.0f;
        else
            start_byte(r, ago);
        return;
    }
    r->clock += BITS_PER_SAMPLE;
    if (r->state == AW_FSK_HUNT && r->clock >= RUN_OF_MARK)
        r->state = AW_FSK_READY;
    else if (r->state == AW_FSK_NEXT && r->clock >= MAX_PAUSE)
        hunt(r);
}

/* Is the message whole?  Returns its length without the checksum if so and it is right. */
static size_t end_byte(aw_fsk_receiver *r)
{
    uint8_t sum = 0;

    r->message[r->count++] = (uint8_t)(r->shift >> 1);
    r->state = AW_FSK_NEXT;
    r->clock = 0.0f;
    if (r->count < 3 || r->count < r->message[1] + 3u)
        return 0;
    size_t whole = r->count;
    for (size_t i = 0; i < whole; i++)
        sum = (uint8_t)(sum + r->message[i]);
    hunt(r);
    return sum == 0 && whole >= SHORTEST ? whole - 1 : 0;
}

/* A bit's middle: start must be space, stop must be mark. */
static size_t take_bit(aw_fsk_receiver *r, bool mark)
{
    if (r->bit == 0 && mark) { /* a glitch, no start bit */
        r->state = r->count > 0 ? AW_FSK_NEXT : AW_FSK_READY;
        r->clock = 0.0f;
        return 0;
    }
    if (r->bit == 9) {
        if (mark)
            return end_byte(r);
        hunt(r);
        return 0;
    }
    r->shift |= (uint32_t)mark << r->bit;
    r->bit++;
    r->clock += 1.0f;
    return 0;
}

/* Within a byte: follow its edges, decide at the sample nearest to the middle of each bit. */
static size_t inside_byte(aw_fsk_receiver *r, float decision, bool edge, float ago)
{
    r->clock -= BITS_PER_SAMPLE;
    if (edge)
        r->clock += PULL * (to_middle(r, ago, decision > 0.0f) - r->clock);
    return r->clock <= BITS_PER_SAMPLE / 2 ? take_bit(r, decision > 0.0f) : 0;
}

size_t aw_fsk_frame(aw_fsk_receiver *r, float decision, bool live)
{
    float before = r->last;
    bool edge = (decision > 0.0f) != (before > 0.0f);
    float ago = edge ? decision / (decision - before) : 0.0f;

    r->last = decision;
    if (!live) {
        hunt(r);
        r->skew = 0.0f;
        return 0;
    }
    if (edge && decision > 0.0f)
        learn_skew(r, ago);
    r->space_run = edge ? ago * BITS_PER_SAMPLE : r->space_run + BITS_PER_SAMPLE;
    if (r->state == AW_FSK_BYTE)
        return inside_byte(r, decision, edge, ago);
    await_start(r, decision, ago);
    return 0;
}

size_t aw_fsk_receiver_feed(aw_fsk_receiver *r, const int16_t *pcm, size_t n)
{
    size_t received = 0;

    for (size_t i = 0; i < n; i++) {
        float decision = discriminate(r, (float)pcm[i]);
        bool live = r->power >= AW_FSK_MIN_POWER && r->carrier >= AW_FSK_MIN_CARRIER * r->power;
        size_t length = aw_fsk_frame(r, decision, live);
        if (length > 0)
            received = length;
    }
    return received;
}

const uint8_t *aw_fsk_receiver_message(const aw_fsk_receiver *r)
{
    return r->message;
}
