/* SPDX-License-Identifier: MIT */
#include "mem.h"

#include <stdlib.h>
#include <string.h>

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
