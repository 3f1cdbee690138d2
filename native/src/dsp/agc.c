/* SPDX-License-Identifier: MIT */
/* Automatic gain: see aw/agc.h. */
#include "dsp/agc.h"

#include <math.h>
#include <string.h>

#include "dsp/level.h"
#include "mem.h"

#define CREST_DB 2.0f /* the fast-rising level reads speech about 2 dB above its mean */

aw_status aw_agc_init(struct aw_agc *a, float target_dbm0, float most_db)
{
    if (!(target_dbm0 >= -40.0f && target_dbm0 <= 0.0f) || !(most_db >= 0.0f && most_db <= 30.0f))
        return AW_EINVAL;
    memset(a, 0, sizeof *a);
    a->target = AW_POWER_0DBM0 * powf(10.0f, (target_dbm0 + CREST_DB) / 10.0f);
    a->most = powf(10.0f, most_db / 20.0f);
    a->least = 1.0f / a->most;
    a->noise = AW_AGC_QUIETEST;
    a->gain = a->goal = 1.0f;
    return AW_OK;
}

/* The noise is the least power of late; it creeps up, and falls at once. */
static void track(struct aw_agc *a, float power)
{
    a->noise = fmaxf(fminf(a->noise * AW_AGC_NOISE_UP, power), AW_AGC_QUIETEST / AW_AGC_ABOVE);
}

static void steer(struct aw_agc *a, float power)
{
    if (power < AW_AGC_QUIETEST || power < a->noise * AW_AGC_ABOVE)
        return;
    if (power > a->active)
        a->active += AW_AGC_ATTACK * (power - a->active);
    else
        a->active = a->active * AW_AGC_RELEASE + (1.0f - AW_AGC_RELEASE) * power;
    float want = sqrtf(a->target / a->active);
    want = fmaxf(fminf(want, a->most), a->least);
    a->goal = fmaxf(fminf(want, a->goal * AW_AGC_UP), a->goal * AW_AGC_DOWN);
}

static void turn(struct aw_agc *a)
{
    float power = a->sum / (float)AW_AGC_STEP;

    track(a, power);
    steer(a, power);
    a->slope = (a->goal - a->gain) / (float)AW_AGC_STEP;
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
    return 20.0f * log10f(a->goal);
}

aw_status aw_agc_new(aw_agc **out, float target_dbm0, float most_db)
{
    struct aw_agc begun;
    aw_status status = out ? aw_agc_init(&begun, target_dbm0, most_db) : AW_EINVAL;

    if (status != AW_OK)
        return status;
    aw_agc *a = aw_alloc(sizeof *a);
    if (!a)
        return AW_ENOMEM;
    *a = begun;
    *out = a;
    return AW_OK;
}

void aw_agc_free(aw_agc *a)
{
    aw_release(a);
}
