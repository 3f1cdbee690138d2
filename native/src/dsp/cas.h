/* SPDX-License-Identifier: MIT */
/* State of the receiver of call waiting's alerting signal, for embedding in a port. */
#ifndef AW_SRC_DSP_CAS_H
#define AW_SRC_DSP_CAS_H
#include "aw/cas.h"

#define AW_CAS_HOP    40u /* samples */
#define AW_CAS_WINDOW 12u /* hops judged together */

typedef struct {
    float re[2], im[2]; /* of both tones, the amplitude of a sine of peak 1 being 1 */
    float energy;       /* mean square of all that is over 1700 Hz */
} aw_cas_hop;

struct aw_cas {
    float high_pass[2][2];
    float q1[2], q2[2];
    float energy;
    uint32_t samples; /* in this hop */
    uint32_t newest;
    uint32_t hops; /* since the signal was certain; 0: it isn't */
    float level[2];
    float edge; /* the share of a hop that it had before the window */
    aw_cas_hop hop[AW_CAS_WINDOW + 1];
};

/* Real-time safe. */
void aw_cas_init(aw_cas *c);
#endif
