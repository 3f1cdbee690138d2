/* SPDX-License-Identifier: MIT */
#include "aw/line.h"

#include <math.h>
#include <string.h>

#include "../src/mem.h"
#include "check.h"

#define N 40

static const aw_line_settings perfect = {0.0F, 0.0F, -200.0F, AW_CODEC_LINEAR};
static const unsigned talking = AW_LINE_TO_FAR | AW_LINE_TO_BOARD | AW_LINE_HYBRID;

static double rms(const int16_t *pcm, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (double)pcm[i] * pcm[i];
    return sqrt(sum / (double)n);
}

static aw_status test_a_perfect_line_is_bit_exact(void)
{
    int16_t sent[2 * N], said[2 * N], received[2 * N], heard[2 * N];
    aw_lines *l = NULL;
    aw_status err = aw_lines_new(&l, 2, 1);
    if (err)
        return err;
    for (int i = 0; i < 2 * N; i++) {
        sent[i] = (int16_t)(i * 811 - 32000);
        said[i] = (int16_t)(32000 - i * 799);
    }
    sent[3] = INT16_MIN;
    said[4] = INT16_MAX;
    CHECK(aw_lines_path(l, 0, AW_LINE_TO_FAR | AW_LINE_TO_BOARD) == AW_OK);
    CHECK(aw_lines_run(l, sent, said, received, heard, N, 100) == 1);
    CHECK(memcmp(heard, sent, N * sizeof *sent) == 0);
    CHECK(memcmp(received, said, N * sizeof *said) == 0);
    for (int i = N; i < 2 * N; i++) /* port 1 is open */
        CHECK(received[i] == 0 && heard[i] == 0);
    aw_lines_free(l);
    return AW_OK;
}

static aw_status test_an_impulse_comes_back_as_the_echo_filter(void)
{
    static const float echo[] = {0.0F, 0.25F, -0.125F, 0.0F, 0.5F};
    int16_t sent[N] = {0}, said[N] = {0}, received[N], heard[N];
    aw_lines *l = NULL;
    aw_status err = aw_lines_new(&l, 1, 1);
    if (err)
        return err;
    CHECK(aw_lines_set(l, 0, &perfect, echo, 5) == AW_OK);
    CHECK(aw_lines_path(l, 0, talking) == AW_OK);
    sent[N - 3] = 1000; /* so that the answer crosses the border of two blocks */
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(received[N - 3] == 0 && received[N - 2] == 250 && received[N - 1] == -125);
    sent[N - 3] = 0;
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(received[0] == 0 && received[1] == 500 && received[2] == 0);
    aw_lines_free(l);
    return AW_OK;
}

static aw_status test_an_open_far_end_reflects_half(void)
{
    int16_t sent[N] = {0}, said[N] = {0}, received[N], heard[N];
    aw_lines *l = NULL;
    aw_status err = aw_lines_new(&l, 1, 1);
    if (err)
        return err;
    CHECK(aw_lines_path(l, 0, AW_LINE_TO_FAR | AW_LINE_REFLECT) == AW_OK);
    sent[7] = 2000;
    said[9] = 2000; /* an on-hook telephone says nothing */
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(heard[7] == 2000 && received[7] == 1000 && received[9] == 0);
    aw_lines_free(l);
    return AW_OK;
}

static aw_status test_loss_and_clipping(void)
{
    const aw_line_settings lossy = {-6.0206F, 6.0206F, -200.0F, AW_CODEC_LINEAR};
    int16_t sent[N] = {0}, said[N] = {0}, received[N], heard[N];
    aw_lines *l = NULL;
    aw_status err = aw_lines_new(&l, 1, 1);
    if (err)
        return err;
    CHECK(aw_lines_set(l, 0, &lossy, NULL, 0) == AW_OK);
    CHECK(aw_lines_path(l, 0, talking) == AW_OK);
    sent[0] = 1000;
    said[0] = 1000;
    said[1] = 30000;
    said[2] = -30000;
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(heard[0] == 500 && received[0] == 2000);
    CHECK(received[1] == 32767 && received[2] == -32768);
    aw_lines_free(l);
    return AW_OK;
}

