/* SPDX-License-Identifier: MIT */
/* A board with a USB plug, where the board is a Linux machine that can be a USB device: FunctionFS
 * (the kernel's Documentation/usb/functionfs.rst).  Numbers and names are the gadget's, in
 * configfs.
 *
 * Not: an interrupt endpoint, SuperSpeed. */
#ifndef GADGET_H
#define GADGET_H

enum { GADGET_TRANSFER = 16384 }; /* bytes of the longest transfer, either way */

enum gadget_news { GADGET_NOTHING, GADGET_CONFIGURED, GADGET_GONE };

struct gadget {
    int control; /* endpoint 0: readable when something has happened on the bus */
    int link;    /* the board's end: a write is a transfer to the host, a read one from it */
    int carried; /* the other end, of two threads that wait for the bus */
    int in, out; /* bulk endpoints, as the host calls them */
};

/** Describe the board in a mounted FunctionFS; then the gadget can be bound.  0, or -1 and errno.
 */
int gadget_open(struct gadget *gadget, const char *folder);
/** Halt the way to the host until it clears that, as a board in trouble does. */
void gadget_stall(struct gadget *gadget);
/** What `control` has to say next. */
enum gadget_news gadget_listen(struct gadget *gadget);
#endif
