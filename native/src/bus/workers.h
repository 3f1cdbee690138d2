/* SPDX-License-Identifier: MIT */
/* Threads that share the units of a tick with the engine's own. */
#ifndef AW_BUS_WORKERS_H
#define AW_BUS_WORKERS_H
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "aw/engine.h"

struct bus_workers {
    uint32_t wanted; /* beside the engine's own thread */
    uint32_t running;
    uint32_t stop;   /* atomic */
    int bell;        /* eventfd that counts: each ring wakes one */
    bool fit;        /* they enter the engine's modes: it is threaded */
    uint64_t ticket; /* atomic: round << 32 | units << 16 | next unit */
    uint32_t done;   /* atomic: units of this round */
    pthread_t thread[AW_THREADS_MAX];
};
#endif
