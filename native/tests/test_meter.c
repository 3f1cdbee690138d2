/* SPDX-License-Identifier: MIT */
#include "aw/meter.h"
#include "signal.h"
#include "starve.h"

static aw_status test_level_of_a_sine(void)
{
    static const double levels[] = {3.0, 0.0, -20.0, -50.0};
    aw_meter *m = NULL;
    aw_status err = aw_meter_new(&m);
    if (err)
        return err;
    for (int i = 0; i < 4; i++) {
        int16_t pcm[4000] = {0};
        signal_add(pcm, 4000, 0, 1004, levels[i]);
        for (size_t at = 0; at < 4000; at += 125) /* not a multiple of a step */
            aw_meter_feed(m, pcm + at, 125);
        CHECK(fabs((double)aw_meter_dbm0(m) - levels[i]) < 0.1);
    }
    aw_meter_free(m);
    return AW_OK;
}

static aw_status test_peak_falls_20_db_in_one_and_a_half_seconds(void)
{
    static int16_t silence[12000];
    int16_t click[40] = {-32768};
    aw_meter *m = NULL;
    aw_status err = aw_meter_new(&m);
    if (err)
        return err;
    CHECK(aw_meter_peak(m) == 0 && aw_meter_dbm0(m) == -99.0f);
    aw_meter_feed(m, click, 40);
    CHECK(aw_meter_peak(m) == 32768);
    aw_meter_feed(m, silence, 12000);
    CHECK(abs(aw_meter_peak(m) - 3277) < 20);
    for (int i = 0; i < 20; i++)
        aw_meter_feed(m, silence, 12000);
    CHECK(aw_meter_peak(m) == 0 && aw_meter_dbm0(m) == -99.0f);
    aw_meter_free(m);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    CHECK(aw_meter_new(NULL) == AW_EINVAL);
    aw_meter_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"level of a sine", test_level_of_a_sine},
        {"peak falls 20 dB in 1.5 s", test_peak_falls_20_db_in_one_and_a_half_seconds},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
