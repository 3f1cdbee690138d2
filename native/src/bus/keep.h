/* SPDX-License-Identifier: MIT */
/* What is kept of ports: see keep.c. */
#ifndef AW_BUS_KEEP_H
#define AW_BUS_KEEP_H
#include <stdbool.h>
#include <stdint.h>

#include "aw/arena.h"
#include "aw/engine.h"

struct bus_kept {
    uint32_t handle; /* whose; 0: nobody's yet */
    uint16_t port;   /* its index, while it is open */
    uint16_t savers; /* that write it out */
    bool open;
    uint64_t closed; /* when it was given up */
    uint64_t put;    /* ticks ever put in */
};

struct bus_keeping {
    struct bus_kept *slot;
    int16_t *pcm;   /* of all slots, one behind another */
    uint32_t count; /* slots */
    uint32_t open;
    uint32_t savers;
    uint32_t ticks; /* that are kept at least */
};

struct bus_port;

/* control */
aw_status aw_keep_new(struct aw_engine *e, const aw_engine_options *options);
void aw_keep_touch(struct aw_engine *e);
void aw_keep_free(struct aw_engine *e);

/* [tick] */
void aw_keep_set(struct aw_engine *e, const aw_cmd_port *c);
void aw_keep_stop(struct aw_engine *e,
                  struct bus_port *p); /* it closes, or is to be kept no more */
void aw_keep_open(struct aw_engine *e, struct bus_port *saver, const aw_cmd_file *c);
void aw_keep_close(struct aw_engine *e, struct bus_port *saver); /* its file is to be closed */
void aw_keep_tick(struct aw_engine *e);                          /* when all have said and heard */
#endif
