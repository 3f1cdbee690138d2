/* SPDX-License-Identifier: MIT */
/* What the engine's files share: its state, and who offers what to whom.
 *
 * Everything marked [tick] is real-time safe: no allocation, no lock, no call that blocks. */
#ifndef AW_BUS_H
#define AW_BUS_H
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "aw/arena.h"
#include "aw/engine.h"
#include "bus/clean.h"
#include "bus/counts.h"
#include "bus/files.h"
#include "bus/keep.h"
#include "bus/lanes.h"
#include "bus/links.h"
#include "bus/voice.h"
#include "bus/workers.h"
#include "dsp/callerid.h"
#include "dsp/cas.h"
#include "dsp/dtmf.h"
#include "dsp/learn.h"
#include "dsp/meter.h"
#include "dsp/mix.h"
#include "dsp/mf.h"
#include "dsp/progress.h"
#include "dsp/special.h"
#include "dsp/tonegen.h"

#define BUS_NONE         0xffffu
#define BUS_ROWS         4u     /* of a port at most: three as a conference, one as a party */
#define BUS_INCOMING     16384u /* bytes of one read */
#define BUS_METER_PERIOD 4u     /* ticks between two entries of a level in the table: 20 ms */
#define BUS_SHOW_PERIOD  40u    /* and of what takes logarithms, which are dear: 200 ms */

struct bus_source {
    uint16_t port;
    float gain; /* 1: bit for bit */
};

/* A generator of pseudo-random words and the checker of what comes back (see pattern.c). */
struct bus_pattern {
    uint16_t state;    /* what was said last */
    uint16_t expected; /* what was, or should have been, heard last */
    uint16_t run;      /* seeking: right words in a row; found: wrong words, less right ones */
};

struct bus_conference {
    uint16_t capacity;
    uint16_t parties;
    uint16_t first_party; /* head of the list through bus_party.next, or BUS_NONE */
    uint16_t loudest;     /* only so many have the floor; 0: all */
    uint32_t row;         /* of the engine's rows: its first */
    bool slides;          /* a gain of its rows is not at its goal, or may not be */
    bool needs_total;     /* a party hears more than the plain sum */
    bool has_tail;        /* the end of who has just left is still to be heard */
};

/* What a conference keeps of one tick. */
struct bus_room_sound {
    int32_t total[AW_TICK_SAMPLES]; /* of all, unsaturated */
    int16_t tail[AW_TICK_SAMPLES];  /* what fades away of those who left */
};

/* A port as a party of the conference that it has joined. */
struct bus_party {
    uint16_t next;
    uint16_t previous; /* BUS_NONE: the first */
    uint32_t row;
    int16_t given; /* gain of its last sample, AW_MIX_UNITY = 0 dB */
    int16_t goal;  /* and where that slides to within the next tick */
    bool muted;
    bool plain; /* hears the sum and nothing else, at 0 dB: from the kernel */
    float gives;
    float gets;
    float ear; /* gain of the last sample heard; slides to `gets` within the next tick */
};

/* A descriptor that waits for the order that names it. */
struct bus_lent {
    uint32_t token; /* 0: none; atomic */
    int descriptor;
};

struct bus_watch {
    pthread_t thread;
    bool running;
    int end; /* eventfd: stop looking */
};

/* The blocks of a port: made once, so that none need be made in a tick. */
struct bus_blocks {
    union {
        struct aw_tonegen tone;
        struct aw_dtmf_sender digits;
        struct aw_fsk_sender message;
        struct bus_room_sound room;
        struct aw_mf_sender signals;
    };
    struct aw_meter receive;
    struct aw_meter send;
    struct aw_dtmf dtmf;
    struct aw_progress progress;
    struct aw_fsk_receiver caller_id;
    struct aw_cas cas;
    struct aw_mf mf;
    struct aw_special special;
    struct aw_learn learn;
};

