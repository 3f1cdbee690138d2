/* SPDX-License-Identifier: MIT */
/* DTMF sender: see aw/tonegen.h. */
#include <string.h>

#include "dsp/oscillator.h"
#include "dsp/tonegen.h"
#include "mem.h"

#define MAX_MS   10000u
#define MIN_DBM0 -60.0f
#define MAX_DBM0 3.0f

/* ITU-T Q.23. */
static const char KEYS[] = "123A456B789C*0#D";
static const float ROW_HZ[4] = {697.0f, 770.0f, 852.0f, 941.0f};
static const float COLUMN_HZ[4] = {1209.0f, 1336.0f, 1477.0f, 1633.0f};

static bool arguments_ok(const char *digits, uint32_t on_ms, uint32_t off_ms, float low_dbm0,
                         float high_dbm0)
{
    if (!digits || on_ms == 0 || on_ms > MAX_MS || off_ms == 0 || off_ms > MAX_MS)
        return false;
    if (!(low_dbm0 >= MIN_DBM0 && low_dbm0 <= MAX_DBM0) ||
        !(high_dbm0 >= MIN_DBM0 && high_dbm0 <= MAX_DBM0))
        return false;
    size_t n = strnlen(digits, AW_DTMF_SENDER_DIGITS + 1);
    return n >= 1 && n <= AW_DTMF_SENDER_DIGITS && strspn(digits, KEYS) == n;
}

static void begin_digit(aw_dtmf_sender *s)
{
    size_t place = (size_t)(strchr(KEYS, s->digits[s->at]) - KEYS);

    s->sample = 0;
    s->phase[0] = s->phase[1] = 0;
    s->advance[0] = aw_phase_step(ROW_HZ[place >> 2]);
    s->advance[1] = aw_phase_step(COLUMN_HZ[place & 3]);
}

aw_status aw_dtmf_sender_init(aw_dtmf_sender *s, const char *digits, uint32_t on_ms,
                              uint32_t off_ms, float level_dbm0, float twist_db)
{
    float low_dbm0 = level_dbm0 - twist_db / 2, high_dbm0 = level_dbm0 + twist_db / 2;

    *s = (aw_dtmf_sender){0};
    if (!arguments_ok(digits, on_ms, off_ms, low_dbm0, high_dbm0))
        return AW_EINVAL;
    s->count = (uint32_t)strlen(digits);
    memcpy(s->digits, digits, s->count);
    s->on = on_ms * AW_SAMPLES_MS;
    s->period = (on_ms + off_ms) * AW_SAMPLES_MS;
    s->amplitude[0] = aw_peak_of(low_dbm0);
    s->amplitude[1] = aw_peak_of(high_dbm0);
    begin_digit(s);
    return AW_OK;
}

aw_status aw_dtmf_sender_new(aw_dtmf_sender **out, const char *digits, uint32_t on_ms,
                             uint32_t off_ms, float level_dbm0, float twist_db)
{
    aw_dtmf_sender checked;
    aw_status status = aw_dtmf_sender_init(&checked, digits, on_ms, off_ms, level_dbm0, twist_db);

    if (!out || status != AW_OK)
        return AW_EINVAL;
    aw_dtmf_sender *s = aw_alloc(sizeof *s);
    if (!s)
        return AW_ENOMEM;
    *s = checked;
    *out = s;
    return AW_OK;
}

void aw_dtmf_sender_free(aw_dtmf_sender *s)
{
    aw_release(s);
}

size_t aw_dtmf_sender_read(aw_dtmf_sender *s, int16_t *out, size_t n)
{
    size_t made = 0;

    for (; made < n && s->at < s->count; made++) {
        float pair =
            s->amplitude[0] * aw_sine(s->phase[0]) + s->amplitude[1] * aw_sine(s->phase[1]);
        out[made] = s->sample < s->on ? aw_clip16(pair) : 0;
        s->phase[0] += s->advance[0];
        s->phase[1] += s->advance[1];
        if (++s->sample == s->period && ++s->at < s->count)
            begin_digit(s);
    }
    memset(out + made, 0, (n - made) * sizeof *out);
    return made;
}
