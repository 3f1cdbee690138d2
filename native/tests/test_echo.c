/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "aw/echo.h"
#include "check.h"
#include "mem.h"

#define TURN  6.28318530717958648
#define TAPS  96
#define BLOCK AW_ECHO_BLOCK

/* A line: what is said into it comes back through a path, with noise and a talker on top. */
struct line {
    double path[TAPS], past[TAPS + BLOCK];
    uint64_t random;
    double noise; /* rms of the line's own noise */
    unsigned lag; /* blocks of delay before the path */
    int16_t sent[64][BLOCK];
    unsigned blocks;
};

static double uniform(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return (double)(*random >> 33) / 2147483648.0 * 2.0 - 1.0;
}

static double gauss(uint64_t *random)
{
    double sum = 0;

    for (int i = 0; i < 12; i++)
        sum += uniform(random);
    return sum / 2.0;
}

/* A path of 8 ms after 1 ms, with the return loss given. */
static void make_path(struct line *line, uint64_t seed, double erl_db)
{
    double energy = 0;

    for (int k = 0; k < TAPS; k++) {
        line->path[k] = k < 8 ? 0 : gauss(&seed) * exp(-(k - 8) / 14.0);
        energy += line->path[k] * line->path[k];
    }
    for (int k = 0; k < TAPS; k++)
        line->path[k] *= pow(10, -erl_db / 20) / sqrt(energy);
}

static int16_t sample(double x)
{
    return (int16_t)lrint(x > 32767 ? 32767 : x < -32768 ? -32768 : x);
}

static void echo_of(struct line *line, const int16_t *far, const int16_t *talk, int16_t *near)
{
    const int16_t *then = line->sent[(line->blocks + 64 - line->lag) % 64];

    memcpy(line->sent[line->blocks % 64], far, sizeof line->sent[0]);
    line->blocks++;
    memmove(line->past, line->past + BLOCK, TAPS * sizeof(double));
    for (int i = 0; i < BLOCK; i++)
        line->past[TAPS + i] = then[i];
    for (int i = 0; i < BLOCK; i++) {
        double y = line->noise * gauss(&line->random) + (talk ? talk[i] : 0);
        for (int k = 0; k < TAPS; k++)
            y += line->path[k] * line->past[TAPS + i - k];
        near[i] = sample(y);
    }
}

/* Speech-like: noise with a formant, in syllables of 200 ms and pauses of 100. */
struct talker {
    uint64_t random;
    double y1, y2, level;
    unsigned at;
};

static void talk(struct talker *t, int16_t *out)
{
    for (int i = 0; i < BLOCK; i++, t->at++) {
        double y = gauss(&t->random) + 1.45 * t->y1 - 0.72 * t->y2;
        t->y2 = t->y1;
        t->y1 = y;
        out[i] = sample(t->at % 2400 < 1600 ? y * t->level / 3.6 : 0);
    }
}

static double power(const int16_t *x)
{
    double sum = 0;

    for (int i = 0; i < BLOCK; i++)
        sum += (double)x[i] * x[i];
    return sum / BLOCK;
}

static double decibels(double ratio)
{
    return 10 * log10(ratio + 1e-12);
}

/* One canceller on one line, and what came of the last blocks. */
struct rig {
    aw_echo_group *group;
    struct line line;
    struct talker far, near;
    double near_power, out_power, error_power, talk_power;
    unsigned suppressed; /* blocks of them with the non-linear processor closed */
};

static aw_status set_up(struct rig *r, uint32_t tail_ms, uint32_t delay_ms, uint32_t wants)
{
    memset(r, 0, sizeof *r);
    aw_status err = aw_echo_group_new(&r->group, tail_ms, delay_ms);
    if (err)
        return err;
    make_path(&r->line, 5, 12);
    r->line.random = 7;
    r->line.noise = 8; /* -69 dBm0 */
    r->far = (struct talker){.random = 11, .level = 4000};
    r->near = (struct talker){.random = 13, .level = 0};
    return aw_echo_open(r->group, 3, tail_ms, wants);
}

static aw_echo_view look(const struct rig *r)
{
    aw_echo_view v;

    CHECK(aw_echo_look(r->group, 3, &v) == AW_OK);
    return v;
}

