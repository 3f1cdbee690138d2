/* SPDX-License-Identifier: MIT */
/* Whoever controls the engine in the soak: opens, closes, connects and listens at random, and
 * knows what must have become of it. */
#ifndef AW_TESTS_SOAK_CONTROL_H
#define AW_TESTS_SOAK_CONTROL_H
#include <inttypes.h>
#include <sys/stat.h>

#include "books.h"
#include "bus/wav.h"
#include "soak_board.h"

enum { TIMESLOTS = 40, BOARDS = 3, CLIPS = 3 };

/* A port as who controls it knows it. */
struct known {
    uint32_t handle; /* 0: closed */
    uint32_t generation;
    uint32_t kind;
    uint64_t opened; /* engine time */
    bool ruled;      /* a recorder that may begin later and end earlier */
};

struct soak {
    aw_engine *e;
    aw_arena *arena;
    uint64_t state; /* xorshift64* */
    struct known port[TIMESLOTS];
    struct soak_board board[BOARDS];
    uint32_t link_generation[BOARDS];
    uint64_t opened[AW_PORT_MF + 1];
    uint64_t sent, stale, events, done_recordings, recordings, losses, came;
    uint64_t shifts, checks;
    uint64_t heard[AW_EVT_GREETING + 1];
    size_t heap; /* when empty, the first time */
    int descriptors;
    bool threaded;
    char directory[64];
};

static inline uint32_t dice(struct soak *s, uint32_t sides)
{
    s->state ^= s->state >> 12;
    s->state ^= s->state << 25;
    s->state ^= s->state >> 27;
    return (uint32_t)((s->state * 2685821657736338717u) >> 32) % sides;
}

static inline void order(struct soak *s, uint32_t kind, void *command, size_t size)
{
    aw_record head = {kind, (uint32_t)size};

    memcpy(command, &head, sizeof head);
    CHECK(aw_ring_put(s->arena, &s->arena->commands, command, NULL, 0) == AW_OK);
    aw_bell_ring(aw_engine_command_bell(s->e));
    s->sent++;
}

static inline void path_of(const struct soak *s, char path[AW_PATH_MAX], uint32_t number)
{
    snprintf(path, AW_PATH_MAX, "%s/%u.wav", s->directory, number);
}

/* A handle of an open port, or 0. */
static inline uint32_t some_port(struct soak *s)
{
    uint32_t first = dice(s, TIMESLOTS);

    for (uint32_t i = 0; i < TIMESLOTS; i++)
        if (s->port[(first + i) % TIMESLOTS].handle != 0)
            return s->port[(first + i) % TIMESLOTS].handle;
    return 0;
}

static inline struct known *free_port(struct soak *s)
{
    for (uint32_t i = 0; i < TIMESLOTS; i++)
        if (s->port[i].handle == 0)
            return &s->port[i];
    return NULL;
}

static inline uint32_t take(struct soak *s, struct known *k, uint32_t kind)
{
    k->generation = k->generation % 0xffff + 1;
    k->handle = (uint32_t)(k - s->port) | k->generation << 16;
    k->kind = kind;
    k->opened = aw_arena_now(s->arena);
    s->opened[kind]++;
    s->recordings += kind == AW_PORT_RECORDER || kind == AW_PORT_TAP;
    return k->handle;
}

/* A list of clips: what the names share at their beginning stands in the first only. */
static inline void name_clips(struct soak *s, aw_cmd_file *c)
{
    char *next = c->path;

    c->clips = 1 + dice(s, 6);
    c->shared = (uint32_t)strlen(s->directory) + 1;
    c->at = dice(s, 2) ? 0 : dice(s, 5000);
    c->speed = dice(s, 2) ? 0.0f : 0.5f + 0.25f * (float)dice(s, 7);
    for (uint32_t i = 0; i < c->clips; i++) {
        char path[AW_PATH_MAX];
        path_of(s, path, TIMESLOTS + dice(s, 8 * CLIPS + 1) % (CLIPS + 1));
        const char *name = path + (i > 0 ? c->shared : 0);
        memcpy(next, name, strlen(name) + 1);
        next += strlen(name) + 1;
    }
}

