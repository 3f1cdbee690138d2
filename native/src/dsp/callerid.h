/* SPDX-License-Identifier: MIT */
/* State of the caller-ID sender and receiver, for embedding in a port. */
#ifndef AW_SRC_DSP_CALLERID_H
#define AW_SRC_DSP_CALLERID_H
#include <stdbool.h>

#include "aw/callerid.h"

#define AW_FSK_HISTORY 8 /* samples kept for the correlators: more than a bit */

#define AW_FSK_MIN_POWER   4500.0f /* mean square, -47.6 dBm0: Bell 202 receivers reject at -48 */
#define AW_FSK_MIN_CARRIER 0.25f   /* of the power in mark or space; clean 0.9, SNR 6 dB 0.7 */
#define AW_FSK_SMOOTHING   0.02f   /* of both powers: 50 samples, 7.5 bits */

/* High-pass, Butterworth of second order at 400 Hz: hum may be 18 dB over the signal. */
#define AW_FSK_HP_GAIN 0.80059239f
#define AW_FSK_HP_A1   -1.5610181f
#define AW_FSK_HP_A2   0.6413515f

struct aw_fsk_sender {
    uint8_t message[AW_CALLERID_BYTES];
    uint32_t bytes;
    uint32_t seizure_bits;
    uint32_t mark_bits;
    uint32_t bits; /* all of them, preamble and end included */
    uint32_t bit;  /* being sent */
    uint32_t into; /* how far into it, in 1/1200 of a sample: 8000 is a whole bit */
    uint32_t phase;
    uint32_t advance[2]; /* of space, mark */
    float amplitude;
};

/* What the receiver waits for. */
typedef enum {
    AW_FSK_HUNT,  /* a run of mark, long enough to end a channel seizure */
    AW_FSK_READY, /* the first start bit */
    AW_FSK_BYTE,  /* bits of a byte */
    AW_FSK_NEXT,  /* the start bit of the next byte, within some bits of mark */
} aw_fsk_state;

struct aw_fsk_receiver {
    aw_fsk_standard standard;
    float high_pass[2];
    float history[2 * AW_FSK_HISTORY]; /* twice, so that a bit is always contiguous */
    uint32_t newest;
    float power;     /* of all that is heard, over some bits */
    float carrier;   /* of it, what mark and space explain */
    float last;      /* decision of the sample before: > 0 mark */
    float space_run; /* bits since the last edge */
    float skew;      /* bits by which edges to space are late, those to mark early */

    aw_fsk_state state;
    float clock;    /* bits until the next decision, or bits of mark so far */
    uint32_t bit;   /* within the byte, 0: start bit */
    uint32_t shift; /* bits received, the first lowest */

    uint32_t count; /* bytes in message */
    uint8_t message[AW_CALLERID_BYTES];
};

/* All are real-time safe; AW_EINVAL leaves the sender ended, the receiver at Bell 202. */
aw_status aw_fsk_sender_init(aw_fsk_sender *s, const uint8_t *message, size_t n,
                             aw_fsk_standard standard, float dbm0);
aw_status aw_fsk_receiver_init(aw_fsk_receiver *r, aw_fsk_standard standard);
/* The half behind the correlators: one decision, and whether there is a carrier.  Returns as
 * aw_fsk_receiver_feed(). */
size_t aw_fsk_frame(aw_fsk_receiver *r, float decision, bool live);
#endif
