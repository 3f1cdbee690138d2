/* SPDX-License-Identifier: MIT */
/* Every lane of voice detectors, in every instruction set, against the single one: bit for bit. */
#include <stdbool.h>
#include <string.h>

#include "dsp/lanes.h"
#include "dsp/vad.h"
#include "starve.h"

#define BLOCK  AW_LANES_BLOCK
#define BLOCKS 4000 /* 20 s */

static uint32_t seed;

static uint32_t below(uint32_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * limit >> 32);
}

/* A group beside sixteen detectors, and how each channel talks just now. */
struct pair {
    aw_vad_group *group;
    struct aw_vad one[16];
    uint32_t left[16], noise[16], pitch[16], phase[16];
    int32_t peak[16];
    uint32_t greetings[4], turns;
};

/* Syllables of any level, as buzzing as a throat, over a noise that changes rarely. */
static void say(struct pair *p, uint32_t lane, int16_t pcm[BLOCK])
{
    if (p->left[lane]-- == 0) {
        p->left[lane] = 4 + below(below(4) ? 80 : 1000);
        p->peak[lane] = below(2) ? (int32_t)(1u << (4 + below(10))) : 0;
        p->pitch[lane] = (80 + below(200)) << 19; /* Hz, of 2^32 a turn in 8192 samples */
        p->noise[lane] = below(12) ? p->noise[lane] : 1u << below(13);
    }
    for (size_t i = 0; i < BLOCK; i++) {
        p->phase[lane] += p->pitch[lane];
        int32_t saw = ((int32_t)p->phase[lane] >> 16) * p->peak[lane] / 32768;
        pcm[i] = (int16_t)(saw + (int32_t)below(p->noise[lane] + 1) - (int32_t)p->noise[lane] / 2);
    }
}

static void compare(struct pair *p, uint32_t lane, const int16_t *pcm)
{
    struct aw_vad *one = &p->one[lane];
    bool before = one->course.hang > 0, voice = aw_vad_feed(one, pcm, BLOCK);

    CHECK(voice == aw_vad_group_voice(p->group, lane));
    CHECK(p->group->score[lane] == one->score); /* not nearly: exactly */
    CHECK(p->group->noise[3][lane] == one->noise[3] && p->group->slot[lane] == one->slot);
    CHECK(aw_vad_silence_ms(one) == aw_vad_group_silence_ms(p->group, lane));
    CHECK(aw_vad_quiet_ms(one) == aw_vad_group_quiet_ms(p->group, lane));
    CHECK(aw_vad_greeting(one) == aw_vad_group_greeting(p->group, lane));
    p->turns += voice != before;
}

static void begin(struct pair *p, uint32_t lane)
{
    p->greetings[aw_vad_greeting(&p->one[lane])]++;
    if (aw_vad_group_open(p->group, lane) == AW_OK)
        aw_vad_init(&p->one[lane]);
    else
        CHECK(p->group->second);
}

static void run(struct pair *p, aw_simd set)
{
    _Alignas(64) float soa[BLOCK * 16];
    int16_t pcm[16][BLOCK];
    const int16_t *rows[16];

    for (uint32_t block = 0; block < BLOCKS; block++) {
        if (block < 16 || below(60) == 0)
            begin(p, block < 16 ? block : below(16));
        for (uint32_t lane = 0; lane < 16; lane++) {
            say(p, lane, pcm[lane]);
            rows[lane] = pcm[lane];
        }
        aw_lanes_gather(set, rows, soa, BLOCK);
        aw_vad_group_feed(p->group, soa);
        for (uint32_t lane = 0; lane < 16; lane++)
            if (p->group->open >> lane & 1)
                compare(p, lane, pcm[lane]);
    }
}

static void compare_lanes(void)
{
    static struct pair p;

    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++) {
        if (!aw_simd_has(set))
            continue;
        p = (struct pair){0};
        CHECK(aw_vad_group_new(&p.group, set) == AW_OK);
        seed = 1;
        run(&p, set);
        printf("%s: %u turns, %u persons, %u machines, %u nobody\n", aw_simd_name(set), p.turns,
               p.greetings[1], p.greetings[2], p.greetings[3]);
        CHECK(p.turns > 100 && p.greetings[1] > 2 && p.greetings[2] > 2 && p.greetings[3] > 0);
        aw_vad_group_free(p.group);
    }
}

static aw_status test_groups_come_and_go(void)
{
    aw_vad_group *g = NULL;
    aw_status err = aw_vad_group_new(&g, AW_SIMD_BASE);

    if (err)
        return err;
    aw_vad_group_free(g);
    aw_vad_group_free(NULL);
    CHECK(aw_vad_group_new(NULL, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_vad_group_new(&g, (aw_simd)99) == AW_EINVAL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {{"groups come and go", test_groups_come_and_go}};

    compare_lanes(); /* once: it is long, and allocates nothing on the way */
    return starve(tests, sizeof tests / sizeof *tests);
}
