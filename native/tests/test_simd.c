/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "aw/simd.h"
#include "starve.h"

static aw_status test_the_wish_is_granted_where_it_can_be(void)
{
    static const aw_simd sets[] = {AW_SIMD_SCALAR, AW_SIMD_FUSED,  AW_SIMD_BASE,
                                   AW_SIMD_AVX2,   AW_SIMD_AVX512, AW_SIMD_NEON};
    unsetenv("ALTIWARE_SIMD");
    aw_simd best = aw_simd_choose();
    CHECK(aw_simd_has(best) && best != AW_SIMD_SCALAR && best != AW_SIMD_FUSED);
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        setenv("ALTIWARE_SIMD", aw_simd_name(sets[i]), 1);
        CHECK(aw_simd_choose() == (aw_simd_has(sets[i]) ? sets[i] : best));
        CHECK(AW_SIMD_LANES % aw_simd_width(sets[i]) == 0);
    }
    setenv("ALTIWARE_SIMD", "sse9", 1);
    CHECK(aw_simd_choose() == best);
    unsetenv("ALTIWARE_SIMD");
    CHECK(strcmp(aw_simd_name((aw_simd)77), "?") == 0 && aw_simd_width((aw_simd)77) == 0);
    CHECK(!aw_simd_has((aw_simd)77));
    return AW_OK;
}

static aw_status test_transposed_there_and_back(void)
{
    int16_t rows[16][48], back[16][48];
    const int16_t *from[16];
    int16_t *to[16];
    float soa[48 * 16];

    for (int c = 0; c < 16; c++) {
        for (int i = 0; i < 48; i++)
            rows[c][i] = (int16_t)(c * 4096 + i * 77 - 32768);
        from[c] = c == 6 ? NULL : rows[c];
        to[c] = c == 7 ? NULL : back[c];
    }
    memset(back, 0x55, sizeof back);
    aw_simd_gather(from, soa, 48);
    for (int c = 0; c < 16; c++)
        for (int i = 0; i < 48; i++)
            CHECK((int)soa[i * 16 + c] == (c == 6 ? 0 : rows[c][i]));
    aw_simd_scatter(soa, to, 48);
    for (int c = 0; c < 16; c++)
        for (int i = 0; i < 48; i++)
            CHECK(back[c][i] == (c == 6 ? 0 : c == 7 ? 0x5555 : rows[c][i]));
    return AW_OK;
}

static aw_status test_rounded_to_even_and_saturated(void)
{
    static const float in[8] = {0.5f, 1.5f, -0.5f, -2.51f, 32766.6f, 1e9f, -32768.9f, -1e9f};
    static const int16_t out[8] = {0, 2, 0, -3, 32767, 32767, -32768, -32768};
    float soa[8 * 16] = {0};
    int16_t row[8];
    int16_t *to[16] = {NULL};

    for (int i = 0; i < 8; i++)
        soa[i * 16 + 11] = in[i];
    to[11] = row;
    aw_simd_scatter(soa, to, 8);
    CHECK(memcmp(row, out, sizeof row) == 0);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"the wish is granted where it can be", test_the_wish_is_granted_where_it_can_be},
        {"transposed there and back", test_transposed_there_and_back},
        {"rounded to even and saturated", test_rounded_to_even_and_saturated},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
