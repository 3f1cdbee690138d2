/* SPDX-License-Identifier: MIT */
/* Every lane, in every instruction set, against the single caller-ID receiver: bit for bit. */
#include <stdbool.h>
#include <string.h>

#include "dsp/lanes.h"
#include "signal.h"
#include "starve.h"

#define BLOCK  AW_LANES_BLOCK
#define BLOCKS 2000 /* 10 s */

static uint32_t seed;

static uint32_t below(uint32_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * limit >> 32);
}

/* A group beside sixteen receivers, and who speaks to them. */
struct pair {
    aw_fsk_group *group;
    struct aw_fsk_receiver one[16];
    struct aw_fsk_sender sender[16];
    uint32_t noise[16], pause[16], open, messages;
    aw_fsk_standard standard;
};

/* Mostly messages, of any level and with any noise; mostly whole. */
static void choose(struct pair *p, uint32_t lane)
{
    uint8_t message[40], sum = 0;
    size_t n = 4 + below(36);

    for (size_t i = 0; i < n; i++)
        message[i] = (uint8_t)below(256);
    message[1] = (uint8_t)(n - 3);
    for (size_t i = 0; i + 1 < n; i++)
        sum = (uint8_t)(sum + message[i]);
    message[n - 1] = (uint8_t)(below(8) ? -sum : 1 - sum);
    CHECK(aw_fsk_sender_init(&p->sender[lane], message, n, (aw_fsk_standard)below(2),
                             -(float)below(50)) == AW_OK);
    aw_fsk_sender_preamble(&p->sender[lane], below(2) * 60, 20 + below(60));
    p->noise[lane] = 1 + below(4) / 3 * below(2000);
    p->pause[lane] = below(30);
}

static void say(struct pair *p, uint32_t lane, int16_t pcm[BLOCK])
{
    memset(pcm, 0, BLOCK * sizeof *pcm);
    if (p->pause[lane] > 0)
        p->pause[lane]--;
    else if (aw_fsk_sender_read(&p->sender[lane], pcm, BLOCK) < BLOCK)
        choose(p, lane);
    for (size_t i = 0; i < BLOCK; i++)
        pcm[i] = (int16_t)(pcm[i] / 2 + (int16_t)below(p->noise[lane]));
}

static void toggle(struct pair *p, uint32_t lane)
{
    p->open ^= 1u << lane;
    if (!(p->open >> lane & 1)) {
        aw_fsk_group_close(p->group, lane);
        return;
    }
    aw_fsk_group_open(p->group, lane);
    CHECK(aw_fsk_receiver_init(&p->one[lane], p->standard) == AW_OK);
}

static void compare(struct pair *p, uint32_t lane, const int16_t *pcm, bool heard)
{
    struct aw_fsk_receiver *one = &p->one[lane], *framer = &p->group->framer[lane];
    size_t length = 0, alone = p->open >> lane & 1 ? aw_fsk_receiver_feed(one, pcm, BLOCK) : 0;

    CHECK(heard == (alone > 0));
    if (!(p->open >> lane & 1))
        return;
    CHECK(p->group->power[lane] == one->power && p->group->carrier[lane] == one->carrier);
    CHECK(framer->last == one->last && framer->skew == one->skew); /* not nearly: exactly */
    CHECK(framer->clock == one->clock && framer->state == one->state);
    if (!heard)
        return;
    const uint8_t *message = aw_fsk_group_message(p->group, lane, &length);
    CHECK(length == alone && memcmp(message, one->message, length) == 0);
    p->messages++;
}

static void run(struct pair *p, aw_simd set)
{
    _Alignas(64) float soa[BLOCK * 16];
    int16_t pcm[16][BLOCK];
    const int16_t *rows[16];

    for (uint32_t lane = 0; lane < 16; lane++)
        choose(p, lane);
    for (size_t block = 0; block < BLOCKS; block++) {
        if (block < 14 || below(200) == 0)
            toggle(p, block < 14 ? (uint32_t)block : below(16));
        for (uint32_t lane = 0; lane < 16; lane++) {
            say(p, lane, pcm[lane]);
            rows[lane] = pcm[lane];
        }
        aw_lanes_gather(set, rows, soa, BLOCK);
        uint32_t heard = aw_fsk_group_feed(p->group, soa);
        for (uint32_t lane = 0; lane < 16; lane++)
            compare(p, lane, pcm[lane], heard >> lane & 1);
    }
}

static void compare_lanes(void)
{
    static struct pair p;

    for (aw_simd set = AW_SIMD_SCALAR; set <= AW_SIMD_NEON; set++)
        for (int standard = 0; standard < 2 && aw_simd_has(set); standard++) {
            p = (struct pair){.standard = (aw_fsk_standard)standard};
            CHECK(aw_fsk_group_new(&p.group, p.standard, set) == AW_OK);
            seed = 1 + set;
            run(&p, set);
            printf("%s: %u messages\n", aw_simd_name(set), p.messages);
            CHECK(p.messages > 20);
            aw_fsk_group_free(p.group);
        }
}

static aw_status test_groups_come_and_go(void)
{
    aw_fsk_group *g = NULL;
    aw_status err = aw_fsk_group_new(&g, AW_FSK_V23, AW_SIMD_BASE);
    if (err)
        return err;
    aw_fsk_group_free(g);
    aw_fsk_group_free(NULL);
    CHECK(aw_fsk_group_new(NULL, AW_FSK_V23, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_fsk_group_new(&g, (aw_fsk_standard)2, AW_SIMD_BASE) == AW_EINVAL);
    CHECK(aw_fsk_group_new(&g, AW_FSK_V23, (aw_simd)99) == AW_EINVAL);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {{"groups come and go", test_groups_come_and_go}};

    compare_lanes(); /* once: it is long, and allocates nothing on the way */
    return starve(tests, sizeof tests / sizeof *tests);
}
