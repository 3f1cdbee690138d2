/* SPDX-License-Identifier: MIT */
#ifndef AW_BOARD_H
#define AW_BOARD_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/** Ports that a board may have at most.  A maker who builds for less saves RAM:
 * -DAW_BOARD_PORTS=12. */
#ifndef AW_BOARD_PORTS
#define AW_BOARD_PORTS 32
#endif
/** Bytes that aw_board_init asks for, for static memory. */
#define AW_BOARD_BYTES (28 * 1024 + AW_BOARD_PORTS * 832)

/* cffi: begin */
/**
 * The board's side of QHI 1.1 (docs/reference/qhi.md): what firmware has to do, without hardware.
 *
 * What:  sessions, requests and responses, events, samples with lead, slip and underrun, watchdog,
 *        dictionary, counters; per port: hook, flash and dialled pulses of telephones, ringing with
 *        its cadence and trip; hook, flash and pulses to an office, its ringing, battery, polarity;
 *        EEPROM pages, patterns, loopbacks, bit errors, line tests, firmware in two slots with
 *        trial and roll-back.
 * How:   freestanding: no operating system, allocation, floating point or clock.  Bytes of the link
 *        go in by aw_board_receive and come out by aw_board_output; time is the samples that pass
 *        through aw_board_tick, 5 ms each.  Hardware is a table of functions, aw_board_hal.
 * Not:   no SCHEDULED requests, clock roles, DSP (all refused, as QHI has it); no PCM frames other
 *        than 5 ms.  It measures nothing by itself, and the boot loader is the maker's.
 *
 * One thread, or interrupt level, calls all of these; none blocks.
 */
enum {
    AW_BOARD_FRAME = 40, /* samples of a frame and port */
    AW_BOARD_FRAME_MS = 5,
    AW_BOARD_PAGE = 256 /* bytes of an EEPROM page */
};

typedef enum { AW_BOARD_FXS = 0, AW_BOARD_FXO = 1 } aw_board_kind;

/** What a port can do; bit n is word n of the dictionary. */
enum {
    AW_BOARD_RING_TX = 1 << 0,
    AW_BOARD_RING_RX = 1 << 1,
    AW_BOARD_LOOP_SENSE = 1 << 2,
    AW_BOARD_VOLTS = 1 << 3,
    AW_BOARD_CURRENT = 1 << 4,
    AW_BOARD_POLARITY_TX = 1 << 5,
    AW_BOARD_POLARITY_RX = 1 << 6,
    AW_BOARD_OSI_TX = 1 << 7,
    AW_BOARD_OSI_RX = 1 << 8,
    AW_BOARD_FLASH_TX = 1 << 9,
    AW_BOARD_FLASH_RX = 1 << 10,
    AW_BOARD_PULSE_TX = 1 << 11,
    AW_BOARD_PULSE_RX = 1 << 12,
    AW_BOARD_CALLER_ID_TX = 1 << 13,
    AW_BOARD_CALLER_ID_RX = 1 << 14,
    AW_BOARD_IMPEDANCE = 1 << 15,
    AW_BOARD_GAIN = 1 << 16,
    AW_BOARD_LINE_TEST = 1 << 17,
    AW_BOARD_CLOCK_MASTER = 1 << 18
};

/** How a telephone is fed, as QHI numbers it. */
typedef enum {
    AW_FEED_OPEN = 0,
    AW_FEED_ACTIVE = 1,
    AW_FEED_ON_HOOK_TRANSMISSION = 2,
    AW_FEED_TIP_OPEN = 3,
    AW_FEED_RINGING = 4,
    AW_FEED_ACTIVE_REVERSED = 5,
    AW_FEED_ON_HOOK_TRANSMISSION_REVERSED = 6,
    AW_FEED_RING_OPEN = 7
} aw_feed;

