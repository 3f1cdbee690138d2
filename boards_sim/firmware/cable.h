/* SPDX-License-Identifier: MIT */
/* Cables to another process of this program: what flows on its lines for a bench of two boards.
 *
 * Telephone ports 2 and 3 of each are joined to office ports 0 and 1 of the other: "crossed".  Each
 * process tells the other every 5 ms how it feeds and closes its lines and what it says on them.
 * Or both ends are in one board, which then calls itself. */
#ifndef CABLE_H
#define CABLE_H
#include "panel.h"

enum { CABLE_LINES = 2, CABLE_HELD = 64 }; /* 320 ms of a machine that is busy elsewhere */

struct cable_frame {
    uint8_t feed[CABLE_LINES];   /* aw_feed of its telephone ports 2 and 3 */
    uint8_t closed[CABLE_LINES]; /* its office ports 0 and 1 */
    int16_t from_fxs[CABLE_LINES][AW_BOARD_FRAME];
    int16_t from_fxo[CABLE_LINES][AW_BOARD_FRAME];
};

struct cable {
    int listener; /* -1: the other process was there first */
    int wire;     /* -1: nothing is plugged in at the other end */
    int is_own;   /* 1: the other end is in this board too */
    uint32_t held;
    struct cable_frame frames[CABLE_HELD]; /* oldest first */
};

/** Plug one end in at a path in the file system, or both ends ("" for it); 0, or -1 with errno. */
int cable_plug(struct cable *cable, const char *path);
/** Carry a frame of samples, and what the panel does to its lines, both ways. */
void cable_carry(struct cable *cable, struct panel *panel, const int16_t *given, int16_t *in);
#endif
