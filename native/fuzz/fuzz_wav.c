/* SPDX-License-Identifier: MIT */
/* Invariant: whatever a file holds, the reader of WAV reads nothing outside and finds samples only
 * inside; what is whole is found to the byte.
 *
 * fuzz_wav INPUTS [SECONDS [SEED]]: each input is a file with chunks around its samples, then
 * damaged in its heads (words replaced, bits flipped, cut off), left whole, or noise. */
#include <stdbool.h>

#include "bus/wav.h"
#include "fuzz.h"

enum { FILE_MAX = 1024, CHUNKS = 3 };

static uint64_t accepted, whole;

static void put(uint8_t *at, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(word >> (8 * i));
}

static size_t put_chunk(uint8_t *at, const char *name, size_t size)
{
    memcpy(at, name, 4);
    put(at + 4, (uint32_t)size);
    for (size_t i = 0; i < size; i++)
        at[8 + i] = (uint8_t)dice(256);
    at[8 + size] = 0;
    return 8 + size + (size & 1);
}

static void put_format(uint8_t *fmt, size_t size)
{
    put(fmt, (size >= 26 ? 0xfffe : 1) | 1 << 16); /* linear, or told further on; one channel */
    put(fmt + 4, 8000);
    put(fmt + 12, 2 | 16 << 16);
    if (size >= 26)
        fmt[24] = 1, fmt[25] = 0;
}

/* The samples begin at *data and have *length bytes. */
static size_t make_file(uint8_t *out, size_t *data, size_t *length)
{
    static const size_t formats[] = {16, 18, 26, 40};
    size_t fmt = formats[dice(4)];
    size_t n = 12;

    memcpy(out, "RIFF....WAVE", 12);
    for (uint32_t i = dice(CHUNKS); i > 0; i--)
        n += put_chunk(out + n, "LIST", dice(60));
    size_t at = n + 8;
    n += put_chunk(out + n, "fmt ", fmt);
    put_format(out + at, fmt);
    for (uint32_t i = dice(CHUNKS); i > 0; i--)
        n += put_chunk(out + n, "fact", dice(60));
    *data = n + 8;
    *length = 2 * dice(200);
    return n + put_chunk(out + n, "data", *length);
}

static size_t damage(uint8_t *s, size_t n)
{
    for (uint32_t hits = 1 + dice(4); hits > 0 && n > 4; hits--) {
        size_t at = dice((uint32_t)(n < 128 ? n : 128) - 3);
        if (dice(3) == 0)
            put(s + at, wild_word());
        else if (dice(4) == 0)
            n = dice((uint32_t)n);
        else
            s[at] ^= (uint8_t)(1u << dice(8));
    }
    return n;
}

static bool finds(const uint8_t *bytes, size_t n, size_t *found, size_t *there)
{
    aw_status status = aw_wav_find(bytes, n, found, there);

    if (status == AW_OK && (*found > n || *there > n - *found || *there % 2 != 0))
        fail("samples outside of the file");
    return status == AW_OK;
}

static void one_input(void)
{
    static uint8_t file[FILE_MAX];
    size_t data = 0, length = 0, found = 0, there = 0;
    uint32_t sort = dice(8);
    size_t n = make_file(file, &data, &length);

    for (size_t i = 0; sort == 0 && i < n; i++)
        file[i] = dice(4) ? file[i] : (uint8_t)dice(256);
    if (sort > 1)
        n = damage(file, n);
    uint8_t *bytes = exactly(n);
    memcpy(bytes, file, n);
    bool taken = finds(bytes, n, &found, &there);
    if (sort == 1 && (!taken || found != data || there != length))
        fail("a whole file was refused or misread");
    accepted += taken;
    whole += sort == 1;
    free(bytes);
}

int main(int argc, char **argv)
{
    fuzz(argc, argv, one_input);
    printf("%" PRIu64 " inputs (%" PRIu64 " whole): %" PRIu64 " accepted\n", fuzz_input, whole,
           accepted);
    return 0;
}
