/* SPDX-License-Identifier: MIT */
#ifndef AW_LANES_H
#define AW_LANES_H
#include <stddef.h>
#include <stdint.h>

#include "aw/dtmf.h"
#include "aw/mf.h"
#include "aw/progress.h"
#include "aw/simd.h"
#include "aw/special.h"
#include "aw/status.h"

/* cffi: begin */
/**
 * Sixteen channels side by side: codecs, DTMF and MF receivers, detectors of call progress and of
 * special tones, meters.  (Those of caller ID are in aw/callerid.h.)
 *
 * What:  a lane of a group decides what the block of the same name decides for one channel, bit
 *        for bit and in every instruction set.
 * How:   one transpose in and one out (see aw/simd.h); filters, fits and decisions run in vectors;
 *        only what happens rarely, an event or a change of tone, is done lane by lane.  Nothing
 *        uses fused multiply-add, so that all sets round alike.
 * Not:   a group takes whole blocks of 40 samples only, and isn't for more than one thread.
 *
 * new and free are control; everything else is real-time safe.  A closed lane keeps no state, and
 * registers without an open lane cost nothing.
 */
#define AW_LANES_BLOCK 40 /* samples: 5 ms, the engine's tick */

typedef enum { AW_LAW_ULAW = 0, AW_LAW_ALAW = 1 } aw_law;

/**
 * Decode n samples of 16 rows into a group's layout; a NULL row gives zeros.  n is a multiple of 8.
 */
void aw_lanes_decode(aw_simd set, aw_law law, const uint8_t *const rows[16], float *soa, size_t n);
/** Round to nearest, saturate and encode; a NULL row is left out.  n is a multiple of 8. */
void aw_lanes_encode(aw_simd set, aw_law law, const float *soa, uint8_t *const rows[16], size_t n);
/** As aw_simd_gather(), in the given set. */
void aw_lanes_gather(aw_simd set, const int16_t *const rows[16], float *soa, size_t n);

/** DTMF receivers. */
typedef struct aw_dtmf_group aw_dtmf_group;
typedef struct {
    uint32_t lane;
    aw_digit digit;
} aw_lane_digit;

#define AW_LANES_DIGITS 32 /* most events of a block */

/** Create a group without open lanes.  AW_EINVAL if this machine hasn't the set. */
aw_status aw_dtmf_group_new(aw_dtmf_group **out, aw_simd set);
/** Destroy a group; NULL is allowed. */
void aw_dtmf_group_free(aw_dtmf_group *g);
/** Begin anew on a lane. */
void aw_dtmf_group_open(aw_dtmf_group *g, uint32_t lane);
/** End a lane. */
void aw_dtmf_group_close(aw_dtmf_group *g, uint32_t lane);
/** Feed a block to the open lanes; returns how many events were written to out, which has room for
 * AW_LANES_DIGITS. */
size_t aw_dtmf_group_feed(aw_dtmf_group *g, const float *soa, aw_lane_digit *out);

/** Call-progress detectors of one plan. */
typedef struct aw_progress_group aw_progress_group;
typedef struct {
    uint32_t lane;
    aw_progress_event event;
} aw_lane_tone;

#define AW_LANES_TONES 32 /* most events of a block */

/** Create a group without open lanes.  AW_EINVAL as of aw_progress_new() or without the set. */
aw_status aw_progress_group_new(aw_progress_group **out, const aw_progress_plan *plan, aw_simd set);
/** Destroy a group; NULL is allowed. */
void aw_progress_group_free(aw_progress_group *g);
/** Begin anew on a lane.  AW_ESTATE between the two blocks of a hop: lanes begin with a hop. */
aw_status aw_progress_group_open(aw_progress_group *g, uint32_t lane);
/** End a lane. */
void aw_progress_group_close(aw_progress_group *g, uint32_t lane);
/** Feed a block to the open lanes; returns how many events were written to out, which has room for
 * AW_LANES_TONES. */
size_t aw_progress_group_feed(aw_progress_group *g, const float *soa, aw_lane_tone *out);

/** MF receivers of one standard. */
typedef struct aw_mf_group aw_mf_group;

/** Create a group without open lanes.  AW_EINVAL: no such standard, or this machine hasn't the set.
 */
aw_status aw_mf_group_new(aw_mf_group **out, aw_mf_standard standard, aw_simd set);
/** Destroy a group; NULL is allowed. */
void aw_mf_group_free(aw_mf_group *g);
/** Begin anew on a lane. */
void aw_mf_group_open(aw_mf_group *g, uint32_t lane);
/** End a lane. */
void aw_mf_group_close(aw_mf_group *g, uint32_t lane);
/** Feed a block to the open lanes; returns how many events were written to out, which has room for
 * AW_LANES_DIGITS. */
size_t aw_mf_group_feed(aw_mf_group *g, const float *soa, aw_lane_digit *out);

/** Detectors of fax, modem and special information tones. */
typedef struct aw_special_group aw_special_group;
typedef struct {
    uint32_t lane;
    uint32_t kind; /**< aw_special_kind */
} aw_lane_special;

#define AW_LANES_SPECIALS 16 /* most events of a block */

/** Create a group without open lanes.  AW_EINVAL if this machine hasn't the set. */
aw_status aw_special_group_new(aw_special_group **out, aw_simd set);
/** Destroy a group; NULL is allowed. */
void aw_special_group_free(aw_special_group *g);
/** Begin anew on a lane.  AW_ESTATE between the two blocks of a hop: lanes begin with a hop. */
aw_status aw_special_group_open(aw_special_group *g, uint32_t lane);
/** End a lane. */
void aw_special_group_close(aw_special_group *g, uint32_t lane);
/** Feed a block to the open lanes; returns how many events were written to out, which has room for
 * AW_LANES_SPECIALS. */
size_t aw_special_group_feed(aw_special_group *g, const float *soa, aw_lane_special *out);

/** Level meters. */
typedef struct aw_meter_group aw_meter_group;

/** Create a group; all lanes are always open.  AW_EINVAL if this machine hasn't the set. */
aw_status aw_meter_group_new(aw_meter_group **out, aw_simd set);
/** Destroy a group; NULL is allowed. */
void aw_meter_group_free(aw_meter_group *g);
/** Begin anew on a lane. */
void aw_meter_group_reset(aw_meter_group *g, uint32_t lane);
/** Feed a block of whole samples. */
void aw_meter_group_feed(aw_meter_group *g, const float *soa);
/** As aw_meter_dbm0() and aw_meter_peak(). */
float aw_meter_group_dbm0(const aw_meter_group *g, uint32_t lane);
int32_t aw_meter_group_peak(const aw_meter_group *g, uint32_t lane);
/* cffi: end */
#endif