/* A port.  Index i of the table is timeslot i. */
struct bus_port {
    uint32_t handle;    /* 0: closed */
    uint16_t listeners; /* ports that have this one as a source */
    uint16_t place;     /* in the list of active ports, or BUS_NONE */
    uint16_t conference;
    uint16_t link;
    uint16_t lane[BUS_LANE_KINDS]; /* group * 16 + lane; BUS_NONE: none, or it has its own blocks */
    uint16_t clean;                /* lane of the cleaners, likewise */
    uint16_t voice;                /* lane of a voice detector, likewise */
    uint16_t judged;               /* and of that of a recorder's rules */
    uint16_t kept;                 /* slot of what is kept of it, or BUS_NONE */
    uint16_t detect;               /* AW_DETECT_... */
    uint16_t alone;                /* of those, what its own blocks listen for */
    uint8_t kind;                  /* aw_port_kind */
    uint8_t source_count;
    bool done;    /* a source that has ended */
    bool hearing; /* has a source or has joined a conference */
    float receive_gain;
    float send_gain;
    struct bus_source source[AW_SOURCES_MAX];
    union {
        struct bus_file *file;
        struct bus_conference room;
        struct bus_pattern pattern;
    };
};

struct aw_engine {
    aw_arena *arena;
    aw_port_entry *port_entries;
    aw_link_entry *link_entries;
    aw_counters *counters;
    size_t arena_size;
    uint64_t now; /* samples */
    uint32_t timeslots;
    uint32_t active_count;
    uint32_t taps;    /* open ports that tap */
    uint16_t *active; /* indices of the ports that have something to do in a tick */
    struct bus_port *port;
    struct bus_blocks *blocks; /* per port */
    struct bus_link *link;
    struct bus_party *party;           /* per port */
    struct aw_talker *talker;          /* per port: as a party of a conference of the loudest */
    aw_mix_party *row;                 /* for the kernel: each conference's rows side by side */
    uint16_t *row_port;                /* whose row that is */
    bool rooms_changed;                /* the rows are to be laid out anew */
    int16_t (*said)[AW_TICK_SAMPLES];  /* per port, this tick: what it says, receive gain applied */
    int16_t (*heard)[AW_TICK_SAMPLES]; /* per port, this tick: what it hears, send gain applied */
    uint64_t lost_events;              /* not yet reported */
    bool posted;                       /* an event since the bell last rang */
    bool threaded;
    bool hosted; /* the controlling side is another process */
    uint32_t tokens;
    struct bus_lent lent[AW_LINKS_MAX];
    uint32_t wanted; /* AW_MODE_... of the thread */
    int arena_descriptor;
    int command_bell;
    int event_bell;
    int epoll;
    int timer;
    uint32_t gap_begins; /* voices that may still be looked at before the next tick */
    uint16_t clock;      /* index of the link whose frames are the ticks, or BUS_NONE */
    uint32_t stop;       /* atomic */
    uint64_t told_ns;    /* manual: the time, or 0 */
    uint64_t tick_begun; /* nanoseconds, of the last tick */
    pthread_t thread;
    struct bus_watch watch;
    struct bus_files files;
    struct bus_keeping keeping;
    struct bus_lanes lanes;
    struct bus_cleaners cleaners;
    struct bus_hearing hearing[BUS_VOICE_TIMES];
    struct bus_workers workers;
    uint8_t incoming[BUS_INCOMING];
    _Alignas(8) uint8_t command[AW_RECORD_MAX];
};

/* engine.c (control) */
void aw_engine_touch(struct aw_engine *e); /* let the memory of the tick be there */

/* engine.c [tick] */
uint64_t aw_engine_nanoseconds(const struct aw_engine *e); /* 0: there is no time */

/* arena.c (control) */
aw_status aw_arena_map(struct aw_engine *e);
void aw_arena_unmap(struct aw_engine *e);

