/* SPDX-License-Identifier: MIT */
/* Soak: hours of engine time with orders at random, and books that must add up all the while.
 *
 * test_soak [HOURS [SEED]]: the manual engine, as fast as it goes.
 * test_soak threaded [SECONDS [SEED]]: the engine with its own threads, in so much real time; for
 * ThreadSanitizer.
 * Ports of all kinds come and go, hear each other, confer, are listened to; files are played and
 * recorded; boards come, stall, vanish and rave.  Each ten minutes of engine time all is closed,
 * and nothing may be left: no port, lane, slot of a file, descriptor or byte of memory. */
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "soak_control.h"

enum { HOUR = 3600 * AW_SAMPLE_RATE, SHIFT = 600 * AW_SAMPLE_RATE, LOOK = 400 /* rounds */ };
enum { PATIENCE = 2000 /* rounds */, PART_S = 120, THREADED_S = 60 };

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void); /* the sanitizer's own */
#define HEAP_BYTES() __sanitizer_get_current_allocated_bytes()
#else
#define HEAP_BYTES() ((size_t)0)
#endif

static void open_board(struct soak *s, struct soak_board *b)
{
    uint32_t index = (uint32_t)(b - s->board);
    aw_cmd_link c = {.format = AW_FORMAT_ULAW, .clock = index == 0, .count = BOARD_PORTS};

    s->link_generation[index] = s->link_generation[index] % 0xffff + 1;
    b->link = c.handle = index | s->link_generation[index] << 16;
    c.descriptor = soak_board_come(b);
    for (uint32_t i = 0; i < BOARD_PORTS; i++) {
        uint32_t handle = some_port(s);
        c.port[i] = handle != 0 && s->port[handle & 0xffff].kind == AW_PORT_BOARD ? handle : 0;
    }
    order(s, AW_CMD_OPEN_LINK, &c, sizeof c);
    s->came++;
}

static void close_board(struct soak *s, struct soak_board *b)
{
    aw_cmd_port c = {.handle = b->link};

    if (b->mood == BOARD_AWAY)
        return;
    if (!s->threaded && b->mood == BOARD_STEADY)
        CHECK(aw_arena_links(s->arena)[b->link & 0xffff].pcm_in == b->sent);
    order(s, AW_CMD_CLOSE_LINK, &c, sizeof c);
    soak_board_go(b);
}

/* Whoever has gone the wrong way must be reported soon. */
static void move_board(struct soak *s, struct soak_board *b)
{
    if (b->mood == BOARD_AWAY && dice(s, 200) == 0)
        open_board(s, b);
    if (b->mood != BOARD_AWAY && b->mood != BOARD_STEADY)
        CHECK(s->threaded || b->rounds < PATIENCE);
    if (b->mood != BOARD_STEADY || b->sent < 10 || dice(s, 4000) != 0)
        return;
    b->mood = BOARD_STEADY + dice(s, 4);
    b->rounds = 0;
    if (b->mood == BOARD_VANISHED) {
        close(b->descriptor);
        b->descriptor = -1;
    } else if (b->mood == BOARD_STEADY) {
        close_board(s, b);
    }
}

static void note(struct soak *s, const aw_evt_port *event)
{
    CHECK(event->record.kind > AW_EVT_LOST && event->record.kind <= AW_EVT_GREETING);
    s->events++;
    s->heard[event->record.kind]++;
    if (event->record.kind == AW_EVT_PORT_DONE)
        s->done_recordings += event->value >= AW_DONE_RECORDED;
    if (event->record.kind != AW_EVT_LINK_DOWN)
        return;
    struct soak_board *b = &s->board[event->handle & 0xffff];
    if (b->mood == BOARD_AWAY || b->link != event->handle)
        return;
    CHECK(b->mood != BOARD_STEADY);
    s->losses++;
    close_board(s, b);
}

