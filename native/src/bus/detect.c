/* SPDX-License-Identifier: MIT */
/* Listening to what a port says: digits, tones, caller ID, level; only what was asked for. */
#include "bus/bus.h"

#define N            AW_TICK_SAMPLES
#define EVENTS       4  /* more than any block makes of 40 samples */
#define METER_PERIOD 4u /* ticks between two entries in the table: 20 ms */

void aw_detect_set(struct aw_engine *e, const aw_cmd_detect *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];
    uint32_t begun = c->what & ~(uint32_t)p->detect;
    uint32_t what =
        c->what & (AW_DETECT_DIGITS | AW_DETECT_PROGRESS | AW_DETECT_CALLER_ID | AW_DETECT_LEVEL);
    if (begun & AW_DETECT_DIGITS)
        aw_dtmf_init(&b->dtmf);
    if (begun & AW_DETECT_CALLER_ID)
        aw_fsk_receiver_init(&b->caller_id, (aw_fsk_standard)c->standard);
    if (begun & AW_DETECT_LEVEL) {
        aw_meter_init(&b->receive);
        aw_meter_init(&b->send);
    }
    if (what & AW_DETECT_PROGRESS && aw_progress_init(&b->progress, &c->plan) != AW_OK) {
        what &= ~(uint32_t)AW_DETECT_PROGRESS;
        e->counters->refused++;
    }
    p->detect = (uint8_t)what;
    aw_port_update(e, p);
}

static void hear_digits(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];
    aw_digit digit[EVENTS];
    size_t count = aw_dtmf_feed(&b->dtmf, said, N, digit, EVENTS);

    for (size_t i = 0; i < count; i++) {
        aw_evt_port event = {
            .record = {AW_EVT_DIGIT, sizeof event},
            .at = e->now,
            .handle = p->handle,
            .value = (uint8_t)digit[i].key,
            .extra = digit[i].duration_ms,
            .flag = digit[i].on,
            .level_dbm0 = digit[i].dbm0,
        };
        aw_event_post(e, &event, NULL, 0);
    }
}

static void hear_tones(struct aw_engine *e, const struct bus_port *p, const int16_t *said)
{
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];
    aw_progress_event tone[EVENTS];
    size_t count = aw_progress_feed(&b->progress, said, N, tone, EVENTS);

    for (size_t i = 0; i < count; i++) {
        aw_evt_port event = {
            .record = {AW_EVT_TONE, sizeof event},
            .at = e->now,
            .handle = p->handle,
            .value = tone[i].id,
            .flag = (uint16_t)tone[i].on,
        };
        aw_event_post(e, &event, NULL, 0);
    }
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

static void measure(struct aw_engine *e, const struct bus_port *p)
{
    uint16_t index = aw_port_index(e, p);
    struct bus_blocks *b = &e->blocks[index];
    aw_port_entry *entry = &e->port_entries[index];

    aw_meter_feed(&b->receive, e->said[index], N);
    aw_meter_feed(&b->send, e->heard[index], N);
    if ((e->counters->ticks + index) % METER_PERIOD != 0)
        return;
    entry->receive_dbm0 = aw_meter_dbm0(&b->receive);
    entry->send_dbm0 = aw_meter_dbm0(&b->send);
    entry->receive_peak = (uint16_t)aw_meter_peak(&b->receive);
    entry->send_peak = (uint16_t)aw_meter_peak(&b->send);
}

void aw_detect_hear(struct aw_engine *e, struct bus_port *p)
{
    const int16_t *said = e->said[aw_port_index(e, p)];

    if (p->detect & AW_DETECT_DIGITS)
        hear_digits(e, p, said);
    if (p->detect & AW_DETECT_PROGRESS)
        hear_tones(e, p, said);
    if (p->detect & AW_DETECT_CALLER_ID)
        hear_caller(e, p, said);
    if (p->detect & AW_DETECT_LEVEL)
        measure(e, p);
}
