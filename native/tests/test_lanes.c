/* SPDX-License-Identifier: MIT */
/* Every lane, in every instruction set, against the block of one channel: equal bit for bit. */
#include <stdbool.h>
#include <string.h>

#include "aw/g711.h"
#include "dsp/lanes.h"
#include "dsp/meter.h"
#include "signal.h"
#include "starve.h"

#define BLOCK  AW_LANES_BLOCK
#define BLOCKS 4000 /* 20 s */

static const aw_progress_plan PLAN = {
    6,
    {{1, {350, 440}, 0.025f, 0, {0}, 300, 0},
     {2, {440, 480}, 0.025f, 2, {400, 200}, 0, 2},
     {3, {480, 620}, 0.025f, 2, {500, 500}, 0, 3},
     {4, {480, 620}, 0.025f, 2, {250, 250}, 0, 3},
     {5, {425, 0}, 0.025f, 2, {200, 200}, 0, 3},
     {6, {413, 438}, 0.025f, 2, {400, 200}, 0, 2}},
};

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

/* What one channel says: stretches of anything that detectors are for, or against. */
struct talker {
    double hz[2], dbm0[2], noise;
    uint32_t left, on, off; /* samples; cadence */
    uint32_t at;
};

static void choose_pair(struct talker *t)
{
    static const double rows[4] = {697, 770, 852, 941}, columns[4] = {1209, 1336, 1477, 1633};
    double off = below(3) ? 0.012 : 0.05;

    t->hz[0] = rows[below(4)] * (1 + between(-off, off));
    t->hz[1] = columns[below(4)] * (1 + between(-off, off));
    t->dbm0[0] = between(-40, -2);
    t->dbm0[1] = t->dbm0[0] + between(-8.5, 4.5);
    t->left = 80 + below(900);
}

static void choose_tone(struct talker *t)
{
    const aw_progress_template *of = &PLAN.templates[below(PLAN.count)];

    t->hz[0] = (double)of->hz[0] * (1 + between(-0.03, 0.03));
    t->hz[1] = (double)of->hz[1];
    t->dbm0[0] = t->dbm0[1] = between(-45, -5);
    t->on = of->steps ? of->step_ms[0] * 8 : 8000;
    t->off = of->steps ? of->step_ms[1] * 8 : 0;
    t->left = 4000 + below(16000);
}

static void choose(struct talker *t)
{
    *t = (struct talker){.on = 1u << 30, .left = 100 + below(1500)};
    t->noise = below(3) ? between(0, 20) : between(0, 4000);
    if (below(2))
        choose_pair(t);
    else if (below(3) == 0)
        choose_tone(t);
    else if (below(20) == 0)
        t->noise = 60000; /* clips all the time */
}

static int16_t say(struct talker *t)
{
    if (t->left-- == 0)
        choose(t);
    double v = t->noise * between(-1, 1), turn = 2 * SIGNAL_PI * (double)t->at / 8000;
    int on = t->at++ % (t->on + t->off) < t->on;
    for (int k = 0; k < 2 && on; k++)
        if (t->hz[k] > 0)
            v += signal_peak(t->dbm0[k]) * sin(turn * t->hz[k]);
    return (int16_t)lrint(fmax(-32768, fmin(32767, v)));
}

/* A group beside sixteen single blocks. */
struct pair {
    aw_dtmf_group *dtmf;
    aw_progress_group *progress;
    aw_meter_group *meter;
    struct aw_dtmf one_dtmf[16];
    struct aw_progress one_progress[16];
    struct aw_meter one_meter[16];
    uint32_t dtmf_open, progress_open;
    struct talker talker[16];
    size_t digits, tones;
};

static void toggle(struct pair *p, uint32_t lane)
{
    uint32_t bit = 1u << lane;

    p->dtmf_open ^= bit;
    if (p->dtmf_open & bit) {
        aw_dtmf_init(&p->one_dtmf[lane]);
        aw_dtmf_group_open(p->dtmf, lane);
    } else {
        aw_dtmf_group_close(p->dtmf, lane);
    }
    if (p->progress_open & bit) {
        aw_progress_group_close(p->progress, lane);
        p->progress_open ^= bit;
    } else if (aw_progress_group_open(p->progress, lane) == AW_OK) {
        CHECK(aw_progress_init(&p->one_progress[lane], &PLAN) == AW_OK);
        p->progress_open ^= bit;
    }
    aw_meter_init(&p->one_meter[lane]);
    aw_meter_group_reset(p->meter, lane);
}

