/* SPDX-License-Identifier: MIT */
/* The file thread's side of players: see player.h. */
#include "bus/player.h"

#include <string.h>

#include "bus/files.h"
#include "mem.h"

#define N AW_TICK_SAMPLES

static uint32_t load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static struct play_block *block_of(struct bus_player *l, uint32_t number)
{
    return &l->block[number % PLAY_BLOCKS];
}

/* Fewer than n: it is at its end. */
static size_t make(struct bus_player *l, struct bus_clip **library, int16_t *pcm, size_t n)
{
    if (l->speed == 1.0f)
        return aw_clips_read(&l->clips, library, pcm, n);
    size_t made = aw_wsola_read(&l->stretch, pcm, n);
    while (made < n && !l->stretch.ending) {
        int16_t some[AW_WSOLA_FRAME];
        size_t got = aw_clips_read(&l->clips, library, some, AW_WSOLA_FRAME);
        aw_wsola_feed(&l->stretch, some, got);
        if (got < AW_WSOLA_FRAME)
            aw_wsola_end(&l->stretch);
        made += aw_wsola_read(&l->stretch, pcm + made, n - made);
    }
    return made;
}

static uint64_t place_of(const struct bus_player *l)
{
    if (l->speed == 1.0f)
        return aw_clips_at(&l->clips);
    return aw_clips_place(&l->clips, l->base + aw_wsola_at(&l->stretch));
}

static void make_block(struct bus_player *l, struct bus_clip **library)
{
    struct play_block *b = block_of(l, l->head);
    size_t n = make(l, library, b->pcm, N);

    memset(b->pcm + n, 0, (N - n) * sizeof *b->pcm);
    l->over = n == 0; /* a port that ends is silent at once: what is left is heard before */
    b->ends = !l->over ? 0 : l->clips.failed ? 1 + AW_DONE_UNREADABLE : 1 + AW_DONE_ENDED;
    b->next = place_of(l);
    __atomic_store_n(&l->head, l->head + 1, __ATOMIC_RELEASE);
}

/* Until so many blocks lie ready, counted from the one at which the tick goes on. */
static void make_ready(struct bus_player *l, struct bus_clip **library, uint32_t begin,
                       uint32_t count)
{
    uint32_t tail = load(&l->tail);

    while (!l->over && l->head - begin < count && l->head - tail < PLAY_BLOCKS)
        make_block(l, library);
}

static void go_to(struct bus_player *l, struct bus_clip **library, uint64_t place)
{
    aw_clips_seek(&l->clips, library, place);
    l->base = aw_clips_at(&l->clips);
    aw_wsola_reset(&l->stretch, l->speed);
    l->over = false;
}

/* Whether what was made already is made anew, and from which block on.  Another speed begins where
 * a block begins: there the sound is the same, and nothing is heard of the blending. */
static bool redo(struct bus_player *l, struct bus_clip **library, const struct play_wish *wish)
{
    bool changes = wish->speed > 0.0f && wish->speed != l->speed;

    l->from = load(&l->tail);
    if (changes)
        l->speed = wish->speed;
    if (wish->moves) {
        go_to(l, library, wish->to);
        return true;
    }
    l->from += PLAY_LEAD;
    bool anew = changes && (int32_t)(l->head - l->from) > 0;
    if (changes && (anew || !l->over))
        go_to(l, library, block_of(l, (anew ? l->from : l->head) - 1)->next);
    return anew;
}

void aw_player_answer(struct bus_files *files, struct bus_file *f)
{
    struct bus_player *l = f->player;
    uint32_t asked = load(&l->asked);

    if (asked == l->answered)
        return;
    struct play_wish wish = f->wishes.wish;
    l->jumps = redo(l, &files->clips, &wish);
    l->to = l->head;
    if (l->jumps)
        make_ready(l, &files->clips, l->to, PLAY_FIRST);
    __atomic_store_n(&l->answered, asked, __ATOMIC_RELEASE);
}

void aw_player_go_on(struct bus_files *files, struct bus_file *f)
{
    struct bus_player *l = f->player;
    bool jumps = l->jumps && load(&l->seen) != l->answered;
    uint32_t begin = jumps ? l->to : load(&l->tail);

    if (l->head - begin < PLAY_LOW)
        make_ready(l, &files->clips, begin, PLAY_AHEAD);
}

bool aw_player_open(struct bus_files *files, struct bus_file *f)
{
    const struct play_wish *first = &f->wishes.wish;

    f->player = aw_alloc(sizeof *f->player);
    if (!f->player)
        return false;
    struct bus_player *l = f->player;
    l->speed = first->speed > 0.0f ? first->speed : 1.0f;
    aw_clips_init(&l->clips, f->path, f->clips, f->shared, f->loop);
    go_to(l, &files->clips, first->to);
    make_ready(l, &files->clips, 0, PLAY_FIRST);
    return true;
}

void aw_player_free(struct bus_files *files, struct bus_file *f)
{
    if (!f->player)
        return;
    aw_clips_free(&f->player->clips, &files->clips);
    aw_release(f->player);
    f->player = NULL;
}
