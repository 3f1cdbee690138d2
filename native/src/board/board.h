/* SPDX-License-Identifier: MIT */
/* The insides of a board, shared by the files of this directory. */
#ifndef AW_SRC_BOARD_BOARD_H
#define AW_SRC_BOARD_BOARD_H
#include <stdbool.h>

#include "aw/board.h"
#include "board/numbers.h"
#include "board/sha256.h"
#include "link/frame.h"

enum {
    WINDOW = 8,            /* requests that may be unanswered */
    STORED_RESPONSES = 32, /* "Once only" */
    EVENT_RING = 64,
    EVENT_ARGUMENTS = 32,
    RESPONSE_HEAD = 6,
    RESULTS_MAX = 128, /* ID.READ of 128 bytes is the longest */
    PLAYOUT_FRAMES = 4,
    OUT_BYTES = 8192, /* a stalled link loses what doesn't fit, frame by frame */
    PART_MAX = 1024,  /* bytes of an object in one BULK frame */
    PART_HEAD = 12,
    PCM_MAX = AW_PCM_UP_HEADER + AW_BOARD_PORTS * AW_BOARD_FRAME * 2,
    SCRATCH_BYTES = PCM_MAX > PART_HEAD + PART_MAX ? PCM_MAX : PART_HEAD + PART_MAX,
    RING_STEPS = 8,
    ROW_BYTES = AW_BOARD_FRAME * 2 /* a port's samples in a frame, at most */
};

#define NEVER_MS UINT64_MAX

/* A level that is believed once it has lasted; it remembers when its last change really began. */
struct debounced {
    uint64_t since_ms;
    uint64_t edge_ms;
    uint16_t on_ms; /* how long it must last */
    uint16_t off_ms;
    bool value;
    bool raw;
};

enum hook_state { HOOK_ON, HOOK_OFF, HOOK_BREAK /* open, and too short yet to say why */ };

struct fxs {
    struct debounced loop;
    uint64_t break_began_ms;
    uint64_t step_end_ms; /* of the ringing cadence; NEVER_MS: it doesn't ring */
    uint64_t reopen_ms;   /* end of OPEN_LOOP */
    uint16_t step_ms[RING_STEPS];
    uint16_t flash_least_ms;
    uint16_t flash_most_ms;
    uint8_t steps;
    uint8_t step;
    uint8_t hook; /* enum hook_state */
    uint8_t pulses;
    uint8_t feed; /* aw_feed */
    uint8_t feed_before;
};

enum switching { SWITCH_RESTS, SWITCH_FLASH, SWITCH_BREAK, SWITCH_MAKE, SWITCH_BETWEEN };

struct fxo {
    struct debounced ring;
    struct debounced battery;
    struct debounced reversed;
    uint64_t switch_ms; /* end of the present part of flash or pulses */
    aw_board_pulses pulses;
    uint16_t request_seq; /* of the PULSE at work */
    uint8_t request_tag;
    uint8_t digit;     /* which of them */
    uint8_t breaks;    /* of this digit, to come */
    uint8_t switching; /* enum switching */
    bool elsewhere;    /* pulses: the hardware sends them */
    bool off_hook;
    bool monitor;
};

struct port {
    uint8_t kind;
    bool decoded;
    union {
        struct fxs fxs;
        struct fxo fxo;
    };
};

struct event {
    uint64_t sent_ms;
    uint32_t tick;
    uint16_t seq;
    uint8_t length;
    uint8_t payload[8 + EVENT_ARGUMENTS];
};

struct event_ring {
    uint32_t first;
    uint32_t count;
    uint32_t lost; /* found the ring full, and not yet reported */
    uint16_t seq;
    struct event event[EVENT_RING];
};

struct response {
    uint32_t tick;
    uint16_t seq;
    uint8_t tag;
    uint8_t length; /* 0: nothing stored */
    uint8_t payload[RESPONSE_HEAD + RESULTS_MAX];
};

