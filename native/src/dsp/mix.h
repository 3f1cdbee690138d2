/* SPDX-License-Identifier: MIT */
/* The conference's parts for embedding and for tests.  Their calls are those of aw/mix.h. */
#ifndef AW_SRC_DSP_MIX_H
#define AW_SRC_DSP_MIX_H
#include "aw/mix.h"

struct aw_talker {
    float level; /* mean magnitude, smoothed */
    uint8_t floor;
    uint8_t was; /* had the floor in the last call */
};

struct aw_talkers {
    struct aw_talker talker[AW_TALKERS_MAX];
    uint16_t place[AW_TALKERS_MAX];
    size_t parties;
    size_t loudest;
};

/* Who gate: party i is all[place[i]].  The caller sets from and to as for a party with the floor.
 */
struct aw_floor {
    struct aw_talker *all;
    const uint16_t *place;
    size_t parties;
    size_t loudest;
};

/* parties <= AW_TALKERS_MAX */
void aw_talkers_init(struct aw_talkers *t, size_t parties, size_t loudest);

void aw_floor_gate(const struct aw_floor *f, aw_mix_party *party, size_t n);

/* The sum in one instruction set: does as many samples as it can in blocks and returns how many. */
struct aw_mix_kernel {
    const char *name;
    size_t (*mix)(const aw_mix_party *party, size_t parties, size_t n, int32_t *total);
};

/* Variants that this machine can run, best first, the scalar reference last; then NULL. */
const struct aw_mix_kernel *aw_mix_kernel(size_t index);
/* A room's own rows may come on top of AW_MIX_PARTIES: 32 bits have room for twice as many.
 * total: n sums of all parties, unsaturated; NULL: not wanted. */
void aw_mix_minus_by(const struct aw_mix_kernel *k, const aw_mix_party *party, size_t parties,
                     size_t n, int32_t *total);
/* A party's own part of sample i of n. */
int32_t aw_mix_part(const aw_mix_party *party, size_t i, size_t n);
#endif
