/* SPDX-License-Identifier: MIT */
#ifndef AW_CLEAN_H
#define AW_CLEAN_H
#include <stddef.h>
#include <stdint.h>

#include "aw/agc.h"
#include "aw/simd.h"
#include "aw/status.h"

/* cffi: begin */
/**
 * The levelling blocks of aw/agc.h for sixteen channels side by side.
 *
 * What:  a lane of a group does to its channel what the single block does, bit for bit and in every
 *        instruction set.
 * How:   blocks of 40 samples are changed in place, in a group's layout (see aw/simd.h); the
 *        samples are whole numbers of 16 bits, before and after.  All decisions are taken in
 *        vectors: nothing is done lane by lane.
 * Not:   a group isn't for more than one thread.  Closed lanes pass unchanged, and registers
 *        without an open lane cost nothing.
 *
 * new and free are control; everything else is real-time safe.  Opening begins anew.
 */
typedef struct aw_dcblock_group aw_dcblock_group;
typedef struct aw_agc_group aw_agc_group;
typedef struct aw_limiter_group aw_limiter_group;

/** Create groups without open lanes.  AW_EINVAL if this machine hasn't the set. */
aw_status aw_dcblock_group_new(aw_dcblock_group **out, aw_simd set);
aw_status aw_agc_group_new(aw_agc_group **out, aw_simd set);
aw_status aw_limiter_group_new(aw_limiter_group **out, aw_simd set);
/** Destroy; NULL is allowed. */
void aw_dcblock_group_free(aw_dcblock_group *g);
void aw_agc_group_free(aw_agc_group *g);
void aw_limiter_group_free(aw_limiter_group *g);

/** Begin a lane; ranges as of the single blocks, AW_EINVAL and no change beyond them. */
void aw_dcblock_group_open(aw_dcblock_group *g, uint32_t lane);
aw_status aw_agc_group_open(aw_agc_group *g, uint32_t lane, float target_dbm0, float most_db);
aw_status aw_limiter_group_open(aw_limiter_group *g, uint32_t lane, float ceiling_dbm0);
/** End a lane. */
void aw_dcblock_group_close(aw_dcblock_group *g, uint32_t lane);
void aw_agc_group_close(aw_agc_group *g, uint32_t lane);
void aw_limiter_group_close(aw_limiter_group *g, uint32_t lane);

/** Change a block of the open lanes in place. */
void aw_dcblock_group_run(aw_dcblock_group *g, float *soa);
void aw_agc_group_run(aw_agc_group *g, float *soa);
void aw_limiter_group_run(aw_limiter_group *g, float *soa);
/** The gain now in use, dB; 0 of a closed lane. */
float aw_agc_group_gain_db(const aw_agc_group *g, uint32_t lane);
/* cffi: end */
#endif
