/* SPDX-License-Identifier: MIT */
/* What a player plays: a list of clips, read as if it were one.
 *
 * A clip is read into memory when its turn comes, not mapped: a file that is cut off while it plays
 * must not take the engine with it.  Players of the same file share it.  Only the file thread calls
 * these, so nothing is locked. */
#ifndef AW_BUS_CLIPS_H
#define AW_BUS_CLIPS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aw/arena.h"

struct bus_clip; /* one file's samples */

struct bus_clips {
    const char *names; /* as in aw_cmd_file */
    uint32_t count;
    uint32_t shared;
    bool loop;
    bool failed;                   /* a clip can't be read */
    uint32_t clip;                 /* whose turn it is */
    uint32_t held;                 /* which one is in memory, or AW_CLIPS_MAX */
    struct bus_clip *data;         /* this one */
    uint64_t before;               /* samples of the clips before `clip` */
    uint64_t at;                   /* of `clip`: the next one */
    uint64_t length[AW_CLIPS_MAX]; /* samples; AW_CLIP_UNKNOWN until it was read once */
};

#define AW_CLIP_UNKNOWN UINT64_MAX

/* control */
void aw_clips_init(struct bus_clips *c, const char *names, uint32_t count, uint32_t shared,
                   bool loop);
void aw_clips_free(struct bus_clips *c, struct bus_clip **library);
/* Go to a sample of the list: beyond its end, to its end, or round and round when it loops. */
void aw_clips_seek(struct bus_clips *c, struct bus_clip **library, uint64_t to);
/* Read the next n samples; fewer: here the list ends, or (`failed`) can't be read any further. */
size_t aw_clips_read(struct bus_clips *c, struct bus_clip **library, int16_t *pcm, size_t n);
/* The sample of the list that is read next. */
uint64_t aw_clips_at(const struct bus_clips *c);
/* A place counted on from one in the list, as one in the list. */
uint64_t aw_clips_place(const struct bus_clips *c, uint64_t at);
#endif
