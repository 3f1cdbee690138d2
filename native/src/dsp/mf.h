/* SPDX-License-Identifier: MIT */
/* State of MF receivers and senders, for embedding in a port. */
#ifndef AW_SRC_DSP_MF_H
#define AW_SRC_DSP_MF_H
#include <stdbool.h>

#include "aw/mf.h"

#define AW_MF_TONES 6
#define AW_MF_PAIRS 15
#define AW_MF_HOP   40u /* samples: 5 ms */
#define AW_MF_HOPS  3   /* of a window: 15 ms, in which 120 Hz are 1.8 turns */

/* The pair of tones i < j. */
#define AW_MF_PAIR(i, j) ((j) * ((j) - 1) / 2 + (i))

#define AW_MF_MIN_SHARE 0.72f  /* of the energy: 15 Hz off leaves 0.85, SNR 9 dB a tone 0.94 */
#define AW_MF_MIN_LEVEL 287.0f /* amplitude of -38 dBm0: 3 dB under what we promise */
#define AW_MF_MAX_TWIST 8.0f   /* of powers, 9 dB: 2 dB over what we promise */

/* One of the six. */
typedef struct {
    float coef, cosine, sine;     /* of the filter */
    float middle_cos, middle_sin; /* from the end of a hop to its middle */
    float hop_cos, hop_sin;       /* from hop to hop */
} aw_mf_tone;

/* What follows from a standard, for any number of channels. */
typedef struct {
    aw_mf_standard standard;
    aw_mf_tone tone[AW_MF_TONES];
    /* Of the normal matrices, by pair (and one more, to be looked up): cosines aa, ab, bb; sines.
     */
    float inverse[6][AW_MF_PAIRS + 1];
} aw_mf_shape;

/* Two tones fitted to a window: complex amplitudes, and the energy they explain. */
typedef struct {
    float re[2], im[2];
    float energy;
} aw_mf_fit;

/* What the spectral half tells of a window to the half that knows time: of one lane of a group, or
 * of the one channel of a receiver. */
typedef struct {
    const float *re, *im; /* [tone]: about the window's middle */
    size_t stride;        /* from one tone to the next */
    float energy;         /* of all that is heard */
    int32_t pair;         /* that it is a signal of, but for its frequencies; or -1 */
    aw_mf_fit fit;        /* of that pair */
} aw_mf_sound;

/* Where a channel is in time. */
typedef struct {
    int32_t likely; /* the pair that was heard in the last window, or -1 */
    uint32_t run;   /* windows in a row with it */
    aw_mf_fit last;
    float turn_re[2], turn_im[2]; /* sums of the phases' advances in the run */
    float share;                  /* of the energy, the most in the run */

    int32_t pair;    /* the signal that is on, or -1 */
    uint32_t hops;   /* that it has lasted */
    uint32_t absent; /* hops in a row without it */
    float level;     /* the greatest energy of a window */
} aw_mf_course;

struct aw_mf {
    aw_mf_shape shape;
    float q1[AW_MF_TONES], q2[AW_MF_TONES];
    float re[AW_MF_HOPS][AW_MF_TONES], im[AW_MF_HOPS][AW_MF_TONES]; /* the newest at `newest` */
    float window_re[AW_MF_TONES], window_im[AW_MF_TONES];           /* about its middle */
    float energies[AW_MF_HOPS], energy;
    uint32_t newest, fill;
    aw_mf_course course;
};

struct aw_mf_sender {
    char keys[AW_MF_SIGNALS];
    aw_mf_standard standard;
    uint32_t count, at;
    uint32_t on, off; /* samples; on 0: for ever */
    uint32_t sample;  /* of this signal */
    uint32_t phase[2], advance[2];
    float amplitude;
};

/* The frequencies of a standard, or NULL if there is none; the pair of a key, or -1. */
const float *aw_mf_frequencies(aw_mf_standard standard);
int32_t aw_mf_pair_of(aw_mf_standard standard, char key);
char aw_mf_key_of(aw_mf_standard standard, int32_t pair);
/* The lower tone of a pair; the other one is `*second`. */
int32_t aw_mf_tones_of(int32_t pair, int32_t *second);

/* The halves of a receiver, for it and for groups of them.  Real-time safe. */
aw_status aw_mf_shape_init(aw_mf_shape *shape, aw_mf_standard standard);
void aw_mf_course_init(aw_mf_course *course);
aw_mf_fit aw_mf_fit_pair(const aw_mf_shape *shape, const aw_mf_sound *sound, int32_t pair);
/* One more window; writes up to two events, returns how many. */
size_t aw_mf_hop(const aw_mf_shape *shape, aw_mf_course *course, const aw_mf_sound *sound,
                 aw_digit out[2]);
/* Can a window without a signal change nothing? */
static inline bool aw_mf_at_rest(const aw_mf_course *course)
{
    return course->likely < 0 && course->pair < 0;
}

/* Real-time safe. */
aw_status aw_mf_init(aw_mf *m, aw_mf_standard standard);
aw_status aw_mf_sender_init(aw_mf_sender *s, aw_mf_standard standard, const char *keys,
                            uint32_t on_ms, uint32_t off_ms, float level_dbm0);
#endif