static void compare_digits(struct pair *p, const int16_t pcm[16][BLOCK], const float *soa)
{
    aw_lane_digit all[AW_LANES_DIGITS];
    size_t count = aw_dtmf_group_feed(p->dtmf, soa, all), next = 0;

    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_digit one[4];
        bool open = p->dtmf_open >> lane & 1;
        size_t n = open ? aw_dtmf_feed(&p->one_dtmf[lane], pcm[lane], BLOCK, one, 4) : 0;
        for (size_t i = 0; i < n; i++, next++) {
            CHECK(next < count && all[next].lane == lane);
            CHECK(all[next].digit.key == one[i].key && all[next].digit.on == one[i].on);
            CHECK(all[next].digit.duration_ms == one[i].duration_ms);
            CHECK(all[next].digit.dbm0 == one[i].dbm0); /* not nearly: exactly */
        }
    }
    CHECK(next == count);
    p->digits += count;
}

static void compare_tones(struct pair *p, const int16_t pcm[16][BLOCK], const float *soa)
{
    aw_lane_tone all[AW_LANES_TONES];
    size_t count = aw_progress_group_feed(p->progress, soa, all), next = 0;

    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_progress_event one[4];
        aw_progress *alone = &p->one_progress[lane];
        bool open = p->progress_open >> lane & 1;
        size_t n = open ? aw_progress_feed(alone, pcm[lane], BLOCK, one, 4) : 0;
        for (size_t i = 0; i < n; i++, next++) {
            CHECK(next < count && all[next].lane == lane);
            CHECK(all[next].event.id == one[i].id && all[next].event.on == one[i].on);
        }
        CHECK(!open || p->progress->level[lane] == alone->level);
    }
    CHECK(next == count);
    p->tones += count;
}

static void compare_meters(struct pair *p, const int16_t pcm[16][BLOCK], const float *soa)
{
    aw_meter_group_feed(p->meter, soa);
    for (uint32_t lane = 0; lane < 16; lane++) {
        aw_meter_feed(&p->one_meter[lane], pcm[lane], BLOCK);
        CHECK(aw_meter_group_dbm0(p->meter, lane) == aw_meter_dbm0(&p->one_meter[lane]));
        CHECK(aw_meter_group_peak(p->meter, lane) == aw_meter_peak(&p->one_meter[lane]));
    }
}

static void run(struct pair *p, aw_simd set)
{
    _Alignas(64) float soa[BLOCK * 16];
    int16_t pcm[16][BLOCK];
    const int16_t *rows[16];

    for (size_t block = 0; block < BLOCKS; block++) {
        if (below(40) == 0)
            toggle(p, below(16));
        for (size_t lane = 0; lane < 16; lane++) {
            for (size_t i = 0; i < BLOCK; i++)
                pcm[lane][i] = say(&p->talker[lane]);
            rows[lane] = pcm[lane];
        }
        aw_lanes_gather(set, rows, soa, BLOCK);
        compare_digits(p, (const int16_t (*)[BLOCK])pcm, soa);
        compare_tones(p, (const int16_t (*)[BLOCK])pcm, soa);
        compare_meters(p, (const int16_t (*)[BLOCK])pcm, soa);
    }
}

static aw_status open_groups(struct pair *p, aw_simd set)
{
    aw_status err = aw_dtmf_group_new(&p->dtmf, set);
    if (!err)
        err = aw_progress_group_new(&p->progress, &PLAN, set);
    if (!err)
        err = aw_meter_group_new(&p->meter, set);
    for (uint32_t lane = 0; lane < 16; lane++)
        aw_meter_init(&p->one_meter[lane]);
    return err;
}

static void free_groups(struct pair *p)
{
    aw_dtmf_group_free(p->dtmf);
    aw_progress_group_free(p->progress);
    aw_meter_group_free(p->meter);
    *p = (struct pair){0};
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

static void compare_lanes(void)
{
    static struct pair p;

    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++) {
        if (!aw_simd_has(set))
            continue;
        CHECK(open_groups(&p, set) == AW_OK);
        seed = 1 + set;
        run(&p, set);
        printf("%s: %zu events of digits, %zu of tones\n", aw_simd_name(set), p.digits, p.tones);
        CHECK(p.digits > 100 && p.tones > 20);
        free_groups(&p);
    }
}

