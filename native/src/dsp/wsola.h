/* SPDX-License-Identifier: MIT */
/* The struct of aw/wsola.h, for embedding. */
#ifndef AW_SRC_WSOLA_H
#define AW_SRC_WSOLA_H
#include <stdbool.h>

#include "aw/wsola.h"

enum {
    AW_WSOLA_HOP = AW_WSOLA_FRAME / 2,
    AW_WSOLA_HELD = 1024, /* samples: two frames, two hops at double speed, the reach; and slack */
};

struct aw_wsola {
    float speed;
    bool begun;         /* a frame was made */
    bool ending;        /* no more will be fed */
    uint64_t held_from; /* of all that was fed: the first sample that is held */
    size_t held;        /* samples held */
    uint64_t end;       /* samples that were fed, without the silence behind them */
    double nominal;     /* where the speed puts the frame made last */
    uint64_t frame;     /* where it was taken */
    size_t made;        /* samples of its first half */
    size_t given;       /* of these: read */
    int16_t hop[AW_WSOLA_HOP];
    float pcm[AW_WSOLA_HELD]; /* whole numbers */
};

bool aw_wsola_is_speed(float speed); /* real-time safe */
#endif
