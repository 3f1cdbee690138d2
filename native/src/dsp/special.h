/* SPDX-License-Identifier: MIT */
/* State of a detector of special tones, for embedding in a port. */
#ifndef AW_SRC_DSP_SPECIAL_H
#define AW_SRC_DSP_SPECIAL_H
#include <stdbool.h>

#include "aw/special.h"

#define AW_SPECIAL_TONES      5
#define AW_SPECIAL_HOP        80u /* samples: 10 ms, in which 35 Hz off leave 0.66 of the energy */
#define AW_SPECIAL_MIN_ENERGY (181.0f * 181.0f * 40.0f) /* of a hop of -42 dBm0 */

enum { AW_SPECIAL_FIRST, AW_SPECIAL_CNG, AW_SPECIAL_SECOND, AW_SPECIAL_THIRD, AW_SPECIAL_2100 };

/* Where a channel is in time. */
typedef struct {
    int32_t tone;           /* of the segment going on, or -1 */
    uint32_t hops, absent;  /* that it has lasted; in a row without it */
    float re[2], im[2];     /* the tone in the last two hops, the newest first; 0: not heard */
    float turn_re, turn_im; /* sum of the phase's advances, less that of the filter's frequency */
    float turn;             /* sum of their magnitudes */
    uint32_t since;         /* hops since the last reversal */
    uint32_t reversals;
    float beat_re, beat_im, amplitude; /* the amplitude's part at 15 Hz, and its sum */
    uint32_t whole;                    /* hops with the tone in those before and after, ... */
    float level, power;                /* ... their amplitudes' sum, and the squares' */

    uint32_t told;    /* bit per kind, of this segment */
    uint32_t past[2]; /* hops of the first two tones of SIT; 0: none */
} aw_special_course;

struct aw_special {
    float q1[AW_SPECIAL_TONES], q2[AW_SPECIAL_TONES], energy;
    uint32_t fill; /* samples in this hop */
    aw_special_course course;
};

/* The half of a detector that knows time, for it and for groups of them.  Real-time safe. */
void aw_special_course_init(aw_special_course *course);
/* One more hop, full of the tone `heard` (or -1) of that amplitude; returns a kind, or 0. */
uint32_t aw_special_hop(aw_special_course *course, int32_t heard, float re, float im);
/* Can a hop without a tone change nothing? */
static inline bool aw_special_at_rest(const aw_special_course *course)
{
    return course->tone < 0;
}

/* Real-time safe. */
void aw_special_init(struct aw_special *s);
#endif
