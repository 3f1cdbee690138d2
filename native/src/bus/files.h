/* SPDX-License-Identifier: MIT */
/* The engine's files: played ones are read ahead (see player.h), recorded ones drained to disk.
 *
 * The tick never touches a file: it takes a slot, and finds it ready some ticks later.  All file
 * work is done by aw_files_serve, in the file thread (threaded) or after commands and ticks
 * (manual).  A slot has one owner at a time, told by its state. */
#ifndef AW_BUS_FILES_H
#define AW_BUS_FILES_H
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aw/arena.h"
#include "bus/player.h"

#define FILE_RING (1u << 14) /* samples of a recorder that wait for the disk: 2 s */

#define FILE_LEAD 2400u /* samples kept before a voice that begins: 300 ms */
#define FILE_TAIL 3200u /* and after the last one: 400 ms */

enum bus_file_state {
    FILE_FREE,    /* the tick's */
    FILE_OPENING, /* the file thread's: open it */
    FILE_READY,   /* both: ring and flags are shared, nothing else */
    FILE_FAILED,  /* nobody's until it is closed */
    FILE_OVER,    /* the tick's: report and free */
};

struct bus_file {
    uint32_t state;  /* enum bus_file_state, atomic */
    uint32_t close;  /* the tick wants it closed, atomic */
    uint32_t handle; /* the port it was opened for */
    uint32_t failed; /* a write went wrong, atomic */
    bool recorder;
    uint8_t channels; /* recorder: 1, or 2 for a tap or a saver */
    bool loop;        /* player */
    bool told;        /* the tick has reported the failure */
    int descriptor;
    struct bus_player *player; /* what it has ready, the file thread's and from READY on both's */
    struct play_wishes wishes; /* what is wished of it */
    int16_t *pcm;              /* recorder: the ring */
    uint32_t head;             /* recorder: samples ever put in, the tick's, atomic */
    uint32_t tail;             /* recorder: samples ever written, the file thread's, atomic */
    uint64_t before;           /* recorder: samples that the file had already */
    uint64_t stated;           /* recorder: samples that the header on disk speaks of */
    uint64_t written;
    /* A recorder's rules (see record.c), the tick's until it wants it closed. */
    uint32_t silence_ms;
    uint32_t trim;   /* AW_TRIM_... */
    uint32_t reason; /* aw_done_reason, once the file is whole */
    bool append;     /* behind what the file has */
    bool paused;
    bool holds;      /* nobody has spoken yet: what is heard is held back */
    int16_t *lead;   /* in this ring of FILE_LEAD samples */
    uint64_t held;   /* samples that it has ever taken */
    uint64_t most;   /* samples */
    uint64_t kept;   /* samples put into the ring */
    uint64_t spoken; /* of these, up to the end of the last voice */
    uint64_t whole;  /* so many the closed file has at most */
    /* A saver's place in what was kept, in ticks; the tick's (see keep.c). */
    uint16_t kept_in;
    uint64_t next;
    uint64_t until;
    uint32_t clips;  /* player: names in `path` */
    uint32_t shared; /* bytes of the first name that each of the others has too */
    char path[AW_NAMES_MAX];
};

struct bus_files {
    struct bus_file *slot;
    uint16_t *free; /* stack of free slots, the tick's */
    uint32_t count;
    uint32_t free_count;
    uint32_t closing; /* slots that wait to be over, the tick's */
    uint32_t used;    /* slots below this were used at least once, atomic */
    int bell;         /* eventfd: there is work */
    pthread_t thread;
    bool running;
    uint32_t stop;          /* atomic */
    struct bus_clip *clips; /* that are being played, the file thread's */
};

struct aw_engine;

/* control */
aw_status aw_files_new(struct bus_files *files, uint32_t count);
void aw_files_free(struct bus_files *files); /* completes what is being recorded */
aw_status aw_files_start(struct bus_files *files);
/* One round of file work.  `all`: write out whatever there is, be it little. */
void aw_files_serve(struct bus_files *files, bool all);

/* [tick] */
struct bus_file *aw_file_take(struct bus_files *files, const aw_cmd_file *c); /* NULL: none left */
void aw_file_close(struct bus_files *files, struct bus_file *file);
uint32_t aw_file_state(const struct bus_file *file);
size_t aw_file_room(const struct bus_file *file); /* samples that a recorder may take */
size_t aw_file_record(struct bus_file *file, const int16_t *pcm, size_t n); /* < n: disk is late */
void aw_files_collect(struct aw_engine *e); /* report and free the slots that are over */
#endif
