/* SPDX-License-Identifier: MIT */
/* What a maker writes: the hardware as the core wants to see it (aw_board_hal).
 *
 * On a real board `sense` reads comparators, `linefeed` and `hook` write registers of line
 * circuits, and the samples come and go by DMA. */
#include "panel.h"

#include <string.h>

enum { VOLTS_ON_HOOK = 480, VOLTS_OFF_HOOK = 70, LOOP_MILLIAMPS = 230 }; /* times 10 */

static void sense(void *hw, aw_board_senses *out)
{
    const struct panel *panel = hw;

    for (uint32_t port = 0; port < PANEL_PORTS; port++)
        if (panel->feed[port] != AW_FEED_OPEN)
            out->loop |= panel->lifted & 1u << port;
    out->battery = out->reversed = 0;
    out->ring = panel->rung & ~panel->seized; /* an office trips its ringing */
    for (uint32_t port = 0; port < PANEL_PORTS; port++) {
        uint32_t feed = panel->far_feed[port];
        out->battery |= (uint32_t)(feed != AW_FEED_OPEN) << port;
        out->ring |= (uint32_t)(feed == AW_FEED_RINGING) << port;
        out->reversed |= (uint32_t)(feed == AW_FEED_ACTIVE_REVERSED) << port;
    }
}

static void linefeed(void *hw, uint32_t port, uint32_t feed)
{
    ((struct panel *)hw)->feed[port] = (uint8_t)feed;
}

static void hook(void *hw, uint32_t port, uint32_t closed)
{
    struct panel *panel = hw;

    panel->seized = closed ? panel->seized | 1u << port : panel->seized & ~(1u << port);
}

static void meter(void *hw, uint32_t port, int16_t *volts, int16_t *milliamps)
{
    const struct panel *panel = hw;
    uint32_t is_closed = (panel->lifted | panel->seized) >> port & 1;

    *volts = is_closed ? VOLTS_OFF_HOOK : VOLTS_ON_HOOK;
    *milliamps = is_closed ? LOOP_MILLIAMPS : 0;
}

void panel_carry(struct panel *panel, const int16_t *given, int16_t *in)
{
    memcpy(in, panel->echo, sizeof panel->echo);
    memcpy(panel->echo, given, sizeof panel->echo);
}

void panel_press(struct panel *panel, char what, uint32_t port)
{
    if (port >= PANEL_PORTS)
        return;
    if (what == 'l')
        panel->lifted ^= 1u << port;
    else if (what == 'r')
        panel->rung ^= 1u << port;
}

aw_board_setup panel_setup(struct panel *panel)
{
    static const aw_board_hal hal = {
        .sense = sense, .linefeed = linefeed, .hook = hook, .meter = meter};
    enum {
        TELEPHONE = AW_BOARD_RING_TX | AW_BOARD_LOOP_SENSE | AW_BOARD_FLASH_RX | AW_BOARD_PULSE_RX |
            AW_BOARD_OSI_TX | AW_BOARD_VOLTS | AW_BOARD_CURRENT,
        OFFICE = AW_BOARD_RING_RX | AW_BOARD_OSI_RX | AW_BOARD_FLASH_TX | AW_BOARD_PULSE_TX |
            AW_BOARD_VOLTS | AW_BOARD_CURRENT
    };
    static const aw_board_port ports[PANEL_PORTS] = {
        {AW_BOARD_FXO, 0, OFFICE},    {AW_BOARD_FXO, 0, OFFICE},    {AW_BOARD_FXS, 0, TELEPHONE},
        {AW_BOARD_FXS, 0, TELEPHONE}, {AW_BOARD_FXS, 0, TELEPHONE}, {AW_BOARD_FXS, 0, TELEPHONE},
    };

    memset(panel, 0, sizeof *panel);
    memset(panel->far_feed, AW_FEED_ACTIVE, sizeof panel->far_feed);
    return (aw_board_setup){.hal = &hal,
                            .hw = panel,
                            .model = "PANEL6",
                            .serial = "EXAMPLE-1",
                            .notes = "\"simulated\":true,",
                            .vendor = 0x5141, /* of simulated boards */
                            .hardware = 0x0100,
                            .firmware = 0x01000000,
                            .boot = AW_BOOT_POWER,
                            .ports = PANEL_PORTS,
                            .port = ports};
}
