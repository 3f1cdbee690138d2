/* SPDX-License-Identifier: MIT */
/* State of a call-progress detector, for embedding in a port. */
#ifndef AW_SRC_DSP_PROGRESS_H
#define AW_SRC_DSP_PROGRESS_H
#include <stdbool.h>

#include "aw/progress.h"

#define AW_PROGRESS_BINS    16 /* different frequencies of a plan */
#define AW_PROGRESS_HOPS    3  /* of a window: 30 ms */
#define AW_PROGRESS_HISTORY 16 /* whole segments remembered; confirm_steps is at most 12 */
#define AW_PROGRESS_NONE    -1 /* instead of a set: none of the plan's tones */

/* One frequency and its filter over a hop. */
typedef struct {
    float hz;
    float coef, cosine, sine;     /* of the filter */
    float middle_cos, middle_sin; /* from the end of a hop to its middle */
    float hop_cos, hop_sin;       /* from hop to hop */
    float q1, q2;
    float re[AW_PROGRESS_HOPS], im[AW_PROGRESS_HOPS]; /* of the last hops, newest where newest is */
    float window_re, window_im;                       /* of the window, about its middle */
} aw_progress_bin;

/* One or two frequencies that sound together. */
typedef struct {
    int32_t bin[2];                        /* [1] -1: a single one */
    float inverse[6];                      /* of the normal matrices: cosines aa, ab, bb; sines */
    float re[2], im[2];                    /* amplitudes in the last window */
    float tone;                            /* energy of the window that they explain */
    float turn_re[2], turn_im[2], turn[2]; /* sums of phase advances in this segment */
} aw_progress_set;

/* A time of one tone, or of none. */
typedef struct {
    int32_t set; /* or AW_PROGRESS_NONE */
    uint32_t hops;
    float off;  /* largest deviation of its frequencies, as a share */
    bool whole; /* its beginning was heard */
} aw_progress_segment;

struct aw_progress {
    aw_progress_plan plan;
    aw_progress_bin bin[AW_PROGRESS_BINS];
    uint32_t bins;
    aw_progress_set set[AW_PROGRESS_TEMPLATES];
    uint32_t sets;
    int32_t set_of[AW_PROGRESS_TEMPLATES]; /* of each template */

    uint32_t fill;   /* samples in this hop */
    uint32_t newest; /* place of the newest hop */
    float energy;    /* of this hop */
    float energies[AW_PROGRESS_HOPS];
    float level; /* energy of a full window of the tone of this or the last segment */

    aw_progress_segment now;
    int32_t rival;       /* what is heard instead of now.set */
    uint32_t rival_hops; /* for so long */
    aw_progress_segment past[AW_PROGRESS_HISTORY];
    uint32_t pasts; /* segments ever; the newest is past[(pasts - 1) % HISTORY] */

    int32_t active; /* template that is on, or -1 */
    uint32_t step;  /* of the active one: what `now` is */
};

/* Real-time safe. */
aw_status aw_progress_init(aw_progress *p, const aw_progress_plan *plan);

/* For progress.c alone: one more hop of `heard` (a set, or AW_PROGRESS_NONE); writes up to two
 * events and returns how many. */
size_t aw_progress_cadence(aw_progress *p, int32_t heard, aw_progress_event out[2]);
#endif
