/* SPDX-License-Identifier: MIT */
/* Linear prediction: see lpc.h. */
#include "dsp/lpc.h"

#include <math.h>

#include "dsp/dot.h"

#define FLOOR     1.0001f    /* white noise of -40 dB */
#define LAG_ANGLE 0.0471239f /* 2 pi 60 Hz / 8000 Hz */

void aw_lpc_correlate(const float *x, size_t n, float *r, size_t order)
{
    for (size_t lag = 0; lag <= order; lag++) {
        float sum = n > lag ? aw_dot(x + lag, x, n - lag) : 0.0f;
        float angle = LAG_ANGLE * (float)lag;
        r[lag] = sum * expf(-0.5f * angle * angle);
    }
    r[0] *= FLOOR;
}

/* One step up the lattice: the predictor of order m+1 from that of order m. */
static void extend(float *a, size_t m, float k)
{
    float old[AW_LPC_MAX_ORDER];

    for (size_t i = 0; i < m; i++)
        old[i] = a[i];
    for (size_t i = 0; i < m; i++)
        a[i] = old[i] - k * old[m - 1 - i];
    a[m] = k;
}

float aw_lpc_levinson(const float *r, size_t order, float *k, float *a)
{
    float error = r[0];

    for (size_t m = 0; m < order; m++)
        k[m] = a[m] = 0.0f;
    for (size_t m = 0; m < order && error > r[0] * 1e-6f; m++) {
        float sum = r[m + 1];
        for (size_t i = 0; i < m; i++)
            sum -= a[i] * r[m - i];
        k[m] = sum / error;
        extend(a, m, k[m]);
        error *= 1.0f - k[m] * k[m];
    }
    return r[0] > 0.0f ? error / r[0] : 1.0f;
}

void aw_lpc_from_reflection(const float *k, size_t order, float *a)
{
    for (size_t m = 0; m < order; m++)
        extend(a, m, k[m]);
}
