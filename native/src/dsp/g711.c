/* SPDX-License-Identifier: MIT */
/* G.711 codecs: see aw/g711.h. */
#include "dsp/g711.h"

#include "aw/g711.h"

void aw_ulaw_encode(const int16_t *in, uint8_t *out, size_t n)
{
    g711_ulaw_encode(in, out, n);
}

void aw_ulaw_decode(const uint8_t *in, int16_t *out, size_t n)
{
    g711_ulaw_decode(in, out, n);
}

void aw_alaw_encode(const int16_t *in, uint8_t *out, size_t n)
{
    g711_alaw_encode(in, out, n);
}

void aw_alaw_decode(const uint8_t *in, int16_t *out, size_t n)
{
    g711_alaw_decode(in, out, n);
}