enum source { SPEECH, SILENCE, TONES };

/* Run ms; the powers are those of the last third. */
static void run(struct rig *r, enum source source, unsigned ms)
{
    unsigned blocks = ms / 5;

    r->near_power = r->out_power = r->error_power = r->talk_power = 0;
    r->suppressed = 0;
    for (unsigned b = 0; b < blocks; b++) {
        int16_t far[BLOCK] = {0}, own[BLOCK], near[BLOCK], out[BLOCK], error[BLOCK];
        if (source == SPEECH)
            talk(&r->far, far);
        for (int i = 0; i < BLOCK && source == TONES; i++)
            far[i] = sample(4000 * sin(TURN * 697 / 8000 * (b * BLOCK + (unsigned)i)) +
                            4000 * sin(TURN * 1209 / 8000 * (b * BLOCK + (unsigned)i)));
        talk(&r->near, own);
        echo_of(&r->line, far, own, near);
        CHECK(aw_echo_feed(r->group, 3, far, near, out, BLOCK) == AW_OK);
        for (int i = 0; i < BLOCK; i++)
            error[i] = (int16_t)(out[i] - own[i]);
        if (b * 3 < blocks * 2)
            continue;
        r->near_power += power(near);
        r->out_power += power(out);
        r->error_power += power(error);
        r->talk_power += power(own);
        r->suppressed += look(r).suppressing;
    }
}

static double erle(const struct rig *r)
{
    return decibels(r->near_power / (r->out_power + 1e-9));
}

static aw_status test_converges_within_a_second(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 0, 0);
    if (err)
        return err;
    run(&r, SPEECH, 900);
    CHECK(erle(&r) > 26); /* G.168 test 2B asks for 20 dB, ERL included */
    run(&r, SPEECH, 3000);
    CHECK(erle(&r) > 34);
    aw_echo_view v = look(&r);
    CHECK(v.open && v.converged && !v.frozen && !v.disabled && v.resets == 0);
    CHECK(fabsf(v.erl_db - 12) < 3 && v.erle_db > 30);
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_long_tail_converges(void)
{
    struct rig r;
    aw_status err = set_up(&r, 128, 0, 0);
    if (err)
        return err;
    r.line.lag = 20; /* the path begins after 100 ms */
    run(&r, SPEECH, 3000);
    CHECK(erle(&r) > 30 && look(&r).resets == 0);
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_double_talk_passes_and_does_no_harm(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 0, AW_ECHO_NLP);
    if (err)
        return err;
    run(&r, SPEECH, 2000);
    r.near.level = 2000; /* 6 dB above the echo */
    run(&r, SPEECH, 3000);
    CHECK(decibels(r.error_power / r.talk_power) < -24);
    r.near.level = 0;
    CHECK(look(&r).resets == 0);
    run(&r, SPEECH, 450);
    CHECK(erle(&r) > 30);
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_near_end_alone_passes_untouched(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 0, AW_ECHO_NLP | AW_ECHO_DISABLER);
    if (err)
        return err;
    run(&r, SPEECH, 1500);
    run(&r, SILENCE, 300); /* the tail empties */
    for (double level = 60; level < 9000; level *= 4) {
        r.near.level = level;
        run(&r, SILENCE, 900);
        CHECK(fabs(decibels(r.out_power / r.near_power)) < 0.01 && r.suppressed == 0);
    }
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_tones_do_no_harm(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 0, 0);
    if (err)
        return err;
    run(&r, SPEECH, 2500);
    double before = erle(&r);
    run(&r, TONES, 3000);
    CHECK(look(&r).frozen && erle(&r) > 30);
    run(&r, SPEECH, 300);
    CHECK(!look(&r).frozen && erle(&r) > before - 3);
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_a_changed_path_is_learnt_anew(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 0, 0);
    if (err)
        return err;
    run(&r, SPEECH, 2000);
    make_path(&r.line, 99, 8);
    run(&r, SPEECH, 900);
    CHECK(erle(&r) > 24 && look(&r).resets == 1);
    memset(r.line.path, 0, sizeof r.line.path); /* and removed */
    run(&r, SPEECH, 450);
    CHECK(erle(&r) > -0.5);
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_residual_becomes_comfort_noise(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 0, AW_ECHO_NLP);
    if (err)
        return err;
    for (double noise = 4; noise < 50; noise *= 3) {
        r.line.noise = noise; /* at 4 the residual echo is the louder */
        run(&r, SPEECH, 6000);
        double level = decibels(r.out_power / 400 / (noise * noise));
        CHECK(fabs(level) < 2);    /* G.168 test 9 */
        CHECK(r.suppressed > 200); /* of 400 */
        double floor = 3.14 + decibels(2 * noise * noise / (32768.0 * 32768.0));
        CHECK(fabs((double)look(&r).floor_dbm0 - floor) < 2);
    }
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_a_bulk_delay_is_found(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 250, AW_ECHO_SEARCH);
    if (err)
        return err;
    r.line.lag = 40; /* 200 ms */
    run(&r, SPEECH, 6000);
    CHECK(look(&r).delay_ms >= 185 && look(&r).delay_ms <= 200);
    CHECK(erle(&r) > 25);
    aw_echo_group_free(r.group);
    return AW_OK;
}

