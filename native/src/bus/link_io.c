/* SPDX-License-Identifier: MIT */
/* Bytes of a link, in and out.  Descriptors are non-blocking; what cannot be written waits in a
 * bounded buffer, and PCM gives way first: it is of no use when late. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus/bus.h"

#define READ_TURNS   4      /* reads before other links have their turn */
#define PCM_BEHIND   8192u  /* bytes waiting beyond which no PCM is added: about two frames */
#define GARBAGE      65536u /* bytes without a valid frame */
#define GARBAGE_BAD  20u    /* bad frames within GARBAGE_TIME without a valid one */
#define GARBAGE_TIME AW_SAMPLE_RATE

static void report(struct aw_engine *e, const struct bus_link *l, const aw_frame *frame)
{
    aw_evt_frame event = {
        .record = {AW_EVT_FRAME, sizeof event},
        .at = e->now,
        .handle = l->handle,
        .tick = frame->header.tick,
        .seq = frame->header.seq,
        .ack = frame->header.ack,
        .kind = frame->header.kind,
        .flags = frame->header.flags,
        .length = (uint16_t)frame->length,
    };

    aw_event_post(e, &event, frame->payload, frame->length);
}

static void receive(struct aw_engine *e, struct bus_link *l, const aw_frame *frame)
{
    l->last_valid = e->now;
    l->bad_seen = aw_deframer_bad(&l->deframer);
    l->bytes_since = 0;
    aw_count(&aw_link_entry_of(e, l)->frames_in, 1);
    if (frame->header.kind == AW_FRAME_PCM)
        aw_link_pcm(e, l, frame);
    else
        report(e, l, frame);
}

static void judge(struct aw_engine *e, struct bus_link *l)
{
    uint64_t bad = aw_deframer_bad(&l->deframer);

    if (bad == l->bad_seen && l->bytes_since <= GARBAGE) {
        l->first_bad = e->now;
        return;
    }
    if (bad - l->bad_seen > GARBAGE_BAD || l->bytes_since > GARBAGE)
        aw_link_lose(e, l, AW_LOSS_GARBAGE, (uint32_t)(bad - l->bad_seen));
    else if (e->now - l->first_bad >= GARBAGE_TIME) { /* too few in too long */
        l->bad_seen = bad;
        l->bytes_since = 0;
        l->first_bad = e->now;
    }
}

static void deframe(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n)
{
    for (size_t at = 0; at < n && l->state == LINK_OPEN;) {
        aw_frame frame;
        size_t taken = aw_deframer_feed(&l->deframer, bytes + at, n - at, &frame);
        at += taken;
        l->bytes_since += taken;
        if (frame.payload)
            receive(e, l, &frame);
        else
            judge(e, l);
    }
    aw_count_set(&aw_link_entry_of(e, l)->bad_frames, aw_deframer_bad(&l->deframer) + l->bad_pcm);
}

static void feed(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n)
{
    if (l->framing == AW_FRAMING_QHI)
        deframe(e, l, bytes, n);
    else
        aw_serial_feed(e, l, bytes, n);
}

void aw_link_read(struct aw_engine *e, struct bus_link *l)
{
    for (int turn = 0; turn < READ_TURNS && l->state == LINK_OPEN; turn++) {
        ssize_t n = read(l->descriptor, e->incoming, BUS_INCOMING);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n < 0 && errno != EIO && errno != ECONNRESET && errno != EPIPE) {
            aw_link_lose(e, l, AW_LOSS_ERROR, (uint32_t)errno);
            return;
        }
        if (n <= 0) { /* EIO: the other end of a terminal was closed */
            aw_link_lose(e, l, AW_LOSS_CLOSED, 0);
            return;
        }
        aw_count(&aw_link_entry_of(e, l)->bytes_in, (uint64_t)n);
        feed(e, l, e->incoming, (size_t)n);
        if ((size_t)n < BUS_INCOMING)
            return;
    }
}

static void want_room(struct aw_engine *e, struct bus_link *l, bool wanted)
{
    struct epoll_event interest = {
        .events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN,
        .data.u32 = (uint32_t)(l - e->link),
    };

    if (l->blocked == wanted)
        return;
    l->blocked = wanted;
    epoll_ctl(e->epoll, EPOLL_CTL_MOD, l->descriptor, &interest);
}

void aw_link_flush(struct aw_engine *e, struct bus_link *l)
{
    while (l->state == LINK_OPEN && l->out_tail != l->out_head) {
        uint32_t begin = l->out_tail % LINK_OUT_BYTES;
        uint32_t left = l->out_head - l->out_tail;
        size_t some = left < LINK_OUT_BYTES - begin ? left : LINK_OUT_BYTES - begin;
        ssize_t n = l->is_socket ? send(l->descriptor, l->out_bytes + begin, some, MSG_NOSIGNAL)
                                 : write(l->descriptor, l->out_bytes + begin, some);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) /* what is wrong beyond EAGAIN is found and said by the next read */
            break;
        l->out_tail += (uint32_t)n;
        aw_count(&aw_link_entry_of(e, l)->bytes_out, (uint64_t)n);
    }
    if (l->state == LINK_OPEN)
        want_room(e, l, l->out_tail != l->out_head);
}

static void put_out(struct bus_link *l, const uint8_t *bytes, size_t n)
{
    uint32_t begin = l->out_head % LINK_OUT_BYTES;
    size_t first = n < LINK_OUT_BYTES - begin ? n : LINK_OUT_BYTES - begin;

    memcpy(l->out_bytes + begin, bytes, first);
    memcpy(l->out_bytes, bytes + first, n - first);
    l->out_head += (uint32_t)n;
}

void aw_link_write(struct aw_engine *e, struct bus_link *l, const uint8_t *bytes, size_t n)
{
    if (l->state != LINK_OPEN)
        return;
    if (n > LINK_OUT_BYTES - (l->out_head - l->out_tail)) {
        aw_count(&aw_link_entry_of(e, l)->dropped_out, 1);
        return;
    }
    put_out(l, bytes, n);
    aw_link_flush(e, l);
}

void aw_link_send(struct aw_engine *e, struct bus_link *l, const aw_frame_header *header,
                  const uint8_t *payload, size_t length)
{
    aw_link_entry *entry = aw_link_entry_of(e, l);
    uint32_t waiting = l->out_head - l->out_tail;
    size_t room =
        header->kind == AW_FRAME_PCM && waiting > PCM_BEHIND ? 0 : LINK_OUT_BYTES - waiting;
    uint8_t wire[AW_FRAME_WIRE_MAX];

    if (l->framing != AW_FRAMING_QHI) {
        aw_serial_say(e, l, payload, length);
        return;
    }
    if (l->state != LINK_OPEN)
        return;
    size_t n = aw_frame_encode(wire, sizeof wire, header, payload, length);
    if (n == 0 || n > room) {
        aw_count(&entry->dropped_out, 1);
        return;
    }
    put_out(l, wire, n);
    aw_count(&entry->frames_out, 1);
    aw_link_flush(e, l);
}
