/* SPDX-License-Identifier: MIT */
/* Levelling blocks for embedding in a port.  Their calls are those of aw/agc.h. */
#ifndef AW_SRC_DSP_AGC_H
#define AW_SRC_DSP_AGC_H
#include "aw/agc.h"

enum {
    AW_AGC_STEP = 40,                        /* samples: the gain is set anew every 5 ms */
    AW_LIMITER_BLOCK = AW_LIMITER_DELAY / 2, /* samples */
};

struct aw_dcblock {
    float in, out;
};

struct aw_limiter {
    int16_t filling[AW_LIMITER_BLOCK]; /* newest block, `fill` samples yet */
    int16_t full[AW_LIMITER_BLOCK];    /* the block before it */
    int16_t leaving[AW_LIMITER_BLOCK]; /* and before that: going out */
    float ceiling;                     /* magnitude */
    float from, to;                    /* gain at the ends of the leaving block */
    float need;                        /* gain that the full block may have at most */
    size_t fill;
};

struct aw_agc {
    float target, most_db; /* power; dB */
    float noise, active;   /* power: floor, and of speech */
    float sum;             /* of squares in this step */
    float gain, slope;     /* now, and its change a sample */
    float gain_db;         /* where the slope leads */
    size_t fill;
};

void aw_dcblock_init(struct aw_dcblock *d);
void aw_limiter_init(struct aw_limiter *l, float ceiling_dbm0);
void aw_agc_init(struct aw_agc *a, float target_dbm0, float most_db);
#endif
