/* SPDX-License-Identifier: MIT */
/* The file side: see files.h.  Functions here run in the file thread, or inline when manual. */
#include "bus/files.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/wav.h"
#include "mem.h"

#define WRITE_BATCH 4000u /* samples worth a write: 0.5 s */
#define RESTATE     8000u /* samples between two updates of a recording's header: 1 s */
#define ROUND_MS    100   /* so long a recording may lag behind */

static uint32_t load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void store(uint32_t *word, uint32_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

static bool write_at(struct bus_file *f, const void *bytes, size_t size, uint64_t at)
{
    const uint8_t *next = bytes;

    while (size > 0) {
        ssize_t n = pwrite(f->descriptor, next, size, (off_t)at);
        if (n <= 0)
            return false;
        next += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return true;
}

static bool state_length(struct bus_file *f)
{
    uint8_t header[WAV_HEADER];

    f->stated = f->written;
    aw_wav_header(header, f->written, f->channels);
    return write_at(f, header, sizeof header, 0);
}

/* What is behind the samples that its header speaks of is cut off: nobody knows whether it is
 * whole.
 */
static bool begin_recording(struct bus_file *f, uint64_t size)
{
    uint8_t header[WAV_HEADER];

    if (f->append && size > 0) {
        if (pread(f->descriptor, header, sizeof header, 0) != (ssize_t)sizeof header ||
            !aw_wav_is_header(header, f->channels, &f->before))
            return false;
        uint64_t there = (size - WAV_HEADER) / sizeof *f->pcm;
        f->before = f->before < there ? f->before : there;
    }
    f->written = f->before;
    return ftruncate(f->descriptor, (off_t)(WAV_HEADER + f->before * sizeof *f->pcm)) == 0 &&
           state_length(f);
}

static bool open_recorder(struct bus_file *f)
{
    struct stat about;

    f->descriptor =
        open(f->path, (f->append ? O_RDWR : O_WRONLY) | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
    if (f->descriptor < 0)
        return false;
    f->pcm = aw_alloc(FILE_RING * sizeof *f->pcm);
    aw_touch(f->pcm, FILE_RING * sizeof *f->pcm);
    f->lead = f->trim & AW_TRIM_LEADING ? aw_alloc(FILE_LEAD * sizeof *f->lead) : NULL;
    aw_touch(f->lead, f->lead ? FILE_LEAD * sizeof *f->lead : 0);
    return f->pcm && (f->lead || !(f->trim & AW_TRIM_LEADING)) &&
           fstat(f->descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
           begin_recording(f, (uint64_t)about.st_size);
}

static void drain(struct bus_file *f, bool all)
{
    uint32_t tail = f->tail;
    uint32_t waiting = load(&f->head) - tail;

    if (waiting == 0 || (!all && waiting < WRITE_BATCH))
        return;
    uint32_t begin = tail % FILE_RING;
    uint32_t first = waiting < FILE_RING - begin ? waiting : FILE_RING - begin;
    uint64_t at = WAV_HEADER + f->written * sizeof *f->pcm;
    bool ok = write_at(f, f->pcm + begin, first * sizeof *f->pcm, at) &&
              write_at(f, f->pcm, (waiting - first) * sizeof *f->pcm, at + first * sizeof *f->pcm);
    f->written += ok ? waiting : 0; /* the header promises nothing that isn't there */
    store(&f->tail, tail + waiting);
    if (ok && f->written - f->stated >= RESTATE)
        ok = state_length(f);
    if (!ok)
        store(&f->failed, 1);
}

static void let_go(struct bus_files *files, struct bus_file *f)
{
    if (f->descriptor >= 0)
        close(f->descriptor);
    aw_player_free(files, f);
    aw_release(f->pcm);
    aw_release(f->lead);
    f->descriptor = -1;
    f->pcm = f->lead = NULL;
}

static void open_file(struct bus_files *files, struct bus_file *f)
{
    bool ok = f->recorder ? open_recorder(f) : aw_player_open(files, f);

    if (!ok) {
        let_go(files, f);
        store(&f->failed, 1);
    }
    store(&f->state, ok ? FILE_READY : FILE_FAILED);
}

/* The header first: if it ends between the two, there are samples too many, which nobody reads. */
static bool cut_off(struct bus_file *f)
{
    uint64_t most = UINT64_MAX - f->before;
    uint64_t whole = f->before + (f->whole < most ? f->whole : most);
    bool longer = f->written > whole || load(&f->failed);

    f->written = f->written > whole ? whole : f->written;
    return state_length(f) &&
           (!longer ||
            ftruncate(f->descriptor, (off_t)(WAV_HEADER + f->written * sizeof *f->pcm)) == 0);
}

static void finish(struct bus_files *files, struct bus_file *f)
{
    if (f->recorder && f->descriptor >= 0) {
        drain(f, true);
        if (!cut_off(f))
            store(&f->failed, 1);
    }
    let_go(files, f);
    store(&f->state, FILE_OVER);
}

static void serve(struct bus_files *files, struct bus_file *f, bool all)
{
    uint32_t state = load(&f->state);

    if (state == FILE_FREE || state == FILE_OVER)
        return;
    if (load(&f->close))
        finish(files, f);
    else if (state == FILE_READY && f->recorder)
        drain(f, all);
    else if (state == FILE_READY)
        aw_player_go_on(files, f);
}

/* What somebody waits for comes first: all files that are to be opened, all wishes to players. */
void aw_files_serve(struct bus_files *files, bool all)
{
    uint32_t used = load(&files->used);

    for (uint32_t i = 0; i < used; i++) {
        struct bus_file *f = &files->slot[i];
        uint32_t state = load(&f->state);
        if (state == FILE_OPENING)
            open_file(files, f);
        else if (state == FILE_READY && !f->recorder)
            aw_player_answer(files, f);
    }
    for (uint32_t i = 0; i < used; i++)
        serve(files, &files->slot[i], all);
}

static void *run(void *argument)
{
    struct bus_files *files = argument;
    struct pollfd bell = {.fd = files->bell, .events = POLLIN};

    while (!load(&files->stop)) {
        int rung = poll(&bell, 1, ROUND_MS);
        if (rung > 0)
            aw_bell_hush(files->bell);
        aw_files_serve(files, rung <= 0);
    }
    return NULL;
}

aw_status aw_files_new(struct bus_files *files, uint32_t count)
{
    files->slot = aw_alloc(count * sizeof *files->slot);
    files->free = aw_alloc(count * sizeof *files->free);
    files->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!files->slot || !files->free)
        return AW_ENOMEM;
    if (files->bell < 0)
        return AW_EIO;
    files->count = files->free_count = count;
    for (uint32_t i = 0; i < count; i++)
        files->free[i] = (uint16_t)(count - 1 - i); /* the lowest slots are taken first */
    return AW_OK;
}

aw_status aw_files_start(struct bus_files *files)
{
    if (pthread_create(&files->thread, NULL, run, files) != 0)
        return AW_EIO;
    files->running = true;
    return AW_OK;
}

void aw_files_free(struct bus_files *files)
{
    if (files->running) {
        store(&files->stop, 1);
        aw_bell_ring(files->bell);
        pthread_join(files->thread, NULL);
    }
    for (uint32_t i = 0; i < files->used; i++)
        store(&files->slot[i].close, 1);
    aw_files_serve(files, true);
    aw_release(files->slot);
    aw_release(files->free);
    if (files->bell >= 0)
        close(files->bell);
}
