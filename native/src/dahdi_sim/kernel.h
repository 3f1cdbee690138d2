/* SPDX-License-Identifier: MIT */
/* The insides of the simulated kernel, shared by the files of this directory. */
#ifndef AW_SRC_DAHDI_SIM_KERNEL_H
#define AW_SRC_DAHDI_SIM_KERNEL_H
#include <stdbool.h>

#include "aw/dahdi_sim.h"
#include "dahdi/user.h"

enum {
    EVENTS = 64,
    SAMPLES = 2048, /* of a channel's buffers, at most 8 blocks of 160 are asked for */
    DIGITS = 256,
    DESCRIPTORS = 2 * AW_BOARD_PORTS,
    UNBOUND = 255, /* opened, and not yet SPECIFYed */
    CONTROL = 254  /* /dev/dahdi/ctl */
};

/* What a channel sends: the kernel's transmit states. */
enum tx {
    TX_ONHOOK,
    TX_OFFHOOK,
    TX_DEBOUNCE,
    TX_RINGON,
    TX_RINGOFF,
    TX_PREFLASH,
    TX_FLASH,
    TX_KEWL,
    TX_AFTERKEWL,
    TX_PULSEBREAK,
    TX_PULSEMAKE,
    TX_PULSEAFTER
};

/* Samples in the order of time. */
struct queue {
    uint32_t held;
    int16_t samples[SAMPLES];
};

struct line {
    struct dahdi_params params; /* its times, signalling and received state */
    bool opened;
    bool linear;
    bool tells_slips;
    bool has_zone;
    bool overrun;
    bool underrun;
    bool reversed;
    bool lifted;          /* RINGOFFHOOK was told */
    bool battery_dropped; /* the telephone was replaced meanwhile */
    uint32_t tx;          /* enum tx */
    int32_t out_ms;       /* until the transmit state ends; 0: never */
    int32_t break_ms; /* how long a telephone's loop has been open; -1: it isn't, or that is told */
    int32_t pause_ms; /* until a digit ends; 0: none */
    int32_t seen_ms;  /* how long the terminals have shown something else */
    int32_t seen;
    int32_t trailer_ms; /* until ringing has ended; 0: told */
    int32_t deaf_ms;    /* ringing isn't told */
    int32_t pulses;     /* of the digit that is being received */
    int32_t cadence[DAHDI_CADENCE_STEPS];
    uint32_t step; /* of it */
    uint32_t block;
    uint32_t blocks;
    uint32_t first_event;
    uint32_t events;
    int32_t event[EVENTS];
    char digits[DIGITS]; /* to be dialled */
    uint32_t digit;
    int32_t breaks; /* of it, to come */
    struct queue received;
    struct queue sent;
};

struct aw_dahdi_sim {
    uint32_t n;
    bool removed;
    bool zone_loaded;
    int32_t no_device;
    int32_t no_zones;
    int32_t least_block;
    uint8_t bound[DESCRIPTORS]; /* 0: free; UNBOUND, CONTROL or a channel's number */
    struct line line[AW_BOARD_PORTS];
};

/* machine.c */
void sim_event(struct line *l, int32_t event);
void sim_reset(struct line *l);
int32_t sim_hook(struct line *l, int32_t order);
void sim_hang_up(struct line *l);
void sim_dial(struct line *l, const char *digits);
void sim_stop_dialling(struct line *l);
/* 5 ms pass with the terminals showing this, one of RXSIG. */
void sim_see(struct line *l, int32_t shown);
static inline bool sim_is_telephone(const struct line *l)
{
    return l->params.sigtype & 1 << 12;
}
#endif
