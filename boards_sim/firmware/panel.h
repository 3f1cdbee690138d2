/* SPDX-License-Identifier: MIT */
/* The hardware of the example: four telephone lines and two office lines that are but variables. */
#ifndef PANEL_H
#define PANEL_H
#include "aw/board.h"

enum { PANEL_PORTS = 6, PANEL_SAMPLES = PANEL_PORTS * AW_BOARD_FRAME };

struct panel {
    uint32_t lifted; /* bit per port: telephones off-hook */
    uint32_t rung;   /* bit per port: office lines that ring */
    uint32_t seized; /* bit per port: office loops that we have closed */
    uint8_t feed[PANEL_PORTS];
    uint8_t far_feed[PANEL_PORTS]; /* office lines: how whoever is there feeds them (aw_feed) */
    int16_t echo[PANEL_SAMPLES];   /* what the lines were given comes back: a loop-back plug each */
};

/** What a board with this panel is. */
aw_board_setup panel_setup(struct panel *panel);
/** Carry a frame over the lines: what was given 5 ms ago has come in now. */
void panel_carry(struct panel *panel, const int16_t *given, int16_t *in);
/** `what` 'l': lift or replace the telephone of a port; 'r': ring an office line, or stop it. */
void panel_press(struct panel *panel, char what, uint32_t port);
#endif