/* Frames as they came, one row of octets per port. */
struct playout {
    uint32_t first;
    uint32_t held;
    uint32_t lead; /* frames */
    bool playing;
    const uint8_t *played; /* the frame that the lines hear; NULL: silence, or a fade */
    int16_t last[AW_BOARD_PORTS];
    uint8_t frame[PLAYOUT_FRAMES + 1][AW_BOARD_PORTS * ROW_BYTES]; /* and the one that is played */
};

enum { TOWARD_LINE, TOWARD_HOST };
enum { LOOPBACK_NONE, LOOPBACK_DIGITAL, LOOPBACK_CODEC, LOOPBACK_ANALOG };
enum { PRBS_SEND = 1, PRBS_CHECK = 2 };
enum prbs_phase { PRBS_FILLS, PRBS_PROVES, PRBS_IN_SYNC };

struct pattern {
    uint8_t kind; /* 0: none */
    int16_t sample;
    uint32_t phase;
    uint32_t step;
    int32_t peak; /* in 1/256 */
};

struct prbs {
    uint64_t bits;
    uint64_t errors;
    uint32_t losses;
    uint32_t sent;  /* the last bits that were sent */
    uint32_t state; /* the last bits as they should have come */
    uint16_t seen;  /* bits of this phase, or block */
    uint16_t wrong; /* of this block */
    uint8_t way;    /* PRBS_SEND | PRBS_CHECK; 0: it rests */
    uint8_t phase;  /* enum prbs_phase */
    uint8_t width;  /* bits per sample */
    bool is_long;   /* 2^15-1, not 2^9-1 */
    bool begun;     /* in this session */
};

/* What stands in the way of a port's samples. */
struct timeslot {
    struct pattern toward[2];
    struct prbs prbs;
    uint8_t loopback;
};

enum { TESTS = 5, MEASURED_BYTES = 14 };
enum test_phase { TEST_RESTS, TEST_LOOKS_FOR_HAZARD, TEST_MEASURES };

/* What a line test has found, as it travels. */
struct measured {
    uint8_t flags;
    uint8_t length; /* 0: nothing yet in this session */
    uint8_t bytes[MEASURED_BYTES];
};

struct line_test {
    struct measured found[TESTS];
    uint64_t since_ms;
    uint16_t seq; /* of the request that began it */
    uint8_t tag;
    uint8_t test;
    uint8_t phase; /* enum test_phase */
    uint8_t feed_before;
    bool hazard;
};

/* The image in the other slot, on its way to being verified. */
struct firmware {
    aw_board_slots slots;
    struct sha256 sha;
    uint64_t booted_ms;
    uint32_t summed; /* bytes of it in `sha` */
    bool summing;
};

struct stream {
    bool running;
    bool owed;
    uint8_t ms;
    uint8_t format;
    uint8_t lead_ms;
    uint8_t flags; /* of the next frame up */
    uint32_t ports;
    uint32_t asked_tick;  /* of the newest frame up */
    uint32_t began_tick;  /* of the first frame up */
    uint16_t expected;    /* seq of the host's next frame */
    uint64_t alarm_ms[2]; /* earliest next UNDERRUN, SLIP */
    struct playout playout;
};

struct aw_board {
    aw_board_setup setup;
    uint64_t samples;
    uint64_t heard_ms;
    uint64_t hello_ms; /* when to greet next */
    uint64_t wakes_ms; /* restarting until then; 0: awake */
    uint64_t watchdog_ms;
    uint64_t lamp_ms;    /* until when it blinks */
    uint64_t session_ms; /* when it began */
    uint32_t watchdog_every_ms;
    uint32_t session;
    uint32_t dictionary_json; /* bytes */
    uint32_t dictionary_adler;
    uint32_t dictionary_crc;
    uint32_t count[COUNTERS];
    uint16_t seq[8]; /* per kind of frame */
    uint8_t boot_reason;
    uint8_t log_level;
    bool linked;
    uint8_t restart_as; /* aw_boot, once the response has been written; 0: go on */
    uint32_t next_response;
    size_t out_fill;
    struct port port[AW_BOARD_PORTS];
    struct stream stream;
    struct timeslot timeslot[AW_BOARD_PORTS];
    struct line_test test[AW_BOARD_PORTS];
    struct firmware firmware;
    struct event_ring events;
    struct response response[STORED_RESPONSES];
    struct aw_deframer deframer;
    uint8_t scratch[SCRATCH_BYTES];
    uint8_t out[OUT_BYTES];
};

