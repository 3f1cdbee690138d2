/* SPDX-License-Identifier: MIT */
/* A simulated card as its owner sees it: see aw/dahdi_sim.h. */
#include <errno.h>
#include <string.h>

#include "dahdi_sim/kernel.h"
#include "mem.h"

enum {
    FLASH_MS = 750,
    PREFLASH_MS = 50,
    RXFLASH_MS = 1250,
    DEBOUNCE_MS = 600,
    PULSE_MS = 50,
    BETWEEN_MS = 750,
    RED_ALARM = 8
};

static void make_line(struct line *l, uint32_t number, uint8_t kind)
{
    static const char name[] = "SIMCARD/1/1";

    l->params = (struct dahdi_params){.channo = (int32_t)number,
                                      .sigtype = kind == AW_BOARD_FXS ? SIG_FXOKS : SIG_FXSKS,
                                      .preflashtime = PREFLASH_MS,
                                      .flashtime = FLASH_MS,
                                      .rxflashtime = RXFLASH_MS,
                                      .debouncetime = DEBOUNCE_MS,
                                      .pulsebreaktime = PULSE_MS,
                                      .pulsemaketime = PULSE_MS,
                                      .pulseaftertime = BETWEEN_MS};
    memcpy(l->params.name, name, sizeof name);
    l->params.rxhooksig = kind == AW_BOARD_FXS ? RXSIG_ONHOOK : RXSIG_OFFHOOK;
    sim_reset(l);
}

aw_status aw_dahdi_sim_new(aw_dahdi_sim **out, const uint8_t *kinds, uint32_t n)
{
    if (n < 1 || n > AW_BOARD_PORTS)
        return AW_EINVAL;
    aw_dahdi_sim *s = aw_alloc(sizeof *s);
    if (!s)
        return AW_ENOMEM;
    s->n = n;
    for (uint32_t i = 0; i < n; i++)
        make_line(&s->line[i], i + 1, kinds[i]);
    *out = s;
    return AW_OK;
}

void aw_dahdi_sim_free(aw_dahdi_sim *s)
{
    aw_release(s);
}

/* Samples */

static void play(struct line *l, int16_t *row)
{
    struct queue *q = &l->sent;
    uint32_t n = q->held < AW_BOARD_FRAME ? q->held : AW_BOARD_FRAME;
    bool lacks = n < AW_BOARD_FRAME;

    memcpy(row, q->samples, n * sizeof *row);
    memset(row + n, 0, (AW_BOARD_FRAME - n) * sizeof *row);
    q->held -= n;
    memmove(q->samples, q->samples + n, q->held * sizeof *q->samples);
    if (lacks && !l->underrun && l->tells_slips)
        sim_event(l, DAHDI_EVENT_WRITE_UNDERRUN);
    l->underrun = lacks;
}

void aw_dahdi_sim_play(aw_dahdi_sim *s, int16_t *out)
{
    for (uint32_t i = 0; i < s->n; i++)
        play(&s->line[i], out + i * AW_BOARD_FRAME);
}

static void record(struct line *l, const int16_t *row)
{
    struct queue *q = &l->received;

    if (!l->opened || l->block == 0)
        return;
    if (q->held + AW_BOARD_FRAME > l->block * l->blocks) {
        if (!l->overrun && l->tells_slips)
            sim_event(l, DAHDI_EVENT_READ_OVERRUN);
        l->overrun = true;
        return;
    }
    l->overrun = false;
    memcpy(q->samples + q->held, row, AW_BOARD_FRAME * sizeof *row);
    q->held += AW_BOARD_FRAME;
}

static int32_t shown(const struct line *l, const aw_board_senses *senses, uint32_t i)
{
    if (sim_is_telephone(l))
        return senses->loop >> i & 1 ? RXSIG_OFFHOOK : RXSIG_ONHOOK;
    if (senses->ring >> i & 1)
        return RXSIG_RING;
    return senses->battery >> i & 1 ? RXSIG_OFFHOOK : RXSIG_ONHOOK;
}

void aw_dahdi_sim_capture(aw_dahdi_sim *s, const aw_board_senses *senses, const int16_t *in)
{
    for (uint32_t i = 0; i < s->n; i++) {
        record(&s->line[i], in + i * AW_BOARD_FRAME);
        sim_see(&s->line[i], shown(&s->line[i], senses, i));
    }
}

/* The terminals */

static uint32_t feeds(const struct line *l)
{
    if (l->tx == TX_RINGON)
        return AW_FEED_RINGING;
    if (l->tx == TX_KEWL)
        return AW_FEED_OPEN;
    return l->reversed ? AW_FEED_ACTIVE_REVERSED : AW_FEED_ACTIVE;
}

uint32_t aw_dahdi_sim_drives(const aw_dahdi_sim *s, uint32_t port)
{
    const struct line *l = &s->line[port];

    if (sim_is_telephone(l))
        return feeds(l);
    return l->tx != TX_ONHOOK && l->tx != TX_FLASH && l->tx != TX_PULSEBREAK;
}

uint32_t aw_dahdi_sim_opened(const aw_dahdi_sim *s)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < s->n; i++)
        count += s->line[i].opened;
    return count;
}

/* Faults */

static void remove_card(aw_dahdi_sim *s, bool removed)
{
    for (uint32_t i = 0; i < s->n && removed; i++) {
        sim_event(&s->line[i], DAHDI_EVENT_REMOVED);
        s->line[i].tx = TX_ONHOOK;
        s->line[i].out_ms = 0;
    }
    s->removed = removed;
}

static void alarm(struct line *l, bool on)
{
    l->params.chan_alarms = on ? RED_ALARM : 0;
    sim_event(l, on ? DAHDI_EVENT_ALARM : DAHDI_EVENT_NOALARM);
}

void aw_dahdi_sim_suffer(aw_dahdi_sim *s, uint32_t port, aw_dahdi_sim_fault fault, int32_t value)
{
    struct line *l = &s->line[port < s->n ? port : 0];

    switch (fault) {
    case AW_DAHDI_SIM_REMOVED:
        remove_card(s, value != 0);
        break;
    case AW_DAHDI_SIM_ALARM:
        alarm(l, value != 0);
        break;
    case AW_DAHDI_SIM_POLARITY:
        sim_event(l, DAHDI_EVENT_POLARITY);
        break;
    case AW_DAHDI_SIM_NO_DEVICE:
        s->no_device = value;
        break;
    case AW_DAHDI_SIM_NO_ZONES:
        s->no_zones = value;
        break;
    case AW_DAHDI_SIM_LEAST_BLOCK:
        s->least_block = value;
        break;
    case AW_DAHDI_SIM_SIGNALLING:
        l->params.sigtype = value;
        break;
    }
}
