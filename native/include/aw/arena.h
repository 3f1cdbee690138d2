/* SPDX-License-Identifier: MIT */
#ifndef AW_ARENA_H
#define AW_ARENA_H
#include <stddef.h>
#include <stdint.h>

#include "aw/callerid.h"
#include "aw/echo.h"
#include "aw/learn.h"
#include "aw/mf.h"
#include "aw/progress.h"
#include "aw/status.h"
#include "aw/tonegen.h"
#include "aw/vad.h"

/* cffi: begin */
/**
 * The arena: the whole surface between the engine and whoever controls it.
 *
 * What:  one block of shared memory (a memfd) with a header, a command ring, an event ring, a
 *        table of ports and a table of links.  Records and entries have a fixed layout.
 * How:   each ring has one writer and one reader.  Control writes commands and rings the
 *        command bell (an eventfd); the engine applies them between two ticks, writes events
 *        and rings the event bell.  The tables are what the engine shows of its own, private
 *        ones: whatever the controlling side does to the arena, the engine goes on.
 * Not:   no pointers and no callbacks cross, so both sides may be different processes.  It is
 *        not for more than one controlling side, and it does not hold samples.
 *
 * Handles of ports and links are index | generation << 16, generation never 0; the controlling
 * side allots them.  A command for a handle that is not open is ignored and counted.  The tables
 * keep the last generation of each index, so that a controlling side that comes anew can go on.
 */
enum {
    AW_ARENA_VERSION = 12,
    AW_SAMPLE_RATE = 8000,
    AW_TICK_SAMPLES = 40, /* 5 ms */
    AW_TICK_MS = 5,
    AW_PORTS_MAX = 4096,   /* timeslots of an engine */
    AW_SOURCES_MAX = 4,    /* ports that one port listens to, conferences not counted */
    AW_PARTIES_MAX = 4096, /* of one conference: all timeslots */
    AW_LOUDEST_MAX = 32,   /* parties of a conference that may have the floor together */
    AW_LINKS_MAX = 64,
    AW_LINK_PORTS_MAX = 32,    /* a PCM frame's bitmap has 32 bits */
    AW_PATH_MAX = 1024,        /* bytes of a file name, with its final 0 */
    AW_CLIPS_MAX = 64,         /* of one player */
    AW_NAMES_MAX = 4096,       /* bytes of the names of its clips, with their final 0 */
    AW_RECORD_MAX = 8192,      /* bytes of any record of a ring */
    AW_COMMAND_RING = 1 << 18, /* bytes */
    AW_EVENT_RING = 1 << 20,   /* bytes */
    AW_COMMANDS_AT = 4096,     /* where the rings' bytes begin: behind the header's page */
    AW_EVENTS_AT = 266240,     /* AW_COMMANDS_AT + AW_COMMAND_RING */
    AW_TONES_MAX = 64,         /* names of tones in plans */
    AW_TONE_NAME = 32          /* bytes of one, with its final 0 */
};

/** How the tick's thread runs; what isn't allowed here is done without. */
enum {
    AW_MODE_NO_DENORMALS = 1, /* floats too small for full precision count as zero: always tried */
    AW_MODE_FIFO = 2,         /* SCHED_FIFO */
    AW_MODE_LOCKED = 4,       /* the process's memory is locked, as it was at the start */
};

/** What a port is. */
typedef enum {
    AW_PORT_CLOSED = 0,
    AW_PORT_BOARD = 1,
    AW_PORT_TONE = 2,
    AW_PORT_DIGITS = 3,
    AW_PORT_PLAYER = 4,
    AW_PORT_RECORDER = 5,
    AW_PORT_CALLER_ID = 6,
    AW_PORT_CONFERENCE = 7,
    AW_PORT_PATTERN = 8,
    AW_PORT_TAP = 9, /* records both directions of another port, in stereo */
    AW_PORT_MF = 10,
    AW_PORT_SAVER = 11, /* writes what was kept of another port to a file, in stereo */
} aw_port_kind;

