/* SPDX-License-Identifier: MIT */
/* COBS frames with CRC-32: see aw/frame.h.
 *
 * COBS (Cheshire and Baker, 1999): each run of up to 254 non-zero bytes is preceded by its length
 * plus 1; a length below 0xff stands for the run and one 0x00 behind it, but at the end. */
#include "link/frame.h"

#include <string.h>

#define RUN_FULL 0xff /* a run of 254 bytes, no 0x00 behind it */

static void put16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *p, uint32_t value)
{
    put16(p, value & 0xffff);
    put16(p + 2, value >> 16);
}

static uint32_t get16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
    return get16(p) | get16(p + 2) << 16;
}

/* Encoding */

struct stuffer {
    uint8_t *out;
    size_t at;     /* where the next byte goes */
    size_t run_at; /* where the length of the run in hand goes */
};

static void end_run(struct stuffer *s)
{
    s->out[s->run_at] = (uint8_t)(s->at - s->run_at);
    s->run_at = s->at++;
}

/* Whether eight bytes hold a 0x00 (Hacker's Delight, 6-1). */
static bool has_zero(uint64_t word)
{
    return ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0;
}

/* Eight bytes of the run in hand, or eight 0x00: silence is the commonest sound of all. */
static void stuff_word(struct stuffer *s, uint64_t word)
{
    if (word == 0) {
        end_run(s);
        memset(s->out + s->run_at, 1, sizeof word - 1);
        s->run_at += sizeof word - 1;
        s->at += sizeof word - 1;
    } else {
        memcpy(s->out + s->at, &word, sizeof word);
        s->at += sizeof word;
    }
}

static void stuff(struct stuffer *s, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        uint64_t word;

        if (n >= sizeof word && s->at - s->run_at <= RUN_FULL - sizeof word) {
            memcpy(&word, bytes, sizeof word);
            if (word == 0 || !has_zero(word)) {
                stuff_word(s, word);
                bytes += sizeof word;
                n -= sizeof word;
                continue;
            }
        }
        /* A full run is ended only when more follows it: at the very end it needs no successor. */
        if (s->at - s->run_at == RUN_FULL)
            end_run(s);
        if (*bytes == 0)
            end_run(s);
        else
            s->out[s->at++] = *bytes;
        bytes++;
        n--;
    }
}

size_t aw_frame_encode(uint8_t *out, size_t size, const aw_frame_header *header,
                       const uint8_t *payload, size_t length)
{
    if (length > AW_FRAME_PAYLOAD_MAX || header->kind > 15)
        return 0;
    size_t decoded = AW_FRAME_HEADER + length + AW_FRAME_CRC;
    if (size < decoded + (decoded + 253) / 254 + 2)
        return 0;

    uint8_t head[AW_FRAME_HEADER] = {0};
    head[0] = (uint8_t)(AW_FRAME_VERSION << 4 | header->kind);
    head[1] = header->flags;
    put16(head + 2, header->seq);
    put32(head + 4, header->tick);
    put16(head + 8, header->ack);
    uint8_t crc[AW_FRAME_CRC];
    put32(crc, aw_crc32(aw_crc32(0, head, sizeof head), payload, length));

    struct stuffer s = {.out = out, .at = 1, .run_at = 0};
    stuff(&s, head, sizeof head);
    stuff(&s, payload, length);
    stuff(&s, crc, sizeof crc);
    out[s.run_at] = (uint8_t)(s.at - s.run_at);
    out[s.at++] = 0;
    if (s.at % AW_FRAME_USB_PACKET == 0)
        out[s.at++] = 0;
    return s.at;
}

/* Decoding */

/* Returns the decoded length (never above n), 0 when the runs don't fit n. */
static size_t unstuff(uint8_t *restrict out, const uint8_t *restrict in, size_t n)
{
    const uint64_t ones = 0x0101010101010101u; /* eight empty runs: eight 0x00 */
    size_t at = 0;

    for (size_t i = 0; i < n;) {
        if (n - i > sizeof ones && memcmp(in + i, &ones, sizeof ones) == 0) {
            memset(out + at, 0, sizeof ones);
            at += sizeof ones;
            i += sizeof ones;
            continue;
        }
        size_t run = in[i];
        if (run == 0 || run > n - i)
            return 0;
        for (size_t k = 1; k < run; k++)
            out[at++] = in[i + k];
        i += run;
        if (run != RUN_FULL && i < n)
            out[at++] = 0;
    }
    return at;
}

