/* SPDX-License-Identifier: MIT */
/* State of an analyser of unknown call-progress tones, for embedding in a port. */
#ifndef AW_SRC_DSP_LEARN_H
#define AW_SRC_DSP_LEARN_H
#include <stdbool.h>

#include "aw/learn.h"

#define AW_LEARN_SECTIONS  3u
#define AW_LEARN_HOPS      4u     /* of the energy's window */
#define AW_LEARN_KEPT      400u   /* ms of the band whose spectrum is taken */
#define AW_LEARN_MIDDLE_HZ 650.0f /* of the band: 0 Hz of what is kept */

struct aw_learn {
    float turn_re, turn_im; /* of the mixer */
    uint32_t turned;        /* samples since it began anew */
    float past[AW_LEARN_SECTIONS][4];
    uint32_t fill;                 /* samples of this hop */
    float energies[AW_LEARN_HOPS]; /* of the last hops; the newest at hop % AW_LEARN_HOPS */
    uint32_t hop;
    float level, noise; /* energies of a window: of the tone going on, of the silences */

    bool sounding;
    uint32_t hops;      /* that the segment going on has lasted */
    uint32_t kept_hops; /* the segment's before those in `kept` */
    uint32_t windows;   /* spectra that agreed so far */
    aw_segment now;     /* what they said */
    uint32_t kept_count;
    int16_t
        kept[2 * AW_LEARN_KEPT]; /* the band at 1 kHz, re and im in turn: a pair a millisecond */
};

/* Real-time safe. */
void aw_learn_init(struct aw_learn *l);
/* Fill in kind, frequencies and level from n pairs of the band. */
void aw_learn_look(const int16_t *kept, uint32_t n, aw_segment *found);
#endif
