/* SPDX-License-Identifier: MIT */
/* An engine with everything on: a board, one with a clock of its own that loses frames, tones,
 * digits, MF, caller ID, rooms, files, all detectors; and orders that go on coming while it runs.
 * For tests of what the tick may do. */
#ifndef AW_TESTS_OFFICE_H
#define AW_TESTS_OFFICE_H
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aw/frame.h"
#include "bus/bus.h"
#include "bus/wav.h"
#include "check.h"

enum { OFFICE_CHANNELS = 8, OFFICE_PERIOD = 120 /* ticks */ };
enum { OFFICE_FIRST = 8, OFFICE_END = 20 };                      /* what comes and goes */
enum { OTHER_FIRST = 20, OTHER_CHANNELS = 4, OTHER_LOSES = 45 }; /* the other board's */
enum { OFFICE_SAVER = OTHER_FIRST + OTHER_CHANNELS, OFFICE_KEPT = 3 };

struct office {
    aw_engine *e;
    int board; /* the board's end of the link */
    int other; /* and that of the other one */
    uint32_t frame;
    uint32_t generation;
    uint32_t heard[AW_EVT_GREETING + 1]; /* events of each kind */
    uint64_t answered;                   /* bytes that came down to the board */
    char clip[64];
};

static inline uint32_t office_handle(const struct office *o, uint32_t index)
{
    return index | (o->generation + 1) << 16;
}

static inline void office_order(const struct office *o, uint32_t kind, void *command, size_t size)
{
    aw_arena *arena = aw_engine_arena(o->e);
    aw_record head = {kind, (uint32_t)size};

    memcpy(command, &head, sizeof head);
    CHECK(aw_ring_put(arena, &arena->commands, command, NULL, 0) == AW_OK);
}

static inline void office_open(const struct office *o, uint32_t handle, uint32_t kind)
{
    aw_cmd_port c = {.handle = handle, .kind = kind, .option = 8};

    office_order(o, AW_CMD_OPEN_PORT, &c, sizeof c);
}

static inline void office_pair(const struct office *o, uint32_t kind, uint32_t a, uint32_t b)
{
    aw_cmd_listen c = {.listener = a, .source = b, .both = 1, .gain = 0.5f};

    office_order(o, kind, &c, sizeof c);
}

static inline void office_join(const struct office *o, uint32_t party, uint32_t conference)
{
    aw_cmd_party c = {.party = party, .conference = conference, .gives = 0.5f, .gets = 2.0f};

    office_order(o, AW_CMD_JOIN, &c, sizeof c);
}

static inline void office_file(const struct office *o, uint32_t handle, uint32_t kind,
                               const char *path)
{
    aw_cmd_file c = {.handle = handle, .kind = kind, .loop = 1, .tapped = 3 | 1u << 16};

    if (kind == AW_PORT_RECORDER) { /* by turns they end by themselves */
        c.trim = o->generation & AW_TRIM_BOTH;
        c.silence_ms = o->generation % 5 * 100;
        c.most_samples = o->generation % 3 * 1000;
    }

    memcpy(c.path, path, strlen(path));
    office_order(o, AW_CMD_OPEN_FILE, &c, sizeof c);
}

static inline void office_detect(const struct office *o, uint32_t handle)
{
    aw_cmd_detect c = {
        .handle = handle,
        .what = AW_DETECT_DIGITS | AW_DETECT_PROGRESS | AW_DETECT_CALLER_ID | AW_DETECT_LEVEL |
                AW_DETECT_CAS | AW_DETECT_MF_R1 | AW_DETECT_SPECIAL | AW_DETECT_VOICE,
        .plan = {.count = 1},
    };

    c.plan.templates[0] = (aw_progress_template){
        .id = 1, .hz = {425.0f, 0.0f}, .tolerance = 0.02f, .confirm_ms = 100};
    office_order(o, AW_CMD_DETECT, &c, sizeof c);
}