/* events.c [tick] */
void aw_event_post(struct aw_engine *e, const void *record, const void *payload, size_t size);
void aw_event_port(struct aw_engine *e, aw_event_kind kind, uint32_t handle, uint32_t value);
void aw_event_bell(struct aw_engine *e);

/* ports.c [tick] */
struct bus_port *aw_port_of(struct aw_engine *e, uint32_t handle); /* NULL: stale, counted */
struct bus_port *aw_port_open(struct aw_engine *e, uint32_t handle, aw_port_kind kind);
void aw_port_close(struct aw_engine *e, struct bus_port *p);
void aw_port_update(struct aw_engine *e, struct bus_port *p); /* after any change of what it does */
void aw_port_end(struct aw_engine *e, struct bus_port *p, aw_done_reason reason);
static inline uint16_t aw_port_index(const struct aw_engine *e, const struct bus_port *p)
{
    return (uint16_t)(p - e->port);
}

/* switch.c [tick] */
bool aw_switch_is_factor(float gain);
void aw_switch_listen(struct aw_engine *e, const aw_cmd_listen *c);
void aw_switch_unlisten(struct aw_engine *e, const aw_cmd_listen *c);
void aw_switch_silence(struct aw_engine *e, struct bus_port *p);
void aw_switch_forget(struct aw_engine *e, struct bus_port *p); /* nobody hears it any longer */
void aw_switch_open_room(struct aw_engine *e, struct bus_port *room, const aw_cmd_port *c);
void aw_switch_join(struct aw_engine *e, const aw_cmd_party *c);
void aw_switch_set_party(struct aw_engine *e, const aw_cmd_party *c);
void aw_switch_leave(struct aw_engine *e, struct bus_port *p);
void aw_switch_empty(struct aw_engine *e, struct bus_port *room);

/* tap.c [tick] */
void aw_tap_open(struct aw_engine *e, struct bus_port *tap, uint32_t tapped);
void aw_taps_record(struct aw_engine *e);

/* mix.c [tick] */
void aw_mix_gain(int16_t *pcm, float gain);
void aw_mix_tail(struct aw_engine *e, struct bus_port *room, uint16_t party); /* who leaves */
void aw_mix_rooms(struct aw_engine *e);
void aw_mix_port(struct aw_engine *e, struct bus_port *p);

/* sources.c [tick] */
void aw_source_say(struct aw_engine *e, struct bus_port *p);

/* tick.c [tick] */
bool aw_port_level(struct aw_engine *e, struct bus_port *p); /* whether it changed what is said */

/* pattern.c [tick] */
void aw_pattern_begin(struct bus_pattern *t);
void aw_pattern_say(struct bus_pattern *t, int16_t *pcm);
void aw_pattern_hear(struct bus_pattern *t, const int16_t *pcm, aw_port_entry *entry);

/* detect.c [tick] */
void aw_detect_set(struct aw_engine *e, const aw_cmd_detect *c);
void aw_detect_stop(struct aw_engine *e, struct bus_port *p);
void aw_detect_hear(struct aw_engine *e, struct bus_port *p); /* with its own blocks */
void aw_detect_digit(struct aw_engine *e, const struct bus_port *p, aw_event_kind kind,
                     const aw_digit *digit); /* or MF signal */
void aw_detect_tone(struct aw_engine *e, const struct bus_port *p, const aw_progress_event *tone);
void aw_detect_caller(struct aw_engine *e, const struct bus_port *p, const uint8_t *message,
                      size_t length);
aw_mf_standard aw_detect_standard(uint32_t what); /* of the one bit for MF that there is */

/* lanes.c: new, touch and free are control, the others [tick] */
aw_status aw_lanes_new(struct aw_engine *e, const aw_engine_options *options);
void aw_lanes_touch(struct aw_engine *e);
void aw_lanes_free(struct aw_engine *e);
bool aw_lane_take(struct aw_engine *e, struct bus_port *p, unsigned kind,
                  const aw_cmd_detect *wish); /* NULL: an echo's; false: there is none */