/* 2100 Hz from the far or the near end, reversed every period_ms (0: never); ms until disabled. */
static unsigned until_disabled(struct rig *r, double hz, unsigned period_ms, int from_near)
{
    for (unsigned b = 0; b < 600; b++) {
        int16_t tone[BLOCK], quiet[BLOCK] = {0}, out[BLOCK];
        for (unsigned i = 0; i < BLOCK; i++) {
            unsigned n = b * BLOCK + i + 13;
            double sign = period_ms && n / (period_ms * 8) % 2 ? -1 : 1;
            tone[i] = sample(sign * 3000 * sin(TURN * hz / 8000 * n));
        }
        CHECK(!aw_echo_feed(r->group, 3, from_near ? quiet : tone, from_near ? tone : quiet, out,
                            BLOCK));
        if (look(r).disabled)
            return b * 5;
    }
    return 0;
}

static aw_status test_modem_answer_tone_disables(void)
{
    struct rig r;
    static const struct {
        double hz;
        unsigned period_ms;
        int near, disables;
    } rows[] = {
        {2100, 450, 0, 1}, {2100, 450, 1, 1}, {2121, 425, 1, 1},
        {2079, 475, 0, 1}, {2100, 0, 0, 0}, /* a fax */
        {2200, 450, 1, 0}, {2100, 300, 1, 0}, {1004, 450, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        aw_status err = set_up(&r, 16, 0, AW_ECHO_NLP | AW_ECHO_DISABLER);
        if (err)
            return err;
        unsigned ms = until_disabled(&r, rows[i].hz, rows[i].period_ms, rows[i].near);
        CHECK(rows[i].disables ? ms > 0 && ms <= 1000 : ms == 0);
        run(&r, SILENCE, 90);
        CHECK(look(&r).disabled == rows[i].disables);
        run(&r, SILENCE, 315); /* 250 +- 150 ms */
        CHECK(!look(&r).disabled);
        aw_echo_group_free(r.group);
    }
    return AW_OK;
}

/* Sixteen lines of all sorts; the same samples every time. */
struct crowd {
    struct line line[16];
    struct talker far[16], near[16];
    int16_t f[16][BLOCK], n[16][BLOCK];
};

static void gather_crowd(struct crowd *c)
{
    memset(c, 0, sizeof *c);
    for (unsigned i = 0; i < 16; i++) {
        make_path(&c->line[i], i + 1, 6 + i % 10);
        c->line[i].random = i + 50;
        c->line[i].noise = i % 4 * 10.0;
        c->far[i] = (struct talker){.random = i + 100, .level = 500.0 * (i + 1), .at = i * 300};
        c->near[i] = (struct talker){.random = i + 200, .level = i % 3 * 1000.0, .at = i * 500};
    }
}

static void move_crowd(struct crowd *c, unsigned block)
{
    for (unsigned i = 0; i < 16; i++) {
        int16_t own[BLOCK] = {0};
        if (block == 150 + i)
            make_path(&c->line[i], i + 500, 7);
        talk(&c->far[i], c->f[i]);
        if (block % 100 > 60)
            talk(&c->near[i], own);
        for (unsigned k = 0; k < BLOCK && i == 6 && block > 200; k++)
            c->f[i][k] = sample(3000 * sin(TURN * 0.13 * (block * BLOCK + k)));
        echo_of(&c->line[i], c->f[i], own, c->n[i]);
    }
}

static void process(aw_echo_group *g, const struct crowd *c, int16_t out[16][BLOCK])
{
    const int16_t *far[16], *near[16];
    int16_t *outs[16];

    for (int i = 0; i < 16; i++) {
        far[i] = c->f[i];
        near[i] = c->n[i];
        outs[i] = out[i];
    }
    aw_echo_process_rows(g, far, near, outs);
}

static aw_status open_crowd(aw_echo_group **g, uint32_t tail_ms, aw_simd set)
{
    aw_status err = aw_echo_group_new_with(g, tail_ms, 0, set);
    for (uint32_t i = 0; i < 16 && !err; i++)
        if (i != 5)
            CHECK(!aw_echo_open(*g, i, i % 4 ? tail_ms : 16, AW_ECHO_NLP | AW_ECHO_DISABLER));
    return err;
}

/* Every set against the scalar one with the same multiply-add: each sample of each lane alike. */
static aw_status test_every_set_equals_its_reference(void)
{
    static struct crowd crowd;
    static const uint32_t tails[] = {20, 60};
    static const aw_simd pairs[][2] = {{AW_SIMD_BASE, AW_SIMD_SCALAR},
                                       {AW_SIMD_AVX2, AW_SIMD_FUSED},
                                       {AW_SIMD_AVX512, AW_SIMD_FUSED},
                                       {AW_SIMD_NEON, AW_SIMD_FUSED}};
    for (size_t t = 0; t < 2; t++)
        for (size_t p = 0; p < 4; p++) {
            aw_echo_group *g = NULL, *reference = NULL;
            if (!aw_simd_has(pairs[p][0]))
                continue;
            aw_status err = open_crowd(&g, tails[t], pairs[p][0]);
            if (!err)
                err = open_crowd(&reference, tails[t], pairs[p][1]);
            gather_crowd(&crowd);
            for (unsigned b = 0; b < 260 && !err; b++) {
                int16_t a[16][BLOCK], c[16][BLOCK];
                move_crowd(&crowd, b);
                process(g, &crowd, a);
                process(reference, &crowd, c);
                CHECK(memcmp(a, c, sizeof a) == 0);
            }
            aw_echo_group_free(g);
            aw_echo_group_free(reference);
            if (err)
                return err;
        }
    return AW_OK;
}

static aw_status test_lanes_do_not_see_each_other(void)
{
    static struct crowd crowd;
    aw_echo_group *g = NULL, *alone = NULL;
    aw_status err = open_crowd(&g, 20, aw_simd_choose());

    if (!err)
        err = aw_echo_group_new(&alone, 20, 0);
    if (!err)
        err = aw_echo_open(alone, 9, 20, AW_ECHO_NLP | AW_ECHO_DISABLER);
    gather_crowd(&crowd);
    for (unsigned b = 0; b < 260 && !err; b++) {
        int16_t all[16][BLOCK], one[16][BLOCK];
        move_crowd(&crowd, b);
        process(g, &crowd, all);
        process(alone, &crowd, one);
        CHECK(memcmp(all[9], one[9], sizeof one[9]) == 0);
        CHECK(memcmp(one[2], crowd.n[2], sizeof one[2]) == 0); /* closed lanes pass */
        CHECK(memcmp(all[5], crowd.n[5], sizeof all[5]) == 0);
    }
    aw_echo_group_free(g);
    aw_echo_group_free(alone);
    return err;
}

static aw_status test_hostile_samples_leave_no_trace(void)
{
    struct rig r;
    uint64_t random = 3;
    aw_status err = set_up(&r, 32, 0, AW_ECHO_NLP | AW_ECHO_DISABLER);
    if (err)
        return err;
    for (unsigned b = 0; b < 400; b++) {
        int16_t far[BLOCK], near[BLOCK], out[BLOCK];
        for (unsigned i = 0; i < BLOCK; i++) {
            far[i] = (b + i) % 3 ? INT16_MIN : INT16_MAX;
            near[i] = b / 50 % 2 ? (int16_t)(32767 * uniform(&random)) : INT16_MIN;
        }
        CHECK(aw_echo_feed(r.group, 3, far, near, out, BLOCK) == AW_OK);
    }
    run(&r, SPEECH, 3000);
    CHECK(erle(&r) > 25 && isfinite(look(&r).erl_db) && isfinite(look(&r).erle_db));
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_reset_forgets(void)
{
    struct rig r;
    aw_status err = set_up(&r, 32, 0, 0);
    if (err)
        return err;
    run(&r, SPEECH, 1500);
    CHECK(look(&r).converged);
    CHECK(aw_echo_reset(r.group, 3) == AW_OK && !look(&r).converged);
    CHECK(aw_echo_close(r.group, 3) == AW_OK && !look(&r).open);
    CHECK(aw_echo_reset(r.group, 3) == AW_ESTATE);
    aw_echo_group_free(r.group);
    return AW_OK;
}

static aw_status test_bad_arguments_and_size(void)
{
    aw_echo_group *g = NULL;
    aw_echo_view v;
    int16_t x[BLOCK] = {0};

    CHECK(aw_echo_group_new(NULL, 32, 0) == AW_EINVAL);
    CHECK(aw_echo_group_new(&g, 4, 0) == AW_EINVAL && aw_echo_group_new(&g, 161, 0) == AW_EINVAL);
    CHECK(aw_echo_group_new(&g, 32, 251) == AW_EINVAL);
    CHECK(aw_echo_group_new_with(&g, 32, 0, (aw_simd)9) == AW_EINVAL && g == NULL);
    aw_status err = aw_echo_group_new(&g, 32, 0);
    if (err)
        return err;
    CHECK(aw_echo_group_bytes(g) < 500000);
    CHECK(aw_echo_open(g, 16, 32, 0) == AW_EINVAL && aw_echo_open(g, 0, 36, 0) == AW_EINVAL);
    CHECK(aw_echo_open(g, 0, 32, AW_ECHO_SEARCH) == AW_EINVAL);
    CHECK(aw_echo_open(g, 0, 32, 8) == AW_EINVAL && aw_echo_look(g, 16, &v) == AW_EINVAL);
    CHECK(aw_echo_feed(g, 0, x, x, x, 39) == AW_EINVAL);
    CHECK(aw_echo_feed(g, 0, NULL, x, x, BLOCK) == AW_EINVAL);
    aw_echo_group_free(g);
    aw_echo_group_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const struct {
        const char *name;
        aw_status (*fn)(void);
        int starved;
    } tests[] = {
        {"converges within a second", test_converges_within_a_second, 0},
        {"long tail converges", test_long_tail_converges, 0},
        {"double talk passes and does no harm", test_double_talk_passes_and_does_no_harm, 0},
        {"near end alone passes untouched", test_near_end_alone_passes_untouched, 0},
        {"tones do no harm", test_tones_do_no_harm, 0},
        {"a changed path is learnt anew", test_a_changed_path_is_learnt_anew, 0},
        {"residual becomes comfort noise", test_residual_becomes_comfort_noise, 0},
        {"a bulk delay is found", test_a_bulk_delay_is_found, 0},
        {"modem answer tone disables", test_modem_answer_tone_disables, 0},
        {"every set equals its reference", test_every_set_equals_its_reference, 0},
        {"lanes do not see each other", test_lanes_do_not_see_each_other, 0},
        {"hostile samples leave no trace", test_hostile_samples_leave_no_trace, 0},
        {"reset forgets", test_reset_forgets, 1},
        {"bad arguments and size", test_bad_arguments_and_size, 1},
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        CHECK(tests[i].fn() == AW_OK);
        int n = 0; /* the same test, starved of memory */
        for (aw_status err = AW_ENOMEM; err && tests[i].starved; n++) {
            aw_test_fail_alloc_after(n);
            err = tests[i].fn();
            CHECK(err == AW_OK || err == AW_ENOMEM);
        }
        aw_test_fail_alloc_after(-1);
        printf("ok %s\n", tests[i].name);
    }
    return 0;
}
