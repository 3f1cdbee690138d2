/* SPDX-License-Identifier: MIT */
#ifndef AW_LINE_H
#define AW_LINE_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * The voice band of a group of simulated 2-wire lines, one per port of a board.
 *
 * What:  carries samples between a board's codecs and what hangs on the other end of the lines,
 *        with loss, noise, hum, the hybrid's echo and the codec's quantisation.
 * How:   per port: codec, gain and cable FIR to the far end; back the same + echo FIR of what was
 *        sent + noise + hum.
 * Not:   no direct current, no ringing voltage (boards_sim/loop.py), no delay, no side tone and no
 *        reflection at the far end, no crosstalk, no clicks of the hook switch.
 */
typedef struct aw_lines aw_lines;

enum {
    AW_LINES_MAX = 64,       /**< ports of a group: one bit each in a 64-bit map */
    AW_LINE_ECHO_TAPS = 256, /**< 32 ms */
    AW_LINE_CABLE_TAPS = 32, /**< of the cable's frequency response, 4 ms */
    AW_LINE_HUM_MAX = 800,   /**< samples: a whole number of periods of 50, 60 and 16 2/3 Hz */
};

/** How a port's codec quantises, in both directions. */
typedef enum {
    AW_CODEC_LINEAR = 0, /**< not at all: 16 bits pass as they are */
    AW_CODEC_ULAW = 1,
    AW_CODEC_ALAW = 2,
} aw_line_codec;

/** What passes on a line now; the state of hook and feed decides.  A sum of these. */
typedef enum {
    AW_LINE_OPEN = 0,     /**< nothing: the loop is open or ringing */
    AW_LINE_TO_FAR = 1,   /**< board to far end */
    AW_LINE_TO_BOARD = 2, /**< far end to board */
    AW_LINE_HYBRID = 4,   /**< the board hears its own signal through the echo FIR */
    AW_LINE_REFLECT = 8,  /**< nothing terminates the line: the board hears itself at -6 dB */
} aw_line_path;

/** The electrical nature of one line. */
typedef struct {
    float to_far_db;   /**< gain board to far end (negative: loss) */
    float to_board_db; /**< gain far end to board */
    float noise_dbm0;  /**< white noise 0-4 kHz at both ends; below -100: none at all */
    int32_t codec;     /**< aw_line_codec */
} aw_line_settings;

/** Create 1 to AW_LINES_MAX perfect lines, all open.  Equal seeds make equal noise.  Control. */
aw_status aw_lines_new(aw_lines **out, size_t ports, uint64_t seed);
/** Destroy a group; NULL is allowed.  Control. */
void aw_lines_free(aw_lines *l);
/**
 * Set the nature of one line; echo (taps <= AW_LINE_ECHO_TAPS) is copied, taps 0: no echo.
 * Gains must lie in -60..+12 dB.  Keeps the path; forgets echo in flight.  Control.
 */
aw_status aw_lines_set(aw_lines *l, size_t port, const aw_line_settings *settings,
                       const float *echo, size_t taps);
/**
 * Set the response of a line's cable, the same both ways; taps 0: flat.  At most
 * AW_LINE_CABLE_TAPS, copied; sound in flight is forgotten.  Control.
 */
aw_status aw_lines_cable(aw_lines *l, size_t port, const float *cable, size_t taps);
/**
 * Set what is added at both ends again and again: n <= AW_LINE_HUM_MAX samples of 16-bit scale,
 * copied; n 0: nothing.  Control.
 */
aw_status aw_lines_hum(aw_lines *l, size_t port, const float *period, size_t n);
/** Set what passes (a sum of aw_line_path) from the next sample on.  Real-time safe. */
aw_status aw_lines_path(aw_lines *l, size_t port, unsigned path);
/**
 * Carry n samples on every line; each array holds ports rows of n samples.  Returns the map of the
 * ports whose far end heard a peak of more than loud.  Real-time safe.
 *
 * sent (from the PBX) and said (at the far end) go in, received (to the PBX) and heard come out.
 */
uint64_t aw_lines_run(aw_lines *l, const int16_t *sent, const int16_t *said, int16_t *received,
                      int16_t *heard, size_t n, int16_t loud);
/* cffi: end */
#endif
