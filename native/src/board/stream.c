/* SPDX-License-Identifier: MIT */
/* Samples: a frame up every 5 ms, and the host's answers held for the lead before they are played
 * (docs/reference/qhi.md, 5). */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum { DEFAULT_LEAD_MS = 10, ALARM_EVERY_MS = 1000, LATE = 16 /* frames behind: as at the host */ };

static const uint8_t silence[] = {0xff, 0xd5, 0}; /* per format */

static void empty(struct playout *p, uint32_t lead_ms)
{
    p->first = p->held = 0;
    p->lead = lead_ms < AW_BOARD_FRAME_MS ? 1 : lead_ms / AW_BOARD_FRAME_MS;
    p->playing = false;
    p->played = NULL;
    memset(p->last, 0, sizeof p->last);
}

void board_stream_start(aw_board *b, uint8_t format, uint8_t lead_ms, uint32_t ports)
{
    struct stream *s = &b->stream;

    s->running = true;
    s->owed = false;
    s->ms = AW_BOARD_FRAME_MS;
    s->format = format;
    s->lead_ms = lead_ms;
    s->flags = AW_PCM_FIRST;
    s->ports = ports;
    s->began_tick = now_tick(b);
    s->expected = 0;
    b->seq[AW_FRAME_PCM] = 0;
    empty(&s->playout, lead_ms ? lead_ms : DEFAULT_LEAD_MS);
}

void board_stream_stop(aw_board *b)
{
    struct stream *s = &b->stream;

    s->running = s->owed = false;
    s->ms = s->format = s->lead_ms = s->flags = 0;
    s->ports = 0;
    empty(&s->playout, DEFAULT_LEAD_MS);
}

static void alarm(aw_board *b, uint8_t event, uint32_t so_far)
{
    uint64_t *earliest = &b->stream.alarm_ms[event - EVENT_UNDERRUN];
    uint8_t count[4];

    if (now_ms(b) < *earliest)
        return;
    *earliest = now_ms(b) + ALARM_EVERY_MS;
    put32(count, so_far);
    board_event(b, QHI_CLK, event, QHI_BOARD, SEVERITY_WARNING, count, sizeof count);
}

/* From the host */

/* A place for one more frame; the oldest makes room when there is none. */
static uint8_t *append(aw_board *b)
{
    struct playout *p = &b->stream.playout;

    if (p->held == PLAYOUT_FRAMES) {
        p->first = (p->first + 1) % (PLAYOUT_FRAMES + 1);
        p->held--;
        b->stream.flags |= AW_PCM_SLIP;
        alarm(b, EVENT_SLIP, ++b->count[COUNT_SLIPS]);
    }
    return p->frame[(p->first + p->held++) % (PLAYOUT_FRAMES + 1)];
}

/* What is missing by the numbers, and what came twice or was overtaken; both are only counted.
 * An answer to a tick before the stream began belongs to the one before: it is late, too. */
static void note_number(aw_board *b, const aw_frame_header *head)
{
    struct stream *s = &b->stream;
    uint16_t missing = (uint16_t)(head->seq - s->expected);
    bool is_before = head->tick - s->began_tick > UINT32_MAX / 2;

    if (is_before || missing > UINT16_MAX - LATE) {
        b->count[COUNT_PCM_LATE]++;
        return;
    }
    s->expected = (uint16_t)(head->seq + 1);
    b->count[COUNT_PCM_MISSING] += missing <= UINT16_MAX / 2 ? missing : 0u;
}

