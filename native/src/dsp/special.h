/* SPDX-License-Identifier: MIT */
/* State of a detector of special tones, for embedding in a port. */
#ifndef AW_SRC_DSP_SPECIAL_H
#define AW_SRC_DSP_SPECIAL_H
#include "aw/special.h"

#define AW_SPECIAL_TONES 5

struct aw_special {
    float q1[AW_SPECIAL_TONES], q2[AW_SPECIAL_TONES], energy;
    uint32_t fill; /* samples in this hop */

    int32_t tone;           /* of the segment going on, or -1 */
    uint32_t hops, absent;  /* that it has lasted; in a row without it */
    float re[2], im[2];     /* the tone in the last two hops, the newest first; 0: not heard */
    float turn_re, turn_im; /* sum of the phase's advances, less that of the filter's frequency */
    float turn;             /* sum of their magnitudes */
    uint32_t since;         /* hops since the last reversal */
    uint32_t reversals;
    float beat_re, beat_im, amplitude; /* the amplitude's part at 15 Hz, and its sum */

    uint32_t told;    /* bit per kind, of this segment */
    uint32_t past[2]; /* hops of the first two tones of SIT; 0: none */
};

/* Real-time safe. */
void aw_special_init(struct aw_special *s);
#endif
