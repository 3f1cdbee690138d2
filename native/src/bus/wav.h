/* SPDX-License-Identifier: MIT */
/* WAV as the engine plays and records it: 8 kHz, 16-bit, mono, RIFF little-endian. */
#ifndef AW_BUS_WAV_H
#define AW_BUS_WAV_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

#define WAV_HEADER 44u /* bytes */

/* Find the samples in the first `size` bytes of a file; AW_EINVAL: not such a WAV. */
aw_status aw_wav_find(const uint8_t *bytes, size_t size, size_t *offset, size_t *length);
/* Fill in the header of a file with so many samples, of all channels; the sizes stop at 4 GB. */
void aw_wav_header(uint8_t header[WAV_HEADER], uint64_t samples, uint8_t channels);
/* Whether it is such a one, and of how many samples. */
bool aw_wav_is_header(const uint8_t header[WAV_HEADER], uint8_t channels, uint64_t *samples);
#endif
