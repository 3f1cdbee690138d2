/* SPDX-License-Identifier: MIT */
/* State of groups of channels, for embedding, and the kernels that work on it.
 *
 * State is laid out alike for all sets: [...][16], a lane a column. */
#ifndef AW_SRC_DSP_LANES_H
#define AW_SRC_DSP_LANES_H
#include "aw/clean.h"
#include "aw/lanes.h"
#include "aw/vad.h"
#include "dsp/callerid.h"
#include "dsp/dtmf.h"
#include "dsp/mf.h"
#include "dsp/progress.h"
#include "dsp/special.h"

#define LANES AW_SIMD_LANES

struct lanes_kernel;

/* The same words as in struct aw_dtmf. */
struct aw_dtmf_group {
    const struct lanes_kernel *kernel;
    uint32_t open; /* bit per lane */
    uint32_t newest;
    _Alignas(64) float re[AW_DTMF_HOPS][8][LANES];
    float im[AW_DTMF_HOPS][8][LANES];
    float energy[AW_DTMF_HOPS][LANES];
    float raw[AW_DTMF_HOPS][LANES];
    float level[2][LANES];
    float duration[LANES];
    int32_t likely[LANES];
    int32_t pair[LANES];
    int32_t tail[LANES];
    int32_t absent[LANES];
    float ended_level[2][LANES]; /* of this hop's events: what ended ... */
    float ended_duration[LANES];
    int32_t ended_pair[LANES]; /* or -1 */
    int32_t begun[LANES];      /* ... and whether one has begun */
    int32_t listening[LANES];  /* -1: the lane is open */
};

/* The same words as in struct aw_progress. */
struct aw_progress_group {
    const struct lanes_kernel *kernel;
    uint32_t open;
    uint32_t second; /* the next block is the second of a hop */
    uint32_t newest;
    aw_progress_shape shape;
    _Alignas(64) float q1[AW_PROGRESS_BINS][LANES];
    float q2[AW_PROGRESS_BINS][LANES];
    float re[AW_PROGRESS_HOPS][AW_PROGRESS_BINS][LANES];
    float im[AW_PROGRESS_HOPS][AW_PROGRESS_BINS][LANES];
    float window_re[AW_PROGRESS_BINS][LANES];
    float window_im[AW_PROGRESS_BINS][LANES];
    float fit_re[AW_PROGRESS_TEMPLATES][2][LANES];
    float fit_im[AW_PROGRESS_TEMPLATES][2][LANES];
    float sum[AW_PROGRESS_TEMPLATES][AW_PROGRESS_SUMS][LANES];
    float tone[AW_PROGRESS_TEMPLATES][LANES];
    float energy[LANES];
    float energies[AW_PROGRESS_HOPS][LANES];
    float level[LANES];
    int32_t heard[LANES]; /* of this hop */
    uint32_t wake[LANES]; /* see aw_progress_wake() */
    aw_progress_course course[LANES];
};

struct aw_meter_group {
    const struct lanes_kernel *kernel;
    _Alignas(64) float mean_square[LANES];
    float peak[LANES];
};

#define AW_FSK_TAIL 6 /* samples before a block that its first bit needs */

/* The correlators' half of caller-ID receivers; the framing half is that of the single one. */
struct aw_fsk_group {
    const struct lanes_kernel *kernel;
    uint32_t open;
    aw_fsk_standard standard;
    _Alignas(64) float high_pass[2][LANES];
    float tail[AW_FSK_TAIL][LANES];
    float power[LANES];
    float carrier[LANES];
    float decision[AW_LANES_BLOCK][LANES]; /* of this block */
    int32_t live[AW_LANES_BLOCK][LANES];   /* -1: there is a carrier */
    int32_t any_live[LANES];
    struct aw_fsk_receiver framer[LANES];
    size_t length[LANES]; /* of the message last received */
};

