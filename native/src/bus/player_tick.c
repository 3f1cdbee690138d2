/* SPDX-License-Identifier: MIT */
/* The tick's side of players: see player.h. */
#include <string.h>

#include "bus/bus.h"

#define N AW_TICK_SAMPLES

/* Each name has its end within the order. */
static bool has_names(const aw_cmd_file *c)
{
    uint32_t ends = 0;

    for (size_t i = 0; i < AW_NAMES_MAX; i++)
        ends += c->path[i] == 0;
    return c->clips <= AW_CLIPS_MAX && ends >= c->clips &&
           c->shared <= strnlen(c->path, AW_PATH_MAX);
}

bool aw_player_is_possible(const aw_cmd_file *c)
{
    if (c->kind != AW_PORT_PLAYER)
        return c->clips == 0 && c->shared == 0 && c->at == 0 && c->speed == 0.0f;
    return has_names(c) && (c->speed == 0.0f || aw_wsola_is_speed(c->speed));
}

/* One wish at a time: a later one waits until the one before is heard. */
static void hand_over(struct aw_engine *e, struct bus_file *f)
{
    struct bus_player *l = f->player;
    struct play_wishes *w = &f->wishes;

    if (!w->more || l->seen != l->asked)
        return;
    w->wish = w->next;
    w->moving = w->next.moves;
    w->next = (struct play_wish){.moves = false};
    w->more = false;
    __atomic_store_n(&l->asked, l->asked + 1, __ATOMIC_RELEASE);
    aw_bell_ring(e->files.bell);
}

static uint64_t moved_by(uint64_t from, int64_t by)
{
    uint64_t back = by < 0 ? 0 - (uint64_t)by : 0;

    if (by < 0)
        return back < from ? from - back : 0;
    return (uint64_t)by < UINT64_MAX - from ? from + (uint64_t)by : UINT64_MAX;
}

static void wish(struct play_wishes *w, const aw_cmd_player *c)
{
    if (c->what & (AW_PLAYER_AT | AW_PLAYER_BY)) {
        uint64_t from = w->moving || w->next.moves ? w->goal : w->at;
        w->goal = moved_by(c->what & AW_PLAYER_AT ? 0 : from, c->samples);
        w->next.moves = true;
        w->next.to = w->goal;
    }
    if (c->what & AW_PLAYER_SPEED)
        w->next.speed = c->speed;
    w->more = true;
}

static bool is_wish(const aw_cmd_player *c)
{
    static const uint32_t all = AW_PLAYER_AT | AW_PLAYER_BY | AW_PLAYER_SPEED;

    if (c->what == 0 || (c->what & ~all))
        return false;
    if ((c->what & AW_PLAYER_AT) && ((c->what & AW_PLAYER_BY) || c->samples < 0))
        return false;
    return !(c->what & AW_PLAYER_SPEED) || aw_wsola_is_speed(c->speed);
}

void aw_player_set(struct aw_engine *e, const aw_cmd_player *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    if (p->kind != AW_PORT_PLAYER || !is_wish(c)) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    if (!p->file || p->done)
        return; /* what has ended stays so */
    wish(&p->file->wishes, c);
    if (aw_file_state(p->file) == FILE_READY)
        hand_over(e, p->file);
}

static struct play_block *block_of(struct bus_player *l, uint32_t number)
{
    return &l->block[number % PLAY_BLOCKS];
}

static void blend(int16_t *pcm, const int16_t *from, const int16_t *to)
{
    for (int i = 0; i < N; i++) {
        int w = 2 * i + 1; /* of 2 N */
        pcm[i] = (int16_t)((from[i] * (2 * N - w) + to[i] * w) / (2 * N));
    }
}

/* Give a block back, its samples having been read: from then on it is the file thread's.  The last
 * one is taken again and again: who it ends may wish to go on elsewhere.  Returns how it ends. */
static uint32_t give_back(struct bus_player *l, struct play_wishes *w, uint32_t number)
{
    const struct play_block *b = block_of(l, number);
    uint32_t ends = b->ends;

    w->at = b->next;
    __atomic_store_n(&l->tail, number + (ends == 0), __ATOMIC_RELEASE);
    return ends;
}

/* Where the answer to a wish begins, it is blended with what would have come. */
static uint32_t jump(struct bus_player *l, struct play_wishes *w, int16_t *pcm)
{
    static const int16_t silence[N];
    const int16_t *before = l->tail == l->to ? silence : block_of(l, l->tail)->pcm;

    blend(pcm, before, block_of(l, l->to)->pcm);
    return give_back(l, w, l->to);
}

/* The block of this tick; false: none is there in time. */
static bool next_block(struct bus_player *l, struct play_wishes *w, int16_t *pcm, uint32_t *ends)
{
    uint32_t answered = __atomic_load_n(&l->answered, __ATOMIC_ACQUIRE);
    bool there = answered != l->seen, got = true;

    if (there && l->jumps && (int32_t)(l->tail - l->from) >= 0) {
        *ends = jump(l, w, pcm);
    } else if (__atomic_load_n(&l->head, __ATOMIC_ACQUIRE) != l->tail) {
        there = there && !l->jumps;
        memcpy(pcm, block_of(l, l->tail)->pcm, N * sizeof *pcm);
        *ends = give_back(l, w, l->tail);
    } else {
        got = false;
    }
    if (there) {
        w->moving = false;
        __atomic_store_n(&l->seen, answered, __ATOMIC_RELEASE);
    }
    return got;
}

static void play(struct aw_engine *e, struct bus_port *p, int16_t *pcm)
{
    struct bus_player *l = p->file->player;
    struct play_wishes *w = &p->file->wishes;
    uint32_t ends = 0;
    bool got = next_block(l, w, pcm, &ends);

    hand_over(e, p->file);
    bool waits = l->seen != l->asked;
    if (!got)
        aw_count(&e->counters->late_files, N);
    else if (ends != 0 && !waits) /* or it goes on elsewhere */
        aw_port_end(e, p, (aw_done_reason)(ends - 1));
    aw_count_set(&e->port_entries[aw_port_index(e, p)].position, w->at);
}

/* The file is opened by the file thread: silence until it is there. */
void aw_player_say(struct aw_engine *e, struct bus_port *p, int16_t *pcm)
{
    uint32_t state = aw_file_state(p->file);

    memset(pcm, 0, N * sizeof *pcm);
    if (state == FILE_FAILED)
        aw_port_end(e, p, AW_DONE_UNREADABLE);
    else if (state == FILE_READY)
        play(e, p, pcm);
}
