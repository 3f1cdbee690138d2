/* SPDX-License-Identifier: MIT */
/* Invariant: whatever is ordered, the engine reads and writes nothing outside, accounts for every
 * order, its books add up, its time goes on, and when all was closed nothing is left.
 *
 * fuzz_command INPUTS [SECONDS [SEED]]: each input is an order of any kind: sound, with values gone
 * wild (NaN gains, stale handles, places outside of every table), cut short or too long, or noise.
 * Now and then a tick, a board's frame or the closing of everything. */
#include <dirent.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/books.h"
#include "aw/frame.h"
#include "bus/wav.h"
#include "fuzz.h"

enum { TIMESLOTS = 40, LINKS = 4, KINDS = AW_CMD_PAUSE + 2, ROOM = AW_RECORD_MAX };
enum { TICK_EVERY = 24, BOOKS_EVERY = 512, EMPTY_EVERY = 20000 };

static aw_engine *engine;
static aw_arena *arena;
static int board = -1; /* our end of the link that was lent last */
static uint64_t applied, ticks, frames, emptied, dones;
static char directory[] = "/tmp/aw-fuzz-XXXXXX";

/* Mostly of a port that is open, or of one that may be opened. */
static uint32_t some_handle(void)
{
    uint32_t index = dice(TIMESLOTS);
    const aw_port_entry *entry = &aw_arena_ports(arena)[index];

    if (dice(16) == 0)
        return dice(2) ? wild_word() : index | wild_word() << 16;
    return entry->handle != 0 ? entry->handle : index | (entry->generation % 0xffff + 1) << 16;
}

static uint32_t some_link(void)
{
    uint32_t index = dice(LINKS);
    const aw_link_entry *entry = &aw_arena_links(arena)[index];

    if (dice(16) == 0)
        return wild_word();
    return entry->handle != 0 ? entry->handle : index | (entry->generation % 0xffff + 1) << 16;
}

static uint32_t lend(void)
{
    uint32_t token = 0;
    int ends[2];

    if (dice(4) == 0)
        return wild_word();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
        fail("socketpair");
    if (aw_engine_lend(engine, ends[1], &token) != AW_OK) {
        aw_engine_reclaim(engine);
        close(ends[1]);
    }
    if (board >= 0)
        close(board);
    board = ends[0];
    return token;
}

/* Names inside our own folder only; the last is too long and has no end. */
static void some_path(char path[AW_PATH_MAX])
{
    static const char *const names[] = {"clip", "short", "text", ".", "none/none", "", "fifo"};
    uint32_t which = dice(10);

    memset(path, which == 9 ? 'x' : 0, AW_PATH_MAX);
    if (which < 7)
        strcpy(path, names[which]);
    else if (which < 9)
        snprintf(path, AW_PATH_MAX, "recording%u", dice(8));
}

static size_t make_listen(aw_cmd_listen *c)
{
    c->source = some_handle();
    c->both = dice(2);
    c->gain = dice(8) ? 1.0f : wild_float();
    return sizeof *c;
}

static size_t make_party(aw_cmd_party *c)
{
    c->conference = some_handle();
    c->gives = dice(8) ? 1.0f : wild_float();
    c->gets = dice(8) ? 1.0f : wild_float();
    c->muted = dice(2);
    return sizeof *c;
}

static size_t make_gain(aw_cmd_gain *c)
{
    c->receive = dice(4) ? 1.0f : wild_float();
    c->send = dice(4) ? 0.5f : wild_float();
    return sizeof *c;
}

static size_t make_port(aw_cmd_port *c, uint32_t kind)
{
    static const uint32_t kinds[] = {AW_PORT_BOARD, AW_PORT_CONFERENCE, AW_PORT_PATTERN};

    if (kind == AW_CMD_CLOSE_LINK)
        c->handle = some_link();
    c->kind = dice(16) ? kinds[dice(3)] : wild_word();
    c->option = dice(8) ? dice(TIMESLOTS) : wild_word();
    c->loudest = dice(8) ? dice(4) : wild_word();
    return sizeof *c;
}

