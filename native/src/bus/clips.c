/* SPDX-License-Identifier: MIT */
#include "bus/clips.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bus/wav.h"
#include "mem.h"

#define CLIP_MAX  (512u << 20) /* bytes of a file to be played: 9 h */
#define SETTLED_S 2            /* a file that changed later could change again unseen */

struct bus_clip {
    struct bus_clip *next; /* in the library */
    uint32_t users;
    struct stat about;  /* of the file, as it was read */
    const int16_t *pcm; /* in `bytes` */
    size_t samples;
    uint8_t bytes[]; /* the whole file: little-endian samples, as this machine's are */
};

static bool read_whole(int descriptor, uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t n = read(descriptor, bytes + at, size - at);
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Two changes within a tick of the file system's clock have the same time: a file is shared only
 * when that is over. */
static struct bus_clip *find(struct bus_clip *library, const struct stat *about)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec - about->st_mtim.tv_sec < SETTLED_S)
        return NULL;
    while (library && !is_same_file(&library->about, about))
        library = library->next;
    return library;
}

static struct bus_clip *read_clip(int descriptor, const struct stat *about)
{
    size_t size = (size_t)about->st_size;
    struct bus_clip *clip = aw_alloc(sizeof *clip + size);
    size_t offset;
    size_t length;

    if (!clip)
        return NULL;
    if (!read_whole(descriptor, clip->bytes, size) ||
        aw_wav_find(clip->bytes, size, &offset, &length) != AW_OK) {
        aw_release(clip);
        return NULL;
    }
    clip->about = *about;
    clip->pcm = (const int16_t *)(const void *)(clip->bytes + offset); /* chunks begin evenly */
    clip->samples = length / sizeof *clip->pcm;
    return clip;
}

static struct bus_clip *take_open(struct bus_clip **library, int descriptor)
{
    struct stat about;

    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 1 ||
        about.st_size > CLIP_MAX)
        return NULL;
    struct bus_clip *clip = find(*library, &about);
    if (clip) {
        clip->users++;
        return clip;
    }
    clip = read_clip(descriptor, &about);
    if (!clip)
        return NULL;
    clip->users = 1;
    clip->next = *library;
    *library = clip;
    return clip;
}

static struct bus_clip *take(struct bus_clip **library, const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0)
        return NULL;
    struct bus_clip *clip = take_open(library, descriptor);
    close(descriptor);
    return clip;
}

static void leave(struct bus_clip **library, struct bus_clip *clip)
{
    if (!clip || --clip->users > 0)
        return;
    while (*library != clip)
        library = &(*library)->next;
    *library = clip->next;
    aw_release(clip);
}

static bool name_of(const struct bus_clips *c, char path[AW_PATH_MAX])
{
    const char *rest = c->names;
    size_t shared = c->clip > 0 ? c->shared : 0;

    for (uint32_t i = 0; i < c->clip; i++)
        rest += strlen(rest) + 1;
    size_t length = strlen(rest);
    if (length >= AW_PATH_MAX || shared >= AW_PATH_MAX - length)
        return false;
    memcpy(path, c->names, shared);
    memcpy(path + shared, rest, length + 1);
    return true;
}

/* Let the clip be in memory whose turn it is.  The one before is left last: they may be one. */
static bool hold(struct bus_clips *c, struct bus_clip **library)
{
    char path[AW_PATH_MAX];

    if (c->held == c->clip)
        return true;
    struct bus_clip *data = name_of(c, path) ? take(library, path) : NULL;
    leave(library, c->data);
    c->data = data;
    c->held = data ? c->clip : AW_CLIPS_MAX;
    c->failed = !data;
    if (data)
        c->length[c->clip] = data->samples;
    return data;
}

void aw_clips_init(struct bus_clips *c, const char *names, uint32_t count, uint32_t shared,
                   bool loop)
{
    *c = (struct bus_clips){.names = names,
                            .count = count ? count : 1,
                            .shared = shared,
                            .loop = loop,
                            .held = AW_CLIPS_MAX};
    for (uint32_t i = 0; i < AW_CLIPS_MAX; i++)
        c->length[i] = AW_CLIP_UNKNOWN;
}

void aw_clips_free(struct bus_clips *c, struct bus_clip **library)
{
    leave(library, c->data);
    c->data = NULL;
    c->held = AW_CLIPS_MAX;
}

static void begin_anew(struct bus_clips *c)
{
    c->clip = 0;
    c->before = c->at = 0;
}

/* The list's end: false when there is nothing to go on with. */
static bool next_round(struct bus_clips *c)
{
    if (!c->loop || c->before + c->length[c->clip] == 0)
        return false;
    begin_anew(c);
    return true;
}

static bool next_clip(struct bus_clips *c)
{
    if (c->clip + 1 == c->count)
        return next_round(c);
    c->before += c->length[c->clip++];
    c->at = 0;
    return true;
}

void aw_clips_seek(struct bus_clips *c, struct bus_clip **library, uint64_t to)
{
    begin_anew(c);
    c->failed = false;
    for (;;) {
        if (c->length[c->clip] == AW_CLIP_UNKNOWN && !hold(c, library))
            return;
        uint64_t length = c->length[c->clip];
        if (to - c->before < length) {
            c->at = to - c->before;
            return;
        }
        uint64_t end = c->before + length;
        bool last = c->clip + 1 == c->count;
        if (last && !c->loop)
            to = end;
        else if (last && end > 0)
            to %= end;
        if (!next_clip(c)) {
            c->at = length;
            return;
        }
    }
}

size_t aw_clips_read(struct bus_clips *c, struct bus_clip **library, int16_t *pcm, size_t n)
{
    size_t made = 0;

    while (made < n && hold(c, library)) {
        uint64_t length = c->length[c->clip];
        size_t left = c->at < length ? (size_t)(length - c->at) : 0;
        size_t some = left < n - made ? left : n - made;
        memcpy(pcm + made, c->data->pcm + c->at, some * sizeof *pcm);
        c->at += some;
        made += some;
        if (left == 0 && !next_clip(c))
            break;
    }
    return made;
}

uint64_t aw_clips_at(const struct bus_clips *c)
{
    return c->before + c->at;
}

uint64_t aw_clips_place(const struct bus_clips *c, uint64_t at)
{
    uint64_t end = 0;

    for (uint32_t i = 0; i < c->count; i++) {
        if (c->length[i] == AW_CLIP_UNKNOWN)
            return at;
        end += c->length[i];
    }
    return c->loop && end > 0 ? at % end : at;
}
