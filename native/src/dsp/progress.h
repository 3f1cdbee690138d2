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

#define AW_PROGRESS_HOP    80u /* samples: 10 ms */
#define AW_PROGRESS_WINDOW 240 /* samples: 30 ms; 25 Hz apart is still told apart */
#define AW_PROGRESS_MIN_SHARE                                                                      \
    0.45f /* of the energy: half full of tone gives 0.5, 2 % off at                                \
             620 Hz 0.6 */
/* Of a window of -50 dBm0: the troughs of a tone of -40 that is modulated 85 % deep. */
#define AW_PROGRESS_MIN_ENERGY (72.0f * 72.0f * 120.0f)
#define AW_PROGRESS_MAX_TWIST  0.0784f /* weaker over stronger power: 11 dB */
#define AW_PROGRESS_CLAIM      0.91f   /* 413 + 438 Hz explain 425 Hz as it does itself, nearly */
#define AW_PROGRESS_MIN_FALL   0.04f   /* -14 dB of the tone's energy is its echo or crosstalk */
#define AW_PROGRESS_TRACKING   0.2f    /* of the level, per hop */
#define AW_PROGRESS_FORGETTING 0.99f   /* of the level in silence, per hop: 4 dB a second */
#define AW_PROGRESS_CLOSE      34.0f   /* Hz: a pair so close beats no faster than once a window */

/* What is summed up over a segment to judge its frequencies by. */
typedef enum {
    AW_PROGRESS_ONE,  /* one frequency, modulated or not */
    AW_PROGRESS_TWO,  /* a pair that a window tells apart */
    AW_PROGRESS_BEAT, /* a close pair: only its beat, over many hops, tells it from one */
} aw_progress_kind;

/* Of ONE the turn, of TWO the two turns: sums of products of each window with the last one. */
enum {
    AW_PROGRESS_TURN_RE,
    AW_PROGRESS_TURN_IM,
    AW_PROGRESS_TURN,
    AW_PROGRESS_TURNS, /* numbers of a turn */
    /* ONE: energy explained, all energy; products of each hop with the last but one */
    AW_PROGRESS_TONE = AW_PROGRESS_TURNS,
    AW_PROGRESS_ALL,
    AW_PROGRESS_BACK_RE,
    AW_PROGRESS_BACK_IM,
    AW_PROGRESS_BACK,
    /* BEAT: products of hops 0 (this one), 1 and 2 (before it) with each other */
    AW_PROGRESS_00 = 0,
    AW_PROGRESS_11,
    AW_PROGRESS_22,
    AW_PROGRESS_01_RE,
    AW_PROGRESS_01_IM,
    AW_PROGRESS_12_RE,
    AW_PROGRESS_12_IM,
    AW_PROGRESS_02_RE,
    AW_PROGRESS_02_IM,
    AW_PROGRESS_SUMS
};

/* A hop as quiet as this against the two before it is the end of a burst, and no beat's to
 * foretell; or it is the middle of a trough, which the others tell enough of. */
#define AW_PROGRESS_OVER 0.02f

/* One frequency of a plan. */
typedef struct {
    float hz;
    float coef, cosine, sine;     /* of the filter */
    float middle_cos, middle_sin; /* from the end of a hop to its middle */
    float hop_cos, hop_sin;       /* from hop to hop */
} aw_progress_bin;

/* One or two frequencies that sound together. */
typedef struct {
    aw_progress_kind kind;
    int32_t head;     /* the close pair that a window can't tell it from; else the set itself */
    int32_t bin[2];   /* [1] -1: a single one */
    float inverse[6]; /* of the normal matrices: cosines aa, ab, bb; sines */
} aw_progress_set;

/* What follows from a plan, for any number of channels. */
typedef struct {
    aw_progress_plan plan;
    aw_progress_bin bin[AW_PROGRESS_BINS];
    uint32_t bins;
    aw_progress_set set[AW_PROGRESS_TEMPLATES];
    uint32_t sets;
    int32_t set_of[AW_PROGRESS_TEMPLATES]; /* of each template */
} aw_progress_shape;

/* The filter of a frequency, and what it heard in the last hops: the newest is at `newest`. */
typedef struct {
    float q1, q2;
    float re[AW_PROGRESS_HOPS], im[AW_PROGRESS_HOPS];
    float window_re, window_im; /* of the window, about its middle */
} aw_progress_filter;

/* The amplitudes of a set in the last window. */
typedef struct {
    float re[2], im[2];
} aw_progress_fit;

/* A time of one tone, or of none. */
typedef struct {
    int32_t set; /* a head while it goes on; or AW_PROGRESS_NONE */
    uint32_t hops;
    float off;  /* largest deviation of its frequencies, as a share */
    bool whole; /* its beginning was heard */
} aw_progress_segment;

/* What the spectral half tells the half that knows time, and is told by it: of one lane of a
 * group, or of the one channel of a detector. */
typedef struct {
    float *sum;    /* [set][AW_PROGRESS_SUMS]: over this segment */
    float *tone;   /* [set]: energy of the window that they explain */
    float *level;  /* energy of a full window of the tone of this or the last segment */
    size_t stride; /* from one value to the next */
} aw_progress_sound;

/* Where a channel is in time. */
typedef struct {
    aw_progress_segment now;
    int32_t rival;       /* what is heard instead of now.set */
    uint32_t rival_hops; /* for so long */
    aw_progress_segment past[AW_PROGRESS_HISTORY];
    uint32_t pasts; /* segments ever; the newest is past[(pasts - 1) % HISTORY] */

    int32_t active; /* template that is on, or -1 */
    uint32_t step;  /* of the active one: what `now` is */
} aw_progress_course;

struct aw_progress {
    aw_progress_shape shape;
    aw_progress_filter filter[AW_PROGRESS_BINS];
    aw_progress_fit fit[AW_PROGRESS_TEMPLATES];
    float sum[AW_PROGRESS_TEMPLATES][AW_PROGRESS_SUMS]; /* see aw_progress_sound */
    float tone[AW_PROGRESS_TEMPLATES];
    float level;
    uint32_t fill;   /* samples in this hop */
    uint32_t newest; /* place of the newest hop */
    float energy;    /* of this hop */
    float energies[AW_PROGRESS_HOPS];
    aw_progress_course course;
};

/* Real-time safe. */
aw_status aw_progress_init(aw_progress *p, const aw_progress_plan *plan);

/* The halves of a detector, for it and for groups of them.  Real-time safe. */
aw_status aw_progress_shape_init(aw_progress_shape *shape, const aw_progress_plan *plan);
void aw_progress_course_init(aw_progress_course *course);
/* Largest deviation of the frequencies of the segment going on from those of a set, as a share;
 * AW_PROGRESS_FOREIGN: it is none of it. */
#define AW_PROGRESS_FOREIGN 1.0f
float aw_progress_deviation(const aw_progress_shape *shape, const aw_progress_sound *sound,
                            uint32_t set);
/* One more hop of `heard` (a head, or AW_PROGRESS_NONE); writes up to two events, returns how many.
 */
size_t aw_progress_hop(const aw_progress_shape *shape, aw_progress_course *course,
                       const aw_progress_sound *sound, int32_t heard, aw_progress_event out[2]);
/* Hops of `now` before which one more of the same can have no consequence. */
uint32_t aw_progress_wake(const aw_progress_shape *shape, const aw_progress_course *course);
#endif
