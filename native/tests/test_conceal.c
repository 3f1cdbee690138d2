/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aw/comfort.h"
#include "dsp/conceal.h"
#include "signal.h"
#include "starve.h"

static double level(const int16_t *pcm, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)pcm[i] * pcm[i];
    return sqrt(sum / (double)n);
}

/* A voice of 120 Hz: harmonics that a pitch period repeats exactly. */
static void voice(int16_t *pcm, size_t n, size_t start)
{
    memset(pcm, 0, n * sizeof *pcm);
    for (int h = 1; h <= 10; h++)
        signal_add(pcm, n, start, 125.0 * h, -20.0 - h);
}

static aw_status test_a_voice_goes_on_through_a_gap(void)
{
    int16_t said[160];
    int16_t heard[160];
    aw_conceal *c = NULL;
    aw_status err = aw_conceal_new(&c);
    if (err)
        return err;
    for (size_t frame = 0; frame < 10; frame++) {
        voice(said, 160, frame * 160);
        int16_t before[160];
        memcpy(before, said, sizeof said);
        aw_conceal_good(c, said, 160);
        CHECK(memcmp(before, said, sizeof said) == 0); /* without loss nothing is touched */
    }
    aw_conceal_lost(c, heard, 160);
    CHECK(aw_conceal_length(c) == 160);
    voice(said, 160, 10 * 160);
    for (size_t i = 0; i < 160; i++)
        heard[i] = (int16_t)(heard[i] - said[i]);
    CHECK(level(heard, 80) < 0.05 * level(said, 80)); /* before the fade begins */
    CHECK(level(heard, 160) < 0.2 * level(said, 160));
    aw_conceal_free(c);
    return AW_OK;
}

static aw_status test_a_long_gap_fades_to_silence(void)
{
    static const size_t frames[] = {40, 80, 160, 1, 500};
    for (size_t f = 0; f < sizeof frames / sizeof *frames; f++) {
        int16_t pcm[500];
        aw_conceal *c = NULL;
        aw_status err = aw_conceal_new(&c);
        if (err)
            return err;
        for (size_t i = 0; i < 8; i++) {
            voice(pcm, 160, i * 160);
            aw_conceal_good(c, pcm, 160);
        }
        for (size_t done = 0; done < 500; done += frames[f])
            aw_conceal_lost(c, pcm, frames[f]);
        aw_conceal_lost(c, pcm, 40);
        CHECK(level(pcm, 40) == 0);
        aw_conceal_good(c, pcm, 0);
        aw_conceal_reset(c);
        aw_conceal_lost(c, pcm, 160); /* nothing heard: nothing to go on */
        CHECK(level(pcm, 160) == 0);
        aw_conceal_free(c);
    }
    return AW_OK;
}

static int steepest(const int16_t *pcm, size_t n)
{
    int most = 0;

    for (size_t i = 1; i < n; i++)
        most = abs(pcm[i] - pcm[i - 1]) > most ? abs(pcm[i] - pcm[i - 1]) : most;
    return most;
}

/* Three ticks wait for their turn; then the voice goes on as it does at once. */
static aw_status test_a_voice_that_waits_for_its_turn_has_no_step(void)
{
    int16_t pcm[400 + 4 * 40 + 40];
    struct aw_conceal c;
    uint32_t begins = 0;

    aw_conceal_init(&c);
    voice(pcm, 400, 0);
    int before = steepest(pcm, 400);
    aw_conceal_good(&c, pcm, 400);
    for (size_t at = 400; at < 520; at += 40)
        aw_conceal_lost_within(&c, pcm + at, 40, &begins);
    CHECK(!c.begun && begins == 0 && aw_conceal_length(&c) == 120);
    for (size_t i = 0; i < 80; i++)
        CHECK(pcm[400 + i] == pcm[399 - i]); /* backwards, and not faded yet */
    begins = 2;
    aw_conceal_lost_within(&c, pcm + 520, 40, &begins);
    CHECK(c.begun && begins == 1);
    voice(pcm + 560, 40, 560);
    aw_conceal_good(&c, pcm + 560, 40);
    CHECK(!c.begun && steepest(pcm, 600) < 2 * before);
    CHECK(level(pcm + 400, 120) > 0.8 * level(pcm, 400));
    return AW_OK;
}

