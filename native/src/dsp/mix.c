/* SPDX-License-Identifier: MIT */
/* Conference sum, total minus own: see aw/mix.h. */
#include "dsp/mix.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum {
    WIDTH = 8, /* samples in a vector of 32-bit sums */
    TICK = 5,  /* vectors summed in registers: a tick of 40 samples */
};
typedef int32_t wide __attribute__((vector_size(4 * WIDTH)));
typedef int16_t narrow __attribute__((vector_size(2 * WIDTH)));

/* Steps of a gain ramp without a division a party: n samples at most 2^15 make `to` exact to 0.1 %.
 */
static int32_t inverse_of(size_t n)
{
    return n ? (int32_t)((1 << 24) / n) : 0;
}

static int32_t positive(int16_t gain)
{
    return gain < 0 ? 0 : gain;
}

static int32_t step_of(const aw_mix_party *p, int32_t inverse)
{
    return (int32_t)((int64_t)(positive(p->to) - positive(p->from)) * inverse / 256);
}

static int is_unity(const aw_mix_party *p)
{
    return p->from == AW_MIX_UNITY && p->to == AW_MIX_UNITY;
}

static int32_t gain_at(const aw_mix_party *p, size_t i, int32_t step)
{
    return positive(p->from) * 65536 + (int32_t)i * step;
}

/* The scalar reference, and the tail of the others. */
static int32_t part_of(const aw_mix_party *p, size_t i, int32_t inverse)
{
    if (!p->in)
        return 0;
    if (is_unity(p))
        return p->in[i];
    int32_t gain = gain_at(p, i, step_of(p, inverse)) >> 16;
    return (p->in[i] * gain + AW_MIX_UNITY / 2) >> 12;
}

static void mix_from(const aw_mix_party *party, size_t parties, size_t at, size_t n,
                     int32_t *totals)
{
    int32_t inverse = inverse_of(n);

    for (; at < n; at++) {
        int32_t total = 0;
        for (size_t p = 0; p < parties; p++)
            total += part_of(&party[p], at, inverse);
        if (totals)
            totals[at] = total;
        for (size_t p = 0; p < parties; p++) {
            int32_t rest = total - part_of(&party[p], at, inverse);
            rest = rest < -32768 ? -32768 : rest > 32767 ? 32767 : rest;
            if (party[p].out)
                party[p].out[at] = (int16_t)rest;
        }
    }
}

static size_t scalar_mix(const aw_mix_party *party, size_t parties, size_t n, int32_t *total)
{
    (void)party, (void)parties, (void)n, (void)total;
    return 0;
}

static const struct aw_mix_kernel scalar_kernel = {"scalar", scalar_mix};

/* gcc 12's analyser takes the number of lanes for the width of a lane. */
#pragma GCC diagnostic ignored "-Wanalyzer-shift-count-overflow"

#define TITLE   "baseline"
#define NAME(x) baseline_##x
#include "dsp/mix_kernel.inc"
#undef NAME
#undef TITLE

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MIX_X86 1
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#define TITLE   "x86-64-v3"
#define NAME(x) v3_##x
#include "dsp/mix_kernel.inc"
#undef NAME
#undef TITLE
#pragma GCC pop_options
#endif

const struct aw_mix_kernel *aw_mix_kernel(size_t index)
{
    static const struct aw_mix_kernel *const kernels[] = {
#ifdef MIX_X86
        &v3_kernel,
#endif
        &baseline_kernel,
        &scalar_kernel,
    };
#ifdef MIX_X86
    if (!__builtin_cpu_supports("avx2"))
        index++;
#endif
    return index < sizeof kernels / sizeof *kernels ? kernels[index] : NULL;
}

void aw_mix_minus_by(const struct aw_mix_kernel *k, const aw_mix_party *party, size_t parties,
                     size_t n, int32_t *total)
{
    mix_from(party, parties, k->mix(party, parties, n, total), n, total);
}

int32_t aw_mix_part(const aw_mix_party *party, size_t i, size_t n)
{
    return part_of(party, i, inverse_of(n));
}

void aw_mix_minus(const aw_mix_party *party, size_t parties, size_t n)
{
    if (parties > AW_MIX_PARTIES)
        parties = AW_MIX_PARTIES;
    aw_mix_minus_by(aw_mix_kernel(0), party, parties, n, NULL);
}
