/* SPDX-License-Identifier: MIT */
/* Nanoseconds per sample and channel of what cleans and judges a port's sound, side by side.
 * Prints "name set ns" a line, the median of several passes; "gather" is the way into a group's
 * layout, which the others have behind them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_signal.h"
#include "aw/clean.h"
#include "aw/lanes.h"
#include "aw/vad.h"

enum { BLOCKS = 100, PASSES = 201, SAMPLES = BLOCKS * AW_LANES_BLOCK, BLOCK = AW_LANES_BLOCK };

static int16_t pcm[16][SAMPLES];
static _Alignas(64) float said[BLOCKS][BLOCK * 16], soa[BLOCK * 16];
static aw_dcblock_group *dc;
static aw_agc_group *agc;
static aw_limiter_group *limiter;
static aw_vad_group *vad;
static size_t events;

typedef void work(aw_simd set, size_t block);

static void gather(aw_simd set, size_t block)
{
    const int16_t *rows[16];

    for (size_t lane = 0; lane < 16; lane++)
        rows[lane] = pcm[lane] + block * BLOCK;
    aw_lanes_gather(set, rows, said[block], BLOCK);
}

/* Blocks work in place: each has its own copy, whose time is that of "copy". */
static void copy(aw_simd set, size_t block)
{
    (void)set;
    memcpy(soa, said[block], sizeof soa);
}

static void work_dc(aw_simd set, size_t block)
{
    copy(set, block);
    aw_dcblock_group_run(dc, soa);
}

static void work_agc(aw_simd set, size_t block)
{
    copy(set, block);
    aw_agc_group_run(agc, soa);
}

static void work_limiter(aw_simd set, size_t block)
{
    copy(set, block);
    aw_limiter_group_run(limiter, soa);
}

static void work_vad(aw_simd set, size_t block)
{
    (void)set;
    events += (size_t)aw_vad_group_feed(vad, said[block]);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(const char *name, aw_simd set, work *do_work)
{
    double ns[PASSES];

    for (int pass = 0; pass < PASSES; pass++) {
        struct timespec a, b;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        for (size_t block = 0; block < BLOCKS; block++)
            do_work(set, block);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        double took = (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
        ns[pass] = took / (SAMPLES * 16.0);
    }
    qsort(ns, PASSES, sizeof *ns, by_size);
    printf("%s %s %.4f\n", name, aw_simd_name(set), ns[PASSES / 2]);
}

static void open_all(aw_simd set)
{
    if (aw_dcblock_group_new(&dc, set) != AW_OK || aw_agc_group_new(&agc, set) != AW_OK ||
        aw_limiter_group_new(&limiter, set) != AW_OK || aw_vad_group_new(&vad, set) != AW_OK)
        exit(2);
    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_dcblock_group_open(dc, lane);
        (void)aw_agc_group_open(agc, lane, -18.0f, 12.0f);
        (void)aw_limiter_group_open(limiter, lane, -20.0f);
        (void)aw_vad_group_open(vad, lane);
    }
}

int main(void)
{
    for (size_t lane = 0; lane < 16; lane++)
        bench_signal(pcm[lane], SAMPLES, lane);
    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++) {
        if (!aw_simd_has(set) || set == AW_SIMD_FUSED)
            continue;
        open_all(set);
        measure("gather", set, gather);
        measure("copy", set, copy);
        measure("dcblock", set, work_dc);
        measure("agc", set, work_agc);
        measure("limiter", set, work_limiter);
        measure("vad", set, work_vad);
        aw_dcblock_group_free(dc);
        aw_agc_group_free(agc);
        aw_limiter_group_free(limiter);
        aw_vad_group_free(vad);
    }
    fprintf(stderr, "%zu frames\n", events);
    return 0;
}
