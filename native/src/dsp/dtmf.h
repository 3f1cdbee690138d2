/* SPDX-License-Identifier: MIT */
/* State of a DTMF receiver, for embedding in a port. */
#ifndef AW_SRC_DSP_DTMF_H
#define AW_SRC_DSP_DTMF_H
#include <stdbool.h>

#include "aw/dtmf.h"

#define AW_DTMF_HOPS 6 /* five of a decision and the one before */

/* The eight filters over one hop: sum of x(n) exp(-jwn) about the middle, and the energy. */
typedef struct {
    float re[8];
    float im[8];
    float energy; /* after the notch */
    float raw;    /* before it */
} aw_dtmf_hop;

struct aw_dtmf {
    float notch[5]; /* state of the dial-tone notch */
    float q1[8];    /* Goertzel filters */
    float q2[8];
    float energy;    /* of this hop, after the notch */
    float raw;       /* and before it */
    uint32_t fill;   /* samples in this hop */
    uint32_t newest; /* place of the newest hop in the ring */
    aw_dtmf_hop hops[AW_DTMF_HOPS];

    int8_t pair;     /* the digit that is on (row * 4 + column), or -1 */
    int8_t tail;     /* the digit whose echo may still be heard, or -1 */
    float level[2];  /* amplitude of its tones, after the notch */
    uint32_t absent; /* hops in a row without it */
    float duration;  /* hops from its beginning to the last hop with it */
};

/* Real-time safe. */
void aw_dtmf_init(aw_dtmf *d);
#endif