/** How samples look on a link; the values of QHI's PCM frame. */
typedef enum {
    AW_FORMAT_ULAW = 0,
    AW_FORMAT_ALAW = 1,
    AW_FORMAT_S16 = 2,
    AW_FORMAT_U8 = 3, /* 8-bit linear, 0x80 is zero: some modems */
} aw_sample_format;

/** What a link's bytes are. */
typedef enum {
    AW_FRAMING_QHI = 0,     /* frames of docs/reference/qhi.md */
    AW_FRAMING_MODEM = 1,   /* lines of text, and between CONNECT and DLE ETX one port's samples */
    AW_FRAMING_SAMPLES = 2, /* one port's samples and nothing else */
} aw_framing;

/** What a modem's link brings as AW_EVT_FRAME, and what AW_CMD_SEND_FRAME does to it.  Whatever
 * the order, its payload is written as it is. */
enum {
    AW_SERIAL_LINE = 8,   /* both: a line of text (to be sent with its end, told without) */
    AW_SERIAL_EVENT = 9,  /* told: the byte behind a DLE */
    AW_SERIAL_ENDED = 10, /* told: DLE ETX, the stream has ended */
    AW_SERIAL_ARM = 11,   /* order: the next CONNECT begins the stream */
    AW_SERIAL_END = 12,   /* order: no more samples; the payload is what ends the stream */
    AW_SERIAL_BEGIN = 13, /* order to AW_FRAMING_SAMPLES: from now on they mean something */
    AW_SERIAL_REST = 14,  /* order to AW_FRAMING_SAMPLES: not any more */
};

/** What is listened for in what a port says. */
enum {
    AW_DETECT_DIGITS = 1,
    AW_DETECT_PROGRESS = 2,
    AW_DETECT_CALLER_ID = 4,
    AW_DETECT_LEVEL = 8,
    AW_DETECT_CAS = 16,           /* call waiting's alerting signal */
    AW_DETECT_MF_R1 = 32,         /* a port has one of the three MF standards at most: */
    AW_DETECT_MF_R2_FORWARD = 64, /* an order for several is refused */
    AW_DETECT_SPECIAL = 128,
    AW_DETECT_LEARN = 256, /* tones that are in no plan yet */
    AW_DETECT_VOICE = 512, /* voice, silence, and who answered */
    AW_DETECT_MF_R2_BACKWARD = 4096,
};

/** What is done to what a port says before others hear it. */
enum {
    AW_CLEAN_DC = 1,
    AW_CLEAN_AGC = 2,
    AW_CLEAN_LIMITER = 4,
};

/** What of a recording is left out. */
enum {
    AW_TRIM_LEADING = 1,  /* what is silent before the first voice */
    AW_TRIM_TRAILING = 2, /* and after the last */
    AW_TRIM_BOTH = 3,
};

/** Why a port has nothing more to say. */
typedef enum {
    AW_DONE_ENDED = 0,
    AW_DONE_UNREADABLE = 1, /* the player's next clip isn't there or isn't 8 kHz 16-bit mono WAV */
    AW_DONE_UNWRITABLE = 2, /* the recorder's file cannot be made or written */
    AW_DONE_RECORDED = 3,   /* the closed recorder's file is whole */
    AW_DONE_SILENCE = 4,    /* so is that of one that has ended by silence */
    AW_DONE_LENGTH = 5,     /* or by its length */
    AW_DONE_UNKEPT = 6,     /* the saver: nothing was kept of that port */
} aw_done_reason;

/** What is changed of a player. */
enum {
    AW_PLAYER_AT = 1,    /* the place in its list of clips */
    AW_PLAYER_BY = 2,    /* the same, from where it is */
    AW_PLAYER_SPEED = 4, /* how fast it goes on */
};

/** Why a link is dead. */
typedef enum {
    AW_LOSS_CLOSED = 0,
    AW_LOSS_ERROR = 1,
    AW_LOSS_STALLED = 2,
    AW_LOSS_GARBAGE = 3,
} aw_loss_reason;

