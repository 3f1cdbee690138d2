/* SPDX-License-Identifier: MIT */
/* State of a meter, for embedding in a port. */
#ifndef AW_SRC_DSP_METER_H
#define AW_SRC_DSP_METER_H
#include "aw/meter.h"

#define AW_METER_STEP      40         /* samples: 5 ms, a tick */
#define AW_METER_SMOOTHING 0.1331221f /* 1 - exp(-5 ms / 35 ms) */
#define AW_METER_PEAK_FALL 0.9923541f /* 10^(-20 dB / 20 * 5 ms / 1500 ms) */
#define AW_METER_NOTHING   1e-6f      /* of a mean square: far under one quantum */

struct aw_meter {
    int64_t sum;       /* of squares, in this step */
    int32_t step_peak; /* largest magnitude in this step */
    uint32_t fill;     /* samples in this step */
    float mean_square; /* smoothed */
    float peak;        /* falling */
};

/* Real-time safe. */
void aw_meter_init(aw_meter *m);
/* What the smoothed mean square and the falling peak show. */
float aw_meter_show_dbm0(float mean_square);
int32_t aw_meter_show_peak(float peak);
#endif
