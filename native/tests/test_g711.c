/* SPDX-License-Identifier: MIT */
/* Codes of ITU-T G.711 tables; every code and sample is compared in tests/dsp/test_g711.py. */
#include "aw/g711.h"
#include "starve.h"

static aw_status test_codes_of_the_tables(void)
{
    static const int16_t pcm[] = {0, -1, 4, 132, -132, 8031, -8032, 32767, -32768};
    static const uint8_t ulaw[] = {0xFF, 0x7F, 0xFE, 0xEF, 0x6F, 0xA0, 0x20, 0x80, 0x00};
    static const uint8_t alaw[] = {0xD5, 0x55, 0xD5, 0xDD, 0x5D, 0x8A, 0x0A, 0xAA, 0x2A};
    uint8_t out[9];

    aw_ulaw_encode(pcm, out, 9);
    for (int i = 0; i < 9; i++)
        CHECK(out[i] == ulaw[i]);
    aw_alaw_encode(pcm, out, 9);
    for (int i = 0; i < 9; i++)
        CHECK(out[i] == alaw[i]);
    return AW_OK;
}

static aw_status test_every_code_comes_back(void)
{
    for (unsigned code = 0; code < 256; code++) {
        uint8_t in = (uint8_t)code, out = 0;
        int16_t pcm = 0;
        aw_ulaw_decode(&in, &pcm, 1);
        aw_ulaw_encode(&pcm, &out, 1);
        CHECK(out == in || (in == 0x7F && out == 0xFF)); /* there is no minus zero */
        aw_alaw_decode(&in, &pcm, 1);
        aw_alaw_encode(&pcm, &out, 1);
        CHECK(out == in);
    }
    return AW_OK;
}

static aw_status test_expanded_values(void)
{
    static const uint8_t codes[] = {0xFF, 0x80, 0x00, 0xFE};
    static const int16_t ulaw[] = {0, 32124, -32124, 8};
    static const uint8_t alaw_codes[] = {0xD5, 0x55, 0xAA, 0x2A};
    static const int16_t alaw[] = {8, -8, 32256, -32256};
    int16_t pcm[4];

    aw_ulaw_decode(codes, pcm, 4);
    for (int i = 0; i < 4; i++)
        CHECK(pcm[i] == ulaw[i]);
    aw_alaw_decode(alaw_codes, pcm, 4);
    for (int i = 0; i < 4; i++)
        CHECK(pcm[i] == alaw[i]);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"codes of the tables", test_codes_of_the_tables},
        {"every code comes back", test_every_code_comes_back},
        {"expanded values", test_expanded_values},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