/* Orders of one or two handles, which stand first in all of them. */
static size_t make_plain(uint32_t kind, void *command)
{
    switch (kind) {
    case AW_CMD_JOIN:
    case AW_CMD_SET_PARTY:
        return make_party(command);
    case AW_CMD_GAIN:
        return make_gain(command);
    case AW_CMD_OPEN_PORT:
    case AW_CMD_CLOSE_PORT:
    case AW_CMD_SILENCE:
    case AW_CMD_CLOSE_LINK:
    case AW_CMD_KEEP:
    case AW_CMD_PAUSE:
        return make_port(command, kind);
    default:
        return make_listen(command);
    }
}

static size_t make_tone(aw_cmd_tone *c)
{
    c->spec.steps = dice(8) ? 1 + dice(3) : wild_word();
    c->spec.loop_from = dice(8) ? dice(2) : wild_word();
    for (uint32_t i = 0; i < AW_TONE_STEPS; i++)
        c->spec.step[i] = (aw_tone_step){
            .duration_ms = dice(8) ? dice(200) : wild_word(),
            .modulated = dice(2),
            .hz = {dice(16) ? 425.0f : wild_float(), dice(16) ? 20.0f : wild_float()},
            .dbm0 = {dice(16) ? -10.0f : wild_float(), -10.0f},
        };
    return sizeof *c;
}

static size_t make_digits(aw_cmd_digits *c)
{
    c->on_ms = dice(8) ? 20 + dice(80) : wild_word();
    c->off_ms = dice(8) ? 20 + dice(80) : wild_word();
    c->level_dbm0 = dice(16) ? -10.0f : wild_float();
    c->twist_db = dice(16) ? 2.0f : wild_float();
    for (uint32_t i = dice(8) ? dice(8) : (uint32_t)sizeof c->digits; i-- > 0;)
        c->digits[i] = dice(64) ? "0123456789ABCD*#"[dice(16)] : (char)dice(256);
    return sizeof *c;
}

static size_t make_caller(aw_cmd_caller_id *c)
{
    c->standard = dice(8) ? dice(2) : wild_word();
    c->level_dbm0 = dice(16) ? -13.0f : wild_float();
    c->length = dice(8) ? dice(40) : wild_word();
    for (uint32_t i = 0; i < 40; i++)
        c->message[i] = (uint8_t)dice(256);
    return sizeof *c;
}

static size_t make_signals(aw_cmd_mf *c)
{
    c->standard = dice(8) ? dice(3) : wild_word();
    c->on_ms = dice(8) ? dice(100) : wild_word();
    c->off_ms = dice(8) ? dice(100) : wild_word();
    c->level_dbm0 = dice(16) ? -7.0f : wild_float();
    for (uint32_t i = dice(8) ? 1 + dice(8) : (uint32_t)sizeof c->keys; i-- > 0;)
        c->keys[i] = dice(64) ? "1234567890"[dice(10)] : (char)dice(256);
    return sizeof *c;
}

static size_t make_echo(aw_cmd_echo *c)
{
    static const uint32_t tails[] = {0, 5, 16, 32, 64, 128, 161};

    c->tail_ms = dice(8) ? tails[dice(sizeof tails / sizeof *tails)] : wild_word();
    c->wants = dice(8) ? dice(8) : wild_word();
    return sizeof *c;
}

static size_t make_clean(aw_cmd_clean *c)
{
    c->wants = dice(8) ? dice(8) : wild_word();
    c->target_dbm0 = dice(8) ? -18.0f : wild_float();
    c->most_db = dice(8) ? (float)dice(31) : wild_float();
    c->ceiling_dbm0 = dice(8) ? -(float)dice(41) : wild_float();
    return sizeof *c;
}

