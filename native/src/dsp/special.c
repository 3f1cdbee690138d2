/* SPDX-License-Identifier: MIT */
/* Detector of fax, modem and special information tones, the spectral half: see aw/special.h.  The
 * half that knows time is special_course.c. */
#include "dsp/special.h"

#include "dsp/goertzel.h"
#include "mem.h"

#include "dsp/special_tables.inc"

void aw_special_init(struct aw_special *s)
{
    *s = (struct aw_special){0};
    aw_special_course_init(&s->course);
}

aw_status aw_special_new(aw_special **out)
{
    if (!out)
        return AW_EINVAL;
    aw_special *s = aw_alloc(sizeof *s);
    if (!s)
        return AW_ENOMEM;
    aw_special_init(s);
    *out = s;
    return AW_OK;
}

void aw_special_free(aw_special *s)
{
    aw_release(s);
}

/* The tone that a hop is full of, or -1; its amplitude in *re and *im, about the hop's end. */
static int32_t listen(struct aw_special *s, float *re, float *im)
{
    float all = s->energy * (float)AW_SPECIAL_HOP / 2, most = 0.0f;
    int32_t best = -1;

    for (int32_t k = 0; k < AW_SPECIAL_TONES; k++) {
        float x = s->q1[k] - COSINE[k] * s->q2[k], y = SINE[k] * s->q2[k];
        s->q1[k] = s->q2[k] = 0.0f;
        float power = x * x + y * y;
        if (s->energy >= AW_SPECIAL_MIN_ENERGY && power > MIN_SHARE[k] * all && power > most) {
            most = power;
            best = k;
            *re = x;
            *im = y;
        }
    }
    return best;
}

static uint32_t end_hop(struct aw_special *s)
{
    float re = 0.0f, im = 0.0f;
    int32_t heard = listen(s, &re, &im);

    s->energy = 0.0f;
    s->fill = 0;
    return aw_special_hop(&s->course, heard, re, im);
}

static void filter(struct aw_special *s, const int16_t *pcm, size_t n)
{
    s->energy = aw_energy(s->energy, pcm, n);
    for (size_t k = 0; k < AW_SPECIAL_TONES; k++)
        aw_goertzel(2 * COSINE[k], &s->q1[k], &s->q2[k], pcm, n);
}

size_t aw_special_feed(aw_special *s, const int16_t *pcm, size_t n, uint32_t *out, size_t max)
{
    size_t count = 0;

    while (n > 0) {
        size_t take = AW_SPECIAL_HOP - s->fill < n ? AW_SPECIAL_HOP - s->fill : n;
        filter(s, pcm, take);
        s->fill += (uint32_t)take;
        pcm += take;
        n -= take;
        uint32_t kind = s->fill == AW_SPECIAL_HOP ? end_hop(s) : 0;
        if (kind && count < max)
            out[count++] = kind;
    }
    return count;
}
