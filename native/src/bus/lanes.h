/* SPDX-License-Identifier: MIT */
/* Ports that are worked on share groups of lanes: one port a lane, while it wants that. */
#ifndef AW_BUS_LANES_H
#define AW_BUS_LANES_H
#include <stdbool.h>

#include "aw/echo.h"
#include "dsp/lanes.h"

#define BUS_LANES_FULL ((1u << LANES) - 1) /* every lane of a group is taken */

/* The lowest lane that isn't taken; there must be one. */
static inline uint32_t aw_lane_first_free(uint32_t taken)
{
    uint32_t lane = 0;

    while (taken >> lane & 1)
        lane++;
    return lane;
}

/* The kinds of group a port may have a lane of. */
enum {
    BUS_LANE_DIGITS,
    BUS_LANE_TONES,
    BUS_LANE_LEVEL,
    BUS_LANE_CALLER_ID,
    BUS_LANE_MF,
    BUS_LANE_SPECIAL,
    BUS_LANE_ECHO,
    BUS_LANE_KINDS,
    BUS_LANE_DETECTORS = BUS_LANE_ECHO
};

/* One group of each kind, and what it has to tell.  Where a port has the same lane in all kinds,
 * as it has whenever that can be, one gathered block serves them all: it is together. */
struct bus_unit {
    uint32_t open[BUS_LANE_KINDS]; /* bit per lane */
    uint16_t port[BUS_LANE_KINDS][LANES];
    uint32_t together;    /* bit per kind: its lanes are those of `seat` */
    uint32_t seated;      /* bit per lane: lanes of kinds that are together */
    uint16_t seat[LANES]; /* their ports */
    /* Told by this tick. */
    size_t digits, tones, signals, specials;
    uint32_t callers; /* bit per lane with a message */
    aw_lane_digit digit[AW_LANES_DIGITS];
    aw_lane_tone tone[AW_LANES_TONES];
    aw_lane_digit signal[AW_LANES_DIGITS];
    aw_lane_special special[AW_LANES_SPECIALS];
};

/* Made once, so that none need be made in a tick. */
struct bus_lanes {
    const struct lanes_kernel *kernel;
    uint32_t count;      /* units */
    uint32_t used;       /* units from 0 that may have open lanes */
    uint32_t hearing;    /* units with detectors; 0: every port has its own blocks */
    uint32_t cancelling; /* units with an echo group */
    bool stale;          /* a lane has begun or ended: see which kinds are together */
    struct bus_unit *unit;
    struct aw_dtmf_group *digits;
    /* Of one plan each; all lanes began in an even, or odd, tick. */
    struct aw_progress_group *tones;
    struct aw_meter_group *receive;
    struct aw_meter_group *send;
    struct aw_fsk_group *caller_ids;   /* of one standard each */
    struct aw_mf_group *signals;       /* the same */
    struct aw_special_group *specials; /* all lanes began in an even, or odd, tick */
    aw_echo_group **echo;
};
#endif
