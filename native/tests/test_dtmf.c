/* SPDX-License-Identifier: MIT */
/* Whether the receiver is right at its limits is tested in tests/dsp/test_dtmf_accuracy.py. */
#include <string.h>

#include "aw/dtmf.h"
#include "signal.h"
#include "starve.h"

#define MS 8

static void pair(int16_t *pcm, size_t n, size_t start, double low, double high)
{
    signal_add(pcm, n, start, low, -10);
    signal_add(pcm, n, start, high, -10);
}

static aw_status test_a_digit_begins_and_ends(void)
{
    static int16_t pcm[300 * MS];
    aw_digit found[8];
    aw_dtmf *d = NULL;
    aw_status err = aw_dtmf_new(&d);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    pair(pcm + 100 * MS, 70 * MS, 0, 852, 1477);
    CHECK(aw_dtmf_feed(d, pcm, 300 * MS, found, 8) == 2);
    CHECK(found[0].key == '9' && found[0].on && found[0].duration_ms == 0);
    CHECK(fabs((double)found[0].dbm0 + 10) < 0.3);
    CHECK(found[1].key == '9' && !found[1].on && abs(found[1].duration_ms - 70) <= 3);
    aw_dtmf_free(d);
    return AW_OK;
}

static aw_status test_any_block_size_gives_the_same(void)
{
    static int16_t pcm[400 * MS];
    static const size_t sizes[] = {1, 7, 40, 80, 333};
    memset(pcm, 0, sizeof pcm);
    pair(pcm + 50 * MS, 60 * MS, 0, 697, 1209);
    pair(pcm + 110 * MS, 60 * MS, 0, 941, 1633); /* without a pause */
    for (size_t s = 0; s < 5; s++) {
        char keys[9] = {0};
        size_t count = 0;
        aw_dtmf *d = NULL;
        aw_status err = aw_dtmf_new(&d);
        if (err)
            return err;
        for (size_t at = 0; at < 400 * MS; at += sizes[s]) {
            size_t n = 400 * MS - at < sizes[s] ? 400 * MS - at : sizes[s];
            aw_digit found[4];
            size_t got = aw_dtmf_feed(d, pcm + at, n, found, 4);
            for (size_t i = 0; i < got && count < 8; i++)
                keys[count++] = found[i].on ? found[i].key : '-';
        }
        CHECK(strcmp(keys, "1-D-") == 0);
        aw_dtmf_free(d);
    }
    return AW_OK;
}

static aw_status test_a_short_break_is_bridged_and_a_long_one_is_not(void)
{
    static int16_t pcm[400 * MS];
    aw_digit found[8];
    aw_dtmf *d = NULL;
    aw_status err = aw_dtmf_new(&d);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    pair(pcm + 50 * MS, 120 * MS, 0, 697, 1336);
    memset(pcm + 90 * MS, 0, 10 * MS * sizeof *pcm);
    CHECK(aw_dtmf_feed(d, pcm, 400 * MS, found, 8) == 2);
    CHECK(abs(found[1].duration_ms - 120) <= 4);
    memset(pcm + 90 * MS, 0, 40 * MS * sizeof *pcm);
    CHECK(aw_dtmf_feed(d, pcm, 400 * MS, found, 8) == 4);
    aw_dtmf_free(d);
    return AW_OK;
}

static aw_status test_what_has_no_room_is_lost(void)
{
    static int16_t pcm[200 * MS];
    aw_digit found = {0};
    aw_dtmf *d = NULL;
    aw_status err = aw_dtmf_new(&d);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    pair(pcm, 100 * MS, 0, 697, 1209);
    CHECK(aw_dtmf_feed(d, pcm, 200 * MS, &found, 0) == 0);
    CHECK(aw_dtmf_feed(d, pcm, 200 * MS, &found, 1) == 1 && found.on);
    aw_dtmf_free(d);
    return AW_OK;
}

static aw_status test_extreme_samples(void)
{
    static int16_t pcm[1000 * MS];
    aw_digit found[128];
    uint32_t noise = 1;
    aw_dtmf *d = NULL;
    aw_status err = aw_dtmf_new(&d);
    if (err)
        return err;
    for (size_t i = 0; i < 1000 * MS; i++) {
        noise = noise * 1664525u + 1013904223u;
        pcm[i] = noise >> 31 ? INT16_MAX : INT16_MIN;
    }
    CHECK(aw_dtmf_feed(d, pcm, 1000 * MS, found, 128) == 0);
    CHECK(aw_dtmf_new(NULL) == AW_EINVAL);
    aw_dtmf_free(d);
    aw_dtmf_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"a digit begins and ends", test_a_digit_begins_and_ends},
        {"any block size gives the same", test_any_block_size_gives_the_same},
        {"breaks", test_a_short_break_is_bridged_and_a_long_one_is_not},
        {"what has no room is lost", test_what_has_no_room_is_lost},
        {"extreme samples", test_extreme_samples},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
