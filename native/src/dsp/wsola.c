/* SPDX-License-Identifier: MIT */
/* Waveform-similarity overlap-add: see aw/wsola.h. */
#include "dsp/wsola.h"

#include <math.h>
#include <string.h>

#include "dsp/dot.h"
#include "mem.h"

#define HOP   AW_WSOLA_HOP
#define REACH AW_WSOLA_REACH

bool aw_wsola_is_speed(float speed)
{
    return speed >= 0.5f && speed <= 2.0f;
}

aw_status aw_wsola_new(aw_wsola **out, float speed)
{
    if (!out || !aw_wsola_is_speed(speed))
        return AW_EINVAL;
    struct aw_wsola *w = aw_alloc(sizeof *w);
    if (!w)
        return AW_ENOMEM;
    aw_wsola_reset(w, speed);
    *out = w;
    return AW_OK;
}

void aw_wsola_free(aw_wsola *w)
{
    aw_release(w);
}

void aw_wsola_reset(aw_wsola *w, float speed)
{
    w->speed = speed;
    w->ending = false;
    w->held_from = 0;
    w->held = 0;
    w->end = 0;
    w->nominal = 0.0;
    w->frame = 0;
    w->begun = false;
    w->made = w->given = 0;
}

static uint64_t fed(const struct aw_wsola *w)
{
    return w->held_from + w->held;
}

static double next_nominal(const struct aw_wsola *w)
{
    return w->begun ? w->nominal + (double)HOP * (double)w->speed : 0.0;
}

/* How the frame made last would go on. */
static uint64_t next_natural(const struct aw_wsola *w)
{
    return w->begun ? w->frame + HOP : 0;
}

/* Where the frames begin that are tried around the nominal place. */
static uint64_t first_tried(double nominal)
{
    return nominal > (double)REACH ? (uint64_t)nominal - REACH : 0;
}

/* What no frame will need any more. */
static void drop(struct aw_wsola *w)
{
    uint64_t natural = next_natural(w);
    uint64_t tried = first_tried(next_nominal(w));
    uint64_t needed = natural < tried ? natural : tried;
    size_t old = needed - w->held_from < w->held ? (size_t)(needed - w->held_from) : w->held;

    memmove(w->pcm, w->pcm + old, (w->held - old) * sizeof *w->pcm);
    w->held_from += old;
    w->held -= old;
}

size_t aw_wsola_feed(aw_wsola *w, const int16_t *pcm, size_t n)
{
    if (w->ending)
        return 0;
    if (n > AW_WSOLA_HELD - w->held)
        drop(w);
    if (n > AW_WSOLA_HELD - w->held)
        n = AW_WSOLA_HELD - w->held;
    for (size_t i = 0; i < n; i++)
        w->pcm[w->held + i] = pcm[i];
    w->held += n;
    w->end = fed(w);
    return n;
}

void aw_wsola_end(aw_wsola *w)
{
    w->ending = true;
}

/* Where, of all places within reach, the sound is most like what would have come. */
static uint64_t most_alike(const struct aw_wsola *w, const float *natural, double nominal)
{
    uint64_t first = first_tried(nominal);
    const float *x = w->pcm + (first - w->held_from);
    size_t count = (size_t)((uint64_t)nominal - first) + REACH + 1;
    double power = 1.0; /* whole numbers from here on: nothing is lost by adding and taking away */
    double best = -1e30;
    size_t found = 0;

    for (size_t i = 0; i < HOP; i++)
        power += (double)x[i] * (double)x[i];
    for (size_t k = 0; k < count; k++) {
        double alike = (double)aw_dot(x + k, natural, HOP) / sqrt(power);
        if (alike > best) {
            best = alike;
            found = k;
        }
        power += (double)x[k + HOP] * (double)x[k + HOP] - (double)x[k] * (double)x[k];
    }
    return first + found;
}

/* Behind the end is silence. */
static void fill_up(struct aw_wsola *w, uint64_t until)
{
    while (fed(w) < until && w->held < AW_WSOLA_HELD)
        w->pcm[w->held++] = 0.0f;
}

static void blend(struct aw_wsola *w, const float *from, const float *to)
{
    for (size_t i = 0; i < HOP; i++) {
        float share = ((float)i + 0.5f) / (float)HOP;
        w->hop[i] = (int16_t)lrintf(from[i] + share * (to[i] - from[i]));
    }
}

/* False: there are too few samples for another hop. */
static bool make_hop(struct aw_wsola *w)
{
    double nominal = next_nominal(w);
    uint64_t natural = next_natural(w);
    uint64_t tried = (uint64_t)nominal + REACH + HOP + 1;
    uint64_t needed = tried > natural + HOP ? tried : natural + HOP;

    if (w->ending ? nominal >= (double)w->end : fed(w) < needed)
        return false;
    drop(w);
    fill_up(w, needed);
    const float *goes_on = w->pcm + (natural - w->held_from);
    bool near = fabs((double)natural - nominal) <= (double)REACH;
    w->frame = near ? natural : most_alike(w, goes_on, nominal);
    blend(w, goes_on, w->pcm + (w->frame - w->held_from));
    w->nominal = nominal;
    w->begun = true;
    double left = ((double)w->end - nominal) / (double)w->speed;
    w->made = w->ending && left < (double)HOP ? (size_t)ceil(left) : HOP;
    w->given = 0;
    return true;
}

size_t aw_wsola_read(aw_wsola *w, int16_t *pcm, size_t n)
{
    size_t made = 0;

    while (made < n && (w->given < w->made || make_hop(w))) {
        size_t left = w->made - w->given;
        size_t some = left < n - made ? left : n - made;
        memcpy(pcm + made, w->hop + w->given, some * sizeof *pcm);
        w->given += some;
        made += some;
    }
    return made;
}

uint64_t aw_wsola_at(const aw_wsola *w)
{
    uint64_t at = w->frame + w->given;
    bool over = w->ending && w->given == w->made && next_nominal(w) >= (double)w->end;

    return over || at > w->end ? w->end : at;
}
