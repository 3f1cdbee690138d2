/* SPDX-License-Identifier: MIT */
/* The simulated kernel's calls: see aw/dahdi_sim.h. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "dahdi_sim/kernel.h"

enum {
    FIRST_FD = 1 << 20, /* no real descriptor is as high */
    ZONE_DEFAULT = -1
};

static struct line *line_of(aw_dahdi_sim *s, int32_t fd)
{
    uint8_t bound = fd >= FIRST_FD && fd < FIRST_FD + DESCRIPTORS ? s->bound[fd - FIRST_FD] : 0;

    return bound >= 1 && bound <= s->n ? &s->line[bound - 1] : NULL;
}

static int32_t sim_open(void *os, const char *path)
{
    aw_dahdi_sim *s = os;

    if (s->no_device)
        return -s->no_device;
    for (int32_t i = 0; i < DESCRIPTORS; i++) {
        if (s->bound[i] == 0) {
            s->bound[i] = strcmp(path, "/dev/dahdi/ctl") == 0 ? CONTROL : UNBOUND;
            return FIRST_FD + i;
        }
    }
    return -EMFILE;
}

static int32_t specify(aw_dahdi_sim *s, int32_t fd, int32_t number)
{
    if (s->removed || number < 1 || number > (int32_t)s->n)
        return -ENXIO;
    struct line *l = &s->line[number - 1];
    if (l->opened)
        return -EBUSY;
    sim_reset(l);
    l->opened = true;
    l->block = l->blocks = 0;
    l->has_zone = s->zone_loaded;
    s->bound[fd - FIRST_FD] = (uint8_t)number;
    return 0;
}

static void sim_close(void *os, int32_t fd)
{
    aw_dahdi_sim *s = os;
    struct line *l = line_of(s, fd);

    if (l) {
        sim_hang_up(l);
        l->opened = false;
    }
    s->bound[fd - FIRST_FD] = 0;
}

/* Orders, by their number */

static int32_t set_zone(const aw_dahdi_sim *s, struct line *l, int32_t zone)
{
    if (!s->zone_loaded || (zone != 0 && zone != ZONE_DEFAULT))
        return -ENODATA;
    l->has_zone = true;
    return 0;
}

static int32_t load_zone(aw_dahdi_sim *s)
{
    if (s->no_zones)
        return -s->no_zones;
    if (s->zone_loaded)
        return -EBUSY;
    s->zone_loaded = true;
    return 0;
}

static int32_t set_buffers(const aw_dahdi_sim *s, struct line *l, const struct dahdi_bufinfo *info)
{
    if (info->bufsize < s->least_block || info->bufsize * info->numbufs > SAMPLES)
        return -EINVAL;
    l->block = (uint32_t)info->bufsize;
    l->blocks = (uint32_t)info->numbufs;
    return 0;
}

static int32_t get_event(struct line *l, int32_t *event)
{
    *event = DAHDI_EVENT_NONE;
    if (l->events > 0) {
        *event = l->event[l->first_event];
        l->first_event = (l->first_event + 1) % EVENTS;
        l->events--;
    }
    return 0;
}

static int32_t set_params(struct line *l, const struct dahdi_params *params)
{
    l->params.preflashtime = params->preflashtime;
    l->params.flashtime = params->flashtime;
    l->params.rxflashtime = params->rxflashtime;
    l->params.debouncetime = params->debouncetime;
    l->params.pulsebreaktime = params->pulsebreaktime;
    l->params.pulsemaketime = params->pulsemaketime;
    l->params.pulseaftertime = params->pulseaftertime;
    return 0;
}

static int32_t dial(struct line *l, const struct dahdi_dial *order)
{
    if (!l->has_zone)
        return -ENODATA;
    sim_dial(l, order->digits);
    return 0;
}

/* What concerns the line more than the interface. */
static int32_t order_line(struct line *l, uint32_t request, void *argument)
{
    switch (request) {
    case DAHDI_HOOK:
        return sim_hook(l, *(int32_t *)argument);
    case DAHDI_DIAL:
        return dial(l, argument);
    case DAHDI_SETCADENCE:
        memcpy(l->cadence, argument, sizeof l->cadence);
        return 0;
    case DAHDI_SETPOLARITY:
        l->reversed = *(int32_t *)argument != 0;
        return 0;
    case DAHDI_ONHOOKTRANSFER:
    case DAHDI_ECHOCANCEL:
        return 0;
    default:
        return -ENOTTY;
    }
}

