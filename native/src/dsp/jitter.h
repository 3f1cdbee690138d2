/* SPDX-License-Identifier: MIT */
/* The jitter buffer's memory for embedding.  Its calls are those of aw/jitter.h. */
#ifndef AW_SRC_DSP_JITTER_H
#define AW_SRC_DSP_JITTER_H
#include <stdbool.h>

#include "aw/jitter.h"

enum {
    AW_JITTER_BIN = 40,    /* samples: the delays are told apart by 5 ms */
    AW_JITTER_BINS = 82,   /* up to AW_JITTER_MOST_MS, and one for all beyond */
    AW_JITTER_WINDOWS = 8, /* of 1.25 s, in which the fastest packet is sought */
};

/* How long packets take: nothing but times comes in here. */
struct aw_delays {
    float share[AW_JITTER_BINS];        /* of packets by delay over the fastest */
    int64_t fastest[AW_JITTER_WINDOWS]; /* least transit (arrival - timestamp) of each window */
    int64_t base;                       /* the least of them */
    uint64_t window;                    /* number of the newest window */
    int64_t last;                       /* transit of the packet before */
    float jitter;                       /* RFC 3550, samples */
    uint32_t count;
    uint32_t least, most, target; /* samples */
};

void aw_delays_init(struct aw_delays *d, uint32_t least, uint32_t most);
void aw_delays_feed(struct aw_delays *d, uint64_t now, int64_t transit);

struct aw_jitter_slot {
    int64_t timestamp; /* extended */
    uint16_t sequence, samples, bytes;
    uint8_t kind, cell; /* the first of its chain */
};

struct aw_jitter {
    struct aw_delays delays;
    struct aw_jitter_slot slot[AW_JITTER_CELLS]; /* in order of time */
    uint8_t cell[AW_JITTER_CELLS][AW_JITTER_CELL];
    uint8_t chain[AW_JITTER_CELLS]; /* the next cell of a packet or of the free ones */
    size_t slots;
    uint8_t unused;     /* the first free cell, AW_JITTER_CELLS: none */
    bool begun;         /* a packet has come: `newest` and the delays mean something */
    bool playing;       /* `due` means something */
    bool followed;      /* a packet was played: `sequence` means something */
    uint16_t sequence;  /* of the last packet played */
    int64_t newest;     /* timestamp of the packet that came last */
    int64_t due;        /* timestamp of the next sample to be played */
    uint32_t overdue;   /* samples invented since `due` was overdue */
    uint32_t strangers; /* packets in a row from another time */
    int64_t stranger;   /* transit of the last of them */
    aw_jitter_figures figures;
};

/* least_ms and most_ms as documented in aw/jitter.h. */
void aw_jitter_init(struct aw_jitter *j, unsigned least_ms, unsigned most_ms);
/* Whether the next sample due is here.  Real-time safe. */
bool aw_jitter_ready(const struct aw_jitter *j);
#endif
