/* SPDX-License-Identifier: MIT */
/* All countries, noise and tolerances are in tests/dsp/test_progress.py. */
#include <string.h>

#include "aw/progress.h"
#include "signal.h"
#include "starve.h"

#define MS 8

enum { DIAL = 3, BUSY = 5, REORDER = 9 };

static const aw_progress_plan PLAN = {
    3,
    {{DIAL, {350, 440}, 0.025f, 0, {0}, 300, 0},
     {BUSY, {480, 620}, 0.025f, 2, {500, 500}, 0, 3},
     {REORDER, {480, 620}, 0.025f, 2, {250, 250}, 0, 3}},
};

static void pair(int16_t *pcm, size_t n, double low, double high)
{
    signal_add(pcm, n, 0, low, -20);
    signal_add(pcm, n, 0, high, -20);
}

static aw_status test_dial_tone_begins_and_ends(void)
{
    static int16_t pcm[1000 * MS];
    aw_progress_event found[4];
    aw_progress *p = NULL;
    aw_status err = aw_progress_new(&p, &PLAN);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    pair(pcm + 100 * MS, 500 * MS, 350, 440);
    CHECK(aw_progress_feed(p, pcm, 390 * MS, found, 4) == 0);
    CHECK(aw_progress_feed(p, pcm + 390 * MS, 50 * MS, found, 4) == 1);
    CHECK(found[0].id == DIAL && found[0].on);
    CHECK(aw_progress_feed(p, pcm + 440 * MS, 560 * MS, found, 4) == 1);
    CHECK(found[0].id == DIAL && !found[0].on);
    aw_progress_free(p);
    return AW_OK;
}

static aw_status test_busy_is_not_reorder(void)
{
    static int16_t pcm[10000 * MS];
    aw_progress_event found[16];
    aw_progress *p = NULL;
    aw_status err = aw_progress_new(&p, &PLAN);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    for (size_t i = 0; i < 4; i++) {
        pair(pcm + (100 + 1000 * i) * MS, 500 * MS, 480, 620);
        pair(pcm + (5000 + 500 * i) * MS, 250 * MS, 480, 620);
    }
    size_t count = 0;
    for (size_t at = 0; at < 10000 * MS; at += 40)
        count += aw_progress_feed(p, pcm + at, 40, found + count, 16 - count);
    CHECK(count == 4);
    CHECK(found[0].id == BUSY && found[0].on && found[1].id == BUSY && !found[1].on);
    CHECK(found[2].id == REORDER && found[2].on && found[3].id == REORDER && !found[3].on);
    aw_progress_free(p);
    return AW_OK;
}

static aw_status test_bad_plans(void)
{
    const aw_progress_template ok = PLAN.templates[1];
    aw_progress_template bad[7];
    for (size_t i = 0; i < 7; i++)
        bad[i] = ok;
    bad[0].hz[0] = NAN;
    bad[1].hz[1] = 490;
    bad[2].tolerance = 0.06f;
    bad[3].steps = 3;
    bad[4].step_ms[1] = 30;
    bad[5].confirm_steps = 13;
    bad[6].steps = AW_PROGRESS_STEPS + 2;
    aw_progress *p = NULL;
    for (size_t i = 0; i < 7; i++) {
        aw_progress_plan plan = {1, {bad[i]}};
        aw_status err = aw_progress_new(&p, &plan);
        if (err == AW_ENOMEM)
            return err;
        CHECK(err == AW_EINVAL && !p);
    }
    aw_progress_plan many = {AW_PROGRESS_TEMPLATES + 1, {ok}};
    aw_status err = aw_progress_new(&p, &many);
    if (err == AW_ENOMEM)
        return err;
    CHECK(err == AW_EINVAL);
    aw_progress_plan full = {AW_PROGRESS_TEMPLATES, {ok}};
    for (uint32_t i = 0; i < AW_PROGRESS_TEMPLATES; i++) { /* 32 frequencies; 16 are allowed */
        full.templates[i] = ok;
        full.templates[i].hz[0] = 300 + 7 * (float)i;
        full.templates[i].hz[1] = 1000 + 7 * (float)i;
    }
    err = aw_progress_new(&p, &full);
    if (err == AW_ENOMEM)
        return err;
    CHECK(err == AW_EINVAL && !p);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"dial tone begins and ends", test_dial_tone_begins_and_ends},
        {"busy is not reorder", test_busy_is_not_reorder},
        {"bad plans", test_bad_plans},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
