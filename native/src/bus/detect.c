/* SPDX-License-Identifier: MIT */
/* Listening to what a port says: digits, tones, caller ID, level; only what was asked for. */
#include "bus/bus.h"

#define N      AW_TICK_SAMPLES
#define EVENTS 4 /* more than any block makes of 40 samples */

#define DETECT_MF (AW_DETECT_MF_R1 | AW_DETECT_MF_R2_FORWARD | AW_DETECT_MF_R2_BACKWARD)
#define DETECT_ALL                                                                                 \
    (AW_DETECT_DIGITS | AW_DETECT_PROGRESS | AW_DETECT_CALLER_ID | AW_DETECT_LEVEL |               \
     AW_DETECT_CAS | DETECT_MF | AW_DETECT_SPECIAL | AW_DETECT_LEARN | AW_DETECT_VOICE)

/* What a lane of each kind listens for. */
static const uint32_t LISTENS[BUS_LANE_DETECTORS] = {
    [BUS_LANE_DIGITS] = AW_DETECT_DIGITS,
    [BUS_LANE_TONES] = AW_DETECT_PROGRESS,
    [BUS_LANE_LEVEL] = AW_DETECT_LEVEL,
    [BUS_LANE_CALLER_ID] = AW_DETECT_CALLER_ID,
    [BUS_LANE_MF] = DETECT_MF,
    [BUS_LANE_SPECIAL] = AW_DETECT_SPECIAL,
};

aw_mf_standard aw_detect_standard(uint32_t what)
{
    if (what & AW_DETECT_MF_R1)
        return AW_MF_R1;
    return what & AW_DETECT_MF_R2_FORWARD ? AW_MF_R2_FORWARD : AW_MF_R2_BACKWARD;
}

/* One standard of MF at most, and one of caller ID that there is. */
static bool is_wish(const aw_cmd_detect *c)
{
    uint32_t mf = c->what & DETECT_MF;

    return (mf & (mf - 1)) == 0 && (!(c->what & AW_DETECT_CALLER_ID) ||
                                    c->standard == AW_FSK_BELL202 || c->standard == AW_FSK_V23);
}

static void begin_alone(struct bus_blocks *b, uint32_t what, const aw_cmd_detect *c)
{
    if (what & AW_DETECT_DIGITS)
        aw_dtmf_init(&b->dtmf);
    if (what & AW_DETECT_LEVEL) {
        aw_meter_init(&b->receive);
        aw_meter_init(&b->send);
    }
    if (what & AW_DETECT_CALLER_ID)
        (void)aw_fsk_receiver_init(&b->caller_id, (aw_fsk_standard)c->standard);
    if (what & AW_DETECT_CAS)
        aw_cas_init(&b->cas);
    if (what & DETECT_MF)
        (void)aw_mf_init(&b->mf, aw_detect_standard(c->what));
    if (what & AW_DETECT_SPECIAL)
        aw_special_init(&b->special);
    if (what & AW_DETECT_LEARN)
        aw_learn_init(&b->learn);
}

/* Most is listened for in a lane of a group; if there is none, alone. */
static void begin(struct aw_engine *e, struct bus_port *p, uint32_t what, const aw_cmd_detect *c)
{
    uint32_t alone = what & ~(uint32_t)AW_DETECT_VOICE; /* which has lanes of its own */

    for (unsigned kind = 0; kind < BUS_LANE_DETECTORS; kind++)
        if (what & LISTENS[kind] && aw_lane_take(e, p, kind, c))
            alone &= ~LISTENS[kind];
    begin_alone(&e->blocks[aw_port_index(e, p)], alone, c);
    p->alone = (uint16_t)((p->alone & ~what) | alone);
}

