/* SPDX-License-Identifier: MIT */
/* Recorders, and the rules by which they begin and end.
 *
 * What is silent before the first syllable is held back, so that it never comes to the disk; what
 * is silent after the last one has been written, and is cut off when the recording ends.  So
 * whoever dies on the way, the recording has every word. */
#include <string.h>

#include "bus/bus.h"

#define N AW_TICK_SAMPLES

bool aw_record_is_possible(const aw_cmd_file *c)
{
    bool rules = c->silence_ms != 0 || c->most_samples != 0 || c->trim != 0;

    if (c->append != 0 && c->kind != AW_PORT_RECORDER)
        return false;

    if (c->kind == AW_PORT_SAVER)
        return c->silence_ms == 0 && c->trim == 0;
    return !rules || (c->kind == AW_PORT_RECORDER && (c->trim & ~(uint32_t)AW_TRIM_BOTH) == 0);
}

void aw_record_begin(struct aw_engine *e, struct bus_port *p, const aw_cmd_file *c)
{
    if (p->file && (c->silence_ms != 0 || c->trim != 0))
        aw_voice_judge(e, p);
}

/* What silence there is begins anew when it goes on: nobody was listened to meanwhile. */
void aw_record_pause(struct aw_engine *e, const aw_cmd_port *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    if (p->kind != AW_PORT_RECORDER && p->kind != AW_PORT_TAP) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    struct bus_file *f = p->file;
    if (!f || p->done || f->paused == (c->option != 0))
        return;
    f->paused = c->option != 0;
    if (p->kind == AW_PORT_TAP || (f->silence_ms == 0 && f->trim == 0))
        return;
    if (f->paused)
        aw_voice_unjudge(e, p);
    else
        aw_voice_judge(e, p);
}

bool aw_record_is_on(struct aw_engine *e, struct bus_port *p)
{
    uint32_t state = aw_file_state(p->file);

    if (state == FILE_FAILED || __atomic_load_n(&p->file->failed, __ATOMIC_RELAXED)) {
        p->file->told = true;
        aw_port_end(e, p, AW_DONE_UNWRITABLE);
        return false;
    }
    return state == FILE_READY;
}

/* It ends by its rule; PortDone comes when the file is whole. */
static void end(struct aw_engine *e, struct bus_port *p, aw_done_reason reason)
{
    p->file->reason = reason;
    aw_file_close(&e->files, p->file);
    p->file = NULL;
    p->done = true;
    aw_voice_unjudge(e, p);
    aw_port_update(e, p);
}

/* Returns whether there is room for more. */
static bool keep(struct aw_engine *e, struct bus_file *f, const int16_t *pcm, size_t n)
{
    uint64_t left = f->most - f->kept;

    if (n > left)
        n = (size_t)left;
    size_t kept = aw_file_record(f, pcm, n);
    aw_count(&e->counters->late_files, n - kept);
    f->kept += kept;
    return f->kept < f->most;
}

/* The last FILE_LEAD samples go round in a ring. */
static void hold(struct bus_file *f, const int16_t *pcm)
{
    memcpy(f->lead + f->held % FILE_LEAD, pcm, N * sizeof *pcm);
    f->held += N;
}

static bool let_out(struct aw_engine *e, struct bus_file *f)
{
    size_t begin = f->held % FILE_LEAD;

    f->holds = false;
    if (f->held < FILE_LEAD)
        return keep(e, f, f->lead, (size_t)f->held);
    return keep(e, f, f->lead + begin, FILE_LEAD - begin) && keep(e, f, f->lead, begin);
}

void aw_record_hear(struct aw_engine *e, struct bus_port *p)
{
    const int16_t *pcm = e->heard[aw_port_index(e, p)];

    if (!aw_record_is_on(e, p) || p->file->paused)
        return;
    if (p->file->holds)
        hold(p->file, pcm);
    else if (!keep(e, p->file, pcm, N))
        end(e, p, AW_DONE_LENGTH);
}

void aw_record_judge(struct aw_engine *e, struct bus_port *p, uint32_t quiet_ms)
{
    struct bus_file *f = p->file;

    if (p->done || !f || aw_file_state(f) != FILE_READY)
        return;
    if (quiet_ms == 0) {
        bool room = !f->holds || let_out(e, f);
        f->spoken = f->kept;
        if (!room)
            end(e, p, AW_DONE_LENGTH);
    } else if (f->silence_ms != 0 && quiet_ms >= f->silence_ms) {
        end(e, p, AW_DONE_SILENCE);
    }
}

void aw_record_both(struct aw_engine *e, struct bus_port *tap, const int16_t *pcm)
{
    if (aw_record_is_on(e, tap) && !tap->file->paused)
        aw_count(&e->counters->late_files, 2 * N - aw_file_record(tap->file, pcm, (size_t)2 * N));
}
