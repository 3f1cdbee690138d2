/* SPDX-License-Identifier: MIT */
/* Sum of products in eight partial sums, so that compilers vectorise it without reordering freely.
 */
#ifndef AW_SRC_DSP_DOT_H
#define AW_SRC_DSP_DOT_H
#include <stddef.h>

static inline float aw_dot(const float *a, const float *b, size_t n)
{
    enum { LANES = 8 };
    float part[LANES] = {0};
    float sum = 0.0f;
    size_t whole = n - n % LANES;

    for (size_t i = 0; i < whole; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            part[k] += a[i + k] * b[i + k];
    for (size_t i = whole; i < n; i++)
        sum += a[i] * b[i];
    for (size_t k = 0; k < LANES; k++)
        sum += part[k];
    return sum;
}
#endif
