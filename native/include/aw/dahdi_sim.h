/* SPDX-License-Identifier: MIT */
#ifndef AW_DAHDI_SIM_H
#define AW_DAHDI_SIM_H
#include "aw/dahdi.h"

/* cffi: begin */
/**
 * A simulated analog card behind a simulated DAHDI kernel.
 *
 * What:  channels 1 to n of /dev/dahdi for aw_dahdi_ops: buffers, events, and the kernel's machine
 *        for each channel with its times: debounce, flash, pulses, ringing, battery drop, dialling.
 *        At the other side, line terminals: what the card feeds, switches and senses.
 * How:   time is what is carried: 5 ms by each play and capture.
 * Not:   no tones, DTMF, echo cancellers, conferences, digital spans; one thread.
 *
 * All are control functions.  Mirrors what DAHDI 2.11 does; docs/topics/dahdi.md lists what of it
 * was seen in a real kernel.
 */
typedef struct aw_dahdi_sim aw_dahdi_sim;

/** What a simulated card can be made to suffer; value 0 heals. */
typedef enum {
    AW_DAHDI_SIM_REMOVED = 0,     /* the card is pulled out; put back, its channels open again */
    AW_DAHDI_SIM_ALARM = 1,       /* of a channel */
    AW_DAHDI_SIM_POLARITY = 2,    /* of a channel: turned over, now */
    AW_DAHDI_SIM_NO_DEVICE = 3,   /* modules aren't loaded: value is the error of opening */
    AW_DAHDI_SIM_NO_ZONES = 4,    /* loading zones fails with this error */
    AW_DAHDI_SIM_LEAST_BLOCK = 5, /* smaller blocks are refused */
    AW_DAHDI_SIM_SIGNALLING = 6   /* of a channel: another one */
} aw_dahdi_sim_fault;

/** Channels 1 to n, of kinds aw_board_kind; all at rest, no tone zone loaded. */
aw_status aw_dahdi_sim_new(aw_dahdi_sim **out, const uint8_t *kinds, uint32_t n);
void aw_dahdi_sim_free(aw_dahdi_sim *s);
/** The table to open it by; `os` of it is the aw_dahdi_sim. */
const aw_dahdi_ops *aw_dahdi_sim_ops(void);
/** Begin 5 ms: AW_BOARD_FRAME samples for each line. */
void aw_dahdi_sim_play(aw_dahdi_sim *s, int16_t *out);
/** End them: what the terminals show (bit n for channel n + 1), and what the lines have brought. */
void aw_dahdi_sim_capture(aw_dahdi_sim *s, const aw_board_senses *senses, const int16_t *in);
/** FXS: how the card feeds the line now (aw_feed).  FXO: 1 while the loop is closed. */
uint32_t aw_dahdi_sim_drives(const aw_dahdi_sim *s, uint32_t port);
/** Channels that are open. */
uint32_t aw_dahdi_sim_opened(const aw_dahdi_sim *s);
void aw_dahdi_sim_suffer(aw_dahdi_sim *s, uint32_t port, aw_dahdi_sim_fault fault, int32_t value);
/* cffi: end */
#endif
