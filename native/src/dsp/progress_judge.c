/* SPDX-License-Identifier: MIT */
/* Call-progress detector, what a segment was: its frequencies, judged from sums over all of it. */
#include <complex.h>

#include "dsp/level.h"
#include "dsp/progress.h"

#define FOREIGN AW_PROGRESS_FOREIGN
#define TWO_PI  6.2831853f
#define HOP_S   ((float)AW_PROGRESS_HOP / AW_RATE_HZ)

#define MIN_COHERENCE 0.85f /* of the phases' advance: a tone, not speech passing through */
#define MIN_ALONE                                                                                  \
    0.62f /* of the energy, 2 % off allowed for: modulated 85 % by 25 Hz, and 10 dB above noise,   \
             leaves 0.69; one tone of a pair 0.5 */
#define MIN_STEADY                                                                                 \
    0.9f /* of the phase, over two hops: a modulated tone keeps its phase; 413 + 438 Hz reverse    \
            that of 425 each 40 ms */
#define MIN_BEAT 0.1f /* of what one frequency would leave: twelve dB apart beat no less */
#define MAX_SURPRISE                                                                               \
    0.08f /* of a hop's energy: two tones foretell it but for their noise, four                    \
             times, at 10 dB 0.005 */

typedef struct {
    const aw_progress_bin *bin;
    const float *sum;
    size_t stride;
} evidence;

static float of(const evidence *e, int which)
{
    return e->sum[(size_t)which * e->stride];
}

static float complex complex_of(const evidence *e, int re)
{
    return CMPLXF(of(e, re), of(e, re + 1));
}

/* Deviation of one tone, whose turn begins at `at`. */
static float turned(const evidence *e, int at)
{
    float complex turn = complex_of(e, at + AW_PROGRESS_TURN_RE);

    if (cabsf(turn) < MIN_COHERENCE * of(e, at + AW_PROGRESS_TURN))
        return FOREIGN;
    return fabsf(cargf(turn)) / TWO_PI / HOP_S / e->bin->hz;
}

/* Deviation of a single frequency that must be alone: the share of the energy that a window's
 * filter passes of a tone so far off is (sin x / x)^2. */
static float single(const evidence *e)
{
    float off = turned(e, 0);
    float x = 0.5f * TWO_PI * off * e->bin->hz * (float)AW_PROGRESS_WINDOW / AW_RATE_HZ;
    float pass = x < 0.01f ? 1.0f : sinf(x) / x;
    bool alone = of(e, AW_PROGRESS_TONE) >= MIN_ALONE * pass * pass * of(e, AW_PROGRESS_ALL);
    float back = cabsf(complex_of(e, AW_PROGRESS_BACK_RE));

    return alone && back >= MIN_STEADY * of(e, AW_PROGRESS_BACK) ? off : FOREIGN;
}

/* Frequency that advances by `turn` in a hop. */
static float frequency(const evidence *e, float complex turn)
{
    return e->bin->hz + cargf(turn * CMPLXF(e->bin->hop_cos, -e->bin->hop_sin)) / TWO_PI / HOP_S;
}

/* Deviation of a close pair.  Two tones foretell each hop h0 from the two before it, and exactly:
 * h0 = a h1 + b h2, where the roots of z^2 = a z + b are their advances in a hop (Prony). */
static float beating(const evidence *e, const float hz[2])
{
    float h11 = of(e, AW_PROGRESS_11), h22 = of(e, AW_PROGRESS_22);
    float complex h01 = complex_of(e, AW_PROGRESS_01_RE), h12 = complex_of(e, AW_PROGRESS_12_RE);
    float complex h02 = complex_of(e, AW_PROGRESS_02_RE);
    float all = h11 * h22, det = all - crealf(h12 * conjf(h12));

    if (!(det > MIN_BEAT * all))
        return FOREIGN;
    float complex a = (h01 * h22 - conjf(h12) * h02) / det, b = (h11 * h02 - h12 * h01) / det;
    float left = of(e, AW_PROGRESS_00) - crealf(a * conjf(h01) + b * conjf(h02));
    if (left > MAX_SURPRISE * of(e, AW_PROGRESS_00))
        return FOREIGN;
    float complex root = csqrtf(a * a + 4 * b);
    float one = frequency(e, (a + root) / 2), two = frequency(e, (a - root) / 2);
    float low = fminf(hz[0], hz[1]), high = fmaxf(hz[0], hz[1]);
    return fmaxf(fabsf(fminf(one, two) - low) / low, fabsf(fmaxf(one, two) - high) / high);
}

float aw_progress_deviation(const aw_progress_shape *shape, const aw_progress_sound *sound,
                            uint32_t which)
{
    const aw_progress_set *set = &shape->set[which];
    evidence e = {
        .bin = &shape->bin[set->bin[0]],
        .sum = sound->sum + which * AW_PROGRESS_SUMS * sound->stride,
        .stride = sound->stride,
    };

    if (set->kind == AW_PROGRESS_ONE)
        return single(&e);
    if (set->kind == AW_PROGRESS_BEAT) {
        const float hz[2] = {e.bin->hz, shape->bin[set->bin[1]].hz};
        return beating(&e, hz);
    }
    float first = turned(&e, 0);
    e.bin = &shape->bin[set->bin[1]];
    return fmaxf(first, turned(&e, AW_PROGRESS_TURNS));
}
