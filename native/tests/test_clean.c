/* SPDX-License-Identifier: MIT */
/* Every lane of the levelling groups, in every instruction set, against the single block: equal bit
 * for bit. */
#include <stdbool.h>
#include <string.h>

#include "dsp/agc.h"
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

/* Groups beside sixteen single blocks, and how loud each channel is just now. */
struct pair {
    aw_dcblock_group *dc;
    aw_agc_group *agc;
    aw_limiter_group *limiter;
    struct aw_dcblock one_dc[16];
    struct aw_agc one_agc[16];
    struct aw_limiter one_limiter[16];
    uint32_t dc_open, agc_open, limiter_open;
    double dbm0[16], hz[16];
    int32_t direct[16];
    uint32_t left[16];
    int16_t loudest;
    float lowest_db, highest_db;
};

static void toggle(struct pair *p, uint32_t lane)
{
    const float target = -(float)below(41), most = (float)below(31), ceiling = 3 - (float)below(40);
    uint32_t bit = 1u << lane;

    p->dc_open ^= below(2) ? bit : 0;
    p->agc_open ^= below(2) ? bit : 0;
    p->limiter_open ^= below(2) ? bit : 0;
    aw_dcblock_group_close(p->dc, lane);
    aw_agc_group_close(p->agc, lane);
    aw_limiter_group_close(p->limiter, lane);
    if (p->dc_open & bit) {
        aw_dcblock_init(&p->one_dc[lane]);
        aw_dcblock_group_open(p->dc, lane);
    }
    if (p->agc_open & bit) {
        CHECK(aw_agc_init(&p->one_agc[lane], target, most) == AW_OK);
        CHECK(aw_agc_group_open(p->agc, lane, target, most) == AW_OK);
    }
    if (p->limiter_open & bit) {
        CHECK(aw_limiter_init(&p->one_limiter[lane], ceiling) == AW_OK);
        CHECK(aw_limiter_group_open(p->limiter, lane, ceiling) == AW_OK);
    }
}

/* Syllables of any level, pauses, direct current, clipping. */
static void say(struct pair *p, uint32_t lane, int16_t pcm[BLOCK])
{
    memset(pcm, 0, BLOCK * sizeof *pcm);
    if (p->left[lane]-- == 0) {
        p->left[lane] = 4 + below(120);
        p->hz[lane] = 100 + below(3000);
        p->dbm0[lane] = below(3) ? 3 - (double)below(66) : -90;
        p->direct[lane] = below(4) ? 0 : (int32_t)below(20000) - 10000;
    }
    signal_add(pcm, BLOCK, p->left[lane] * BLOCK, p->hz[lane], p->dbm0[lane]);
    for (size_t i = 0; i < BLOCK; i++) {
        int32_t v = pcm[i] + p->direct[lane] + (int32_t)below(9) - 4;
        pcm[i] = (int16_t)(below(5000) == 0 ? -32768 : v > 32767 ? 32767 : v < -32768 ? -32768 : v);
    }
}

static void compare(struct pair *p, uint32_t lane, int16_t pcm[BLOCK], const float *soa)
{
    if (p->dc_open >> lane & 1)
        aw_dcblock_run(&p->one_dc[lane], pcm, BLOCK);
    if (p->agc_open >> lane & 1)
        aw_agc_run(&p->one_agc[lane], pcm, BLOCK);
    if (p->limiter_open >> lane & 1)
        aw_limiter_run(&p->one_limiter[lane], pcm, BLOCK);
    for (size_t i = 0; i < BLOCK; i++) {
        CHECK(soa[i * 16 + lane] == (float)pcm[i]); /* not nearly: exactly */
        p->loudest = pcm[i] > p->loudest ? pcm[i] : p->loudest;
    }
    float gain = aw_agc_group_gain_db(p->agc, lane);
    CHECK(gain == (p->agc_open >> lane & 1 ? aw_agc_gain_db(&p->one_agc[lane]) : 0.0f));
    p->lowest_db = fminf(p->lowest_db, gain);
    p->highest_db = fmaxf(p->highest_db, gain);
}

static void run(struct pair *p, aw_simd set)
{
    _Alignas(64) float soa[BLOCK * 16];
    int16_t pcm[16][BLOCK];
    const int16_t *rows[16];

    for (size_t block = 0; block < BLOCKS; block++) {
        if (below(40) == 0 || block < 16)
            toggle(p, below(16));
        for (uint32_t lane = 0; lane < 16; lane++) {
            say(p, lane, pcm[lane]);
            rows[lane] = pcm[lane];
        }
        aw_lanes_gather(set, rows, soa, BLOCK);
        aw_dcblock_group_run(p->dc, soa);
        aw_agc_group_run(p->agc, soa);
        aw_limiter_group_run(p->limiter, soa);
        for (uint32_t lane = 0; lane < 16; lane++)
            compare(p, lane, pcm[lane], soa);
    }
}

static void free_groups(struct pair *p)
{
    aw_dcblock_group_free(p->dc);
    aw_agc_group_free(p->agc);
    aw_limiter_group_free(p->limiter);
}

static void compare_lanes(void)
{
    static struct pair p;

    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++) {
        if (!aw_simd_has(set))
            continue;
        p = (struct pair){0};
        CHECK(aw_dcblock_group_new(&p.dc, set) == AW_OK);
        CHECK(aw_agc_group_new(&p.agc, set) == AW_OK);
        CHECK(aw_limiter_group_new(&p.limiter, set) == AW_OK);
        seed = 1 + set;
        run(&p, set);
        printf("%s: gains from %.1f to %.1f dB\n", aw_simd_name(set), (double)p.lowest_db,
               (double)p.highest_db);
        CHECK(p.lowest_db < -10 && p.highest_db > 3 && p.loudest > 30000);
        free_groups(&p);
    }
}

static aw_status test_groups_come_and_go(void)
{
    struct pair p = {0};
    aw_status err = aw_dcblock_group_new(&p.dc, AW_SIMD_BASE);

    if (!err)
        err = aw_agc_group_new(&p.agc, AW_SIMD_BASE);
    if (!err)
        err = aw_limiter_group_new(&p.limiter, AW_SIMD_BASE);
    free_groups(&p);
    return err;
}

static aw_status test_bad_arguments(void)
{
    struct pair p = {0};
    aw_status err;

    CHECK(aw_dcblock_group_new(NULL, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_agc_group_new(NULL, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_limiter_group_new(&p.limiter, (aw_simd)99) == AW_EINVAL && !p.limiter);
    err = aw_agc_group_new(&p.agc, AW_SIMD_BASE);
    if (!err)
        err = aw_limiter_group_new(&p.limiter, AW_SIMD_BASE);
    if (!err) {
        CHECK(aw_agc_group_open(p.agc, 3, 1, 10) == AW_EINVAL && p.agc->open == 0);
        CHECK(aw_agc_group_open(p.agc, 3, -20, NAN) == AW_EINVAL && p.agc->open == 0);
        CHECK(aw_limiter_group_open(p.limiter, 3, 4) == AW_EINVAL && p.limiter->open == 0);
    }
    free_groups(&p);
    return err;
}

int main(void)
{
    static const starve_test tests[] = {
        {"groups come and go", test_groups_come_and_go},
        {"bad arguments", test_bad_arguments},
    };

    compare_lanes(); /* once: it is long, and allocates nothing on the way */
    return starve(tests, sizeof tests / sizeof *tests);
}