static size_t make_detect(aw_cmd_detect *c)
{
    c->what = dice(8) ? dice(2 * AW_DETECT_MF_R2_BACKWARD) : wild_word();
    c->silence_ms = dice(8) ? dice(3000) : wild_word();
    c->standard = dice(8) ? dice(2) : wild_word();
    c->plan.count = dice(8) ? 1 + dice(3) : wild_word();
    for (uint32_t i = 0; i < AW_PROGRESS_TEMPLATES; i++) {
        aw_progress_template *t = &c->plan.templates[i];
        *t = (aw_progress_template){.id = i, .hz = {425}, .tolerance = 0.02f, .confirm_ms = 100};
        if (dice(32) == 0)
            t->hz[dice(2)] = wild_float();
        if (dice(32) == 0)
            t->tolerance = wild_float();
        if (dice(32) == 0)
            t->steps = wild_word();
        if (dice(32) == 0)
            t->confirm_ms = wild_word();
    }
    return sizeof *c;
}

static size_t make_link(aw_cmd_link *c, uint32_t kind)
{
    c->handle = some_link();
    c->descriptor = kind == AW_CMD_OPEN_LINK ? (int32_t)lend() : 0;
    c->format = dice(16) ? dice(4) : wild_word();
    c->framing = dice(4) ? AW_FRAMING_QHI : dice(16) ? dice(3) : wild_word();
    c->clock = dice(2);
    c->count = dice(16) ? dice(AW_LINK_PORTS_MAX + 1) : wild_word();
    for (uint32_t i = 0; i < AW_LINK_PORTS_MAX; i++)
        c->port[i] = dice(8) ? some_handle() : 0;
    return sizeof *c;
}

static size_t make_frame(aw_cmd_frame *c)
{
    uint32_t length = dice(64);

    *c = (aw_cmd_frame){.handle = some_link(), .kind = (uint8_t)dice(20), .seq = 7};
    c->length = (uint16_t)(dice(8) ? length : wild_word());
    return sizeof *c + length;
}

/* Clips behind the first: "clip" shares "cl" with it, or nothing, or what isn't there. */
static void some_clips(aw_cmd_file *c)
{
    char *next = c->path + strlen("clip") + 1;

    memcpy(c->path, "clip", sizeof "clip");
    c->clips = dice(16) ? 1 + dice(5) : wild_word();
    c->shared = dice(4) ? 2 : dice(16) ? 0 : wild_word();
    for (uint32_t i = 1; i < 5; i++, next += strlen(next) + 1)
        strcpy(next, c->shared == 2 ? "ip" : dice(4) ? "clip" : dice(2) ? "short" : "none");
    c->at = dice(4) ? 0 : dice(8) ? dice(2000) : (uint64_t)wild_word() << 32;
    c->speed = dice(2) ? 0.0f : dice(16) ? 0.5f + 0.1f * (float)dice(16) : wild_float();
}

static size_t make_file(aw_cmd_file *c)
{
    static const uint32_t files[] = {AW_PORT_PLAYER, AW_PORT_RECORDER, AW_PORT_TAP, AW_PORT_SAVER};

    c->kind = dice(16) ? files[dice(4)] : wild_word();
    c->loop = dice(2);
    c->tapped = some_handle();
    c->silence_ms = dice(4) ? 0 : dice(3000);
    c->most_samples = dice(4) ? 0 : dice(9000);
    c->trim = dice(4) ? 0 : dice(5);
    c->append = dice(8) == 0;
    some_path(c->path);
    if (dice(4) == 0) {
        c->kind = dice(16) ? AW_PORT_PLAYER : c->kind;
        some_clips(c);
    }
    return sizeof *c;
}