/** What a request may end with; the hardware's functions return one of these. */
typedef enum {
    AW_BOARD_OK = 0,
    AW_BOARD_BAD_ARG = 1,
    AW_BOARD_UNSUPPORTED = 2,
    AW_BOARD_BUSY = 3,
    AW_BOARD_BAD_STATE = 4,
    AW_BOARD_NO_PORT = 5,
    AW_BOARD_RANGE = 6,
    AW_BOARD_TIMEOUT = 7,
    AW_BOARD_HW_FAULT = 8,
    AW_BOARD_LOCKED = 9,
    AW_BOARD_VERIFY = 10,
    AW_BOARD_OVERFLOW = 11,
    AW_BOARD_POWER_ALARM = 12,
    AW_BOARD_LINE_HAZARD = 13,
    AW_BOARD_NOT_CALIBRATED = 14,
    AW_BOARD_INTERNAL = 15
} aw_board_result;

/** Line tests, as QHI numbers them; 0 here: the line as it is now, for TEST.METER. */
typedef enum {
    AW_TEST_NOW = 0,
    AW_TEST_VOLTS = 1,
    AW_TEST_RESISTANCE = 2,
    AW_TEST_RECEIVER = 3,
    AW_TEST_RINGER = 4,
    AW_TEST_OFFICE = 5
} aw_board_test;

enum { AW_BOARD_VALUES = 8 }; /* of a line test, at most */

/** What a slot for firmware holds. */
typedef enum {
    AW_SLOT_EMPTY = 0,
    AW_SLOT_PARTIAL = 1,
    AW_SLOT_VERIFIED = 2,
    AW_SLOT_TRIAL = 3,
    AW_SLOT_CONFIRMED = 4,
    AW_SLOT_FAILED = 5
} aw_slot_state;

typedef struct {
    uint32_t size;    /* of the image, as offered */
    uint32_t written; /* bytes of it that are there */
    uint32_t version;
    uint16_t boots;
    uint8_t state; /* aw_slot_state */
    uint8_t sha256[32];
} aw_board_slot;

/** What core and boot loader know of the two slots, and what a loss of power must not take. */
typedef struct {
    aw_board_slot slot[2];
    uint32_t boots;
    uint8_t running; /* 0 or 1 */
    uint8_t ordered; /* 1: the next boot takes the other one */
} aw_board_slots;

/** Why a board has no session. */
typedef enum {
    AW_BOOT_UNKNOWN = 0,
    AW_BOOT_POWER = 1,
    AW_BOOT_ORDER = 2,
    AW_BOOT_WATCHDOG = 3,
    AW_BOOT_FIRMWARE = 4,
    AW_BOOT_FAULT = 5,
    AW_BOOT_HOST_SILENT = 6
} aw_boot;

typedef struct {
    uint8_t kind; /* aw_board_kind */
    /* 1: its hardware debounces and decodes by itself and tells aw_board_fact; what `sense` says
     * of this port is taken for its state at power-on only. */
    uint8_t decoded;
    uint32_t capabilities; /* AW_BOARD_RING_TX ... */
} aw_board_port;

/** What the terminals show at this moment, bit n for port n. */
typedef struct {
    /* FXS: loop current, off-hook or through ringing.  On from 15 mA, off from 10 mA downward. */
    uint32_t loop;
    uint32_t battery;  /* FXO: 3 V or more, of either polarity */
    uint32_t ring;     /* FXO: 25 V or more between 15 and 68 Hz */
    uint32_t reversed; /* FXO: tip negative against ring */
} aw_board_senses;

/** Digits to be dialled by breaks of the loop. */
typedef struct {
    uint16_t break_ms;
    uint16_t make_ms;
    uint16_t between_ms;
    uint8_t count;
    uint8_t digits[32]; /* 0 to 9 */
} aw_board_pulses;

/**
 * The hardware.  `hw` is the pointer of aw_board_setup.  A function that is NULL isn't there, and
 * the core refuses or leaves out what it is for; `sense` must be there, `linefeed` where there are
 * telephones, `hook` where there are office lines.  Called from within the functions below only.
 */
