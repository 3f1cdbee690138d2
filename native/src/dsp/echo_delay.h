/* SPDX-License-Identifier: MIT */
/*
 * Search for the fixed delay between what is said to a line and its echo (modems, cellular).
 *
 * What:  up to 250 ms, to half a millisecond, within about a second of the far end's speech.
 * How:   the signs of both sides at 2 kHz, as bits; how often they agree, for every delay, a share
 *        of the delays in each block.
 * Not:   it doesn't follow a drifting delay, and learns nothing while the far end is silent.
 */
#ifndef AW_SRC_DSP_ECHO_DELAY_H
#define AW_SRC_DSP_ECHO_DELAY_H
#include <stddef.h>
#include <stdint.h>

#define DELAY_LAGS   512 /* of 4 samples: 256 ms */
#define DELAY_SWEEPS 8   /* blocks in which every lag has had its turn */
#define DELAY_WORDS  (DELAY_LAGS / 64 + 1)

struct echo_delay {
    uint64_t far[DELAY_WORDS]; /* signs, the newest in bit 0 of word 0 */
    uint64_t near;
    float far_mean, near_mean;   /* what the signs are taken against */
    float agreement[DELAY_LAGS]; /* -1 to 1, averaged over sweeps */
    unsigned sweep;              /* which share of the lags is next */
    unsigned sweeps;             /* complete ones with speech, up to 1000 */
    int active;                  /* blocks of the sweep under way that had speech */
};

void echo_delay_reset(struct echo_delay *d);
/*
 * Feed one block of 40 samples, `step` floats apart; speech says whether to learn from it.
 * Returns the delay in samples when it has become certain, else -1.  Real-time safe.
 */
int echo_delay_feed(struct echo_delay *d, const float *far, const float *near, size_t step,
                    int speech);
#endif
