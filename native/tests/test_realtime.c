/* SPDX-License-Identifier: MIT */
/* Real-time hygiene: the tick allocates nothing, takes no lock and makes no call that can block.
 *
 * Two nets.  This program's own malloc, locks, read and write stand before the C library's and
 * see who calls; and a filter in the kernel lets the thread make only the system calls that never
 * wait.  Built without sanitizers, which allocate and lock as they please. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "bus/realtime.h"
#include "office.h"

enum { TICKS = 4000, CROWD = 384 };

static _Thread_local bool in_tick;
static _Thread_local uint32_t offences;
static _Thread_local const char *offence;

static void note(const char *what)
{
    if (!in_tick)
        return;
    offences++;
    offence = what;
}

static void note_unless_waitless(int descriptor, const char *what)
{
    if (in_tick && !(fcntl(descriptor, F_GETFL) & O_NONBLOCK))
        note(what);
}

/* The C library's own, by other names. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void __libc_free(void *p);

void *malloc(size_t size)
{
    note("malloc");
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    note("calloc");
    return __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
    note("realloc");
    return __libc_realloc(p, size);
}

void free(void *p)
{
    note("free");
    __libc_free(p);
}

static int call_next(const char *name, void *argument)
{
    int (*next)(void *);

    *(void **)(&next) = dlsym(RTLD_NEXT, name);
    return next(argument);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    note("pthread_mutex_lock");
    return call_next("pthread_mutex_lock", mutex);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    note("pthread_rwlock_rdlock");
    return call_next("pthread_rwlock_rdlock", lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    note("pthread_rwlock_wrlock");
    return call_next("pthread_rwlock_wrlock", lock);
}

int sem_wait(sem_t *semaphore)
{
    note("sem_wait");
    return call_next("sem_wait", semaphore);
}

ssize_t read(int descriptor, void *bytes, size_t n)
{
    note_unless_waitless(descriptor, "read");
    return syscall(SYS_read, descriptor, bytes, n);
}

ssize_t write(int descriptor, const void *bytes, size_t n)
{
    note_unless_waitless(descriptor, "write");
    return syscall(SYS_write, descriptor, bytes, n);
}

ssize_t send(int descriptor, const void *bytes, size_t n, int flags)
{
    note_unless_waitless(descriptor, "send");
    return syscall(SYS_sendto, descriptor, bytes, n, flags, NULL, 0);
}

int epoll_wait(int descriptor, struct epoll_event *events, int count, int timeout_ms)
{
    if (timeout_ms != 0)
        note("epoll_wait");
    return (int)syscall(SYS_epoll_pwait, descriptor, events, count, timeout_ms, NULL, 0);
}

/* What the engine's thread does in one round, but for waiting. */
static void round_of(aw_engine *e)
{
    in_tick = true;
    aw_commands_apply(e);
    aw_clock_serve(e, 0);
    aw_event_bell(e);
    in_tick = false;
}

/* A worker as workers.c has them, whose calls are seen. */
static void *work(void *argument)
{
    aw_engine *e = argument;

    while (aw_workers_wait(e)) {
        in_tick = true;
        aw_workers_help(e);
        in_tick = false;
    }
    CHECK(offences == 0);
    return NULL;
}

static void open_office(struct office *o)
{
    const aw_engine_options options = {.timeslots = 64,
                                       .threads = 2,
                                       .echo_channels = 64,
                                       .echo_tail_ms = 32,
                                       .keep_ports = 1,
                                       .keep_s = 1};

    memset(o, 0, sizeof *o);
    CHECK(aw_engine_new_with(&o->e, &options) == AW_OK);
    CHECK(aw_workers_start_as(o->e, work) == AW_OK);
    CHECK(aw_files_start(&o->e->files) == AW_OK); /* files by their own thread, the tick by ours */
    office_write_clip(o);
    office_link(o);
    office_other_link(o);
}

static void run_office(struct office *o)
{
    for (int tick = 0; tick < TICKS; tick++) {
        office_before_tick(o);
        round_of(o->e);
        office_after_tick(o);
    }
}