/** Every record of both rings begins with this.  A command may be cut short: the rest is zeros. */
typedef struct {
    uint32_t kind;
    uint32_t size; /* bytes of the record, this head included */
} aw_record;

typedef enum {
    AW_CMD_OPEN_PORT = 1,  /* aw_cmd_port: a board port, a conference */
    AW_CMD_OPEN_TONE,      /* aw_cmd_tone */
    AW_CMD_OPEN_DIGITS,    /* aw_cmd_digits */
    AW_CMD_OPEN_FILE,      /* aw_cmd_file: player, recorder */
    AW_CMD_OPEN_CALLER_ID, /* aw_cmd_caller_id */
    AW_CMD_CLOSE_PORT,     /* aw_cmd_port */
    AW_CMD_LISTEN,         /* aw_cmd_listen */
    AW_CMD_UNLISTEN,       /* aw_cmd_listen */
    AW_CMD_SILENCE,        /* aw_cmd_port: listen to nothing */
    AW_CMD_JOIN,           /* aw_cmd_party */
    AW_CMD_LEAVE,          /* aw_cmd_listen */
    AW_CMD_GAIN,           /* aw_cmd_gain */
    AW_CMD_DETECT,         /* aw_cmd_detect */
    AW_CMD_OPEN_LINK,      /* aw_cmd_link */
    AW_CMD_SET_LINK,       /* aw_cmd_link: other ports or another sample format */
    AW_CMD_CLOSE_LINK,     /* aw_cmd_port */
    AW_CMD_SEND_FRAME,     /* aw_cmd_frame, payload */
    AW_CMD_SET_ACK,        /* aw_cmd_ack */
    AW_CMD_SET_PARTY,      /* aw_cmd_party: other gains, muted or not */
    AW_CMD_ECHO,           /* aw_cmd_echo */
    AW_CMD_OPEN_MF,        /* aw_cmd_mf */
    AW_CMD_CLEAN,          /* aw_cmd_clean */
    AW_CMD_KEEP,           /* aw_cmd_port: keep what is said and heard lately; option 0: no more */
    AW_CMD_SET_PLAYER,     /* aw_cmd_player */
    AW_CMD_PAUSE,          /* aw_cmd_port: a recorder or tap writes nothing; option 0: goes on */
} aw_command_kind;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t kind;    /* aw_port_kind, when opening */
    uint32_t option;  /* conference: parties; 0: as many as there are timeslots */
    uint32_t loudest; /* conference: only so many are heard at a time; 0: all */
} aw_cmd_port;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t reserved;
    aw_tone_spec spec;
} aw_cmd_tone;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t on_ms;
    uint32_t off_ms;
    float level_dbm0; /* mean of the two tones */
    float twist_db;   /* high over low */
    char digits[AW_DTMF_SENDER_DIGITS + 4];
} aw_cmd_digits;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t standard; /* aw_mf_standard */
    uint32_t on_ms;    /* 0: the first key for ever */
    uint32_t off_ms;
    float level_dbm0; /* of each tone */
    char keys[AW_MF_SIGNALS + 4];
} aw_cmd_mf;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t kind;           /* AW_PORT_PLAYER, AW_PORT_RECORDER, AW_PORT_TAP, AW_PORT_SAVER */
    uint32_t loop;           /* player: begin again for ever */
    uint32_t tapped;         /* tap, saver: the port */
    uint32_t silence_ms;     /* recorder: end after so much silence; 0: not */
    uint32_t most_samples;   /* recorder: end after so many; saver: the last so many; 0: all */
    uint32_t trim;           /* recorder: AW_TRIM_... */
    uint32_t clips;          /* player: how many names there are, up to AW_CLIPS_MAX; 0: one */
    uint64_t at;             /* player: so many samples of its clips are left out at first */
    uint32_t shared;         /* bytes of the first name with which each of the others begins too */
    float speed;             /* player: as in aw/wsola.h; 0: 1 */
    uint32_t append;         /* recorder: behind what the file has already */
    char path[AW_NAMES_MAX]; /* a name; behind it the others, less what they share with it */
} aw_cmd_file;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t what;   /* AW_PLAYER_... */
    int64_t samples; /* at, or by; beyond the end of clips that don't loop is their end */
    float speed;
    uint32_t reserved;
} aw_cmd_player;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t standard; /* aw_fsk_standard */
    float level_dbm0;
    uint32_t in_call; /* no seizure, 80 bits of mark */
    uint32_t length;
    uint8_t message[AW_CALLERID_BYTES + 2];
} aw_cmd_caller_id;

