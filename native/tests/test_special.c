/* SPDX-License-Identifier: MIT */
/* Limits and noise are in tests/dsp/test_special.py. */
#include <string.h>

#include "aw/special.h"
#include "signal.h"
#include "starve.h"

#define MS 8

static aw_status test_a_calling_fax_is_told_once_per_burst(void)
{
    static int16_t pcm[4200 * MS];
    uint32_t kind[8];
    size_t count = 0;
    aw_special *s = NULL;
    aw_status err = aw_special_new(&s);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    signal_add(pcm + 100 * MS, 500 * MS, 0, 1100, -12);
    signal_add(pcm + 3600 * MS, 500 * MS, 0, 1100, -12);
    for (size_t at = 0; at < 4200 * MS; at += 40)
        count += aw_special_feed(s, pcm + at, 40, kind + count, 8 - count);
    CHECK(count == 2 && kind[0] == AW_SPECIAL_CALLING_FAX && kind[1] == kind[0]);
    aw_special_free(s);
    return AW_OK;
}

static aw_status test_reversals_are_told(void)
{
    static int16_t pcm[2000 * MS];
    uint32_t kind[8];
    aw_special *s = NULL;
    aw_status err = aw_special_new(&s);
    if (err)
        return err;
    memset(pcm, 0, sizeof pcm);
    signal_add(pcm, 2000 * MS, 0, 2100, -12);
    for (size_t i = 0; i < 2000 * MS; i++)
        if (i / (450 * MS) % 2)
            pcm[i] = (int16_t)-pcm[i];
    CHECK(aw_special_feed(s, pcm, 2000 * MS, kind, 8) == 2);
    CHECK(kind[0] == AW_SPECIAL_ANSWER && kind[1] == AW_SPECIAL_REVERSED);
    aw_special_free(s);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"a calling fax is told once per burst", test_a_calling_fax_is_told_once_per_burst},
        {"reversals are told", test_reversals_are_told},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
