/* SPDX-License-Identifier: MIT */
/* Every lane, in every instruction set, against the single MF receiver and the single detector of
 * special tones: bit for bit. */
#include <stdbool.h>
#include <string.h>

#include "dsp/lanes.h"
#include "signal.h"
#include "starve.h"

#define BLOCK  AW_LANES_BLOCK
#define BLOCKS 4000 /* 20 s */

static uint32_t seed;

static uint32_t below(uint32_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * limit >> 32);
}

static double between(double low, double high)
{
    return low + (high - low) * (double)below(1u << 20) / (double)(1u << 20);
}

/* What one channel says: stretches of anything that the detectors are for, or against. */
struct talker {
    double hz[2], dbm0[2], noise, depth;
    uint32_t left, period, at; /* samples; between reversals, or 0 */
    uint32_t sit;              /* tones of SIT that are still to come */
};

static void choose_signal(struct talker *t, aw_mf_standard standard)
{
    const float *hz = aw_mf_frequencies(standard);
    uint32_t first = below(6);
    double off = below(3) ? 10 : 30;

    t->hz[0] = (double)hz[first] + between(-off, off);
    t->hz[1] = (double)hz[(first + 1 + below(5)) % 6] + between(-off, off);
    t->dbm0[0] = between(-38, -2);
    t->dbm0[1] = t->dbm0[0] + between(-10, 10);
    t->left = 120 + below(1000);
}

/* CNG, answer tones of all sorts, or the first tone of SIT. */
static void choose_machine(struct talker *t)
{
    static const double hz[3] = {1100, 2100, 914};
    uint32_t which = below(3);

    t->hz[0] = hz[which] + between(-12, 12);
    t->dbm0[0] = between(-44, -2);
    t->noise *= 0.05;
    t->left = which == 0 ? 3800 + below(500) : which == 1 ? 4000 + below(12000) : 2192;
    t->period = which == 1 && below(2) ? 3600 : 0;
    t->depth = which == 1 && below(2) ? 0.2 : 0;
    t->sit = which == 2 ? 2 : 0;
}

static void choose(struct talker *t, aw_mf_standard standard)
{
    static const double rising[3] = {0, 1776.7, 1370.6};

    if (t->sit > 0) {
        t->hz[0] = rising[t->sit--];
        t->left = below(2) ? 2192 : 3040;
        return;
    }
    *t = (struct talker){.left = 100 + below(1500)};
    t->noise = below(3) ? between(0, 20) : between(0, 4000);
    uint32_t which = below(6);
    if (which < 3)
        choose_signal(t, standard);
    else if (which < 5)
        choose_machine(t);
    else if (below(20) == 0)
        t->noise = 60000; /* clips all the time */
}

static int16_t say(struct talker *t, aw_mf_standard standard)
{
    if (t->left-- == 0)
        choose(t, standard);
    double v = t->noise * between(-1, 1), turn = 2 * SIGNAL_PI * (double)t->at / 8000;
    double sign = t->period > 0 && t->at / t->period % 2 ? -1 : 1;
    double loud = sign * (1 + t->depth * sin(15 * turn));
    for (int k = 0; k < 2; k++)
        if (t->hz[k] > 0)
            v += loud * signal_peak(t->dbm0[k]) * sin(turn * t->hz[k]);
    t->at++;
    return (int16_t)lrint(fmax(-32768, fmin(32767, v)));
}

/* Groups beside sixteen single blocks. */
struct pair {
    aw_mf_standard standard;
    aw_mf_group *mf;
    aw_special_group *special;
    struct aw_mf one_mf[16];
    struct aw_special one_special[16];
    uint32_t mf_open, special_open;
    struct talker talker[16];
    size_t signals, kinds[AW_SPECIAL_NO_CIRCUIT + 1];
};

static void toggle(struct pair *p, uint32_t lane)
{
    uint32_t bit = 1u << lane;

    p->mf_open ^= bit;
    if (p->mf_open & bit) {
        CHECK(aw_mf_init(&p->one_mf[lane], p->standard) == AW_OK);
        aw_mf_group_open(p->mf, lane);
    } else {
        aw_mf_group_close(p->mf, lane);
    }
    if (p->special_open & bit) {
        aw_special_group_close(p->special, lane);
        p->special_open ^= bit;
    } else if (aw_special_group_open(p->special, lane) == AW_OK) {
        aw_special_init(&p->one_special[lane]);
        p->special_open ^= bit;
    }
}

/* Not nearly: exactly. */
static void compare_courses(const aw_mf_course *a, const aw_mf_course *b)
{
    CHECK(a->likely == b->likely && a->run == b->run && a->pair == b->pair);
    CHECK(a->turn_re[0] == b->turn_re[0] && a->turn_im[1] == b->turn_im[1]);
    CHECK(a->hops == b->hops && a->absent == b->absent && a->level == b->level);
}

static void compare_signals(struct pair *p, const int16_t pcm[16][BLOCK], const float *soa)
{
    aw_lane_digit all[AW_LANES_DIGITS];
    size_t count = aw_mf_group_feed(p->mf, soa, all), next = 0;

    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_digit one[4];
        if (!(p->mf_open >> lane & 1))
            continue;
        size_t n = aw_mf_feed(&p->one_mf[lane], pcm[lane], BLOCK, one, 4);
        for (size_t i = 0; i < n; i++, next++) {
            CHECK(next < count && all[next].lane == lane);
            CHECK(all[next].digit.key == one[i].key && all[next].digit.on == one[i].on);
            CHECK(all[next].digit.duration_ms == one[i].duration_ms);
            CHECK(all[next].digit.dbm0 == one[i].dbm0);
        }
        for (int k = 0; k < AW_MF_TONES; k++)
            CHECK(p->mf->window_re[k][lane] == p->one_mf[lane].window_re[k]);
        compare_courses(&p->mf->course[lane], &p->one_mf[lane].course);
    }
    CHECK(next == count);
    p->signals += count;
}

