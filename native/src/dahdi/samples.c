/* SPDX-License-Identifier: MIT */
/* Samples between channels and core: what is written follows what was read. */
#include <errno.h>
#include <string.h>

#include "dahdi/gateway.h"

enum { OBSERVED_EVERY = 4 /* frames */, SAMPLE_MOST = 32767, ROUND = UNITY / 2 };

/* The card has been pulled out, or its module unloaded. */
static bool is_loss(int32_t result)
{
    return result == -ENODEV || result == -ENXIO || result == -EIO || result == -EBADF;
}

static void lose(aw_dahdi *g, const struct channel *c)
{
    dahdi_note(g, COUNTS_REMOVED, c->number);
    g->gone = true;
}

void dahdi_read(aw_dahdi *g, uint32_t port)
{
    struct channel *c = &g->channel[port];

    while (!g->gone && c->held < HELD) {
        int32_t n = g->ops->read(g->os, c->fd, c->in + c->held, (HELD - c->held) * sizeof *c->in);
        if (n == -DAHDI_ELAST) {
            dahdi_drain(g, port);
            return; /* what else there is, the next look finds */
        }
        if (is_loss(n))
            lose(g, c);
        if (n <= 0)
            return;
        c->held += (uint32_t)n / sizeof *c->in;
    }
}

/* All have brought a frame, or one is so far ahead that the others aren't waited for: cards with a
 * clock each are never quite together. */
bool dahdi_frame_is_due(const aw_dahdi *g)
{
    uint32_t least = UINT32_MAX, most = 0;

    for (uint32_t i = 0; i < g->n; i++) {
        uint32_t held = g->channel[i].held;
        least = held < least ? held : least;
        most = held > most ? held : most;
    }
    return least >= AW_BOARD_FRAME || most >= LAG;
}

static int16_t amplify(int16_t sample, int32_t gain)
{
    int32_t value = (sample * gain + ROUND) >> 12;

    if (value > SAMPLE_MOST)
        return SAMPLE_MOST;
    return (int16_t)(value < -SAMPLE_MOST - 1 ? -SAMPLE_MOST - 1 : value);
}

static void scale(int16_t *samples, int32_t gain)
{
    if (gain == UNITY)
        return;
    for (uint32_t i = 0; i < AW_BOARD_FRAME; i++)
        samples[i] = amplify(samples[i], gain);
}

static void take_frame(aw_dahdi *g, struct channel *c, int16_t *row)
{
    if (c->held < AW_BOARD_FRAME) {
        memset(row, 0, AW_BOARD_FRAME * sizeof *row);
        dahdi_count(g, COUNTS_GAPS);
        return;
    }
    memcpy(row, c->in, AW_BOARD_FRAME * sizeof *row);
    c->held -= AW_BOARD_FRAME;
    memmove(c->in, c->in + AW_BOARD_FRAME, c->held * sizeof *c->in);
    scale(row, c->gain_in);
}

static void write_frame(aw_dahdi *g, struct channel *c, const int16_t *row)
{
    int32_t n = g->ops->write(g->os, c->fd, row, AW_BOARD_FRAME * sizeof *row);

    if (n == -DAHDI_ELAST) { /* an event is in the way */
        dahdi_drain(g, (uint32_t)(c - g->channel));
        n = g->ops->write(g->os, c->fd, row, AW_BOARD_FRAME * sizeof *row);
    }
    if (n < 0)
        dahdi_count(g, COUNTS_DROPPED);
    if (is_loss(n))
        lose(g, c);
}

/* While the kernel dials pulses nothing is written: it would stop. */
static void give_frame(aw_dahdi *g, struct channel *c, int16_t *row)
{
    static const int16_t silence[AW_BOARD_FRAME];

    if (c->dialing)
        return;
    for (; c->prime > 0 && !g->gone; c->prime--)
        write_frame(g, c, silence);
    scale(row, c->gain_out);
    write_frame(g, c, row);
}

void dahdi_frame(aw_dahdi *g)
{
    int16_t in[AW_BOARD_PORTS * AW_BOARD_FRAME];
    int16_t out[AW_BOARD_PORTS * AW_BOARD_FRAME];

    for (uint32_t i = 0; i < g->n; i++) {
        struct channel *c = &g->channel[i];
        take_frame(g, c, in + i * AW_BOARD_FRAME);
        dahdi_again(g, c);
        if (c->kind == AW_BOARD_FXO && g->frame % OBSERVED_EVERY == 0)
            dahdi_observe(g, c);
    }
    aw_board_tick(g->board, in, out);
    for (uint32_t i = 0; i < g->n && !g->gone; i++)
        give_frame(g, &g->channel[i], out + i * AW_BOARD_FRAME);
    g->frame++;
    dahdi_count(g, COUNTS_FRAMES);
}