typedef struct {
    aw_record record;
    uint32_t listener;
    uint32_t source;
    uint32_t both; /* the source listens to the listener too */
    float gain;    /* factor, 1: bit for bit */
} aw_cmd_listen;

typedef struct {
    aw_record record;
    uint32_t party;
    uint32_t conference;
    uint32_t muted; /* gives nothing, hears as before */
    float gives;    /* factor on what the others hear of it, up to AW_GIVES_MAX; 1: bit for bit */
    float gets;     /* factor on what it hears of them; 1: bit for bit */
    uint32_t reserved;
} aw_cmd_party;

typedef struct {
    aw_record record;
    uint32_t handle;
    float receive; /* factor on what the port says */
    float send;    /* factor on what the port hears */
    uint32_t reserved;
} aw_cmd_gain;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t what;         /* AW_DETECT_..., all that is wanted from now on */
    uint32_t standard;     /* aw_fsk_standard of caller ID */
    uint32_t silence_ms;   /* of voice: so much is told as silence; 0: 1 s */
    aw_progress_plan plan; /* with AW_DETECT_PROGRESS */
} aw_cmd_detect;

typedef struct {
    aw_record record;
    uint32_t handle;
    int32_t descriptor; /* the engine's from here, refused or not; of a hosted engine: a token */
    uint32_t format;    /* aw_sample_format */
    uint32_t clock;     /* its PCM frames may drive the tick */
    uint32_t count;
    uint32_t framing;                 /* aw_framing */
    uint32_t port[AW_LINK_PORTS_MAX]; /* the board's port i is this port of the bus; 0: none */
} aw_cmd_link;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t tick;
    uint16_t seq;
    uint16_t ack;
    uint8_t kind;
    uint8_t flags;
    uint16_t length; /* of the payload that follows */
} aw_cmd_frame;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t ack;
} aw_cmd_ack;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t tail_ms; /* 0: off; again: begin anew */
    uint32_t wants;   /* aw_echo_want */
    uint32_t reserved;
} aw_cmd_echo;

typedef struct {
    aw_record record;
    uint32_t handle;
    uint32_t wants; /* AW_CLEAN_..., all that is wanted from now on */
    float target_dbm0;
    float most_db;
    float ceiling_dbm0;
    uint32_t reserved;
} aw_cmd_clean;

typedef enum {
    AW_EVT_LOST = 1,  /* aw_evt_port: value = events that found the ring full */
    AW_EVT_DIGIT,     /* aw_evt_port: value = key, flag = 1 begun, 0 ended */
    AW_EVT_TONE,      /* aw_evt_port: value = id in the plan, flag as above */
    AW_EVT_CALLER_ID, /* aw_evt_port, the message follows */
    AW_EVT_PORT_DONE, /* aw_evt_port: value = aw_done_reason */
    AW_EVT_LINK_DOWN, /* aw_evt_port: value = aw_loss_reason, extra = errno or a count */
    AW_EVT_FRAME,     /* aw_evt_frame, the payload follows */
    AW_EVT_LINES,     /* aw_evt_port: value = off hook, extra = ringing */
    AW_EVT_CAS,       /* aw_evt_port: has ended; extra = duration in ms */
    AW_EVT_MF,        /* aw_evt_port: as a digit */
    AW_EVT_SPECIAL,   /* aw_evt_port: value = aw_special_kind */
    AW_EVT_SEGMENT,   /* aw_evt_segment */
    AW_EVT_VOICE,     /* aw_evt_port: value = 1 voice, 0 silence; extra = ms of it yet */
    AW_EVT_GREETING,  /* aw_evt_port: value = aw_greeting */
} aw_event_kind;

