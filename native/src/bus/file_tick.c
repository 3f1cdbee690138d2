/* SPDX-License-Identifier: MIT */
/* The tick's side of the files: see files.h.  No system call here but ringing the bell. */
#include <string.h>

#include "bus/bus.h"

uint32_t aw_file_state(const struct bus_file *file)
{
    return __atomic_load_n(&file->state, __ATOMIC_ACQUIRE);
}

struct bus_file *aw_file_take(struct bus_files *files, const aw_cmd_file *c)
{
    if (files->free_count == 0)
        return NULL;
    uint32_t index = files->free[--files->free_count];
    struct bus_file *f = &files->slot[index];

    /* Not all at once: the file thread looks at the state of free slots too. */
    f->handle = c->handle;
    f->recorder = c->kind != AW_PORT_PLAYER;
    f->channels = c->kind == AW_PORT_TAP || c->kind == AW_PORT_SAVER ? 2 : 1;
    f->loop = c->loop != 0;
    f->descriptor = -1;
    f->close = f->failed = f->head = f->tail = 0;
    f->told = false;
    f->pcm = NULL;
    f->player = NULL;
    f->wishes =
        (struct play_wishes){.at = c->at, .wish = {.moves = true, .to = c->at, .speed = c->speed}};
    f->before = f->stated = f->written = 0;
    f->append = c->append != 0;
    f->paused = false;
    f->silence_ms = c->silence_ms;
    f->trim = c->trim;
    f->reason = AW_DONE_RECORDED;
    f->holds = c->trim & AW_TRIM_LEADING;
    f->lead = NULL;
    f->most = c->most_samples ? c->most_samples : UINT64_MAX;
    f->held = f->kept = f->spoken = 0;
    f->whole = UINT64_MAX;
    f->clips = c->clips;
    f->shared = c->shared;
    f->path[AW_NAMES_MAX - 1] = 0;
    memcpy(f->path, c->path, AW_NAMES_MAX - 1);
    __atomic_store_n(&f->state, FILE_OPENING, __ATOMIC_RELEASE);
    if (index >= files->used)
        __atomic_store_n(&files->used, index + 1, __ATOMIC_RELEASE);
    aw_bell_ring(files->bell);
    return f;
}

void aw_file_close(struct bus_files *files, struct bus_file *file)
{
    uint64_t left = file->kept - file->spoken;

    if (file->trim & AW_TRIM_TRAILING)
        file->whole = file->spoken + (left < FILE_TAIL ? left : FILE_TAIL);
    files->closing++;
    __atomic_store_n(&file->close, 1, __ATOMIC_RELEASE);
    aw_bell_ring(files->bell);
}

size_t aw_file_room(const struct bus_file *file)
{
    return FILE_RING - (file->head - __atomic_load_n(&file->tail, __ATOMIC_ACQUIRE));
}

size_t aw_file_record(struct bus_file *file, const int16_t *pcm, size_t n)
{
    uint32_t head = file->head;
    size_t room = aw_file_room(file);
    uint32_t begin = head % FILE_RING;

    if (n > room)
        n = room - room % file->channels;
    size_t first = n < FILE_RING - begin ? n : FILE_RING - begin;
    memcpy(file->pcm + begin, pcm, first * sizeof *pcm);
    memcpy(file->pcm, pcm + first, (n - first) * sizeof *pcm);
    __atomic_store_n(&file->head, head + (uint32_t)n, __ATOMIC_RELEASE);
    return n;
}

void aw_files_collect(struct aw_engine *e)
{
    struct bus_files *files = &e->files;

    for (uint32_t i = 0; i < files->used && files->closing > 0; i++) {
        struct bus_file *f = &files->slot[i];
        if (aw_file_state(f) != FILE_OVER)
            continue;
        if (f->recorder && !f->told)
            aw_event_port(e, AW_EVT_PORT_DONE, f->handle,
                          f->failed ? AW_DONE_UNWRITABLE : f->reason);
        __atomic_store_n(&f->state, FILE_FREE, __ATOMIC_RELEASE);
        files->free[files->free_count++] = (uint16_t)i;
        files->closing--;
    }
}
