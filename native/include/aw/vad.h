/* SPDX-License-Identifier: MIT */
#ifndef AW_VAD_H
#define AW_VAD_H
#include <stddef.h>
#include <stdint.h>

#include "aw/simd.h"
#include "aw/status.h"

/* cffi: begin */
/**
 * Detector of voice and of silence.
 *
 * What:  says every 10 ms whether somebody speaks, to trim and end recordings and to gate.
 * How:   likelihood ratio of speech over eight bands of 500 Hz (Sohn 1999), each with its own
 *        tracked noise; 200 ms hang-over.
 * Not:   music, tones and fax count as voice (see progress.h); no voice under the noise.
 */
typedef struct aw_vad aw_vad;

/** Create.  *out is set only on AW_OK. */
aw_status aw_vad_new(aw_vad **out);
/** Destroy; NULL is allowed. */
void aw_vad_free(aw_vad *v);
/** Feed n samples; returns 1 while there is voice, else 0.  Real-time safe. */
int aw_vad_feed(aw_vad *v, const int16_t *pcm, size_t n);
/** Milliseconds of silence since the last voice, or since the beginning.  Real-time safe. */
uint32_t aw_vad_silence_ms(const aw_vad *v);
/** Milliseconds since the last syllable (40 ms of voice at least) and its fading end, which no
 * hang-over delays; or since the beginning.  Real-time safe. */
uint32_t aw_vad_quiet_ms(const aw_vad *v);
/** Milliseconds of voice in all.  Real-time safe. */
uint32_t aw_vad_voice_ms(const aw_vad *v);
/** Level of the tracked noise, dBm0.  Real-time safe. */
float aw_vad_noise_dbm0(const aw_vad *v);

/** Who answered a call. */
typedef enum {
    AW_GREETING_UNKNOWN = 0, /**< not decided yet */
    AW_GREETING_PERSON = 1,  /**< a short word, then waiting */
    AW_GREETING_MACHINE = 2, /**< talks and talks */
    AW_GREETING_NOBODY = 3,  /**< silence */
} aw_greeting;
/**
 * Guess who answered from the VAD's times, asked every 5-20 ms after the answer: a person says up
 * to 2.4 s and then waits 0.8 s; a machine talks longer; 4 s of silence is nobody.  A heuristic: a
 * machine that pauses is a person to it.  Real-time safe.
 */
aw_greeting aw_vad_greeting(const aw_vad *v);

/** Sixteen channels side by side: each lane decides what aw_vad decides for its channel, bit for
 * bit and in every instruction set.  new and free are control, the others real-time safe. */
typedef struct aw_vad_group aw_vad_group;

/** Create a group without open lanes.  AW_EINVAL if this machine hasn't the set. */
aw_status aw_vad_group_new(aw_vad_group **out, aw_simd set);
/** Destroy a group; NULL is allowed. */
void aw_vad_group_free(aw_vad_group *g);
/** Begin anew on a lane.  AW_ESTATE between the two blocks of a frame: lanes begin with one. */
aw_status aw_vad_group_open(aw_vad_group *g, uint32_t lane);
/** End a lane. */
void aw_vad_group_close(aw_vad_group *g, uint32_t lane);
/** Feed a block of 40 samples to the open lanes; returns whether a frame is decided now. */
int aw_vad_group_feed(aw_vad_group *g, const float *soa);
/** As of the single detector: voice now, and the times. */
int aw_vad_group_voice(const aw_vad_group *g, uint32_t lane);
uint32_t aw_vad_group_silence_ms(const aw_vad_group *g, uint32_t lane);
uint32_t aw_vad_group_quiet_ms(const aw_vad_group *g, uint32_t lane);
aw_greeting aw_vad_group_greeting(const aw_vad_group *g, uint32_t lane);
/* cffi: end */
#endif
