/* SPDX-License-Identifier: MIT */
/* Sine from a 32-bit phase: 2^32 is a whole turn, so a phase accumulator wraps by itself. */
#ifndef AW_SRC_DSP_OSCILLATOR_H
#define AW_SRC_DSP_OSCILLATOR_H
#include <stdint.h>

#include "dsp/level.h"

/* Phase advance per sample; 0 <= hz < 8000. */
static inline uint32_t aw_phase_step(float hz)
{
    return (uint32_t)((double)hz * (4294967296.0 / 8000.0) + 0.5);
}

/* sin(2 pi phase / 2^32), error under 6e-7 (-124 dB): fold to a quarter, odd polynomial of degree
 * 7 fitted at Chebyshev nodes.  No table, so it vectorises. */
static inline float aw_sine(uint32_t phase)
{
    int32_t turn = (int32_t)phase;                      /* -pi .. pi */
    int32_t mirror = turn >= 0 ? INT32_MAX : INT32_MIN; /* about +-pi/2 */
    int32_t quarter = (turn ^ (int32_t)((uint32_t)turn << 1)) < 0 ? mirror - turn : turn;
    float x = (float)quarter * 1.46291808e-9f; /* pi / 2^31 */
    float x2 = x * x;

    return x * (0.9999966f + x2 * (-0.16664824f + x2 * (0.0083062863f - x2 * 1.8362749e-4f)));
}
#endif
