/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "aw/agc.h"
#include "aw/vad.h"
#include "signal.h"
#include "starve.h"

static uint32_t seed = 1;

static int16_t draw(int peak)
{
    seed = seed * 1664525u + 1013904223u;
    return (int16_t)((int)(seed >> 16) % (2 * peak + 1) - peak);
}

static double level_dbm0(const int16_t *pcm, size_t n)
{
    double sum = 1e-9;
    for (size_t i = 0; i < n; i++)
        sum += (double)pcm[i] * pcm[i];
    return 10 * log10(2 * sum / (double)n) - 20 * log10(signal_peak(0));
}

static aw_status test_direct_current_goes_and_speech_stays(void)
{
    static int16_t pcm[8000];
    aw_dcblock *d = NULL;
    aw_status err = aw_dcblock_new(&d);
    if (err)
        return err;
    for (int i = 0; i < 8000; i++)
        pcm[i] = 3000;
    aw_dcblock_run(d, pcm, 8000);
    CHECK(abs(pcm[0]) == 3000 && pcm[7999] == 0);
    for (int i = 0; i < 8000; i++)
        pcm[i] = 0;
    signal_add(pcm, 8000, 0, 300, -10);
    aw_dcblock_run(d, pcm, 8000);
    CHECK(fabs(level_dbm0(pcm + 800, 7200) + 10) < 0.1);
    aw_dcblock_free(d);
    return AW_OK;
}

static aw_status test_no_peak_passes_the_limiter(void)
{
    const int ceiling = (int)signal_peak(-6);
    aw_limiter *l = NULL;
    aw_status err = aw_limiter_new(&l, -6);
    if (err)
        return err;
    for (int round = 0; round < 400; round++) {
        int16_t pcm[97];
        size_t n = (size_t)(draw(48) + 48);
        int peak = round % 5 ? 32767 : 100;
        for (size_t i = 0; i < n; i++)
            pcm[i] = round % 7 ? draw(peak) : (int16_t)-32768;
        aw_limiter_run(l, pcm, n);
        for (size_t i = 0; i < n; i++)
            CHECK(abs(pcm[i]) <= ceiling);
    }
    aw_limiter_free(l);
    return AW_OK;
}

static aw_status test_the_limiter_leaves_the_rest_alone(void)
{
    static int16_t said[4000];
    static int16_t pcm[4000];
    aw_limiter *l = NULL;
    aw_status err = aw_limiter_new(&l, 0);
    if (err)
        return err;
    memset(said, 0, sizeof said);
    signal_add(said, 4000, 0, 700, -1);
    memcpy(pcm, said, sizeof pcm);
    for (size_t at = 0; at < 4000; at += 125)
        aw_limiter_run(l, pcm + at, 125);
    CHECK(memcmp(pcm + AW_LIMITER_DELAY, said, sizeof said - AW_LIMITER_DELAY * 2) == 0);
    aw_limiter_free(l);
    return AW_OK;
}

/* Syllables of 300 ms with pauses of 200 ms over a faint noise. */
static void talk(int16_t *pcm, size_t n, double dbm0)
{
    memset(pcm, 0, n * sizeof *pcm);
    for (size_t at = 0; at + 4000 <= n; at += 4000)
        signal_add(pcm + at, 2400, at, 300, dbm0);
    for (size_t i = 0; i < n; i++)
        pcm[i] = (int16_t)(pcm[i] + draw(8));
}

static aw_status test_gain_brings_speech_to_its_level_and_waits_in_pauses(void)
{
    static const double levels[] = {-30, -10};
    for (int i = 0; i < 2; i++) {
        static int16_t pcm[80000];
        static int16_t pause[40000];
        aw_agc *a = NULL;
        aw_status err = aw_agc_new(&a, -20, 15);
        if (err)
            return err;
        talk(pcm, 80000, levels[i]);
        aw_agc_run(a, pcm, 80000);
        CHECK(fabs(level_dbm0(pcm + 76000, 2400) + 20) < 2);
        float before = aw_agc_gain_db(a);
        for (int k = 0; k < 40000; k++)
            pause[k] = draw(8);
        aw_agc_run(a, pause, 40000);
        CHECK(fabsf(aw_agc_gain_db(a) - before) < 0.3f);
        aw_agc_free(a);
    }
    return AW_OK;
}

static aw_status test_voice_begins_and_ends(void)
{
    static int16_t pcm[16000];
    aw_vad *v = NULL;
    aw_status err = aw_vad_new(&v);
    if (err)
        return err;
    for (int i = 0; i < 16000; i++)
        pcm[i] = draw(60);
    CHECK(!aw_vad_feed(v, pcm, 16000));
    CHECK(aw_vad_silence_ms(v) == 2000 && aw_vad_voice_ms(v) == 0);
    CHECK(fabs((double)aw_vad_noise_dbm0(v) - level_dbm0(pcm, 16000)) < 1.5);
    for (int h = 1; h < 8; h++)
        signal_add(pcm, 2400, 0, 150.0 * h, -25);
    CHECK(aw_vad_feed(v, pcm, 2400));
    CHECK(aw_vad_greeting(v) == AW_GREETING_UNKNOWN);
    CHECK(!aw_vad_feed(v, pcm + 2400, 8000));
    CHECK(aw_vad_silence_ms(v) >= 700 && aw_vad_silence_ms(v) <= 800);
    CHECK(aw_vad_greeting(v) == AW_GREETING_PERSON);
    aw_vad_free(v);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_limiter *l = NULL;
    aw_agc *a = NULL;
    CHECK(aw_dcblock_new(NULL) == AW_EINVAL);
    CHECK(aw_limiter_new(NULL, 0) == AW_EINVAL);
    CHECK(aw_limiter_new(&l, 3.2f) == AW_EINVAL && aw_limiter_new(&l, NAN) == AW_EINVAL);
    CHECK(aw_agc_new(NULL, -20, 10) == AW_EINVAL);
    CHECK(aw_agc_new(&a, 1, 10) == AW_EINVAL && aw_agc_new(&a, -20, 31) == AW_EINVAL);
    CHECK(aw_vad_new(NULL) == AW_EINVAL);
    CHECK(l == NULL && a == NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"direct current goes and speech stays", test_direct_current_goes_and_speech_stays},
        {"no peak passes the limiter", test_no_peak_passes_the_limiter},
        {"the limiter leaves the rest alone", test_the_limiter_leaves_the_rest_alone},
        {"gain brings speech to its level",
         test_gain_brings_speech_to_its_level_and_waits_in_pauses},
        {"voice begins and ends", test_voice_begins_and_ends},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