static void end(struct aw_engine *e, struct bus_port *p, uint32_t what)
{
    for (unsigned kind = 0; kind < BUS_LANE_DETECTORS; kind++)
        if (what & LISTENS[kind])
            aw_lane_leave(e, p, kind);
    p->alone &= (uint16_t)~what;
    if (what & AW_DETECT_VOICE)
        aw_voice_unlisten(e, p);
}

/* Caller ID is listened for, but by another standard than is wanted now. */
static bool is_other_standard(const struct aw_engine *e, const struct bus_port *p,
                              const aw_cmd_detect *c)
{
    uint16_t at = p->lane[BUS_LANE_CALLER_ID];

    if (!(p->detect & c->what & AW_DETECT_CALLER_ID))
        return false;
    if (at != BUS_NONE)
        return e->lanes.caller_ids[at / LANES].standard != (aw_fsk_standard)c->standard;
    return e->blocks[aw_port_index(e, p)].caller_id.standard != (aw_fsk_standard)c->standard;
}

void aw_detect_set(struct aw_engine *e, const aw_cmd_detect *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    if (!is_wish(c)) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];
    uint32_t what = c->what & DETECT_ALL;
    uint32_t begun = what & ~(uint32_t)p->detect;

    if (is_other_standard(e, p, c))
        begun |= AW_DETECT_CALLER_ID;
    /* The plan is checked by the port's own detector, which every plan begins anew. */
    if (what & AW_DETECT_PROGRESS && aw_progress_init(&b->progress, &c->plan) != AW_OK) {
        what &= ~(uint32_t)AW_DETECT_PROGRESS;
        begun &= what;
        aw_count(&e->counters->refused, 1);
    }
    end(e, p, p->detect & ~what); /* first: another standard of MF takes the lane of the last */
    begin(e, p, begun | (what & AW_DETECT_PROGRESS), c);
    if (what & AW_DETECT_VOICE) /* begun or not: the silence to be told may be another */
        aw_voice_listen(e, p, c->silence_ms);
    p->detect = (uint16_t)what;
    aw_port_update(e, p);
}

void aw_detect_stop(struct aw_engine *e, struct bus_port *p)
{
    end(e, p, p->detect);
    p->detect = 0;
}

void aw_detect_digit(struct aw_engine *e, const struct bus_port *p, aw_event_kind kind,
                     const aw_digit *digit)
{
    aw_evt_port event = {
        .record = {kind, sizeof event},
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
        aw_detect_digit(e, p, AW_EVT_DIGIT, &digit[i]);
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

void aw_detect_caller(struct aw_engine *e, const struct bus_port *p, const uint8_t *message,
                      size_t length)
{
    aw_evt_port event = {
        .record = {AW_EVT_CALLER_ID, sizeof event},
        .at = e->now,
        .handle = p->handle,
        .length = (uint16_t)length,
    };

    aw_event_post(e, &event, message, length);
}

static void hear_caller(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    aw_fsk_receiver *r = &e->blocks[aw_port_index(e, p)].caller_id;
    size_t length = aw_fsk_receiver_feed(r, said, N);

    if (length > 0)
        aw_detect_caller(e, p, aw_fsk_receiver_message(r), length);
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

    for (size_t i = 0; i < count; i++)
        aw_detect_digit(e, p, AW_EVT_MF, &signal[i]);
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

    if (p->alone & AW_DETECT_DIGITS)
        hear_digits(e, p, said);
    if (p->alone & AW_DETECT_PROGRESS)
        hear_tones(e, p, said);
    if (p->alone & AW_DETECT_CALLER_ID)
        hear_caller(e, p, said);
    if (p->alone & AW_DETECT_CAS)
        hear_cas(e, p, said);
    if (p->alone & DETECT_MF)
        hear_mf(e, p, said);
    if (p->alone & AW_DETECT_SPECIAL)
        hear_special(e, p, said);
    if (p->alone & AW_DETECT_LEARN)
        hear_segments(e, p, said);
    if (p->alone & AW_DETECT_LEVEL)
        measure(e, p);
}
