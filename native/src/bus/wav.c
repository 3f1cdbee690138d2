/* SPDX-License-Identifier: MIT */
#include "bus/wav.h"

#include <string.h>

#include "aw/arena.h"

#define FMT_SIZE        16u
#define PCM_TAG         1u
#define EXTENSIBLE_TAG  0xfffeu /* WAVE_FORMAT_EXTENSIBLE; its subformat begins at byte 24 */
#define EXTENSIBLE_SIZE 26u

static uint32_t le32(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint32_t le16(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8;
}

static void put32(uint8_t *b, uint64_t value)
{
    uint32_t v = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;

    for (int i = 0; i < 4; i++)
        b[i] = (uint8_t)(v >> (8 * i));
}

static int is_telephone_pcm(const uint8_t *fmt, size_t size)
{
    if (size < FMT_SIZE)
        return 0;
    uint32_t tag = le16(fmt);
    if (tag == EXTENSIBLE_TAG && size >= EXTENSIBLE_SIZE)
        tag = le16(fmt + 24);
    return tag == PCM_TAG && le16(fmt + 2) == 1 && le32(fmt + 4) == AW_SAMPLE_RATE &&
           le16(fmt + 14) == 16;
}

aw_status aw_wav_find(const uint8_t *bytes, size_t size, size_t *offset, size_t *length)
{
    int known = 0;
    size_t at = 12;

    if (size < at || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WAVE", 4) != 0)
        return AW_EINVAL;
    while (size - at >= 8) {
        const uint8_t *chunk = bytes + at;
        size_t left = size - at - 8;
        size_t stated = le32(chunk + 4);
        size_t there = stated < left ? stated : left; /* a recording cut off states too much */
        if (memcmp(chunk, "fmt ", 4) == 0)
            known = is_telephone_pcm(chunk + 8, there);
        if (memcmp(chunk, "data", 4) == 0) {
            if (!known)
                return AW_EINVAL;
            *offset = at + 8;
            *length = there & ~(size_t)1;
            return AW_OK;
        }
        if (stated >= left)
            return AW_EINVAL;
        at += 8 + stated + (stated & 1 && stated < left - 1);
    }
    return AW_EINVAL;
}

void aw_wav_header(uint8_t header[WAV_HEADER], uint64_t samples, uint8_t channels)
{
    static const uint8_t blank[WAV_HEADER] = {
        'R', 'I', 'F', 'F', 0,  0, 0,   0,   'W', 'A',  'V',  'E', 'f', 'm',  't',
        ' ', 16,  0,   0,   0,  1, 0,   1,   0,   0x40, 0x1f, 0,   0,   0x80, 0x3e,
        0,   0,   2,   0,   16, 0, 'd', 'a', 't', 'a',  0,    0,   0,   0,
    };

    memcpy(header, blank, WAV_HEADER);
    header[22] = channels;
    put32(header + 28, 2u * AW_SAMPLE_RATE * channels);
    header[32] = (uint8_t)(2 * channels);
    put32(header + 4, samples * 2 + WAV_HEADER - 8);
    put32(header + 40, samples * 2);
}

bool aw_wav_is_header(const uint8_t header[WAV_HEADER], uint8_t channels, uint64_t *samples)
{
    uint8_t wanted[WAV_HEADER];

    *samples = le32(header + 40) / 2 / channels * channels;
    aw_wav_header(wanted, *samples, channels);
    return memcmp(header, wanted, WAV_HEADER) == 0;
}