static int32_t order(aw_dahdi_sim *s, struct line *l, uint32_t request, void *argument)
{
    switch (request) {
    case (uint32_t)DAHDI_GET_PARAMS:
        *(struct dahdi_params *)argument = l->params;
        return 0;
    case DAHDI_SET_PARAMS:
        return set_params(l, argument);
    case DAHDI_SET_BUFINFO:
        return set_buffers(s, l, argument);
    case DAHDI_BUFFER_EVENTS:
        l->tells_slips = *(int32_t *)argument != 0;
        return 0;
    case DAHDI_SETLINEAR:
        l->linear = *(int32_t *)argument != 0;
        return 0;
    case (uint32_t)DAHDI_GETEVENT:
        return get_event(l, argument);
    case DAHDI_SETTONEZONE:
        return set_zone(s, l, *(int32_t *)argument);
    default:
        return order_line(l, request, argument);
    }
}

static int32_t tell_version(struct dahdi_version *version)
{
    static const char text[] = "2.11.1";

    *version = (struct dahdi_version){{0}, {0}};
    memcpy(version->version, text, sizeof text);
    return 0;
}

static int32_t order_all(aw_dahdi_sim *s, uint32_t request, void *argument)
{
    if (request == (uint32_t)DAHDI_GETVERSION)
        return tell_version(argument);
    if (request == DAHDI_LOADZONE)
        return load_zone(s);
    if (request == DAHDI_DEFAULTZONE)
        return s->zone_loaded ? 0 : -EINVAL;
    return -ENOTTY;
}

static int32_t sim_ioctl(void *os, int32_t fd, uint32_t request, void *argument)
{
    aw_dahdi_sim *s = os;
    struct line *l = line_of(s, fd);

    if (request == DAHDI_SPECIFY)
        return specify(s, fd, *(int32_t *)argument);
    if (!l)
        return s->bound[fd - FIRST_FD] == CONTROL ? order_all(s, request, argument) : -EINVAL;
    if (s->removed && request != (uint32_t)DAHDI_GETEVENT)
        return -ENODEV;
    return order(s, l, request, argument);
}

/* Samples: a block at a time, and no more than one */

static int32_t sim_read(void *os, int32_t fd, void *bytes, size_t n)
{
    aw_dahdi_sim *s = os;
    struct line *l = line_of(s, fd);

    if (!l || !l->linear)
        return -EINVAL;
    if (l->events > 0)
        return -DAHDI_ELAST;
    if (s->removed)
        return -ENODEV;
    struct queue *q = &l->received;
    if (q->held < l->block)
        return -EAGAIN;
    uint32_t some =
        n / sizeof *q->samples < l->block ? (uint32_t)(n / sizeof *q->samples) : l->block;
    memcpy(bytes, q->samples, some * sizeof *q->samples);
    q->held -= some;
    memmove(q->samples, q->samples + some, q->held * sizeof *q->samples);
    return (int32_t)(some * sizeof *q->samples);
}

static int32_t sim_write(void *os, int32_t fd, const void *bytes, size_t n)
{
    aw_dahdi_sim *s = os;
    struct line *l = line_of(s, fd);
    uint32_t count = (uint32_t)(n / sizeof(int16_t));

    if (!l || !l->linear)
        return -EINVAL;
    if (s->removed)
        return -ENODEV;
    sim_stop_dialling(l);
    struct queue *q = &l->sent;
    if (q->held + count > l->block * l->blocks)
        return -EAGAIN;
    memcpy(q->samples + q->held, bytes, n);
    q->held += count;
    return (int32_t)n;
}

static short look(const aw_dahdi_sim *s, const struct line *l)
{
    int seen = (l->events > 0 ? POLLPRI : 0) | (l->received.held >= l->block ? POLLIN : 0);

    return (short)(s->removed ? seen | POLLERR : seen);
}

/* Time is virtual: it never waits.  What isn't its own it asks the real system. */
static int32_t sim_poll(void *os, aw_dahdi_poll *watched, uint32_t n, int32_t timeout_ms)
{
    aw_dahdi_sim *s = os;
    int32_t count = 0;

    (void)timeout_ms;
    for (uint32_t i = 0; i < n; i++) {
        struct line *l = line_of(s, watched[i].fd);
        if (l)
            watched[i].seen = look(s, l);
        else if (poll((struct pollfd *)&watched[i], 1, 0) < 0)
            return -errno;
        count += watched[i].seen != 0;
    }
    return count;
}

const aw_dahdi_ops *aw_dahdi_sim_ops(void)
{
    static const aw_dahdi_ops ops = {.open = sim_open,
                                     .ioctl = sim_ioctl,
                                     .read = sim_read,
                                     .write = sim_write,
                                     .poll = sim_poll,
                                     .close = sim_close};
    return &ops;
}
