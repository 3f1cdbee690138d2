/* SPDX-License-Identifier: MIT */
/* What channels say in benchmarks, ours and the peers': a mixture as in use. */
#ifndef AW_BENCH_SIGNAL_H
#define AW_BENCH_SIGNAL_H
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* Three channels in eight send digits (50 ms on, 50 off), one reorder tone, one dial tone, three a
 * murmur like speech: noise through a resonance that wanders, with pauses. */
static inline double bench_digit(size_t i, size_t channel)
{
    static const double low[4] = {697, 770, 852, 941}, high[4] = {1209, 1336, 1477, 1633};
    size_t place = (i + channel * 53) % 800, key = (i / 800 + channel) * 7;
    double t = 6.283185307179586 * (double)i / 8000;

    return place < 400 ? 4000 * sin(t * low[key & 3]) + 4500 * sin(t * high[key >> 2 & 3]) : 0;
}

static inline double bench_tone(size_t i, int reorder)
{
    double t = 6.283185307179586 * (double)i / 8000;

    if (reorder)
        return i / 2000 % 2 ? 0 : 1500 * (sin(t * 480) + sin(t * 620));
    return 1500 * (sin(t * 350) + sin(t * 440));
}

static inline void bench_signal(int16_t *pcm, size_t n, size_t channel)
{
    uint32_t seed = (uint32_t)channel * 2654435761u + 1;
    double a = 0, b = 0;

    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        double noise = (double)(int32_t)seed / 2147483648.0, x = 0;
        double hz = 300 + 250 * sin((double)(i + channel * 997) / 1300);
        a += 6.283185307179586 * hz / 8000;
        b += 0.3 * (noise - b);
        if (channel % 8 < 3)
            x = bench_digit(i, channel);
        else if (channel % 8 < 5)
            x = bench_tone(i, channel % 8 == 3);
        else if ((i + channel * 500) / 2400 % 4)
            x = 2500 * sin(a) + 1200 * sin(2.6 * a) + 1500 * b;
        pcm[i] = (int16_t)lrint(x + 8 * noise);
    }
}

/* Far ends speak in turns with their lines: what the line says (in `row`) is kept where the far
 * end is still.  Puts the far end into row and the line's words with its echo into line: 12 dB
 * below it, spread over 3 ms, 2 ms late. */
static inline void bench_echo(int16_t *row, int16_t *line, size_t n, size_t channel)
{
    uint32_t seed = (uint32_t)channel * 747796405u + 1;
    double path[24], power = 0;

    for (size_t k = 0; k < 24; k++) {
        seed = seed * 1664525u + 1013904223u;
        path[k] = (double)(int32_t)seed / 2147483648.0 * exp(-(double)k / 6);
        power += path[k] * path[k];
    }
    for (size_t i = 0; i < n; i++) { /* by turns of 250 ms */
        line[i] = i % 4000 < 2000 ? 0 : row[i];
        seed = seed * 1664525u + 1013904223u;
        double noise = (double)(int32_t)seed / 2147483648.0;
        double loud = fabs(sin(6.283185307179586 * (double)(i % 2000) / 2000));
        row[i] = (int16_t)(i % 4000 < 2000 ? lrint(5000 * noise * loud) : 0);
    }
    for (size_t i = n; i-- > 0;) {
        double echo = 0;
        for (size_t k = 0; k < 24 && k + 16 <= i; k++)
            echo += path[k] * row[i - 16 - k];
        line[i] = (int16_t)lrint(line[i] + 0.25 * echo / sqrt(power));
    }
}
#endif
