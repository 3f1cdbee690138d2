/* SPDX-License-Identifier: MIT */
/* Automatic gain: see aw/agc.h. */
#include "dsp/agc.h"

#include <math.h>
#include <string.h>

#include "dsp/level.h"
#include "mem.h"

#define QUIETEST  260.0f  /* power of -60 dBm0: below it there is no speech */
#define ABOVE     10.0f   /* 10 dB over the noise is speech */
#define RELEASE   0.995f  /* of active power a step: 1 s; speech level, not syllables */
#define ATTACK    0.1f    /* 50 ms */
#define NOISE_UP  1.0023f /* 2 dB/s: a louder room is believed after some seconds */
#define STEP_UP   0.02f   /* dB a step of 5 ms: 4 dB/s */
#define STEP_DOWN 0.1f    /* 20 dB/s */
#define CREST_DB  2.0f    /* the fast-rising level reads speech about 2 dB above its mean */

void aw_agc_init(struct aw_agc *a, float target_dbm0, float most_db)
{
    memset(a, 0, sizeof *a);
    a->target = AW_POWER_0DBM0 * powf(10.0f, (target_dbm0 + CREST_DB) / 10.0f);
    a->most_db = most_db;
    a->noise = QUIETEST;
    a->gain = 1.0f;
}

/* The noise is the least power of late; it creeps up, and falls at once. */
static void track(struct aw_agc *a, float power)
{
    a->noise = fmaxf(fminf(a->noise * NOISE_UP, power), QUIETEST / ABOVE);
}

static void steer(struct aw_agc *a, float power)
{
    if (power < QUIETEST || power < a->noise * ABOVE)
        return;
    if (power > a->active)
        a->active += ATTACK * (power - a->active);
    else
        a->active = a->active * RELEASE + (1.0f - RELEASE) * power;
    float want = 10.0f * log10f(a->target / a->active);
    want = fmaxf(fminf(want, a->most_db), -a->most_db);
    a->gain_db += fmaxf(fminf(want - a->gain_db, STEP_UP), -STEP_DOWN);
}

static void turn(struct aw_agc *a)
{
    float power = a->sum / (float)AW_AGC_STEP;

    track(a, power);
    steer(a, power);
    a->slope = (powf(10.0f, a->gain_db / 20.0f) - a->gain) / (float)AW_AGC_STEP;
    a->sum = 0.0f;
    a->fill = 0;
}

void aw_agc_run(aw_agc *a, int16_t *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float x = pcm[i];
        a->sum += x * x;
        a->gain += a->slope;
        pcm[i] = aw_clip16(x * a->gain);
        if (++a->fill == AW_AGC_STEP)
            turn(a);
    }
}

float aw_agc_gain_db(const aw_agc *a)
{
    return a->gain_db;
}

aw_status aw_agc_new(aw_agc **out, float target_dbm0, float most_db)
{
    if (!out || !(target_dbm0 >= -40.0f && target_dbm0 <= 0.0f))
        return AW_EINVAL;
    if (!(most_db >= 0.0f && most_db <= 30.0f))
        return AW_EINVAL;
    aw_agc *a = aw_alloc(sizeof *a);
    if (!a)
        return AW_ENOMEM;
    aw_agc_init(a, target_dbm0, most_db);
    *out = a;
    return AW_OK;
}

void aw_agc_free(aw_agc *a)
{
    aw_release(a);
}