/* Each period some begin, some begin anew, some end. */
static inline void office_echo(const struct office *o)
{
    for (uint32_t i = 0; i < OTHER_FIRST + OTHER_CHANNELS; i++) {
        aw_cmd_echo c = {.handle = i | 1u << 16, .tail_ms = (o->generation + i) % 3 * 16};
        if (i >= OFFICE_FIRST && i < OTHER_FIRST)
            continue;
        c.wants = AW_ECHO_NLP | AW_ECHO_DISABLER;
        office_order(o, AW_CMD_ECHO, &c, sizeof c);
    }
}

static inline void office_clean(const struct office *o)
{
    for (uint32_t i = 0; i < OTHER_FIRST + OTHER_CHANNELS; i++) {
        aw_cmd_clean c = {.handle = i | 1u << 16,
                          .wants = (o->generation + i) % 8,
                          .target_dbm0 = -18.0f,
                          .most_db = (float)(i % 30),
                          .ceiling_dbm0 = -(float)(i % 20)};
        if (i >= OFFICE_FIRST && i < OTHER_FIRST)
            c.handle = office_handle(o, i);
        if (i != 11 && i != 19) /* the rooms */
            office_order(o, AW_CMD_CLEAN, &c, sizeof c);
    }
}

static inline int office_board_link(const struct office *o, aw_cmd_link *c, uint32_t first)
{
    int ends[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    c->descriptor = ends[1];
    for (uint32_t i = 0; i < c->count; i++) {
        c->port[i] = (first + i) | 1u << 16;
        office_open(o, c->port[i], AW_PORT_BOARD);
        office_detect(o, c->port[i]);
    }
    office_order(o, AW_CMD_OPEN_LINK, c, sizeof *c);
    return ends[0];
}

/* Ports 0 to 7 are the board's, for good. */
static inline void office_link(struct office *o)
{
    aw_cmd_link c = {
        .handle = 1u << 16, .format = AW_FORMAT_ULAW, .clock = 1, .count = OFFICE_CHANNELS};

    o->board = office_board_link(o, &c, 0);
    office_pair(o, AW_CMD_LISTEN, 0 | 1u << 16, 1 | 1u << 16);
}

/* And 20 to 23 the other's. */
static inline void office_other_link(struct office *o)
{
    aw_cmd_link c = {.handle = 1 | 1u << 16, .format = AW_FORMAT_ALAW, .count = OTHER_CHANNELS};

    o->other = office_board_link(o, &c, OTHER_FIRST);
    office_pair(o, AW_CMD_LISTEN, 7 | 1u << 16, OTHER_FIRST | 1u << 16);
}

/* Signals between exchanges, of machines, and a room of the loudest. */
static inline void office_signals(const struct office *o)
{
    aw_cmd_mf signals = {.handle = office_handle(o, 16), 0, 68, 68, -7.0f, .keys = "*12#"};
    aw_cmd_tone alert = {.handle = office_handle(o, 17), .spec = {.steps = 1, .loop_from = 1}};
    aw_cmd_tone answer = {.handle = office_handle(o, 18), .spec = {.steps = 1}};
    aw_cmd_port room = {
        .handle = office_handle(o, 19), .kind = AW_PORT_CONFERENCE, .option = 8, .loudest = 2};

    alert.spec.step[0] =
        (aw_tone_step){.duration_ms = 80, .hz = {2130.0f, 2750.0f}, .dbm0 = {-15.0f, -15.0f}};
    answer.spec.step[0] = (aw_tone_step){.hz = {2100.0f, 0.0f}, .dbm0 = {-12.0f, 0.0f}};
    office_order(o, AW_CMD_OPEN_MF, &signals, sizeof signals);
    office_order(o, AW_CMD_OPEN_TONE, &alert, sizeof alert);
    office_order(o, AW_CMD_OPEN_TONE, &answer, sizeof answer);
    office_order(o, AW_CMD_OPEN_PORT, &room, sizeof room);
    for (uint32_t i = 1; i < OTHER_CHANNELS; i++)
        office_join(o, (OTHER_FIRST + i) | 1u << 16, office_handle(o, 19));
    office_join(o, office_handle(o, 16), office_handle(o, 19));
}

/* The player goes on elsewhere, faster or slower each time. */
static inline void office_move(const struct office *o)
{
    aw_cmd_player c = {.handle = office_handle(o, 12),
                       .what = AW_PLAYER_BY | AW_PLAYER_SPEED,
                       .samples = 100,
                       .speed = 0.5f + 0.25f * (float)(o->generation % 7)};

    office_order(o, AW_CMD_SET_PLAYER, &c, sizeof c);
}

/* What is said and heard on one of the board's ports is kept for good, and saved each period. */
static inline void office_keep(const struct office *o)
{
    aw_cmd_port keep = {.handle = OFFICE_KEPT | 1u << 16, .option = 1};

    office_order(o, AW_CMD_KEEP, &keep, sizeof keep);
    office_file(o, office_handle(o, OFFICE_SAVER), AW_PORT_SAVER, "/tmp/aw-office-kept.wav");
}

/* Ports 8 to 19: sources, rooms and a recorder, opened anew each period. */
static inline void office_begin(struct office *o)
{
    aw_cmd_tone tone = {.handle = office_handle(o, 8), .spec = {.steps = 1}};
    aw_cmd_digits digits = {.handle = office_handle(o, 9), 60, 60, -8.0f, 2.0f, .digits = "15"};
    aw_cmd_caller_id caller = {.handle = office_handle(o, 10),
                               .level_dbm0 = -13.0f,
                               .length = 4,
                               .message = {4, 1, 'P', 256 - 4 - 1 - 'P'}};
    aw_cmd_gain gain = {.handle = 2 | 1u << 16, .receive = 0.7f, .send = 1.3f};

    tone.spec.step[0] = (aw_tone_step){.hz = {425.0f, 0.0f}, .dbm0 = {-10.0f, 0.0f}};
    office_order(o, AW_CMD_OPEN_TONE, &tone, sizeof tone);
    office_order(o, AW_CMD_OPEN_DIGITS, &digits, sizeof digits);
    office_order(o, AW_CMD_OPEN_CALLER_ID, &caller, sizeof caller);
    office_order(o, AW_CMD_GAIN, &gain, sizeof gain);
    office_open(o, office_handle(o, 11), AW_PORT_CONFERENCE);
    office_file(o, office_handle(o, 12), AW_PORT_PLAYER, o->clip);
    office_file(o, office_handle(o, 13), AW_PORT_RECORDER, "/tmp/aw-office.wav");
    office_open(o, office_handle(o, 14), AW_PORT_PATTERN);
    office_file(o, office_handle(o, 15), AW_PORT_TAP, "/tmp/aw-office-tap.wav");
    office_signals(o);
    office_keep(o);
    for (uint32_t i = OFFICE_FIRST; i < OFFICE_END; i++)
        office_detect(o, office_handle(o, i));
    office_echo(o);
    office_clean(o);
    for (uint32_t i = 2; i < 6; i++) {
        office_join(o, i | 1u << 16, office_handle(o, 11));
        office_pair(o, AW_CMD_LISTEN, i | 1u << 16, office_handle(o, 6 + i));
    }
    office_pair(o, AW_CMD_LISTEN, office_handle(o, 13), office_handle(o, 11));
    office_pair(o, AW_CMD_LISTEN, 6 | 1u << 16, office_handle(o, 12));
}

static inline void office_end(struct office *o)
{
    aw_cmd_frame frame = {.handle = 1u << 16, .kind = AW_FRAME_PING};

    for (uint32_t i = OFFICE_FIRST; i < OFFICE_END; i++) {
        aw_cmd_port c = {.handle = office_handle(o, i)};
        office_order(o, AW_CMD_CLOSE_PORT, &c, sizeof c);
    }
    aw_cmd_port saver = {.handle = office_handle(o, OFFICE_SAVER)};
    office_order(o, AW_CMD_CLOSE_PORT, &saver, sizeof saver);
    office_order(o, AW_CMD_SEND_FRAME, &frame, sizeof frame);
    o->generation++;
}

/* What the board says: a frame of noise, and now and then a conversation frame. */
static inline void office_board(struct office *o)
{
    uint8_t wire[AW_FRAME_WIRE_MAX];
    uint8_t payload[AW_PCM_UP_HEADER + OFFICE_CHANNELS * AW_TICK_SAMPLES];
    aw_pcm_header head = {.ms = 5, .format = AW_FORMAT_ULAW, .ports = (1u << OFFICE_CHANNELS) - 1};
    aw_frame_header header = {
        .kind = AW_FRAME_PCM, .seq = (uint16_t)o->frame, .tick = o->frame * AW_TICK_SAMPLES};
    size_t at = aw_pcm_encode(payload, &head, 1);

    for (size_t i = at; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 37 + o->frame * 11);
    size_t n = aw_frame_encode(wire, sizeof wire, &header, payload, sizeof payload);
    CHECK(write(o->board, wire, n) == (ssize_t)n);
    if (o->frame++ % 16 == 0) {
        header.kind = AW_FRAME_EVT;
        n = aw_frame_encode(wire, sizeof wire, &header, payload, 16);
        CHECK(write(o->board, wire, n) == (ssize_t)n);
    }
}

/* The other board has a clock of its own, and now and then a frame of it gets lost. */
static inline void office_other(const struct office *o)
{
    uint8_t wire[AW_FRAME_WIRE_MAX];
    uint8_t payload[AW_PCM_UP_HEADER + OTHER_CHANNELS * AW_TICK_SAMPLES];
    aw_pcm_header head = {.ms = 5, .format = AW_FORMAT_ALAW, .ports = (1u << OTHER_CHANNELS) - 1};
    aw_frame_header header = {
        .kind = AW_FRAME_PCM, .seq = (uint16_t)o->frame, .tick = o->frame * AW_TICK_SAMPLES};

    memset(payload, (int)(o->frame * 29 & 0xff), sizeof payload);
    aw_pcm_encode(payload, &head, 1);
    size_t n = aw_frame_encode(wire, sizeof wire, &header, payload, sizeof payload);
    if (o->frame % OTHER_LOSES != 0)
        CHECK(write(o->other, wire, n) == (ssize_t)n);
}

/* What happens around a tick: the board's frame before it, orders, and events read after it. */
static inline void office_before_tick(struct office *o)
{
    if (o->frame % OFFICE_PERIOD == 0)
        office_begin(o);
    if (o->frame % OFFICE_PERIOD == OFFICE_PERIOD / 2)
        office_move(o);
    if (o->frame % OFFICE_PERIOD == OFFICE_PERIOD - 1)
        office_end(o);
    CHECK(aw_engine_set_time(o->e, 1 + o->frame * 5000000ull) == AW_OK);
    office_other(o);
    office_board(o);
}

static inline void office_after_tick(struct office *o)
{
    _Alignas(8) uint8_t record[AW_RECORD_MAX];
    aw_arena *arena = aw_engine_arena(o->e);
    ssize_t n;

    while (aw_ring_take(arena, &arena->events, record, sizeof record) > 0) {
        aw_record head;
        memcpy(&head, record, sizeof head);
        CHECK(head.kind <= AW_EVT_GREETING);
        o->heard[head.kind]++;
    }
    while ((n = read(o->board, record, sizeof record)) > 0)
        o->answered += (uint64_t)n;
    while (read(o->other, record, sizeof record) > 0)
        continue;
}

static inline void office_write_clip(struct office *o)
{
    uint8_t header[WAV_HEADER + 800] = {0};
    int descriptor;

    strcpy(o->clip, "/tmp/aw-clip-XXXXXX");
    descriptor = mkstemp(o->clip);
    CHECK(descriptor >= 0);
    aw_wav_header(header, 400, 1);
    CHECK(write(descriptor, header, sizeof header) == (ssize_t)sizeof header);
    close(descriptor);
}
#endif
