/* SPDX-License-Identifier: MIT */
/* A deframer on the heap: see aw/frame.h.  Apart from the rest, which needs no operating system. */
#include "link/frame.h"

#include "mem.h"

aw_status aw_deframer_new(aw_deframer **out)
{
    aw_deframer *d = aw_alloc(sizeof *d);

    if (!d)
        return AW_ENOMEM;
    aw_deframer_init(d);
    *out = d;
    return AW_OK;
}

void aw_deframer_free(aw_deframer *d)
{
    aw_release(d);
}
