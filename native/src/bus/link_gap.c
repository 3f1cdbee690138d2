/* SPDX-License-Identifier: MIT */
/* What the ports of a link say while the board's frames are missing: their voice goes on for a
 * moment and fades into the background that was heard behind it. */
#include <string.h>

#include "bus/bus.h"
#include "dsp/level.h"

#define N           AW_TICK_SAMPLES
#define NOISE_AFTER 80u  /* samples: the voice is at full strength until then (G.711 I.2.7) ... */
#define NOISE_FULL  480u /* ... and silent from here on */
#define LEARN       4u   /* ticks of 20 ms to learn the background from ... */
#define LEARN_EVERY 256u /* ... in each 1.28 s: a background changes slowly */

static struct bus_gap *gap_of(struct bus_link *l, uint32_t channel)
{
    return &l->gap[channel];
}

/* Each channel of a link learns in ticks of its own. */
static bool learns(const struct aw_engine *e, uint32_t channel)
{
    uint64_t turn = e->now / N / LEARN + (uint64_t)channel * 2;

    return turn % (LEARN_EVERY / LEARN) == 0;
}

void aw_gap_good(const struct aw_engine *e, struct bus_link *l, uint32_t channel, int16_t *pcm)
{
    struct bus_gap *gap = gap_of(l, channel);

    if (!(l->remembered >> channel & 1)) {
        aw_conceal_init(&gap->conceal);
        aw_comfort_init(&gap->comfort, channel + 1);
        l->remembered |= 1u << channel;
    }
    aw_conceal_good(&gap->conceal, pcm, N);
    if (learns(e, channel))
        aw_comfort_learn(&gap->comfort, pcm, N);
}

void aw_gap_forget(struct bus_link *l, uint32_t channel)
{
    l->remembered &= ~(1u << channel);
}

void aw_gap_fill(struct aw_engine *e, struct bus_link *l, uint32_t channel, int16_t *pcm)
{
    struct bus_gap *gap = gap_of(l, channel);
    size_t done = aw_conceal_length(&gap->conceal);
    int16_t noise[N];

    if (!(l->remembered >> channel & 1)) {
        memset(pcm, 0, N * sizeof *pcm);
        return;
    }
    aw_conceal_lost_within(&gap->conceal, pcm, N, &e->gap_begins);
    if (done + N <= NOISE_AFTER)
        return;
    aw_comfort_read(&gap->comfort, noise, N);
    for (size_t i = 0; i < N; i++) {
        size_t at = done + i;
        float share = at <= NOISE_AFTER  ? 0.0f
                      : at >= NOISE_FULL ? 1.0f
                                         : (float)(at - NOISE_AFTER) / (NOISE_FULL - NOISE_AFTER);
        pcm[i] = aw_clip16((float)pcm[i] + share * (float)noise[i]);
    }
}
