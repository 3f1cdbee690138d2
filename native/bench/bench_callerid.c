/* SPDX-License-Identifier: MIT */
/* Nanoseconds per sample and channel of the grouped caller-ID receivers and of the CAS receiver.
 * Prints "name set ns" a line, the median of several passes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aw/callerid.h"
#include "aw/cas.h"
#include "aw/lanes.h"

enum { BLOCKS = 100, PASSES = 101, SAMPLES = BLOCKS * AW_LANES_BLOCK };

static int16_t busy[16][SAMPLES], idle[16][SAMPLES];
static aw_fsk_group *group;
static aw_cas *cas;
static aw_fsk_receiver *single;
static size_t events;

typedef void work(aw_simd set, int16_t pcm[16][SAMPLES]);

static void work_group(aw_simd set, int16_t pcm[16][SAMPLES])
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];
    const int16_t *rows[16];

    for (size_t block = 0; block < BLOCKS; block++) {
        for (size_t lane = 0; lane < 16; lane++)
            rows[lane] = pcm[lane] + block * AW_LANES_BLOCK;
        aw_lanes_gather(set, rows, soa, AW_LANES_BLOCK);
        events += aw_fsk_group_feed(group, soa);
    }
}

static void work_single(aw_simd set, int16_t pcm[16][SAMPLES])
{
    (void)set;
    for (size_t lane = 0; lane < 16; lane++)
        for (size_t block = 0; block < BLOCKS; block++)
            events +=
                aw_fsk_receiver_feed(single, pcm[lane] + block * AW_LANES_BLOCK, AW_LANES_BLOCK);
}

static void work_cas(aw_simd set, int16_t pcm[16][SAMPLES])
{
    (void)set;
    for (size_t lane = 0; lane < 16; lane++)
        for (size_t block = 0; block < BLOCKS; block++)
            events += aw_cas_feed(cas, pcm[lane] + block * AW_LANES_BLOCK, AW_LANES_BLOCK);
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

static void make_signals(void)
{
    uint8_t message[64] = {0x80, 61};

    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_fsk_sender *s = NULL;
        if (aw_fsk_sender_new(&s, message, sizeof message, AW_FSK_BELL202, -18.0f) != AW_OK)
            exit(2);
        aw_fsk_sender_preamble(s, 60 + lane, 80);
        (void)aw_fsk_sender_read(s, busy[lane], SAMPLES);
        aw_fsk_sender_free(s);
        for (size_t i = 0; i < SAMPLES; i++)
            idle[lane][i] = (int16_t)(i * 7 % 5);
    }
}

int main(void)
{
    make_signals();
    if (aw_cas_new(&cas) != AW_OK || aw_fsk_receiver_new(&single, AW_FSK_BELL202) != AW_OK)
        return 2;
    measure("single", AW_SIMD_SCALAR, work_single, busy);
    measure("cas", AW_SIMD_SCALAR, work_cas, busy);
    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++) {
        if (!aw_simd_has(set) || set == AW_SIMD_FUSED)
            continue;
        if (aw_fsk_group_new(&group, AW_FSK_BELL202, set) != AW_OK)
            return 2;
        for (uint32_t lane = 0; lane < 16; lane++)
            aw_fsk_group_open(group, lane);
        measure("busy", set, work_group, busy);
        measure("idle", set, work_group, idle);
        aw_fsk_group_free(group);
    }
    fprintf(stderr, "%zu events\n", events);
    return 0;
}
