/* SPDX-License-Identifier: MIT */
/* A gateway as its owner sees it: see aw/dahdi.h. */
#include "dahdi/gateway.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mem.h"

enum {
    WAIT_MS = 100, /* so often a thread looks whether it is still wanted */
    BYTES = 16384
};

static bool is_possible(const uint32_t *channels, uint32_t n, const aw_dahdi_ops *ops)
{
    return channels && ops && n >= 1 && n <= AW_BOARD_PORTS;
}

static bool open_all(aw_dahdi *g, const uint32_t *channels, uint32_t n, aw_dahdi_fault *fault)
{
    for (uint32_t i = 0; i < n; i++)
        g->channel[i] = (struct channel){.number = channels[i], .fd = -1};
    for (g->n = 0; g->n < n; g->n++)
        if (!dahdi_open_channel(g, &g->channel[g->n], fault))
            return false;
    for (uint32_t i = 0; i < n; i++)
        dahdi_observe(g, &g->channel[i]);
    return true;
}

static aw_status make_board(aw_dahdi *g)
{
    aw_board_setup setup = {.hal = &dahdi_hal,
                            .hw = g,
                            .model = g->model,
                            .serial = "",
                            .notes = g->notes,
                            .boot = AW_BOOT_POWER,
                            .ports = g->n,
                            .port = g->ports};

    dahdi_describe(g, &setup.firmware);
    return aw_board_init(&g->board, g->memory, aw_board_bytes(), &setup);
}

static void give_back(aw_dahdi *g)
{
    for (uint32_t i = 0; i < AW_BOARD_PORTS; i++) {
        struct channel *c = &g->channel[i];
        if (c->number == 0 || c->fd < 0)
            continue;
        if (i < g->n && !g->gone)
            dahdi_rest(g, c);
        g->ops->close(g->os, c->fd);
        c->fd = -1;
    }
}

aw_status aw_dahdi_new(aw_dahdi **out, const uint32_t *channels, uint32_t n, int32_t link,
                       const aw_dahdi_ops *ops, void *os, aw_dahdi_fault *fault)
{
    aw_status status = AW_ENOMEM;

    *fault = (aw_dahdi_fault){0};
    if (!is_possible(channels, n, ops))
        return AW_EINVAL;
    aw_dahdi *g = aw_alloc(sizeof *g);
    if (!g)
        return AW_ENOMEM;
    g->ops = ops;
    g->os = os;
    g->link = -1;
    g->memory = aw_alloc(aw_board_bytes());
    if (!g->memory)
        goto out;
    status = open_all(g, channels, n, fault) ? make_board(g) : AW_EIO;
    if (status != AW_OK)
        goto out;
    g->link = link;
    aw_board_link_opened(g->board);
    *out = g;
    return AW_OK;
out:
    give_back(g);
    aw_release(g->memory);
    aw_release(g);
    return status;
}

void aw_dahdi_free(aw_dahdi *g)
{
    if (!g)
        return;
    shutdown(g->link, SHUT_RDWR);
    if (g->threaded)
        pthread_join(g->thread, NULL);
    give_back(g);
    close(g->link);
    aw_release(g->memory);
    aw_release(g);
}

/* The host */

static void send_output(aw_dahdi *g)
{
    uint8_t bytes[BYTES];
    size_t n = aw_board_output(g->board, bytes, sizeof bytes);

    /* What the host doesn't take is lost: a real link's buffer is no larger. */
    if (n > 0 && send(g->link, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return;
}

static void take_input(aw_dahdi *g)
{
    uint8_t bytes[BYTES];
    ssize_t n = recv(g->link, bytes, sizeof bytes, MSG_DONTWAIT);

    if (n > 0)
        aw_board_receive(g->board, bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        g->gone = true;
}

/* Time */

static int32_t wait(aw_dahdi *g, aw_dahdi_poll *watched, int32_t timeout_ms)
{
    for (uint32_t i = 0; i < g->n; i++)
        watched[i] = (aw_dahdi_poll){.fd = g->channel[i].fd, .wanted = POLLIN | POLLPRI};
    watched[g->n] = (aw_dahdi_poll){.fd = g->link, .wanted = POLLIN};
    return g->ops->poll(g->os, watched, g->n + 1, timeout_ms);
}

static void serve_channel(aw_dahdi *g, uint32_t port, short seen)
{
    if (seen & POLLPRI)
        dahdi_drain(g, port);
    if (seen & (POLLIN | POLLERR | POLLHUP | POLLNVAL))
        dahdi_read(g, port);
}

int32_t aw_dahdi_turn(aw_dahdi *g, int32_t timeout_ms)
{
    aw_dahdi_poll watched[AW_BOARD_PORTS + 1];

    if (g->gone)
        return 0;
    if (wait(g, watched, timeout_ms) > 0) {
        if (watched[g->n].seen)
            take_input(g);
        for (uint32_t i = 0; i < g->n && !g->gone; i++)
            serve_channel(g, i, watched[i].seen);
        while (!g->gone && dahdi_frame_is_due(g))
            dahdi_frame(g);
        send_output(g);
    }
    if (!g->gone)
        return 1;
    give_back(g);
    shutdown(g->link, SHUT_RDWR); /* to the host: the board is lost */
    dahdi_note(g, COUNTS_ENDED, 1);
    return 0;
}

static void *serve(void *gateway)
{
    while (aw_dahdi_turn(gateway, WAIT_MS))
        continue;
    return NULL;
}

aw_status aw_dahdi_start(aw_dahdi *g)
{
    if (g->threaded)
        return AW_ESTATE;
    if (pthread_create(&g->thread, NULL, serve, g) != 0)
        return AW_EIO;
    g->threaded = true;
    return AW_OK;
}

/* For whoever looks on */

static uint32_t counted(const aw_dahdi *g, uint32_t what)
{
    return atomic_load_explicit(&g->count[what], memory_order_relaxed);
}

void aw_dahdi_look(const aw_dahdi *g, aw_dahdi_view *out)
{
    *out = (aw_dahdi_view){.frames = counted(g, COUNTS_FRAMES),
                           .events = counted(g, COUNTS_EVENTS),
                           .overruns = counted(g, COUNTS_OVERRUNS),
                           .underruns = counted(g, COUNTS_UNDERRUNS),
                           .dropped = counted(g, COUNTS_DROPPED),
                           .gaps = counted(g, COUNTS_GAPS),
                           .removed = counted(g, COUNTS_REMOVED),
                           .ended = counted(g, COUNTS_ENDED)};
}

void aw_dahdi_look_at_board(const aw_dahdi *g, aw_board_view *out)
{
    aw_board_look(g->board, out);
}
