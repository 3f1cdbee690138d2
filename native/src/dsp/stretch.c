/* SPDX-License-Identifier: MIT */
/* Stretching and shortening of speech by a pitch period: see dsp/playout.h. */
#include <math.h>
#include <string.h>

#include "dsp/dot.h"
#include "dsp/level.h"
#include "dsp/playout.h"

enum {
    SHORTEST = 24, /* samples: 3 ms */
    LONGEST = AW_STRETCH_LONGEST,
    BLEND = AW_STRETCH_BLEND,
    COARSE = 2, /* samples between the lags tried at first */
};

#define ALIKE 0.8f    /* correlation from which the overlap is not heard */
#define QUIET 2600.0f /* power of -50 dBm0: there nothing is heard either */

static float likeness(const float *x, size_t lag)
{
    float one = 1.0f + aw_dot(x, x, BLEND);
    float two = 1.0f + aw_dot(x + lag, x + lag, BLEND);

    return aw_dot(x, x + lag, BLEND) / sqrtf(one * two);
}

static bool quiet(const float *x)
{
    return aw_dot(x, x, BLEND) < QUIET * (float)BLEND;
}

/* The lag at which x best agrees with itself; 0 if no overlap would go unheard. */
static size_t find_lag(const int16_t *pcm, bool force)
{
    float x[AW_STRETCH_NEED];
    float best = -2.0f;
    size_t found = LONGEST;

    for (size_t i = 0; i < AW_STRETCH_NEED; i++)
        x[i] = pcm[i];
    if (quiet(x) && quiet(x + LONGEST))
        return LONGEST;
    for (size_t lag = SHORTEST; lag <= LONGEST; lag += COARSE) {
        float match = likeness(x, lag);
        if (match > best) {
            best = match;
            found = lag;
        }
    }
    for (size_t lag = found - 1; lag <= found + 1 && lag <= LONGEST; lag += 2) {
        float match = likeness(x, lag);
        if (match > best) {
            best = match;
            found = lag;
        }
    }
    return force || best >= ALIKE ? found : 0;
}

static void blend(int16_t *out, const int16_t *from, const int16_t *to)
{
    for (size_t i = 0; i < BLEND; i++) {
        float w = ((float)i + 0.5f) / (float)BLEND;
        out[i] = aw_clip16((1.0f - w) * (float)from[i] + w * (float)to[i]);
    }
}

size_t aw_stretch_shorten(int16_t *x, size_t n, bool force)
{
    size_t lag = find_lag(x, force);

    if (lag == 0)
        return 0;
    blend(x, x, x + lag);
    memmove(x + BLEND, x + BLEND + lag, (n - BLEND - lag) * sizeof *x);
    return lag;
}

size_t aw_stretch_lengthen(int16_t *x, size_t n, bool force)
{
    size_t lag = find_lag(x, force);
    int16_t overlap[BLEND];

    if (lag == 0)
        return 0;
    blend(overlap, x + lag, x);
    memmove(x + lag + BLEND, x + BLEND, (n - BLEND) * sizeof *x);
    memcpy(x + lag, overlap, sizeof overlap);
    return lag;
}
