/* SPDX-License-Identifier: MIT */
/* Analyser of unknown call-progress tones, the spectral half: which frequencies are in up to 400 ms
 * of the band, under a Hann window, to a small part of the 2 Hz between two bins. */
#include "dsp/learn.h"
#include "dsp/level.h"

#define SIZE      512u
#define RATE_HZ   1000.0f
#define HALF_BAND 184         /* bins: 360 Hz */
#define PEAKS     3           /* a carrier and its two sides are the most that is a tone */
#define PEAK_HZ   2500.0f     /* ms Hz: nothing is told apart from a peak nearer than this */
#define MIN_PEAK  (1.0f / 16) /* of the strongest's power: the window's own lie at -31 dB */
#define MIN_TWIN  (1.0f / 10) /* a pair differs by 10 dB at most */
#define MAX_SIDE  (1.0f / 2)  /* of a carrier's: modulated fully, each side has a quarter */
#define LOPSIDED  3.0f        /* Hz by which the two sides may differ */
#define MIN_SHARE 0.7f        /* of the energy, in the frequencies found: no voice has that */

typedef struct {
    float hz, power;
} peak;

static void reverse_bits(float re[SIZE], float im[SIZE])
{
    for (uint32_t i = 1, j = 0; i < SIZE; i++) {
        uint32_t bit = SIZE >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            float x = re[i], y = im[i];
            re[i] = re[j];
            im[i] = im[j];
            re[j] = x;
            im[j] = y;
        }
    }
}

static void transform(float re[SIZE], float im[SIZE])
{
    reverse_bits(re, im);
    for (uint32_t half = 1; half < SIZE; half *= 2) {
        float step = AW_TWO_PI / (float)(2 * half), cosine = cosf(step), sine = -sinf(step);
        float w_re = 1.0f, w_im = 0.0f;
        for (uint32_t k = 0; k < half; k++) {
            for (uint32_t a = k; a < SIZE; a += 2 * half) {
                uint32_t b = a + half;
                float x = re[b] * w_re - im[b] * w_im, y = re[b] * w_im + im[b] * w_re;
                re[b] = re[a] - x;
                im[b] = im[a] - y;
                re[a] += x;
                im[a] += y;
            }
            float next = w_re * cosine - w_im * sine;
            w_im = w_re * sine + w_im * cosine;
            w_re = next;
        }
    }
}

/* The window's spectrum; returns the energy under the window. */
static float spectrum(const int16_t *kept, uint32_t n, float power[SIZE])
{
    float im[SIZE], energy = 0.0f;

    for (uint32_t i = 0; i < SIZE; i++) {
        float w = i < n ? 1.0f - cosf(AW_TWO_PI * ((float)i + 0.5f) / (float)n) : 0.0f;
        power[i] = i < n ? w * (float)kept[2 * i] : 0.0f;
        im[i] = i < n ? w * (float)kept[2 * i + 1] : 0.0f;
        energy += power[i] * power[i] + im[i] * im[i];
    }
    transform(power, im);
    for (uint32_t i = 0; i < SIZE; i++)
        power[i] = power[i] * power[i] + im[i] * im[i] + 1.0f;
    return energy;
}

static float at(const float power[SIZE], int32_t bin)
{
    return power[(uint32_t)bin % SIZE];
}

/* A maximum and its neighbours, of whose logarithms a parabola is laid. */
static peak top_of(const float power[SIZE], int32_t bin, float n)
{
    float a = logf(at(power, bin - 1)), b = logf(at(power, bin)), c = logf(at(power, bin + 1));
    float bend = a - 2 * b + c, off = bend < 0.0f ? (a - c) / 2 / bend : 0.0f;

    return (peak){
        .hz = AW_LEARN_MIDDLE_HZ + ((float)bin + off) * RATE_HZ / (float)SIZE,
        .power = expf(b - (a - c) * off / 4) / (n * n), /* the window's sum is n */
    };
}

static bool is_apart(const peak *found, int count, float hz, float least)
{
    for (int i = 0; i < count; i++)
        if (fabsf(found[i].hz - hz) < least)
            return false;
    return true;
}

/* The strongest maxima of the band, strongest first. */
static int find_peaks(const float power[SIZE], uint32_t n, peak found[PEAKS])
{
    int count = 0;

    while (count < PEAKS) {
        int32_t best = HALF_BAND + 1;
        for (int32_t bin = -HALF_BAND; bin <= HALF_BAND; bin++) {
            float p = at(power, bin), hz = AW_LEARN_MIDDLE_HZ + (float)bin * RATE_HZ / (float)SIZE;
            bool top = p >= at(power, bin - 1) && p >= at(power, bin + 1);
            if (top && is_apart(found, count, hz, PEAK_HZ / (float)n) &&
                (best > HALF_BAND || p > at(power, best)))
                best = bin;
        }
        if (best > HALF_BAND)
            break;
        found[count] = top_of(power, best, (float)n);
        if (found[count].power < MIN_PEAK * found[0].power)
            break;
        count++;
    }
    return count;
}

/* Two sides of about one strength, as far above the carrier as below. */
static bool is_modulated(const peak *found, int count)
{
    if (count < PEAKS)
        return false;
    float above = found[1].hz - found[0].hz, below = found[0].hz - found[2].hz;
    return fabsf(above - below) <= LOPSIDED && found[1].power <= MAX_SIDE * found[0].power &&
           found[2].power >= found[1].power / 4;
}

void aw_learn_look(const int16_t *kept, uint32_t n, aw_segment *found)
{
    float power[SIZE], energy = spectrum(kept, n, power), sum = 0.0f;
    peak top[PEAKS];
    int count = find_peaks(power, n, top);
    bool modulated = is_modulated(top, count);
    bool pair = !modulated && count > 1 && top[1].power >= MIN_TWIN * top[0].power;

    for (int i = 0; i < (modulated ? PEAKS : pair ? 2 : count > 0); i++)
        sum += top[i].power;
    *found = (aw_segment){.kind = AW_SEGMENT_OTHER, .dbm0 = AW_SILENCE_DBM0};
    if (sum * 1.5f * (float)n < MIN_SHARE * energy ||
        count == 0) /* 1.5: mean square of the window */
        return;
    bool rising = !pair || top[0].hz < top[1].hz;
    found->kind = AW_SEGMENT_TONE;
    found->hz[0] = rising ? top[0].hz : top[1].hz;
    found->hz[1] = !pair ? 0.0f : rising ? top[1].hz : top[0].hz;
    found->dbm0 = 10 * log10f(sum / 2 / AW_POWER_0DBM0);
}
