/* SPDX-License-Identifier: MIT */
/* Linear prediction, shared by concealment and comfort noise.  Real-time safe. */
#ifndef AW_SRC_LPC_H
#define AW_SRC_LPC_H
#include <stddef.h>

enum { AW_LPC_MAX_ORDER = 16 };

/**
 * Autocorrelation of n samples at lags 0..order, with a noise floor of -40 dB and a lag window of
 * 60 Hz so that the predictor stays tame (the usual care of speech coders, e.g. G.729 3.2.1).
 */
void aw_lpc_correlate(const float *x, size_t n, float *r, size_t order);
/**
 * Levinson-Durbin: reflection coefficients k and predictor a (x[t] ~ sum a[i] x[t-1-i]) from r.
 * Returns the prediction error as a share of r[0], in (0, 1].  Silence gives zeros and 1.
 */
float aw_lpc_levinson(const float *r, size_t order, float *k, float *a);
/** The predictor of given reflection coefficients. */
void aw_lpc_from_reflection(const float *k, size_t order, float *a);
#endif
