/* SPDX-License-Identifier: MIT */
/* Limits and noise are in tests/dsp/test_mf.py. */
#include <string.h>

#include "aw/mf.h"
#include "signal.h"
#include "starve.h"

#define MS 8

static const char *const ALL[3] = {"*1234567890ABC#", "1234567890BCDEF", "1234567890BCDEF"};

static aw_status test_what_is_sent_is_heard(void)
{
    for (int standard = 0; standard < 3; standard++) {
        aw_mf *m = NULL;
        aw_mf_sender *s = NULL;
        char heard[32] = "";
        size_t on = 0, off = 0;
        aw_status err = aw_mf_new(&m, (aw_mf_standard)standard);
        if (!err)
            err = aw_mf_sender_new(&s, (aw_mf_standard)standard, ALL[standard], 68, 68, -8);
        for (size_t i = 0; !err && i < 16 * 160 * MS / 37; i++) {
            int16_t pcm[37];
            aw_digit found[4];
            (void)aw_mf_sender_read(s, pcm, 37);
            size_t n = aw_mf_feed(m, pcm, 37, found, 4);
            for (size_t k = 0; k < n; k++) {
                CHECK(fabs((double)found[k].dbm0 + 8) < 0.5);
                off += !found[k].on;
                if (found[k].on)
                    heard[on++] = found[k].key;
            }
        }
        CHECK(err || (strcmp(heard, ALL[standard]) == 0 && off == on));
        aw_mf_free(m);
        aw_mf_sender_free(s);
        if (err)
            return err;
    }
    return AW_OK;
}

static aw_status test_one_or_three_tones_are_no_signal(void)
{
    static int16_t pcm[2][200 * MS];
    aw_digit found[4];
    aw_mf *m = NULL;
    aw_status err = aw_mf_new(&m, AW_MF_R1);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    signal_add(pcm[0], 200 * MS, 0, 700, -10);
    signal_add(pcm[1], 200 * MS, 0, 700, -10);
    signal_add(pcm[1], 200 * MS, 0, 1100, -10);
    signal_add(pcm[1], 200 * MS, 0, 1500, -10);
    CHECK(aw_mf_feed(m, pcm[0], 200 * MS, found, 4) == 0);
    CHECK(aw_mf_feed(m, pcm[1], 200 * MS, found, 4) == 0);
    aw_mf_free(m);
    return AW_OK;
}

static aw_status test_a_compelled_signal_sounds_until_closed(void)
{
    int16_t pcm[400];
    aw_mf_sender *s = NULL;
    aw_status err = aw_mf_sender_new(&s, AW_MF_R2_BACKWARD, "1", 0, 0, -8);
    if (err)
        return err;
    for (int i = 0; i < 1000; i++)
        CHECK(aw_mf_sender_read(s, pcm, 400) == 400);
    aw_mf_sender_free(s);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_mf *m = NULL;
    aw_mf_sender *s = NULL;
    CHECK(aw_mf_new(&m, (aw_mf_standard)3) == AW_EINVAL && !m);
    CHECK(aw_mf_sender_new(&s, AW_MF_R1, "1F", 60, 60, -8) == AW_EINVAL);
    CHECK(aw_mf_sender_new(&s, AW_MF_R2_FORWARD, "*", 60, 60, -8) == AW_EINVAL);
    CHECK(aw_mf_sender_new(&s, AW_MF_R1, "", 60, 60, -8) == AW_EINVAL);
    CHECK(aw_mf_sender_new(&s, AW_MF_R1, "1", 10001, 60, -8) == AW_EINVAL);
    CHECK(aw_mf_sender_new(&s, AW_MF_R1, "1", 60, 60, (float)NAN) == AW_EINVAL && !s);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"what is sent is heard", test_what_is_sent_is_heard},
        {"one or three tones are no signal", test_one_or_three_tones_are_no_signal},
        {"a compelled signal sounds until closed", test_a_compelled_signal_sounds_until_closed},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