static inline uint64_t now_ms(const aw_board *b)
{
    return b->samples / 8;
}

static inline uint32_t now_tick(const aw_board *b)
{
    return (uint32_t)b->samples;
}

/* board.c: frames to the host */
void board_send(aw_board *b, const aw_frame_header *header, const uint8_t *payload, size_t n);
void board_post(aw_board *b, aw_frame_kind kind, const uint8_t *payload, size_t n);

/* session.c */
void board_session_take(aw_board *b, const aw_frame *frame);
void board_session_watch(aw_board *b);
void board_session_hello(aw_board *b);
void board_session_end(aw_board *b, aw_boot reason);
void board_rest(aw_board *b);
void board_report_states(aw_board *b);

/* events.c */
void board_event_begin(aw_board *b);
void board_event(aw_board *b, uint8_t class, uint8_t event, uint32_t port, uint8_t severity,
                 const uint8_t *arguments, size_t n);
void board_event_port(aw_board *b, uint32_t port, uint8_t event, const uint8_t *arguments,
                      size_t n);
void board_event_acknowledged(aw_board *b, uint16_t seq);
void board_event_resend(aw_board *b);

/* requests.c */
void board_request_take(aw_board *b, const aw_frame *frame);

/* A request at work, and where its results go. */
struct request {
    const uint8_t *args;
    size_t length; /* of them */
    uint32_t port;
    uint16_t seq;
    uint8_t tag;
    uint8_t detail;  /* of the answer: which argument is wrong */
    uint8_t results; /* bytes written to `out` */
    uint8_t *out;    /* RESULTS_MAX */
};

/* What does one verb; returns an aw_board_result. */
typedef uint32_t (*verb_function)(aw_board *b, struct request *r);

/* Whose a verb is. */
enum verb_of { OF_BOARD, OF_FXS, OF_FXO, OF_PORTS };

struct verb {
    uint8_t class;
    uint8_t verb;
    uint8_t of;    /* enum verb_of */
    uint8_t least; /* bytes of arguments; fewer are BAD_ARG */
    verb_function perform;
};

/* verbs.c, pages.c, firmware.c, port_verbs.c, timeslot.c, linetest.c; each ends with a row without
 * a function */
extern const struct verb board_verbs[];
extern const struct verb board_page_verbs[];
extern const struct verb board_firmware_verbs[];
extern const struct verb board_port_verbs[];
extern const struct verb board_timeslot_verbs[];
extern const struct verb board_test_verbs[];

/* An argument outside of what the board can do: RANGE, with its place. */
static inline uint32_t out_of_range(struct request *r, uint8_t offset)
{
    r->detail = offset;
    return AW_BOARD_RANGE;
}

/* pages.c */
bool board_page_is_sound(aw_board *b, uint32_t page);

/* firmware.c */
bool board_firmware_is_there(const aw_board_hal *hal);
/* What the boot loader has started. */
void board_firmware_wake(aw_board *b);
void board_firmware_tick(aw_board *b);
/* Judge a trial; returns whether it has failed. */
bool board_firmware_has_failed(aw_board *b);

/* linetest.c */
bool board_test_runs(const aw_board *b, uint32_t port);
void board_test_tick(aw_board *b, uint32_t port);
/* Let the hardware go, and forget what was found; tells nobody. */
void board_test_rest(aw_board *b, uint32_t port);

