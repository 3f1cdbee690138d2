/* SPDX-License-Identifier: MIT */
/* The voice band of simulated 2-wire lines: see aw/line.h. */
#include "aw/line.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "mem.h"

#define BLOCK         80 /* samples carried at once: 10 ms, the longest frame of a board */
#define HISTORY       (AW_LINE_ECHO_TAPS - 1)
#define CABLE_HISTORY (AW_LINE_CABLE_TAPS - 1)
#define REFLECTION    0.5F    /* -6 dB: an open line gives half of the sent voltage back */
#define FULL_SCALE_DB 3.14F   /* dBm0 of the largest sine (G.711) */
#define NO_NOISE_DBM0 -100.0F /* below half a step of 16 bits */
#define ULAW_BIAS     132     /* G.711 in 16 bits: 33 of 14 bits */
#define ULAW_CLIP     32635

enum { TO_FAR = 0, TO_BOARD = 1, ENDS = 2 };

struct line {
    float gain[ENDS];
    float noise_rms; /* of 16-bit full scale */
    aw_line_codec codec;
    unsigned path;
    size_t taps;
    uint64_t random[ENDS];
    float echo[AW_LINE_ECHO_TAPS];
    float sent[HISTORY + BLOCK]; /* what the codec sent, oldest first: the echo's memory */
    size_t cable_taps;
    float cable[AW_LINE_CABLE_TAPS];
    float said[CABLE_HISTORY + BLOCK]; /* what came in at the far end, the cable's memory */
    size_t hum_period;                 /* 0: none */
    size_t hum_at;
    float hum[AW_LINE_HUM_MAX];
};

struct aw_lines {
    size_t ports;
    struct line line[];
};

/* xorshift64*: small, fast, and the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(2685821657736338717);
}

/* Sum of four uniform numbers: Gaussian enough, standard deviation 1. */
static float next_noise(uint64_t *state)
{
    uint64_t r = next_random(state);
    int32_t sum = (int32_t)(r & 0xffff) + (int32_t)(r >> 16 & 0xffff) +
                  (int32_t)(r >> 32 & 0xffff) + (int32_t)(r >> 48);

    return (float)(sum - 131070) * (1.7320508F / 65536.0F);
}

static int32_t segment_of(int32_t magnitude)
{
    int32_t segment = 0;

    for (magnitude >>= 8; magnitude; magnitude >>= 1)
        segment++;
    return segment;
}

/* What is left of a sample after mu-law coding and decoding (G.711 tables 2a, 2b; negatives in
 * one's complement, as in the ITU-T software tool library). */
static int32_t through_ulaw(int32_t x)
{
    int32_t magnitude = (x < 0 ? -x - 1 : x) + ULAW_BIAS;
    if (magnitude > ULAW_CLIP + ULAW_BIAS)
        magnitude = ULAW_CLIP + ULAW_BIAS;
    int32_t segment = segment_of(magnitude);
    int32_t mantissa = magnitude >> (segment + 3) & 15;
    int32_t value = ((mantissa * 8 + ULAW_BIAS) << segment) - ULAW_BIAS;

    return x < 0 ? -value : value;
}

/* The same for A-law (G.711 tables 1a, 1b): no zero, steps of 16 around it. */
static int32_t through_alaw(int32_t x)
{
    int32_t magnitude = x < 0 ? -x - 1 : x;
    int32_t segment = segment_of(magnitude);
    int32_t value;

    if (segment == 0) {
        value = (magnitude >> 4 << 4) + 8;
    } else {
        int32_t mantissa = magnitude >> (segment + 3) & 15;
        value = (mantissa * 16 + 264) << (segment - 1);
    }
    return x < 0 ? -value : value;
}

static int32_t through_codec(aw_line_codec codec, int32_t x)
{
    switch (codec) {
    case AW_CODEC_ULAW:
        return through_ulaw(x);
    case AW_CODEC_ALAW:
        return through_alaw(x);
    case AW_CODEC_LINEAR:
    default:
        return x;
    }
}

static int32_t to_sample(float x)
{
    if (x >= 32767.0F)
        return 32767;
    if (x <= -32768.0F)
        return -32768;
    return (int32_t)lrintf(x);
}