static size_t make_player(aw_cmd_player *c)
{
    for (uint32_t i = 0; i < TIMESLOTS && dice(16); i++)
        if (aw_arena_ports(arena)[i].kind == AW_PORT_PLAYER)
            c->handle = aw_arena_ports(arena)[i].handle;
    c->what = dice(16) ? dice(8) : wild_word();
    c->samples = dice(8) ? (int64_t)dice(1600) - 800 : (int64_t)((uint64_t)wild_word() << 32);
    c->speed = dice(16) ? 0.5f + 0.1f * (float)dice(16) : wild_float();
    return sizeof *c;
}

static size_t make_order(uint32_t kind, uint8_t *room)
{
    void *c = room;
    uint32_t handle = some_handle();

    memcpy(room + sizeof(aw_record), &handle, sizeof handle);
    switch (kind) {
    case AW_CMD_OPEN_TONE:
        return make_tone(c);
    case AW_CMD_OPEN_DIGITS:
        return make_digits(c);
    case AW_CMD_OPEN_FILE:
        return make_file(c);
    case AW_CMD_SET_PLAYER:
        return make_player(c);
    case AW_CMD_OPEN_CALLER_ID:
        return make_caller(c);
    case AW_CMD_OPEN_MF:
        return make_signals(c);
    case AW_CMD_ECHO:
        return make_echo(c);
    case AW_CMD_CLEAN:
        return make_clean(c);
    case AW_CMD_DETECT:
        return make_detect(c);
    case AW_CMD_OPEN_LINK:
    case AW_CMD_SET_LINK:
        return make_link(c, kind);
    case AW_CMD_SEND_FRAME:
        return make_frame(c);
    default:
        return make_plain(kind, c);
    }
}

static void give(uint32_t kind, uint8_t *room, size_t size)
{
    const aw_counters *counters = &arena->counters;
    uint64_t commands = counters->commands, refused = counters->refused;
    aw_record head = {kind, (uint32_t)size};

    memcpy(room, &head, sizeof head);
    if (aw_ring_put(arena, &arena->commands, room, NULL, 0) != AW_OK)
        fail("the ring does not take an order");
    if (aw_engine_apply(engine) != AW_OK)
        fail("apply");
    if (counters->commands - commands + (counters->refused - refused) < 1)
        fail("an order is not accounted for");
    applied += counters->commands - commands;
}

static void read_events(void)
{
    _Alignas(8) static uint8_t record[AW_RECORD_MAX];
    int32_t size;
    aw_record head;

    while ((size = aw_ring_take(arena, &arena->events, record, sizeof record)) != 0) {
        if (size < 0)
            fail("the event ring holds nonsense");
        memcpy(&head, record, sizeof head);
        dones += head.kind == AW_EVT_PORT_DONE;
    }
}

static void tick(void)
{
    uint8_t wire[AW_FRAME_WIRE_MAX];
    uint8_t payload[AW_PCM_UP_HEADER + 8 * AW_TICK_SAMPLES] = {0};
    aw_pcm_header pcm = {.ms = 5, .format = AW_FORMAT_ALAW, .ports = 0xff, .off_hook = dice(4)};
    aw_frame_header header = {.kind = AW_FRAME_PCM, .seq = (uint16_t)frames, .tick = 40};
    uint64_t before = aw_arena_now(arena);

    for (size_t i = AW_PCM_UP_HEADER; i < sizeof payload; i++)
        payload[i] = (uint8_t)dice(256);
    if (dice(16) == 0)
        frames += dice(12); /* missing ones */
    aw_engine_set_time(engine, dice(64) ? 1 + ticks * 5000000 : 0);
    aw_pcm_encode(payload, &pcm, 1);
    size_t n = aw_frame_encode(wire, sizeof wire, &header, payload, sizeof payload);
    if (board >= 0 && send(board, wire, n, MSG_NOSIGNAL) == (ssize_t)n)
        frames++;
    if (aw_engine_poll(engine, 0) != AW_OK || aw_engine_tick(engine) != AW_OK)
        fail("tick");
    while (board >= 0 && recv(board, wire, sizeof wire, 0) > 0)
        continue;
    if (aw_arena_now(arena) < before + AW_TICK_SAMPLES)
        fail("time stands still");
    ticks++;
    read_events();
}

