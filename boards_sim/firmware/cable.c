/* SPDX-License-Identifier: MIT */
/* The host's operating system again: a socket of whole frames between two processes. */
#include "cable.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_TELEPHONE = 2 };

int cable_plug(struct cable *cable, const char *path)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};

    memset(cable, 0, sizeof *cable);
    cable->listener = cable->wire = -1;
    cable->is_own = !*path;
    if (cable->is_own)
        return 0;
    int end = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (end < 0 || strlen(path) >= sizeof place.sun_path) {
        errno = end < 0 ? errno : ENAMETOOLONG;
        return -1;
    }
    memcpy(place.sun_path, path, strlen(path) + 1);
    if (connect(end, (struct sockaddr *)&place, sizeof place) == 0) {
        cable->wire = end;
        return fcntl(end, F_SETFL, O_NONBLOCK);
    }
    unlink(path);
    cable->listener = end;
    if (bind(end, (struct sockaddr *)&place, sizeof place) != 0 || listen(end, 1) != 0)
        return -1;
    return fcntl(end, F_SETFL, O_NONBLOCK);
}

static void look(const struct panel *panel, const int16_t *given, struct cable_frame *out)
{
    for (uint32_t line = 0; line < CABLE_LINES; line++) {
        uint32_t fxs = FIRST_TELEPHONE + line;
        out->feed[line] = panel->feed[fxs];
        out->closed[line] = (uint8_t)(panel->seized >> line & 1u);
        memcpy(out->from_fxs[line], given + (size_t)fxs * AW_BOARD_FRAME,
               sizeof out->from_fxs[line]);
        memcpy(out->from_fxo[line], given + (size_t)line * AW_BOARD_FRAME,
               sizeof out->from_fxo[line]);
    }
}

static void tell(struct cable *cable, const struct panel *panel, const int16_t *given)
{
    struct cable_frame out;

    look(panel, given, &out);
    /* What the other end doesn't take is lost: it is asleep. */
    if (send(cable->wire, &out, sizeof out, MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
        close(cable->wire);
        cable->wire = -1;
    }
}

/* Frames that come in pairs are carried one after the other, so that a pulse is as long here as it
 * was there; only where the other end is far ahead is the oldest one lost. */
static void hear_of(struct cable *cable)
{
    struct cable_frame frame;

    ssize_t n;

    while ((n = recv(cable->wire, &frame, sizeof frame, 0)) == (ssize_t)sizeof frame) {
        if (cable->held == CABLE_HELD) {
            cable->held--;
            memmove(cable->frames, cable->frames + 1, cable->held * sizeof frame);
        }
        cable->frames[cable->held++] = frame;
    }
    if (n == 0) { /* pulled out */
        close(cable->wire);
        cable->wire = -1;
    }
}

static void apply(struct panel *panel, const struct cable_frame *now)
{
    for (uint32_t line = 0; line < CABLE_LINES; line++) {
        uint32_t fxs = 1u << (FIRST_TELEPHONE + line);
        panel->lifted = now->closed[line] ? panel->lifted | fxs : panel->lifted & ~fxs;
        panel->far_feed[line] = now->feed[line];
    }
}

static void hear(const struct panel *panel, const struct cable_frame *now, int16_t *in)
{
    for (uint32_t line = 0; line < CABLE_LINES; line++) {
        uint32_t fxs = FIRST_TELEPHONE + line;
        if (panel->lifted >> fxs & 1u)
            memcpy(in + (size_t)fxs * AW_BOARD_FRAME, now->from_fxo[line],
                   sizeof now->from_fxo[line]);
        memcpy(in + (size_t)line * AW_BOARD_FRAME, now->from_fxs[line], sizeof now->from_fxs[line]);
    }
}

void cable_carry(struct cable *cable, struct panel *panel, const int16_t *given, int16_t *in)
{
    struct cable_frame now;

    memset(in, 0, PANEL_SAMPLES * sizeof *in);
    if (cable->is_own) {
        look(panel, given, &now);
        apply(panel, &now);
        hear(panel, &now, in);
        return;
    }
    if (cable->wire < 0 && cable->listener >= 0) {
        cable->wire = accept(cable->listener, NULL, NULL);
        if (cable->wire >= 0)
            fcntl(cable->wire, F_SETFL, O_NONBLOCK);
    }
    if (cable->wire < 0)
        return;
    hear_of(cable);
    tell(cable, panel, given);
    if (cable->held == 0)
        return;
    apply(panel, &cable->frames[0]);
    hear(panel, &cable->frames[0], in);
    cable->held--;
    memmove(cable->frames, cable->frames + 1, cable->held * sizeof cable->frames[0]);
}
