/* SPDX-License-Identifier: MIT */
/* Detector of special tones, the half that knows time: see aw/special.h. */
#include "dsp/level.h"
#include "dsp/special.h"

#define MIN_COHERENCE 0.95f /* of the phase's advance: a tone, not a voice */
#define MIN_STEADY    0.99f /* mean amplitude squared over mean square: a note fades */
#define GAP           3u    /* hops that a segment outlasts: a reversal takes one or two */
#define CERTAIN       50u   /* hops of 2100 Hz: half a second */
#define LEAST_CNG     43u   /* half a second +-15 % */
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

#define BEAT 20u /* hops: three periods of 15 Hz */

static const float OFF_HZ[AW_SPECIAL_TONES] = {48.0f, 40.0f, 46.0f, 32.0f, 26.0f};
/* The phase's advance in a hop: 9 1/2, 11, 14, 17.88 and 21 turns. */
static const float TURN_COSINE[AW_SPECIAL_TONES] = {-1.0f, 1.0f, 1.0f, 0.728968627f, 1.0f};
static const float TURN_SINE[AW_SPECIAL_TONES] = {0.0f, 0.0f, 0.0f, -0.684547106f, 0.0f};
/* Of 15 Hz, hop by hop: steps of 54 degrees.  Five hops further it is the sine. */
static const float BEAT_COSINE[BEAT] = {
    1.0f,  0.587785252f,  -0.309016994f, -0.951056516f, -0.809016994f,
    0.0f,  0.809016994f,  0.951056516f,  0.309016994f,  -0.587785252f,
    -1.0f, -0.587785252f, 0.309016994f,  0.951056516f,  0.809016994f,
    0.0f,  -0.809016994f, -0.951056516f, -0.309016994f, 0.587785252f,
};

void aw_special_course_init(aw_special_course *c)
{
    *c = (aw_special_course){.tone = -1};
}

static bool in_tune(const aw_special_course *c)
{
    float length = sqrtf(c->turn_re * c->turn_re + c->turn_im * c->turn_im);
    float hz = atan2f(c->turn_im, c->turn_re) / AW_TWO_PI * AW_RATE_HZ / (float)AW_SPECIAL_HOP;

    return length >= MIN_COHERENCE * c->turn && fabsf(hz) <= OFF_HZ[c->tone];
}

static bool is_steady(const aw_special_course *c)
{
    return c->level * c->level >= MIN_STEADY * (float)c->whole * c->power;
}

