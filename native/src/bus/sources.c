/* SPDX-License-Identifier: MIT */
/* What ports say that have no board behind them. */
#include "bus/bus.h"

#define N AW_TICK_SAMPLES

static void end_if(struct aw_engine *e, struct bus_port *p, bool over)
{
    if (over)
        aw_port_end(e, p, AW_DONE_ENDED);
}

void aw_source_say(struct aw_engine *e, struct bus_port *p)
{
    int16_t *pcm = e->said[aw_port_index(e, p)];
    struct bus_blocks *b = &e->blocks[aw_port_index(e, p)];

    switch ((aw_port_kind)p->kind) {
    case AW_PORT_TONE:
        end_if(e, p, aw_tonegen_read(&b->tone, pcm, N) < N);
        break;
    case AW_PORT_DIGITS:
        end_if(e, p, aw_dtmf_sender_read(&b->digits, pcm, N) < N);
        break;
    case AW_PORT_MF:
        end_if(e, p, aw_mf_sender_read(&b->signals, pcm, N) < N);
        break;
    case AW_PORT_CALLER_ID:
        end_if(e, p, aw_fsk_sender_read(&b->message, pcm, N) < N);
        break;
    case AW_PORT_PLAYER:
        aw_player_say(e, p, pcm);
        break;
    case AW_PORT_PATTERN:
        aw_pattern_say(&p->pattern, pcm);
        break;
    default:
        break;
    }
}