typedef struct {
    aw_record record;
    uint64_t at; /* samples since the engine was made */
    uint32_t handle;
    uint32_t value;
    uint32_t extra; /* digit: duration in ms */
    uint16_t flag;
    uint16_t length; /* of what follows */
    float level_dbm0;
    uint32_t reserved;
} aw_evt_port;

typedef struct {
    aw_record record;
    uint64_t at; /* as in aw_evt_port */
    uint32_t handle;
    aw_segment segment;
    uint32_t reserved;
} aw_evt_segment;

typedef struct {
    aw_record record;
    uint64_t at;
    uint32_t handle;
    uint32_t tick;
    uint16_t seq;
    uint16_t ack;
    uint8_t kind;
    uint8_t flags;
    uint16_t length;
} aw_evt_frame;

/**
 * One direction.  The writer moves head, the reader tail; both count bytes and wrap at 2^32.
 * Size and offset are told to whoever looks; nobody goes by them.
 */
typedef struct {
    uint32_t size;   /* bytes, a power of two */
    uint32_t offset; /* of the first byte, from the arena's beginning */
    uint8_t apart[56];
    uint32_t head;
    uint8_t apart_too[60];
    uint32_t tail;
    uint8_t apart_again[60];
} aw_ring;

/** The engine's count of everything; each only grows but the two tick times.  Each has one writer
 *  and is written atomically, as the counts of ports and links are: look by aw_arena_count. */
typedef struct {
    uint64_t ticks;
    uint64_t timer_ticks; /* made without a board */
    uint64_t commands;    /* applied */
    uint64_t stale;       /* commands ignored: their handle is not open */
    uint64_t refused;     /* commands ignored: a table full, a value out of range, malformed */
    uint64_t events;
    uint64_t events_lost;
    uint64_t overruns;   /* ticks that took longer than 5 ms */
    uint64_t late_files; /* samples that a player or recorder missed, the disk being late */
    uint64_t busy_ns;    /* in ticks, all together */
    uint64_t tick_ns;    /* of the last tick */
    uint64_t tick_max_ns;
    uint64_t stuck; /* times that no tick was made for 100 ms, counted while it lasts */
} aw_counters;

/* A port's echo canceller, as it was asked for and as it is, five times a second. */
typedef struct {
    uint16_t tail_ms; /* 0: off */
    uint16_t wants;   /* aw_echo_want */
    aw_echo_view view;
} aw_port_echo;

/* How a port is cleaned, as it was asked for; and the gain, five times a second. */
typedef struct {
    uint32_t wants; /* AW_CLEAN_... */
    float target_dbm0;
    float most_db;
    float ceiling_dbm0;
    float gain_db; /* of the automatic gain */
} aw_port_clean;

typedef struct {
    uint32_t handle; /* 0: closed */
    uint8_t kind;    /* aw_port_kind */
    uint8_t source_count;
    uint16_t detect; /* AW_DETECT_... */
    uint32_t source[AW_SOURCES_MAX];
    uint32_t conference; /* that it has joined, or 0 */
    uint32_t parties;    /* conference: how many have joined */
    float receive_dbm0;  /* what it says; measured with AW_DETECT_LEVEL */
    float send_dbm0;     /* what it hears */
    uint16_t receive_peak;
    uint16_t send_peak;
    uint32_t synchronised; /* pattern: what it hears is the pattern */
    uint64_t pattern_samples;
    uint64_t pattern_errors;
    uint64_t pattern_losses; /* times the pattern was lost */
    uint32_t generation;     /* of the last handle that was opened here; outlives it */
    uint32_t capacity;       /* conference: most parties */
    uint32_t loudest;        /* conference: of how many the room is heard; 0: of all */
    float gives;             /* party: as in aw_cmd_party */
    float gets;
    uint8_t muted;    /* party */
    uint8_t speaking; /* party of a conference of the loudest: has the floor */
    uint8_t done;
    uint8_t reserved[5];
    aw_port_echo echo;
    aw_port_clean clean;
    uint64_t position; /* player: samples of its clips up to what is heard next */
} aw_port_entry;

