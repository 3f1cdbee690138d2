/* SPDX-License-Identifier: MIT */
/* Call-progress detector, the half that knows time: segments of tone and silence are measured, and
 * compared with the cadences of the plan. */
#include "dsp/level.h"
#include "dsp/progress.h"

#define HOP_MS        10u
#define STEADY_HOPS   3u  /* a change counts after 30 ms; shorter breaks are bridged */
#define EDGE_HOPS     6u  /* no step is as short as this */
#define STEP_OFF      10u /* percent a step may be off ... */
#define STEP_GRAIN_MS 20u /* ... and this much more: at either edge a hop, the grain */
#define FOREIGN       AW_PROGRESS_FOREIGN

/* Everything about one channel. */
typedef struct {
    const aw_progress_shape *shape;
    aw_progress_course *course;
    const aw_progress_sound *sound;
} channel;

/* The segment `age` segments before the current one (1: the last whole one). */
static const aw_progress_segment *past(const aw_progress_course *c, uint32_t age)
{
    return &c->past[(c->pasts + AW_PROGRESS_HISTORY - age) % AW_PROGRESS_HISTORY];
}

static void clear_sums(const channel *ch)
{
    const aw_progress_sound *s = ch->sound;

    for (size_t i = 0; i < AW_PROGRESS_SUMS * ch->shape->sets; i++)
        s->sum[i * s->stride] = 0.0f;
}

/* Which of the sets that were heard as one is it, by the nearest frequencies? */
static void judge(const channel *ch)
{
    aw_progress_segment *now = &ch->course->now;
    int32_t head = now->set;

    now->off = FOREIGN;
    for (uint32_t i = 0; i < ch->shape->sets; i++) {
        if (ch->shape->set[i].head != head)
            continue;
        float off = aw_progress_deviation(ch->shape, ch->sound, i);
        if (off < now->off) {
            now->off = off;
            now->set = (int32_t)i;
        }
    }
}

static bool lasted(uint32_t hops, uint32_t ms)
{
    uint32_t heard = hops * HOP_MS, slack = ms * STEP_OFF / 100 + STEP_GRAIN_MS;

    return heard + slack >= ms && heard <= ms + slack;
}

/* Does a whole segment fit a step of a template? */
static bool fits(const aw_progress_shape *p, uint32_t t, uint32_t step,
                 const aw_progress_segment *s)
{
    const aw_progress_template *template = &p->plan.templates[t];
    bool tone = step % 2 == 0;

    return s->whole && lasted(s->hops, template->step_ms[step]) &&
           s->set == (tone ? p->set_of[t] : AW_PROGRESS_NONE) &&
           (!tone || s->off <= template->tolerance);
}

/* Do the last segments fit the template, the newest at `step`? */
static bool matches(const channel *ch, uint32_t t, uint32_t step)
{
    const aw_progress_template *template = &ch->shape->plan.templates[t];

    if (ch->course->pasts < template->confirm_steps)
        return false;
    for (uint32_t age = 1; age <= template->confirm_steps; age++) {
        if (!fits(ch->shape, t, step, past(ch->course, age)))
            return false;
        step = (step + template->steps - 1) % template->steps;
    }
    return true;
}

/* Find the cadenced template that the last segments fit; *step becomes the newest one's. */
static int32_t recognise(const channel *ch, uint32_t *step)
{
    const aw_progress_plan *plan = &ch->shape->plan;

    for (uint32_t t = 0; t < plan->count; t++)
        for (*step = 0; *step < plan->templates[t].steps; ++*step)
            if (matches(ch, t, *step))
                return (int32_t)t;
    return -1;
}

static const aw_progress_template *active(const channel *ch)
{
    return ch->course->active < 0 ? NULL : &ch->shape->plan.templates[ch->course->active];
}

static size_t turn_off(const channel *ch, aw_progress_event *out)
{
    if (!active(ch))
        return 0;
    *out = (aw_progress_event){active(ch)->id, 0};
    ch->course->active = -1;
    return 1;
}

static size_t turn_on(const channel *ch, int32_t t, aw_progress_event *out)
{
    size_t made = turn_off(ch, out);

    ch->course->active = t;
    out[made] = (aw_progress_event){ch->shape->plan.templates[t].id, 1};
    return made + 1;
}

/* A segment is whole: does the active tone go on as it should, or is another one recognised? */
static size_t end_segment(const channel *ch, aw_progress_event *out)
{
    aw_progress_course *c = ch->course;
    uint32_t step = 0;
    int32_t t = recognise(ch, &step);

    if (t >= 0) {
        uint32_t next = (step + 1) % ch->shape->plan.templates[t].steps;
        size_t made = t == c->active ? 0 : turn_on(ch, t, out);
        c->step = next;
        return made;
    }
    if (active(ch)) {
        uint32_t steps = active(ch)->steps;
        if (steps == 0 || !fits(ch->shape, (uint32_t)c->active, c->step, past(c, 1)))
            return turn_off(ch, out);
        c->step = (c->step + 1) % steps;
    }
    return 0;
}