/* Values of G.711: decision and output values by hand from the tables, in 16 bits. */
static aw_status test_the_codec_quantises(void)
{
    static const int16_t in[] = {0, 3, 4, -5, 1000, -1000, 32767, -32768};
    static const int16_t ulaw[] = {0, 0, 8, -8, 988, -988, 32124, -32124};
    static const int16_t alaw[] = {8, 8, 8, -8, 1008, -1008, 32256, -32256};
    aw_line_settings settings = perfect;
    int16_t said[8] = {0}, received[8], heard[8];
    aw_lines *l = NULL;
    aw_status err = aw_lines_new(&l, 1, 1);
    if (err)
        return err;
    CHECK(aw_lines_path(l, 0, talking) == AW_OK);
    settings.codec = AW_CODEC_ULAW;
    CHECK(aw_lines_set(l, 0, &settings, NULL, 0) == AW_OK);
    (void)aw_lines_run(l, in, said, received, heard, 8, 100);
    CHECK(memcmp(heard, ulaw, sizeof ulaw) == 0);
    (void)aw_lines_run(l, said, in, received, heard, 8, 100);
    CHECK(memcmp(received, ulaw, sizeof ulaw) == 0);
    settings.codec = AW_CODEC_ALAW;
    CHECK(aw_lines_set(l, 0, &settings, NULL, 0) == AW_OK);
    (void)aw_lines_run(l, in, said, received, heard, 8, 100);
    CHECK(memcmp(heard, alaw, sizeof alaw) == 0);
    aw_lines_free(l);
    return AW_OK;
}

static aw_status test_noise_has_its_level_and_its_seed(void)
{
    static int16_t zero[8000], first[8000], second[8000], heard[8000];
    const aw_line_settings noisy = {0.0F, 0.0F, -40.0F, AW_CODEC_LINEAR};
    for (unsigned seed = 0; seed < 3; seed++) {
        aw_lines *l = NULL;
        aw_status err = aw_lines_new(&l, 1, seed / 2);
        if (err)
            return err;
        CHECK(aw_lines_set(l, 0, &noisy, NULL, 0) == AW_OK);
        CHECK(aw_lines_path(l, 0, talking) == AW_OK);
        (void)aw_lines_run(l, zero, zero, seed == 1 ? second : first, heard, 8000, 100);
        aw_lines_free(l);
        /* -40 dBm0: 32768 / sqrt 2 * 10^(-43.14 / 20) = 161.4 */
        CHECK(fabs(rms(seed == 1 ? second : first, 8000) - 161.4) < 4.0);
        CHECK(fabs(rms(heard, 8000) - 161.4) < 4.0);
        if (seed == 1)
            CHECK(memcmp(first, second, sizeof first) == 0);
    }
    CHECK(memcmp(first, second, sizeof first) != 0);
    return AW_OK;
}

