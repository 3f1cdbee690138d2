/* SPDX-License-Identifier: MIT */
/* The deframer's insides, for those who embed one (the engine, one per link). */
#ifndef AW_SRC_LINK_FRAME_H
#define AW_SRC_LINK_FRAME_H
#include <stdbool.h>

#include "aw/frame.h"

struct aw_deframer {
    uint64_t frames;
    uint64_t bad;
    size_t fill;   /* encoded bytes of the frame that is not yet whole */
    bool skipping; /* it was too long: wait for its 0x00 */
    uint8_t wire[AW_FRAME_WIRE_MAX];
    uint8_t decoded[AW_FRAME_WIRE_MAX];
};

/** Make it empty, counters at 0.  Real-time safe. */
void aw_deframer_init(struct aw_deframer *d);
#endif
