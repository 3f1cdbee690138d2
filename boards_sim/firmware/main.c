/* SPDX-License-Identifier: MIT */
/* The reference firmware as a program: a board with a panel (panel.h) on a pseudo terminal, on a
 * TCP port with --tcp=PORT (0: any), or on USB with --usb=FOLDER (gadget.h).  Its first line says
 * where; then it takes what is pressed: "l2" lifts or replaces telephone 2, "r0" rings office line
 * 0 or stops it, "s" stalls USB.  Two processes with the same --cable=SOCKET are cabled to each
 * other, one with --cable to itself (cable.h), and nothing need be pressed.  With --lockstep the
 * next 5 ms begin when the host has answered the last.
 *
 * All that follows is the host's operating system.  On a board the loop of `run` is the interrupt
 * of the codec's DMA, every 5 ms, and the link is a USB endpoint or a UART. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cable.h"
#include "gadget.h"
#include "panel.h"

enum {
    TICK_NS = AW_BOARD_FRAME_MS * 1000000,
    SECOND_NS = 1000000000,
    FORGIVEN_S = 1,
    PATIENCE_S = 1,
    SERVED_NS = 1000000
};

static uint64_t memory[AW_BOARD_BYTES / sizeof(uint64_t)];
static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

/* Where hosts come in */

struct door {
    int listener;          /* -1: a terminal, which has always been open */
    int link;              /* -1: nobody there */
    struct gadget *gadget; /* NULL: no USB; else `listener` tells what happens on the bus */
    char address[128];
};

static int open_terminal(struct door *door)
{
    struct termios raw;

    door->listener = -1;
    door->link = posix_openpt(O_RDWR | O_NOCTTY);
    if (door->link < 0 || grantpt(door->link) != 0 || unlockpt(door->link) != 0)
        return -1;
    const char *name = ptsname(door->link);
    if (!name)
        return -1;
    int theirs = open(name, O_RDWR | O_NOCTTY); /* stays open: the line must not hang up */
    if (theirs < 0 || tcgetattr(theirs, &raw) != 0)
        return -1;
    cfmakeraw(&raw);
    snprintf(door->address, sizeof door->address, "quantum+serial://%s", name);
    return tcsetattr(theirs, TCSANOW, &raw) | fcntl(door->link, F_SETFL, O_NONBLOCK);
}

