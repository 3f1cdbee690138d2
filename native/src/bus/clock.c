/* SPDX-License-Identifier: MIT */
/* The engine's thread: it waits for links, for orders and, where no board gives the time, for
 * the timer.  The manual engine waits here too, in the caller's thread. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "bus/bus.h"
#include "bus/realtime.h"

#define READY         64
#define TIMER_DATA    0xfffffffeu
#define COMMANDS_DATA 0xffffffffu
#define PATIENCE_NS   50000000u /* without a frame of the clock before the timer takes over */
#define CATCH_UP      10u       /* ticks made up for at most after the machine was elsewhere */

static void timer_ticks(struct aw_engine *e)
{
    uint64_t due = 0;

    if (read(e->timer, &due, sizeof due) != sizeof due)
        return;
    if (e->clock != BUS_NONE && aw_nanoseconds() - e->tick_begun < PATIENCE_NS)
        return;
    aw_clock_give_up(e);
    for (uint64_t i = 0; i < due && i < CATCH_UP; i++) {
        aw_bus_tick(e);
        aw_count(&e->counters->timer_ticks, 1);
    }
}

static void serve_link(struct aw_engine *e, const struct epoll_event *ready)
{
    struct bus_link *l = &e->link[ready->data.u32];

    if (ready->events & EPOLLOUT)
        aw_link_flush(e, l);
    if (ready->events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        aw_link_read(e, l);
}

static void orders(struct aw_engine *e)
{
    aw_bell_hush(e->command_bell);
    aw_commands_apply(e);
}

void aw_clock_serve(struct aw_engine *e, int timeout_ms)
{
    struct epoll_event ready[READY];
    int count = epoll_wait(e->epoll, ready, READY, timeout_ms);
    bool timer = false;

    for (int i = 0; i < count; i++)
        if (ready[i].data.u32 == COMMANDS_DATA)
            orders(e);
    for (int i = 0; i < count; i++) { /* links first: their frames are better ticks */
        if (ready[i].data.u32 < AW_LINKS_MAX)
            serve_link(e, &ready[i]);
        else if (ready[i].data.u32 == TIMER_DATA)
            timer = true;
    }
    if (timer)
        timer_ticks(e);
}

static void *run(void *argument)
{
    struct aw_engine *e = argument;

    __atomic_or_fetch(&e->arena->modes, aw_realtime_enter(e->wanted), __ATOMIC_RELEASE);
    while (!__atomic_load_n(&e->stop, __ATOMIC_ACQUIRE)) {
        aw_clock_serve(e, -1);
        aw_event_bell(e);
    }
    return NULL;
}

aw_status aw_clock_new(struct aw_engine *e)
{
    e->epoll = epoll_create1(EPOLL_CLOEXEC);
    e->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    return e->epoll >= 0 && e->timer >= 0 ? AW_OK : AW_EIO;
}

static bool watch(struct aw_engine *e, int descriptor, uint32_t as)
{
    struct epoll_event interest = {.events = EPOLLIN, .data.u32 = as};

    return epoll_ctl(e->epoll, EPOLL_CTL_ADD, descriptor, &interest) == 0;
}

aw_status aw_clock_start(struct aw_engine *e)
{
    struct itimerspec every = {
        .it_interval.tv_nsec = AW_TICK_MS * 1000000,
        .it_value.tv_nsec = AW_TICK_MS * 1000000,
    };

    if (!watch(e, e->timer, TIMER_DATA) || !watch(e, e->command_bell, COMMANDS_DATA) ||
        timerfd_settime(e->timer, 0, &every, NULL) != 0)
        return AW_EIO;
    e->threaded = true;
    if (pthread_create(&e->thread, NULL, run, e) != 0) {
        e->threaded = false;
        return AW_EIO;
    }
    if (e->wanted & AW_MODE_LOCKED && aw_realtime_lock()) /* refused: go on without */
        __atomic_or_fetch(&e->arena->modes, AW_MODE_LOCKED, __ATOMIC_RELEASE);
    return AW_OK;
}

void aw_clock_free(struct aw_engine *e)
{
    if (e->threaded) {
        __atomic_store_n(&e->stop, 1, __ATOMIC_RELEASE);
        aw_bell_ring(e->command_bell);
        pthread_join(e->thread, NULL);
        e->threaded = false;
    }
    for (uint32_t i = 0; e->link && i < AW_LINKS_MAX; i++)
        if (e->link[i].handle != 0)
            aw_link_close(e, e->link[i].handle);
    if (e->timer >= 0)
        close(e->timer);
    if (e->epoll >= 0)
        close(e->epoll);
}
