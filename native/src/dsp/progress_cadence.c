/* SPDX-License-Identifier: MIT */
/* Call-progress detector, the half that knows time: segments of tone and silence are measured, and
 * compared with the cadences of the plan. */
#include "dsp/level.h"
#include "dsp/progress.h"

#define HOP_MS        10u
#define STEADY_HOPS   3u    /* a change counts after 30 ms; shorter breaks are bridged */
#define EDGE_HOPS     6u    /* no step is as short as this */
#define STEP_OFF      10u   /* percent a step may be off ... */
#define STEP_GRAIN_MS 10u   /* ... and this much more, the grain of hops */
#define MIN_COHERENCE 0.85f /* of the phases' advance: a tone, not speech passing through */
#define FOREIGN       1.0f  /* deviation of what is no tone */

/* The segment `age` segments before the current one (1: the last whole one). */
static const aw_progress_segment *past(const aw_progress *p, uint32_t age)
{
    return &p->past[(p->pasts + AW_PROGRESS_HISTORY - age) % AW_PROGRESS_HISTORY];
}

static void clear_turns(aw_progress *p)
{
    for (uint32_t i = 0; i < p->sets; i++)
        for (int k = 0; k < 2; k++)
            p->set[i].turn_re[k] = p->set[i].turn_im[k] = p->set[i].turn[k] = 0.0f;
}

/* Largest deviation of the frequencies of the segment going on, as a share. */
static float deviation(const aw_progress *p)
{
    const aw_progress_set *s = &p->set[p->now.set];
    float worst = 0.0f;

    for (int k = 0; k < 2 && s->bin[k] >= 0; k++) {
        float length = sqrtf(s->turn_re[k] * s->turn_re[k] + s->turn_im[k] * s->turn_im[k]);
        if (length < MIN_COHERENCE * s->turn[k])
            return FOREIGN;
        float turns = atan2f(s->turn_im[k], s->turn_re[k]) / 6.2831853f;
        float off = fabsf(turns * 1000.0f / (float)HOP_MS) / p->bin[s->bin[k]].hz;
        worst = off > worst ? off : worst;
    }
    return worst;
}

static bool lasted(uint32_t hops, uint32_t ms)
{
    uint32_t heard = hops * HOP_MS, slack = ms * STEP_OFF / 100 + STEP_GRAIN_MS;

    return heard + slack >= ms && heard <= ms + slack;
}

/* Does a whole segment fit a step of a template? */
static bool fits(const aw_progress *p, uint32_t t, uint32_t step, const aw_progress_segment *s)
{
    const aw_progress_template *template = &p->plan.templates[t];
    bool tone = step % 2 == 0;

    return s->whole && lasted(s->hops, template->step_ms[step]) &&
           s->set == (tone ? p->set_of[t] : AW_PROGRESS_NONE) &&
           (!tone || s->off <= template->tolerance);
}

/* Do the last segments fit the template, the newest at `step`? */
static bool matches(const aw_progress *p, uint32_t t, uint32_t step)
{
    const aw_progress_template *template = &p->plan.templates[t];

    if (p->pasts < template->confirm_steps)
        return false;
    for (uint32_t age = 1; age <= template->confirm_steps; age++) {
        if (!fits(p, t, step, past(p, age)))
            return false;
        step = (step + template->steps - 1) % template->steps;
    }
    return true;
}

/* Find the cadenced template that the last segments fit; *step becomes the newest one's. */
static int32_t recognise(const aw_progress *p, uint32_t *step)
{
    for (uint32_t t = 0; t < p->plan.count; t++)
        for (*step = 0; *step < p->plan.templates[t].steps; ++*step)
            if (matches(p, t, *step))
                return (int32_t)t;
    return -1;
}

static size_t turn_off(aw_progress *p, aw_progress_event *out)
{
    if (p->active < 0)
        return 0;
    *out = (aw_progress_event){p->plan.templates[p->active].id, 0};
    p->active = -1;
    return 1;
}

