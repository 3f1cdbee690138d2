/* SPDX-License-Identifier: MIT */
/* State of a meter, for embedding in a port. */
#ifndef AW_SRC_DSP_METER_H
#define AW_SRC_DSP_METER_H
#include "aw/meter.h"

struct aw_meter {
    int64_t sum;       /* of squares, in this step */
    int32_t step_peak; /* largest magnitude in this step */
    uint32_t fill;     /* samples in this step */
    float mean_square; /* smoothed */
    float peak;        /* falling */
};

/* Real-time safe. */
void aw_meter_init(aw_meter *m);
#endif