static void compare_kinds(struct pair *p, const int16_t pcm[16][BLOCK], const float *soa)
{
    aw_lane_special all[AW_LANES_SPECIALS];
    size_t count = aw_special_group_feed(p->special, soa, all), next = 0;

    for (uint32_t lane = 0; lane < 16; lane++) {
        uint32_t one[4];
        if (!(p->special_open >> lane & 1))
            continue;
        size_t n = aw_special_feed(&p->one_special[lane], pcm[lane], BLOCK, one, 4);
        const aw_special_course *a = &p->special->course[lane], *b = &p->one_special[lane].course;
        for (size_t i = 0; i < n; i++, next++)
            CHECK(next < count && all[next].lane == lane && all[next].kind == one[i]);
        CHECK(p->special->energy[lane] == p->one_special[lane].energy);
        CHECK(a->tone == b->tone && a->hops == b->hops && a->absent == b->absent);
        CHECK(a->turn_re == b->turn_re && a->turn_im == b->turn_im && a->turn == b->turn);
        CHECK(a->beat_re == b->beat_re && a->amplitude == b->amplitude && a->power == b->power);
    }
    CHECK(next == count);
    for (size_t i = 0; i < count; i++)
        p->kinds[all[i].kind]++;
}

static void run(struct pair *p, aw_simd set)
{
    _Alignas(64) float soa[BLOCK * 16];
    int16_t pcm[16][BLOCK];
    const int16_t *rows[16];

    for (size_t block = 0; block < BLOCKS; block++) {
        if (block < 24 || below(100) == 0)
            toggle(p, block < 24 ? (uint32_t)(block / 2 + block % 2) : below(16));
        for (size_t lane = 0; lane < 16; lane++) {
            for (size_t i = 0; i < BLOCK; i++)
                pcm[lane][i] = say(&p->talker[lane], p->standard);
            rows[lane] = pcm[lane];
        }
        aw_lanes_gather(set, rows, soa, BLOCK);
        compare_signals(p, (const int16_t (*)[BLOCK])pcm, soa);
        compare_kinds(p, (const int16_t (*)[BLOCK])pcm, soa);
    }
}

static aw_status open_groups(struct pair *p, aw_simd set)
{
    aw_status err = aw_mf_group_new(&p->mf, p->standard, set);

    return err ? err : aw_special_group_new(&p->special, set);
}

static void free_groups(struct pair *p)
{
    aw_mf_group_free(p->mf);
    aw_special_group_free(p->special);
}

static void compare_lanes(aw_simd set)
{
    static struct pair p;
    size_t signals = 0, kinds[AW_SPECIAL_NO_CIRCUIT + 1] = {0};

    for (int standard = 0; standard < 3; standard++) {
        p = (struct pair){.standard = (aw_mf_standard)standard};
        CHECK(open_groups(&p, set) == AW_OK);
        seed = 1 + set + 10 * (uint32_t)standard;
        run(&p, set);
        signals += p.signals;
        for (size_t kind = 0; kind <= AW_SPECIAL_NO_CIRCUIT; kind++)
            kinds[kind] += p.kinds[kind];
        free_groups(&p);
    }
    printf("%s: %zu events of signals, kinds", aw_simd_name(set), signals);
    for (size_t kind = 1; kind <= AW_SPECIAL_NO_CIRCUIT; kind++)
        printf(" %zu", kinds[kind]);
    printf("\n");
    CHECK(signals > 300);
    for (size_t kind = AW_SPECIAL_CALLING_FAX; kind <= AW_SPECIAL_MODULATED; kind++)
        CHECK(kinds[kind] > 5);
    CHECK(kinds[AW_SPECIAL_INTERCEPT] > 5);
}

static aw_status test_groups_come_and_go(void)
{
    struct pair *p = aw_alloc(sizeof *p);
    aw_status err = p ? open_groups(p, AW_SIMD_BASE) : AW_ENOMEM;

    if (p)
        free_groups(p);
    aw_release(p);
    return err;
}

static aw_status test_lanes_of_special_tones_begin_with_a_hop(void)
{
    static const float soa[BLOCK * 16];
    aw_lane_special out[AW_LANES_SPECIALS];
    aw_special_group *g = NULL;
    aw_status err = aw_special_group_new(&g, AW_SIMD_BASE);
    if (err)
        return err;
    CHECK(aw_special_group_open(g, 3) == AW_OK);
    CHECK(aw_special_group_feed(g, soa, out) == 0 && aw_special_group_open(g, 4) == AW_ESTATE);
    CHECK(aw_special_group_feed(g, soa, out) == 0 && aw_special_group_open(g, 4) == AW_OK);
    aw_special_group_free(g);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_mf_group *m = NULL;
    aw_special_group *s = NULL;

    CHECK(aw_mf_group_new(NULL, AW_MF_R1, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_mf_group_new(&m, (aw_mf_standard)3, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_mf_group_new(&m, AW_MF_R1, (aw_simd)99) == AW_EINVAL && !m);
    CHECK(aw_special_group_new(NULL, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_special_group_new(&s, (aw_simd)99) == AW_EINVAL && !s);
    aw_mf_group_free(NULL);
    aw_special_group_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"groups come and go", test_groups_come_and_go},
        {"lanes of special tones begin with a hop", test_lanes_of_special_tones_begin_with_a_hop},
        {"bad arguments", test_bad_arguments},
    };

    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++)
        if (aw_simd_has(set)) /* once: it is long, and allocates nothing on the way */
            compare_lanes(set);
    return starve(tests, sizeof tests / sizeof *tests);
}
