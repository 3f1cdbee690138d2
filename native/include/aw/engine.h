/* SPDX-License-Identifier: MIT */
#ifndef AW_ENGINE_H
#define AW_ENGINE_H
#include "aw/arena.h"

/* cffi: begin */
/**
 * The engine: a bus of timeslots at 8 kHz, moved in ticks of 5 ms, its ports and its links.
 *
 * What:  everything with sound is a port; a port says 40 samples a tick and hears the sum of
 *        those it listens to (saturated).  Links carry board ports over a byte stream.
 * How:   orders come as commands, facts go as events, through the arena (aw/arena.h).  Threaded:
 *        one thread serves links and ticks, a second one reads and writes files.  Manual: the
 *        caller's thread does everything in poll, tick and apply.
 * Not:   no call logic, and no sample rates but 8 kHz.
 *
 * All functions here are control calls and not thread safe among themselves.
 */
typedef struct aw_engine aw_engine;

/** What an engine is made for.  Echo cancellers take 14 kB a channel at 32 ms, 42 kB at
 *  128 ms.  A threaded engine has all of its memory when it starts, a manual one takes what it
 *  uses when it first does. */
typedef struct {
    uint32_t timeslots;     /* 1 to AW_PORTS_MAX */
    uint32_t threads;       /* 1 to AW_THREADS_MAX, that share the work of a tick */
    uint32_t echo_channels; /* ports that may have a canceller at one time, rounded up to 16 */
    uint32_t echo_tail_ms;  /* longest tail, 5 to 160; all lanes cost as much as that */
    uint32_t echo_delay_ms; /* longest delay before it that is searched for, 0 to 250 */
    uint32_t keep_ports;    /* whose last keep_s seconds may be kept at one time */
    uint32_t keep_s;        /* 1 to 60 (any, where keep_ports is 0): 32 kB a second, and one more */
} aw_engine_options;

enum {
    AW_THREADS_MAX = 16,
    AW_ECHO_CHANNELS = 512, /* unless told: 32 boards of 12 ports, and some */
    AW_ECHO_TAIL_MS = 32,
};

/** Create an engine; *out is set only on AW_OK, AW_EINVAL for an option out of its range. */
aw_status aw_engine_new_with(aw_engine **out, const aw_engine_options *options);
/** The same of one thread, with echo cancellers for 512 ports. */
aw_status aw_engine_new(aw_engine **out, uint32_t timeslots);
/** Stop and destroy; recordings are completed, links closed.  NULL is allowed. */
void aw_engine_free(aw_engine *engine);
/** The arena and its three descriptors; they live as long as the engine. */
aw_arena *aw_engine_arena(aw_engine *engine);
int aw_engine_arena_descriptor(const aw_engine *engine);
int aw_engine_command_bell(const aw_engine *engine);
int aw_engine_event_bell(const aw_engine *engine);

/** Say which of AW_MODE_... to try when starting; unless told, AW_MODE_FIFO.  What was allowed
 *  stands in the arena. */
aw_status aw_engine_want(aw_engine *engine, uint32_t modes);
/** Start the threads; from now on poll, tick and apply return AW_ESTATE. */
aw_status aw_engine_start(aw_engine *engine);
/** Before starting: its time begins where that of another engine ended, in whole ticks. */
aw_status aw_engine_begin_at(aw_engine *engine, uint64_t samples);
/** Before starting: control is another process, so AW_CMD_OPEN_LINK names tokens of lend. */
aw_status aw_engine_host(aw_engine *engine);
/**
 * Take over a descriptor that came from the controlling side; *token names it in one later
 * AW_CMD_OPEN_LINK.  AW_EFULL: too many wait already; it is still the caller's then.
 */
aw_status aw_engine_lend(aw_engine *engine, int descriptor, uint32_t *token);
/** Close what was lent and never named: the controlling side is gone. */
void aw_engine_reclaim(aw_engine *engine);

/** Manual: what the time is, in nanoseconds of any beginning but 0; unless told, it is not known
 *  and boards' clocks are neither measured nor compensated. */
aw_status aw_engine_set_time(aw_engine *engine, uint64_t nanoseconds);
/** Manual: apply waiting commands. */
aw_status aw_engine_apply(aw_engine *engine);
/** Manual: apply commands, then serve every ready link once; wait for the first at most. */
aw_status aw_engine_poll(aw_engine *engine, int timeout_ms);
/** Manual: apply commands and make one tick, as if a board's frame had come. */
aw_status aw_engine_tick(aw_engine *engine);
/* cffi: end */
#endif
