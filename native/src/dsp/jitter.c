/* SPDX-License-Identifier: MIT */
/* Jitter buffer: see aw/jitter.h. */
#include "dsp/jitter.h"

#include <string.h>

#include "mem.h"

enum {
    CELLS = AW_JITTER_CELLS,
    CELL = AW_JITTER_CELL,
    NO_CELL = CELLS,
    MS = 8,                /* samples */
    STRANGE_LATE = 16000,  /* samples: 2 s behind the fastest is another stream or clock */
    STRANGE_EARLY = 3200,  /* samples: so is 400 ms before it */
    STRANGE_SPREAD = 1600, /* samples: strangers that agree within 200 ms are one stream */
    STRANGERS = 3,         /* packets of it in a row: the sender has jumped, follow him */
    GIVE_UP = 8000,        /* samples of waiting for the next packet: it is a new beginning then */
    MOST_LOST = 1000,      /* packets missing between two: more is a jump, not a loss */
};

void aw_jitter_init(struct aw_jitter *j, unsigned least_ms, unsigned most_ms)
{
    memset(j, 0, sizeof *j);
    aw_delays_init(&j->delays, least_ms * MS, most_ms * MS);
    for (uint8_t i = 0; i < CELLS; i++)
        j->chain[i] = (uint8_t)(i + 1);
}

/* The cells of packets. */

static void release(struct aw_jitter *j, uint8_t first)
{
    uint8_t last = first;

    while (j->chain[last] != NO_CELL)
        last = j->chain[last];
    j->chain[last] = j->unused;
    j->unused = first;
}

/* Copy a payload into free cells; returns the first, or NO_CELL if there are too few. */
static uint8_t keep(struct aw_jitter *j, const uint8_t *payload, size_t bytes)
{
    uint8_t first = j->unused;
    uint8_t last = NO_CELL;
    uint8_t next = first;

    for (size_t need = bytes; need > 0; need -= need < CELL ? need : CELL) {
        if (next == NO_CELL)
            return NO_CELL;
        last = next;
        next = j->chain[next];
    }
    for (uint8_t cell = first; bytes > 0; cell = j->chain[cell]) {
        size_t part = bytes < CELL ? bytes : CELL;
        memcpy(j->cell[cell], payload, part);
        payload += part;
        bytes -= part;
    }
    j->unused = next;
    j->chain[last] = NO_CELL;
    return first;
}

static void give(const struct aw_jitter *j, const struct aw_jitter_slot *slot, uint8_t *payload)
{
    size_t bytes = slot->bytes;

    for (uint8_t cell = slot->cell; bytes > 0; cell = j->chain[cell]) {
        size_t part = bytes < CELL ? bytes : CELL;
        memcpy(payload, j->cell[cell], part);
        payload += part;
        bytes -= part;
    }
}

static void remove_first(struct aw_jitter *j)
{
    release(j, j->slot[0].cell);
    j->slots--;
    memmove(j->slot, j->slot + 1, j->slots * sizeof *j->slot);
}

/* What comes in. */

static bool well_formed(const aw_packet *p)
{
    if (p->bytes == 0 || p->bytes > AW_JITTER_BYTES)
        return false;
    if (p->kind == AW_PACKET_COMFORT)
        return p->samples == 0;
    return p->kind == AW_PACKET_AUDIO && p->samples > 0 && p->samples <= AW_JITTER_BYTES;
}

/* The sender's clock has jumped: forget his past, begin anew. */
static void follow(struct aw_jitter *j)
{
    while (j->slots > 0)
        remove_first(j);
    aw_delays_init(&j->delays, j->delays.least, j->delays.most);
    j->playing = j->followed = false;
    j->strangers = 0;
    j->figures.resyncs++;
}

