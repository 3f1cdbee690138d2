/* SPDX-License-Identifier: MIT */
/* Links to boards: a byte stream each, framed as docs/reference/qhi.md says. */
#ifndef AW_BUS_LINKS_H
#define AW_BUS_LINKS_H
#include <stdbool.h>
#include <stdint.h>

#include "aw/arena.h"
#include "aw/frame.h"
#include "bus/serial.h"
#include "dsp/comfort.h"
#include "dsp/conceal.h"
#include "dsp/resample.h"
#include "link/frame.h"

#define LINK_SLOTS     4     /* PCM frames of a queue; one stays free: it is the last one taken */
#define LINK_WAITING   3     /* PCM frames that may wait: 15 ms */
#define LINK_OUT_BYTES 65536 /* a power of two */
#define GAP_BEGINS     256u  /* voices looked at in a tick, 2 us each: boards may vanish together */

enum bus_link_state { LINK_CLOSED, LINK_OPEN, LINK_DEAD };

/* The samples of one PCM frame as they are on the wire. */
struct bus_slot {
    bool missing; /* there should have been a frame: conceal */
    uint8_t format;
    uint16_t length;
    uint32_t ports; /* bit per port of the board */
    uint8_t bytes[AW_LINK_PORTS_MAX * AW_TICK_SAMPLES * 2];
};

/* Frames on their way between two clocks. */
struct bus_queue {
    struct bus_slot slot[LINK_SLOTS];
    uint32_t first;
    uint32_t count;
    uint32_t least; /* fewest left behind by a take since `takes` was 0 */
    uint32_t takes;
};

/* The board's clock against this machine's (see link_clock.c). */
struct bus_drift {
    uint32_t last_tick;
    uint64_t samples; /* of the board's clock since the first frame */
    uint64_t began_ns;
    int64_t base_ns;  /* least delay of the first second */
    int64_t least_ns; /* of this second */
    uint32_t frames;  /* in this second */
    uint32_t seconds;
};

/* What carries a port over missing frames. */
struct bus_gap {
    struct aw_conceal conceal;
    struct aw_comfort comfort;
};

struct bus_link {
    uint32_t handle; /* 0: closed */
    uint8_t state;   /* enum bus_link_state */
    uint8_t format;  /* of down frames */
    uint8_t framing; /* aw_framing */
    bool clock;      /* may drive the tick */
    bool carrying;   /* has brought PCM */
    bool is_socket;
    bool blocked; /* waits for room to write */
    bool begun;   /* has sent PCM since the board began */
    int descriptor;
    uint32_t count;
    uint32_t port[AW_LINK_PORTS_MAX];
    uint16_t ack;
    uint16_t next_in;    /* seq expected of the next PCM frame */
    uint32_t last_tick;  /* of the last PCM frame in order */
    uint16_t next_out;   /* seq of our next PCM frame */
    uint32_t since_tick; /* PCM frames since the clock's last one */
    uint32_t off_hook;   /* as last reported */
    uint32_t ringing;
    uint64_t last_valid;   /* engine samples */
    uint64_t first_bad;    /* engine samples; of those since the last valid frame */
    uint64_t bad_seen;     /* of the deframer, at the last valid frame */
    uint64_t bytes_since;  /* the last valid frame */
    uint32_t remembered;   /* bit per port: its gap knows what was heard last */
    bool elastic;          /* its clock is not the bus's: the stores carry its samples */
    uint32_t storing_from; /* bit per port: its store has begun */
    uint32_t storing_to;
    bool slipped;       /* a store was overfull since the last tick */
    uint32_t ending_to; /* bit per port: it hears nothing more, what is in its store fades */
    uint64_t bad_pcm;   /* whole frames whose samples made no sense */
    struct bus_queue in;
    struct bus_queue out;
    struct bus_drift drift;
    struct bus_serial serial; /* unless it is QHI */
    struct aw_deframer deframer;
    uint32_t out_head; /* bytes ever put in and sent, modulo 2^32 */
    uint32_t out_tail;
    uint8_t out_bytes[LINK_OUT_BYTES];
    struct bus_gap gap[AW_LINK_PORTS_MAX];
    struct aw_elastic from[AW_LINK_PORTS_MAX]; /* the board's clock to the bus's */
    struct aw_elastic to[AW_LINK_PORTS_MAX];   /* and back */
};

