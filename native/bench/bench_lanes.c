/* SPDX-License-Identifier: MIT */
/* Nanoseconds per sample and channel of the grouped blocks, one core, every instruction set.
 * Prints "name set ns" a line, the median of several passes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_signal.h"
#include "aw/echo.h"
#include "dsp/lanes.h"

enum {
    GROUPS = 8,   /* 128 channels: what they say stays in the second cache, as in a tick */
    BLOCKS = 100, /* of 5 ms: half a second over and over */
    PASSES = 201,
    SAMPLES = BLOCKS * AW_LANES_BLOCK
};

/* North America: dial tone, ringing, busy, reorder, and the three tones of SIT. */
static const aw_progress_plan BENCH_PLAN = {
    7,
    {{1, {350, 440}, 0.025f, 0, {0}, 300, 0},
     {2, {440, 480}, 0.025f, 2, {2000, 4000}, 0, 2},
     {3, {480, 620}, 0.025f, 2, {500, 500}, 0, 3},
     {4, {480, 620}, 0.025f, 2, {250, 250}, 0, 3},
     {5, {914, 0}, 0.025f, 0, {0}, 250, 0},
     {6, {1371, 0}, 0.025f, 0, {0}, 250, 0},
     {7, {1777, 0}, 0.025f, 0, {0}, 250, 0}},
};

/* One group and all that it works with. */
struct channels {
    aw_dtmf_group *dtmf;
    aw_progress_group *progress;
    aw_meter_group *meter;
    aw_echo_group *echo; /* 20 ms */
};

/* As on the bus: the channels of a tick lie together. */
static int16_t pcm[BLOCKS][GROUPS * 16][AW_LANES_BLOCK];
static uint8_t coded[BLOCKS][GROUPS * 16][AW_LANES_BLOCK];
static uint8_t sent[GROUPS * 16][AW_LANES_BLOCK];
/* What is said to the channels' lines, and what they say with its echo. */
static int16_t told[BLOCKS][GROUPS * 16][AW_LANES_BLOCK];
static uint8_t echoed[BLOCKS][GROUPS * 16][AW_LANES_BLOCK];
static struct channels group[GROUPS];
static size_t events;
static const char *wanted; /* NULL: all */

typedef void work(aw_simd set, size_t g, size_t block);

static void gather(aw_simd set, size_t g, size_t block, float *soa)
{
    const int16_t *rows[16];

    for (size_t i = 0; i < 16; i++)
        rows[i] = pcm[block][g * 16 + i];
    aw_lanes_gather(set, rows, soa, AW_LANES_BLOCK);
}

static void work_dtmf(aw_simd set, size_t g, size_t block)
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];
    aw_lane_digit digits[AW_LANES_DIGITS];

    gather(set, g, block, soa);
    events += aw_dtmf_group_feed(group[g].dtmf, soa, digits);
}

static void work_progress(aw_simd set, size_t g, size_t block)
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];
    aw_lane_tone tones[AW_LANES_TONES];

    gather(set, g, block, soa);
    events += aw_progress_group_feed(group[g].progress, soa, tones);
}

static void work_meter(aw_simd set, size_t g, size_t block)
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];

    gather(set, g, block, soa);
    aw_meter_group_feed(group[g].meter, soa);
}

static void decode(aw_simd set, size_t g, size_t block, float *soa)
{
    const uint8_t *rows[16];

    for (size_t i = 0; i < 16; i++)
        rows[i] = coded[block][g * 16 + i];
    aw_lanes_decode(set, AW_LAW_ULAW, rows, soa, AW_LANES_BLOCK);
}

static void encode(aw_simd set, size_t g, const float *soa)
{
    uint8_t *rows[16];

    for (size_t i = 0; i < 16; i++)
        rows[i] = sent[g * 16 + i];
    aw_lanes_encode(set, AW_LAW_ULAW, soa, rows, AW_LANES_BLOCK);
}

static void work_codec(aw_simd set, size_t g, size_t block)
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];

    decode(set, g, block, soa);
    encode(set, g, soa);
}

static void work_no_ec(aw_simd set, size_t g, size_t block)
{
    _Alignas(64) float soa[AW_LANES_BLOCK * 16];
    aw_lane_digit digits[AW_LANES_DIGITS];
    aw_lane_tone tones[AW_LANES_TONES];

    decode(set, g, block, soa);
    events += aw_dtmf_group_feed(group[g].dtmf, soa, digits);
    events += aw_progress_group_feed(group[g].progress, soa, tones);
    encode(set, g, soa);
}

