/* SPDX-License-Identifier: MIT */
/* Goertzel's filter on one channel, as the detectors of tones share it.  Real-time safe. */
#ifndef AW_SRC_DSP_GOERTZEL_H
#define AW_SRC_DSP_GOERTZEL_H
#include <stddef.h>
#include <stdint.h>

/* Run n samples through a filter: coef is twice the cosine of its frequency. */
static inline void aw_goertzel(float coef, float *q1, float *q2, const int16_t *pcm, size_t n)
{
    float a = *q1, b = *q2;

    for (size_t i = 0; i < n; i++) {
        float q0 = ((float)pcm[i] - b) + coef * a; /* in this order: lanes add so too */
        b = a;
        a = q0;
    }
    *q1 = a;
    *q2 = b;
}

/* Energy of n samples upon what there was. */
static inline float aw_energy(float energy, const int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++)
        energy += (float)pcm[i] * (float)pcm[i];
    return energy;
}
#endif
