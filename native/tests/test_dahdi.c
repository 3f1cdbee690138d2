/* SPDX-License-Identifier: MIT */
/* The gateway on the simulated kernel: each trap of DAHDI's interface that it has to get round. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aw/dahdi_sim.h"
#include "dahdi/gateway.h"
#include "starve.h"

enum { N = 3, PHONE = 0, OFFICE = 1, CALLED = 2, FRAME = AW_BOARD_FRAME };

static const uint32_t CHANNELS[N] = {1, 2, 3};
static const uint8_t KINDS[N] = {AW_BOARD_FXS, AW_BOARD_FXO, AW_BOARD_FXS};

/* What the test sees of the gateway's calls, before the simulated kernel does. */
struct spy {
    aw_dahdi_sim *sim;
    uint32_t writes;
    uint32_t writes_while_dialing;
    uint32_t hook_orders;
    int32_t last_hook;
    const aw_dahdi *watched;
};

struct rig {
    struct spy spy;
    aw_dahdi *gateway;
    aw_dahdi_fault fault;
    aw_board_senses senses;
    int16_t in[N * FRAME];
    int16_t out[N * FRAME];
    int host;
    bool alive;
};

static int32_t spy_open(void *os, const char *path)
{
    return aw_dahdi_sim_ops()->open(((struct spy *)os)->sim, path);
}

static int32_t spy_ioctl(void *os, int32_t fd, uint32_t request, void *argument)
{
    struct spy *s = os;

    if (request == DAHDI_HOOK) {
        s->hook_orders++;
        s->last_hook = *(int32_t *)argument;
    }
    return aw_dahdi_sim_ops()->ioctl(s->sim, fd, request, argument);
}

static int32_t spy_read(void *os, int32_t fd, void *bytes, size_t n)
{
    return aw_dahdi_sim_ops()->read(((struct spy *)os)->sim, fd, bytes, n);
}

static int32_t spy_write(void *os, int32_t fd, const void *bytes, size_t n)
{
    struct spy *s = os;

    s->writes++;
    for (uint32_t i = 0; s->watched && i < N; i++)
        if (s->watched->channel[i].fd == fd && s->watched->channel[i].dialing)
            s->writes_while_dialing++;
    return aw_dahdi_sim_ops()->write(s->sim, fd, bytes, n);
}

static int32_t spy_poll(void *os, aw_dahdi_poll *watched, uint32_t n, int32_t timeout_ms)
{
    return aw_dahdi_sim_ops()->poll(((struct spy *)os)->sim, watched, n, timeout_ms);
}

static void spy_close(void *os, int32_t fd)
{
    aw_dahdi_sim_ops()->close(((struct spy *)os)->sim, fd);
}

static const aw_dahdi_ops SPY = {.open = spy_open,
                                 .ioctl = spy_ioctl,
                                 .read = spy_read,
                                 .write = spy_write,
                                 .poll = spy_poll,
                                 .close = spy_close};

static aw_status prepare(struct rig *r)
{
    *r = (struct rig){.host = -1, .alive = true};
    r->senses.battery = 1u << OFFICE;
    return aw_dahdi_sim_new(&r->spy.sim, KINDS, N);
}