typedef struct {
    void (*sense)(void *hw, aw_board_senses *out);
    /* FXS: feed so.  AW_FEED_RINGING puts ringing voltage on the line: the core does the cadence.
     */
    void (*linefeed)(void *hw, uint32_t port, uint32_t feed);
    /* FXO: 1 closes the loop.  The core does flash and pulses with it, in steps of 5 ms. */
    void (*hook)(void *hw, uint32_t port, uint32_t closed);
    /* FXO, instead of the core: open for so long; send digits and tell AW_FACT_PULSES_SENT. */
    uint32_t (*flash)(void *hw, uint32_t port, uint32_t ms);
    uint32_t (*pulse)(void *hw, uint32_t port, const aw_board_pulses *pulses);
    void (*monitor)(void *hw, uint32_t port, uint32_t on);                /* FXO */
    void (*gain)(void *hw, uint32_t port, int32_t receive, int32_t send); /* 0.1 dB, +-12 dB */
    uint32_t (*impedance)(void *hw, uint32_t port, uint32_t index);       /* NULL: 600 ohms only */
    void (*meter)(void *hw, uint32_t port, int16_t *volts, int16_t *milliamps); /* times 10 */
    uint32_t (*message_lamp)(void *hw, uint32_t port, uint32_t on);             /* FXS */
    void (*lamp)(void *hw, uint32_t on);           /* IDENTIFY: to blink until told to stop */
    uint32_t (*selftest)(void *hw, uint32_t what); /* bit per test that failed */
    /* NULL: the core makes page 0 from the identity. */
    uint32_t (*eeprom_read)(void *hw, uint32_t page, uint32_t offset, uint8_t *out, uint32_t n);
    uint32_t (*eeprom_write)(void *hw, uint32_t page, uint32_t offset, const uint8_t *bytes,
                             uint32_t n);
    uint32_t (*eeprom_lock)(void *hw, uint32_t page); /* for ever: `locked` has it at each boot */
    /* 2 through the codec, 3 through the terminals, the line switched away; 0 as usual. */
    uint32_t (*loopback)(void *hw, uint32_t port, uint32_t where);
    /* Temperature in 0.1 degrees C, supply in 10 mV, battery in 0.1 V; leave what isn't measured.
     */
    void (*vitals)(void *hw, int16_t *heat, int16_t *supply, int16_t *battery);
    /* Add so many 0.01 ppm to the calibrated clock, as near as its steps allow; returns what that
     * is.  0 at each boot. */
    int32_t (*adjust)(void *hw, int32_t hundredths);
    /* Measure for a test, as QHI describes and numbers it: asked every 5 ms, the line dead
     * meanwhile (FXS: AW_FEED_OPEN), BUSY until `values` holds what was found, in QHI's order and
     * units, negative ones in two's complement.  AW_TEST_NOW answers at once: as VOLTS, then the
     * loop current.  The core looks for hazard by AW_TEST_VOLTS before it asks for more. */
    uint32_t (*measure)(void *hw, uint32_t port, uint32_t test, uint32_t *values);
    void (*measured)(void *hw, uint32_t port); /* it is over, done or not: apply nothing more */
    /* Firmware in two slots: either all of these and `restart` are there, or no FW class.  Erasing
     * may take its time: BUSY until it is done. */
    uint32_t (*slots_read)(void *hw, aw_board_slots *out);
    uint32_t (*slots_write)(void *hw, const aw_board_slots *slots);
    uint32_t (*flash_erase)(void *hw, uint32_t slot);
    uint32_t (*flash_write)(void *hw, uint32_t slot, uint32_t offset, const uint8_t *bytes,
                            uint32_t n);
    uint32_t (*flash_read)(void *hw, uint32_t slot, uint32_t offset, uint8_t *out, uint32_t n);
    /* NULL: the core alone begins anew.  Where there are slots it runs the boot loader, which asks
     * aw_board_boot; it may return, when a simulation or the same image goes on. */
    void (*restart)(void *hw, uint32_t reason);
} aw_board_hal;

/** What a board is.  All that is pointed at must outlive it; texts have no quotes or backslashes.
 */
typedef struct {
    const aw_board_hal *hal;
    void *hw;
    const char *model;  /* at most 15 characters */
    const char *serial; /* at most 16; "": none written */
    const char *notes;  /* more of the dictionary's object, as "\"built\":\"today\","; or NULL */
    uint16_t vendor;
    uint16_t type;
    uint16_t hardware;   /* major * 256 + minor */
    uint32_t firmware;   /* major << 24 | minor << 16 | patch */
    uint32_t pages;      /* of the EEPROM, when hal.eeprom_read is there */
    uint32_t locked;     /* bit per page, at power-on */
    uint32_t impedance;  /* the one to rest with */
    uint32_t slot_bytes; /* of each slot for firmware */
    uint32_t boot;       /* aw_boot: why it has started */
    uint32_t ports;      /* 1 to AW_BOARD_PORTS */
    const aw_board_port *port;
} aw_board_setup;