static bool open_frame(struct aw_deframer *d, const uint8_t *wire, size_t n, aw_frame *out)
{
    const uint8_t *frame = d->decoded;
    size_t length = n > sizeof d->decoded ? 0 : unstuff(d->decoded, wire, n);

    if (length < AW_FRAME_HEADER + AW_FRAME_CRC || length > AW_FRAME_DECODED_MAX)
        return false;
    length -= AW_FRAME_CRC;
    if (get32(frame + length) != aw_crc32(0, frame, length))
        return false;
    if (frame[0] >> 4 != AW_FRAME_VERSION)
        return false;
    out->header.kind = frame[0] & 15;
    out->header.flags = frame[1];
    out->header.seq = (uint16_t)get16(frame + 2);
    out->header.tick = get32(frame + 4);
    out->header.ack = (uint16_t)get16(frame + 8);
    out->payload = frame + AW_FRAME_HEADER;
    out->length = length - AW_FRAME_HEADER;
    return true;
}

/* Keep the bytes of a frame that is not yet whole. */
static void keep(struct aw_deframer *d, const uint8_t *in, size_t n)
{
    if (n > sizeof d->wire - d->fill) {
        d->skipping = true;
        return;
    }
    memcpy(d->wire + d->fill, in, n);
    d->fill += n;
}

/* The last n bytes before a 0x00 are here; those before them were kept. */
static void complete(struct aw_deframer *d, const uint8_t *in, size_t n, aw_frame *out)
{
    bool whole;

    if (d->fill == 0 && n == 0 && !d->skipping)
        return; /* nothing between two 0x00 */
    if (d->fill > 0) {
        keep(d, in, n);
        in = d->wire;
        n = d->fill;
    }
    whole = !d->skipping && open_frame(d, in, n, out);
    d->frames += whole;
    d->bad += !whole;
    d->fill = 0;
    d->skipping = false;
}

size_t aw_deframer_feed(aw_deframer *d, const uint8_t *in, size_t n, aw_frame *out)
{
    size_t taken = 0;

    out->payload = NULL;
    while (taken < n && !out->payload) {
        const uint8_t *from = in + taken;
        const uint8_t *end = memchr(from, 0, n - taken);
        if (!end) {
            keep(d, from, n - taken);
            return n;
        }
        complete(d, from, (size_t)(end - from), out);
        taken += (size_t)(end - from) + 1;
    }
    return taken;
}

void aw_deframer_init(struct aw_deframer *d)
{
    d->frames = 0;
    d->bad = 0;
    d->fill = 0;
    d->skipping = false;
}

uint64_t aw_deframer_frames(const aw_deframer *d)
{
    return d->frames;
}

uint64_t aw_deframer_bad(const aw_deframer *d)
{
    return d->bad;
}

/* PCM heads */

size_t aw_pcm_decode(const uint8_t *payload, size_t length, int up, aw_pcm_header *out)
{
    static const size_t sample_bytes[] = {1, 1, 2};
    size_t head = up ? AW_PCM_UP_HEADER : AW_PCM_DOWN_HEADER;

    if (length < head || payload[0] == 0 || payload[1] > 2)
        return 0;
    aw_pcm_header h = {.ms = payload[0],
                       .format = payload[1],
                       .tx_fill_ms = payload[2],
                       .flags = payload[3],
                       .ports = get32(payload + 4)};
    size_t ports = (size_t)__builtin_popcount(h.ports);
    if (length - head != ports * h.ms * 8u * sample_bytes[h.format])
        return 0;
    if (up) {
        h.off_hook = get32(payload + 8);
        h.ringing = get32(payload + 12);
    }
    *out = h;
    return head;
}

size_t aw_pcm_encode(uint8_t *out, const aw_pcm_header *header, int up)
{
    out[0] = header->ms;
    out[1] = header->format;
    out[2] = header->tx_fill_ms;
    out[3] = header->flags;
    put32(out + 4, header->ports);
    if (!up)
        return AW_PCM_DOWN_HEADER;
    put32(out + 8, header->off_hook);
    put32(out + 12, header->ringing);
    return AW_PCM_UP_HEADER;
}