static aw_status open_it(struct rig *r)
{
    int ends[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    aw_status status = aw_dahdi_new(&r->gateway, CHANNELS, N, ends[1], &SPY, &r->spy, &r->fault);
    r->host = ends[0];
    r->spy.watched = r->gateway;
    if (status != AW_OK)
        close(ends[1]);
    return status;
}

static void finish(struct rig *r)
{
    aw_dahdi_free(r->gateway);
    CHECK(!r->spy.sim || aw_dahdi_sim_opened(r->spy.sim) == 0);
    if (r->host >= 0)
        close(r->host);
    aw_dahdi_sim_free(r->spy.sim);
}

static aw_status begin(struct rig *r)
{
    aw_status status = prepare(r);

    if (status == AW_OK)
        status = open_it(r);
    if (status != AW_OK)
        finish(r);
    return status;
}

static void passes(struct rig *r, uint32_t ms)
{
    for (uint32_t i = 0; i < ms / AW_BOARD_FRAME_MS && r->alive; i++) {
        aw_dahdi_sim_play(r->spy.sim, r->out);
        aw_dahdi_sim_capture(r->spy.sim, &r->senses, r->in);
        r->alive = aw_dahdi_turn(r->gateway, 0) != 0;
    }
}

static aw_dahdi_view view(const struct rig *r)
{
    aw_dahdi_view v;

    aw_dahdi_look(r->gateway, &v);
    return v;
}

/* Opening */

static aw_status test_a_port_is_the_opposite_of_its_signalling(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    CHECK(r.gateway->ports[PHONE].kind == AW_BOARD_FXS); /* FXOKS */
    CHECK(r.gateway->ports[OFFICE].kind == AW_BOARD_FXO);
    CHECK(r.gateway->ports[PHONE].capabilities & AW_BOARD_POLARITY_TX);
    CHECK(!(r.gateway->ports[PHONE].capabilities & (AW_BOARD_VOLTS | AW_BOARD_CURRENT)));
    CHECK(strcmp(r.gateway->model, "SIMCARD") == 0);
    CHECK(strstr(r.gateway->notes, "2.11.1"));
    CHECK(aw_dahdi_sim_opened(r.spy.sim) == N);
    finish(&r);
    return AW_OK;
}

static aw_status expect_fault(aw_dahdi_sim_fault suffered, int32_t value, uint32_t step,
                              int32_t error)
{
    struct rig r;
    aw_status status = prepare(&r);

    if (status != AW_OK)
        return status;
    aw_dahdi_sim_suffer(r.spy.sim, OFFICE, suffered, value);
    status = open_it(&r);
    if (status == AW_EIO) {
        CHECK(r.fault.step == step && r.fault.error == error);
        status = AW_OK;
    } else {
        CHECK(status == AW_ENOMEM);
    }
    finish(&r);
    return status;
}

static aw_status test_what_fails_is_named(void)
{
    aw_status status = expect_fault(AW_DAHDI_SIM_NO_DEVICE, ENOENT, AW_DAHDI_OPENING, ENOENT);

    if (status == AW_OK)
        status = expect_fault(AW_DAHDI_SIM_REMOVED, 1, AW_DAHDI_CHOOSING, ENXIO);
    if (status == AW_OK)
        status = expect_fault(AW_DAHDI_SIM_SIGNALLING, 0, AW_DAHDI_SIGNALLING, EINVAL);
    if (status == AW_OK)
        status = expect_fault(AW_DAHDI_SIM_NO_ZONES, EPERM, AW_DAHDI_ZONE, EPERM);
    if (status == AW_OK)
        status = expect_fault(AW_DAHDI_SIM_LEAST_BLOCK, 1024, AW_DAHDI_BUFFERS, EINVAL);
    return status;
}

static aw_status test_channels_are_one_to_thirty_two(void)
{
    aw_dahdi *g = NULL;
    aw_dahdi_fault fault;

    CHECK(aw_dahdi_new(&g, CHANNELS, 0, -1, &SPY, NULL, &fault) == AW_EINVAL);
    CHECK(aw_dahdi_new(&g, CHANNELS, AW_BOARD_PORTS + 1, -1, &SPY, NULL, &fault) == AW_EINVAL);
    CHECK(aw_dahdi_new(&g, NULL, 1, -1, &SPY, NULL, &fault) == AW_EINVAL);
    CHECK(!g && fault.step == 0);
    return AW_OK;
}

static aw_status test_larger_blocks_are_cut(void)
{
    struct rig r;
    aw_status status = prepare(&r);

    if (status != AW_OK)
        return status;
    aw_dahdi_sim_suffer(r.spy.sim, 0, AW_DAHDI_SIM_LEAST_BLOCK, 4 * FRAME);
    status = open_it(&r);
    if (status == AW_OK) {
        passes(&r, 200);
        CHECK(view(&r).frames == 40 && view(&r).gaps == 0);
    }
    finish(&r);
    return status;
}

/* Telephones */

static aw_status test_ringing_has_begun_though_the_kernel_says_in_progress(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    dahdi_hal.linefeed(r.gateway, PHONE, AW_FEED_RINGING);
    CHECK(!r.gateway->channel[PHONE].pending);
    CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_RINGING);
    passes(&r, 9900); /* longer than the kernel's own cadence would be on */
    CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_RINGING);
    dahdi_hal.linefeed(r.gateway, PHONE, AW_FEED_ON_HOOK_TRANSMISSION);
    CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_ACTIVE);
    finish(&r);
    return AW_OK;
}

