/* SPDX-License-Identifier: MIT */
/* MF sender, and what the pairs of each standard say: see aw/mf.h. */
#include <stdbool.h>
#include <string.h>

#include "dsp/mf.h"
#include "dsp/oscillator.h"
#include "mem.h"

#define MAX_MS 10000u

static const float FREQUENCIES[3][AW_MF_TONES] = {
    {700.0f, 900.0f, 1100.0f, 1300.0f, 1500.0f, 1700.0f},
    {1380.0f, 1500.0f, 1620.0f, 1740.0f, 1860.0f, 1980.0f},
    {1140.0f, 1020.0f, 900.0f, 780.0f, 660.0f, 540.0f},
};

/* By pair: 0+1, 0+2, 1+2, 0+3 ...  The weights 0 1 2 4 7 of the first five tones add to 1-9. */
static const char KEYS[3][AW_MF_PAIRS + 1] = {
    "1234567890CA*B#",
    "1234567890BCDEF",
    "1234567890BCDEF",
};

const float *aw_mf_frequencies(aw_mf_standard standard)
{
    return (uint32_t)standard <= AW_MF_R2_BACKWARD ? FREQUENCIES[standard] : NULL;
}

int32_t aw_mf_pair_of(aw_mf_standard standard, char key)
{
    const char *found = key ? strchr(KEYS[standard], key) : NULL;

    return found ? (int32_t)(found - KEYS[standard]) : -1;
}

char aw_mf_key_of(aw_mf_standard standard, int32_t pair)
{
    return KEYS[standard][pair];
}

int32_t aw_mf_tones_of(int32_t pair, int32_t *second)
{
    int32_t j = 1;

    while (AW_MF_PAIR(0, j + 1) <= pair)
        j++;
    *second = j;
    return pair - AW_MF_PAIR(0, j);
}

static void begin_signal(aw_mf_sender *s)
{
    const float *hz = aw_mf_frequencies(s->standard);
    int32_t second = 0, first = aw_mf_tones_of(aw_mf_pair_of(s->standard, s->keys[s->at]), &second);

    s->sample = 0;
    s->phase[0] = s->phase[1] = 0;
    s->advance[0] = aw_phase_step(hz[first]);
    s->advance[1] = aw_phase_step(hz[second]);
}

aw_status aw_mf_sender_init(aw_mf_sender *s, aw_mf_standard standard, const char *keys,
                            uint32_t on_ms, uint32_t off_ms, float level_dbm0)
{
    *s = (aw_mf_sender){.standard = standard};
    if (!aw_mf_frequencies(standard) || !keys || on_ms > MAX_MS || off_ms > MAX_MS ||
        !(level_dbm0 >= -60.0f && level_dbm0 <= 0.0f))
        return AW_EINVAL;
    size_t n = strnlen(keys, AW_MF_SIGNALS + 1);
    if (n == 0 || n > AW_MF_SIGNALS)
        return AW_EINVAL;
    for (size_t i = 0; i < n; i++)
        if (aw_mf_pair_of(standard, keys[i]) < 0)
            return AW_EINVAL;
    memcpy(s->keys, keys, n);
    s->count = (uint32_t)n;
    s->on = on_ms * AW_SAMPLES_MS;
    s->off = off_ms * AW_SAMPLES_MS;
    s->amplitude = aw_peak_of(level_dbm0);
    begin_signal(s);
    return AW_OK;
}

aw_status aw_mf_sender_new(aw_mf_sender **out, aw_mf_standard standard, const char *keys,
                           uint32_t on_ms, uint32_t off_ms, float level_dbm0)
{
    aw_mf_sender checked;
    aw_status status = aw_mf_sender_init(&checked, standard, keys, on_ms, off_ms, level_dbm0);

    if (!out || status != AW_OK)
        return AW_EINVAL;
    aw_mf_sender *s = aw_alloc(sizeof *s);
    if (!s)
        return AW_ENOMEM;
    *s = checked;
    *out = s;
    return AW_OK;
}

void aw_mf_sender_free(aw_mf_sender *s)
{
    aw_release(s);
}

/* KP wakes the other end's receiver: 100 ms where digits have 68. */
static uint32_t on_time(const aw_mf_sender *s)
{
    bool opens = s->standard == AW_MF_R1 && s->keys[s->at] == '*';

    return opens ? s->on + s->on / 2 : s->on;
}

size_t aw_mf_sender_read(aw_mf_sender *s, int16_t *out, size_t n)
{
    size_t made = 0;

    for (; made < n && s->at < s->count; made++) {
        uint32_t on = on_time(s);
        float pair = s->amplitude * (aw_sine(s->phase[0]) + aw_sine(s->phase[1]));
        out[made] = on == 0 || s->sample < on ? aw_clip16(pair) : 0;
        s->phase[0] += s->advance[0];
        s->phase[1] += s->advance[1];
        if (on > 0 && ++s->sample == on + s->off && ++s->at < s->count)
            begin_signal(s);
    }
    memset(out + made, 0, (n - made) * sizeof *out);
    return made;
}
