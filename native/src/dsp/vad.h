/* SPDX-License-Identifier: MIT */
/* The voice detector for embedding in a port, alone and side by side.  Its calls are those of
 * aw/vad.h. */
#ifndef AW_SRC_DSP_VAD_H
#define AW_SRC_DSP_VAD_H
#include "aw/vad.h"

enum {
    AW_VAD_BANDS = 8,
    AW_VAD_FRAME = 80,    /* samples: 10 ms */
    AW_VAD_SPLITTERS = 7, /* a tree of three storeys */
    AW_VAD_MEMORY = 8,    /* quarter seconds over which the least power is sought */
    AW_VAD_PERIOD = 25,   /* frames in a quarter of a second */
    AW_VAD_FRAME_MS = 10,
};

#define AW_VAD_EVEN      0.17f /* all-pass coefficients of a half-band pair of 30 dB */
#define AW_VAD_ODD       0.64f
#define AW_VAD_QUIETEST  1.0f   /* power of a band below which nothing is meant: about -84 dBm0 */
#define AW_VAD_SMOOTH    0.8f   /* of the power whose minimum is sought */
#define AW_VAD_BIAS      1.5f   /* the minimum over 2 s of a smoothed noise is so much too low */
#define AW_VAD_LEARN     0.05f  /* pace at which pauses teach the noise */
#define AW_VAD_FIRST     2.0e4f /* power a band of the loudest noise assumed at first: -35 dBm0 */
#define AW_VAD_DIRECTED  0.9f   /* decision-directed share of the prior (Ephraim, Malah 1984) */
#define AW_VAD_LEAST_SNR 0.03f
#define AW_VAD_MOST_SNR  1000.0f
#define AW_VAD_VOICE     0.35f /* log likelihood ratio, mean of the bands, from which it is voice */
#define AW_VAD_CERTAIN   4.0f  /* likelihoods above say no more, and would linger */
#define AW_VAD_LINGER    0.6f  /* of the score from frame to frame, falling */

/* ln(1 + t) = t (L0 + L1 t + ...) for t in 0..1, within 1e-5: a sum that every instruction set
 * rounds alike, which the C library's isn't. */
#define AW_VAD_LN2 0.69314718f
#define AW_VAD_L0  0.99949437f
#define AW_VAD_L1  -0.49190035f
#define AW_VAD_L2  0.28945374f
#define AW_VAD_L3  -0.13604151f
#define AW_VAD_L4  0.03215082f

/* Half-band splitter: two all-pass branches. */
struct aw_vad_splitter {
    float even, odd; /* memory of the branches */
};

/* What the frames amount to. */
struct aw_vad_course {
    uint32_t hang;           /* frames of voice left */
    uint32_t run;            /* frames in a row that looked like voice */
    uint32_t silence, voice; /* frames */
    uint32_t quiet;          /* frames since the last one of a syllable or of its fading end */
    uint32_t greeting;       /* aw_greeting */
};

struct aw_vad {
    struct aw_vad_splitter splitter[AW_VAD_SPLITTERS];
    float frame[AW_VAD_FRAME];
    size_t fill;
    float noise[AW_VAD_BANDS];  /* power */
    float prior[AW_VAD_BANDS];  /* signal-to-noise ratio of the last frame, after the fact */
    float smooth[AW_VAD_BANDS]; /* power, over some frames, whose minimum is sought */
    float least[AW_VAD_MEMORY][AW_VAD_BANDS];
    float score;      /* log likelihood ratio, smoothed */
    int32_t age;      /* frames of this quarter of a second */
    int32_t slot;     /* of `least`: this quarter's */
    int32_t quarters; /* slots behind the first one that were filled */
    struct aw_vad_course course;
};

struct lanes_kernel;

/* The same words as in struct aw_vad. */
struct aw_vad_group {
    const struct lanes_kernel *kernel;
    uint32_t open;   /* bit per lane */
    uint32_t second; /* the next block is the second of a frame */
    _Alignas(64) float frame[AW_VAD_FRAME][AW_SIMD_LANES];
    float even[AW_VAD_SPLITTERS][AW_SIMD_LANES], odd[AW_VAD_SPLITTERS][AW_SIMD_LANES];
    float noise[AW_VAD_BANDS][AW_SIMD_LANES];
    float prior[AW_VAD_BANDS][AW_SIMD_LANES];
    float smooth[AW_VAD_BANDS][AW_SIMD_LANES];
    float least[AW_VAD_MEMORY][AW_VAD_BANDS][AW_SIMD_LANES];
    float score[AW_SIMD_LANES];
    int32_t age[AW_SIMD_LANES];
    int32_t slot[AW_SIMD_LANES];
    int32_t quarters[AW_SIMD_LANES];
    int32_t loud[AW_SIMD_LANES]; /* -1: this frame looked like voice */
    struct aw_vad_course course[AW_SIMD_LANES];
};

/* Real-time safe. */
void aw_vad_init(struct aw_vad *v);
/* One frame more, that looked like voice or not. */
void aw_vad_step(struct aw_vad_course *course, int loud);
#endif
