/* SPDX-License-Identifier: MIT */
/* The operating system's own channels: see aw_dahdi_ops. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "aw/dahdi.h"

_Static_assert(sizeof(aw_dahdi_poll) == sizeof(struct pollfd), "aw_dahdi_poll is struct pollfd");

static int32_t result(ssize_t value)
{
    return value < 0 ? -errno : (int32_t)value;
}

static int32_t system_open(void *os, const char *path)
{
    (void)os;
    return result(open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

static int32_t system_ioctl(void *os, int32_t fd, uint32_t request, void *argument)
{
    (void)os;
    return result(ioctl(fd, request, argument));
}

static int32_t system_read(void *os, int32_t fd, void *bytes, size_t n)
{
    (void)os;
    return result(read(fd, bytes, n));
}

static int32_t system_write(void *os, int32_t fd, const void *bytes, size_t n)
{
    (void)os;
    return result(write(fd, bytes, n));
}

static int32_t system_poll(void *os, aw_dahdi_poll *watched, uint32_t n, int32_t timeout_ms)
{
    (void)os;
    return result(poll((struct pollfd *)watched, n, timeout_ms));
}

static void system_close(void *os, int32_t fd)
{
    (void)os;
    close(fd);
}

const aw_dahdi_ops *aw_dahdi_system(void)
{
    static const aw_dahdi_ops ops = {.open = system_open,
                                     .ioctl = system_ioctl,
                                     .read = system_read,
                                     .write = system_write,
                                     .poll = system_poll,
                                     .close = system_close};
    return &ops;
}
