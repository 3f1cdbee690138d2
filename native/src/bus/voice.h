/* SPDX-License-Identifier: MIT */
/* Ports that are listened to for voice share groups of lanes: see voice.c. */
#ifndef AW_BUS_VOICE_H
#define AW_BUS_VOICE_H
#include <stdint.h>

#include "dsp/vad.h"

struct lanes_kernel;

/* When a group listens: what conferences say, and recorders hear, is known last in a tick. */
enum { BUS_VOICE_EARLY, BUS_VOICE_LATE, BUS_VOICE_TIMES };

/* What has been told of a lane last. */
enum { BUS_TOLD_NOTHING, BUS_TOLD_VOICE, BUS_TOLD_SILENCE };

struct bus_voices {
    uint32_t taken;   /* bit per lane: a port has it */
    uint32_t waiting; /* of these: to be begun with the next frame */
    uint32_t records; /* of these: what the port hears, for a recorder's rules */
    uint16_t port[AW_SIMD_LANES];
    uint32_t silence_ms[AW_SIMD_LANES];
    uint8_t told[AW_SIMD_LANES];
    uint8_t greeting[AW_SIMD_LANES]; /* aw_greeting that was told */
    struct aw_vad_group vad;
};

/* As many lanes as can be wanted: 1.6 kB a timeslot, of both times. */
struct bus_hearing {
    uint32_t count;
    uint32_t used; /* groups from 0 that may have lanes taken */
    struct bus_voices *group;
};
#endif
