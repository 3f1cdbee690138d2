/* SPDX-License-Identifier: MIT */
/* Memory for control calls only; real-time functions never allocate. */
#ifndef AW_SRC_MEM_H
#define AW_SRC_MEM_H
#include <stddef.h>
#define AW_LINE 64 /* bytes of a cache line, and of the widest register */

void *aw_alloc(size_t size);       /* zeroed, or NULL */
void *aw_alloc_lanes(size_t size); /* the same, aligned to AW_LINE */
void aw_release(void *p);
void aw_touch(void *p, size_t size); /* let all its pages be there: the tick waits for none then */
#ifdef AW_TESTING
void aw_test_fail_alloc_after(int n); /* -1: never */
#endif
#endif