/* Otherwise it would be the hygiene of an engine that does nothing. */
static void check_that_all_was_on(const struct office *o)
{
    CHECK(o->heard[AW_EVT_DIGIT] > TICKS / OFFICE_PERIOD);
    CHECK(o->heard[AW_EVT_TONE] > 0 && o->heard[AW_EVT_PORT_DONE] > TICKS / OFFICE_PERIOD);
    CHECK(o->heard[AW_EVT_FRAME] == TICKS / 16 && o->heard[AW_EVT_LOST] == 0);
    CHECK(o->heard[AW_EVT_CALLER_ID] > 0 && o->heard[AW_EVT_CAS] > 0);
    CHECK(o->heard[AW_EVT_MF] > TICKS / OFFICE_PERIOD && o->heard[AW_EVT_SPECIAL] > 0);
    CHECK(o->heard[AW_EVT_VOICE] > 0 && o->heard[AW_EVT_GREETING] > 0);
    CHECK(o->e->keeping.open == 1 && o->e->keeping.slot[0].put == TICKS);
    CHECK(o->e->port_entries[2].clean.wants && o->e->cleaners.group[0].awake);
    CHECK(o->e->link[1].elastic && o->e->link_entries[1].concealed > 0);
    CHECK(o->e->link_entries[1].gaps > TICKS / OTHER_LOSES - 2);
    CHECK(o->e->port_entries[1].echo.view.open || o->e->port_entries[2].echo.view.open);
    CHECK(o->e->counters->refused == 0 && o->e->counters->ticks == TICKS);
    CHECK(o->e->link_entries[0].pcm_out == TICKS && o->answered > TICKS * 40);
}

static void close_office(struct office *o)
{
    aw_engine_free(o->e);
    close(o->board);
    close(o->other);
    unlink(o->clip);
    unlink("/tmp/aw-office.wav");
    unlink("/tmp/aw-office-tap.wav");
    unlink("/tmp/aw-office-kept.wav");
}

static void test_the_nets_catch(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    int pipe_ends[2];
    void *volatile p;
    char byte = 0;

    CHECK(pipe(pipe_ends) == 0);
    in_tick = true;
    p = malloc(1);
    free(p);
    pthread_mutex_lock(&mutex);
    in_tick = false;
    pthread_mutex_unlock(&mutex);
    CHECK(offences == 3 && strcmp(offence, "pthread_mutex_lock") == 0);
    in_tick = true;
    CHECK(write(pipe_ends[1], &byte, 1) == 1 && read(pipe_ends[0], &byte, 1) == 1);
    in_tick = false;
    CHECK(offences == 5 && strcmp(offence, "read") == 0);
    offences = 0;
}

static void test_the_tick_neither_allocates_nor_locks_nor_blocks(void)
{
    struct office o;

    open_office(&o);
    run_office(&o);
    if (offences > 0)
        fprintf(stderr, "%u offences, the last: %s\n", offences, offence);
    CHECK(offences == 0);
    check_that_all_was_on(&o);
    close_office(&o);
}

static void refused(int signal, siginfo_t *about, void *context)
{
    static char text[] = "the tick made system call 000\n";

    (void)signal;
    (void)context;
    for (int place = 27, number = about->si_syscall; place >= 26 - 1; place--, number /= 10)
        text[place + 1] = (char)('0' + number % 10);
    (void)!syscall(SYS_write, 2, text, sizeof text - 1);
    _exit(1);
}

#define ALLOW(call)                                                                                \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                                         \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* From here this thread may only do what never waits (descriptors being non-blocking). */
static bool forbid_waiting(void)
{
    static struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(read),
        ALLOW(write),
        ALLOW(sendto),
        ALLOW(epoll_pwait),
        ALLOW(epoll_ctl),
        ALLOW(fcntl),
        ALLOW(clock_gettime),
        ALLOW(sched_yield),
        ALLOW(exit),
        ALLOW(exit_group),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    };
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void *run_under_filter(void *argument)
{
    struct office *o = argument;

    round_of(o->e); /* opening a link takes fstat and setsockopt, which don't wait either */
    if (!forbid_waiting())
        return NULL;
    run_office(o);
    syscall(SYS_exit, 0); /* and not through what ends a thread, which frees its stack */
    return NULL;
}

static void test_the_kernel_sees_no_call_that_waits(void)
{
    struct sigaction action = {.sa_sigaction = refused, .sa_flags = SA_SIGINFO};
    struct office o;
    pthread_t thread;

    open_office(&o);
    sigaction(SIGSYS, &action, NULL);
    CHECK(pthread_create(&thread, NULL, run_under_filter, &o) == 0);
    pthread_join(thread, NULL);
    if (o.frame == 0)
        printf("   (no system call filter on this machine)\n");
    else
        check_that_all_was_on(&o);
    close_office(&o);
}

static long faults(void)
{
    struct rusage usage;

    CHECK(getrusage(RUSAGE_THREAD, &usage) == 0);
    return usage.ru_minflt + usage.ru_majflt;
}