/* Whatever the lengths, and how often it may begin: nothing outside, and it ends in silence. */
static aw_status test_a_voice_that_never_has_its_turn_fades(void)
{
    for (size_t n = 1; n <= 170; n += 13) {
        int16_t pcm[400];
        uint32_t never = 0;
        struct aw_conceal c;
        aw_conceal_init(&c);
        voice(pcm, 400, 0);
        aw_conceal_good(&c, pcm, 400);
        for (size_t done = 0; done < 480 + n; done += n) {
            aw_conceal_lost_within(&c, pcm, n, &never);
            CHECK(level(pcm, n) < 32768);
            if (done % 5 == 4) {
                aw_conceal_good(&c, pcm, n);
                done = 481;
            }
        }
        for (size_t done = 0; done < 600; done += n)
            aw_conceal_lost_within(&c, pcm, n, &never);
        CHECK(level(pcm, n) == 0 && never == 0);
    }
    return AW_OK;
}

/* The worst inputs for the predictor: full-scale squares, impulses, one sample, alternation. */
static aw_status test_any_history_stays_tame(void)
{
    aw_conceal *c = NULL;
    aw_status err = aw_conceal_new(&c);
    if (err)
        return err;
    for (int kind = 0; kind < 5; kind++) {
        int16_t pcm[400];
        for (int i = 0; i < 400; i++) {
            int16_t square = (int16_t)(i / 20 % 2 ? -32768 : 32767);
            int16_t alternating = (int16_t)(i % 2 ? -32768 : 32767);
            int16_t forms[] = {square, alternating, 32767, (int16_t)(i == 399 ? -32768 : 0),
                               (int16_t)(i * 7919)};
            pcm[i] = forms[kind];
        }
        aw_conceal_good(c, pcm, 400);
        double before = level(pcm, 400);
        aw_conceal_lost(c, pcm, 400);
        CHECK(level(pcm, 400) <= 1.5 * before + 1);
        aw_conceal_good(c, pcm, 7);
    }
    aw_conceal_free(c);
    return AW_OK;
}

static aw_status test_comfort_noise_has_the_level_and_colour_asked_for(void)
{
    static int16_t pcm[16000];
    aw_comfort *c = NULL;
    aw_status err = aw_comfort_new(&c, 7);
    if (err)
        return err;
    aw_comfort_noise dull = {-50.0f, 2, {0.8f, -0.3f}};
    aw_comfort_set(c, &dull);
    aw_comfort_read(c, pcm, 4000); /* slides there */
    aw_comfort_read(c, pcm, 16000);
    CHECK(fabs(20 * log10(level(pcm, 16000) / 32768) + 50) < 0.5);
    aw_comfort_noise measured = aw_comfort_measure(pcm, 480);
    CHECK(fabsf(measured.reflection[0] - 0.8f) < 0.1f);
    CHECK(fabsf(measured.reflection[1] + 0.3f) < 0.2f);
    aw_comfort_free(c);
    return AW_OK;
}

static aw_status test_comfort_payloads(void)
{
    aw_comfort_noise noise = {-40.4f, 3, {0.5f, -0.25f, 0.99f}};
    aw_comfort_noise again;
    uint8_t payload[AW_COMFORT_BYTES];
    CHECK(aw_comfort_format(&noise, payload, 3) == 0);
    CHECK(aw_comfort_format(&noise, payload, sizeof payload) == 4);
    CHECK(payload[0] == 40 && payload[1] == 127 - 64); /* RFC 3389 3.2; its k > 0 is shrill */
    CHECK(aw_comfort_parse(payload, 4, &again) == AW_OK);
    CHECK(again.order == 3 && fabsf(again.reflection[1] + 0.25f) < 0.005f);
    CHECK(aw_comfort_parse(payload, 0, &again) == AW_EINVAL);
    uint8_t any[32];
    memset(any, 255, sizeof any);
    aw_comfort *c = NULL;
    aw_status err = aw_comfort_new(&c, 1);
    if (err)
        return err;
    int16_t pcm[800];
    CHECK(aw_comfort_parse(any, sizeof any, &again) == AW_OK && again.order == AW_COMFORT_ORDER);
    again.dbov = NAN;
    again.reflection[0] = INFINITY;
    aw_comfort_set(c, &again);
    aw_comfort_read(c, pcm, 800);
    aw_comfort_free(c);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    CHECK(aw_conceal_new(NULL) == AW_EINVAL);
    CHECK(aw_comfort_new(NULL, 1) == AW_EINVAL);
    aw_conceal_free(NULL);
    aw_comfort_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"a voice goes on through a gap", test_a_voice_goes_on_through_a_gap},
        {"a long gap fades to silence", test_a_long_gap_fades_to_silence},
        {"a voice that waits for its turn has no step",
         test_a_voice_that_waits_for_its_turn_has_no_step},
        {"a voice that never has its turn fades", test_a_voice_that_never_has_its_turn_fades},
        {"any history stays tame", test_any_history_stays_tame},
        {"comfort noise level and colour", test_comfort_noise_has_the_level_and_colour_asked_for},
        {"comfort noise payloads", test_comfort_payloads},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