/* The same words as in struct aw_mf; the half that knows time is that of the single receiver. */
struct aw_mf_group {
    const struct lanes_kernel *kernel;
    uint32_t open;
    uint32_t newest;
    aw_mf_shape shape;
    _Alignas(64) float re[AW_MF_HOPS][AW_MF_TONES][LANES];
    float im[AW_MF_HOPS][AW_MF_TONES][LANES];
    float q1[AW_MF_TONES][LANES];
    float q2[AW_MF_TONES][LANES];
    float window_re[AW_MF_TONES][LANES];
    float window_im[AW_MF_TONES][LANES];
    float energies[AW_MF_HOPS][LANES];
    float energy[LANES]; /* of the window */
    float fit_re[2][LANES];
    float fit_im[2][LANES];
    float fitted[LANES];
    int32_t heard[LANES]; /* the pair that this window is a signal of, or -1 */
    aw_mf_course course[LANES];
};

/* The same words as in struct aw_special, and as above. */
struct aw_special_group {
    const struct lanes_kernel *kernel;
    uint32_t open;
    uint32_t second; /* the next block is the second of a hop */
    _Alignas(64) float q1[AW_SPECIAL_TONES][LANES];
    float q2[AW_SPECIAL_TONES][LANES];
    float energy[LANES];
    float re[LANES]; /* of the tone that is heard */
    float im[LANES];
    int32_t heard[LANES];
    aw_special_course course[LANES];
};

/* One instruction set.  `open` has a bit per lane; all are real-time safe. */
struct lanes_kernel {
    void (*gather)(const int16_t *const rows[16], float *soa, size_t n);
    /* Samples rounded to whole ones and saturated, as rows hold them. */
    void (*settle)(float *soa, size_t n);
    void (*decode)(aw_law law, const uint8_t *const rows[16], float *soa, size_t n);
    void (*encode)(aw_law law, const float *soa, uint8_t *const rows[16], size_t n);
    /* Rows of one channel. */
    void (*decode_row)(aw_law law, const uint8_t *in, int16_t *out, size_t n);
    void (*encode_row)(aw_law law, const int16_t *in, uint8_t *out, size_t n);
    /* One hop; returns whether an event is to be told. */
    int (*dtmf)(struct aw_dtmf_group *g, const float *soa);
    /* Half a hop; at the end of the second `heard` is known. */
    void (*progress)(struct aw_progress_group *g, const float *soa);
    void (*meter)(struct aw_meter_group *g, const float *soa);
    /* A block's decisions. */
    void (*fsk)(struct aw_fsk_group *g, const float *soa);
    /* One hop: what each lane's window shows. */
    void (*mf)(struct aw_mf_group *g, const float *soa);
    /* Half a hop; at the end of the second `heard` is known. */
    void (*special)(struct aw_special_group *g, const float *soa);
    /* Blocks in place. */
    void (*dcblock)(struct aw_dcblock_group *g, float *soa);
    void (*agc)(struct aw_agc_group *g, float *soa);
    void (*limiter)(struct aw_limiter_group *g, float *soa);
    /* A frame's likelihoods; `loud` is known. */
    void (*vad)(struct aw_vad_group *g);
};

extern const struct lanes_kernel lanes_kernel_scalar, lanes_kernel_base;
#if defined(__x86_64__)
extern const struct lanes_kernel lanes_kernel_avx2, lanes_kernel_avx512;
#elif defined(__aarch64__)
extern const struct lanes_kernel lanes_kernel_neon;
#endif

/* The kernel of a set, or NULL if this build or machine has none. */
const struct lanes_kernel *lanes_kernel_of(aw_simd set);

/* A lane of a part of a group, from `from` to `end`, is a column of it: clear it.  0 in every type
 * is its beginning. */
void aw_lanes_clear(void *from, void *end, uint32_t lane);

/* Real-time safe. */
void aw_dtmf_group_init(struct aw_dtmf_group *g, const struct lanes_kernel *kernel);
aw_status aw_progress_group_init(struct aw_progress_group *g, const aw_progress_plan *plan,
                                 const struct lanes_kernel *kernel);
void aw_meter_group_init(struct aw_meter_group *g, const struct lanes_kernel *kernel);
aw_status aw_fsk_group_init(struct aw_fsk_group *g, aw_fsk_standard standard,
                            const struct lanes_kernel *kernel);
aw_status aw_mf_group_init(struct aw_mf_group *g, aw_mf_standard standard,
                           const struct lanes_kernel *kernel);
void aw_special_group_init(struct aw_special_group *g, const struct lanes_kernel *kernel);
#endif
