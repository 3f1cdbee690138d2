/* SPDX-License-Identifier: MIT */
/* State of a DTMF receiver, for embedding in a port. */
#ifndef AW_SRC_DSP_DTMF_H
#define AW_SRC_DSP_DTMF_H
#include <stdbool.h>

#include "aw/dtmf.h"

#define AW_DTMF_HOP           40u /* samples: 5 ms */
#define AW_DTMF_WINDOW        5   /* hops of a decision: 25 ms */
#define AW_DTMF_HOPS          6   /* and the one before */
#define AW_DTMF_GAP           6u  /* hops without the digit that end it: 20 ms must not, 40 must */
#define AW_DTMF_MIN_AMPLITUDE 286.0f /* -38 dBm0: 2 dB under the least level we promise */
#define AW_DTMF_MIN_ENERGY    (286.0f * 286.0f * 100.0f) /* of a window with that */
#define AW_DTMF_MIN_ALONE     0.88f /* of all energy in the two tones, or else it is not alone */
#define AW_DTMF_STAY          0.5f  /* amplitude under which the digit is gone: echo is at -10 dB */
#define AW_DTMF_MIN_STAY      0.40f /* share of the energy without which it is gone */
#define AW_DTMF_LEAST_HOP                                                                          \
    (0.35f / 5) /* share of a digit's energy that each hop has: 0.56 / 5 and noise */
/* A hop that may be a digit's: the strongest tones of both groups have this share of its energy,
 * and neither this much less power than the other.  Far under what a digit leaves, as tones leak
 * into each other's filters within 5 ms; it only spares the rest of the work. */
#define AW_DTMF_MAYBE_SHARE 0.4f
#define AW_DTMF_MAYBE_LOW   0.1f   /* 4 dB of twist, and a leak against it */
#define AW_DTMF_MAYBE_HIGH  0.015f /* 8 dB */

/* What a window must show to be a digit, besides its frequencies (see make_dtmf.py). */
typedef struct {
    float share;     /* least share of the energy in the two tones, without dial tone */
    float steady;    /* least amplitude of a hop over the mean */
    float coherence; /* least constancy of the phase's advance from hop to hop, squared */
    float low_up;    /* most that the low tone may be over the high one, as amplitudes */
    float high_up;   /* most that the high tone may be over the low one */
    float before;    /* least of a hop that must have gone before the five */
} aw_dtmf_demands;

/* Nearly all the sound is the two tones.  SNR 6 dB per tone leaves a share of 0.89; twist must be
 * taken at 8 and 4 dB, and an echo makes 4 dB of it; 20 ms astride two hops give a steadiness of
 * 0.63; on-time must be over 23 ms. */
static const aw_dtmf_demands AW_DTMF_ALONE = {0.83f, 0.75f, 0.9216f, 4.0f, 2.52f, 0.2f};
/* There is more: dial tone, which leaves the two tones clean once it is taken out, or speech. */
static const aw_dtmf_demands AW_DTMF_AMID = {0.94f, 0.84f, 0.9604f, 3.2f, 2.52f, 0.2f};

/* The eight filters over one hop: sum of x(n) exp(-jwn) about the middle, and the energy. */
typedef struct {
    float re[8];
    float im[8];
    float energy; /* without DC and dial tone */
    float raw;    /* of all */
} aw_dtmf_hop;

struct aw_dtmf {
    int16_t said[AW_DTMF_HOP];
    uint32_t fill;   /* samples in this hop */
    uint32_t newest; /* place of the newest hop in the ring */
    uint32_t likely; /* hops in a row that may be a digit's */
    aw_dtmf_hop hops[AW_DTMF_HOPS];

    int8_t pair;     /* the digit that is on (row * 4 + column), or -1 */
    int8_t tail;     /* the digit whose echo may still be heard, or -1 */
    float level[2];  /* amplitude of its tones */
    uint32_t absent; /* hops in a row without it */
    float duration;  /* hops from its beginning to the last hop with it */
};

/* What is told of a digit.  Real-time safe. */
void aw_dtmf_event(aw_digit *out, int pair, const float level[2], float duration, bool on);

/* Real-time safe. */
void aw_dtmf_init(aw_dtmf *d);
#endif