/** What hardware that decodes by itself has seen (aw_board_port.decoded). */
typedef enum {
    AW_FACT_HOOK = 2,        /* FXS: 1 off-hook.  While ringing this is the ring trip */
    AW_FACT_FLASH = 3,       /* FXS: its ms */
    AW_FACT_PULSE_DIGIT = 4, /* FXS: 0 to 9 */
    AW_FACT_RINGING = 5,     /* FXO: 1 a burst has begun, 0 has ended */
    AW_FACT_POLARITY = 6,    /* FXO: 1 reversed */
    AW_FACT_BATTERY = 7,     /* FXO: 1 present */
    AW_FACT_PULSES_SENT = 8  /* FXO: aw_board_result; for hal.pulse */
} aw_fact;

/** For whoever looks on. */
typedef struct {
    uint64_t samples; /* since power-on */
    uint32_t session; /* 0: none */
    uint32_t streaming;
    uint32_t owed; /* 1: the newest PCM frame hasn't been answered */
    uint32_t off_hook;
    uint32_t ringing;
} aw_board_view;

typedef struct aw_board aw_board;

/** Bytes of memory that aw_board_init needs. */
size_t aw_board_bytes(void);
/**
 * Make a board in `memory` (aligned for uint64_t) and put its ports to rest.
 * AW_EINVAL: too little memory, no ports or too many, a function missing.
 */
aw_status aw_board_init(aw_board **out, void *memory, size_t size, const aw_board_setup *setup);

/**
 * For the boot loader: note a boot in what is known of the slots (the caller keeps it), and return
 * which to boot: what was ordered, else what ran, unless that was on trial and hasn't proved
 * itself.
 */
uint32_t aw_board_boot(aw_board_slots *slots);

/** Somebody has opened the link (USB configured, terminal ready): greet. */
void aw_board_link_opened(aw_board *b);
/** The link is gone.  The session goes on until it has been silent for too long. */
void aw_board_link_closed(aw_board *b);
/** Take n bytes from the link, cut anywhere. */
void aw_board_receive(aw_board *b, const uint8_t *bytes, size_t n);
/** Fetch at most `size` bytes for the link.  Returns how many; 0: there is nothing to send. */
size_t aw_board_output(aw_board *b, uint8_t *bytes, size_t size);

/**
 * Once a frame: `in` holds what the lines have brought in the last 5 ms, `out` gets what they are
 * to be given in the next, AW_BOARD_FRAME samples for each port, port 0 first.  It is these two,
 * for whoever can fetch `out` a little later (the nearer to its use, the shorter the delay):
 */
void aw_board_tick(aw_board *b, const int16_t *in, int16_t *out);
void aw_board_capture(aw_board *b, const int16_t *in);
void aw_board_play(aw_board *b, int16_t *out);

/** Report what decoding hardware has seen; what means nothing for this port is ignored. */
void aw_board_fact(aw_board *b, uint32_t port, aw_fact fact, uint32_t value);
/** Report an alarm: of a port (0 power, 1 heat, 2 hazard), or of the board, port 0xff. */
void aw_board_alarm(aw_board *b, uint32_t port, uint32_t kind, uint32_t on, const char *text);
/** Say a line for people; `level`: 0 error, 1 warning, 2 information, 3 detail. */
void aw_board_log(aw_board *b, uint32_t level, const char *text);
/** Restart because of a fault (aw_boot): lines dead for 200 ms, everything forgotten. */
void aw_board_restart(aw_board *b, uint32_t reason);
void aw_board_look(const aw_board *b, aw_board_view *out);
/** Return a counter by its number in qhi.md; 0: there is none such. */
uint32_t aw_board_count(const aw_board *b, uint32_t counter);
/* cffi: end */
#endif
