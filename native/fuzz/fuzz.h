/* SPDX-License-Identifier: MIT */
/* What a fuzzer is made of: seeded dice, values that tend to hurt, and the loop over its inputs. */
#ifndef AW_FUZZ_H
#define AW_FUZZ_H
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t fuzz_state; /* xorshift64* */
static uint64_t fuzz_input; /* the number of the input at hand */

static inline uint32_t dice(uint32_t sides)
{
    fuzz_state ^= fuzz_state >> 12;
    fuzz_state ^= fuzz_state << 25;
    fuzz_state ^= fuzz_state >> 27;
    return (uint32_t)((fuzz_state * 2685821657736338717u) >> 32) % sides;
}

static inline uint32_t wild_word(void)
{
    static const uint32_t words[] = {0,      1,       2,          3,          7,         8,
                                     9,      64,      65,         255,        0x7fff,    0xffff,
                                     0x8000, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff};

    return dice(4) == 0 ? dice(UINT32_MAX) : words[dice(sizeof words / sizeof *words)];
}

static inline float wild_float(void)
{
    static const float floats[] = {0.0f,  -0.0f,  1.0f,   -1.0f,      0.5f,     32.0f,    32.001f,
                                   1e38f, -1e38f, 1e-40f, (float)NAN, INFINITY, -INFINITY};
    uint32_t word = dice(UINT32_MAX);
    float any;

    memcpy(&any, &word, sizeof any);
    return dice(4) == 0 ? any : floats[dice(sizeof floats / sizeof *floats)];
}

static inline void fail(const char *what)
{
    printf("FAILED at input %" PRIu64 ": %s\n", fuzz_input, what);
    exit(1);
}

/* A buffer of exactly n bytes, so that the sanitizer sees a step behind it. */
static inline void *exactly(size_t n)
{
    void *bytes = malloc(n ? n : 1);

    if (!bytes)
        exit(2);
    return bytes;
}

/* FUZZER INPUTS [SECONDS [SEED]]: ends at INPUTS, or after SECONDS when above 0. */
static inline void fuzz(int argc, char **argv, void (*one_input)(void))
{
    uint64_t inputs = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    time_t end = time(NULL) + seconds;

    fuzz_state = argc > 3 ? strtoull(argv[3], NULL, 10) | 1 : 1998;
    while (fuzz_input < inputs) {
        one_input();
        if (++fuzz_input % 1024 == 0 && seconds > 0 && time(NULL) >= end)
            break;
    }
}
#endif
