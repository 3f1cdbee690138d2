/* SPDX-License-Identifier: MIT */
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096u /* or more; a page that is touched twice costs nothing */

#ifdef AW_TESTING
static int allowed = -1;
void aw_test_fail_alloc_after(int n)
{
    allowed = n;
}
#endif

static int refuse(void)
{
#ifdef AW_TESTING
    if (allowed == 0)
        return 1;
    if (allowed > 0)
        allowed--;
#endif
    return 0;
}

void *aw_alloc(size_t size)
{
    return refuse() ? NULL : calloc(1, size);
}

void *aw_alloc_lanes(size_t size)
{
    size_t whole = (size + AW_LINE - 1) / AW_LINE * AW_LINE;
    void *p = refuse() ? NULL : aligned_alloc(AW_LINE, whole);

    return p ? memset(p, 0, whole) : NULL;
}

void aw_release(void *p)
{
    free(p);
}

void aw_touch(void *p, size_t size)
{
    volatile uint8_t *bytes = p;

    for (size_t at = 0; p && at < size; at += PAGE)
        bytes[at] = bytes[at];
    if (p && size > 0)
        bytes[size - 1] = bytes[size - 1];
}
