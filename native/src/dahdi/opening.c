/* SPDX-License-Identifier: MIT */
/* Channels are opened, and found out about: see aw/dahdi.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dahdi/gateway.h"

enum {
    BUFFERS = 8,
    FLASH_MOST_MS = 1120, /* QHI's window; longer is a hang-up.  The kernel's own: 1250 */
    DEBOUNCE_MS = 100,    /* after off-hook nothing is seen for so long.  The kernel's own: 600 */
    RING_ON_MS = 2000,
    RING_OFF_MS = 4000,
    STEP_MS = 12000, /* longer than any step of a cadence: the core ends it itself */
    THE_DEFAULT = -1
};

static const int32_t BLOCKS[] = {AW_DAHDI_BLOCK, 2 * AW_DAHDI_BLOCK, 4 * AW_DAHDI_BLOCK};

static bool failed(aw_dahdi_fault *fault, uint32_t step, uint32_t channel, int32_t result)
{
    if (result >= 0)
        return false;
    *fault = (aw_dahdi_fault){.step = step, .channel = channel, .error = -result};
    return true;
}

int32_t dahdi_ask(aw_dahdi *g, struct channel *c, struct dahdi_params *params)
{
    memset(params, 0, sizeof *params);
    params->channo = (int32_t)c->number;
    return dahdi_ioctl(g, c, (uint32_t)DAHDI_GET_PARAMS, params);
}

/* What isn't about a channel. */
static int32_t order_all(aw_dahdi *g, uint32_t request, void *argument)
{
    int32_t control = g->ops->open(g->os, "/dev/dahdi/ctl");

    if (control < 0)
        return control;
    int32_t result = g->ops->ioctl(g->os, control, request, argument);
    g->ops->close(g->os, control);
    return result;
}

static int32_t load_zone(aw_dahdi *g)
{
    struct dahdi_zone zone = {.ringcadence = {RING_ON_MS, RING_OFF_MS}, .name = "without tones"};
    int32_t result = order_all(g, DAHDI_LOADZONE, &zone);

    if (result < 0 && result != -EBUSY) /* another one has number 0 already: just as good */
        return result;
    return order_all(g, DAHDI_DEFAULTZONE, &zone.zone);
}

/* The kernel rings only by a tone zone, though the cadence is ours and so are the tones. */
static int32_t have_zone(aw_dahdi *g, struct channel *c)
{
    int32_t result = dahdi_order(g, c, DAHDI_SETTONEZONE, THE_DEFAULT);

    if (result != -ENODATA)
        return result;
    result = load_zone(g);
    return result < 0 ? result : dahdi_order(g, c, DAHDI_SETTONEZONE, THE_DEFAULT);
}

static int32_t set_buffers(aw_dahdi *g, struct channel *c)
{
    int32_t result = -EINVAL;

    for (size_t i = 0; i < sizeof BLOCKS / sizeof *BLOCKS && result == -EINVAL; i++) {
        struct dahdi_bufinfo info = {.numbufs = BUFFERS, .bufsize = BLOCKS[i]};
        result = dahdi_ioctl(g, c, DAHDI_SET_BUFINFO, &info);
    }
    return result;
}

/* Named after the other end: an FXS port has FXO signalling. */
static bool choose_kind(struct channel *c, int32_t signalling)
{
    bool telephone = signalling == SIG_FXOKS || signalling == SIG_FXOLS || signalling == SIG_FXOGS;
    bool office = signalling == SIG_FXSKS || signalling == SIG_FXSLS || signalling == SIG_FXSGS;

    c->kind = telephone ? AW_BOARD_FXS : AW_BOARD_FXO;
    c->drops_battery = signalling == SIG_FXOKS || signalling == SIG_FXSKS;
    return telephone || office;
}

/* Its times, and what not every driver does: asked for once, harmlessly. */
static void adjust(aw_dahdi *g, struct channel *c, struct dahdi_params *params)
{
    int32_t cadence[DAHDI_CADENCE_STEPS] = {STEP_MS, STEP_MS};
    struct wctdm_stats stats;

    params->rxflashtime = FLASH_MOST_MS;
    params->debouncetime = DEBOUNCE_MS;
    dahdi_ioctl(g, c, DAHDI_SET_PARAMS, params);
    dahdi_order(g, c, DAHDI_BUFFER_EVENTS, 1);
    dahdi_order(g, c, DAHDI_ECHOCANCEL, 0);
    if (c->kind == AW_BOARD_FXS) {
        dahdi_ioctl(g, c, DAHDI_SETCADENCE, cadence);
        if (dahdi_order(g, c, DAHDI_SETPOLARITY, 0) >= 0)
            c->can |= CAN_REVERSE;
    }
    if (dahdi_ioctl(g, c, (uint32_t)WCTDM_GET_STATS, &stats) >= 0)
        c->can |= CAN_MEASURE;
}

