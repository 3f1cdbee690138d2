/* SPDX-License-Identifier: MIT */
/* Caller-ID sender: see aw/callerid.h. */
#include <string.h>

#include "dsp/callerid.h"
#include "dsp/oscillator.h"
#include "mem.h"

#define SEIZURE_BITS 300u /* GR-30: 300 alternating bits, the first a space */
#define MARK_BITS    180u
#define END_BITS     10u   /* of mark, so that the last stop bit is whole */
#define BIT          8000u /* units of a bit: 1200 to a sample */
#define SAMPLE       1200u
#define MIN_DBM0     -60.0f
#define MAX_DBM0     3.0f

static bool arguments_ok(const uint8_t *message, size_t n, aw_fsk_standard standard, float dbm0)
{
    return message && n >= 1 && n <= AW_CALLERID_BYTES && dbm0 >= MIN_DBM0 && dbm0 <= MAX_DBM0 &&
           (standard == AW_FSK_BELL202 || standard == AW_FSK_V23);
}

aw_status aw_fsk_sender_init(aw_fsk_sender *s, const uint8_t *message, size_t n,
                             aw_fsk_standard standard, float dbm0)
{
    *s = (aw_fsk_sender){0};
    if (!arguments_ok(message, n, standard, dbm0))
        return AW_EINVAL;
    memcpy(s->message, message, n);
    s->bytes = (uint32_t)n;
    s->advance[0] = aw_phase_step(standard == AW_FSK_V23 ? 2100.0f : 2200.0f);
    s->advance[1] = aw_phase_step(standard == AW_FSK_V23 ? 1300.0f : 1200.0f);
    s->amplitude = aw_peak_of(dbm0);
    aw_fsk_sender_preamble(s, SEIZURE_BITS, MARK_BITS);
    return AW_OK;
}

aw_status aw_fsk_sender_new(aw_fsk_sender **out, const uint8_t *message, size_t n,
                            aw_fsk_standard standard, float dbm0)
{
    if (!out || !arguments_ok(message, n, standard, dbm0))
        return AW_EINVAL;
    aw_fsk_sender *s = aw_alloc(sizeof *s);
    if (!s)
        return AW_ENOMEM;
    aw_status status = aw_fsk_sender_init(s, message, n, standard, dbm0);
    *out = s;
    return status;
}

void aw_fsk_sender_free(aw_fsk_sender *s)
{
    aw_release(s);
}

void aw_fsk_sender_preamble(aw_fsk_sender *s, uint32_t seizure_bits, uint32_t mark_bits)
{
    s->seizure_bits = seizure_bits < 10000 ? seizure_bits : 10000;
    s->mark_bits = mark_bits < 10000 ? mark_bits : 10000;
    s->bits = s->seizure_bits + s->mark_bits + 10 * s->bytes + END_BITS;
}

/* Bit at a place: seizure, mark, then each byte as start, eight bits, stop. */
static uint32_t bit_at(const aw_fsk_sender *s, uint32_t place)
{
    if (place < s->seizure_bits)
        return place & 1u;
    place -= s->seizure_bits;
    if (place < s->mark_bits)
        return 1;
    place -= s->mark_bits;
    if (place >= 10 * s->bytes)
        return 1;
    uint32_t framed = (uint32_t)s->message[place / 10] << 1 | 0x200u;
    return framed >> place % 10 & 1u;
}

size_t aw_fsk_sender_read(aw_fsk_sender *s, int16_t *out, size_t n)
{
    size_t made = 0;

    for (; made < n && s->bit < s->bits; made++) {
        out[made] = aw_clip16(s->amplitude * aw_sine(s->phase));
        uint32_t advance = s->advance[bit_at(s, s->bit)];
        s->into += SAMPLE;
        if (s->into < BIT) {
            s->phase += advance;
            continue;
        }
        s->into -= BIT; /* the new bit's share of this sample */
        uint32_t next = s->advance[bit_at(s, ++s->bit)];
        uint64_t mixed = (uint64_t)advance * (SAMPLE - s->into) + (uint64_t)next * s->into;
        s->phase += (uint32_t)(mixed / SAMPLE);
    }
    memset(out + made, 0, (n - made) * sizeof *out);
    return made;
}
