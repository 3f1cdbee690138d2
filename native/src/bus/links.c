/* SPDX-License-Identifier: MIT */
/* The table of links: opening, closing, losing. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/bus.h"

#define STALL (AW_SAMPLE_RATE / 2) /* samples without a valid frame */

aw_link_entry *aw_link_entry_of(struct aw_engine *e, const struct bus_link *l)
{
    return &e->link_entries[l - e->link];
}

struct bus_link *aw_link_of(struct aw_engine *e, uint32_t handle)
{
    uint32_t index = handle & 0xffff;

    if (handle != 0 && index < AW_LINKS_MAX && e->link[index].handle == handle)
        return &e->link[index];
    aw_count(&e->counters->stale, 1);
    return NULL;
}

struct bus_port *aw_link_port(struct aw_engine *e, const struct bus_link *l, uint32_t channel)
{
    uint32_t handle = channel < l->count ? l->port[channel] : 0;
    struct bus_port *p = &e->port[handle & 0xffff];

    return handle != 0 && p->handle == handle && p->link == l - e->link ? p : NULL;
}

bool aw_link_brings(const struct aw_engine *e, const struct bus_port *p)
{
    return p->link != BUS_NONE && e->link[p->link].state == LINK_OPEN && e->link[p->link].carrying;
}

static void detach(struct aw_engine *e, struct bus_link *l)
{
    for (uint32_t i = 0; i < l->count; i++) {
        struct bus_port *p = aw_link_port(e, l, i);
        if (!p)
            continue;
        p->link = BUS_NONE;
        memset(e->said[aw_port_index(e, p)], 0, sizeof e->said[0]);
    }
    l->count = 0;
}

static void attach(struct aw_engine *e, struct bus_link *l, const aw_cmd_link *c)
{
    l->format = c->format == AW_FORMAT_U8 ? AW_FORMAT_S16 : (uint8_t)c->format;
    l->remembered = 0;
    aw_link_restart(l);
    l->count = c->count;
    for (uint32_t i = 0; i < c->count; i++) {
        struct bus_port *p = c->port[i] ? aw_port_of(e, c->port[i]) : NULL;
        bool sound = p && p->kind == AW_PORT_BOARD;
        l->port[i] = sound ? c->port[i] : 0; /* no other: its index may lie outside the table */
        if (sound)
            p->link = (uint16_t)(l - e->link);
    }
    aw_link_entry *entry = aw_link_entry_of(e, l);
    entry->format = c->format;
    entry->count = c->count;
    memcpy(entry->port, c->port, sizeof entry->port);
}

static bool is_sound(const aw_cmd_link *c, uint32_t framing)
{
    bool serial = framing == AW_FRAMING_MODEM || framing == AW_FRAMING_SAMPLES;

    return c->count <= (serial ? 1u : AW_LINK_PORTS_MAX) &&
           c->format <= (serial ? AW_FORMAT_U8 : AW_FORMAT_S16) &&
           (serial || framing == AW_FRAMING_QHI);
}