static aw_status test_every_code_decodes_as_in_a_row(void)
{
    uint8_t codes[16][256];
    const uint8_t *rows[16];
    static float soa[256 * 16];
    int16_t one[256];

    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++)
        for (int law = 0; law < 2; law++) {
            for (size_t lane = 0; lane < 16; lane++) {
                for (size_t i = 0; i < 256; i++)
                    codes[lane][i] = (uint8_t)(i * 5 + lane * 11);
                rows[lane] = lane == 6 ? NULL : codes[lane];
            }
            aw_lanes_decode(set, (aw_law)law, rows, soa, 256);
            for (size_t lane = 0; lane < 16; lane++) {
                (law ? aw_alaw_decode : aw_ulaw_decode)(codes[lane], one, 256);
                for (size_t i = 0; i < 256; i++)
                    CHECK(soa[i * 16 + lane] == (lane == 6 ? 0.0f : (float)one[i]));
            }
        }
    return AW_OK;
}

static aw_status test_every_sample_encodes_as_in_a_row(void)
{
    static int16_t pcm[16][4096];
    static uint8_t coded[16][4096], one[4096];
    static float soa[4096 * 16];
    const int16_t *rows[16];
    uint8_t *outs[16];

    for (size_t i = 0; i < 65536; i++)
        pcm[i / 4096][i % 4096] = (int16_t)((int32_t)i - 32768);
    for (size_t lane = 0; lane < 16; lane++) {
        rows[lane] = pcm[lane];
        outs[lane] = lane == 6 ? NULL : coded[lane];
    }
    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++)
        for (int law = 0; law < 2; law++) {
            aw_lanes_gather(set, rows, soa, 4096);
            soa[0] = 1e6f; /* saturates */
            aw_lanes_encode(set, (aw_law)law, soa, outs, 4096);
            pcm[0][0] = 32767;
            for (size_t lane = 0; lane < 16; lane++) {
                (law ? aw_alaw_encode : aw_ulaw_encode)(pcm[lane], one, 4096);
                CHECK(lane == 6 || memcmp(one, coded[lane], sizeof one) == 0);
            }
            pcm[0][0] = -32768;
        }
    return AW_OK;
}

static aw_status test_a_missing_row_is_silent(void)
{
    static const int16_t row[40] = {1, -2, 3, 32767, -32768};
    const int16_t *rows[16] = {[3] = row, [12] = row};
    float soa[40 * 16], other[40 * 16];

    aw_simd_gather(rows, other, 40);
    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++) {
        memset(soa, 0xff, sizeof soa);
        aw_lanes_gather(set, rows, soa, 40);
        CHECK(memcmp(soa, other, sizeof soa) == 0);
    }
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_dtmf_group *d = NULL;
    aw_progress_group *p = NULL;
    aw_meter_group *m = NULL;
    aw_progress_plan bad = {0};

    CHECK(aw_dtmf_group_new(NULL, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_dtmf_group_new(&d, (aw_simd)99) == AW_EINVAL && !d);
    CHECK(aw_progress_group_new(&p, NULL, AW_SIMD_BASE) == AW_EINVAL && !p);
    CHECK(aw_meter_group_new(&m, (aw_simd)99) == AW_EINVAL && !m);
    aw_status err = aw_progress_group_new(&p, &bad, AW_SIMD_BASE);
    if (err == AW_ENOMEM)
        return err;
    CHECK(err == AW_EINVAL && !p);
    aw_dtmf_group_free(NULL);
    aw_progress_group_free(NULL);
    aw_meter_group_free(NULL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"groups come and go", test_groups_come_and_go},
        {"every code decodes as in a row", test_every_code_decodes_as_in_a_row},
        {"every sample encodes as in a row", test_every_sample_encodes_as_in_a_row},
        {"a missing row is silent", test_a_missing_row_is_silent},
        {"bad arguments", test_bad_arguments},
    };
    compare_lanes(); /* once: it is long, and allocates nothing on the way */
    return starve(tests, sizeof tests / sizeof *tests);
}