/* Whether a packet of this transit is of another time than the rest; a row of them is believed. */
static bool strange(struct aw_jitter *j, int64_t transit)
{
    int64_t over = transit - j->delays.base;

    if (j->delays.count == 0 || (over <= STRANGE_LATE && over >= -STRANGE_EARLY)) {
        j->strangers = 0;
        return false;
    }
    int64_t apart = transit - j->stranger;
    bool alike = apart <= STRANGE_SPREAD && apart >= -STRANGE_SPREAD;
    j->strangers = j->strangers > 0 && alike ? j->strangers + 1 : 1;
    j->stranger = transit;
    if (j->strangers < STRANGERS)
        return true;
    follow(j);
    return false;
}

static aw_packet_fate insert(struct aw_jitter *j, const aw_packet *p, int64_t timestamp,
                             const uint8_t *payload)
{
    size_t at = j->slots;

    if (j->playing && timestamp + p->samples <= j->due && p->kind == AW_PACKET_AUDIO) {
        j->figures.late++;
        return AW_PACKET_LATE;
    }
    while (at > 0 && j->slot[at - 1].timestamp > timestamp)
        at--;
    if (at > 0 && j->slot[at - 1].timestamp == timestamp) {
        j->figures.duplicates++;
        return AW_PACKET_DUPLICATE;
    }
    uint8_t cell = j->slots < CELLS ? keep(j, payload, p->bytes) : NO_CELL;
    if (cell == NO_CELL) {
        j->figures.refused++;
        return AW_PACKET_FULL;
    }
    memmove(j->slot + at + 1, j->slot + at, (j->slots - at) * sizeof *j->slot);
    j->slot[at] = (struct aw_jitter_slot){
        timestamp, p->sequence, (uint16_t)p->samples, (uint16_t)p->bytes, (uint8_t)p->kind, cell,
    };
    j->slots++;
    return AW_PACKET_KEPT;
}

aw_packet_fate aw_jitter_put(aw_jitter *j, uint64_t now, const aw_packet *p, const uint8_t *payload)
{
    j->figures.received++;
    int64_t timestamp = p->timestamp;
    if (j->begun) /* 32 bits of time wrap after six days; the difference tells */
        timestamp = j->newest + (int32_t)(p->timestamp - (uint32_t)j->newest);
    int64_t transit = (int64_t)(now & INT64_MAX) - timestamp;

    if (!well_formed(p) || strange(j, transit)) {
        j->figures.refused++;
        return AW_PACKET_REFUSED;
    }
    j->newest = timestamp;
    j->begun = true;
    if (p->kind == AW_PACKET_AUDIO)
        aw_delays_feed(&j->delays, now, transit);
    return insert(j, p, timestamp, payload);
}

/* What goes out. */

/* Samples by which `due`, played now, is before its target. */
static int64_t earliness(const struct aw_jitter *j, int64_t now)
{
    return j->due + j->delays.base + j->delays.target - now;
}

static uint32_t at_most(int64_t span, uint32_t samples)
{
    return span < (int64_t)samples ? (uint32_t)span : samples;
}

static void count_lost(struct aw_jitter *j, const struct aw_jitter_slot *slot)
{
    uint16_t missing = (uint16_t)(slot->sequence - j->sequence - 1);

    if (j->followed && missing < MOST_LOST)
        j->figures.lost += missing;
    j->followed = true;
    j->sequence = slot->sequence;
}

/* Hand on the first packet, which begins at or before `due`. */
static aw_play_order play(struct aw_jitter *j, int64_t now, uint8_t *payload)
{
    struct aw_jitter_slot slot = j->slot[0];
    aw_play_order order = {AW_PLAY_PACKET, slot.samples, 0, slot.bytes, 0};
    int64_t early = earliness(j, now);

    give(j, &slot, payload);
    remove_first(j);
    count_lost(j, &slot);
    j->figures.played++;
    if (slot.kind == AW_PACKET_COMFORT) {
        order.what = AW_PLAY_COMFORT;
        return order;
    }
    j->overdue = 0;
    order.skip = (uint32_t)(j->due - slot.timestamp);
    order.early = (int32_t)early;
    j->due = slot.timestamp + slot.samples;
    j->figures.delay_ms = (float)((int64_t)j->delays.target - early) / (float)MS;
    return order;
}