static aw_status test_the_cable_shapes_both_ways_and_hum_repeats(void)
{
    static const float cable[] = {0.5F, 0.25F};
    static const float period[] = {10.0F, 0.0F, -10.0F};
    int16_t sent[N] = {0}, said[N] = {0}, received[N], heard[N];
    aw_lines *l = NULL;
    aw_status err = aw_lines_new(&l, 1, 1);
    if (err)
        return err;
    CHECK(aw_lines_cable(l, 0, cable, 2) == AW_OK);
    CHECK(aw_lines_path(l, 0, talking) == AW_OK);
    sent[N - 1] = 1000; /* across the border of two blocks */
    said[N - 1] = -400;
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(heard[N - 1] == 500 && received[N - 1] == -200);
    sent[N - 1] = said[N - 1] = 0;
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(heard[0] == 250 && received[0] == -100 && heard[1] == 0);
    CHECK(aw_lines_hum(l, 0, period, 3) == AW_OK);
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(heard[0] == 10 && received[1] == 0 && heard[N - 1] == 10); /* 39 = 13 periods */
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(heard[0] == 0 && received[1] == -10);
    CHECK(aw_lines_hum(l, 0, NULL, 0) == AW_OK);
    (void)aw_lines_run(l, sent, said, received, heard, N, 100);
    CHECK(heard[0] == 0 && heard[1] == 0 && received[2] == 0);
    aw_lines_free(l);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_line_settings bad = perfect;
    float echo[1] = {0.0F};
    aw_lines *l = NULL;
    CHECK(aw_lines_new(NULL, 1, 0) == AW_EINVAL);
    CHECK(aw_lines_new(&l, 0, 0) == AW_EINVAL);
    CHECK(aw_lines_new(&l, AW_LINES_MAX + 1, 0) == AW_EINVAL);
    CHECK(l == NULL);
    aw_status err = aw_lines_new(&l, 2, 0);
    if (err)
        return err;
    CHECK(aw_lines_set(l, 2, &perfect, NULL, 0) == AW_EINVAL);
    CHECK(aw_lines_set(l, 0, NULL, NULL, 0) == AW_EINVAL);
    CHECK(aw_lines_set(l, 0, &perfect, NULL, 1) == AW_EINVAL);
    CHECK(aw_lines_set(l, 0, &perfect, echo, AW_LINE_ECHO_TAPS + 1) == AW_EINVAL);
    bad.to_far_db = 13.0F;
    CHECK(aw_lines_set(l, 0, &bad, NULL, 0) == AW_EINVAL);
    bad = perfect;
    bad.to_board_db = NAN;
    CHECK(aw_lines_set(l, 0, &bad, NULL, 0) == AW_EINVAL);
    bad = perfect;
    bad.codec = 3;
    CHECK(aw_lines_set(l, 0, &bad, NULL, 0) == AW_EINVAL);
    CHECK(aw_lines_cable(l, 2, NULL, 0) == AW_EINVAL);
    CHECK(aw_lines_cable(l, 0, NULL, 1) == AW_EINVAL);
    CHECK(aw_lines_cable(l, 0, echo, AW_LINE_CABLE_TAPS + 1) == AW_EINVAL);
    CHECK(aw_lines_hum(l, 2, NULL, 0) == AW_EINVAL);
    CHECK(aw_lines_hum(l, 0, NULL, 1) == AW_EINVAL);
    CHECK(aw_lines_hum(l, 0, echo, AW_LINE_HUM_MAX + 1) == AW_EINVAL);
    CHECK(aw_lines_path(l, 0, 16) == AW_EINVAL);
    CHECK(aw_lines_path(l, 2, 0) == AW_EINVAL);
    aw_lines_free(l);
    aw_lines_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const struct {
        const char *name;
        aw_status (*fn)(void);
    } tests[] = {
        {"a perfect line is bit-exact", test_a_perfect_line_is_bit_exact},
        {"an impulse comes back as the echo filter", test_an_impulse_comes_back_as_the_echo_filter},
        {"an open far end reflects half", test_an_open_far_end_reflects_half},
        {"loss and clipping", test_loss_and_clipping},
        {"the codec quantises", test_the_codec_quantises},
        {"noise has its level and its seed", test_noise_has_its_level_and_its_seed},
        {"the cable shapes both ways and hum repeats",
         test_the_cable_shapes_both_ways_and_hum_repeats},
        {"bad arguments", test_bad_arguments},
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        CHECK(tests[i].fn() == AW_OK);
        int n = 0; /* the same test, starved of memory */
        for (aw_status err = AW_ENOMEM; err; n++) {
            aw_test_fail_alloc_after(n);
            err = tests[i].fn();
            CHECK(err == AW_OK || err == AW_ENOMEM);
        }
        aw_test_fail_alloc_after(-1);
        printf("ok %s (%d allocations starved)\n", tests[i].name, n - 1);
    }
    return 0;
}
