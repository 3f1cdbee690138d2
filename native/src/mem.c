/* SPDX-License-Identifier: MIT */
#include "mem.h"

#include <stdlib.h>

#ifdef AW_TESTING
static int allowed = -1;
void aw_test_fail_alloc_after(int n)
{
    allowed = n;
}
#endif

void *aw_alloc(size_t size)
{
#ifdef AW_TESTING
    if (allowed == 0)
        return NULL;
    if (allowed > 0)
        allowed--;
#endif
    return calloc(1, size);
}

void aw_release(void *p)
{
    free(p);
}
