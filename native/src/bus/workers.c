/* SPDX-License-Identifier: MIT */
/* Sharing a tick's units: whoever is awake takes the next one from a common ticket.
 *
 * The engine's thread rings a bell and begins at once, so a worker that isn't awake yet costs it
 * nothing; at the end it waits only for units that a worker has already begun.  A unit's results
 * lie in the unit until the engine's thread tells them in order: how many threads there are, and
 * which was faster, is seen nowhere. */
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bus/bus.h"
#include "bus/realtime.h"

#define SPINS 2000u /* looks at what is still being done before others may run here */

static uint64_t round_of(uint64_t ticket)
{
    return ticket >> 32;
}

/* Take units until none is left.  A ticket of an older round can't be drawn: it has changed. */
void aw_workers_help(struct aw_engine *e)
{
    struct bus_workers *w = &e->workers;
    uint64_t ticket = __atomic_load_n(&w->ticket, __ATOMIC_ACQUIRE);

    for (;;) {
        uint32_t unit = ticket & 0xffff;
        if (unit >= (ticket >> 16 & 0xffff))
            return;
        if (!__atomic_compare_exchange_n(&w->ticket, &ticket, ticket + 1, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_ACQUIRE))
            continue;
        aw_lanes_work(e, unit);
        __atomic_add_fetch(&w->done, 1, __ATOMIC_RELEASE);
        ticket = __atomic_load_n(&w->ticket, __ATOMIC_ACQUIRE);
    }
}

void aw_workers_share(struct aw_engine *e, uint32_t units)
{
    struct bus_workers *w = &e->workers;
    uint64_t last = __atomic_load_n(&w->ticket, __ATOMIC_RELAXED); /* workers still look at it */
    uint64_t next = (round_of(last) + 1) << 32 | (uint64_t)units << 16;
    uint32_t useful = units > 1 ? units - 1 : 0;
    uint64_t rings = w->running < useful ? w->running : useful;

    __atomic_store_n(&w->done, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&w->ticket, next, __ATOMIC_RELEASE);
    if (rings > 0)
        (void)!write(w->bell, &rings, sizeof rings);
    aw_workers_help(e);
    for (uint32_t spins = 0; __atomic_load_n(&w->done, __ATOMIC_ACQUIRE) < units; spins++)
        if (spins >= SPINS)
            sched_yield();
}

/* Wait for the bell; false: it is the end. */
bool aw_workers_wait(struct aw_engine *e)
{
    struct pollfd bell = {.fd = e->workers.bell, .events = POLLIN};
    uint64_t one = 0;

    (void)poll(&bell, 1, -1);
    (void)!read(e->workers.bell, &one, sizeof one); /* another may have been faster */
    return !__atomic_load_n(&e->workers.stop, __ATOMIC_ACQUIRE);
}

static void *run(void *argument)
{
    struct aw_engine *e = argument;

    if (e->workers.fit)
        aw_realtime_enter(e->wanted);
    while (aw_workers_wait(e))
        aw_workers_help(e);
    return NULL;
}

aw_status aw_workers_start_as(struct aw_engine *e, void *(*worker)(void *))
{
    struct bus_workers *w = &e->workers;

    if (w->running == w->wanted)
        return AW_OK;
    if (w->bell < 0) /* or a start before this one got half way: its threads wait for that bell */
        w->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE);
    if (w->bell < 0)
        return AW_EIO;
    while (w->running < w->wanted) {
        if (pthread_create(&w->thread[w->running], NULL, worker, e) != 0)
            return AW_EIO;
        w->running++;
    }
    return AW_OK;
}

aw_status aw_workers_start(struct aw_engine *e, bool fit)
{
    if (e->workers.running == 0)
        e->workers.fit = fit;
    return aw_workers_start_as(e, run);
}

void aw_workers_free(struct aw_engine *e)
{
    struct bus_workers *w = &e->workers;
    uint64_t rings = w->running;

    __atomic_store_n(&w->stop, 1, __ATOMIC_RELEASE);
    if (rings > 0)
        (void)!write(w->bell, &rings, sizeof rings);
    while (w->running > 0)
        pthread_join(w->thread[--w->running], NULL);
    if (w->bell >= 0)
        close(w->bell);
}
