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

static void listen(struct aw_talkers *t, const aw_mix_party *party, size_t n)
{
    float rise = 1.0f - expf(-(float)n / RISE_SAMPLES);
    float fall = 1.0f - expf(-(float)n / FALL_SAMPLES);

    for (size_t p = 0; p < t->parties; p++) {
        float now = magnitude(party[p].in, n);
        t->level[p] += (now > t->level[p] ? rise : fall) * (now - t->level[p]);
    }
}

/* Give the floor to the loudest: as many rounds as there are places. */
static void choose(struct aw_talkers *t)
{
    memcpy(t->was, t->floor, sizeof t->was);
    memset(t->floor, 0, sizeof t->floor);
    for (size_t place = 0; place < t->loudest; place++) {
        size_t best = t->parties;
        float most = AUDIBLE;
        for (size_t p = 0; p < t->parties; p++) {
            float claim = t->level[p] * (t->was[p] ? ADVANTAGE : 1.0f);
            if (!t->floor[p] && claim > most) {
                most = claim;
                best = p;
            }
        }
        if (best == t->parties)
            return;
        t->floor[best] = 1;
    }
}

void aw_talkers_gate(aw_talkers *t, aw_mix_party *party, size_t n)
{
    if (n == 0)
        return;
    listen(t, party, n);
    choose(t);
    for (size_t p = 0; p < t->parties; p++) {
        if (!t->was[p])
            party[p].from = 0;
        if (!t->floor[p])
            party[p].to = 0;
    }
}

int aw_talkers_speaking(const aw_talkers *t, size_t party)
{
    return party < t->parties && t->floor[party];
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
