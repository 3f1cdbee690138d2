/* SPDX-License-Identifier: MIT */
/* Sixteen voice detectors side by side: see aw/vad.h. */
#include <stdbool.h>
#include <string.h>

#include "dsp/lanes.h"
#include "dsp/vad.h"
#include "mem.h"

aw_status aw_vad_group_new(aw_vad_group **out, aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);

    if (!out || !kernel)
        return AW_EINVAL;
    aw_vad_group *g = aw_alloc_lanes(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    g->kernel = kernel;
    *out = g;
    return AW_OK;
}

void aw_vad_group_free(aw_vad_group *g)
{
    aw_release(g);
}

void aw_vad_group_close(aw_vad_group *g, uint32_t lane)
{
    g->open &= ~(1u << lane);
}

/* A lane is a column, and 0 in every type is its beginning. */
aw_status aw_vad_group_open(aw_vad_group *g, uint32_t lane)
{
    if (g->second)
        return AW_ESTATE;
    for (size_t i = 0; i < AW_VAD_SPLITTERS; i++)
        g->even[i][lane] = g->odd[i][lane] = 0.0f;
    for (size_t band = 0; band < AW_VAD_BANDS; band++) {
        g->noise[band][lane] = g->prior[band][lane] = g->smooth[band][lane] = 0.0f;
        for (size_t i = 0; i < AW_VAD_MEMORY; i++)
            g->least[i][band][lane] = 0.0f;
    }
    g->score[lane] = 0.0f;
    g->age[lane] = g->slot[lane] = g->quarters[lane] = 0;
    g->course[lane] = (struct aw_vad_course){0};
    g->open |= 1u << lane;
    return AW_OK;
}

int aw_vad_group_feed(aw_vad_group *g, const float *soa)
{
    bool second = g->second;

    memcpy(g->frame[second ? AW_LANES_BLOCK : 0], soa, sizeof g->frame / 2);
    g->second = !second;
    if (!second)
        return 0;
    g->kernel->vad(g);
    for (uint32_t lane = 0; lane < LANES; lane++)
        if (g->open >> lane & 1)
            aw_vad_step(&g->course[lane], g->loud[lane] != 0);
    return 1;
}

int aw_vad_group_voice(const aw_vad_group *g, uint32_t lane)
{
    return g->course[lane].hang > 0;
}

uint32_t aw_vad_group_silence_ms(const aw_vad_group *g, uint32_t lane)
{
    return g->course[lane].silence * AW_VAD_FRAME_MS;
}

uint32_t aw_vad_group_quiet_ms(const aw_vad_group *g, uint32_t lane)
{
    return g->course[lane].quiet * AW_VAD_FRAME_MS;
}

aw_greeting aw_vad_group_greeting(const aw_vad_group *g, uint32_t lane)
{
    return (aw_greeting)g->course[lane].greeting;
}