static void read_events(struct soak *s)
{
    _Alignas(8) uint8_t record[AW_RECORD_MAX];
    int32_t size;

    while ((size = aw_ring_take(s->arena, &s->arena->events, record, sizeof record)) != 0) {
        aw_evt_port event = {.value = 0};
        CHECK(size >= (int32_t)sizeof(aw_record));
        memcpy(&event, record, (size_t)size < sizeof event ? (size_t)size : sizeof event);
        note(s, &event);
    }
}

static void let_time_pass(struct soak *s)
{
    uint64_t before = aw_arena_now(s->arena);

    if (!s->threaded) {
        CHECK(aw_engine_poll(s->e, 0) == AW_OK);
        if (aw_arena_now(s->arena) == before)
            CHECK(aw_engine_tick(s->e) == AW_OK);
        return;
    }
    struct pollfd bell = {.fd = aw_engine_event_bell(s->e), .events = POLLIN};
    while (aw_arena_now(s->arena) == before)
        if (poll(&bell, 1, 1) > 0)
            aw_bell_hush(bell.fd);
}

static void one_round(struct soak *s)
{
    uint32_t what = dice(s, 48);

    if (what < 4)
        open_some(s);
    else if (what < 6)
        close_port(s, some_port(s));
    else if (what < 8)
        switch_some(s);
    else if (what < 10)
        confer_some(s);
    else if (what < 12)
        detect_some(s);
    else if (what == 12)
        order_stale(s);
    else if (what == 13)
        cancel_some(s);
    else if (what == 14)
        clean_some(s);
    else if (what == 15)
        move_some(s);
    else if (what == 16)
        pause_some(s);
    for (uint32_t i = 0; i < BOARDS; i++) {
        move_board(s, &s->board[i]);
        soak_board_say(&s->board[i]);
    }
    let_time_pass(s);
    for (uint32_t i = 0; i < BOARDS; i++)
        soak_board_hear(&s->board[i]);
    read_events(s);
}

static int count_descriptors(void)
{
    DIR *all = opendir("/proc/self/fd");
    int count = 0;

    CHECK(all);
    while (readdir(all))
        count++;
    closedir(all);
    return count;
}

/* The threaded engine has done all that was ordered when two more ticks are over. */
static void settle(struct soak *s)
{
    for (int i = 0; i < (s->threaded ? 40 : 2); i++)
        let_time_pass(s);
    read_events(s);
}

static void close_all(struct soak *s)
{
    for (uint32_t i = 0; i < TIMESLOTS; i++)
        close_port(s, s->port[i].handle);
    for (uint32_t i = 0; i < BOARDS; i++)
        close_board(s, &s->board[i]);
    settle(s);
    for (int rounds = 0; s->done_recordings < s->recordings; rounds++) {
        CHECK(rounds < 4000); /* 20 s for the file thread */
        settle(s);
    }
}

static void check_counters(struct soak *s)
{
    const aw_counters *c = &s->arena->counters;

    CHECK(aw_arena_count(&c->commands) == s->sent && aw_arena_count(&c->stale) == s->stale);
    CHECK(aw_arena_count(&c->events) == s->events && aw_arena_count(&c->events_lost) == 0);
    CHECK(s->done_recordings == s->recordings);
    CHECK(s->threaded || c->ticks * AW_TICK_SAMPLES == aw_arena_now(s->arena));
    CHECK(s->threaded || c->late_files == 0);
    for (uint32_t i = 0; i < TIMESLOTS; i++)
        CHECK(aw_arena_ports(s->arena)[i].handle == 0);
}

/* A shift ends: everybody goes home. */
static void end_shift(struct soak *s)
{
    close_all(s);
    check_counters(s);
    if (!s->threaded)
        books_check_empty(s->e);
    if (s->shifts++ == 0) {
        s->heap = HEAP_BYTES();
        s->descriptors = count_descriptors();
    }
    CHECK(HEAP_BYTES() == s->heap && count_descriptors() == s->descriptors);
}