static aw_status test_an_answered_telephone_is_not_rung_again(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    dahdi_hal.linefeed(r.gateway, PHONE, AW_FEED_RINGING);
    r.senses.loop = 1u << PHONE;
    passes(&r, 100);
    CHECK(r.gateway->channel[PHONE].off_hook);
    CHECK(r.spy.last_hook == HOOK_ORDER_OFFHOOK || r.spy.last_hook == HOOK_ORDER_RING);
    dahdi_hal.linefeed(r.gateway, PHONE, AW_FEED_ACTIVE); /* as the core does at ring trip */
    for (uint32_t i = 0; i < 2000; i++) {
        passes(&r, AW_BOARD_FRAME_MS);
        CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_ACTIVE);
    }
    finish(&r);
    return AW_OK;
}

/* Only the kernel's state of rest lets it ring: so hanging up must lead there. */
static aw_status test_a_telephone_that_was_replaced_can_be_rung(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    r.senses.loop = 1u << PHONE;
    passes(&r, 1000);
    CHECK(r.gateway->channel[PHONE].off_hook);
    r.senses.loop = 0;
    passes(&r, 2000);
    CHECK(!r.gateway->channel[PHONE].off_hook);
    dahdi_hal.linefeed(r.gateway, PHONE, AW_FEED_RINGING);
    CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_RINGING);
    finish(&r);
    return AW_OK;
}

static aw_status test_what_the_kernel_was_too_busy_for_is_ordered_again(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    r.senses.loop = 1u << PHONE;
    passes(&r, 1000);
    dahdi_hal.linefeed(r.gateway, PHONE, AW_FEED_OPEN);
    CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_OPEN);
    passes(&r, 300);
    dahdi_hal.linefeed(r.gateway, PHONE, AW_FEED_ACTIVE);
    CHECK(r.gateway->channel[PHONE].pending); /* the battery stays away for 500 ms */
    CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_OPEN);
    passes(&r, 1000);
    CHECK(!r.gateway->channel[PHONE].pending);
    CHECK(r.spy.last_hook == HOOK_ORDER_OFFHOOK);
    CHECK(aw_dahdi_sim_drives(r.spy.sim, PHONE) == AW_FEED_ACTIVE);
    finish(&r);
    return AW_OK;
}

/* Lines of the office */

static aw_status test_nothing_is_written_while_the_kernel_dials(void)
{
    static const aw_board_pulses pulses = {
        .break_ms = 60, .make_ms = 40, .between_ms = 500, .count = 2, .digits = {3, 0}};
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    passes(&r, 100);
    dahdi_hal.hook(r.gateway, OFFICE, 1);
    passes(&r, 500);
    CHECK(dahdi_hal.pulse(r.gateway, OFFICE, &pulses) == AW_BOARD_OK);
    uint32_t opened = 0, closed = 1;
    for (uint32_t i = 0; i < 600 && r.gateway->channel[OFFICE].dialing; i++) {
        passes(&r, AW_BOARD_FRAME_MS);
        uint32_t now = aw_dahdi_sim_drives(r.spy.sim, OFFICE);
        opened += closed && !now;
        closed = now;
    }
    CHECK(opened == 3 + 10);
    CHECK(!r.gateway->channel[OFFICE].dialing);
    CHECK(r.spy.writes_while_dialing == 0);
    CHECK(view(&r).underruns == 0); /* it was us who fell silent */
    finish(&r);
    return AW_OK;
}

