/* SPDX-License-Identifier: MIT */
/* The insides of a gateway, shared by the files of this directory. */
#ifndef AW_SRC_DAHDI_GATEWAY_H
#define AW_SRC_DAHDI_GATEWAY_H
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "aw/dahdi.h"
#include "dahdi/user.h"

enum {
    HELD = 512,   /* samples that a channel may be ahead of the others */
    UNITY = 4096, /* a gain of 0 dB */
    TEXT = 128,
    LAG = 6 * AW_BOARD_FRAME /* a channel this far behind another one is not waited for */
};

/* What a channel's kernel driver turned out to do. */
enum { CAN_REVERSE = 1, CAN_MEASURE = 2 };

struct channel {
    uint32_t number;
    int32_t fd;
    uint32_t can;
    uint8_t kind;       /* aw_board_kind */
    bool drops_battery; /* "kewl start": the kernel opens the loop of a telephone for 500 ms */
    bool off_hook;      /* FXS */
    bool closed;        /* FXO: what was ordered */
    bool pending;       /* the kernel was busy: order again */
    bool dialing;       /* pulses; a write would end them */
    bool backwards;     /* SETPOLARITY is in force */
    bool battery;       /* FXO: as the kernel sees it */
    bool ringing;
    bool reversed;
    uint8_t feed;    /* FXS: aw_feed */
    uint8_t prime;   /* frames of silence owed before the next frame out */
    int32_t gain_in; /* UNITY: 0 dB */
    int32_t gain_out;
    uint32_t held; /* of `in` */
    int16_t in[HELD];
};

struct aw_dahdi {
    const aw_dahdi_ops *ops;
    void *os;
    aw_board *board;
    uint64_t *memory; /* of the board */
    int32_t link;
    uint32_t n;
    uint32_t frame; /* so far */
    bool gone;      /* the host or the card */
    bool threaded;
    atomic_uint count[8]; /* in the order of aw_dahdi_view */
    pthread_t thread;
    char model[16];
    char notes[TEXT + 64];
    aw_board_port ports[AW_BOARD_PORTS];
    struct channel channel[AW_BOARD_PORTS];
};

/* Places in `count`. */
enum {
    COUNTS_FRAMES,
    COUNTS_EVENTS,
    COUNTS_OVERRUNS,
    COUNTS_UNDERRUNS,
    COUNTS_DROPPED,
    COUNTS_GAPS,
    COUNTS_REMOVED,
    COUNTS_ENDED
};

/* opening.c */
bool dahdi_open_channel(aw_dahdi *g, struct channel *c, aw_dahdi_fault *fault);
void dahdi_describe(aw_dahdi *g, uint32_t *firmware);
int32_t dahdi_ask(aw_dahdi *g, struct channel *c, struct dahdi_params *params);

/* hal.c */
extern const aw_board_hal dahdi_hal;
/* Feed a telephone as was ordered, according to its hook. */
void dahdi_feed(aw_dahdi *g, struct channel *c);
/* Order again what the kernel was too busy for. */
void dahdi_again(aw_dahdi *g, struct channel *c);
void dahdi_rest(aw_dahdi *g, struct channel *c);

/* events.c */
void dahdi_drain(aw_dahdi *g, uint32_t port);
/* Look at an office's line: battery and ringing are levels, of which not every edge is told. */
void dahdi_observe(aw_dahdi *g, struct channel *c);

/* samples.c */
void dahdi_read(aw_dahdi *g, uint32_t port);
bool dahdi_frame_is_due(const aw_dahdi *g);
void dahdi_frame(aw_dahdi *g);

static inline int32_t dahdi_ioctl(aw_dahdi *g, const struct channel *c, uint32_t request,
                                  void *argument)
{
    return g->ops->ioctl(g->os, c->fd, request, argument);
}

static inline int32_t dahdi_order(aw_dahdi *g, const struct channel *c, uint32_t request,
                                  int32_t value)
{
    return dahdi_ioctl(g, c, request, &value);
}

static inline void dahdi_count(aw_dahdi *g, uint32_t what)
{
    atomic_fetch_add_explicit(&g->count[what], 1, memory_order_relaxed);
}

static inline void dahdi_note(aw_dahdi *g, uint32_t what, uint32_t value)
{
    atomic_store_explicit(&g->count[what], value, memory_order_relaxed);
}
#endif
