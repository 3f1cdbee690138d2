/* SPDX-License-Identifier: MIT */
/* What a modem's link hears: as many samples as have come, in the form of the wire. */
#include <string.h>

#include "bus/bus.h"

#define N            AW_TICK_SAMPLES
#define BEHIND_TICKS 16u /* 80 ms waiting: what comes on top would only be late */

static const uint8_t SILENCE[] = {
    [AW_FORMAT_ULAW] = 0xff, [AW_FORMAT_ALAW] = 0xd5, [AW_FORMAT_S16] = 0, [AW_FORMAT_U8] = 0x80};

/* The engine's answer as the wire's samples: 16-bit ones may have to become 8-bit ones, rounded. */
static size_t code(const struct bus_serial *s, uint8_t *wire, const uint8_t *samples, size_t length)
{
    size_t whole = s->coding == AW_FORMAT_S16 ? (size_t)AW_TICK_BYTES16 : N;

    if (length == 0) {
        memset(wire, SILENCE[s->coding], whole);
    } else if (s->coding == AW_FORMAT_U8) {
        for (size_t i = 0; i < N; i++) {
            int pcm = (int16_t)(uint16_t)(samples[2 * i] | samples[2 * i + 1] << 8);
            int rounded = (pcm + 128) >> 8;
            wire[i] = (uint8_t)((rounded > 127 ? 127 : rounded) + 128);
        }
    } else {
        memcpy(wire, samples, whole);
    }
    return whole;
}

/* Raw streams move in batches of 20 ms, as those modems do. */
static void put_batch(struct aw_engine *e, struct bus_link *l, const uint8_t *wire, size_t n)
{
    struct bus_serial *s = &l->serial;

    memcpy(s->batch + s->batch_fill, wire, n);
    s->batch_fill = (uint16_t)(s->batch_fill + n);
    if (s->batch_fill + n > SERIAL_BATCH) {
        aw_link_write(e, l, s->batch, s->batch_fill);
        s->batch_fill = 0;
    }
}

void aw_serial_say(struct aw_engine *e, struct bus_link *l, const uint8_t *payload, size_t length)
{
    struct bus_serial *s = &l->serial;
    uint8_t wire[AW_TICK_BYTES16];
    uint8_t shielded[2 * AW_TICK_BYTES16];
    uint32_t waiting = l->out_head - l->out_tail;

    if (s->mode != SERIAL_STREAM || l->state != LINK_OPEN)
        return;
    size_t n = code(s, wire, payload + AW_PCM_DOWN_HEADER, length - AW_PCM_DOWN_HEADER);
    if (waiting > BEHIND_TICKS * n) {
        aw_count(&aw_link_entry_of(e, l)->dropped_out, 1);
        return;
    }
    aw_count(&aw_link_entry_of(e, l)->frames_out, 1);
    if (l->framing == AW_FRAMING_SAMPLES)
        put_batch(e, l, wire, n);
    else
        aw_link_write(e, l, shielded, aw_dle_encode(shielded, wire, n));
}