static inline void open_file(struct soak *s, struct known *k, uint32_t kind)
{
    aw_cmd_file c = {.kind = kind, .loop = dice(s, 2), .tapped = some_port(s)};

    s->stale += kind == AW_PORT_TAP && c.tapped == 0; /* nobody there to be tapped */
    k->ruled = kind == AW_PORT_RECORDER && dice(s, 2);
    if (k->ruled) {
        c.silence_ms = dice(s, 3) * 700;
        c.most_samples = dice(s, 3) * 5001;
        c.trim = dice(s, AW_TRIM_BOTH + 1);
    }
    c.handle = take(s, k, kind);
    if (kind == AW_PORT_PLAYER && dice(s, 2)) {
        name_clips(s, &c);
        order(s, AW_CMD_OPEN_FILE, &c, sizeof c);
        return;
    }
    path_of(s, c.path, kind == AW_PORT_PLAYER ? TIMESLOTS + dice(s, CLIPS + 1) : c.handle & 0xffff);
    order(s, AW_CMD_OPEN_FILE, &c, sizeof c);
}

static inline void open_source(struct soak *s, struct known *k, uint32_t kind)
{
    aw_cmd_tone tone = {.spec = {.steps = 2, .loop_from = dice(s, 3)}};
    aw_cmd_digits digits = {.on_ms = 50, .off_ms = 50, .level_dbm0 = -8, .digits = "15#"};
    aw_cmd_caller_id caller = {.level_dbm0 = -13, .length = 4, .message = {4, 1, 'P', 171}};
    aw_cmd_mf signals = {.on_ms = 60, .off_ms = 60, .level_dbm0 = -7, .keys = "123"};

    signals.standard = dice(s, 3);
    tone.spec.step[0] = (aw_tone_step){.duration_ms = 300, .hz = {425}, .dbm0 = {-10}};
    tone.spec.step[1] = (aw_tone_step){.duration_ms = 300};
    tone.handle = digits.handle = caller.handle = signals.handle = take(s, k, kind);
    if (kind == AW_PORT_TONE)
        order(s, AW_CMD_OPEN_TONE, &tone, sizeof tone);
    else if (kind == AW_PORT_DIGITS)
        order(s, AW_CMD_OPEN_DIGITS, &digits, sizeof digits);
    else if (kind == AW_PORT_MF)
        order(s, AW_CMD_OPEN_MF, &signals, sizeof signals);
    else
        order(s, AW_CMD_OPEN_CALLER_ID, &caller, sizeof caller);
}

static inline void open_plain(struct soak *s, struct known *k, uint32_t kind)
{
    aw_cmd_port c = {.kind = kind, .option = 2 + dice(s, 10), .loudest = dice(s, 3)};

    c.handle = take(s, k, kind);
    order(s, AW_CMD_OPEN_PORT, &c, sizeof c);
}

static inline void open_some(struct soak *s)
{
    struct known *k = free_port(s);
    uint32_t kind = AW_PORT_BOARD + dice(s, AW_PORT_MF);

    if (!k)
        return;
    if (kind == AW_PORT_PLAYER || kind == AW_PORT_RECORDER || kind == AW_PORT_TAP)
        open_file(s, k, kind);
    else if (kind == AW_PORT_TONE || kind == AW_PORT_DIGITS || kind == AW_PORT_CALLER_ID ||
             kind == AW_PORT_MF)
        open_source(s, k, kind);
    else
        open_plain(s, k, kind);
}

/* A recorder's file has every sample of its time: two in a tap; with rules it may have less. */
static inline void check_recording(const struct soak *s, const struct known *k)
{
    uint64_t samples = aw_arena_now(s->arena) - k->opened;
    struct stat about;
    char path[AW_PATH_MAX];

    path_of(s, path, k->handle & 0xffff);
    CHECK(stat(path, &about) == 0);
    uint64_t whole = WAV_HEADER + samples * 2 * (k->kind == AW_PORT_TAP ? 2 : 1);
    CHECK(k->ruled ? (uint64_t)about.st_size <= whole : (uint64_t)about.st_size == whole);
}

static inline void close_port(struct soak *s, uint32_t handle)
{
    struct known *k = &s->port[handle & 0xffff];
    aw_cmd_port c = {.handle = handle};

    if (handle == 0)
        return;
    order(s, AW_CMD_CLOSE_PORT, &c, sizeof c);
    if (!s->threaded && (k->kind == AW_PORT_RECORDER || k->kind == AW_PORT_TAP)) {
        CHECK(aw_engine_apply(s->e) == AW_OK);
        check_recording(s, k);
    }
    k->handle = 0;
}