struct aw_engine;
struct bus_port;

/* links.c [tick] */
void aw_link_open(struct aw_engine *e, const aw_cmd_link *c);
void aw_link_set(struct aw_engine *e, const aw_cmd_link *c);
void aw_link_close(struct aw_engine *e, uint32_t handle);
struct bus_link *aw_link_of(struct aw_engine *e, uint32_t handle); /* NULL: stale, counted */
void aw_link_lose(struct aw_engine *e, struct bus_link *l, aw_loss_reason reason, uint32_t extra);
bool aw_link_brings(const struct aw_engine *e, const struct bus_port *p); /* what it says */
struct bus_port *aw_link_port(struct aw_engine *e, const struct bus_link *l, uint32_t channel);
aw_link_entry *aw_link_entry_of(struct aw_engine *e, const struct bus_link *l);
void aw_link_rest(struct aw_engine *e, struct bus_link *l); /* no samples come for a while */
void aw_links_check(struct aw_engine *e);                   /* for those that have stalled */

/* link_io.c [tick]: never block */
void aw_link_read(struct aw_engine *e, struct bus_link *l);
void aw_link_flush(struct aw_engine *e, struct bus_link *l);
void aw_link_send(struct aw_engine *e, struct bus_link *l, const aw_frame_header *header,
                  const uint8_t *payload, size_t length);
void aw_link_write(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n);

/* queue.c [tick] */
struct bus_slot *aw_queue_put(struct bus_queue *q, uint64_t *slips);  /* fill in what it returns */
struct bus_slot *aw_queue_take(struct bus_queue *q, uint64_t *slips); /* NULL: empty */
void aw_queue_forget(struct bus_queue *q); /* drop the oldest, if there is one */

/* link_pcm.c [tick] */
void aw_link_pcm(struct aw_engine *e, struct bus_link *l, const aw_frame *frame);
void aw_links_say(struct aw_engine *e);  /* what the boards' ports say in this tick */
void aw_links_hear(struct aw_engine *e); /* what they hear, made ready to be sent */

/* link_gap.c [tick] */
void aw_gap_good(const struct aw_engine *e, struct bus_link *l, uint32_t channel, int16_t *pcm);
void aw_gap_forget(struct bus_link *l, uint32_t channel); /* what was heard is long ago */
void aw_gap_fill(struct aw_engine *e, struct bus_link *l, uint32_t channel, int16_t *pcm);

/* link_elastic.c [tick]: between a board's clock and that of the bus */
void aw_link_elastic(struct aw_engine *e, struct bus_link *l); /* with each frame: whether to */
void aw_link_store(struct aw_engine *e, struct bus_link *l, uint32_t channel, const int16_t *pcm);
void aw_link_pull(struct aw_engine *e, struct bus_link *l);
void aw_link_store_heard(struct aw_engine *e, struct bus_link *l);
void aw_link_restart(struct bus_link *l); /* the stores are of other ports, or not wanted */
/* A frame for each of the ports that it returns. */
uint32_t aw_link_pull_heard(struct aw_engine *e, struct bus_link *l,
                            int16_t (*pcm)[AW_TICK_SAMPLES]);

/* link_clock.c [tick] */
void aw_clock_give_up(struct aw_engine *e); /* no link is the clock, until one brings a frame */
bool aw_link_clocks(struct aw_engine *e, struct bus_link *l); /* whether its frame is a tick */
void aw_link_drift(struct aw_engine *e, struct bus_link *l, uint32_t tick);
#endif
