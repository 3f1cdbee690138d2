/* SPDX-License-Identifier: MIT */
/* The voice detector for embedding in a port.  Its calls are those of aw/vad.h. */
#ifndef AW_SRC_DSP_VAD_H
#define AW_SRC_DSP_VAD_H
#include "aw/vad.h"

enum {
    AW_VAD_BANDS = 8,
    AW_VAD_FRAME = 80,    /* samples: 10 ms */
    AW_VAD_SPLITTERS = 7, /* a tree of three storeys */
    AW_VAD_MEMORY = 8,    /* quarter seconds over which the least power is sought */
};

/* Half-band splitter: two all-pass branches. */
struct aw_vad_splitter {
    float even, odd; /* memory of the branches */
};

struct aw_vad {
    struct aw_vad_splitter splitter[AW_VAD_SPLITTERS];
    float frame[AW_VAD_FRAME];
    size_t fill;
    float noise[AW_VAD_BANDS];  /* power */
    float prior[AW_VAD_BANDS];  /* signal-to-noise ratio of the last frame, after the fact */
    float smooth[AW_VAD_BANDS]; /* power, over some frames, whose minimum is sought */
    float least[AW_VAD_MEMORY][AW_VAD_BANDS];
    float score; /* log likelihood ratio, smoothed */
    uint32_t frames;
    uint32_t hang;           /* frames of voice left */
    uint32_t run;            /* frames in a row that looked like voice */
    uint32_t silence, voice; /* frames */
    uint32_t greeting;       /* aw_greeting */
};

void aw_vad_init(struct aw_vad *v);
#endif
