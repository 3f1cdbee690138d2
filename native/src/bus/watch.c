/* SPDX-License-Identifier: MIT */
/* The watchdog: a thread that looks whether the engine's time goes on, and says when it doesn't.
 * It can't write events, whose ring has one writer: it counts, and rings the bell. */
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bus/bus.h"

#define LOOK_MS  20
#define STUCK_NS 100000000u /* twenty ticks; without a board's frames the timer ticks after ten */

static void *run(void *argument)
{
    struct aw_engine *e = argument;
    struct pollfd end = {.fd = e->watch.end, .events = POLLIN};
    uint64_t seen = aw_arena_now(e->arena);
    uint64_t since = aw_nanoseconds();
    bool told = false;

    while (poll(&end, 1, LOOK_MS) == 0) {
        uint64_t now = aw_arena_now(e->arena);
        uint64_t time = aw_nanoseconds();
        if (now != seen) {
            seen = now;
            since = time;
            told = false;
        } else if (!told && time - since >= STUCK_NS) {
            told = true;
            aw_count(&e->counters->stuck, 1);
            aw_bell_ring(e->event_bell);
        }
    }
    return NULL;
}

aw_status aw_watch_start(struct aw_engine *e)
{
    e->watch.end = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (e->watch.end < 0 || pthread_create(&e->watch.thread, NULL, run, e) != 0)
        return AW_EIO;
    e->watch.running = true;
    return AW_OK;
}

void aw_watch_free(struct aw_engine *e)
{
    if (e->watch.running) {
        aw_bell_ring(e->watch.end);
        pthread_join(e->watch.thread, NULL);
        e->watch.running = false;
    }
    if (e->watch.end >= 0)
        close(e->watch.end);
}
