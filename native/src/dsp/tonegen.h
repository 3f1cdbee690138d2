/* SPDX-License-Identifier: MIT */
/* State of a tone generator and of a DTMF sender, for embedding in a port. */
#ifndef AW_SRC_DSP_TONEGEN_H
#define AW_SRC_DSP_TONEGEN_H
#include <stdbool.h>

#include "aw/tonegen.h"

struct aw_tonegen {
    aw_tone_spec spec;
    uint32_t at;         /* step being played; == spec.steps: ended */
    uint32_t left;       /* samples left of it; 0: for ever */
    uint32_t phase[2];   /* of the two tones, running on for ever */
    uint32_t advance[2]; /* per sample, of this step */
    float amplitude[2];  /* peak, of this step; modulated: [0] of the carrier */
};

struct aw_dtmf_sender {
    char digits[AW_DTMF_SENDER_DIGITS];
    uint32_t count;  /* of digits */
    uint32_t at;     /* digit being sent */
    uint32_t on;     /* samples */
    uint32_t period; /* samples of on and off together */
    uint32_t sample; /* within this digit's period */
    uint32_t phase[2];
    uint32_t advance[2];
    float amplitude[2]; /* peak */
};

/* Both are real-time safe; AW_EINVAL leaves the block ended. */
aw_status aw_tonegen_init(aw_tonegen *g, const aw_tone_spec *spec);
aw_status aw_dtmf_sender_init(aw_dtmf_sender *s, const char *digits, uint32_t on_ms,
                              uint32_t off_ms, float level_dbm0, float twist_db);
#endif