static bool is_sit(const aw_special_course *c)
{
    return c->hops >= LEAST_SIT && c->hops <= MOST_SIT && in_tune(c);
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
static uint32_t end_segment(aw_special_course *c)
{
    uint32_t first = 0, second = 0, kind = 0;

    if (c->tone == AW_SPECIAL_FIRST && is_sit(c))
        first = c->hops;
    if (c->tone == AW_SPECIAL_SECOND && c->past[0] > 0 && is_sit(c)) {
        first = c->past[0];
        second = c->hops;
    }
    if (c->tone == AW_SPECIAL_CNG && c->hops >= LEAST_CNG && c->hops <= MOST_CNG && in_tune(c) &&
        is_steady(c))
        kind = AW_SPECIAL_CALLING_FAX;
    *c = (aw_special_course){.tone = -1, .past = {first, second}};
    return kind;
}

/* Has the phase jumped against two hops ago?  One with a jump in its middle is not heard. */
static bool is_reversal(const aw_special_course *c, float re, float im, float turn_cos,
                        float turn_sin)
{
    float x = re * c->re[1] + im * c->im[1], y = im * c->re[1] - re * c->im[1];
    float length = sqrtf(c->turn_re * c->turn_re + c->turn_im * c->turn_im) + 1.0f;
    float drift_re = c->turn_re / length, drift_im = c->turn_im / length;
    float cos2 = turn_cos * turn_cos - turn_sin * turn_sin, sin2 = 2 * turn_cos * turn_sin;
    float drift_cos2 = drift_re * drift_re - drift_im * drift_im;
    float drift_sin2 = 2 * drift_re * drift_im;
    float ahead_re = x * cos2 + y * sin2, ahead_im = y * cos2 - x * sin2;

    return ahead_re * drift_cos2 + ahead_im * drift_sin2 < -0.5f * sqrtf(x * x + y * y);
}

static void follow_reversals(aw_special_course *c, float re, float im, float cosine, float sine)
{
    c->since++;
    if (c->hops < SETTLE || c->since < SETTLE || (c->re[1] == 0.0f && c->im[1] == 0.0f) ||
        !is_reversal(c, re, im, cosine, sine))
        return;
    bool in_time = c->since >= PERIOD_LEAST && c->since <= PERIOD_MOST;
    c->reversals = c->reversals == 0 || in_time ? c->reversals + 1 : 1;
    c->since = 0;
}

/* The last hop is whole if the tone was there before it and still is. */
static void follow_level(aw_special_course *c)
{
    float power = c->re[0] * c->re[0] + c->im[0] * c->im[0];

    if (power == 0.0f || (c->re[1] == 0.0f && c->im[1] == 0.0f))
        return;
    c->whole++;
    c->level += sqrtf(power);
    c->power += power;
}

/* One more hop of the segment's tone. */
static void go_on(aw_special_course *c, float re, float im)
{
    float cosine = TURN_COSINE[c->tone], sine = TURN_SINE[c->tone];
    float amplitude = sqrtf(re * re + im * im);
    uint32_t beat = (c->hops + c->absent) % BEAT;
    float x = re * c->re[0] + im * c->im[0], y = im * c->re[0] - re * c->im[0];

    follow_level(c);
    follow_reversals(c, re, im, cosine, sine);
    if (c->since != 0) { /* a reversal is no advance */
        c->turn_re += x * cosine + y * sine;
        c->turn_im += y * cosine - x * sine;
        c->turn += sqrtf(x * x + y * y);
    }
    c->beat_re += amplitude * BEAT_COSINE[beat];
    c->beat_im += amplitude * BEAT_COSINE[(beat + 5) % BEAT];
    c->amplitude += amplitude;
    c->hops += c->absent + 1;
    c->absent = 0;
    c->re[1] = c->re[0];
    c->im[1] = c->im[0];
    c->re[0] = re;
    c->im[0] = im;
}

static bool tell(aw_special_course *c, uint32_t kind)
{
    bool told = c->told >> kind & 1;

    c->told |= 1u << kind;
    return !told;
}

static bool is_modulated(const aw_special_course *c)
{
    float beat = sqrtf(c->beat_re * c->beat_re + c->beat_im * c->beat_im);

    /* over whole beats, so that the mean falls out */
    return c->hops % BEAT_HOPS == 0 && 2 * beat >= MIN_DEPTH * c->amplitude;
}

/* What 2100 Hz tells, or 0: one kind at a time. */
static uint32_t look_at_answer(aw_special_course *c)
{
    if (tell(c, AW_SPECIAL_ANSWER))
        return AW_SPECIAL_ANSWER;
    if (c->reversals >= 2 && tell(c, AW_SPECIAL_REVERSED))
        return AW_SPECIAL_REVERSED;
    if (is_modulated(c) && tell(c, AW_SPECIAL_MODULATED))
        return AW_SPECIAL_MODULATED;
    return 0;
}

/* What the segment going on tells, or 0. */
static uint32_t look(aw_special_course *c)
{
    if (c->tone == AW_SPECIAL_THIRD && c->past[1] > 0 && c->hops == LEAST_SIT && in_tune(c))
        return sit_kind(c->past[0], c->past[1]);
    if (c->tone == AW_SPECIAL_2100 && c->hops >= CERTAIN && in_tune(c))
        return look_at_answer(c);
    return 0;
}

uint32_t aw_special_hop(aw_special_course *c, int32_t heard, float re, float im)
{
    uint32_t kind = 0;

    if (heard >= 0 && heard == c->tone) {
        go_on(c, re, im);
        return look(c);
    }
    if (c->tone >= 0 && ++c->absent >= GAP)
        kind = end_segment(c);
    c->re[1] = c->re[0];
    c->im[1] = c->im[0];
    c->re[0] = c->im[0] = 0.0f;
    if (heard >= 0 && c->tone < 0) {
        c->tone = heard;
        c->absent = kind || c->past[0] ? GAP - 1 : 0; /* went by while the last one was awaited */
        go_on(c, re, im);
    }
    return kind;
}