static float gain_of(float db)
{
    return powf(10.0F, db / 20.0F);
}

static void seed_line(struct line *line, uint64_t seed, size_t port)
{
    for (size_t end = 0; end < ENDS; end++) {
        line->random[end] = seed * UINT64_C(0x9e3779b97f4a7c15) + port * ENDS + end + 1;
        for (int i = 0; i < 4; i++) /* part the neighbours */
            (void)next_random(&line->random[end]);
        if (!line->random[end])
            line->random[end] = 1; /* xorshift's only fixed point is 0 */
    }
}

aw_status aw_lines_new(aw_lines **out, size_t ports, uint64_t seed)
{
    if (!out || ports == 0 || ports > AW_LINES_MAX)
        return AW_EINVAL;
    aw_lines *l = aw_alloc(sizeof *l + ports * sizeof l->line[0]);
    if (!l)
        return AW_ENOMEM;
    l->ports = ports;
    for (size_t p = 0; p < ports; p++) {
        l->line[p].gain[TO_FAR] = l->line[p].gain[TO_BOARD] = 1.0F;
        seed_line(&l->line[p], seed, p);
    }
    *out = l;
    return AW_OK;
}

void aw_lines_free(aw_lines *l)
{
    aw_release(l);
}

static bool is_gain(float db)
{
    return db >= -60.0F && db <= 12.0F;
}

static bool are_settings(const aw_line_settings *s)
{
    return is_gain(s->to_far_db) && is_gain(s->to_board_db) && s->noise_dbm0 <= 0.0F &&
           s->codec >= AW_CODEC_LINEAR && s->codec <= AW_CODEC_ALAW;
}

aw_status aw_lines_set(aw_lines *l, size_t port, const aw_line_settings *settings,
                       const float *echo, size_t taps)
{
    if (!l || port >= l->ports || !settings || taps > AW_LINE_ECHO_TAPS || (taps && !echo))
        return AW_EINVAL;
    if (!are_settings(settings))
        return AW_EINVAL;
    struct line *line = &l->line[port];
    line->gain[TO_FAR] = gain_of(settings->to_far_db);
    line->gain[TO_BOARD] = gain_of(settings->to_board_db);
    line->noise_rms = 0.0F;
    if (settings->noise_dbm0 > NO_NOISE_DBM0)
        line->noise_rms = 32768.0F * 0.70710678F * gain_of(settings->noise_dbm0 - FULL_SCALE_DB);
    line->codec = (aw_line_codec)settings->codec;
    line->taps = taps;
    memset(line->echo, 0, sizeof line->echo);
    if (taps)
        memcpy(line->echo, echo, taps * sizeof *echo);
    memset(line->sent, 0, sizeof line->sent);
    return AW_OK;
}

aw_status aw_lines_cable(aw_lines *l, size_t port, const float *cable, size_t taps)
{
    if (!l || port >= l->ports || taps > AW_LINE_CABLE_TAPS || (taps && !cable))
        return AW_EINVAL;
    struct line *line = &l->line[port];
    line->cable_taps = taps;
    if (taps)
        memcpy(line->cable, cable, taps * sizeof *cable);
    memset(line->said, 0, sizeof line->said);
    return AW_OK;
}

aw_status aw_lines_hum(aw_lines *l, size_t port, const float *period, size_t n)
{
    if (!l || port >= l->ports || n > AW_LINE_HUM_MAX || (n && !period))
        return AW_EINVAL;
    struct line *line = &l->line[port];
    line->hum_period = n;
    line->hum_at = 0;
    if (n)
        memcpy(line->hum, period, n * sizeof *period);
    return AW_OK;
}

aw_status aw_lines_path(aw_lines *l, size_t port, unsigned path)
{
    if (!l || port >= l->ports ||
        path > (AW_LINE_TO_FAR | AW_LINE_TO_BOARD | AW_LINE_HYBRID | AW_LINE_REFLECT))
        return AW_EINVAL;
    l->line[port].path = path;
    return AW_OK;
}

static void add_noise(struct line *line, size_t end, float *to, size_t n)
{
    if (line->noise_rms <= 0.0F)
        return;
    for (size_t i = 0; i < n; i++)
        to[i] += line->noise_rms * next_noise(&line->random[end]);
}

