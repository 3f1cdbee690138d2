/* SPDX-License-Identifier: MIT */
/* The playout's memory for embedding in an RTP port.  Its calls are those of aw/playout.h. */
#ifndef AW_SRC_DSP_PLAYOUT_H
#define AW_SRC_DSP_PLAYOUT_H
#include "aw/playout.h"
#include "dsp/comfort.h"
#include "dsp/conceal.h"
#include "dsp/jitter.h"

enum {
    AW_STRETCH_LONGEST = 140, /* samples: most that are put in or taken out at once */
    AW_STRETCH_BLEND = 80,    /* samples of overlap */
    AW_STRETCH_NEED = AW_STRETCH_LONGEST + AW_STRETCH_BLEND,
    AW_PLAYOUT_READ = 160, /* samples served at a time */
    AW_PLAYOUT_QUEUE = AW_PLAYOUT_READ + AW_STRETCH_NEED + AW_JITTER_BYTES + AW_STRETCH_LONGEST +
        20,
};

/**
 * Take a period out of the n >= AW_STRETCH_NEED samples at x, or put one in (room for
 * AW_STRETCH_LONGEST more).  Returns the samples taken out or put in; 0 where it would be heard
 * (unless `force`).
 */
size_t aw_stretch_shorten(int16_t *x, size_t n, bool force);
size_t aw_stretch_lengthen(int16_t *x, size_t n, bool force);

struct aw_playout {
    struct aw_jitter jitter;
    struct aw_conceal conceal;
    struct aw_comfort comfort;
    aw_decoder decode;
    void *state;
    int16_t queue[AW_PLAYOUT_QUEUE]; /* decoded, not played yet */
    size_t queued;
    size_t ahead;     /* samples wanted in the queue beyond a read, for stretching */
    uint32_t settled; /* samples since the last stretch */
    bool resting;     /* in a pause: comfort noise, nothing to conceal */
    aw_playout_figures figures;
};

/* Arguments as of aw_playout_new. */
void aw_playout_init(struct aw_playout *p, unsigned least_ms, unsigned most_ms, aw_decoder decode,
                     void *state);
#endif