/* Hops of the active tone's step after which it has lasted too long. */
static uint32_t longest(const aw_progress_template *template, uint32_t step)
{
    uint32_t ms = template->step_ms[step];

    return (ms + ms * STEP_OFF / 100 + STEP_GRAIN_MS) / HOP_MS + STEADY_HOPS;
}

/* Is template t a continuous tone that sounds, and isn't on yet? */
static bool may_begin(const aw_progress_shape *p, const aw_progress_course *c, uint32_t t)
{
    int32_t head = p->set[p->set_of[t]].head;

    return p->plan.templates[t].steps == 0 && head == c->now.set && c->active != (int32_t)t;
}

/* Within a segment: a continuous tone has lasted, or the active one outlasts its step. */
static size_t go_on(const channel *ch, aw_progress_event *out)
{
    const aw_progress_course *c = ch->course;

    for (uint32_t t = 0; t < ch->shape->plan.count; t++) {
        const aw_progress_template *template = &ch->shape->plan.templates[t];
        if (may_begin(ch->shape, c, t) && c->now.hops * HOP_MS >= template->confirm_ms &&
            aw_progress_deviation(ch->shape, ch->sound, (uint32_t)ch->shape->set_of[t]) <=
                template->tolerance)
            return turn_on(ch, (int32_t)t, out);
    }
    if (!active(ch) || active(ch)->steps == 0)
        return 0;
    return c->now.hops > longest(active(ch), c->step) ? turn_off(ch, out) : 0;
}

static void begin_segment(const channel *ch, int32_t heard)
{
    aw_progress_course *c = ch->course;

    if (c->now.set != AW_PROGRESS_NONE)
        judge(ch);
    c->past[c->pasts++ % AW_PROGRESS_HISTORY] = c->now;
    if (c->pasts == 2 * AW_PROGRESS_HISTORY) /* keeps the place in the ring */
        c->pasts = AW_PROGRESS_HISTORY;
    bool whole = c->now.hops > 0; /* else we came in the middle of it */
    c->now = (aw_progress_segment){.set = heard, .hops = STEADY_HOPS, .whole = whole};
    c->rival_hops = 0;
    if (heard != AW_PROGRESS_NONE)
        *ch->sound->level = ch->sound->tone[(size_t)heard * ch->sound->stride];
    clear_sums(ch);
}

/* At an edge a window is half full, and a close pair may claim what turns out to be one tone. */
static void correct_segment(const channel *ch, int32_t heard)
{
    aw_progress_course *c = ch->course;

    c->now.set = heard;
    c->now.hops += c->rival_hops;
    c->rival_hops = 0;
    *ch->sound->level = ch->sound->tone[(size_t)heard * ch->sound->stride];
    clear_sums(ch);
}

size_t aw_progress_hop(const aw_progress_shape *shape, aw_progress_course *c,
                       const aw_progress_sound *sound, int32_t heard, aw_progress_event out[2])
{
    const channel ch = {shape, c, sound};

    if (heard == c->now.set) {
        c->now.hops += c->rival_hops + 1;
        c->rival_hops = 0;
        return go_on(&ch, out);
    }
    if (heard != c->rival) {
        c->now.hops += c->rival_hops;
        c->rival_hops = 0;
    }
    c->rival = heard;
    c->rival_hops++;
    if (c->rival_hops < STEADY_HOPS)
        return 0;
    if (c->now.set != AW_PROGRESS_NONE && heard != AW_PROGRESS_NONE && c->now.hops < EDGE_HOPS) {
        correct_segment(&ch, heard);
        return 0;
    }
    begin_segment(&ch, heard);
    return end_segment(&ch, out);
}

uint32_t aw_progress_wake(const aw_progress_shape *shape, const aw_progress_course *c)
{
    uint32_t wake = UINT32_MAX;

    for (uint32_t t = 0; t < shape->plan.count; t++) {
        uint32_t hops = shape->plan.templates[t].confirm_ms / HOP_MS;
        if (may_begin(shape, c, t) && hops < wake)
            wake = hops;
    }
    if (c->active >= 0 && shape->plan.templates[c->active].steps > 0) {
        uint32_t hops = longest(&shape->plan.templates[c->active], c->step);
        wake = hops < wake ? hops : wake;
    }
    return wake;
}

void aw_progress_course_init(aw_progress_course *c)
{
    *c = (aw_progress_course){.active = -1, .now.set = AW_PROGRESS_NONE, .rival = AW_PROGRESS_NONE};
}
