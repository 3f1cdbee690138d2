/* SPDX-License-Identifier: MIT */
/* The loudest speakers of a conference: see aw/mix.h. */
#include "dsp/mix.h"

#include <math.h>
#include <string.h>

#include "mem.h"

#define RISE_SAMPLES 80.0f   /* 10 ms: a new voice has the floor before its first vowel is over */
#define FALL_SAMPLES 3200.0f /* 0.4 s: a breath does not lose it */
#define ADVANTAGE    1.41f   /* 3 dB that a challenger needs */
#define AUDIBLE      20.0f /* mean magnitude, about -58 dBm0: below it nobody asks for the floor */

void aw_talkers_init(struct aw_talkers *t, size_t parties, size_t loudest)
{
    memset(t, 0, sizeof *t);
    t->parties = parties;
    t->loudest = loudest;
    for (size_t p = 0; p < parties; p++)
        t->place[p] = (uint16_t)p;
}

static float magnitude(const int16_t *pcm, size_t n)
{
    int64_t sum = 0;

    if (!pcm)
        return 0.0f;
    for (size_t i = 0; i < n; i++)
        sum += pcm[i] < 0 ? -pcm[i] : pcm[i];
    return (float)sum / (float)n;
}

static void listen(const struct aw_floor *f, const aw_mix_party *party, size_t n)
{
    float rise = 1.0f - expf(-(float)n / RISE_SAMPLES);
    float fall = 1.0f - expf(-(float)n / FALL_SAMPLES);

    for (size_t p = 0; p < f->parties; p++) {
        struct aw_talker *t = &f->all[f->place[p]];
        float now = party[p].to > 0 ? magnitude(party[p].in, n) : 0.0f; /* a muted one is silent */
        t->level += (now > t->level ? rise : fall) * (now - t->level);
        t->was = t->floor;
        t->floor = 0;
    }
}

/* Give the floor to the loudest: as many rounds as there are places. */
static void choose(const struct aw_floor *f)
{
    for (size_t place = 0; place < f->loudest; place++) {
        struct aw_talker *best = NULL;
        float most = AUDIBLE;
        for (size_t p = 0; p < f->parties; p++) {
            struct aw_talker *t = &f->all[f->place[p]];
            float claim = t->level * (t->was ? ADVANTAGE : 1.0f);
            if (!t->floor && claim > most) {
                most = claim;
                best = t;
            }
        }
        if (!best)
            return;
        best->floor = 1;
    }
}

void aw_floor_gate(const struct aw_floor *f, aw_mix_party *party, size_t n)
{
    if (n == 0)
        return;
    listen(f, party, n);
    choose(f);
    for (size_t p = 0; p < f->parties; p++) {
        const struct aw_talker *t = &f->all[f->place[p]];
        if (!t->was)
            party[p].from = 0;
        if (!t->floor)
            party[p].to = 0;
    }
}

void aw_talkers_gate(aw_talkers *t, aw_mix_party *party, size_t n)
{
    struct aw_floor f = {t->talker, t->place, t->parties, t->loudest};

    aw_floor_gate(&f, party, n);
}

int aw_talkers_speaking(const aw_talkers *t, size_t party)
{
    return party < t->parties && t->talker[party].floor;
}

aw_status aw_talkers_new(aw_talkers **out, size_t parties, size_t loudest)
{
    if (!out || parties == 0 || parties > AW_TALKERS_MAX || loudest == 0)
        return AW_EINVAL;
    aw_talkers *t = aw_alloc(sizeof *t);
    if (!t)
        return AW_ENOMEM;
    aw_talkers_init(t, parties, loudest);
    *out = t;
    return AW_OK;
}

void aw_talkers_free(aw_talkers *t)
{
    aw_release(t);
}