static uint32_t capabilities(const struct channel *c)
{
    uint32_t found = AW_BOARD_GAIN | (c->can & CAN_MEASURE ? AW_BOARD_VOLTS : 0u);

    if (c->kind == AW_BOARD_FXO)
        return found | AW_BOARD_RING_RX | AW_BOARD_FLASH_TX | AW_BOARD_PULSE_TX |
               AW_BOARD_CALLER_ID_RX | (c->drops_battery ? AW_BOARD_OSI_RX : 0u);
    return found | AW_BOARD_RING_TX | AW_BOARD_LOOP_SENSE | AW_BOARD_FLASH_RX | AW_BOARD_PULSE_RX |
           AW_BOARD_CALLER_ID_TX | (c->drops_battery ? AW_BOARD_OSI_TX : 0u) |
           (c->can & CAN_REVERSE ? AW_BOARD_POLARITY_TX : 0u);
}

/* "WCTDM/4/1" is a channel of a WCTDM. */
static void name_model(aw_dahdi *g, const struct dahdi_params *params)
{
    size_t n = 0;

    while (n < sizeof g->model - 1 && n < sizeof params->name && isalnum(params->name[n])) {
        g->model[n] = params->name[n];
        n++;
    }
    if (n == 0)
        memcpy(g->model, "DAHDI", sizeof "DAHDI");
}

bool dahdi_open_channel(aw_dahdi *g, struct channel *c, aw_dahdi_fault *fault)
{
    struct dahdi_params params;
    size_t place = (size_t)(c - g->channel);

    c->fd = g->ops->open(g->os, "/dev/dahdi/channel");
    if (failed(fault, AW_DAHDI_OPENING, c->number, c->fd) ||
        failed(fault, AW_DAHDI_CHOOSING, c->number,
               dahdi_order(g, c, DAHDI_SPECIFY, (int32_t)c->number)) ||
        failed(fault, AW_DAHDI_ASKING, c->number, dahdi_ask(g, c, &params)))
        return false;
    if (!choose_kind(c, params.sigtype)) {
        failed(fault, AW_DAHDI_SIGNALLING, c->number, -EINVAL);
        fault->signalling = (uint32_t)params.sigtype;
        return false;
    }
    if (failed(fault, AW_DAHDI_ZONE, c->number, have_zone(g, c)) ||
        failed(fault, AW_DAHDI_BUFFERS, c->number, set_buffers(g, c)) ||
        failed(fault, AW_DAHDI_LINEAR, c->number, dahdi_order(g, c, DAHDI_SETLINEAR, 1)))
        return false;
    adjust(g, c, &params);
    c->gain_in = c->gain_out = UNITY;
    c->prime = 1;
    c->off_hook = c->kind == AW_BOARD_FXS && params.rxhooksig == RXSIG_OFFHOOK;
    g->ports[place] = (aw_board_port){
        .kind = c->kind, .decoded = c->kind == AW_BOARD_FXS, .capabilities = capabilities(c)};
    if (place == 0)
        name_model(g, &params);
    return true;
}

/* Only what is safe within the quotes of the dictionary. */
static void copy_word(char *out, size_t size, const char *text)
{
    size_t n = 0;

    for (; *text && n < size - 1; text++)
        if (isalnum(*text) || strchr(" .-+:~", *text))
            out[n++] = *text;
    out[n] = 0;
}

void dahdi_describe(aw_dahdi *g, uint32_t *firmware)
{
    struct dahdi_version version = {0};
    char word[TEXT / 2];
    unsigned major = 0, minor = 0, patch = 0;

    order_all(g, (uint32_t)DAHDI_GETVERSION, &version);
    version.version[sizeof version.version - 1] = 0;
    copy_word(word, sizeof word, version.version);
    snprintf(g->notes, sizeof g->notes, "\"dahdi\":\"%s\",", word);
    if (sscanf(version.version, "%u.%u.%u", &major, &minor, &patch) >= 2)
        *firmware = (major & 0xff) << 24 | (minor & 0xff) << 16 | (patch & 0xffff);
}