static aw_status test_a_flash_has_the_length_that_was_ordered(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    dahdi_hal.hook(r.gateway, OFFICE, 1);
    CHECK(dahdi_hal.flash(r.gateway, OFFICE, 300) == AW_BOARD_BUSY); /* it has just closed */
    passes(&r, 500);
    CHECK(dahdi_hal.flash(r.gateway, OFFICE, 300) == AW_BOARD_OK);
    uint32_t open_ms = 0;
    for (uint32_t i = 0; i < 200; i++) {
        passes(&r, AW_BOARD_FRAME_MS);
        open_ms += aw_dahdi_sim_drives(r.spy.sim, OFFICE) ? 0 : AW_BOARD_FRAME_MS;
    }
    CHECK(open_ms == 300);
    finish(&r);
    return AW_OK;
}

/* The kernel tells of no ringing for 2 s after a hang-up, nor of the end of a break. */
static aw_status test_levels_are_seen_that_no_event_tells(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    passes(&r, 100);
    uint32_t before = view(&r).events;
    r.senses.ring = 1u << OFFICE;
    passes(&r, 100);
    CHECK(r.gateway->channel[OFFICE].ringing);
    r.senses.ring = r.senses.battery = 0;
    passes(&r, 200);
    CHECK(!r.gateway->channel[OFFICE].ringing && !r.gateway->channel[OFFICE].battery);
    r.senses.battery = 1u << OFFICE;
    passes(&r, 200);
    CHECK(r.gateway->channel[OFFICE].battery);
    CHECK(view(&r).events == before);
    aw_dahdi_sim_suffer(r.spy.sim, OFFICE, AW_DAHDI_SIM_ALARM, 1);
    passes(&r, 10);
    CHECK(!r.gateway->channel[OFFICE].battery);
    finish(&r);
    return AW_OK;
}

/* A hang-up that changes nothing would make the kernel deaf to ringing. */
static aw_status test_an_open_loop_is_not_opened_again(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    uint32_t before = r.spy.hook_orders;
    dahdi_hal.hook(r.gateway, OFFICE, 0);
    CHECK(r.spy.hook_orders == before);
    dahdi_hal.hook(r.gateway, OFFICE, 1);
    dahdi_hal.hook(r.gateway, OFFICE, 0);
    CHECK(r.spy.hook_orders == before + 2);
    finish(&r);
    return AW_OK;
}

/* Samples */

static aw_status test_slips_count_in_calls_only(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    passes(&r, 100);
    CHECK(view(&r).events > 0 && view(&r).underruns == 0); /* nothing was written at first */
    for (uint32_t call = 0; call < 2; call++) {
        for (uint32_t i = 0; i < 20; i++) { /* the machine is busy elsewhere for 100 ms */
            aw_dahdi_sim_play(r.spy.sim, r.out);
            aw_dahdi_sim_capture(r.spy.sim, &r.senses, r.in);
        }
        passes(&r, 50);
        CHECK(view(&r).overruns == call && view(&r).underruns == call);
        dahdi_hal.hook(r.gateway, OFFICE, 1);
        passes(&r, 50);
    }
    finish(&r);
    return AW_OK;
}

static aw_status test_one_that_lags_is_not_waited_for(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    passes(&r, 100);
    uint32_t before = view(&r).frames;
    int32_t fd = r.gateway->channel[PHONE].fd;
    r.gateway->channel[PHONE].fd = -1; /* its card has stopped */
    passes(&r, 500);
    CHECK(view(&r).frames >= before + 90 && view(&r).gaps >= 90);
    r.gateway->channel[PHONE].fd = fd;
    finish(&r);
    return AW_OK;
}