static size_t turn_on(aw_progress *p, int32_t t, aw_progress_event *out)
{
    size_t made = turn_off(p, out);

    p->active = t;
    out[made] = (aw_progress_event){p->plan.templates[t].id, 1};
    return made + 1;
}

/* A segment is whole: does the active tone go on as it should, or is another one recognised? */
static size_t end_segment(aw_progress *p, aw_progress_event *out)
{
    uint32_t step = 0;
    int32_t t = recognise(p, &step);

    if (t >= 0) {
        uint32_t next = (step + 1) % p->plan.templates[t].steps;
        size_t made = t == p->active ? 0 : turn_on(p, t, out);
        p->step = next;
        return made;
    }
    if (p->active >= 0) {
        uint32_t steps = p->plan.templates[p->active].steps;
        if (steps == 0 || !fits(p, (uint32_t)p->active, p->step, past(p, 1)))
            return turn_off(p, out);
        p->step = (p->step + 1) % steps;
    }
    return 0;
}

/* Within a segment: a continuous tone has lasted, or the active one outlasts its step. */
static size_t go_on(aw_progress *p, aw_progress_event *out)
{
    uint32_t ms = p->now.hops * HOP_MS;

    for (uint32_t t = 0; t < p->plan.count; t++) {
        const aw_progress_template *template = &p->plan.templates[t];
        if (template->steps == 0 && p->set_of[t] == p->now.set && p->active != (int32_t)t &&
            ms >= template->confirm_ms && deviation(p) <= template->tolerance)
            return turn_on(p, (int32_t)t, out);
    }
    if (p->active < 0 || p->plan.templates[p->active].steps == 0)
        return 0;
    uint32_t step_ms = p->plan.templates[p->active].step_ms[p->step];
    uint32_t longest = step_ms + step_ms * STEP_OFF / 100 + STEP_GRAIN_MS;
    return ms > longest + STEADY_HOPS * HOP_MS ? turn_off(p, out) : 0;
}

static void begin_segment(aw_progress *p, int32_t heard)
{
    if (p->now.set != AW_PROGRESS_NONE)
        p->now.off = deviation(p);
    p->past[p->pasts++ % AW_PROGRESS_HISTORY] = p->now;
    if (p->pasts == 2 * AW_PROGRESS_HISTORY) /* keeps the place in the ring */
        p->pasts = AW_PROGRESS_HISTORY;
    bool whole = p->now.hops > 0; /* else we came in the middle of it */
    p->now = (aw_progress_segment){.set = heard, .hops = STEADY_HOPS, .whole = whole};
    p->rival_hops = 0;
    if (heard != AW_PROGRESS_NONE)
        p->level = p->set[heard].tone;
    clear_turns(p);
}

/* At an edge a window is half full, and a close pair may claim what turns out to be one tone. */
static void correct_segment(aw_progress *p, int32_t heard)
{
    p->now.set = heard;
    p->now.hops += p->rival_hops;
    p->rival_hops = 0;
    p->level = p->set[heard].tone;
    clear_turns(p);
}

size_t aw_progress_cadence(aw_progress *p, int32_t heard, aw_progress_event out[2])
{
    if (heard == p->now.set) {
        p->now.hops += p->rival_hops + 1;
        p->rival_hops = 0;
        return go_on(p, out);
    }
    if (heard != p->rival) {
        p->now.hops += p->rival_hops;
        p->rival_hops = 0;
    }
    p->rival = heard;
    p->rival_hops++;
    if (p->rival_hops < STEADY_HOPS)
        return 0;
    if (p->now.set != AW_PROGRESS_NONE && heard != AW_PROGRESS_NONE && p->now.hops < EDGE_HOPS) {
        correct_segment(p, heard);
        return 0;
    }
    begin_segment(p, heard);
    return end_segment(p, out);
}