/* The descriptor may be a socket, a terminal or a pipe; only a socket has options to set. */
static void prepare(struct bus_link *l)
{
    struct stat about;
    int on = 1;

    fcntl(l->descriptor, F_SETFL, fcntl(l->descriptor, F_GETFL) | O_NONBLOCK);
    l->is_socket = fstat(l->descriptor, &about) == 0 && S_ISSOCK(about.st_mode);
    if (l->is_socket) /* fails, and may, where the socket isn't TCP */
        setsockopt(l->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static bool has_place(const struct aw_engine *e, const aw_cmd_link *c)
{
    uint32_t index = c->handle & 0xffff;

    return c->handle >> 16 != 0 && index < AW_LINKS_MAX && e->link[index].handle == 0;
}

void aw_link_open(struct aw_engine *e, const aw_cmd_link *c)
{
    uint32_t index = c->handle & 0xffff;
    int descriptor = e->hosted ? aw_lent_take(e, (uint32_t)c->descriptor) : c->descriptor;

    if (descriptor < 0 || !has_place(e, c) || !is_sound(c, c->framing)) {
        aw_count(&e->counters->refused, 1);
        if (descriptor >= 0) /* it is the engine's, whatever it is good for */
            close(descriptor);
        return;
    }
    struct bus_link *l = &e->link[index];
    memset(l, 0, offsetof(struct bus_link, out_bytes));
    aw_deframer_init(&l->deframer);
    l->handle = c->handle;
    l->state = LINK_OPEN;
    l->clock = c->clock != 0;
    l->descriptor = descriptor;
    l->last_valid = e->now;
    l->off_hook = l->ringing = 0;
    aw_serial_open(l, c);
    prepare(l);
    aw_link_entry *entry = aw_link_entry_of(e, l);
    *entry = (aw_link_entry){.generation = l->handle >> 16, .may_clock = l->clock};
    attach(e, l, c);
    entry->handle = l->handle;
    entry->state = l->state;

    struct epoll_event interest = {.events = EPOLLIN, .data.u32 = index};
    if (epoll_ctl(e->epoll, EPOLL_CTL_ADD, l->descriptor, &interest) != 0) {
        aw_link_lose(e, l, AW_LOSS_ERROR, (uint32_t)errno);
        return;
    }
    if (l->framing == AW_FRAMING_QHI)
        l->out_bytes[l->out_head++] = 0; /* an end of whatever the other side had begun to read */
    aw_link_flush(e, l);
}

void aw_link_set(struct aw_engine *e, const aw_cmd_link *c)
{
    struct bus_link *l = aw_link_of(e, c->handle);

    if (!l)
        return;
    if (!is_sound(c, l->framing)) { /* the framing stays what it is */
        aw_count(&e->counters->refused, 1);
        return;
    }
    detach(e, l);
    attach(e, l, c);
    aw_serial_recode(l, c->format);
}

void aw_link_rest(struct aw_engine *e, struct bus_link *l)
{
    struct bus_port *p = aw_link_port(e, l, 0);

    l->carrying = false;
    l->in.count = l->out.count = 0;
    if (e->clock == l - e->link)
        aw_clock_give_up(e);
    if (p)
        memset(e->said[aw_port_index(e, p)], 0, sizeof e->said[0]);
}

static void hang_up(struct aw_engine *e, struct bus_link *l)
{
    if (l->descriptor >= 0) {
        epoll_ctl(e->epoll, EPOLL_CTL_DEL, l->descriptor, NULL); /* a copy may live on elsewhere */
        close(l->descriptor);
    }
    l->descriptor = -1;
    if (e->clock == l - e->link)
        aw_clock_give_up(e);
    detach(e, l);
}

void aw_link_close(struct aw_engine *e, uint32_t handle)
{
    struct bus_link *l = aw_link_of(e, handle);

    if (!l)
        return;
    if (l->state == LINK_OPEN)
        aw_link_flush(e, l);
    hang_up(e, l);
    l->handle = 0;
    l->state = LINK_CLOSED;
    aw_link_entry_of(e, l)->handle = 0;
    aw_link_entry_of(e, l)->state = LINK_CLOSED;
}

void aw_link_lose(struct aw_engine *e, struct bus_link *l, aw_loss_reason reason, uint32_t extra)
{
    aw_evt_port event = {
        .record = {AW_EVT_LINK_DOWN, sizeof event},
        .at = e->now,
        .handle = l->handle,
        .value = (uint32_t)reason,
        .extra = extra,
    };

    if (l->state != LINK_OPEN)
        return;
    hang_up(e, l);
    l->state = LINK_DEAD;
    aw_link_entry_of(e, l)->state = LINK_DEAD;
    aw_event_post(e, &event, NULL, 0);
}

void aw_links_check(struct aw_engine *e)
{
    for (uint32_t i = 0; i < AW_LINKS_MAX; i++) {
        struct bus_link *l = &e->link[i];
        if (l->state == LINK_OPEN && l->carrying && e->now - l->last_valid >= STALL)
            aw_link_lose(e, l, AW_LOSS_STALLED, 0);
    }
}
