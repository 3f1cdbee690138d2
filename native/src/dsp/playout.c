/* SPDX-License-Identifier: MIT */
/* The receiving half of a packet call: see aw/playout.h. */
#include "dsp/playout.h"

#include <math.h>
#include <string.h>

#include "aw/g711.h"
#include "dsp/level.h"
#include "mem.h"

enum {
    FRAME = 40,       /* samples invented at a time: 5 ms, as little ahead as a tick */
    LATE = 96,        /* samples over the target that are let be: 12 ms */
    EARLY = 120,      /* and under it */
    FAR = 640,        /* samples beside the target from which haste is needed: 80 ms */
    REST = 640,       /* samples between two stretches without haste: 80 ms */
    NOISE_AFTER = 80, /* samples of concealment after which comfort noise comes in ... */
    NOISE_FULL = 480, /* ... to be alone here, as the concealment fades */
};

size_t aw_decode_ulaw(void *none, const uint8_t *payload, size_t bytes, int16_t *pcm, size_t max)
{
    (void)none;
    bytes = bytes < max ? bytes : max;
    aw_ulaw_decode(payload, pcm, bytes);
    return bytes;
}

size_t aw_decode_alaw(void *none, const uint8_t *payload, size_t bytes, int16_t *pcm, size_t max)
{
    (void)none;
    bytes = bytes < max ? bytes : max;
    aw_alaw_decode(payload, pcm, bytes);
    return bytes;
}

size_t aw_decode_linear(void *none, const uint8_t *payload, size_t bytes, int16_t *pcm, size_t max)
{
    (void)none;
    size_t n = bytes / 2 < max ? bytes / 2 : max;
    for (size_t i = 0; i < n; i++)
        pcm[i] = (int16_t)(uint16_t)(payload[2 * i] << 8 | payload[2 * i + 1]);
    return n;
}

void aw_playout_init(struct aw_playout *p, unsigned least_ms, unsigned most_ms, aw_decoder decode,
                     void *state)
{
    memset(p, 0, sizeof *p);
    aw_jitter_init(&p->jitter, least_ms, most_ms);
    aw_conceal_init(&p->conceal);
    aw_comfort_init(&p->comfort, 1);
    p->decode = decode;
    p->state = state;
    p->resting = true;
}

static void rest(struct aw_playout *p, size_t n)
{
    int16_t *pcm = p->queue + p->queued;

    aw_comfort_read(&p->comfort, pcm, n);
    aw_conceal_good(&p->conceal, pcm, n); /* blends with an invention before it */
    p->queued += n;
    p->figures.comfort += n;
}

/* Concealment, with the background coming up as it fades. */
static void invent(struct aw_playout *p, size_t n)
{
    int16_t noise[FRAME];
    int16_t *pcm = p->queue + p->queued;
    size_t done = aw_conceal_length(&p->conceal);

    aw_conceal_lost(&p->conceal, pcm, n);
    aw_comfort_read(&p->comfort, noise, n);
    for (size_t i = 0; i < n; i++) {
        float share = ((float)(done + i) - (float)NOISE_AFTER) / (float)(NOISE_FULL - NOISE_AFTER);
        share = fminf(fmaxf(share, 0.0f), 1.0f);
        pcm[i] = aw_clip16((float)pcm[i] + share * (float)noise[i]);
    }
    p->queued += n;
    p->figures.concealed += n;
}

/* Bring the delay nearer to its target, where that goes unheard; from afar, in any case. */
static void adjust(struct aw_playout *p, int32_t early)
{
    bool far = early < -FAR || early > FAR;
    size_t moved;

    p->ahead = early < -LATE ? AW_STRETCH_NEED : 0;
    if (p->queued < AW_STRETCH_NEED || (early >= -LATE && early <= EARLY))
        return;
    if (p->settled < REST && !far)
        return;
    if (early < 0) {
        moved = aw_stretch_shorten(p->queue, p->queued, far);
        p->queued -= moved;
        p->figures.shortened += moved;
    } else {
        moved = aw_stretch_lengthen(p->queue, p->queued, far);
        p->queued += moved;
        p->figures.stretched += moved;
    }
    if (moved > 0)
        p->settled = 0;
}

