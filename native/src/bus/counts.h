/* SPDX-License-Identifier: MIT */
/* Counts in the arena.  Each has one writer, so to add is a load and a store; whoever looks, in
 * another thread or process, sees a whole value, at some time. */
#ifndef AW_BUS_COUNTS_H
#define AW_BUS_COUNTS_H
#include <stdint.h>

static inline uint64_t aw_count_read(const uint64_t *count)
{
    return __atomic_load_n(count, __ATOMIC_RELAXED);
}

static inline void aw_count_set(uint64_t *count, uint64_t value)
{
    __atomic_store_n(count, value, __ATOMIC_RELAXED);
}

static inline void aw_count(uint64_t *count, uint64_t by)
{
    aw_count_set(count, aw_count_read(count) + by);
}
#endif