/* There is a gap before the first packet: wait for what is missing, or give it up. */
static aw_play_order bridge(struct aw_jitter *j, int64_t now, uint32_t samples, uint8_t *payload)
{
    int64_t gap = j->slot[0].timestamp - j->due;
    int64_t early = earliness(j, now);
    bool nothing_missing = j->followed && j->slot[0].sequence == (uint16_t)(j->sequence + 1);

    if (nothing_missing) { /* the sender was silent: the place to set the delay right unheard */
        if (gap + early > 0)
            return (aw_play_order){AW_PLAY_PAUSE, at_most(gap + early, samples), 0, 0, 0};
        j->due += gap;
        return play(j, now, payload);
    }
    if (early > 0) /* what arrives within the target is played */
        return (aw_play_order){AW_PLAY_WAIT, at_most(early, samples), 0, 0, (int32_t)early};
    int64_t filled = at_most(gap, j->overdue); /* by what was invented while waiting */
    j->due += filled;
    j->overdue -= (uint32_t)filled;
    if (filled == gap)
        return play(j, now, payload);
    uint32_t part = at_most(gap - filled, samples);
    j->due += part;
    return (aw_play_order){AW_PLAY_LOST, part, 0, 0, 0};
}

/* Packets of a time already played, as malice or stretching may leave them. */
static void drop_old(struct aw_jitter *j)
{
    while (j->slots > 0 && j->slot[0].kind == AW_PACKET_AUDIO &&
           j->slot[0].timestamp + j->slot[0].samples <= j->due) {
        j->figures.late++;
        remove_first(j);
    }
}

static bool begin(struct aw_jitter *j, int64_t now)
{
    if (j->playing || j->slots == 0)
        return j->playing;
    j->due = j->slot[0].timestamp;
    j->playing = earliness(j, now) <= 0;
    j->overdue = 0;
    return j->playing;
}

aw_play_order aw_jitter_take(aw_jitter *j, uint64_t now, uint32_t samples, uint8_t *payload)
{
    int64_t at = (int64_t)(now & INT64_MAX);

    if (samples == 0 || !begin(j, at))
        return (aw_play_order){AW_PLAY_NOTHING, samples, 0, 0, 0};
    drop_old(j);
    if (j->slots > 0 && j->slot[0].timestamp <= j->due)
        return play(j, at, payload);
    if (j->slots > 0)
        return bridge(j, at, samples, payload);
    int64_t early = earliness(j, at);
    if (early < -GIVE_UP) {
        j->playing = false;
        return (aw_play_order){AW_PLAY_NOTHING, samples, 0, 0, 0};
    }
    if (early < 0)
        j->overdue += at_most(-early, samples);
    return (aw_play_order){AW_PLAY_WAIT, samples, 0, 0, (int32_t)early};
}

uint32_t aw_jitter_waiting(const aw_jitter *j)
{
    if (j->slots == 0)
        return 0;
    const struct aw_jitter_slot *last = &j->slot[j->slots - 1];
    int64_t from = j->playing ? j->due : j->slot[0].timestamp;
    int64_t waiting = last->timestamp + last->samples - from;
    return waiting > 0 ? (uint32_t)waiting : 0;
}

bool aw_jitter_ready(const struct aw_jitter *j)
{
    return j->playing && j->slots > 0 && j->slot[0].timestamp <= j->due;
}

aw_jitter_figures aw_jitter_look(const aw_jitter *j)
{
    aw_jitter_figures figures = j->figures;

    figures.jitter_ms = j->delays.jitter / (float)MS;
    figures.target_ms = (float)j->delays.target / (float)MS;
    return figures;
}

aw_status aw_jitter_new(aw_jitter **out, unsigned least_ms, unsigned most_ms)
{
    if (!out || least_ms > most_ms || most_ms > AW_JITTER_MOST_MS)
        return AW_EINVAL;
    aw_jitter *j = aw_alloc(sizeof *j);
    if (!j)
        return AW_ENOMEM;
    aw_jitter_init(j, least_ms, most_ms);
    *out = j;
    return AW_OK;
}

void aw_jitter_free(aw_jitter *j)
{
    aw_release(j);
}
