/* SPDX-License-Identifier: MIT */
#ifndef AW_DAHDI_H
#define AW_DAHDI_H
#include <stddef.h>
#include <stdint.h>

#include "aw/board.h"
#include "aw/status.h"

/* cffi: begin */
/**
 * Analog cards behind DAHDI's kernel modules, as one board that speaks QHI.
 *
 * What:  channels of /dev/dahdi become the ports of the reference firmware core (aw/board.h); its
 *        host is at the other end of a socket.
 * How:   one thread waits for the channels' samples and events and for the host's bytes.  The card
 *        is the clock: when every channel has brought 5 ms, 5 ms go up, and 5 ms go out to each.
 *        All of the operating system is behind a table of functions, so that a simulated card
 *        (aw/dahdi_sim.h) stands in for a real one.
 * Not:   no digital spans, no kernel tones, DTMF or echo cancellers (the engine has its own); no
 *        impedances, loop current, line tests.  It loads no modules and assigns no spans.
 *
 * All are control functions.  A gateway is either turned by hand or has a thread, never both.
 */
enum { AW_DAHDI_BLOCK = 40 /* samples asked of the kernel at a time */ };

/** One thing to wait for: as struct pollfd of POSIX. */
typedef struct {
    int fd;
    short wanted;
    short seen;
} aw_dahdi_poll;

/** The operating system.  Each returns 0 or more, or an error number as a negative. */
typedef struct {
    int32_t (*open)(void *os, const char *path);
    int32_t (*ioctl)(void *os, int32_t fd, uint32_t request, void *argument);
    int32_t (*read)(void *os, int32_t fd, void *bytes, size_t n);
    int32_t (*write)(void *os, int32_t fd, const void *bytes, size_t n);
    int32_t (*poll)(void *os, aw_dahdi_poll *watched, uint32_t n, int32_t timeout_ms);
    void (*close)(void *os, int32_t fd);
} aw_dahdi_ops;

/** What was being done when it could not be done. */
typedef enum {
    AW_DAHDI_OPENING = 1,    /* /dev/dahdi/channel */
    AW_DAHDI_CHOOSING = 2,   /* the channel by its number */
    AW_DAHDI_ASKING = 3,     /* for its parameters */
    AW_DAHDI_SIGNALLING = 4, /* it isn't set up as a telephone's or an office's line */
    AW_DAHDI_ZONE = 5,       /* loading a tone zone: without, the kernel doesn't ring */
    AW_DAHDI_BUFFERS = 6,
    AW_DAHDI_LINEAR = 7 /* 16-bit samples */
} aw_dahdi_step;

typedef struct {
    uint32_t step; /* aw_dahdi_step; 0: none failed */
    uint32_t channel;
    int32_t error;       /* number of the operating system */
    uint32_t signalling; /* as the kernel numbers it */
} aw_dahdi_fault;

/** What has happened since it was made; counters. */
typedef struct {
    uint32_t frames;
    uint32_t events;
    uint32_t overruns;  /* reported by the kernel for lines in use: samples came too fast for us */
    uint32_t underruns; /* the same, samples came too late from us */
    uint32_t dropped;   /* frames for a channel whose buffers were full */
    uint32_t gaps;      /* frames in which a channel that lags behind was silent */
    uint32_t removed;   /* number of a channel that was taken away; 0: none */
    uint32_t ended;     /* 1: the host or the card is gone */
} aw_dahdi_view;

typedef struct aw_dahdi aw_dahdi;

/** The machine's own /dev/dahdi; `os` of it is NULL. */
const aw_dahdi_ops *aw_dahdi_system(void);

/**
 * Open n channels (1 to AW_BOARD_PORTS), in this order, as a board whose host is at the other end
 * of the socket `link`; the gateway owns `link` once it is made.  AW_EIO: *fault says what.
 */
aw_status aw_dahdi_new(aw_dahdi **out, const uint32_t *channels, uint32_t n, int32_t link,
                       const aw_dahdi_ops *ops, void *os, aw_dahdi_fault *fault);
/** Put the lines to rest, close all, end the thread. */
void aw_dahdi_free(aw_dahdi *g);
/** Begin a thread that serves until the host or the card is gone. */
aw_status aw_dahdi_start(aw_dahdi *g);
/** Without thread: wait so long at most, then do all that is to be done.  0: the end has come. */
int32_t aw_dahdi_turn(aw_dahdi *g, int32_t timeout_ms);
void aw_dahdi_look(const aw_dahdi *g, aw_dahdi_view *out);
/** Look at the board: not while a thread serves it. */
void aw_dahdi_look_at_board(const aw_dahdi *g, aw_board_view *out);
/* cffi: end */
#endif
