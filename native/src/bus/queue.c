/* SPDX-License-Identifier: MIT */
/* PCM frames waiting between two clocks.
 *
 * A frame that finds the queue full pushes out the oldest.  One that has waited needlessly for
 * SETTLE frames is dropped too, so that a late frame does not leave delay behind for ever. */
#include "bus/counts.h"
#include "bus/links.h"

#define SETTLE 400u /* frames: 2 s */

void aw_queue_forget(struct bus_queue *q)
{
    if (q->count == 0)
        return;
    q->first = (q->first + 1) % LINK_SLOTS;
    q->count--;
}

struct bus_slot *aw_queue_put(struct bus_queue *q, uint64_t *slips)
{
    if (q->count == LINK_WAITING) {
        aw_queue_forget(q);
        aw_count(slips, 1);
    }
    struct bus_slot *slot = &q->slot[(q->first + q->count++) % LINK_SLOTS];
    slot->missing = false;
    slot->length = 0;
    slot->ports = 0;
    return slot;
}

struct bus_slot *aw_queue_take(struct bus_queue *q, uint64_t *slips)
{
    if (q->count == 0) {
        q->least = 0;
        return NULL;
    }
    if (q->takes == SETTLE) {
        if (q->least > 0) {
            aw_queue_forget(q);
            aw_count(slips, 1);
        }
        q->takes = 0;
    }
    struct bus_slot *slot = &q->slot[q->first];
    aw_queue_forget(q);
    if (q->takes == 0 || q->count < q->least)
        q->least = q->count;
    q->takes++;
    return slot;
}
