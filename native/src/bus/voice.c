/* SPDX-License-Identifier: MIT */
/* Listening for voice: in what a port says, told as events; in what a recorder hears, for its
 * rules.
 *
 * All detectors' frames begin with even ticks, so that what a lane decides, and when, depends on
 * nothing but its own port. */
#include "bus/bus.h"
#include "dsp/lanes.h"
#include "mem.h"

#define N          AW_TICK_SAMPLES
#define SILENCE_MS 1000u /* where an order names none */

aw_status aw_voice_new(struct aw_engine *e)
{
    for (unsigned time = 0; time < BUS_VOICE_TIMES; time++) {
        struct bus_hearing *h = &e->hearing[time];
        h->count = (e->timeslots + LANES - 1) / LANES;
        h->group = aw_alloc_lanes(h->count * sizeof *h->group);
        if (!h->group)
            return AW_ENOMEM;
    }
    return AW_OK;
}

void aw_voice_free(struct aw_engine *e)
{
    for (unsigned time = 0; time < BUS_VOICE_TIMES; time++)
        aw_release(e->hearing[time].group);
}

/* The lowest lane: a port has one at most of each time, so there is always one. */
static uint16_t take(struct aw_engine *e, unsigned time, uint16_t port)
{
    struct bus_hearing *h = &e->hearing[time];
    uint32_t group = 0;

    while (h->group[group].taken == BUS_LANES_FULL)
        group++;
    struct bus_voices *v = &h->group[group];
    uint32_t lane = aw_lane_first_free(v->taken);
    v->vad.kernel = e->lanes.kernel;
    v->taken |= 1u << lane;
    v->waiting |= 1u << lane;
    v->records &= ~(1u << lane);
    v->port[lane] = port;
    v->told[lane] = BUS_TOLD_NOTHING;
    v->greeting[lane] = AW_GREETING_UNKNOWN;
    h->used = h->used > group ? h->used : group + 1;
    return (uint16_t)(group * LANES + lane);
}

static void give_back(struct aw_engine *e, unsigned time, uint16_t *at)
{
    struct bus_hearing *h = &e->hearing[time];

    if (*at == BUS_NONE)
        return;
    struct bus_voices *v = &h->group[*at / LANES];
    aw_vad_group_close(&v->vad, *at % LANES);
    v->taken &= ~(1u << *at % LANES);
    v->waiting &= v->taken;
    *at = BUS_NONE;
    while (h->used > 0 && h->group[h->used - 1].taken == 0)
        h->used--;
}

static unsigned time_of(const struct bus_port *p)
{
    return p->kind == AW_PORT_CONFERENCE ? BUS_VOICE_LATE : BUS_VOICE_EARLY;
}

void aw_voice_listen(struct aw_engine *e, struct bus_port *p, uint32_t silence_ms)
{
    unsigned time = time_of(p);

    if (p->voice == BUS_NONE)
        p->voice = take(e, time, aw_port_index(e, p));
    e->hearing[time].group[p->voice / LANES].silence_ms[p->voice % LANES] =
        silence_ms > 0 ? silence_ms : SILENCE_MS;
}

void aw_voice_unlisten(struct aw_engine *e, struct bus_port *p)
{
    give_back(e, time_of(p), &p->voice);
}

void aw_voice_judge(struct aw_engine *e, struct bus_port *recorder)
{
    recorder->judged = take(e, BUS_VOICE_LATE, aw_port_index(e, recorder));
    e->hearing[BUS_VOICE_LATE].group[recorder->judged / LANES].records |=
        1u << recorder->judged % LANES;
}

void aw_voice_unjudge(struct aw_engine *e, struct bus_port *recorder)
{
    give_back(e, BUS_VOICE_LATE, &recorder->judged);
}

static void post(struct aw_engine *e, aw_event_kind kind, const struct bus_voices *v, uint32_t lane,
                 uint32_t value)
{
    aw_evt_port event = {
        .record = {kind, sizeof event},
        .at = e->now,
        .handle = e->port[v->port[lane]].handle,
        .value = value,
        .extra = aw_vad_group_quiet_ms(&v->vad, lane),
    };

    aw_event_post(e, &event, NULL, 0);
}

/* A syllable is voice; a silence ends only by one. */
static void tell(struct aw_engine *e, struct bus_voices *v, uint32_t lane)
{
    uint32_t quiet_ms = aw_vad_group_quiet_ms(&v->vad, lane);
    aw_greeting greeting = aw_vad_group_greeting(&v->vad, lane);

    if (quiet_ms == 0 && v->told[lane] != BUS_TOLD_VOICE) {
        v->told[lane] = BUS_TOLD_VOICE;
        post(e, AW_EVT_VOICE, v, lane, 1);
    }
    if (quiet_ms >= v->silence_ms[lane] && v->told[lane] != BUS_TOLD_SILENCE) {
        v->told[lane] = BUS_TOLD_SILENCE;
        post(e, AW_EVT_VOICE, v, lane, 0);
    }
    if ((uint8_t)greeting != v->greeting[lane]) {
        v->greeting[lane] = (uint8_t)greeting;
        post(e, AW_EVT_GREETING, v, lane, greeting);
    }
}

static void conclude(struct aw_engine *e, struct bus_voices *v)
{
    for (uint32_t lane = 0; lane < LANES; lane++) {
        if (!(v->vad.open >> lane & 1))
            continue;
        if (v->records >> lane & 1)
            aw_record_judge(e, &e->port[v->port[lane]], aw_vad_group_quiet_ms(&v->vad, lane));
        else
            tell(e, v, lane);
    }
}

static void hear(struct aw_engine *e, struct bus_voices *v)
{
    _Alignas(AW_LINE) float soa[N * LANES];
    const int16_t *rows[LANES];

    v->vad.second = (e->now / N & 1) == 0; /* the first tick ends with N samples */
    for (uint32_t lane = 0; v->waiting && !v->vad.second && lane < LANES; lane++)
        if (v->waiting >> lane & 1)
            (void)aw_vad_group_open(&v->vad, lane);
    v->waiting = v->vad.second ? v->waiting : 0;
    if (v->vad.open == 0)
        return;
    for (uint32_t lane = 0; lane < LANES; lane++) {
        int16_t (*pcm)[N] = v->records >> lane & 1 ? e->heard : e->said;
        rows[lane] = v->vad.open >> lane & 1 ? pcm[v->port[lane]] : NULL;
    }
    e->lanes.kernel->gather(rows, soa, N);
    if (aw_vad_group_feed(&v->vad, soa))
        conclude(e, v);
}

void aw_voice_hear(struct aw_engine *e, unsigned time)
{
    for (uint32_t i = 0; i < e->hearing[time].used; i++)
        if (e->hearing[time].group[i].taken)
            hear(e, &e->hearing[time].group[i]);
}