typedef struct {
    uint32_t handle; /* 0: closed */
    uint32_t state;  /* 1 open, 2 dead */
    uint32_t format;
    uint32_t clocking; /* drives the tick now */
    uint64_t frames_in;
    uint64_t frames_out;
    uint64_t pcm_in;
    uint64_t pcm_out;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t bad_frames;
    uint64_t gaps;         /* PCM frames missing by their sequence numbers */
    uint64_t slips_in;     /* PCM frames dropped: bus behind, or late, or twice */
    uint64_t underruns_in; /* ticks without a PCM frame of the board */
    uint64_t slips_out;
    uint64_t underruns_out; /* answers that had to be silence */
    uint64_t dropped_out;   /* frames that found the way blocked */
    uint64_t concealed;     /* samples made up for ports that were heard, frames missing */
    uint64_t late_in;       /* PCM frames that came late, or twice; among slips_in */
    float ppm;              /* the board's clock against this machine's; 0: not known yet */
    float compensated_ppm;  /* against that of the bus, as its elastic stores have it */
    float store_ms;         /* samples that wait in a store towards the bus, smoothed */
    uint32_t reserved;
    uint32_t generation; /* of the last handle that was opened here; outlives it */
    uint32_t off_hook;   /* as in the board's last PCM frame, bit per port */
    uint32_t ringing;
    uint32_t may_clock; /* its PCM frames may drive the tick */
    uint32_t count;
    uint32_t port[AW_LINK_PORTS_MAX]; /* as in aw_cmd_link */
} aw_link_entry;

typedef struct {
    uint32_t magic; /* AW_ARENA_MAGIC */
    uint32_t version;
    uint32_t size; /* bytes of the arena */
    uint32_t timeslots;
    uint32_t ports_offset;
    uint32_t links_offset;
    uint32_t modes; /* AW_MODE_... that hold */
    uint32_t reserved;
    uint64_t now; /* samples since the engine was made */
    aw_counters counters;
    aw_ring commands;
    aw_ring events;
    char tone[AW_TONES_MAX][AW_TONE_NAME]; /* the controlling side's own note: names of the ids */
} aw_arena;

#define AW_ARENA_MAGIC 0x41415741

/**
 * Write one record (its head filled in) and a payload behind it as one; writer's side only.
 * AW_EFULL: no room, nothing was written.  AW_EINVAL: longer than AW_RECORD_MAX.
 * Real-time safe.
 */
aw_status aw_ring_put(aw_arena *arena, aw_ring *ring, const void *record, const void *payload,
                      size_t payload_size);
/**
 * Take the oldest record; reader's side only.  Returns its size, 0 when there is none, AW_EINVAL
 * when the ring held nonsense or the record is longer than `size` (everything is skipped then).
 * Real-time safe.
 */
int32_t aw_ring_take(aw_arena *arena, aw_ring *ring, void *out, size_t size);
/** The tables behind the header. */
aw_port_entry *aw_arena_ports(aw_arena *arena);
aw_link_entry *aw_arena_links(aw_arena *arena);
/** Samples since the engine was made, as the engine last published them. */
uint64_t aw_arena_now(const aw_arena *arena);
/** A 64-bit count or time of the tables or the header, whole whatever its writer is doing. */
uint64_t aw_arena_count(const uint64_t *count);
/** Ring a bell (an eventfd), or hush it; never block. */
void aw_bell_ring(int descriptor);
void aw_bell_hush(int descriptor);
/* cffi: end */
#define AW_GIVES_MAX 7.95f /* +18 dB */
#endif
