/* SPDX-License-Identifier: MIT */
#ifndef AW_ECHO_H
#define AW_ECHO_H
#include <stddef.h>
#include <stdint.h>

#include "aw/simd.h"
#include "aw/status.h"

/* cffi: begin */
/**
 * Line echo canceller for a group of 16 channels, one lane a channel.
 *
 * What:  takes out of each channel's near end (what its line says) the echo of its far end (what is
 *        said to the line): tails of 5 to 160 ms, and a search of up to 250 ms for a fixed delay
 *        before them.  The residual is replaced by comfort noise; near-end speech is never muted.
 *        Tones are not learnt from, a modem's answer tone with phase reversals switches a lane off.
 * How:   two partitioned-block frequency-domain filters a lane, a Kalman one that learns and a
 *        proven one that is heard.  A lane's result depends on its own samples only, and is the
 *        same bit for bit on every instruction set with fused multiply-add.  Adds no delay.
 * Not:   no acoustic echo (no clock drift, no loudspeaker); no G.168 conformance is claimed beyond
 *        what the tests and docs/reference/echo.md show.
 */
typedef struct aw_echo_group aw_echo_group;

#define AW_ECHO_BLOCK 40 /* samples of every call: 5 ms at 8 kHz */

typedef enum {
    AW_ECHO_NLP = 1,      /* non-linear processor with comfort noise */
    AW_ECHO_DISABLER = 2, /* 2100 Hz with phase reversals switches the lane off (G.168 clause 7) */
    AW_ECHO_SEARCH = 4,   /* find the delay before the tail: modems, cellular */
} aw_echo_want;

typedef struct {
    float erl_db;  /* far end over echo estimate, while the far end speaks; 0 until there is one */
    float erle_db; /* near end over output before the non-linear processor, likewise */
    float floor_dbm0;    /* noise of the near end; -99 when there is none */
    uint32_t delay_ms;   /* found and taken out before the tail */
    uint32_t resets;     /* times the echo path was found changed and forgotten */
    uint8_t open;        /* the lane is in use */
    uint8_t converged;   /* 15 dB reached since the last reset */
    uint8_t frozen;      /* the far end is a tone: nothing is learnt */
    uint8_t disabled;    /* by a modem's answer tone */
    uint8_t suppressing; /* the non-linear processor is closed */
} aw_echo_view;

/**
 * Create a group.  tail_ms: longest tail of its lanes, 5..160, rounded up to 5; delay_ms: longest
 * delay that AW_ECHO_SEARCH may find, 0..250, 0 for none.  The instruction set is
 * aw_simd_choose()'s.  Lanes of one group should want like tails: all cost as much as tail_ms.
 * Control.
 */
aw_status aw_echo_group_new(aw_echo_group **out, uint32_t tail_ms, uint32_t delay_ms);
/** The same with a given set; AW_EINVAL if this machine does not have it.  Control. */
aw_status aw_echo_group_new_with(aw_echo_group **out, uint32_t tail_ms, uint32_t delay_ms,
                                 aw_simd set);
/** Destroy a group; NULL is allowed.  Control. */
void aw_echo_group_free(aw_echo_group *g);
/** Let all of its memory be there, so that opening lanes waits for none. */
void aw_echo_group_touch(aw_echo_group *g);
/** Bytes that the group occupies. */
size_t aw_echo_group_bytes(const aw_echo_group *g);

/**
 * Start a lane anew: tail_ms up to the group's, wants of aw_echo_want (AW_ECHO_SEARCH only in a
 * group with a delay).  Real-time safe, but clears the lane's state.
 */
aw_status aw_echo_open(aw_echo_group *g, uint32_t lane, uint32_t tail_ms, uint32_t wants);
/** Forget all that an open lane has learnt.  Real-time safe.  AW_ESTATE if the lane is not open. */
aw_status aw_echo_reset(aw_echo_group *g, uint32_t lane);
/** Stop a lane; what is near then passes.  A chunk without open lanes costs nothing. */
aw_status aw_echo_close(aw_echo_group *g, uint32_t lane);
/** Look at a lane.  Real-time safe. */
aw_status aw_echo_look(const aw_echo_group *g, uint32_t lane, aw_echo_view *out);

/**
 * One block: far, near and out are 40 rows of 16 lanes in units of 16-bit samples (see aw/simd.h);
 * out may be near.  Every sample must be finite and within +-65536.  Real-time safe.
 */
void aw_echo_process(aw_echo_group *g, const float *far, const float *near, float *out);
/** The same with a row of 40 samples a channel; NULL rows are silent, or not written.  Real-time.
 */
void aw_echo_process_rows(aw_echo_group *g, const int16_t *const far[16],
                          const int16_t *const near[16], int16_t *const out[16]);
/**
 * One channel: n samples, a multiple of 40, through one lane of a group whose other lanes are
 * closed.  out may be near.  Real-time safe; AW_EINVAL for another n or lane.
 */
aw_status aw_echo_feed(aw_echo_group *g, uint32_t lane, const int16_t *far, const int16_t *near,
                       int16_t *out, size_t n);
/* cffi: end */
#endif
