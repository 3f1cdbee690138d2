/* SPDX-License-Identifier: MIT */
/* Samples of a link: from its PCM frames to the bus and back. */
#include <string.h>

#include "bus/bus.h"

#define N           AW_TICK_SAMPLES
#define GAP_CONCEAL 10 /* missing frames made up for; more is a board that has begun anew */
#define LATE        16 /* a frame so far behind has come twice, or was overtaken by the next */

static size_t bytes_of_port(uint32_t format)
{
    return format == AW_FORMAT_S16 ? 2 * N : N;
}

static void decode(const struct aw_engine *e, int16_t *pcm, const uint8_t *bytes, uint32_t format)
{
    if (format == AW_FORMAT_ULAW)
        e->lanes.kernel->decode_row(AW_LAW_ULAW, bytes, pcm, N);
    else if (format == AW_FORMAT_ALAW)
        e->lanes.kernel->decode_row(AW_LAW_ALAW, bytes, pcm, N);
    else
        for (size_t i = 0; i < N; i++)
            pcm[i] = (int16_t)(uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
}

static void encode(const struct aw_engine *e, uint8_t *bytes, const int16_t *pcm, uint32_t format)
{
    if (format == AW_FORMAT_ULAW)
        e->lanes.kernel->encode_row(AW_LAW_ULAW, pcm, bytes, N);
    else if (format == AW_FORMAT_ALAW)
        e->lanes.kernel->encode_row(AW_LAW_ALAW, pcm, bytes, N);
    else
        for (size_t i = 0; i < N; i++) {
            bytes[2 * i] = (uint8_t)((uint16_t)pcm[i] & 0xff);
            bytes[2 * i + 1] = (uint8_t)((uint16_t)pcm[i] >> 8);
        }
}

/* A port says what its bytes say; NULL: it was left out of the frame, and is silent. */
static void say_present(struct aw_engine *e, struct bus_link *l, uint32_t i, const uint8_t *bytes,
                        uint32_t format, int16_t *pcm)
{
    if (bytes) {
        decode(e, pcm, bytes, format);
        aw_gap_good(e, l, i, pcm);
    } else {
        aw_gap_forget(l, i);
        memset(pcm, 0, N * sizeof *pcm);
    }
}

/* Where the samples of a port go: to the bus, or by way of a store; NULL: nobody hears it. */
static int16_t *place_of(struct aw_engine *e, struct bus_link *l, uint32_t i, int16_t *stored)
{
    struct bus_port *p = aw_link_port(e, l, i);

    if (!p || p->place == BUS_NONE) {
        aw_gap_forget(l, i);
        return NULL;
    }
    return l->elastic ? stored : e->said[aw_port_index(e, p)];
}

/* Without a frame (NULL) the ports' voices are carried over. */
static void say(struct aw_engine *e, struct bus_link *l, const struct bus_slot *slot)
{
    const uint8_t *bytes = slot ? slot->bytes : NULL;

    for (uint32_t i = 0; i < l->count; i++) {
        bool present = slot && slot->ports >> i & 1;
        int16_t stored[N];
        int16_t *pcm = place_of(e, l, i, stored);
        if (pcm && slot) {
            say_present(e, l, i, present ? bytes : NULL, slot->format, pcm);
        } else if (pcm) {
            aw_gap_fill(e, l, i, pcm);
            aw_count(&aw_link_entry_of(e, l)->concealed, N);
        }
        if (pcm && l->elastic)
            aw_link_store(e, l, i, pcm);
        if (present)
            bytes += bytes_of_port(slot->format);
    }
}

static void say_link(struct aw_engine *e, struct bus_link *l)
{
    if (l->elastic) {
        aw_link_pull(e, l);
        return;
    }
    struct bus_slot *slot = aw_queue_take(&l->in, &aw_link_entry_of(e, l)->slips_in);

    if (!slot)
        aw_count(&aw_link_entry_of(e, l)->underruns_in, 1);
    say(e, l, slot && !slot->missing ? slot : NULL);
}

void aw_links_say(struct aw_engine *e)
{
    for (uint32_t i = 0; i < AW_LINKS_MAX; i++)
        if (e->link[i].state == LINK_OPEN && e->link[i].carrying)
            say_link(e, &e->link[i]);
}

static void hear_link(struct aw_engine *e, struct bus_link *l)
{
    if (l->elastic) {
        aw_link_store_heard(e, l);
        return;
    }
    struct bus_slot *slot = aw_queue_put(&l->out, &aw_link_entry_of(e, l)->slips_out);

    slot->format = l->format;
    for (uint32_t i = 0; i < l->count; i++) {
        const struct bus_port *p = aw_link_port(e, l, i);
        if (!p || !p->hearing)
            continue;
        encode(e, slot->bytes + slot->length, e->heard[aw_port_index(e, p)], l->format);
        slot->length = (uint16_t)(slot->length + bytes_of_port(l->format));
        slot->ports |= 1u << i;
    }
}

void aw_links_hear(struct aw_engine *e)
{
    for (uint32_t i = 0; i < AW_LINKS_MAX; i++)
        if (e->link[i].state == LINK_OPEN && e->link[i].carrying)
            hear_link(e, &e->link[i]);
}

/* What the board hears, at its own clock's pace. */
static struct bus_slot *pull_answer(struct aw_engine *e, struct bus_link *l)
{
    struct bus_slot *slot = &l->out.slot[0];
    int16_t pcm[AW_LINK_PORTS_MAX][N];

    slot->format = l->format;
    slot->length = 0;
    slot->ports = aw_link_pull_heard(e, l, pcm);
    for (uint32_t i = 0; i < l->count; i++) {
        if (!(slot->ports >> i & 1))
            continue;
        encode(e, slot->bytes + slot->length, pcm[i], l->format);
        slot->length = (uint16_t)(slot->length + bytes_of_port(l->format));
    }
    return slot;
}

static void answer(struct aw_engine *e, struct bus_link *l, uint32_t tick)
{
    aw_link_entry *entry = aw_link_entry_of(e, l);
    struct bus_slot *slot =
        l->elastic ? pull_answer(e, l) : aw_queue_take(&l->out, &entry->slips_out);
    uint8_t payload[AW_PCM_UP_HEADER + sizeof slot->bytes];
    aw_pcm_header head = {
        .ms = AW_TICK_MS,
        .format = slot ? slot->format : l->format,
        .flags = l->begun ? 0 : AW_PCM_FIRST,
        .ports = slot ? slot->ports : 0,
    };
    size_t length = aw_pcm_encode(payload, &head, 0);
    aw_frame_header header = {
        .kind = AW_FRAME_PCM, .seq = l->next_out++, .tick = tick, .ack = l->ack};

    if (slot) {
        memcpy(payload + length, slot->bytes, slot->length);
        length += slot->length;
    } else {
        aw_count(&entry->underruns_out, 1);
    }
    uint64_t dropped = entry->dropped_out;
    l->begun = true;
    aw_link_send(e, l, &header, payload, length);
    aw_count(&entry->pcm_out, entry->dropped_out == dropped);
}

static void snapshot(struct aw_engine *e, struct bus_link *l, const aw_pcm_header *head)
{
    bool first = !l->carrying || head->flags & AW_PCM_FIRST;
    aw_evt_port event = {
        .record = {AW_EVT_LINES, sizeof event},
        .at = e->now,
        .handle = l->handle,
        .value = head->off_hook,
        .extra = head->ringing,
    };

    if (!first && head->off_hook == l->off_hook && head->ringing == l->ringing)
        return;
    uint64_t lost = e->counters->events_lost;
    aw_event_post(e, &event, NULL, 0);
    l->off_hook = aw_link_entry_of(e, l)->off_hook = head->off_hook;
    l->ringing = aw_link_entry_of(e, l)->ringing = head->ringing;
    if (e->counters->events_lost != lost)
        l->off_hook = ~head->off_hook; /* not told: tell it with the next frame */
}

/* Through a store nothing waits as frames. */
static void store_slots(struct aw_engine *e, struct bus_link *l)
{
    while (l->elastic && l->in.count > 0) {
        const struct bus_slot *slot = &l->in.slot[l->in.first];
        aw_queue_forget(&l->in);
        say(e, l, slot->missing ? NULL : slot);
    }
}

/* Missing frames keep their place in time; they are concealed and not answered. */
static void make_up_for(struct aw_engine *e, struct bus_link *l, uint16_t gap)
{
    aw_link_entry *entry = aw_link_entry_of(e, l);

    aw_count(&entry->gaps, gap);
    for (uint16_t i = 0; i < gap && gap <= GAP_CONCEAL; i++) {
        aw_queue_put(&l->in, &entry->slips_in)->missing = true;
        store_slots(e, l);
        if (aw_link_clocks(e, l))
            aw_bus_tick(e);
        aw_queue_forget(&l->out);
    }
}

/* Its place in time has been made up for, or taken; and its hooks are not those of now.  Numbers
 * of the stream before say nothing, but its ticks do; unless the clock has jumped, which is seen
 * by the number being the next. */
static bool comes_late(uint16_t gap, uint32_t behind)
{
    return gap > UINT16_MAX - LATE || (gap > 0 && behind > 0 && behind < AW_SAMPLE_RATE);
}

/* The first of a stream may come twice, or be overtaken, too: its tick isn't a later one then. */
static bool goes_on(const struct bus_link *l, const aw_pcm_header *head, uint32_t behind)
{
    return l->carrying && (behind < AW_SAMPLE_RATE || !(head->flags & AW_PCM_FIRST));
}

static void put_slot(struct aw_engine *e, struct bus_link *l, const aw_pcm_header *head,
                     const uint8_t *bytes, size_t length)
{
    struct bus_slot *slot = aw_queue_put(&l->in, &aw_link_entry_of(e, l)->slips_in);

    slot->format = head->format;
    slot->ports = head->ports;
    slot->length = (uint16_t)length;
    memcpy(slot->bytes, bytes, length);
}

void aw_link_pcm(struct aw_engine *e, struct bus_link *l, const aw_frame *frame)
{
    aw_link_entry *entry = aw_link_entry_of(e, l);
    aw_pcm_header head;
    size_t begin = aw_pcm_decode(frame->payload, frame->length, 1, &head);

    if (begin == 0 || head.ms != AW_TICK_MS) {
        l->bad_pcm++;
        return;
    }
    aw_count(&entry->pcm_in, 1);
    uint16_t gap = (uint16_t)(frame->header.seq - l->next_in);
    uint32_t behind = l->last_tick - frame->header.tick; /* samples, unless it is ahead */
    bool going_on = goes_on(l, &head, behind);
    if (going_on && comes_late(gap, behind)) {
        aw_count(&entry->slips_in, 1);
        aw_count(&entry->late_in, 1);
        return;
    }
    snapshot(e, l, &head);
    l->last_tick = frame->header.tick;
    if (!going_on) {
        l->begun = false;
        l->next_out = 0;
    }
    l->carrying = true;
    l->next_in = (uint16_t)(frame->header.seq + 1);
    if (going_on && gap > 0 && gap < 0x8000)
        make_up_for(e, l, gap);

    aw_link_drift(e, l, frame->header.tick);
    bool clocks = aw_link_clocks(e, l);
    aw_link_elastic(e, l);
    put_slot(e, l, &head, frame->payload + begin, frame->length - begin);
    if (clocks)
        aw_bus_tick(e);
    else
        store_slots(e, l);
    answer(e, l, frame->header.tick);
}