/* stream.c */
void board_stream_start(aw_board *b, uint8_t format, uint8_t lead_ms, uint32_t ports);
void board_stream_stop(aw_board *b);
void board_stream_take(aw_board *b, const aw_frame *frame);
void board_stream_send(aw_board *b, const int16_t *in);
void board_stream_play(aw_board *b, int16_t *out);

/* dictionary.c */
void board_dictionary_measure(aw_board *b);
uint32_t board_dictionary_length(const aw_board *b);
/* Write n bytes from `offset` on; all of them must be there. */
void board_dictionary_read(const aw_board *b, uint32_t offset, uint8_t *out, uint32_t n);

/* port.c */
void board_port_power_up(aw_board *b);
void board_port_rest(aw_board *b, uint32_t port);
void board_port_kill(aw_board *b);
void board_port_tick(aw_board *b);
bool board_port_off_hook(const struct port *p);
bool board_port_ringing(const struct port *p);
/* PORT.STATE: bits, linefeed. */
void board_port_state(const struct port *p, uint8_t state[2]);
void board_debounce_set(struct debounced *d, bool value, uint64_t now);
void board_debounce_see(struct debounced *d, bool raw, uint64_t now);
/* Believe a change that has lasted; returns whether there was one. */
bool board_debounce_settle(struct debounced *d, uint64_t now);

/* fxs.c */
void board_fxs_power_up(aw_board *b, uint32_t port);
void board_fxs_rest(aw_board *b, uint32_t port);
void board_fxs_feed(aw_board *b, uint32_t port, uint8_t feed);
void board_fxs_ring(aw_board *b, uint32_t port, const uint16_t *step_ms, uint8_t steps);
void board_fxs_open_loop(aw_board *b, uint32_t port, uint32_t ms);
void board_fxs_tick(aw_board *b, uint32_t port, bool loop);
void board_fxs_hook(aw_board *b, uint32_t port, bool off_hook);
bool board_fxs_rings(const struct fxs *f);
bool board_fxs_is_opening(const struct fxs *f);

/* fxo.c */
void board_fxo_power_up(aw_board *b, uint32_t port, const aw_board_senses *senses);
void board_fxo_rest(aw_board *b, uint32_t port);
void board_fxo_hook(aw_board *b, uint32_t port, bool closed);
uint32_t board_fxo_flash(aw_board *b, uint32_t port, uint32_t ms);
uint32_t board_fxo_pulse(aw_board *b, uint32_t port, const aw_board_pulses *pulses, uint16_t seq,
                         uint8_t tag);
void board_fxo_pulses_end(aw_board *b, uint32_t port, uint8_t result);
void board_fxo_monitor(aw_board *b, uint32_t port, bool on);
void board_fxo_tick(aw_board *b, uint32_t port, const aw_board_senses *senses);
void board_fxo_fact(aw_board *b, uint32_t port, aw_fact fact, bool on);
bool board_fxo_pulses(const struct fxo *f);

/* law.c */
uint8_t board_law_ulaw(int16_t sample);
uint8_t board_law_alaw(int16_t sample);
int16_t board_law_from_ulaw(uint8_t code);
int16_t board_law_from_alaw(uint8_t code);
/* One row, from or to samples.  Formats: 0 mu-law, 1 A-law, 2 s16le. */
uint32_t board_law_width(uint8_t format); /* bytes of a sample */
void board_law_decode(uint8_t format, const uint8_t *row, int16_t *out);
void board_law_encode(uint8_t format, const int16_t *in, uint8_t *row);

/* timeslot.c */
/* Let what stands in the way of a port get at what its line is to hear.  `row` is how that came;
 * NULL: it didn't. */
void board_timeslot_play(aw_board *b, uint32_t port, const uint8_t *row, int16_t *out);
/* Write what a port sends to the host in the place of its line's samples, if it does. */
bool board_timeslot_up(aw_board *b, uint32_t port, const uint8_t *played, uint8_t *row);
void board_timeslot_rest(aw_board *b, uint32_t port);
#endif
