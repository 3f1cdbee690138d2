/* SPDX-License-Identifier: MIT */
/* Rate conversion and elastic store for embedding.  Their calls are those of aw/resample.h. */
#ifndef AW_SRC_DSP_RESAMPLE_H
#define AW_SRC_DSP_RESAMPLE_H
#include "aw/resample.h"
#include "dsp/conceal.h"

enum {
    AW_RESAMPLE_TAPS = 336,  /* most taps of one phase */
    AW_RESAMPLE_CHUNK = 480, /* samples read at a time */
    AW_ELASTIC_TAPS = 24,
};

struct aw_resample {
    float past[AW_RESAMPLE_TAPS + AW_RESAMPLE_CHUNK]; /* taps - 1 old samples, then new ones */
    const float *filter;                              /* `up` rows of `taps` */
    size_t up, down, taps;
    size_t next; /* time of the next output after the newest sample read, in common samples */
};

struct aw_elastic {
    int16_t store[AW_ELASTIC_SAMPLES + AW_ELASTIC_TAPS];
    size_t count;    /* samples in the store, those already heard but still under the filter too */
    double position; /* where the filter's middle stands */
    double rate;     /* samples read for one written */
    double level;    /* waiting, smoothed */
    double drift;    /* ppm: the servo's integral */
    double pushed;   /* seconds: when the last samples came */
    size_t frame;    /* and how many */
    double pulled;   /* seconds: when the servo last looked */
    size_t unseen;   /* samples pulled since, at once with those */
    double fixed;    /* ppm, or NAN */
    size_t target;
    uint32_t underruns, slips;
    uint8_t filling; /* not giving yet, until the target is reached */
    struct aw_conceal conceal;
};

/* Rates and target as documented in aw/resample.h. */
aw_status aw_resample_init(struct aw_resample *r, unsigned from_hz, unsigned to_hz);
void aw_elastic_init(struct aw_elastic *e, size_t target);
/* As aw_elastic_pull, with concealment as aw_conceal_lost_within has it. */
void aw_elastic_pull_within(struct aw_elastic *e, double now, int16_t *pcm, size_t n,
                            uint32_t *begins);
#endif