/* Everything a line needs, with the far end's echo taken out before anybody listens. */
static void work_all_on(aw_simd set, size_t g, size_t block)
{
    _Alignas(64) float near[AW_LANES_BLOCK * 16], far[AW_LANES_BLOCK * 16];
    const uint8_t *rows[16];
    const int16_t *fars[16];
    aw_lane_digit digits[AW_LANES_DIGITS];
    aw_lane_tone tones[AW_LANES_TONES];

    for (size_t i = 0; i < 16; i++) {
        rows[i] = echoed[block][g * 16 + i];
        fars[i] = told[block][g * 16 + i];
    }
    aw_lanes_decode(set, AW_LAW_ULAW, rows, near, AW_LANES_BLOCK);
    aw_lanes_gather(set, fars, far, AW_LANES_BLOCK);
    aw_echo_process(group[g].echo, far, near, near);
    events += aw_dtmf_group_feed(group[g].dtmf, near, digits);
    events += aw_progress_group_feed(group[g].progress, near, tones);
    encode(set, g, near);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(const char *name, aw_simd set, work *do_work)
{
    double ns[PASSES];

    if (wanted && strcmp(wanted, name) != 0)
        return;
    for (int pass = 0; pass < PASSES; pass++) {
        struct timespec a, b;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        for (size_t block = 0; block < BLOCKS; block++)
            for (size_t g = 0; g < GROUPS; g++)
                do_work(set, g, block);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        double took = (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
        ns[pass] = took / ((double)SAMPLES * GROUPS * 16);
    }
    qsort(ns, PASSES, sizeof *ns, by_size);
    printf("%s %s %.4f\n", name, aw_simd_name(set), ns[PASSES / 2]);
}

static void open_all(aw_simd set)
{
    for (size_t g = 0; g < GROUPS; g++) {
        if (aw_dtmf_group_new(&group[g].dtmf, set) != AW_OK ||
            aw_progress_group_new(&group[g].progress, &BENCH_PLAN, set) != AW_OK ||
            aw_meter_group_new(&group[g].meter, set) != AW_OK ||
            aw_echo_group_new_with(&group[g].echo, 20, 0, set) != AW_OK)
            exit(2);
        for (uint32_t lane = 0; lane < 16; lane++) {
            aw_dtmf_group_open(group[g].dtmf, lane);
            aw_progress_group_open(group[g].progress, lane);
            aw_echo_open(group[g].echo, lane, 20, AW_ECHO_NLP | AW_ECHO_DISABLER);
        }
    }
}

static void free_all(void)
{
    for (size_t g = 0; g < GROUPS; g++) {
        aw_dtmf_group_free(group[g].dtmf);
        aw_progress_group_free(group[g].progress);
        aw_meter_group_free(group[g].meter);
        aw_echo_group_free(group[g].echo);
    }
}

/* How many cancellers have settled on their path, in percent. */
static double settled(void)
{
    double share = 0;

    for (size_t g = 0; g < GROUPS; g++)
        for (uint32_t lane = 0; lane < 16; lane++) {
            aw_echo_view view;
            aw_echo_look(group[g].echo, lane, &view);
            share += view.converged;
        }
    return 100 * share / (GROUPS * 16);
}

/* bench_lanes [NAME [SET]] */
int main(int argc, char **argv)
{
    wanted = argc > 1 ? argv[1] : NULL;
    for (size_t c = 0; c < GROUPS * 16; c++) {
        static int16_t row[SAMPLES];
        bench_signal(row, SAMPLES, c);
        for (size_t b = 0; b < BLOCKS; b++) {
            memcpy(pcm[b][c], row + b * AW_LANES_BLOCK, sizeof pcm[b][c]);
            lanes_kernel_scalar.encode_row(AW_LAW_ULAW, pcm[b][c], coded[b][c], AW_LANES_BLOCK);
        }
        static int16_t line[SAMPLES];
        bench_echo(row, line, SAMPLES, c);
        for (size_t b = 0; b < BLOCKS; b++) {
            memcpy(told[b][c], row + b * AW_LANES_BLOCK, sizeof told[b][c]);
            lanes_kernel_scalar.encode_row(AW_LAW_ULAW, line + b * AW_LANES_BLOCK, echoed[b][c],
                                           AW_LANES_BLOCK);
        }
    }
    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++) {
        if (!aw_simd_has(set) || set == AW_SIMD_FUSED ||
            (argc > 2 && strcmp(argv[2], aw_simd_name(set)) != 0))
            continue;
        open_all(set);
        measure("dtmf", set, work_dtmf);
        measure("progress", set, work_progress);
        measure("meter", set, work_meter);
        measure("codec", set, work_codec);
        measure("no_ec", set, work_no_ec);
        measure("all_on", set, work_all_on);
        if (!wanted || strcmp(wanted, "all_on") == 0)
            fprintf(stderr, "%s: %.0f %% of the cancellers have settled\n", aw_simd_name(set),
                    settled());
        free_all();
    }
    fprintf(stderr, "%zu events\n", events);
    return events == 0;
}