static void decode(struct aw_playout *p, const aw_play_order *order, const uint8_t *payload)
{
    int16_t pcm[AW_JITTER_BYTES];
    size_t n = p->decode(p->state, payload, order->bytes, pcm, order->samples);

    n = n < order->samples ? n : order->samples;
    if (n <= order->skip)
        return;
    n -= order->skip;
    aw_conceal_good(&p->conceal, pcm + order->skip, n);
    aw_comfort_learn(&p->comfort, pcm + order->skip, n);
    memcpy(p->queue + p->queued, pcm + order->skip, n * sizeof *pcm);
    p->queued += n;
    p->settled += (uint32_t)n;
    p->resting = false;
    adjust(p, order->early);
}

static void hear_comfort(struct aw_playout *p, const aw_play_order *order, const uint8_t *payload)
{
    aw_comfort_noise noise;

    if (aw_comfort_parse(payload, order->bytes, &noise) == AW_OK)
        aw_comfort_set(&p->comfort, &noise);
    p->resting = true;
}

/* Put at least one sample into the queue, or use up a packet that has none. */
static void fetch(struct aw_playout *p, uint64_t now)
{
    uint8_t payload[AW_JITTER_BYTES];
    aw_play_order order = aw_jitter_take(&p->jitter, now + p->queued, FRAME, payload);

    switch (order.what) {
    case AW_PLAY_PACKET:
        decode(p, &order, payload);
        break;
    case AW_PLAY_COMFORT:
        hear_comfort(p, &order, payload);
        break;
    case AW_PLAY_LOST:
    case AW_PLAY_WAIT:
        p->ahead = 0;
        if (p->resting)
            rest(p, order.samples);
        else
            invent(p, order.samples);
        break;
    default:
        p->ahead = 0;
        p->resting = true;
        rest(p, order.samples);
    }
}

static void serve(struct aw_playout *p, uint64_t now, int16_t *pcm, size_t n)
{
    /* Look ahead only at what is here: what is not may still come. */
    while (p->queued < n || (p->queued < n + p->ahead && aw_jitter_ready(&p->jitter)))
        fetch(p, now);
    memcpy(pcm, p->queue, n * sizeof *pcm);
    p->queued -= n;
    memmove(p->queue, p->queue + n, p->queued * sizeof *p->queue);
}

void aw_playout_read(aw_playout *p, uint64_t now, int16_t *pcm, size_t n)
{
    while (n > 0) {
        size_t size = n < AW_PLAYOUT_READ ? n : AW_PLAYOUT_READ;
        serve(p, now, pcm, size);
        pcm += size;
        now += size;
        n -= size;
    }
}

aw_packet_fate aw_playout_put(aw_playout *p, uint64_t now, const aw_packet *packet,
                              const uint8_t *payload)
{
    return aw_jitter_put(&p->jitter, now, packet, payload);
}

aw_playout_figures aw_playout_look(const aw_playout *p)
{
    aw_playout_figures figures = p->figures;

    figures.buffer = aw_jitter_look(&p->jitter);
    return figures;
}

aw_status aw_playout_new(aw_playout **out, unsigned least_ms, unsigned most_ms,
                         aw_decoder decode_with, void *state)
{
    if (!out || !decode_with || least_ms > most_ms || most_ms > AW_JITTER_MOST_MS)
        return AW_EINVAL;
    aw_playout *p = aw_alloc(sizeof *p);
    if (!p)
        return AW_ENOMEM;
    aw_playout_init(p, least_ms, most_ms, decode_with, state);
    *out = p;
    return AW_OK;
}

void aw_playout_free(aw_playout *p)
{
    aw_release(p);
}
