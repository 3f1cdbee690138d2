/* SPDX-License-Identifier: MIT */
#ifndef AW_RESAMPLE_H
#define AW_RESAMPLE_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * Sample-rate conversion between 8, 16 and 48 kHz.
 *
 * What:  passes to 0.425 of the lower rate within 0.1 dB, stops from half of it on by 60 dB.
 * How:   polyphase linear-phase filter over a common 48 kHz (native/tables/make_resample.py).
 * Not:   no other rates (files are imported by a library) and no drift (see aw_elastic).
 */
typedef struct aw_resample aw_resample;

/** Create.  from_hz, to_hz: 8000, 16000 or 48000, not equal. */
aw_status aw_resample_new(aw_resample **out, unsigned from_hz, unsigned to_hz);
/** Destroy; NULL is allowed. */
void aw_resample_free(aw_resample *r);
/** Samples that the next n will make.  Real-time safe. */
size_t aw_resample_room(const aw_resample *r, size_t n);
/**
 * Convert n samples; returns how many were written to out, as aw_resample_room said.  If that is
 * more than max nothing is read or written and 0 returned.  Delay: 3.3 ms (8 kHz at one end) or
 * 1.7 ms.  Real-time safe.
 */
size_t aw_resample_run(aw_resample *r, const int16_t *in, size_t n, int16_t *out, size_t max);

enum { AW_DRIFT_MAX_PPM = 500, AW_ELASTIC_SAMPLES = 1024 };

/**
 * Elastic store: carries samples from one 8 kHz clock to another that drifts by up to 500 ppm.
 *
 * What:  what is pushed at one clock's pace is pulled at the other's, without slips or clicks.
 * How:   a FIFO read by a 24-tap fractional delay; a servo on its filling sets the rate.
 * Not:   no jitter buffer: what is late by more than the target is a gap, filled by concealment.
 */
typedef struct aw_elastic aw_elastic;

/** Figures of an elastic store. */
typedef struct {
    double ppm;         /**< rate now: positive, the pusher's clock is the faster */
    double level;       /**< samples waiting, smoothed */
    uint32_t underruns; /**< times it ran empty */
    uint32_t slips;     /**< times samples were dropped because it was overfull */
} aw_elastic_state;

/** Create; target samples wait in it in the mean: 40..AW_ELASTIC_SAMPLES / 2. */
aw_status aw_elastic_new(aw_elastic **out, size_t target);
/** Destroy; NULL is allowed. */
void aw_elastic_free(aw_elastic *e);
/**
 * Put n samples in, which came at `now`: seconds of any steady clock, finer than a frame and the
 * same for both ends.  Real-time safe.
 */
void aw_elastic_push(aw_elastic *e, double now, const int16_t *pcm, size_t n);
/** Take n samples out; always n (silence before the store was first full).  Real-time safe. */
void aw_elastic_pull(aw_elastic *e, double now, int16_t *pcm, size_t n);
/** Fix the rate at ppm in +-AW_DRIFT_MAX_PPM instead of the servo's; NAN: the servo again. */
void aw_elastic_fix(aw_elastic *e, double ppm);
/** Look at the figures.  Real-time safe. */
aw_elastic_state aw_elastic_look(const aw_elastic *e);
/* cffi: end */
#endif
