/* SPDX-License-Identifier: MIT */
#ifndef AW_CALLERID_H
#define AW_CALLERID_H
#include <stddef.h>
#include <stdint.h>

#include "aw/simd.h"
#include "aw/status.h"

/* cffi: begin */
/** Longest message: type, length, 255 bytes of body, checksum. */
#define AW_CALLERID_BYTES    258
#define AW_FSK_IN_CALL_MARKS 80 /* bits before a message during a call; there is no seizure */

/** Frequencies of mark and space; both are 1200 bit/s. */
typedef enum {
    AW_FSK_BELL202 = 0, /**< 1200 / 2200 Hz: North America */
    AW_FSK_V23 = 1,     /**< 1300 / 2100 Hz: ETSI */
} aw_fsk_standard;

/**
 * Sender of one caller-ID message by FSK (GR-30, ETSI EN 300 659-1).
 *
 * What:  channel seizure, mark, the bytes as 8N1 with the lowest bit first, ten marks.
 * How:   one phase accumulator; a bit edge between two samples is placed where it is.
 * Not:   it does not build messages (dsp/callerid.py does) nor know when to send them.
 */
typedef struct aw_fsk_sender aw_fsk_sender;

/**
 * Create a sender of n bytes, sent as they are: type, length, body, checksum.  1 <= n <= 258.
 * Before them 300 bits of seizure and 180 of mark (see aw_fsk_sender_preamble).
 */
aw_status aw_fsk_sender_new(aw_fsk_sender **out, const uint8_t *message, size_t n,
                            aw_fsk_standard standard, float dbm0);
/** Destroy a sender; NULL is allowed. */
void aw_fsk_sender_free(aw_fsk_sender *s);
/** Change the preamble, before the first read: off-hook is 0 and 80.  Real-time safe. */
void aw_fsk_sender_preamble(aw_fsk_sender *s, uint32_t seizure_bits, uint32_t mark_bits);
/** Make n samples.  Returns how many there still were; the rest is zeroed.  Real-time safe. */
size_t aw_fsk_sender_read(aw_fsk_sender *s, int16_t *out, size_t n);

/**
 * Receiver of caller-ID messages.
 *
 * What:  delivers whole SDMF or MDMF messages whose checksum is right, -40..0 dBm0.
 * How:   energies of mark and space over one bit are compared with each other, never with a fixed
 *        level; bytes are framed anew at each start bit.
 * Not:   it does not interpret the message (dsp/callerid.py does) and does not answer a CAS.
 */
typedef struct aw_fsk_receiver aw_fsk_receiver;

/** Create a receiver.  *out is set only on AW_OK. */
aw_status aw_fsk_receiver_new(aw_fsk_receiver **out, aw_fsk_standard standard);
/** Destroy a receiver; NULL is allowed. */
void aw_fsk_receiver_free(aw_fsk_receiver *r);
/**
 * Feed n samples (8 kHz, 16-bit linear); n <= 400, or of two messages in one call the first is
 * lost.  Returns the length of a message just received (type, length, body; the checksum was right
 * and is taken off), else 0.  Real-time safe.
 */
size_t aw_fsk_receiver_feed(aw_fsk_receiver *r, const int16_t *pcm, size_t n);
/** The message last returned; valid until the next feed.  Real-time safe. */
const uint8_t *aw_fsk_receiver_message(const aw_fsk_receiver *r);

/**
 * Sixteen receivers of one standard side by side (see aw/lanes.h): each lane decides what a single
 * one decides, bit for bit; lanes without a carrier cost little.
 */
typedef struct aw_fsk_group aw_fsk_group;

/** Create a group without open lanes.  AW_EINVAL if this machine hasn't the set. */
aw_status aw_fsk_group_new(aw_fsk_group **out, aw_fsk_standard standard, aw_simd set);
/** Destroy a group; NULL is allowed. */
void aw_fsk_group_free(aw_fsk_group *g);
/** Begin anew on a lane.  Real-time safe. */
void aw_fsk_group_open(aw_fsk_group *g, uint32_t lane);
/** End a lane.  Real-time safe. */
void aw_fsk_group_close(aw_fsk_group *g, uint32_t lane);
/** Feed a block of 40 samples; returns a bit for each lane with a message.  Real-time safe. */
uint32_t aw_fsk_group_feed(aw_fsk_group *g, const float *soa);
/** The message last received on a lane, and its length; valid until the next feed. */
const uint8_t *aw_fsk_group_message(const aw_fsk_group *g, uint32_t lane, size_t *length);
/* cffi: end */
#endif
