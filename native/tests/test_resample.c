/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aw/resample.h"
#include "signal.h"
#include "starve.h"

enum { SECOND = 8000 };

/* Whatever the pieces, the stream is the same. */
static aw_status test_pieces_do_not_matter(void)
{
    static const unsigned rates[] = {8000, 16000, 48000};
    for (int pair = 0; pair < 9; pair++) {
        static int16_t in[5000];
        static int16_t whole[31000];
        static int16_t pieces[31000];
        unsigned from = rates[pair / 3];
        unsigned to = rates[pair % 3];
        aw_resample *r = NULL;
        aw_resample *s = NULL;
        if (from == to)
            continue;
        memset(in, 0, sizeof in);
        signal_add(in, 5000, 0, 440, 0);
        aw_status err = aw_resample_new(&r, from, to);
        if (err)
            return err;
        err = aw_resample_new(&s, from, to);
        if (err) {
            aw_resample_free(r);
            return err;
        }
        CHECK(aw_resample_run(r, in, 5000, whole, 3) == 0); /* no room: nothing happens */
        size_t made = aw_resample_run(r, in, 5000, whole, 31000);
        CHECK(made == (5000u * (to / 8000) + from / 8000 - 1) / (from / 8000));
        size_t done = 0;
        for (size_t at = 0, n = 1; at < 5000; at += n, n = (n * 7 + 1) % 601) {
            n = n < 5000 - at ? n : 5000 - at;
            size_t room = aw_resample_room(s, n);
            CHECK(aw_resample_run(s, in + at, n, pieces + done, room) == room);
            done += room;
        }
        CHECK(done == made && memcmp(whole, pieces, made * sizeof *whole) == 0);
        aw_resample_free(r);
        aw_resample_free(s);
    }
    return AW_OK;
}

static aw_status test_the_elastic_store_is_transparent_between_equal_clocks(void)
{
    int16_t in[40];
    int16_t out[40];
    aw_elastic *e = NULL;
    aw_status err = aw_elastic_new(&e, 80);
    if (err)
        return err;
    aw_elastic_fix(e, 0);
    for (int tick = 0; tick < 40; tick++) {
        for (int i = 0; i < 40; i++)
            in[i] = (int16_t)(tick * 40 + i);
        aw_elastic_push(e, 0, in, 40);
        aw_elastic_pull(e, 0, out, 40);
        for (int i = 1; i < 40 && tick > 10; i++)
            CHECK(out[i] == out[i - 1] + 1);
    }
    CHECK(aw_elastic_look(e).underruns == 0 && aw_elastic_look(e).slips == 0);
    aw_elastic_free(e);
    return AW_OK;
}

/* Bursts, droughts and floods: it never breaks, and always gives its samples. */
static aw_status test_the_elastic_store_survives_anything(void)
{
    static int16_t pcm[3000];
    uint32_t seed = 1;
    for (size_t target = 40; target <= AW_ELASTIC_SAMPLES / 2; target *= 2) {
        aw_elastic *e = NULL;
        aw_status err = aw_elastic_new(&e, target);
        if (err)
            return err;
        for (int i = 0; i < 2000; i++) {
            seed = seed * 1664525u + 1013904223u;
            size_t n = (seed >> 20) % (i % 100 ? 200 : 3000);
            if (seed >> 31)
                aw_elastic_push(e, i * 1e-3, pcm, n);
            else
                aw_elastic_pull(e, 0, pcm, n);
            if (i % 333 == 0)
                aw_elastic_fix(e, i % 2 ? (double)NAN : 1e9);
        }
        aw_elastic_free(e);
    }
    return AW_OK;
}

static aw_status test_a_flood_is_dropped_and_counted(void)
{
    static int16_t pcm[SECOND];
    aw_elastic *e = NULL;
    aw_status err = aw_elastic_new(&e, 80);
    if (err)
        return err;
    aw_elastic_push(e, 0, pcm, 80);
    aw_elastic_pull(e, 0, pcm, 40);
    aw_elastic_push(e, 0, pcm, 700);
    aw_elastic_pull(e, 0, pcm, 40);
    CHECK(aw_elastic_look(e).slips == 1 && aw_elastic_look(e).level <= 81);
    aw_elastic_pull(e, 0, pcm, 400);
    CHECK(aw_elastic_look(e).underruns == 1);
    aw_elastic_free(e);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_resample *r = NULL;
    aw_elastic *e = NULL;
    CHECK(aw_resample_new(NULL, 8000, 16000) == AW_EINVAL);
    CHECK(aw_elastic_new(NULL, 80) == AW_EINVAL);
    CHECK(aw_elastic_new(&e, 39) == AW_EINVAL);
    CHECK(aw_elastic_new(&e, AW_ELASTIC_SAMPLES / 2 + 1) == AW_EINVAL);
    aw_status err = aw_resample_new(&r, 8000, 44100);
    CHECK(err == AW_EINVAL || err == AW_ENOMEM);
    CHECK(r == NULL && e == NULL);
    return err == AW_ENOMEM ? err : AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"pieces do not matter", test_pieces_do_not_matter},
        {"the elastic store is transparent",
         test_the_elastic_store_is_transparent_between_equal_clocks},
        {"the elastic store survives anything", test_the_elastic_store_survives_anything},
        {"a flood is dropped and counted", test_a_flood_is_dropped_and_counted},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
