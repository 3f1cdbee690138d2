/* SPDX-License-Identifier: MIT */
/* The conference's parts for embedding and for tests.  Their calls are those of aw/mix.h. */
#ifndef AW_SRC_DSP_MIX_H
#define AW_SRC_DSP_MIX_H
#include "aw/mix.h"

struct aw_talkers {
    float level[AW_TALKERS_MAX]; /* mean magnitude, smoothed */
    uint8_t floor[AW_TALKERS_MAX];
    uint8_t was[AW_TALKERS_MAX]; /* had the floor in the last call */
    size_t parties;
    size_t loudest;
};

/* parties <= AW_TALKERS_MAX */
void aw_talkers_init(struct aw_talkers *t, size_t parties, size_t loudest);

/* The sum in one instruction set: does as many samples as it can in blocks and returns how many. */
struct aw_mix_kernel {
    const char *name;
    size_t (*mix)(const aw_mix_party *party, size_t parties, size_t n);
};

/* Variants that this machine can run, best first, the scalar reference last; then NULL. */
const struct aw_mix_kernel *aw_mix_kernel(size_t index);
void aw_mix_minus_by(const struct aw_mix_kernel *k, const aw_mix_party *party, size_t parties,
                     size_t n);
#endif