static inline void order_stale(struct soak *s)
{
    const struct known *k = &s->port[dice(s, TIMESLOTS)];
    aw_cmd_gain c = {.receive = 1, .send = 1};

    c.handle = (uint32_t)(k - s->port) | (k->generation % 0xffff + 1) << 16;
    order(s, AW_CMD_GAIN, &c, sizeof c);
    s->stale++;
}

static inline void switch_some(struct soak *s)
{
    static const uint32_t kinds[] = {AW_CMD_LISTEN, AW_CMD_LISTEN, AW_CMD_UNLISTEN, AW_CMD_LEAVE};
    uint32_t kind = kinds[dice(s, sizeof kinds / sizeof *kinds)];
    aw_cmd_listen c = {.listener = some_port(s), .source = some_port(s), .both = dice(s, 2)};

    c.gain = dice(s, 4) ? 1.0f : 0.25f * (float)dice(s, 16);
    if (c.listener != 0)
        order(s, kind, &c, sizeof c);
}

/* Someone joins a room, or is heard otherwise in it. */
static inline void confer_some(struct soak *s)
{
    aw_cmd_party c = {.party = some_port(s), .muted = dice(s, 4) == 0, .gets = 1.0f};

    c.gives = 0.5f * (float)dice(s, 8);
    for (uint32_t i = 0; i < TIMESLOTS; i++)
        if (s->port[i].handle != 0 && s->port[i].kind == AW_PORT_CONFERENCE)
            c.conference = s->port[i].handle;
    if (c.party != 0 && c.conference != 0)
        order(s, dice(s, 3) ? AW_CMD_JOIN : AW_CMD_SET_PARTY, &c, sizeof c);
}

static inline void detect_some(struct soak *s)
{
    aw_cmd_detect c = {.handle = some_port(s),
                       .what = dice(s, 2 * AW_DETECT_MF_R2_BACKWARD),
                       .plan = {.count = 1}};

    c.plan.templates[0] = (aw_progress_template){
        .id = 1, .hz = {dice(s, 2) ? 425.0f : 440.0f}, .tolerance = 0.02f, .confirm_ms = 100};
    if (c.handle != 0)
        order(s, AW_CMD_DETECT, &c, sizeof c);
}

/* A canceller begins, begins anew with another tail, or ends. */
static inline void cancel_some(struct soak *s)
{
    aw_cmd_echo c = {.handle = some_port(s), .tail_ms = 8 * dice(s, 5), .wants = dice(s, 4)};

    if (c.handle != 0)
        order(s, AW_CMD_ECHO, &c, sizeof c);
}

/* A player goes on elsewhere, or at another speed. */
static inline void move_some(struct soak *s)
{
    uint32_t first = dice(s, TIMESLOTS);
    aw_cmd_player c = {.what = 1 + dice(s, 7), .samples = dice(s, 4000)};

    c.speed = 0.5f + 0.25f * (float)dice(s, 7);
    if (c.what & AW_PLAYER_BY) {
        c.what &= ~(uint32_t)AW_PLAYER_AT;
        c.samples -= 2000;
    }
    for (uint32_t i = 0; i < TIMESLOTS && c.handle == 0; i++) {
        const struct known *k = &s->port[(first + i) % TIMESLOTS];
        c.handle = k->kind == AW_PORT_PLAYER ? k->handle : 0;
    }
    if (c.handle != 0)
        order(s, AW_CMD_SET_PLAYER, &c, sizeof c);
}

/* What is recorded pauses, or goes on. */
static inline void pause_some(struct soak *s)
{
    struct known *k = &s->port[dice(s, TIMESLOTS)];
    aw_cmd_port c = {.handle = k->handle, .option = dice(s, 2)};

    if (k->handle == 0 || (k->kind != AW_PORT_RECORDER && k->kind != AW_PORT_TAP))
        return;
    k->ruled = true;
    order(s, AW_CMD_PAUSE, &c, sizeof c);
}

/* A port is cleaned, or otherwise, or no longer. */
static inline void clean_some(struct soak *s)
{
    aw_cmd_clean c = {.handle = some_port(s), .wants = dice(s, 9), .target_dbm0 = -18.0f};

    c.most_db = (float)dice(s, 31);
    c.ceiling_dbm0 = -(float)dice(s, 41);
    if (c.handle != 0)
        order(s, AW_CMD_CLEAN, &c, sizeof c);
}
#endif
