/* SPDX-License-Identifier: MIT */
/* The same work by spandsp, as its users do it: one channel after the other, 20 ms at a time.
 * Prints "name ns" a line: nanoseconds per sample and channel, the median of several passes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <spandsp.h>

#include "bench_signal.h"

enum { CHANNELS = 128, BLOCK = 160, BLOCKS = 25, PASSES = 15 };

static int16_t pcm[BLOCKS][CHANNELS][BLOCK];
static uint8_t coded[BLOCKS][CHANNELS][BLOCK];
static dtmf_rx_state_t *dtmf[CHANNELS];
static super_tone_rx_state_t *progress[CHANNELS];
static int16_t told[BLOCKS][CHANNELS][BLOCK];
static uint8_t echoed[BLOCKS][CHANNELS][BLOCK];
static echo_can_state_t *echo[CHANNELS];
static g711_state_t *ulaw;
static int sum;

/* Debian's echo_can_update() prints while it adapts.  Its users have to do something about that,
 * as it would be ten times slower; here its printf does nothing. */
int __printf_chk(int flag, const char *format, ...);

int __printf_chk(int flag, const char *format, ...)
{
    (void)flag, (void)format;
    return 0;
}

int puts(const char *text)
{
    (void)text;
    return 0;
}

typedef void work(size_t channel, size_t block);

static void work_dtmf(size_t c, size_t b)
{
    char digits[32];

    dtmf_rx(dtmf[c], pcm[b][c], BLOCK);
    sum += (int)dtmf_rx_get(dtmf[c], digits, sizeof digits - 1);
}

static void work_no_ec(size_t c, size_t b)
{
    int16_t linear[BLOCK];
    uint8_t sent[BLOCK];
    char digits[32];

    g711_decode(ulaw, linear, coded[b][c], BLOCK);
    dtmf_rx(dtmf[c], linear, BLOCK);
    sum += (int)dtmf_rx_get(dtmf[c], digits, sizeof digits - 1);
    super_tone_rx(progress[c], linear, BLOCK);
    g711_encode(ulaw, sent, linear, BLOCK);
    sum += sent[0];
}

/* The canceller of 16 ms takes a sample at a time. */
static void work_all_on(size_t c, size_t b)
{
    int16_t linear[BLOCK];
    uint8_t sent[BLOCK];
    char digits[32];

    g711_decode(ulaw, linear, echoed[b][c], BLOCK);
    for (size_t i = 0; i < BLOCK; i++)
        linear[i] = echo_can_update(echo[c], told[b][c][i], linear[i]);
    dtmf_rx(dtmf[c], linear, BLOCK);
    sum += (int)dtmf_rx_get(dtmf[c], digits, sizeof digits - 1);
    super_tone_rx(progress[c], linear, BLOCK);
    g711_encode(ulaw, sent, linear, BLOCK);
    sum += sent[0];
}

static void work_codec(size_t c, size_t b)
{
    int16_t linear[BLOCK];
    uint8_t sent[BLOCK];

    g711_decode(ulaw, linear, coded[b][c], BLOCK);
    g711_encode(ulaw, sent, linear, BLOCK);
    sum += sent[0];
}

static void heard(void *user, int code, int level, int delay)
{
    (void)user, (void)level, (void)delay;
    sum += code;
}

static void add(super_tone_rx_descriptor_t *d, int first, int second, int on, int off)
{
    int tone = super_tone_rx_add_tone(d);

    super_tone_rx_add_element(d, tone, first, second, on * 9 / 10, off ? on * 11 / 10 : 0);
    if (off)
        super_tone_rx_add_element(d, tone, 0, 0, off * 9 / 10, off * 11 / 10);
}

static super_tone_rx_descriptor_t *north_america(void)
{
    super_tone_rx_descriptor_t *d = super_tone_rx_make_descriptor(NULL);

    add(d, 350, 440, 300, 0);
    add(d, 440, 480, 2000, 4000);
    add(d, 480, 620, 500, 500);
    add(d, 480, 620, 250, 250);
    add(d, 914, 0, 250, 0);
    add(d, 1371, 0, 250, 0);
    add(d, 1777, 0, 250, 0);
    return d;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(const char *name, work *do_work)
{
    double ns[PASSES];

    for (int pass = 0; pass < PASSES; pass++) {
        struct timespec a, b;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        for (size_t block = 0; block < BLOCKS; block++)
            for (size_t c = 0; c < CHANNELS; c++)
                do_work(c, block);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        double took = (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
        ns[pass] = took / ((double)BLOCKS * BLOCK * CHANNELS);
    }
    qsort(ns, PASSES, sizeof *ns, by_size);
    fprintf(stdout, "%s %.4f\n", name, ns[PASSES / 2]);
}

int main(void)
{
    super_tone_rx_descriptor_t *plan = north_america();

    ulaw = g711_init(NULL, G711_ULAW);
    for (size_t c = 0; c < CHANNELS; c++) {
        static int16_t row[BLOCKS * BLOCK];
        bench_signal(row, BLOCKS * BLOCK, c);
        for (size_t b = 0; b < BLOCKS; b++) {
            memcpy(pcm[b][c], row + b * BLOCK, sizeof pcm[b][c]);
            g711_encode(ulaw, coded[b][c], pcm[b][c], BLOCK);
        }
        dtmf[c] = dtmf_rx_init(NULL, NULL, NULL);
        progress[c] = super_tone_rx_init(NULL, plan, heard, NULL);
        echo[c] = echo_can_init(128, ECHO_CAN_USE_ADAPTION | ECHO_CAN_USE_NLP | ECHO_CAN_USE_CNG);
        static int16_t line[BLOCKS * BLOCK];
        bench_echo(row, line, BLOCKS * BLOCK, c);
        for (size_t b = 0; b < BLOCKS; b++) {
            memcpy(told[b][c], row + b * BLOCK, sizeof told[b][c]);
            g711_encode(ulaw, echoed[b][c], line + b * BLOCK, BLOCK);
        }
    }
    measure("dtmf", work_dtmf);
    measure("codec", work_codec);
    measure("no_ec", work_no_ec);
    measure("all_on", work_all_on);
    return sum == 0;
}
