/* SPDX-License-Identifier: MIT */
/* Receiver of call waiting's alerting signal: see aw/cas.h. */
#include "dsp/cas.h"

#include <math.h>
#include <stdbool.h>

#include "dsp/level.h"
#include "mem.h"

#define HOP         AW_CAS_HOP
#define WINDOW      AW_CAS_WINDOW
#define HOP_MS      5.0f
#define MIN_LEVEL   330.0f /* amplitude, -36.8 dBm0: the least to be heard is -32 */
#define MAX_TWIST   2.3f   /* amplitudes, 7.2 dB: 6 dB is to be heard */
#define SHARE       0.6f   /* of the energy over 1700 Hz in both tones; SNR 6 dB is 0.8 */
#define STEADY      0.5f   /* a hop's amplitude over the mean */
#define COHERENCE   0.9f
#define PRESENT     0.5f /* of the amplitude: else the signal has ended */
#define SHORTEST_MS 66u  /* sent: 75-85 ms; ETSI on-hook and some offices up to 110 */
#define LONGEST_MS  118u

/* High-pass, Butterworth of fourth order at 1700 Hz: 22 dB less of 1000 Hz, 0.3 of 2130. */
static const float HIGH_PASS[2][3] = {
    /* gain, feedback of one and two samples before */
    {0.324872555f, -0.245945201f, 0.053545020f},
    {0.449470341f, -0.340272120f, 0.457609245f},
};

/* Of each tone: cosine and sine of its turn in a sample, and in a hop; and how far the turn of a
 * hop may be off, as a tangent: 0.9 %, where 0.5 % is to be heard. */
static const struct {
    float cosine, sine, hop_cos, hop_sin, off;
} TONE[2] = {
    {-0.101924456f, 0.994792142f, -0.587785252f, -0.809016994f, 0.690f},
    {-0.555570233f, 0.831469612f, 0.0f, -1.0f, 0.985f},
};

void aw_cas_init(aw_cas *c)
{
    *c = (aw_cas){.hops = 0};
}

aw_status aw_cas_new(aw_cas **out)
{
    if (!out)
        return AW_EINVAL;
    aw_cas *c = aw_alloc(sizeof *c);
    if (!c)
        return AW_ENOMEM;
    aw_cas_init(c);
    *out = c;
    return AW_OK;
}

void aw_cas_free(aw_cas *c)
{
    aw_release(c);
}

static void take_sample(aw_cas *c, float sample)
{
    float y = sample + 1e-3f; /* keeps silence clear of denormals */

    for (int i = 0; i < 2; i++) {
        float x = y * HIGH_PASS[i][0], *state = c->high_pass[i];
        y = x + state[0];
        state[0] = state[1] - 2.0f * x - HIGH_PASS[i][1] * y;
        state[1] = x - HIGH_PASS[i][2] * y;
    }
    c->energy += y * y;
    for (int k = 0; k < 2; k++) {
        float q0 = y - c->q2[k] + 2.0f * TONE[k].cosine * c->q1[k];
        c->q2[k] = c->q1[k];
        c->q1[k] = q0;
    }
}

static void keep_hop(aw_cas *c)
{
    c->newest = (c->newest + 1) % (WINDOW + 1);
    aw_cas_hop *h = &c->hop[c->newest];
    h->energy = c->energy / (float)HOP;
    for (int k = 0; k < 2; k++) {
        h->re[k] = (c->q1[k] - TONE[k].cosine * c->q2[k]) * (2.0f / (float)HOP);
        h->im[k] = TONE[k].sine * c->q2[k] * (2.0f / (float)HOP);
        c->q1[k] = c->q2[k] = 0.0f;
    }
    c->energy = 0.0f;
    c->samples = 0;
}

static const aw_cas_hop *hop(const aw_cas *c, uint32_t age)
{
    return &c->hop[(c->newest + WINDOW + 1 - age) % (WINDOW + 1)];
}

static float amplitude(const aw_cas_hop *h, int k)
{
    return sqrtf(h->re[k] * h->re[k] + h->im[k] * h->im[k]);
}

/* Is there one steady tone of the right frequency?  Gives its level; adds its energy. */
static bool is_tone(const aw_cas *c, int k, float *level, float *explained)
{
    float re = 0, im = 0, weight = 0, before = 0, sum = 0, least = INFINITY;

    for (uint32_t age = WINDOW; age-- > 0;) {
        const aw_cas_hop *h = hop(c, age), *b = hop(c, age + 1);
        float now = amplitude(h, k);
        sum += now;
        least = now < least ? now : least;
        *explained += now * now / 2;
        if (age < WINDOW - 1) {
            float x = h->re[k] * b->re[k] + h->im[k] * b->im[k];
            float y = h->im[k] * b->re[k] - h->re[k] * b->im[k];
            re += x * TONE[k].hop_cos + y * TONE[k].hop_sin;
            im += y * TONE[k].hop_cos - x * TONE[k].hop_sin;
            weight += now * before;
        }
        before = now;
    }
    *level = sum / (float)WINDOW;
    return *level >= MIN_LEVEL && least >= STEADY * *level &&
           re * re + im * im >= COHERENCE * COHERENCE * weight * weight &&
           fabsf(im) <= TONE[k].off * re;
}

/* How much of the signal there is in a hop: that of the weaker tone, 0..1. */
static float presence(const aw_cas *c, uint32_t age)
{
    float low = amplitude(hop(c, age), 0) / c->level[0];
    float high = amplitude(hop(c, age), 1) / c->level[1];

    return fminf(1.0f, fminf(low, high));
}

static void await_signal(aw_cas *c)
{
    float total = 0, explained = 0;

    for (uint32_t age = 0; age < WINDOW; age++)
        total += hop(c, age)->energy;
    if (total < MIN_LEVEL * MIN_LEVEL * (float)WINDOW)
        return;
    if (!is_tone(c, 0, &c->level[0], &explained) || !is_tone(c, 1, &c->level[1], &explained))
        return;
    if (explained < SHARE * total || c->level[0] > MAX_TWIST * c->level[1] ||
        c->level[1] > MAX_TWIST * c->level[0])
        return;
    c->hops = WINDOW;
    c->edge = presence(c, WINDOW);
}

/* Returns the duration of the signal, if it has ended and had the right one. */
static uint32_t await_end(aw_cas *c)
{
    float part = presence(c, 0);

    if (part >= PRESENT) {
        c->hops += c->hops < 1000; /* a tone for ever: enough to know */
        return 0;
    }
    float whole = ((float)c->hops + c->edge + part) * HOP_MS;
    uint32_t ms = (uint32_t)(whole + 0.5f);
    c->hops = 0;
    return ms >= SHORTEST_MS && ms <= LONGEST_MS ? ms : 0;
}

uint32_t aw_cas_feed(aw_cas *c, const int16_t *pcm, size_t n)
{
    uint32_t heard = 0;

    for (size_t i = 0; i < n; i++) {
        take_sample(c, (float)pcm[i]);
        if (++c->samples < HOP)
            continue;
        keep_hop(c);
        if (c->hops == 0)
            await_signal(c);
        else
            heard += await_end(c);
    }
    return heard;
}
