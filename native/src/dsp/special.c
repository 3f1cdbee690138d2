/* SPDX-License-Identifier: MIT */
/* Detector of fax, modem and special information tones: see aw/special.h. */
#include "dsp/special.h"
#include "dsp/goertzel.h"

#include <stdbool.h>

#include "dsp/level.h"
#include "mem.h"

#define HOP           80u /* samples: 10 ms, in which 35 Hz off leave 0.66 of the energy */
#define TONES         AW_SPECIAL_TONES
#define TWO_PI        6.2831853f
#define MIN_SHARE     0.55f
#define MIN_ENERGY    (181.0f * 181.0f * 40.0f) /* of a hop of -42 dBm0 */
#define MIN_COHERENCE 0.95f                     /* of the phase's advance: a tone, not a voice */
#define GAP           3u  /* hops that a segment outlasts: a reversal takes one or two */
#define CERTAIN       50u /* hops of 2100 Hz: half a second */
#define LEAST_CNG     43u /* half a second +-15 % */
#define MOST_CNG      57u
#define LEAST_SIT     24u
#define MOST_SIT      43u
#define SHORT_SIT     30u /* below, 274 ms; 330 ms is neither */
#define LONG_SIT      36u /* from here, 380 ms */
#define SETTLE        5u  /* hops after a reversal without another one */
#define PERIOD_LEAST  41u /* 450 +-25 ms and a hop */
#define PERIOD_MOST   49u
#define BEAT_HOPS     40u   /* six beats of 15 Hz */
#define MIN_DEPTH     0.10f /* of the modulation; ANSam has 0.2, a reversal makes 0.05 */

enum { FIRST, CALLING, SECOND, THIRD, ANSWER };

/* The first two of SIT lie 36 and 29 Hz beside: the phase's advance tells them. */
static const float HZ[TONES] = {950.0f, 1100.0f, 1400.0f, 1788.0f, 2100.0f};
/* cos and sin of 2 pi HZ / 8000. */
static const float COSINE[TONES] = {0.734322509f, 0.649448048f, 0.453990500f, 0.165736123f,
                                    -0.078459096f};
static const float SINE[TONES] = {0.678800746f, 0.760405966f, 0.891006524f, 0.986170136f,
                                  0.996917334f};
static const float OFF_HZ[TONES] = {48.0f, 40.0f, 46.0f, 32.0f, 26.0f};

void aw_special_init(struct aw_special *s)
{
    *s = (struct aw_special){.tone = -1};
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
    float most = MIN_SHARE * s->energy * (float)HOP / 2;
    int32_t best = -1;

    for (int32_t k = 0; k < (int32_t)TONES; k++) {
        float x = s->q1[k] - COSINE[k] * s->q2[k], y = SINE[k] * s->q2[k];
        s->q1[k] = s->q2[k] = 0.0f;
        if (s->energy >= MIN_ENERGY && x * x + y * y > most) {
            most = x * x + y * y;
            best = k;
            *re = x;
            *im = y;
        }
    }
    return best;
}

static bool in_tune(const struct aw_special *s)
{
    float length = sqrtf(s->turn_re * s->turn_re + s->turn_im * s->turn_im);
    float hz = atan2f(s->turn_im, s->turn_re) / TWO_PI * AW_RATE_HZ / (float)HOP;

    return length >= MIN_COHERENCE * s->turn && fabsf(hz) <= OFF_HZ[s->tone];
}

static bool is_sit(const struct aw_special *s)
{
    return s->hops >= LEAST_SIT && s->hops <= MOST_SIT && in_tune(s);
}

static uint32_t sit_kind(uint32_t first, uint32_t second)
{
    bool plain =
        (first >= SHORT_SIT && first < LONG_SIT) || (second >= SHORT_SIT && second < LONG_SIT);

    if (plain)
        return AW_SPECIAL_INFORMATION;
    if (first < SHORT_SIT)
        return second < SHORT_SIT ? AW_SPECIAL_INTERCEPT : AW_SPECIAL_REORDER;
    return second < SHORT_SIT ? AW_SPECIAL_VACANT : AW_SPECIAL_NO_CIRCUIT;
}

/* The segment is over; returns the kind that this tells, or 0. */
static uint32_t end_segment(struct aw_special *s)
{
    uint32_t first = 0, second = 0, kind = 0;

    if (s->tone == FIRST && is_sit(s))
        first = s->hops;
    if (s->tone == SECOND && s->past[0] > 0 && is_sit(s)) {
        first = s->past[0];
        second = s->hops;
    }
    if (s->tone == CALLING && s->hops >= LEAST_CNG && s->hops <= MOST_CNG && in_tune(s))
        kind = AW_SPECIAL_CALLING_FAX;
    *s = (struct aw_special){.tone = -1, .past = {first, second}};
    return kind;
}