/* Both ends hum alike, but the ends' samples of a block are computed one after the other. */
static void add_hum(const struct line *line, float *to, size_t n)
{
    size_t at = line->hum_at;

    for (size_t i = 0; line->hum_period && i < n; i++) {
        to[i] += line->hum[at];
        at = at + 1 < line->hum_period ? at + 1 : 0;
    }
}

/* Add what an FIR makes of samples whose past stands before newest. */
static void add_filtered(const float *fir, size_t taps, float gain, const float *newest, float *to,
                         size_t n)
{
    for (size_t tap = 0; tap < taps; tap++) {
        const float *past = newest - tap;
        float coefficient = gain * fir[tap];
        for (size_t i = 0; i < n; i++)
            to[i] += coefficient * past[i];
    }
}

static void add_through_cable(const struct line *line, float gain, const float *newest, float *to,
                              size_t n)
{
    static const float flat = 1.0F;

    if (line->cable_taps)
        add_filtered(line->cable, line->cable_taps, gain, newest, to, n);
    else
        add_filtered(&flat, 1, gain, newest, to, n);
}

/* Board to far end; returns whether it is loud there. */
static bool run_to_far(struct line *line, int16_t *heard, size_t n, int16_t loud)
{
    float far[BLOCK] = {0.0F};
    bool is_loud = false;

    if (!(line->path & AW_LINE_TO_FAR)) {
        memset(heard, 0, n * sizeof *heard);
        return false;
    }
    add_through_cable(line, line->gain[TO_FAR], line->sent + HISTORY, far, n);
    add_hum(line, far, n);
    add_noise(line, TO_FAR, far, n);
    for (size_t i = 0; i < n; i++) {
        int32_t sample = to_sample(far[i]);
        heard[i] = (int16_t)sample;
        is_loud |= sample > loud || sample < -loud;
    }
    return is_loud;
}

/* Far end to board: what is said there, the board's own echo, the noise of the line. */
static void run_to_board(struct line *line, const int16_t *said, int16_t *received, size_t n)
{
    float near[BLOCK] = {0.0F};

    for (size_t i = 0; i < n; i++)
        line->said[CABLE_HISTORY + i] = (float)said[i];
    if (line->path & AW_LINE_TO_BOARD)
        add_through_cable(line, line->gain[TO_BOARD], line->said + CABLE_HISTORY, near, n);
    if (line->path & AW_LINE_HYBRID)
        add_filtered(line->echo, line->taps, 1.0F, line->sent + HISTORY, near, n);
    if (line->path & AW_LINE_REFLECT)
        for (size_t i = 0; i < n; i++)
            near[i] += REFLECTION * line->sent[HISTORY + i];
    add_hum(line, near, n);
    add_noise(line, TO_BOARD, near, n);
    for (size_t i = 0; i < n; i++)
        received[i] = (int16_t)through_codec(line->codec, to_sample(near[i]));
}

static bool run_block(struct line *line, const int16_t *sent, const int16_t *said,
                      int16_t *received, int16_t *heard, size_t n, int16_t loud)
{
    for (size_t i = 0; i < n; i++)
        line->sent[HISTORY + i] = (float)through_codec(line->codec, sent[i]);
    bool is_loud = run_to_far(line, heard, n, loud);
    run_to_board(line, said, received, n);
    memmove(line->sent, line->sent + n, HISTORY * sizeof *line->sent);
    memmove(line->said, line->said + n, CABLE_HISTORY * sizeof *line->said);
    if (line->hum_period)
        line->hum_at = (line->hum_at + n) % line->hum_period;
    return is_loud;
}

uint64_t aw_lines_run(aw_lines *l, const int16_t *sent, const int16_t *said, int16_t *received,
                      int16_t *heard, size_t n, int16_t loud)
{
    uint64_t loud_ports = 0;

    for (size_t p = 0; p < l->ports; p++) {
        for (size_t i = 0; i < n; i += BLOCK) {
            size_t at = p * n + i;
            size_t count = n - i < BLOCK ? n - i : BLOCK;
            if (run_block(&l->line[p], sent + at, said + at, received + at, heard + at, count,
                          loud))
                loud_ports |= UINT64_C(1) << p;
        }
    }
    return loud_ports;
}