static void write_clips(struct soak *s)
{
    strcpy(s->directory, "/tmp/aw-soak-XXXXXX");
    CHECK(mkdtemp(s->directory));
    for (uint32_t i = 0; i < CLIPS; i++) { /* the last of the names stays without a file */
        uint8_t clip[WAV_HEADER + 4000] = {0};
        char path[AW_PATH_MAX];
        path_of(s, path, TIMESLOTS + i);
        aw_wav_header(clip, i * 1000, 1);
        FILE *file = fopen(path, "wb");
        CHECK(file && fwrite(clip, 1, WAV_HEADER + i * 2000, file) == WAV_HEADER + i * 2000);
        fclose(file);
    }
}

static void begin(struct soak *s, uint64_t seed)
{
    memset(s, 0, sizeof *s);
    s->state = seed | 1;
    write_clips(s);
    const aw_engine_options options = {.timeslots = TIMESLOTS,
                                       .threads = 2,
                                       .echo_channels = 32, /* fewer than there are ports */
                                       .echo_tail_ms = 32};
    CHECK(aw_engine_new_with(&s->e, &options) == AW_OK);
    s->arena = aw_engine_arena(s->e);
    for (uint32_t i = 0; i < BOARDS; i++)
        s->board[i].descriptor = -1;
}

static void end(struct soak *s)
{
    uint64_t now = aw_arena_now(s->arena);

    end_shift(s);
    printf("ok %.2f h of engine time: %" PRIu64 " orders (%" PRIu64 " stale, %" PRIu64
           " refused), %" PRIu64 " events\n",
           (double)now / HOUR, s->sent, s->stale, s->arena->counters.refused, s->events);
    printf("   ports opened:");
    for (uint32_t kind = AW_PORT_BOARD; kind <= AW_PORT_MF; kind++)
        printf(" %" PRIu64, s->opened[kind]);
    printf("; recordings whole: %" PRIu64 "\n", s->done_recordings);
    printf("   boards: %" PRIu64 " came, %" PRIu64 " lost and reported; emptied %" PRIu64
           " times, books checked %" PRIu64 " times; %zu bytes held when empty\n",
           s->came, s->losses, s->shifts, s->checks, s->heap);
    aw_engine_free(s->e);
    for (uint32_t i = 0; i < TIMESLOTS + CLIPS; i++) {
        char path[AW_PATH_MAX];
        path_of(s, path, i);
        unlink(path);
    }
    CHECK(rmdir(s->directory) == 0);
}

static void run(struct soak *s, uint64_t until, time_t end_by)
{
    uint64_t next = SHIFT;

    for (uint64_t round = 1; aw_arena_now(s->arena) < until; round++) {
        one_round(s);
        if (round % LOOK != 0)
            continue;
        if (end_by > 0 && time(NULL) >= end_by)
            break;
        if (!s->threaded) {
            books_check(s->e);
            s->checks++;
        }
        if (aw_arena_now(s->arena) >= next) {
            end_shift(s);
            next += SHIFT;
        }
    }
}

static void soak_threaded(long seconds, uint64_t seed)
{
    struct soak s;

    begin(&s, seed);
    s.threaded = true;
    CHECK(aw_engine_start(s.e) == AW_OK);
    run(&s, UINT64_MAX, time(NULL) + seconds);
    end(&s);
}

static void soak_manual(double hours, uint64_t seed)
{
    struct soak s;

    begin(&s, seed);
    run(&s, (uint64_t)(hours * HOUR), 0);
    end(&s);
}

int main(int argc, char **argv)
{
    bool threaded = argc > 1 && strcmp(argv[1], "threaded") == 0;
    const char *length = argc > 1 + threaded ? argv[1 + threaded] : NULL;
    uint64_t seed = argc > 2 + threaded ? strtoull(argv[2 + threaded], NULL, 10) : 1998;

    signal(SIGPIPE, SIG_IGN);
    if (threaded)
        soak_threaded(length ? strtol(length, NULL, 10) : THREADED_S, seed);
    else
        soak_manual(length ? strtod(length, NULL) : PART_S / 3600.0, seed);
    return 0;
}