static void empty(void)
{
    _Alignas(8) static uint8_t room[ROOM];
    aw_cmd_port *c = (void *)room;

    for (uint32_t i = 0; i < TIMESLOTS; i++) {
        c->handle = aw_arena_ports(arena)[i].handle;
        give(AW_CMD_CLOSE_PORT, room, sizeof *c);
    }
    for (uint32_t i = 0; i < AW_LINKS_MAX; i++) {
        c->handle = aw_arena_links(arena)[i].handle;
        give(AW_CMD_CLOSE_LINK, room, sizeof *c);
    }
    tick();
    books_check_empty(engine);
    emptied++;
}

static void one_input(void)
{
    _Alignas(8) static uint8_t room[ROOM];
    uint32_t kind = dice(KINDS);

    memset(room, 0, sizeof room);
    size_t size = make_order(kind, room);
    for (uint32_t hits = dice(16) ? 0 : dice(8); hits > 0 && kind != AW_CMD_OPEN_FILE; hits--)
        room[8 + dice((uint32_t)size - 8)] ^= (uint8_t)(1u << dice(8));
    if (dice(16) == 0)
        size = dice(2) ? 8 + dice((uint32_t)size - 7) : dice(ROOM - 8) + 8;
    give(dice(256) ? kind : wild_word(), room, size);
    if (dice(TICK_EVERY) == 0)
        tick();
    if (fuzz_input % BOOKS_EVERY == 0)
        books_check(engine);
    if (fuzz_input % EMPTY_EVERY == EMPTY_EVERY - 1)
        empty();
}

static void write_file(const char *name, const void *bytes, size_t length)
{
    FILE *file = fopen(name, "wb");

    if (!file || fwrite(bytes, 1, length, file) != length)
        fail("no file to play");
    fclose(file);
}

static void set_up(void)
{
    const aw_engine_options options = {.timeslots = TIMESLOTS,
                                       .threads = 2,
                                       .echo_channels = 32, /* fewer than there are ports */
                                       .echo_tail_ms = 64,
                                       .echo_delay_ms = 20,
                                       .keep_ports = 3, /* likewise */
                                       .keep_s = 1};
    uint8_t clip[WAV_HEADER + 800] = {0};

    if (!mkdtemp(directory) || chdir(directory) != 0 || mkfifo("fifo", 0600) != 0)
        fail("no folder for files");
    aw_wav_header(clip, 400, 1);
    write_file("clip", clip, sizeof clip);
    write_file("short", clip, 30);
    write_file("text", directory, sizeof directory);
    if (aw_engine_new_with(&engine, &options) != AW_OK || aw_engine_host(engine) != AW_OK)
        fail("no engine");
    arena = aw_engine_arena(engine);
}

/* Names that were cut short have made files too. */
static void tear_down(void)
{
    DIR *all = opendir(directory);
    struct dirent *entry;

    aw_engine_free(engine);
    while (all && (entry = readdir(all)) != NULL)
        unlink(entry->d_name); /* not the folder itself */
    if (all)
        closedir(all);
    if (rmdir(directory) != 0)
        fail("the folder is not empty");
}

int main(int argc, char **argv)
{
    set_up();
    fuzz(argc, argv, one_input);
    empty();
    printf("%" PRIu64 " inputs: %" PRIu64 " applied, %" PRIu64 " stale, %" PRIu64
           " refused; %" PRIu64 " ticks, %" PRIu64 " frames, %" PRIu64 " ports done, %" PRIu64
           " times emptied\n",
           fuzz_input, applied, arena->counters.stale, arena->counters.refused, ticks, frames,
           dones, emptied);
    tear_down();
    return 0;
}
