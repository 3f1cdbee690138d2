/* SPDX-License-Identifier: MIT */
#ifndef AW_MIX_H
#define AW_MIX_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
enum {
    AW_MIX_UNITY = 4096,   /**< gain of 0 dB; 32767 is +18 dB */
    AW_MIX_PARTIES = 4096, /**< most parties of one conference: the sum stays within 32 bits */
    AW_TALKERS_MAX = 128,  /**< most parties among whom the loudest are picked */
};

/** One party of a conference, for one call of aw_mix_minus. */
typedef struct {
    const int16_t *in; /**< what he says; NULL: nothing */
    int16_t *out;      /**< what he hears; NULL: nobody listens.  May be `in`, no other overlap */
    int16_t from;      /**< gain of `in` at the first sample, AW_MIX_UNITY = 0 dB; not negative */
    int16_t to;        /**< gain just after the last one: `from` of the next call */
} aw_mix_party;

/**
 * The sum of a conference: everybody hears all the others.
 *
 * What:  out = total of gain * in over all parties, minus the party's own part, saturated.
 * How:   a 32-bit total kept in registers, then one subtraction a party; compiled for several
 *        instruction sets, chosen at run time, all with the same bits.
 * Not:   it does not limit softly nor know who speaks (see aw_talkers).
 *
 * Parties beyond AW_MIX_PARTIES are neither heard nor served.  Any n.  Real-time safe.
 */
void aw_mix_minus(const aw_mix_party *party, size_t parties, size_t n);

/**
 * Who speaks loudest in a conference, so that only they are mixed and 30 rooms' noise is not.
 *
 * What:  each call names the gains for aw_mix_minus: 0 dB for the `loudest`, nothing for the rest.
 * How:   level of each party with a fast rise and a 0.4 s fall; who has the floor keeps it until
 *        another is 3 dB louder; gains slide over one call, so nothing clicks.
 * Not:   it does not tell speech from noise (see vad.h).
 */
typedef struct aw_talkers aw_talkers;

/** Create for `parties` (<= AW_TALKERS_MAX), of whom `loudest` >= 1 are heard. */
aw_status aw_talkers_new(aw_talkers **out, size_t parties, size_t loudest);
/** Destroy; NULL is allowed. */
void aw_talkers_free(aw_talkers *t);
/**
 * Look at the n samples about to be mixed and zero the gains (`from`, `to`) of those who have not
 * the floor.  party holds as many as were created.  Real-time safe.
 */
void aw_talkers_gate(aw_talkers *t, aw_mix_party *party, size_t n);
/** Whether a party has the floor: 1 or 0.  Real-time safe. */
int aw_talkers_speaking(const aw_talkers *t, size_t party);
/* cffi: end */
#endif
