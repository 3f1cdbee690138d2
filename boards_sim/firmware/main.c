/* SPDX-License-Identifier: MIT */
/* The reference firmware as a program: a board with a panel (panel.h) on a pseudo terminal, or on a
 * TCP port with --tcp=PORT (0: any).  Its first line says where; then it takes what is pressed:
 * "l2" lifts or replaces telephone 2, "r0" rings office line 0 or stops it.  Two processes with the
 * same --cable=SOCKET are cabled to each other (cable.h), and nothing need be pressed.
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
#include "panel.h"

enum { TICK_NS = AW_BOARD_FRAME_MS * 1000000, SECOND_NS = 1000000000, FORGIVEN_S = 1 };

static uint64_t memory[AW_BOARD_BYTES / sizeof(uint64_t)];
static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

/* Where hosts come in */

struct door {
    int listener; /* -1: a terminal, which has always been open */
    int link;     /* -1: nobody there */
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

static void hang_up(struct door *door, aw_board *board)
{
    close(door->link);
    door->link = -1;
    aw_board_link_closed(board);
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
    uint8_t bytes[16384];
    size_t n = aw_board_output(board, bytes, sizeof bytes);

    /* What the host doesn't take is lost: a real link's buffer is no larger. */
    if (n > 0 && door->link >= 0 && write(door->link, bytes, n) < 0)
        return;
}

static void take_input(struct door *door, aw_board *board)
{
    uint8_t bytes[4096];
    ssize_t n = read(door->link, bytes, sizeof bytes);

    if (n > 0) {
        aw_board_receive(board, bytes, (size_t)n);
        send_output(door, board);
    } else if (n == 0 && door->listener >= 0) {
        hang_up(door, board);
    }
}

/* `keys` becomes -1 when nobody will press any more: an end of file is always there to be read. */
static void take_key(int *keys, struct panel *panel)
{
    char line[16];
    ssize_t n = read(*keys, line, sizeof line - 1);

    if (n <= 0) {
        *keys = -1;
        return;
    }
    line[n] = 0;
    if (n >= 2)
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
        if (watched[1].revents)
            let_in(door, board);
        if (watched[2].revents)
            take_key(&keys, panel);
    }
}

struct options {
    const char *tcp;   /* NULL: a terminal */
    const char *cable; /* NULL: none */
};

static bool read_options(int argc, char **argv, struct options *out)
{
    *out = (struct options){0};
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--tcp=", 6) == 0)
            out->tcp = argv[i] + 6;
        else if (strncmp(argv[i], "--cable=", 8) == 0)
            out->cable = argv[i] + 8;
        else
            return false;
    }
    return true;
}

/* `cable` NULL: there is none. */
static void run(struct door *door, aw_board *board, struct panel *panel, struct cable *cable)
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
    }
}

int main(int argc, char **argv)
{
    struct sigaction ends = {.sa_handler = stop};
    struct door door;
    struct panel panel;
    struct cable cable;
    struct options options;
    aw_board *board;
    aw_board_setup setup = panel_setup(&panel);

    if (!read_options(argc, argv, &options)) {
        fprintf(stderr, "usage: %s [--tcp=PORT] [--cable=SOCKET]\n", argv[0]);
        return 2;
    }
    if (options.tcp ? open_port(&door, (uint16_t)atoi(options.tcp)) : open_terminal(&door)) {
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
    run(&door, board, &panel, options.cable ? &cable : NULL);
    return 0;
}
