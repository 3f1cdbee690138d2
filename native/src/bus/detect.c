/* SPDX-License-Identifier: MIT */
/* Listening to what a port says: digits, tones, caller ID, level; only what was asked for. */
#include "bus/bus.h"

#define N      AW_TICK_SAMPLES
#define EVENTS 4 /* more than any block makes of 40 samples */

/* Two bits say which of the three standards, so that a port has one at most. */
#define DETECT_MF AW_DETECT_MF_R2_BACKWARD
#define DETECT_ALL                                                                                 \
    (AW_DETECT_DIGITS | AW_DETECT_PROGRESS | AW_DETECT_CALLER_ID | AW_DETECT_LEVEL |               \
     AW_DETECT_CAS | DETECT_MF | AW_DETECT_SPECIAL | AW_DETECT_LEARN)

static aw_mf_standard standard_of(uint32_t what)
{
    if ((what & DETECT_MF) == AW_DETECT_MF_R1)
        return AW_MF_R1;
    return (what & DETECT_MF) == AW_DETECT_MF_R2_FORWARD ? AW_MF_R2_FORWARD : AW_MF_R2_BACKWARD;
}

/* Digits, tones and levels are listened for in a lane of a group; if there is none, alone. */
static void begin(struct aw_engine *e, struct bus_port *p, uint32_t what, const aw_cmd_detect *c)
{
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];

    if (what & AW_DETECT_DIGITS && !aw_lane_take(e, p, BUS_LANE_DIGITS, NULL))
        aw_dtmf_init(&b->dtmf);
    if (what & AW_DETECT_LEVEL && !aw_lane_take(e, p, BUS_LANE_LEVEL, NULL)) {
        aw_meter_init(&b->receive);
        aw_meter_init(&b->send);
    }
    if (what & AW_DETECT_PROGRESS)
        aw_lane_take(e, p, BUS_LANE_TONES, &c->plan);
    if (what & AW_DETECT_CALLER_ID)
        aw_fsk_receiver_init(&b->caller_id, (aw_fsk_standard)c->standard);
    if (what & AW_DETECT_CAS)
        aw_cas_init(&b->cas);
    if (what & DETECT_MF)
        (void)aw_mf_init(&b->mf, standard_of(c->what));
    if (what & AW_DETECT_SPECIAL)
        aw_special_init(&b->special);
    if (what & AW_DETECT_LEARN)
        aw_learn_init(&b->learn);
}

static void end(struct aw_engine *e, struct bus_port *p, uint32_t what)
{
    if (what & AW_DETECT_DIGITS)
        aw_lane_leave(e, p, BUS_LANE_DIGITS);
    if (what & AW_DETECT_PROGRESS)
        aw_lane_leave(e, p, BUS_LANE_TONES);
    if (what & AW_DETECT_LEVEL)
        aw_lane_leave(e, p, BUS_LANE_LEVEL);
}

void aw_detect_set(struct aw_engine *e, const aw_cmd_detect *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];
    uint32_t what = c->what & DETECT_ALL;
    uint32_t begun = what & ~(uint32_t)p->detect;
    if ((what ^ p->detect) & DETECT_MF) /* another standard begins anew */
        begun |= what & DETECT_MF;
    /* The plan is checked by the port's own detector, which every plan begins anew. */
    if (what & AW_DETECT_PROGRESS && aw_progress_init(&b->progress, &c->plan) != AW_OK) {
        what &= ~(uint32_t)AW_DETECT_PROGRESS;
        begun &= what;
        e->counters->refused++;
    }
    end(e, p, p->detect & ~what);
    begin(e, p, begun | (what & AW_DETECT_PROGRESS), c);
    p->detect = (uint16_t)what;
    aw_port_update(e, p);
}

void aw_detect_stop(struct aw_engine *e, struct bus_port *p)
{
    end(e, p, p->detect);
    p->detect = 0;
}

void aw_detect_digit(struct aw_engine *e, const struct bus_port *p, const aw_digit *digit)
{
    aw_evt_port event = {
        .record = {AW_EVT_DIGIT, sizeof event},
        .at = e->now,
        .handle = p->handle,
        .value = (uint8_t)digit->key,
        .extra = digit->duration_ms,
        .flag = digit->on,
        .level_dbm0 = digit->dbm0,
    };

    aw_event_post(e, &event, NULL, 0);
}

static void hear_digits(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    aw_digit digit[EVENTS];
    size_t count = aw_dtmf_feed(&e->blocks[aw_port_index(e, p)].dtmf, said, N, digit, EVENTS);

    for (size_t i = 0; i < count; i++)
        aw_detect_digit(e, p, &digit[i]);
}

