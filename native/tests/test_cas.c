/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aw/cas.h"
#include "signal.h"
#include "starve.h"

enum { LENGTH = 4000 };

/* Feed silence with a signal of n samples in it, in blocks of 53: the durations heard. */
static aw_status hear(size_t n, double factor, double low, double high, uint32_t *ms)
{
    static int16_t pcm[LENGTH];
    aw_cas *c = NULL;
    aw_status err = aw_cas_new(&c);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    signal_add(pcm + 1000, n, 0, 2130 * factor, low);
    signal_add(pcm + 1000, n, 0, 2750 * factor, high);
    *ms = 0;
    for (size_t at = 0; at + 53 <= LENGTH; at += 53)
        *ms += aw_cas_feed(c, pcm + at, 53);
    aw_cas_free(c);
    return AW_OK;
}

static aw_status test_the_signal_is_heard_with_its_duration(void)
{
    static const double levels[][2] = {{-14, -14}, {-32, -32}, {-20, -26}, {-26, -20}};
    uint32_t ms = 0;

    for (int i = 0; i < 4; i++)
        for (int k = -1; k <= 1; k++)
            for (size_t n = 600; n <= 680; n += 40) {
                aw_status err = hear(n, 1 + 0.005 * k, levels[i][0], levels[i][1], &ms);
                if (err)
                    return err;
                CHECK(ms + 3 >= n / 8 && ms <= n / 8 + 3);
            }
    return AW_OK;
}

static aw_status test_what_is_no_signal_is_not_heard(void)
{
    static const struct {
        size_t n;
        double factor, low, high;
    } wrong[] = {
        {320, 1, -20, -20}, {1200, 1, -20, -20}, {640, 1.02, -20, -20}, {640, 0.98, -20, -20},
        {640, 1, -20, -32}, {640, 1, -32, -20},  {640, 1, -45, -45},    {640, 1, -20, -99},
    };
    uint32_t ms = 0;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        aw_status err = hear(wrong[i].n, wrong[i].factor, wrong[i].low, wrong[i].high, &ms);
        if (err)
            return err;
        CHECK(ms == 0);
    }
    CHECK(aw_cas_new(NULL) == AW_EINVAL);
    aw_cas_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"the signal is heard with its duration", test_the_signal_is_heard_with_its_duration},
        {"what is no signal is not heard", test_what_is_no_signal_is_not_heard},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