static int open_port(struct door *door, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    door->link = -1;
    door->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (door->listener < 0 ||
        bind(door->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(door->listener, 1) != 0 ||
        getsockname(door->listener, (struct sockaddr *)&address, &size) != 0)
        return -1;
    snprintf(door->address, sizeof door->address, "quantum+tcp://127.0.0.1:%u",
             ntohs(address.sin_port));
    return fcntl(door->listener, F_SETFL, O_NONBLOCK);
}

static int open_gadget(struct door *door, struct gadget *gadget, const char *folder)
{
    door->link = -1;
    door->gadget = gadget;
    snprintf(door->address, sizeof door->address, "quantum+usb://");
    int failed = gadget_open(gadget, folder);
    door->listener = gadget->control;
    return failed;
}

static void hang_up(struct door *door, aw_board *board)
{
    if (!door->gadget)
        close(door->link);
    door->link = -1;
    aw_board_link_closed(board);
}

/* The plug goes in or out. */
static void follow_plug(struct door *door, aw_board *board)
{
    enum gadget_news news = gadget_listen(door->gadget);

    if (news != GADGET_NOTHING && door->link >= 0)
        hang_up(door, board);
    if (news == GADGET_CONFIGURED) {
        door->link = door->gadget->link;
        aw_board_link_opened(board);
    }
}

/* A new host takes the place of the one before. */
static void let_in(struct door *door, aw_board *board)
{
    int one = 1;
    int host = door->listener < 0 ? -1 : accept(door->listener, NULL, NULL);

    if (host < 0)
        return;
    if (door->link >= 0)
        hang_up(door, board);
    fcntl(host, F_SETFL, O_NONBLOCK);
    setsockopt(host, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    door->link = host;
    aw_board_link_opened(board);
}

/* Bytes in and out */

static void send_output(struct door *door, aw_board *board)
{
    uint8_t bytes[GADGET_TRANSFER];
    size_t n = aw_board_output(board, bytes, sizeof bytes);

    /* What the host doesn't take is lost: a real link's buffer is no larger. */
    if (n > 0 && door->link >= 0 && write(door->link, bytes, n) < 0)
        return;
}

static void take_input(struct door *door, aw_board *board)
{
    uint8_t bytes[GADGET_TRANSFER];
    ssize_t n = read(door->link, bytes, sizeof bytes);

    if (n > 0) {
        aw_board_receive(board, bytes, (size_t)n);
        send_output(door, board);
    } else if (n == 0 && door->listener >= 0) {
        hang_up(door, board);
    }
}

/* `keys` becomes -1 when nobody will press any more: an end of file is always there to be read. */
static void take_key(int *keys, struct door *door, struct panel *panel)
{
    char line[16];
    ssize_t n = read(*keys, line, sizeof line - 1);

    if (n <= 0) {
        *keys = -1;
        return;
    }
    line[n] = 0;
    if (line[0] == 's' && door->gadget)
        gadget_stall(door->gadget);
    else if (n >= 2)
        panel_press(panel, line[0], (uint32_t)strtoul(line + 1, NULL, 10));
}

/* Time */

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* Serve link and keys until the time has come. */
static void serve_until(int64_t due_ns, struct door *door, aw_board *board, struct panel *panel)
{
    static int keys = STDIN_FILENO;
    int64_t left_ns;

    while (!stopped && (left_ns = due_ns - now_ns()) > 0) {
        struct pollfd watched[] = {{.fd = door->link, .events = POLLIN},
                                   {.fd = door->listener, .events = POLLIN},
                                   {.fd = keys, .events = POLLIN}};
        struct timespec wait = {.tv_nsec = left_ns < TICK_NS ? (long)left_ns : TICK_NS};

        if (ppoll(watched, 3, &wait, NULL) <= 0)
            continue;
        if (watched[0].revents)
            take_input(door, board);
        if (watched[1].revents && door->gadget)
            follow_plug(door, board);
        else if (watched[1].revents)
            let_in(door, board);
        if (watched[2].revents)
            take_key(&keys, door, panel);
    }
}

struct options {
    const char *tcp;   /* NULL: a terminal */
    const char *usb;   /* NULL: the same */
    const char *cable; /* NULL: none; "": from itself to itself */
    bool in_lockstep;
};

static bool read_options(int argc, char **argv, struct options *out)
{
    *out = (struct options){0};
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--tcp=", 6) == 0)
            out->tcp = argv[i] + 6;
        else if (strncmp(argv[i], "--usb=", 6) == 0)
            out->usb = argv[i] + 6;
        else if (strcmp(argv[i], "--lockstep") == 0)
            out->in_lockstep = true;
        else if (strcmp(argv[i], "--cable") == 0)
            out->cable = "";
        else if (strncmp(argv[i], "--cable=", 8) == 0)
            out->cable = argv[i] + 8;
        else
            return false;
    }
    return true;
}

static int open_door(struct door *door, struct gadget *gadget, const struct options *options)
{
    *door = (struct door){0};
    if (options->usb)
        return open_gadget(door, gadget, options->usb);
    return options->tcp ? open_port(door, (uint16_t)atoi(options->tcp)) : open_terminal(door);
}

/* Whether the host, if there is one, has yet to answer the newest frame of samples. */
static bool is_owed(const struct door *door, const aw_board *board)
{
    aw_board_view view;

    aw_board_look(board, &view);
    return door->link >= 0 && view.streaming && view.owed;
}

/* A host may be an emulated machine, slower than any crystal: line time waits for it. */
static void await_answer(struct door *door, aw_board *board, struct panel *panel)
{
    int64_t until_ns = now_ns() + (int64_t)PATIENCE_S * SECOND_NS;

    while (!stopped && is_owed(door, board) && now_ns() < until_ns)
        serve_until(now_ns() + SERVED_NS, door, board, panel);
}

/* `cable` NULL: there is none. */
static void run(struct door *door, aw_board *board, struct panel *panel, struct cable *cable,
                bool in_lockstep)
{
    int16_t in[PANEL_SAMPLES] = {0};
    int16_t out[PANEL_SAMPLES] = {0};
    int64_t due_ns = now_ns();

    while (!stopped) {
        if (cable)
            cable_carry(cable, panel, out, in);
        else
            panel_carry(panel, out, in);
        aw_board_tick(board, in, out);
        send_output(door, board);
        due_ns += TICK_NS;
        if (now_ns() - due_ns > (int64_t)FORGIVEN_S * SECOND_NS) /* the machine was asleep */
            due_ns = now_ns();
        serve_until(due_ns, door, board, panel);
        if (in_lockstep)
            await_answer(door, board, panel);
    }
}

int main(int argc, char **argv)
{
    struct sigaction ends = {.sa_handler = stop};
    struct door door;
    struct gadget gadget;
    struct panel panel;
    struct cable cable;
    struct options options;
    aw_board *board;
    aw_board_setup setup = panel_setup(&panel);

    if (!read_options(argc, argv, &options)) {
        fprintf(stderr, "usage: %s [--tcp=PORT | --usb=FOLDER] [--cable[=SOCKET]] [--lockstep]\n",
                argv[0]);
        return 2;
    }
    if (open_door(&door, &gadget, &options)) {
        perror("no link");
        return 1;
    }
    if (options.cable && cable_plug(&cable, options.cable) != 0) {
        perror("no cable");
        return 1;
    }
    sigaction(SIGTERM, &ends, NULL);
    sigaction(SIGINT, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (aw_board_init(&board, memory, sizeof memory, &setup) != AW_OK)
        return 1;
    if (door.link >= 0)
        aw_board_link_opened(board);
    printf("{\"board\": \"%s\"}\n", door.address);
    fflush(stdout);
    run(&door, board, &panel, options.cable ? &cable : NULL, options.in_lockstep);
    return 0;
}