void aw_detect_tone(struct aw_engine *e, const struct bus_port *p, const aw_progress_event *tone)
{
    aw_evt_port event = {
        .record = {AW_EVT_TONE, sizeof event},
        .at = e->now,
        .handle = p->handle,
        .value = tone->id,
        .flag = (uint16_t)tone->on,
    };

    aw_event_post(e, &event, NULL, 0);
}

static void hear_tones(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    aw_progress_event tone[EVENTS];
    size_t count =
        aw_progress_feed(&e->blocks[aw_port_index(e, p)].progress, said, N, tone, EVENTS);

    for (size_t i = 0; i < count; i++)
        aw_detect_tone(e, p, &tone[i]);
}

static void hear_caller(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];
    size_t length = aw_fsk_receiver_feed(&b->caller_id, said, N);
    aw_evt_port event = {
        .record = {AW_EVT_CALLER_ID, sizeof event},
        .at = e->now,
        .handle = p->handle,
        .length = (uint16_t)length,
    };

    if (length > 0)
        aw_event_post(e, &event, aw_fsk_receiver_message(&b->caller_id), length);
}

static void hear_cas(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    aw_evt_port event = {
        .record = {AW_EVT_CAS, sizeof event},
        .at = e->now,
        .handle = p->handle,
        .extra = aw_cas_feed(&e->blocks[aw_port_index(e, p)].cas, said, N),
    };

    if (event.extra > 0)
        aw_event_post(e, &event, NULL, 0);
}

static void hear_mf(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    aw_digit signal[EVENTS];
    size_t count = aw_mf_feed(&e->blocks[aw_port_index(e, p)].mf, said, N, signal, EVENTS);

    for (size_t i = 0; i < count; i++) {
        aw_evt_port event = {
            .record = {AW_EVT_MF, sizeof event},
            .at = e->now,
            .handle = p->handle,
            .value = (uint8_t)signal[i].key,
            .extra = signal[i].duration_ms,
            .flag = signal[i].on,
            .level_dbm0 = signal[i].dbm0,
        };
        aw_event_post(e, &event, NULL, 0);
    }
}

static void hear_special(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    uint32_t kind[EVENTS];
    size_t count = aw_special_feed(&e->blocks[aw_port_index(e, p)].special, said, N, kind, EVENTS);

    for (size_t i = 0; i < count; i++)
        aw_event_port(e, AW_EVT_SPECIAL, p->handle, kind[i]);
}

static void hear_segments(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    aw_segment segment[EVENTS];
    size_t count = aw_learn_feed(&e->blocks[aw_port_index(e, p)].learn, said, N, segment, EVENTS);

    for (size_t i = 0; i < count; i++) {
        aw_evt_segment event = {
            .record = {AW_EVT_SEGMENT, sizeof event},
            .at = e->now,
            .handle = p->handle,
            .segment = segment[i],
        };
        aw_event_post(e, &event, NULL, 0);
    }
}

static void measure(struct aw_engine *e, const struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);
    struct bus_blocks *b = &e->blocks[index];
    aw_port_entry *entry = &e->port_entries[index];

    aw_meter_feed(&b->receive, e->said[index], N);
    aw_meter_feed(&b->send, e->heard[index], N);
    if ((e->counters->ticks + index) % BUS_METER_PERIOD != 0)
        return;
    entry->receive_dbm0 = aw_meter_dbm0(&b->receive);
    entry->send_dbm0 = aw_meter_dbm0(&b->send);
    entry->receive_peak = (uint16_t)aw_meter_peak(&b->receive);
    entry->send_peak = (uint16_t)aw_meter_peak(&b->send);
}

void aw_detect_hear(struct aw_engine *e, struct bus_port *p)
{
    const int16_t *said = e->said[aw_port_index(e, p)];

    if (p->detect & AW_DETECT_DIGITS && p->lane[BUS_LANE_DIGITS] == BUS_NONE)
        hear_digits(e, p, said);
    if (p->detect & AW_DETECT_PROGRESS && p->lane[BUS_LANE_TONES] == BUS_NONE)
        hear_tones(e, p, said);
    if (p->detect & AW_DETECT_CALLER_ID)
        hear_caller(e, p, said);
    if (p->detect & AW_DETECT_CAS)
        hear_cas(e, p, said);
    if (p->detect & DETECT_MF)
        hear_mf(e, p, said);
    if (p->detect & AW_DETECT_SPECIAL)
        hear_special(e, p, said);
    if (p->detect & AW_DETECT_LEARN)
        hear_segments(e, p, said);
    if (p->detect & AW_DETECT_LEVEL && p->lane[BUS_LANE_LEVEL] == BUS_NONE)
        measure(e, p);
}
