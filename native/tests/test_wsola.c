/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "aw/wsola.h"
#include "signal.h"
#include "starve.h"

enum { SECOND = 8000, ROOM = 3 * SECOND };

static int16_t said[SECOND];
static int16_t heard[ROOM];

/* All of it at another speed, fed and read in pieces of some length. */
static aw_status stretch(float speed, size_t count, size_t piece, size_t *made)
{
    aw_wsola *w = NULL;
    aw_status err = aw_wsola_new(&w, speed);
    size_t fed = 0;

    if (err)
        return err;
    *made = 0;
    for (size_t some = piece; fed < count || some == piece;) {
        size_t n = piece < count - fed ? piece : count - fed;
        fed += aw_wsola_feed(w, said + fed, n);
        if (fed == count)
            aw_wsola_end(w);
        CHECK(*made + piece <= ROOM);
        some = aw_wsola_read(w, heard + *made, piece);
        *made += some;
        CHECK(aw_wsola_at(w) <= fed);
    }
    CHECK(aw_wsola_feed(w, said, 1) == 0 && aw_wsola_read(w, heard, 1) == 0);
    aw_wsola_free(w);
    return AW_OK;
}

static void say_noise(void)
{
    uint32_t seed = 1;

    for (size_t i = 0; i < SECOND; i++) {
        seed = seed * 1664525u + 1013904223u;
        said[i] = (int16_t)(seed >> 16);
    }
}

static aw_status test_at_its_own_speed_it_is_bit_for_bit(void)
{
    static const size_t counts[] = {0, 1, 119, 120, 121, 241, 7999};
    size_t made;

    say_noise();
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        aw_status err = stretch(1.0f, counts[i], 77, &made);
        if (err)
            return err;
        CHECK(made == counts[i] && memcmp(heard, said, made * sizeof *heard) == 0);
    }
    return AW_OK;
}

static aw_status test_it_lasts_as_long_as_the_speed_says(void)
{
    static const float speeds[] = {0.5f, 0.8f, 1.1f, 1.37f, 2.0f};
    size_t made;

    say_noise();
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
        for (size_t count = 0; count <= SECOND; count += 1999) {
            aw_status err = stretch(speeds[i], count, 160, &made);
            if (err)
                return err;
            CHECK(fabs((double)made - (double)count / (double)speeds[i]) < 1.0);
        }
    return AW_OK;
}

static aw_status test_the_pieces_it_is_fed_in_make_no_difference(void)
{
    static const size_t pieces[] = {1, 40, 500, 3000};
    static int16_t first[ROOM];
    size_t made;

    say_noise();
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        aw_status err = stretch(1.5f, SECOND, pieces[i], &made);
        if (err)
            return err;
        if (i == 0)
            memcpy(first, heard, sizeof first);
        CHECK(memcmp(first, heard, made * sizeof *heard) == 0);
    }
    return AW_OK;
}

/* Times that a tone goes up through zero in the first so many samples that are heard. */
static int cycles(size_t samples)
{
    int count = 0;

    for (size_t i = 1; i < samples; i++)
        count += heard[i - 1] < 0 && heard[i] >= 0;
    return count;
}

static aw_status test_a_tone_keeps_its_pitch_and_has_no_step(void)
{
    static const double tones[] = {97, 233, 440, 1004, 2600};

    for (size_t t = 0; t < sizeof tones / sizeof *tones; t++)
        for (float speed = 0.5f; speed < 2.1f; speed += 0.25f) {
            size_t made;
            memset(said, 0, sizeof said);
            signal_add(said, SECOND, 0, tones[t], -10);
            aw_status err = stretch(speed, SECOND, 160, &made);
            if (err)
                return err;
            double expected = tones[t] * (double)(made - 400) / SECOND;
            CHECK(fabs(cycles(made - 400) - expected) <= 1.0 + expected / 100);
            double steepest = signal_peak(-10) * 2 * SIGNAL_PI * tones[t] / SECOND;
            for (size_t i = 1; i < made - 400; i++)
                CHECK(abs(heard[i] - heard[i - 1]) <= 1.03 * steepest + 2);
        }
    return AW_OK;
}

static aw_status test_silence_stays_silent_and_full_scale_stays_in_range(void)
{
    size_t made;

    for (int loud = 0; loud < 2; loud++) {
        for (size_t i = 0; i < SECOND; i++)
            said[i] = (int16_t)(loud ? (i / 37 % 2 ? 32767 : -32768) : 0);
        aw_status err = stretch(0.7f, SECOND, 160, &made);
        if (err)
            return err;
        for (size_t i = 0; i + 400 < made; i++)
            CHECK(loud || heard[i] == 0);
    }
    return AW_OK;
}

static aw_status test_it_says_where_it_is(void)
{
    aw_wsola *w = NULL;
    aw_status err = aw_wsola_new(&w, 2.0f);

    if (err)
        return err;
    say_noise();
    CHECK(aw_wsola_at(w) == 0);
    for (size_t fed = 0, made = 0; fed < SECOND;) {
        fed += aw_wsola_feed(w, said + fed, SECOND - fed);
        made += aw_wsola_read(w, heard, 400);
        CHECK(fabs((double)aw_wsola_at(w) - 2.0 * (double)made) <= AW_WSOLA_REACH + AW_WSOLA_FRAME);
    }
    aw_wsola_reset(w, 0.5f);
    CHECK(aw_wsola_at(w) == 0 && aw_wsola_read(w, heard, 1) == 0);
    aw_wsola_free(w);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    static const float bad[] = {0.49f, 2.01f, 0.0f, -1.0f, NAN, INFINITY};
    aw_wsola *w = NULL;

    CHECK(aw_wsola_new(NULL, 1.0f) == AW_EINVAL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(aw_wsola_new(&w, bad[i]) == AW_EINVAL && !w);
    aw_wsola_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"at its own speed it is bit for bit", test_at_its_own_speed_it_is_bit_for_bit},
        {"it lasts as long as the speed says", test_it_lasts_as_long_as_the_speed_says},
        {"the pieces it is fed in make no difference",
         test_the_pieces_it_is_fed_in_make_no_difference},
        {"a tone keeps its pitch and has no step", test_a_tone_keeps_its_pitch_and_has_no_step},
        {"silence stays silent and full scale in range",
         test_silence_stays_silent_and_full_scale_stays_in_range},
        {"it says where it is", test_it_says_where_it_is},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