void aw_lane_leave(struct aw_engine *e, struct bus_port *p, unsigned kind);
void aw_lanes_arrange(struct aw_engine *e); /* after lanes have begun or ended */

/* lanes_tick.c [tick] */
void aw_lanes_hear(struct aw_engine *e);
void aw_lanes_work(struct aw_engine *e, uint32_t unit); /* in any thread, one a unit */

/* workers.c: start and free are control, wait is a worker's, the others [tick] */
aw_status aw_workers_start(struct aw_engine *e, bool fit);
aw_status aw_workers_start_as(struct aw_engine *e, void *(*worker)(void *));
void aw_workers_free(struct aw_engine *e);
bool aw_workers_wait(struct aw_engine *e);
void aw_workers_help(struct aw_engine *e);
void aw_workers_share(struct aw_engine *e, uint32_t units); /* returns when all are done */

/* echo.c [tick] */
void aw_echo_set(struct aw_engine *e, const aw_cmd_echo *c);
void aw_echo_stop(struct aw_engine *e, struct bus_port *p);
void aw_echo_show(struct aw_engine *e, uint32_t unit);

/* record.c [tick] */
bool aw_record_is_possible(const aw_cmd_file *c);
void aw_record_begin(struct aw_engine *e, struct bus_port *p, const aw_cmd_file *c);
void aw_record_pause(struct aw_engine *e, const aw_cmd_port *c);
void aw_record_hear(struct aw_engine *e, struct bus_port *p);
void aw_record_judge(struct aw_engine *e, struct bus_port *p, uint32_t quiet_ms);
bool aw_record_is_on(struct aw_engine *e, struct bus_port *p); /* its file, else it has ended */
void aw_record_both(struct aw_engine *e, struct bus_port *tap, const int16_t *pcm); /* stereo */

/* player_tick.c [tick] */
bool aw_player_is_possible(const aw_cmd_file *c);
void aw_player_set(struct aw_engine *e, const aw_cmd_player *c);
void aw_player_say(struct aw_engine *e, struct bus_port *p, int16_t *pcm);

/* voice.c: new and free are control, the others [tick] */
aw_status aw_voice_new(struct aw_engine *e);
void aw_voice_free(struct aw_engine *e);
void aw_voice_listen(struct aw_engine *e, struct bus_port *p, uint32_t silence_ms);
void aw_voice_unlisten(struct aw_engine *e, struct bus_port *p);
void aw_voice_judge(struct aw_engine *e, struct bus_port *recorder);
void aw_voice_unjudge(struct aw_engine *e, struct bus_port *recorder);
void aw_voice_hear(struct aw_engine *e, unsigned time); /* BUS_VOICE_EARLY or _LATE */

/* clean.c: new and free are control, the others [tick] */
aw_status aw_clean_new(struct aw_engine *e);
void aw_clean_free(struct aw_engine *e);
void aw_clean_set(struct aw_engine *e, const aw_cmd_clean *c);
void aw_clean_stop(struct aw_engine *e, struct bus_port *p);
void aw_clean_all(struct aw_engine *e); /* what was said, before it is heard */

/* commands.c [tick] */
void aw_commands_apply(struct aw_engine *e);

/* host.c [tick] */
int aw_lent_take(struct aw_engine *e, uint32_t token); /* -1: there is none */

/* clock.c */
aw_status aw_clock_new(struct aw_engine *e); /* control, and so are start and free */
aw_status aw_clock_start(struct aw_engine *e);
void aw_clock_free(struct aw_engine *e);
void aw_clock_serve(struct aw_engine *e, int timeout_ms); /* waits; else [tick] */

/* watch.c (control) */
aw_status aw_watch_start(struct aw_engine *e);
void aw_watch_free(struct aw_engine *e);

/* tick.c [tick] */
uint64_t aw_nanoseconds(void);
void aw_bus_tick(struct aw_engine *e);
#endif
