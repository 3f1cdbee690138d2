/* SPDX-License-Identifier: MIT */
#include "bus/realtime.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "aw/arena.h"
#include "mem.h"

#define PRIORITY 20    /* of SCHED_FIFO: above ordinary threads, below the kernel's own at 50 */
#define STACK    65536 /* bytes: more than a tick's frames are deep */
#if defined(__SSE__)
#define FLUSH 0x8040u /* MXCSR: flush to zero, denormals are zero */
#elif defined(__aarch64__)
#define FLUSH (1u << 24) /* FPCR.FZ */
#endif

/* A block's state fading out would otherwise cost a hundred times as much for a while. */
void aw_realtime_flush_denormals(void)
{
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | FLUSH);
#elif defined(__aarch64__)
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr | FLUSH));
#endif
}

bool aw_realtime_flushes_denormals(void)
{
#if defined(__SSE__)
    return (_mm_getcsr() & FLUSH) == FLUSH;
#elif defined(__aarch64__)
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return (fpcr & FLUSH) != 0;
#else
    return false;
#endif
}

static __attribute__((noinline)) void touch_stack(void)
{
    uint8_t deep[STACK] = {0};

    aw_touch(deep, sizeof deep);
}

uint32_t aw_realtime_enter(uint32_t wanted)
{
    struct sched_param priority = {.sched_priority = PRIORITY};
    uint32_t modes = 0;

    touch_stack();
    aw_realtime_flush_denormals();
    if (aw_realtime_flushes_denormals())
        modes |= AW_MODE_NO_DENORMALS;
    if (wanted & AW_MODE_FIFO && pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) == 0)
        modes |= AW_MODE_FIFO;
    return modes;
}

/* Not what comes later (MCL_FUTURE): under a limit that would make the file thread's allocations
 * fail.  The tick has all of its memory when it starts. */
bool aw_realtime_lock(void)
{
    return mlockall(MCL_CURRENT) == 0;
}
