/* SPDX-License-Identifier: MIT */
/* Sixteen caller-ID receivers side by side: see aw/callerid.h. */
#include "dsp/lanes.h"
#include "mem.h"

aw_status aw_fsk_group_init(struct aw_fsk_group *g, aw_fsk_standard standard,
                            const struct lanes_kernel *kernel)
{
    *g = (struct aw_fsk_group){.kernel = kernel, .standard = standard};
    return standard == AW_FSK_BELL202 || standard == AW_FSK_V23 ? AW_OK : AW_EINVAL;
}

aw_status aw_fsk_group_new(aw_fsk_group **out, aw_fsk_standard standard, aw_simd set)
{
    const struct lanes_kernel *kernel = lanes_kernel_of(set);

    if (!out || !kernel || (standard != AW_FSK_BELL202 && standard != AW_FSK_V23))
        return AW_EINVAL;
    aw_fsk_group *g = aw_alloc_lanes(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    *out = g;
    return aw_fsk_group_init(g, standard, kernel);
}

void aw_fsk_group_free(aw_fsk_group *g)
{
    aw_release(g);
}

void aw_fsk_group_close(aw_fsk_group *g, uint32_t lane)
{
    for (size_t i = 0; i < AW_FSK_TAIL; i++)
        g->tail[i][lane] = 0.0f;
    g->high_pass[0][lane] = g->high_pass[1][lane] = 0.0f;
    g->power[lane] = g->carrier[lane] = 0.0f;
    g->length[lane] = 0;
    g->open &= ~(1u << lane);
}

void aw_fsk_group_open(aw_fsk_group *g, uint32_t lane)
{
    aw_fsk_group_close(g, lane);
    (void)aw_fsk_receiver_init(&g->framer[lane], g->standard);
    g->open |= 1u << lane;
}

/* A block of one lane's decisions.  Without a carrier in it, its last one tells all. */
static size_t frame_block(struct aw_fsk_group *g, uint32_t lane)
{
    size_t received = 0;

    for (size_t n = g->any_live[lane] ? 0 : AW_LANES_BLOCK - 1; n < AW_LANES_BLOCK; n++) {
        size_t length = aw_fsk_frame(&g->framer[lane], g->decision[n][lane], g->live[n][lane] != 0);
        if (length > 0)
            received = length;
    }
    return received;
}

uint32_t aw_fsk_group_feed(aw_fsk_group *g, const float *soa)
{
    uint32_t heard = 0;

    g->kernel->fsk(g, soa);
    for (uint32_t lane = 0; lane < LANES; lane++) {
        size_t length = g->open >> lane & 1 ? frame_block(g, lane) : 0;
        if (length == 0)
            continue;
        g->length[lane] = length;
        heard |= 1u << lane;
    }
    return heard;
}

const uint8_t *aw_fsk_group_message(const aw_fsk_group *g, uint32_t lane, size_t *length)
{
    *length = g->length[lane];
    return aw_fsk_receiver_message(&g->framer[lane]);
}
