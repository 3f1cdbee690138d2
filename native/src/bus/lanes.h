/* SPDX-License-Identifier: MIT */
/* Ports that are listened to share groups of lanes: one port a lane, while it is listened to. */
#ifndef AW_BUS_LANES_H
#define AW_BUS_LANES_H
#include "dsp/lanes.h"

/* The kinds of group a port may have a lane of. */
enum { BUS_LANE_DIGITS, BUS_LANE_TONES, BUS_LANE_LEVEL, BUS_LANE_KINDS };

struct bus_digits {
    struct aw_dtmf_group group;
    uint16_t port[LANES];
};

struct bus_tones {
    struct aw_progress_group group; /* of one plan; all lanes began in an even, or odd, tick */
    uint16_t port[LANES];
};

struct bus_levels {
    struct aw_meter_group receive;
    struct aw_meter_group send;
    uint16_t port[LANES];
    uint32_t open; /* bit per lane */
};

/* Made once, so that none need be made in a tick. */
struct bus_lanes {
    const struct lanes_kernel *kernel;
    uint32_t count;                /* groups of each kind; 0: every port has its own blocks */
    uint32_t used[BUS_LANE_KINDS]; /* groups from 0 that may have open lanes */
    struct bus_digits *digits;
    struct bus_tones *tones;
    struct bus_levels *levels;
};
#endif
