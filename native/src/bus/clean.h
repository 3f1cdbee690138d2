/* SPDX-License-Identifier: MIT */
/* Ports whose sound is cleaned share groups of lanes: see clean.c. */
#ifndef AW_BUS_CLEAN_H
#define AW_BUS_CLEAN_H
#include <stdint.h>

#include "dsp/agc.h"

struct lanes_kernel;

/* What is wanted of a lane. */
struct bus_cleaning {
    uint32_t wants; /* AW_CLEAN_... */
    float target_dbm0;
    float most_db;
    float ceiling_dbm0;
};

struct bus_cleaner {
    uint32_t taken; /* bit per lane: a port has it */
    uint32_t awake; /* of these: its port is worked on, and its blocks are open */
    uint16_t port[AW_SIMD_LANES];
    struct bus_cleaning as[AW_SIMD_LANES];
    struct aw_dcblock_group dc;
    struct aw_agc_group agc;
    struct aw_limiter_group limiter;
};

/* As many lanes as there are timeslots. */
struct bus_cleaners {
    const struct lanes_kernel *kernel;
    uint32_t count;
    uint32_t used; /* groups from 0 that may have lanes taken */
    struct bus_cleaner *group;
};
#endif
