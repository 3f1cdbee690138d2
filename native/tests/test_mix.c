/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "dsp/mix.h"
#include "starve.h"

enum { PARTIES = 40, SAMPLES = 173 };

static uint32_t seed = 1;

static uint32_t draw(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 16;
}

/* Every instruction set gives the bits of the scalar reference, for odd lengths and gains too. */
static aw_status test_the_variants_agree(void)
{
    static int16_t in[PARTIES][SAMPLES];
    static int16_t out[PARTIES][SAMPLES];
    static int16_t reference[PARTIES][SAMPLES];
    static int32_t total[SAMPLES];
    static int32_t sum[SAMPLES];
    for (int round = 0; round < 60; round++) {
        aw_mix_party party[PARTIES];
        size_t parties = 1 + draw() % PARTIES;
        size_t n = draw() % (SAMPLES + 1);
        size_t last = 0;
        for (size_t p = 0; p < parties; p++) {
            bool plain = round % 3 == 0 || draw() % 2;
            party[p].in = draw() % 8 ? in[p] : NULL;
            party[p].from = (int16_t)(plain ? AW_MIX_UNITY : draw() & 0x7fff);
            party[p].to = (int16_t)(plain ? AW_MIX_UNITY : draw() & 0x7fff);
            for (size_t i = 0; i < SAMPLES; i++)
                in[p][i] = (int16_t)draw();
        }
        while (aw_mix_kernel(last + 1))
            last++;
        CHECK(strcmp(aw_mix_kernel(last)->name, "scalar") == 0);
        for (size_t k = last + 1; k-- > 0;) {
            memset(out, 0x55, sizeof out);
            for (size_t p = 0; p < parties; p++)
                party[p].out = p % 7 == 6 ? NULL : out[p];
            aw_mix_minus_by(aw_mix_kernel(k), party, parties, n, total);
            if (k == last) {
                memcpy(reference, out, sizeof out);
                memcpy(sum, total, sizeof sum);
            }
            CHECK(memcmp(sum, total, n * sizeof *sum) == 0);
            CHECK(memcmp(reference, out, sizeof out) == 0);
        }
    }
    return AW_OK;
}

static aw_status test_in_place_and_saturated(void)
{
    int16_t a[50];
    int16_t b[50];
    int16_t c[50];
    for (int i = 0; i < 50; i++) {
        a[i] = 30000;
        b[i] = 20000;
        c[i] = -5;
    }
    aw_mix_party party[] = {
        {a, a, AW_MIX_UNITY, AW_MIX_UNITY},
        {b, b, AW_MIX_UNITY, AW_MIX_UNITY},
        {c, c, -32768, -32768}, /* a gain below 0 is 0 */
    };
    aw_mix_minus(party, 3, 50);
    for (int i = 0; i < 50; i++)
        CHECK(a[i] == 20000 && b[i] == 30000 && c[i] == 32767);
    return AW_OK;
}

static aw_status test_a_gain_slides_without_a_step(void)
{
    int16_t in[160];
    int16_t out[160];
    for (int i = 0; i < 160; i++)
        in[i] = 10000;
    aw_mix_party party[] = {{in, NULL, 0, AW_MIX_UNITY}, {NULL, out, 0, 0}};
    aw_mix_minus(party, 2, 160);
    CHECK(out[0] == 0 && out[159] > 9900 && out[159] <= 10000);
    for (int i = 1; i < 160; i++)
        CHECK(out[i] - out[i - 1] >= 55 && out[i] - out[i - 1] <= 70);
    return AW_OK;
}

static aw_status test_the_loudest_have_the_floor(void)
{
    enum { N = 40 };
    int16_t voice[4][N];
    aw_talkers *t = NULL;
    aw_status err = aw_talkers_new(&t, 4, 2);
    if (err)
        return err;
    for (int round = 0; round < 100; round++) {
        aw_mix_party party[4];
        int16_t heard[N];
        for (int p = 0; p < 4; p++) {
            for (int i = 0; i < N; i++)
                voice[p][i] = (int16_t)((i % 8 < 4 ? 1 : -1) * (p == 3 ? 4 : 1000 + 10 * p));
            party[p] = (aw_mix_party){voice[p], p == 3 ? heard : NULL, AW_MIX_UNITY, AW_MIX_UNITY};
        }
        if (round >= 50) /* the third says nothing any more */
            memset(voice[2], 0, sizeof voice[2]);
        aw_talkers_gate(t, party, N);
        CHECK(party[3].to == 0);
        if (round == 40) {
            CHECK(!aw_talkers_speaking(t, 0) || !aw_talkers_speaking(t, 1));
            CHECK(aw_talkers_speaking(t, 0) + aw_talkers_speaking(t, 1) +
                      aw_talkers_speaking(t, 2) ==
                  2);
        }
    }
    CHECK(aw_talkers_speaking(t, 0) && aw_talkers_speaking(t, 1) && !aw_talkers_speaking(t, 2));
    CHECK(!aw_talkers_speaking(t, 99));
    aw_talkers_gate(t, NULL, 0);
    aw_talkers_free(t);
    return AW_OK;
}

static aw_status test_bad_arguments(void)
{
    aw_talkers *t = NULL;
    CHECK(aw_talkers_new(NULL, 3, 1) == AW_EINVAL);
    CHECK(aw_talkers_new(&t, 0, 1) == AW_EINVAL);
    CHECK(aw_talkers_new(&t, AW_TALKERS_MAX + 1, 1) == AW_EINVAL);
    CHECK(aw_talkers_new(&t, 3, 0) == AW_EINVAL);
    CHECK(t == NULL);
    aw_mix_minus(NULL, 0, 40);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"the variants agree", test_the_variants_agree},
        {"in place and saturated", test_in_place_and_saturated},
        {"a gain slides without a step", test_a_gain_slides_without_a_step},
        {"the loudest have the floor", test_the_loudest_have_the_floor},
        {"bad arguments", test_bad_arguments},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
