/* SPDX-License-Identifier: MIT */
/* All countries' tones, noise and levels are in tests/dsp/test_learn.py. */
#include <stdbool.h>
#include <string.h>

#include "aw/learn.h"
#include "signal.h"
#include "starve.h"

#define MS   8
#define MOST 16

static bool is_tone(const aw_segment *s, double low, double high, double dbm0)
{
    return s->kind == AW_SEGMENT_TONE && fabs((double)s->hz[0] - low) <= 0.005 * low &&
           fabs((double)s->hz[1] - high) <= 0.005 * high && fabs((double)s->dbm0 - dbm0) < 0.5;
}

static bool lasted(const aw_segment *s, uint32_t ms)
{
    return s->duration_ms + 20 >= ms && s->duration_ms <= ms + 20;
}

static aw_status test_bursts_and_pauses_are_measured(void)
{
    static int16_t pcm[3000 * MS];
    aw_segment s[MOST];
    size_t count = 0;
    aw_learn *l = NULL;
    aw_status err = aw_learn_new(&l);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    signal_add(pcm + 500 * MS, 400 * MS, 0, 413, -20);
    signal_add(pcm + 500 * MS, 400 * MS, 0, 438, -20);
    signal_add(pcm + 1100 * MS, 100 * MS, 0, 425, -30);
    signal_add(pcm + 1700 * MS, 800 * MS, 0, 950, -10);
    for (size_t at = 0; at < 3000 * MS; at += 40)
        count += aw_learn_feed(l, pcm + at, 40, s + count, MOST - count);
    CHECK(count == 6);
    CHECK(s[0].kind == AW_SEGMENT_SILENCE && s[2].kind == s[0].kind && s[4].kind == s[0].kind);
    CHECK(is_tone(&s[1], 413, 438, -17) && lasted(&s[1], 400) && lasted(&s[2], 200));
    CHECK(is_tone(&s[3], 425, 0, -30) && lasted(&s[3], 100) && lasted(&s[4], 500));
    CHECK(is_tone(&s[5], 950, 0, -10) && lasted(&s[5], 800) && s[5].ended);
    aw_learn_free(l);
    return AW_OK;
}

static aw_status test_a_change_without_a_pause_is_seen_and_what_goes_on_told(void)
{
    static int16_t pcm[5000 * MS];
    aw_segment s[MOST];
    aw_learn *l = NULL;
    aw_status err = aw_learn_new(&l);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    signal_add(pcm, 1600 * MS, 0, 350, -20);
    signal_add(pcm + 1600 * MS, 3400 * MS, 0, 480, -20);
    size_t count = aw_learn_feed(l, pcm, 5000 * MS, s, MOST);
    CHECK(count == 3 && s[0].kind == AW_SEGMENT_OTHER); /* was it before? */
    CHECK(is_tone(&s[1], 350, 0, -20) && s[1].ended);
    CHECK(s[1].duration_ms <= 1600 && s[1].duration_ms + 400 >= 1600);
    CHECK(is_tone(&s[2], 480, 0, -20) && !s[2].ended);
    CHECK(s[2].duration_ms == 3000);
    aw_learn_free(l);
    return AW_OK;
}

static aw_status test_three_tones_are_none_and_room_is_respected(void)
{
    static int16_t pcm[1000 * MS];
    aw_segment s[2] = {{.duration_ms = 7}, {.duration_ms = 7}};
    aw_learn *l = NULL;
    aw_status err = aw_learn_new(&l);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    for (int i = 0; i < 4; i++)
        signal_add(pcm + 100 * MS, 500 * MS, 0, 400 + 110 * i, -20);
    CHECK(aw_learn_feed(l, pcm, 1000 * MS, s, 1) == 1);
    CHECK(s[0].kind == AW_SEGMENT_SILENCE && s[1].duration_ms == 7);
    CHECK(aw_learn_feed(l, pcm, 1000 * MS, s, 2) == 2);
    CHECK(s[1].kind == AW_SEGMENT_OTHER && s[1].hz[0] == 0.0f);
    aw_learn_free(l);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"bursts and pauses are measured", test_bursts_and_pauses_are_measured},
        {"a change without a pause is seen, and what goes on told",
         test_a_change_without_a_pause_is_seen_and_what_goes_on_told},
        {"more than two tones are none, and room is respected",
         test_three_tones_are_none_and_room_is_respected},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