void board_stream_take(aw_board *b, const aw_frame *frame)
{
    struct stream *s = &b->stream;
    aw_pcm_header head;

    if (!s->running)
        return;
    size_t at = aw_pcm_decode(frame->payload, frame->length, 0, &head);
    if (!at || head.ms != s->ms || head.format != s->format ||
        (uint64_t)head.ports >> b->setup.ports != 0) {
        b->count[COUNT_FRAMES_BAD]++;
        return;
    }
    b->count[COUNT_PCM_IN]++;
    note_number(b, &frame->header);
    if (frame->header.tick == s->asked_tick)
        s->owed = false;
    const uint8_t *in = frame->payload + at;
    uint8_t *row = append(b);
    size_t bytes = AW_BOARD_FRAME * board_law_width(head.format);
    for (uint32_t i = 0; i < b->setup.ports; i++, row += ROW_BYTES) {
        if (head.ports >> i & 1) {
            memcpy(row, in, bytes);
            in += bytes;
        } else {
            memset(row, silence[head.format], bytes);
        }
    }
}

/* To the lines: there was nothing to play, so what was last fades away. */
static void fade(aw_board *b, int16_t *out)
{
    struct playout *p = &b->stream.playout;

    for (uint32_t port = 0; port < b->setup.ports; port++)
        for (int32_t i = AW_BOARD_FRAME - 1; i >= 0; i--)
            *out++ = (int16_t)(p->last[port] * i / (AW_BOARD_FRAME - 1));
    p->playing = false; /* until the lead is held again */
    b->stream.flags |= AW_PCM_UNDERRUN;
    alarm(b, EVENT_UNDERRUN, ++b->count[COUNT_UNDERRUNS]);
}

void board_stream_play(aw_board *b, int16_t *out)
{
    struct playout *p = &b->stream.playout;
    bool underran = p->playing && p->held == 0;

    p->playing = p->playing || p->held >= p->lead;
    p->played = NULL;
    if (underran) {
        fade(b, out);
    } else if (p->playing) {
        p->played = p->frame[p->first];
        p->first = (p->first + 1) % (PLAYOUT_FRAMES + 1);
        p->held--;
    } else {
        memset(out, 0, b->setup.ports * AW_BOARD_FRAME * sizeof *out);
    }
    for (uint32_t port = 0; port < b->setup.ports; port++, out += AW_BOARD_FRAME) {
        const uint8_t *row = p->played ? p->played + port * ROW_BYTES : NULL;
        if (row) {
            board_law_decode(b->stream.format, row, out);
            p->last[port] = out[AW_BOARD_FRAME - 1];
        }
        board_timeslot_play(b, port, row, out);
    }
}

/* To the host */

/* A port's row of the frame up; returns its end. */
static uint8_t *write_row(aw_board *b, uint32_t port, const int16_t *in, uint8_t *row)
{
    const struct stream *s = &b->stream;
    const uint8_t *played = s->playout.played;

    if (board_test_runs(b, port))
        memset(row, silence[s->format], AW_BOARD_FRAME * board_law_width(s->format));
    else if (!board_timeslot_up(b, port, played ? played + port * ROW_BYTES : NULL, row))
        board_law_encode(s->format, in + port * AW_BOARD_FRAME, row);
    return row + AW_BOARD_FRAME * board_law_width(s->format);
}

void board_stream_send(aw_board *b, const int16_t *in)
{
    struct stream *s = &b->stream;
    aw_pcm_header head = {.ms = s->ms,
                          .format = s->format,
                          .tx_fill_ms = (uint8_t)(s->playout.held * AW_BOARD_FRAME_MS),
                          .flags = s->flags,
                          .ports = s->ports};

    if (!s->running)
        return;
    for (uint32_t i = 0; i < b->setup.ports; i++) {
        head.off_hook |= (uint32_t)board_port_off_hook(&b->port[i]) << i;
        head.ringing |= (uint32_t)board_port_ringing(&b->port[i]) << i;
    }
    uint8_t *end = b->scratch + aw_pcm_encode(b->scratch, &head, 1);
    for (uint32_t i = 0; i < b->setup.ports; i++)
        if (s->ports >> i & 1)
            end = write_row(b, i, in, end);
    s->flags = 0;
    s->owed = true;
    s->asked_tick = now_tick(b);
    b->count[COUNT_PCM_OUT]++;
    board_post(b, AW_FRAME_PCM, b->scratch, (size_t)(end - b->scratch));
}
