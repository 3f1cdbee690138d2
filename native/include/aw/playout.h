/* SPDX-License-Identifier: MIT */
#ifndef AW_PLAYOUT_H
#define AW_PLAYOUT_H
#include <stddef.h>
#include <stdint.h>

#include "aw/jitter.h"
#include "aw/status.h"

/* cffi: begin */
/**
 * Decodes a payload into at most max samples of 8 kHz; returns how many.  Must be real-time safe
 * and take any bytes.
 */
typedef size_t (*aw_decoder)(void *state, const uint8_t *payload, size_t bytes, int16_t *pcm,
                             size_t max);
size_t aw_decode_ulaw(void *none, const uint8_t *payload, size_t bytes, int16_t *pcm, size_t max);
size_t aw_decode_alaw(void *none, const uint8_t *payload, size_t bytes, int16_t *pcm, size_t max);
/** 16 bits, most significant byte first (L16 of RFC 3551). */
size_t aw_decode_linear(void *none, const uint8_t *payload, size_t bytes, int16_t *pcm, size_t max);

/** Figures of a playout, beside the buffer's. */
typedef struct {
    aw_jitter_figures buffer;
    uint64_t concealed; /**< samples invented for lost or awaited packets */
    uint64_t comfort;   /**< samples of comfort noise in pauses */
    uint64_t stretched; /**< samples put in to raise the delay */
    uint64_t shortened; /**< samples taken out to lower it */
} aw_playout_figures;

/**
 * The receiving half of a packet call: packets in at any time, samples out at an even pace.
 *
 * What:  jitter buffer, decoder, concealment, comfort noise; the delay follows its target by
 *        stretching and shortening speech, unheard.
 * How:   aw_jitter says what is due; a pitch period is put in or taken out by overlap-add where the
 *        voice repeats itself, or in a pause.
 * Not:   no RTP header, no RTCP, no DTMF events (RFC 4733), no wide band.
 */
typedef struct aw_playout aw_playout;

/** Create.  Delay bounds as aw_jitter_new; the decoder's state must outlive it. */
aw_status aw_playout_new(aw_playout **out, unsigned least_ms, unsigned most_ms, aw_decoder decode,
                         void *state);
/** Destroy; NULL is allowed. */
void aw_playout_free(aw_playout *p);
/** Give a packet, as aw_jitter_put.  Real-time safe. */
aw_packet_fate aw_playout_put(aw_playout *p, uint64_t now, const aw_packet *packet,
                              const uint8_t *payload);
/** Make the n samples that are heard from `now` on.  Real-time safe. */
void aw_playout_read(aw_playout *p, uint64_t now, int16_t *pcm, size_t n);
/** Look at the figures.  Real-time safe. */
aw_playout_figures aw_playout_look(const aw_playout *p);
/* cffi: end */
#endif