static aw_status test_gain_is_done_here(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    dahdi_hal.gain(r.gateway, PHONE, 60, -60);
    CHECK(r.gateway->channel[PHONE].gain_in > 8170 && r.gateway->channel[PHONE].gain_in < 8175);
    CHECK(r.gateway->channel[PHONE].gain_out > 2050 && r.gateway->channel[PHONE].gain_out < 2055);
    dahdi_hal.gain(r.gateway, PHONE, 0, 0);
    CHECK(r.gateway->channel[PHONE].gain_in == UNITY);
    finish(&r);
    return AW_OK;
}

/* Ends */

static aw_status test_a_card_that_is_pulled_out_ends_the_link(void)
{
    struct rig r;
    char byte[4096];
    ssize_t n;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    passes(&r, 100);
    aw_dahdi_sim_suffer(r.spy.sim, 0, AW_DAHDI_SIM_REMOVED, 1);
    passes(&r, 100);
    CHECK(!r.alive && view(&r).ended && view(&r).removed == 1);
    CHECK(aw_dahdi_sim_opened(r.spy.sim) == 0);
    while ((n = recv(r.host, byte, sizeof byte, MSG_DONTWAIT)) > 0)
        continue;
    CHECK(n == 0);
    finish(&r);
    return AW_OK;
}

static aw_status test_a_host_that_goes_ends_the_gateway(void)
{
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    dahdi_hal.hook(r.gateway, OFFICE, 1);
    close(r.host);
    r.host = -1;
    passes(&r, 100);
    CHECK(!r.alive && view(&r).ended && view(&r).removed == 0);
    CHECK(aw_dahdi_sim_drives(r.spy.sim, OFFICE) == 0); /* the line is given back */
    finish(&r);
    return AW_OK;
}

static int32_t patient_poll(void *os, aw_dahdi_poll *watched, uint32_t n, int32_t timeout_ms)
{
    poll((struct pollfd *)&watched[n - 1], 1, timeout_ms);
    return spy_poll(os, watched, n, 0);
}

static aw_status test_a_thread_ends_when_it_is_told(void)
{
    aw_dahdi_ops patient = SPY;
    struct rig r;
    aw_status status = begin(&r);

    if (status != AW_OK)
        return status;
    patient.poll = patient_poll;
    r.gateway->ops = &patient;
    CHECK(aw_dahdi_start(r.gateway) == AW_OK);
    CHECK(aw_dahdi_start(r.gateway) == AW_ESTATE);
    aw_dahdi_free(r.gateway);
    r.gateway = NULL;
    finish(&r);
    return AW_OK;
}

int main(void)
{
    static const starve_test tests[] = {
        {"a port is the opposite of its signalling", test_a_port_is_the_opposite_of_its_signalling},
        {"what fails is named", test_what_fails_is_named},
        {"channels are 1 to 32", test_channels_are_one_to_thirty_two},
        {"larger blocks are cut", test_larger_blocks_are_cut},
        {"ringing in progress", test_ringing_has_begun_though_the_kernel_says_in_progress},
        {"answered, not rung again", test_an_answered_telephone_is_not_rung_again},
        {"replaced, rung again", test_a_telephone_that_was_replaced_can_be_rung},
        {"busy, ordered again", test_what_the_kernel_was_too_busy_for_is_ordered_again},
        {"no writes while dialling", test_nothing_is_written_while_the_kernel_dials},
        {"flash as ordered", test_a_flash_has_the_length_that_was_ordered},
        {"levels no event tells", test_levels_are_seen_that_no_event_tells},
        {"open loops stay open", test_an_open_loop_is_not_opened_again},
        {"slips count in calls", test_slips_count_in_calls_only},
        {"laggards", test_one_that_lags_is_not_waited_for},
        {"gain", test_gain_is_done_here},
        {"pulled out", test_a_card_that_is_pulled_out_ends_the_link},
        {"host gone", test_a_host_that_goes_ends_the_gateway},
        {"a thread ends", test_a_thread_ends_when_it_is_told},
    };
    return starve(tests, sizeof tests / sizeof *tests);
}
