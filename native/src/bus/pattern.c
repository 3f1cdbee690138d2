/* SPDX-License-Identifier: MIT */
/* A pseudo-random pattern, said and checked, to prove a digital path bit for bit.
 *
 * The sequence is that of the 16-bit shift register x^16 + x^14 + x^13 + x^11 + 1 (65,535 bits
 * long), 16 new bits a sample.  Its next word follows from the last one heard, so the checker
 * finds its place by itself, whatever the delay. */
#include "bus/bus.h"

#define N            AW_TICK_SAMPLES
#define RUN_TO_TRUST 16 /* right words in a row: by chance once in 2^256 */
#define LOST         40 /* wrong words, each right one taking one back: the place is lost */

static uint16_t next_word(uint16_t s)
{
    for (int i = 0; i < 16; i++) {
        unsigned bit = (s ^ s >> 2 ^ s >> 3 ^ s >> 5) & 1u;
        s = (uint16_t)(s >> 1 | bit << 15);
    }
    return s;
}

void aw_pattern_begin(struct bus_pattern *t)
{
    *t = (struct bus_pattern){.state = 0xace1};
}

void aw_pattern_say(struct bus_pattern *t, int16_t *pcm)
{
    for (int i = 0; i < N; i++) {
        t->state = next_word(t->state);
        pcm[i] = (int16_t)t->state;
    }
}

static void seek(struct bus_pattern *t, uint16_t heard, aw_port_entry *entry)
{
    bool right = t->expected != 0 && heard == next_word(t->expected);

    t->expected = heard;
    t->run = right ? (uint16_t)(t->run + 1) : 0;
    if (t->run == RUN_TO_TRUST) {
        entry->synchronised = 1;
        t->run = 0;
    }
}

static void compare(struct bus_pattern *t, uint16_t heard, aw_port_entry *entry)
{
    t->expected = next_word(t->expected);
    aw_count(&entry->pattern_samples, 1);
    if (heard == t->expected) {
        t->run = t->run > 0 ? (uint16_t)(t->run - 1) : 0;
        return;
    }
    aw_count(&entry->pattern_errors, 1);
    if (++t->run == LOST) {
        aw_count(&entry->pattern_losses, 1);
        entry->synchronised = 0;
        t->run = 0;
    }
}

void aw_pattern_hear(struct bus_pattern *t, const int16_t *pcm, aw_port_entry *entry)
{
    for (int i = 0; i < N; i++) {
        if (entry->synchronised)
            compare(t, (uint16_t)pcm[i], entry);
        else
            seek(t, (uint16_t)pcm[i], entry);
    }
}
