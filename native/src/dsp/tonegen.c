/* SPDX-License-Identifier: MIT */
/* Tone generator: see aw/tonegen.h. */
#include "dsp/tonegen.h"

#include <string.h>

#include "dsp/oscillator.h"
#include "mem.h"

#define MAX_STEP_MS 3600000u /* an hour; its samples fit into 32 bits */
#define AM_DEPTH    0.85f    /* NTT rings with 85 +-15 % */
#define AM_POWER    1.36125f /* 1 + depth^2 / 2: power of carrier and sidebands over the carrier */

static bool level_ok(float hz, float dbm0)
{
    return hz == 0.0f || (hz > 0.0f && hz < AW_RATE_HZ / 2 && dbm0 >= -99.0f && dbm0 <= 3.14f);
}

static bool step_ok(const aw_tone_step *s)
{
    bool modulation_ok = !s->modulated || (s->hz[0] > 0.0f && s->hz[1] > 0.0f);

    return s->duration_ms <= MAX_STEP_MS && modulation_ok && level_ok(s->hz[0], s->dbm0[0]) &&
           level_ok(s->hz[1], s->modulated ? s->dbm0[0] : s->dbm0[1]);
}

static bool spec_ok(const aw_tone_spec *spec)
{
    if (!spec || spec->steps == 0 || spec->steps > AW_TONE_STEPS || spec->loop_from > spec->steps)
        return false;
    for (uint32_t i = 0; i < spec->steps; i++)
        if (!step_ok(&spec->step[i]))
            return false;
    return true;
}

static void begin_step(aw_tonegen *g, uint32_t at)
{
    const aw_tone_step *s = &g->spec.step[at < g->spec.steps ? at : 0];

    g->at = at;
    g->left = s->duration_ms * AW_SAMPLES_MS;
    for (int i = 0; i < 2; i++) {
        g->advance[i] = aw_phase_step(s->hz[i]);
        g->amplitude[i] = s->hz[i] > 0.0f ? aw_peak_of(s->dbm0[i]) : 0.0f;
    }
    if (s->modulated)
        g->amplitude[0] /= sqrtf(AM_POWER);
}

aw_status aw_tonegen_init(aw_tonegen *g, const aw_tone_spec *spec)
{
    *g = (aw_tonegen){0};
    if (!spec_ok(spec))
        return AW_EINVAL;
    g->spec = *spec;
    begin_step(g, 0);
    return AW_OK;
}

aw_status aw_tonegen_new(aw_tonegen **out, const aw_tone_spec *spec)
{
    if (!out || !spec_ok(spec))
        return AW_EINVAL;
    aw_tonegen *g = aw_alloc(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    aw_status status = aw_tonegen_init(g, spec);
    *out = g;
    return status;
}

void aw_tonegen_free(aw_tonegen *g)
{
    aw_release(g);
}

static void sound(aw_tonegen *g, int16_t *out, size_t n)
{
    bool modulated = g->spec.step[g->at].modulated != 0;
    uint32_t a = g->phase[0], b = g->phase[1];

    for (size_t i = 0; i < n; i++) {
        float first = g->amplitude[0] * aw_sine(a), second = aw_sine(b);
        out[i] = aw_clip16(modulated ? first * (1.0f + AM_DEPTH * second)
                                     : first + g->amplitude[1] * second);
        a += g->advance[0];
        b += g->advance[1];
    }
    g->phase[0] = a;
    g->phase[1] = b;
}

size_t aw_tonegen_read(aw_tonegen *g, int16_t *out, size_t n)
{
    size_t made = 0;

    while (made < n && g->at < g->spec.steps) {
        bool endless = g->spec.step[g->at].duration_ms == 0;
        size_t take = endless || g->left > n - made ? n - made : g->left;
        sound(g, out + made, take);
        made += take;
        if (endless)
            continue;
        g->left -= (uint32_t)take;
        if (g->left == 0)
            begin_step(g, g->at + 1 < g->spec.steps ? g->at + 1 : g->spec.loop_from);
    }
    memset(out + made, 0, (n - made) * sizeof *out);
    return made;
}
