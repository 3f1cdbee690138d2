/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "aw/tonegen.h"
#include "signal.h"
#include "starve.h"

static bool same(const int16_t *a, const int16_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (abs(a[i] - b[i]) > 1)
            return false;
    return true;
}

static aw_status test_a_pair_is_two_sines(void)
{
    aw_tone_spec dial = {1, 0, {{.hz = {350, 440}, .dbm0 = {-13, -10}}}};
    int16_t out[800], expected[800] = {0};
    aw_tonegen *g = NULL;
    aw_status err = aw_tonegen_new(&g, &dial);
    if (err)
        return err;
    signal_add(expected, 800, 0, 350, -13);
    signal_add(expected, 800, 0, 440, -10);
    for (size_t at = 0; at < 800; at += 100)
        CHECK(aw_tonegen_read(g, out + at, 100) == 100);
    CHECK(same(out, expected, 800));
    aw_tonegen_free(g);
    return AW_OK;
}

static aw_status test_cadence_is_exact_and_phase_runs_on(void)
{
    aw_tone_spec busy = {2, 0, {{5, 0, {480, 0}, {-10, 0}}, {7, 0, {0}, {0}}}};
    int16_t out[960], sine[960] = {0};
    aw_tonegen *g = NULL;
    aw_status err = aw_tonegen_new(&g, &busy);
    if (err)
        return err;
    CHECK(aw_tonegen_read(g, out, 960) == 960);
    signal_add(sine, 40, 0, 480, -10);
    CHECK(same(out, sine, 96)); /* 40 of tone, 56 of silence */
    CHECK(abs(out[97]) > 1000); /* the tone again, where its phase was */
    for (size_t i = 40; i < 96; i++)
        CHECK(out[96 * 3 + i] == 0);
    aw_tonegen_free(g);
    return AW_OK;
}

static aw_status test_a_finite_tone_ends(void)
{
    aw_tone_spec beep = {1, 1, {{10, 0, {440, 0}, {-13, 0}}}};
    int16_t out[100];
    aw_tonegen *g = NULL;
    aw_status err = aw_tonegen_new(&g, &beep);
    if (err)
        return err;
    memset(out, 1, sizeof out);
    CHECK(aw_tonegen_read(g, out, 100) == 80);
    CHECK(out[79] != 0 && out[80] == 0 && out[99] == 0);
    CHECK(aw_tonegen_read(g, out, 100) == 0);
    aw_tonegen_free(g);
    return AW_OK;
}

static aw_status test_modulation_keeps_the_level(void)
{
    static int16_t out[8000];
    aw_tone_spec ring = {1, 0, {{.modulated = 1, .hz = {400, 16}, .dbm0 = {-10, 0}}}};
    double power = 0;
    aw_tonegen *g = NULL;
    aw_status err = aw_tonegen_new(&g, &ring);
    if (err)
        return err;
    CHECK(aw_tonegen_read(g, out, 8000) == 8000);
    for (int i = 0; i < 8000; i++)
        power += (double)out[i] * out[i] / 8000;
    CHECK(fabs(10 * log10(2 * power) - 20 * log10(signal_peak(-10))) < 0.05);
    aw_tonegen_free(g);
    return AW_OK;
}

static aw_status test_bad_specs(void)
{
    const aw_tone_step ok = {100, 0, {440, 0}, {-10, 0}};
    const aw_tone_spec bad[] = {
        {0, 0, {ok}},
        {AW_TONE_STEPS + 1, 0, {ok}},
        {1, 2, {ok}},
        {1, 0, {{100, 0, {4000, 0}, {-10, 0}}}},
        {1, 0, {{100, 0, {440, NAN}, {-10, 0}}}},
        {1, 0, {{100, 0, {440, 0}, {4, 0}}}},
        {1, 0, {{100, 1, {440, 0}, {-10, 0}}}},
        {1, 0, {{3600001, 0, {440, 0}, {-10, 0}}}},
    };
    aw_tonegen *g = NULL;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(aw_tonegen_new(&g, &bad[i]) == AW_EINVAL);
    CHECK(aw_tonegen_new(&g, NULL) == AW_EINVAL && !g);
    return AW_OK;
}

static aw_status test_digits_are_pairs_and_pauses(void)
{
    int16_t out[2000], expected[320] = {0};
    aw_dtmf_sender *s = NULL;
    aw_status err = aw_dtmf_sender_new(&s, "5D", 40, 50, -8.0f, 2.0f);
    if (err)
        return err;
    CHECK(aw_dtmf_sender_read(s, out, 2000) == 2 * 90 * 8);
    signal_add(expected, 320, 0, 770, -9);
    signal_add(expected, 320, 0, 1336, -7);
    CHECK(same(out, expected, 320));
    for (size_t i = 320; i < 720; i++)
        CHECK(out[i] == 0);
    memset(expected, 0, sizeof expected);
    signal_add(expected, 320, 0, 941, -9);
    signal_add(expected, 320, 0, 1633, -7);
    CHECK(same(out + 720, expected, 320));
    CHECK(aw_dtmf_sender_read(s, out, 10) == 0);
    aw_dtmf_sender_free(s);
    return AW_OK;
}

static aw_status test_bad_digits(void)
{
    char many[AW_DTMF_SENDER_DIGITS + 2];
    aw_dtmf_sender *s = NULL;
    memset(many, '1', sizeof many - 1);
    many[sizeof many - 1] = 0;
    CHECK(aw_dtmf_sender_new(&s, "12E", 80, 80, -8.0f, 2.0f) == AW_EINVAL);
    CHECK(aw_dtmf_sender_new(&s, "", 80, 80, -8.0f, 2.0f) == AW_EINVAL);
    CHECK(aw_dtmf_sender_new(&s, many, 80, 80, -8.0f, 2.0f) == AW_EINVAL);
    CHECK(aw_dtmf_sender_new(&s, "1", 0, 80, -8.0f, 2.0f) == AW_EINVAL);
    CHECK(aw_dtmf_sender_new(&s, "1", 80, 10001, -8.0f, 2.0f) == AW_EINVAL);
    CHECK(aw_dtmf_sender_new(&s, "1", 80, 80, 4.0f, 0.0f) == AW_EINVAL);
    CHECK(aw_dtmf_sender_new(&s, "1", 80, 80, NAN, 0.0f) == AW_EINVAL && !s);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"a pair is two sines", test_a_pair_is_two_sines},
        {"cadence is exact and phase runs on", test_cadence_is_exact_and_phase_runs_on},
        {"a finite tone ends", test_a_finite_tone_ends},
        {"modulation keeps the level", test_modulation_keeps_the_level},
        {"bad specs", test_bad_specs},
        {"digits are pairs and pauses", test_digits_are_pairs_and_pauses},
        {"bad digits", test_bad_digits},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
