/* SPDX-License-Identifier: MIT */
/* Levels: what a sample value means in dBm0. */
#ifndef AW_SRC_DSP_LEVEL_H
#define AW_SRC_DSP_LEVEL_H
#include <math.h>
#include <stdint.h>

#define AW_RATE_HZ      8000.0f
#define AW_TWO_PI       6.2831853f
#define AW_SAMPLES_MS   8u           /* samples in a millisecond */
#define AW_SILENCE_DBM0 -99.0f       /* the lowest level that is told */
#define AW_PEAK_0DBM0   22827.0576f  /* 32768 * 10^(-3.14 / 20): G.711 A-law clips at +3.14 dBm0 */
#define AW_POWER_0DBM0  2.6053728e8f /* mean square of that sine: AW_PEAK_0DBM0^2 / 2 */

/* Amplitude (peak of a sine) of a level. */
static inline float aw_peak_of(float dbm0)
{
    return AW_PEAK_0DBM0 * powf(10.0f, dbm0 / 20.0f);
}

/* Nearest sample; halves away from zero.  Not lrintf(), which is a call and does not vectorise. */
static inline int16_t aw_clip16(float v)
{
    float inside = v > 32767.0f ? 32767.0f : v < -32768.0f ? -32768.0f : v;

    return (int16_t)(int32_t)(inside + (inside < 0.0f ? -0.5f : 0.5f));
}
#endif
