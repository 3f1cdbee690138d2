/* SPDX-License-Identifier: MIT */
/* Test signals in double precision, independent of the engine's own generators. */
#ifndef AW_TESTS_SIGNAL_H
#define AW_TESTS_SIGNAL_H
#include <math.h>
#include <stdint.h>
#include <stddef.h>

#define SIGNAL_PI 3.14159265358979323846

/* Peak of a sine of a level: full scale less 3.14 dB is 0 dBm0. */
static inline double signal_peak(double dbm0)
{
    return 32768.0 * pow(10.0, (dbm0 - 3.14) / 20.0);
}

/* Add a sine to n samples; time runs on from `start`. */
static inline void signal_add(int16_t *pcm, size_t n, size_t start, double hz, double dbm0)
{
    for (size_t i = 0; i < n; i++) {
        double turn = 2 * SIGNAL_PI * hz * (double)(start + i) / 8000.0;
        double v = (double)pcm[i] + signal_peak(dbm0) * sin(turn);
        pcm[i] = (int16_t)lrint(fmax(-32768.0, fmin(32767.0, v)));
    }
}
#endif
