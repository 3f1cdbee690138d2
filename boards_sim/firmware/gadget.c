/* SPDX-License-Identifier: MIT */
/* The host's operating system again: endpoints are files that block, so each has a thread. */
#include "gadget.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/usb/functionfs.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FULL_SPEED_PACKET = 64,
    HIGH_SPEED_PACKET = 512,
    /* What waits for a host that doesn't read: some 50 ms.  The rest is lost, as on a real link. */
    WAITING = 16384
};

/* USB is little-endian, and so is every machine that this has run on. */
#define BULK(address, packet)                                                                      \
    {.bLength = USB_DT_ENDPOINT_SIZE,                                                              \
     .bDescriptorType = USB_DT_ENDPOINT,                                                           \
     .bEndpointAddress = (address),                                                                \
     .bmAttributes = USB_ENDPOINT_XFER_BULK,                                                       \
     .wMaxPacketSize = (packet)}
#define BOARD(packet)                                                                              \
    {.interface = {.bLength = USB_DT_INTERFACE_SIZE,                                               \
                   .bDescriptorType = USB_DT_INTERFACE,                                            \
                   .bNumEndpoints = 2,                                                             \
                   .bInterfaceClass = USB_CLASS_VENDOR_SPEC,                                       \
                   .bInterfaceSubClass = 0x51,                                                     \
                   .bInterfaceProtocol = 0x01},                                                    \
     .in = BULK(USB_DIR_IN | 1, packet),                                                           \
     .out = BULK(USB_DIR_OUT | 2, packet)}

struct interface {
    struct usb_interface_descriptor interface;
    struct usb_endpoint_descriptor_no_audio in, out;
} __attribute__((packed));

static const struct {
    struct usb_functionfs_descs_head_v2 head;
    uint32_t full_count, high_count;
    struct interface full, high;
} __attribute__((packed)) descriptors = {
    .head = {.magic = FUNCTIONFS_DESCRIPTORS_MAGIC_V2,
             .length = sizeof descriptors,
             .flags = FUNCTIONFS_HAS_FS_DESC | FUNCTIONFS_HAS_HS_DESC},
    .full_count = 3,
    .high_count = 3,
    .full = BOARD(FULL_SPEED_PACKET),
    .high = BOARD(HIGH_SPEED_PACKET),
};

static const struct usb_functionfs_strings_head no_strings = {.magic = FUNCTIONFS_STRINGS_MAGIC,
                                                              .length = sizeof no_strings};

/* Both threads go on when the plug is out: an endpoint's file then waits until it is in again. */

static void *carry_to_host(void *of)
{
    const struct gadget *gadget = of;
    uint8_t bytes[GADGET_TRANSFER + 1];
    ssize_t n;

    while ((n = recv(gadget->carried, bytes, GADGET_TRANSFER, 0)) > 0) {
        if (n % FULL_SPEED_PACKET == 0) /* or the host would wait for the rest: QHI, framing */
            bytes[n++] = 0;
        if (write(gadget->in, bytes, (size_t)n) < 0 && errno != ESHUTDOWN)
            perror("to the host");
    }
    return NULL;
}

static void *carry_to_board(void *of)
{
    const struct gadget *gadget = of;
    uint8_t bytes[GADGET_TRANSFER];
    ssize_t n;

    while ((n = read(gadget->out, bytes, sizeof bytes)) >= 0 || errno == ESHUTDOWN)
        if (n > 0 && send(gadget->carried, bytes, (size_t)n, 0) < 0)
            break;
    perror("from the host");
    return NULL;
}

static int open_in(const char *folder, const char *name, int flags)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return open(path, flags | O_CLOEXEC);
}

static int start(struct gadget *gadget)
{
    int ends[2];
    int waiting = WAITING;
    pthread_t thread;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    gadget->link = ends[0];
    gadget->carried = ends[1];
    setsockopt(gadget->link, SOL_SOCKET, SO_SNDBUF, &waiting, sizeof waiting);
    errno = pthread_create(&thread, NULL, carry_to_host, gadget);
    if (errno == 0)
        errno = pthread_create(&thread, NULL, carry_to_board, gadget);
    return errno ? -1 : fcntl(gadget->link, F_SETFL, O_NONBLOCK);
}

int gadget_open(struct gadget *gadget, const char *folder)
{
    gadget->control = open_in(folder, "ep0", O_RDWR | O_NONBLOCK);
    if (gadget->control < 0 ||
        write(gadget->control, &descriptors, sizeof descriptors) != sizeof descriptors ||
        write(gadget->control, &no_strings, sizeof no_strings) != sizeof no_strings)
        return -1;
    gadget->in = open_in(folder, "ep1", O_RDWR);
    gadget->out = open_in(folder, "ep2", O_RDONLY);
    return gadget->in < 0 || gadget->out < 0 ? -1 : start(gadget);
}

/* To move bytes the wrong way is how to halt an endpoint, and to refuse a request below. */
void gadget_stall(struct gadget *gadget)
{
    uint8_t byte;

    if (read(gadget->in, &byte, sizeof byte) < 0 && errno != EBADMSG) /* which says: halted */
        perror("to halt");
}

/* The board knows no requests of its own. */
static void refuse(const struct gadget *gadget, const struct usb_ctrlrequest *request)
{
    ssize_t n = request->bRequestType & USB_DIR_IN ? read(gadget->control, NULL, 0)
                                                   : write(gadget->control, NULL, 0);
    (void)n;
}

enum gadget_news gadget_listen(struct gadget *gadget)
{
    struct usb_functionfs_event event;

    if (read(gadget->control, &event, sizeof event) != sizeof event)
        return GADGET_NOTHING;
    switch (event.type) {
    case FUNCTIONFS_ENABLE:
        return GADGET_CONFIGURED;
    case FUNCTIONFS_DISABLE:
    case FUNCTIONFS_UNBIND:
        return GADGET_GONE;
    case FUNCTIONFS_SETUP:
        refuse(gadget, &event.u.setup);
        return GADGET_NOTHING;
    default:
        return GADGET_NOTHING;
    }
}
