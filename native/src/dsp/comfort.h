/* SPDX-License-Identifier: MIT */
/* Comfort noise for embedding in a port.  Its calls are those of aw/comfort.h. */
#ifndef AW_SRC_DSP_COMFORT_H
#define AW_SRC_DSP_COMFORT_H
#include "aw/comfort.h"

enum { AW_COMFORT_LEARN = 160 /* samples: what is compared with the quietest, 20 ms */ };

struct aw_comfort {
    float goal_rms, rms;
    float goal[AW_COMFORT_ORDER], reflection[AW_COMFORT_ORDER];
    float gain; /* of the white noise */
    float lattice[AW_COMFORT_ORDER];
    uint32_t state; /* of the generator */
    uint32_t until; /* samples until the next step of the slide */
    float floor;    /* power of the quietest heard of late */
    size_t heard;   /* samples in `learning` */
    int16_t learning[AW_COMFORT_LEARN];
};

void aw_comfort_init(struct aw_comfort *c, uint32_t seed);
#endif
