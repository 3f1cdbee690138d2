/* SPDX-License-Identifier: MIT */
/* A player: the file thread keeps a second of it ready, block by block; the tick takes one a tick.
 *
 * What is wished meanwhile (another place, another speed) the tick hands over one at a time.  The
 * file thread answers behind what lies ready already, and says from which block on the tick is to
 * go on there: it blends the two, so nothing is heard of it, and no moment is silent. */
#ifndef AW_BUS_PLAYER_H
#define AW_BUS_PLAYER_H
#include <stdbool.h>
#include <stdint.h>

#include "aw/arena.h"
#include "bus/clips.h"
#include "dsp/wsola.h"

enum {
    PLAY_BLOCKS = 256, /* ticks: 1.28 s */
    PLAY_AHEAD = 192,  /* so many lie ready at most; the rest is for an answer to a wish */
    PLAY_LOW = 96,     /* and are made up to that again when there are fewer */
    PLAY_FIRST = 32,   /* made at once for who begins or moves, so that many can at a time */
    PLAY_LEAD = 8,     /* ticks after which another speed is heard: until then it is ready */
};

struct play_block {
    uint64_t next; /* place in the list behind it */
    uint32_t ends; /* the last one, which is silent: 1 + aw_done_reason; else 0 */
    int16_t pcm[AW_TICK_SAMPLES];
};

struct play_wish {
    bool moves;
    uint64_t to; /* place in the list */
    float speed; /* 0: as it is */
};

/* The tick's, but for `wish`: that is the file thread's from `asked` on until it is answered. */
struct play_wishes {
    struct play_wish wish;
    struct play_wish next; /* what came since: it waits until the one before is heard */
    bool more;             /* there is such a one */
    bool moving;           /* the one before moves */
    uint64_t goal;         /* where to, whichever is the later */
    uint64_t at;           /* place in the list of what is heard next */
};

struct bus_player {
    uint32_t head;     /* blocks ever made, the file thread's, atomic */
    uint32_t tail;     /* blocks ever taken or skipped, the tick's, atomic */
    uint32_t asked;    /* wishes, the tick's, atomic */
    uint32_t answered; /* the file thread's, atomic: `jumps`, `from` and `to` tell how */
    uint32_t seen;     /* answers that the tick has gone by, atomic */
    bool jumps;
    uint32_t from; /* from this block on */
    uint32_t to;   /* this one is heard in its place */
    /* The file thread's. */
    struct bus_clips clips;
    float speed;
    struct aw_wsola stretch; /* unless the speed is 1 */
    uint64_t base;           /* place in the list where it began */
    bool over;               /* the last block is made */
    struct play_block block[PLAY_BLOCKS];
};

struct bus_file;
struct bus_files;

/* The file thread's.  False: there is no memory. */
bool aw_player_open(struct bus_files *files, struct bus_file *f);
void aw_player_free(struct bus_files *files, struct bus_file *f);
void aw_player_answer(struct bus_files *files, struct bus_file *f); /* if there is a wish */
void aw_player_go_on(struct bus_files *files, struct bus_file *f);  /* if little lies ready */
#endif
