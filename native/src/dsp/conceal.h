/* SPDX-License-Identifier: MIT */
/* The concealer's memory, for embedding in a port.  Its calls are those of aw/conceal.h. */
#ifndef AW_SRC_CONCEAL_H
#define AW_SRC_CONCEAL_H
#include <stdbool.h>

#include "aw/conceal.h"

enum {
    AW_CONCEAL_HISTORY = 400, /* samples: 50 ms, three periods of the lowest pitch */
    AW_CONCEAL_ORDER = 12,    /* of the predictor: a formant a kHz, and slack */
    AW_CONCEAL_CYCLE = 160,   /* samples: longest stretch of residual that is repeated */
};

struct aw_conceal {
    int16_t history[AW_CONCEAL_HISTORY]; /* what was played last, a ring */
    size_t oldest;                       /* its place in the ring */
    float predictor[AW_CONCEAL_ORDER];
    float memory[AW_CONCEAL_ORDER]; /* last outputs of the synthesis filter, oldest first */
    float cycle[AW_CONCEAL_CYCLE];  /* residual to repeat; its end joins the gap */
    float decay;                    /* gain a sample: how the talker was dying away already */
    float gain;
    float voiced;    /* 0..1: how periodic the talker was */
    size_t period;   /* samples of `cycle` in use */
    size_t position; /* next sample of the cycle */
    size_t lost;     /* samples made up since the last good one */
    bool begun;      /* the voice was looked at: since then it goes on by `predictor` and `cycle` */
    uint32_t noise;  /* state of the generator of unvoiced residual */
};

void aw_conceal_init(struct aw_conceal *c);
/* As aw_conceal_lost, but looking at the voice, which takes as long as ten frames, only if *begins
 * is not 0 yet; it counts down.  Until a later frame may, the voice is heard backwards. */
void aw_conceal_lost_within(struct aw_conceal *c, int16_t *pcm, size_t n, uint32_t *begins);
#endif
