/* SPDX-License-Identifier: MIT */
/* Nanoseconds per sample and channel of the grouped MF receivers and detectors of special tones:
 * "busy" while all lanes send what is listened for, "idle" on lines where people talk.
 * Prints "name set ns" a line, the median of several passes. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench_signal.h"
#include "aw/lanes.h"
#include "aw/mf.h"
#include "aw/special.h"

enum { BLOCKS = 100, PASSES = 101, SAMPLES = BLOCKS * AW_LANES_BLOCK };

static int16_t signals[16][SAMPLES], answers[16][SAMPLES], talk[16][SAMPLES];
static aw_mf_group *mf;
static aw_special_group *special;
static aw_mf *single_mf;
static aw_special *single_special;
static size_t events;

typedef void work(aw_simd set, int16_t pcm[16][SAMPLES]);

static void gather(aw_simd set, int16_t pcm[16][SAMPLES], size_t block, float *soa)
{
    const int16_t *rows[16];

    for (size_t lane = 0; lane < 16; lane++)
        rows[lane] = pcm[lane] + block * AW_LANES_BLOCK;
    aw_lanes_gather(set, rows, soa, AW_LANES_BLOCK);
}

static void work_mf(aw_simd set, int16_t pcm[16][SAMPLES])
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];
    aw_lane_digit out[AW_LANES_DIGITS];

    for (size_t block = 0; block < BLOCKS; block++) {
        gather(set, pcm, block, soa);
        events += aw_mf_group_feed(mf, soa, out);
    }
}

static void work_special(aw_simd set, int16_t pcm[16][SAMPLES])
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];
    aw_lane_special out[AW_LANES_SPECIALS];

    for (size_t block = 0; block < BLOCKS; block++) {
        gather(set, pcm, block, soa);
        events += aw_special_group_feed(special, soa, out);
    }
}

static void work_single_mf(aw_simd set, int16_t pcm[16][SAMPLES])
{
    aw_digit out[4];

    (void)set;
    for (size_t lane = 0; lane < 16; lane++)
        for (size_t at = 0; at < SAMPLES; at += AW_LANES_BLOCK)
            events += aw_mf_feed(single_mf, pcm[lane] + at, AW_LANES_BLOCK, out, 4);
}

static void work_single_special(aw_simd set, int16_t pcm[16][SAMPLES])
{
    uint32_t out[4];

    (void)set;
    for (size_t lane = 0; lane < 16; lane++)
        for (size_t at = 0; at < SAMPLES; at += AW_LANES_BLOCK)
            events += aw_special_feed(single_special, pcm[lane] + at, AW_LANES_BLOCK, out, 4);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(const char *name, aw_simd set, work *do_work, int16_t pcm[16][SAMPLES])
{
    double ns[PASSES];

    for (int pass = 0; pass < PASSES; pass++) {
        struct timespec a, b;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        do_work(set, pcm);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        double took = (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
        ns[pass] = took / (SAMPLES * 16.0);
    }
    qsort(ns, PASSES, sizeof *ns, by_size);
    printf("%s %s %.4f\n", name, aw_simd_name(set), ns[PASSES / 2]);
}

/* Signals of R1 all the time, no lane with another; answer tones with reversals; speech's like. */
static void make_signals(void)
{
    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_mf_sender *s = NULL;
        if (aw_mf_sender_new(&s, AW_MF_R1, "1234567890*#", 68 + lane, 68, -10.0f) != AW_OK)
            exit(2);
        (void)aw_mf_sender_read(s, signals[lane], SAMPLES);
        aw_mf_sender_free(s);
        for (size_t i = 0; i < SAMPLES; i++) {
            double sign = (i + lane * 300) / 3600 % 2 ? -1 : 1;
            answers[lane][i] =
                (int16_t)lrint(4000 * sign * sin(6.283185307179586 * 2100 * (double)i / 8000));
        }
        bench_signal(talk[lane], SAMPLES, 5 + lane % 3 + lane / 3 * 8);
    }
}

static void measure_groups(aw_simd set)
{
    if (aw_mf_group_new(&mf, AW_MF_R1, set) != AW_OK ||
        aw_special_group_new(&special, set) != AW_OK)
        exit(2);
    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_mf_group_open(mf, lane);
        (void)aw_special_group_open(special, lane);
    }
    measure("mf_busy", set, work_mf, signals);
    measure("mf_idle", set, work_mf, talk);
    measure("special_busy", set, work_special, answers);
    measure("special_idle", set, work_special, talk);
    aw_mf_group_free(mf);
    aw_special_group_free(special);
}

int main(void)
{
    make_signals();
    if (aw_mf_new(&single_mf, AW_MF_R1) != AW_OK || aw_special_new(&single_special) != AW_OK)
        return 2;
    measure("mf_single", AW_SIMD_SCALAR, work_single_mf, signals);
    measure("special_single", AW_SIMD_SCALAR, work_single_special, answers);
    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++)
        if (aw_simd_has(set) && set != AW_SIMD_FUSED)
            measure_groups(set);
    fprintf(stderr, "%zu events\n", events);
    return events == 0;
}