/* Ports that hear each other, each with a canceller and all of a port's own blocks, in one tick. */
static void order_crowd(const struct office *o)
{
    for (uint32_t i = 0; i < CROWD; i++)
        office_open(o, i | 1u << 16, AW_PORT_PATTERN);
    for (uint32_t i = 0; i < CROWD; i++) {
        aw_cmd_echo echo = {.handle = i | 1u << 16, .tail_ms = 32, .wants = AW_ECHO_NLP};
        office_pair(o, AW_CMD_LISTEN, i | 1u << 16, (i ^ 1) | 1u << 16);
        office_order(o, AW_CMD_ECHO, &echo, sizeof echo);
    }
    for (uint32_t i = 0; i < CROWD; i += 8)
        office_detect(o, i | 1u << 16);
    for (uint32_t i = 0; i < 8; i++) {
        aw_cmd_port keep = {.handle = i | 1u << 16, .option = 1};
        office_order(o, AW_CMD_KEEP, &keep, sizeof keep);
    }
}

static long faults_of_a_crowd(bool touched)
{
    const aw_engine_options options = {.timeslots = 512,
                                       .threads = 1,
                                       .echo_channels = CROWD,
                                       .echo_tail_ms = 32,
                                       .keep_ports = 8,
                                       .keep_s = 1};
    struct office o = {0};

    CHECK(aw_engine_new_with(&o.e, &options) == AW_OK);
    if (touched)
        aw_engine_touch(o.e);
    aw_realtime_enter(0); /* and the stack is there */
    round_of(o.e);
    aw_bus_tick(o.e);
    order_crowd(&o);
    long before = faults();
    round_of(o.e);
    for (int tick = 0; tick < 8; tick++)
        aw_bus_tick(o.e);
    long taken = faults() - before;
    CHECK(o.e->counters->refused == 0 && o.e->port_entries[CROWD - 1].echo.tail_ms == 32);
    aw_engine_free(o.e);
    return taken;
}

static void *open_crowds(void *argument)
{
    long without = faults_of_a_crowd(false), with = faults_of_a_crowd(true);

    printf("   page faults: %ld, and %ld without touching\n", with, without);
    CHECK(with == 0 && without > CROWD);
    return argument;
}

/* In a thread of its own: how it treats denormals stays with it. */
static void test_a_crowd_of_cancellers_waits_for_no_memory(void)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, open_crowds, NULL) == 0);
    pthread_join(thread, NULL);
}

/* A filter's state fading out: every step is right, and cheap, only when it becomes zero. */
static void *decay(void *argument)
{
    volatile float *state = argument;

    *state = 1.0f;
    aw_realtime_enter(0);
    CHECK(aw_realtime_flushes_denormals());
    for (int i = 0; i < 2000; i++) {
        *state = *state * 0.9f;
        CHECK(fpclassify(*state) != FP_SUBNORMAL);
    }
    return NULL;
}

static void test_a_fading_state_becomes_zero(void)
{
    volatile float state = 1.0f;
    volatile float here = 1.0e-30f;
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, decay, (void *)&state) == 0);
    pthread_join(thread, NULL);
    here *= 1.0e-10f;
    CHECK(state == 0.0f && fpclassify(here) == FP_SUBNORMAL && !aw_realtime_flushes_denormals());
}

static void test_the_thread_tells_how_it_runs(void)
{
    aw_engine *e = NULL;

    CHECK(aw_engine_new(&e, 16) == AW_OK);
    CHECK(aw_engine_want(e, AW_MODE_FIFO | AW_MODE_LOCKED) == AW_OK && aw_engine_start(e) == AW_OK);
    CHECK(aw_engine_want(e, 0) == AW_ESTATE);
    while (aw_arena_now(e->arena) == 0)
        sched_yield();
    uint32_t modes = __atomic_load_n(&e->arena->modes, __ATOMIC_ACQUIRE);
    CHECK(modes & AW_MODE_NO_DENORMALS);
    printf("   SCHED_FIFO %s, memory %s\n", modes & AW_MODE_FIFO ? "allowed" : "refused",
           modes & AW_MODE_LOCKED ? "locked" : "not locked");
    aw_engine_free(e);
    munlockall();
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"the nets catch", test_the_nets_catch},
        {"the tick neither allocates nor locks nor blocks",
         test_the_tick_neither_allocates_nor_locks_nor_blocks},
        {"the kernel sees no call that waits", test_the_kernel_sees_no_call_that_waits},
        {"a crowd of cancellers waits for no memory",
         test_a_crowd_of_cancellers_waits_for_no_memory},
        {"a fading state becomes zero", test_a_fading_state_becomes_zero},
        {"the thread tells how it runs", test_the_thread_tells_how_it_runs},
    };

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i].run();
        printf("ok %s\n", tests[i].name);
    }
    return 0;
}