/* Has the phase jumped against two hops ago?  One with a jump in its middle is not heard. */
static bool is_reversal(const struct aw_special *s, float re, float im, float turn_cos,
                        float turn_sin)
{
    float x = re * s->re[1] + im * s->im[1], y = im * s->re[1] - re * s->im[1];
    float length = sqrtf(s->turn_re * s->turn_re + s->turn_im * s->turn_im) + 1.0f;
    float drift_re = s->turn_re / length, drift_im = s->turn_im / length;
    float cos2 = turn_cos * turn_cos - turn_sin * turn_sin, sin2 = 2 * turn_cos * turn_sin;
    float drift_cos2 = drift_re * drift_re - drift_im * drift_im;
    float drift_sin2 = 2 * drift_re * drift_im;
    float ahead_re = x * cos2 + y * sin2, ahead_im = y * cos2 - x * sin2;

    return ahead_re * drift_cos2 + ahead_im * drift_sin2 < -0.5f * sqrtf(x * x + y * y);
}

static void follow_reversals(struct aw_special *s, float re, float im, float cosine, float sine)
{
    s->since++;
    if (s->hops < SETTLE || s->since < SETTLE || (s->re[1] == 0.0f && s->im[1] == 0.0f) ||
        !is_reversal(s, re, im, cosine, sine))
        return;
    bool in_time = s->since >= PERIOD_LEAST && s->since <= PERIOD_MOST;
    s->reversals = s->reversals == 0 || in_time ? s->reversals + 1 : 1;
    s->since = 0;
}

/* One more hop of the segment's tone. */
static void go_on(struct aw_special *s, float re, float im)
{
    float turn = TWO_PI * HZ[s->tone] / AW_RATE_HZ * (float)HOP, cosine = cosf(turn);
    float sine = sinf(turn), amplitude = sqrtf(re * re + im * im);
    float beat = TWO_PI * 15.0f * 0.01f * (float)(s->hops + s->absent);
    float x = re * s->re[0] + im * s->im[0], y = im * s->re[0] - re * s->im[0];

    follow_reversals(s, re, im, cosine, sine);
    if (s->since != 0) { /* a reversal is no advance */
        s->turn_re += x * cosine + y * sine;
        s->turn_im += y * cosine - x * sine;
        s->turn += sqrtf(x * x + y * y);
    }
    s->beat_re += amplitude * cosf(beat);
    s->beat_im += amplitude * sinf(beat);
    s->amplitude += amplitude;
    s->hops += s->absent + 1;
    s->absent = 0;
    s->re[1] = s->re[0];
    s->im[1] = s->im[0];
    s->re[0] = re;
    s->im[0] = im;
}

static bool tell(struct aw_special *s, uint32_t kind)
{
    bool told = s->told >> kind & 1;

    s->told |= 1u << kind;
    return !told;
}

static bool is_modulated(const struct aw_special *s)
{
    float beat = sqrtf(s->beat_re * s->beat_re + s->beat_im * s->beat_im);

    /* over whole beats, so that the mean falls out */
    return s->hops % BEAT_HOPS == 0 && 2 * beat >= MIN_DEPTH * s->amplitude;
}

/* What 2100 Hz tells, or 0: one kind at a time. */
static uint32_t look_at_answer(struct aw_special *s)
{
    if (tell(s, AW_SPECIAL_ANSWER))
        return AW_SPECIAL_ANSWER;
    if (s->reversals >= 2 && tell(s, AW_SPECIAL_REVERSED))
        return AW_SPECIAL_REVERSED;
    if (is_modulated(s) && tell(s, AW_SPECIAL_MODULATED))
        return AW_SPECIAL_MODULATED;
    return 0;
}

/* What the segment going on tells, or 0. */
static uint32_t look(struct aw_special *s)
{
    if (s->tone == THIRD && s->past[1] > 0 && s->hops == LEAST_SIT && in_tune(s))
        return sit_kind(s->past[0], s->past[1]);
    if (s->tone == ANSWER && s->hops >= CERTAIN && in_tune(s))
        return look_at_answer(s);
    return 0;
}

static uint32_t end_hop(struct aw_special *s)
{
    float re = 0.0f, im = 0.0f;
    int32_t heard = listen(s, &re, &im);
    uint32_t kind = 0;

    s->energy = 0.0f;
    s->fill = 0;
    if (heard >= 0 && heard == s->tone) {
        go_on(s, re, im);
        return look(s);
    }
    if (s->tone >= 0 && ++s->absent >= GAP)
        kind = end_segment(s);
    s->re[1] = s->re[0];
    s->im[1] = s->im[0];
    s->re[0] = s->im[0] = 0.0f;
    if (heard >= 0 && s->tone < 0) {
        s->tone = heard;
        s->absent = kind || s->past[0] ? GAP - 1 : 0; /* went by while the last one was awaited */
        go_on(s, re, im);
    }
    return kind;
}

static void filter(struct aw_special *s, const int16_t *pcm, size_t n)
{
    s->energy = aw_energy(s->energy, pcm, n);
    for (size_t k = 0; k < TONES; k++)
        aw_goertzel(2 * COSINE[k], &s->q1[k], &s->q2[k], pcm, n);
}

size_t aw_special_feed(aw_special *s, const int16_t *pcm, size_t n, uint32_t *out, size_t max)
{
    size_t count = 0;

    while (n > 0) {
        size_t take = HOP - s->fill < n ? HOP - s->fill : n;
        filter(s, pcm, take);
        s->fill += (uint32_t)take;
        pcm += take;
        n -= take;
        uint32_t kind = s->fill == HOP ? end_hop(s) : 0;
        if (kind && count < max)
            out[count++] = kind;
    }
    return count;
}
