/* SPDX-License-Identifier: MIT */
/* Direct current, level and peaks of what ports say, between detectors and listeners.
 *
 * Detectors have heard the line as it is, and an echo canceller has found its path there; who
 * listens hears what comes out here.  A port at rest isn't worked on: it begins anew when somebody
 * hears it again, so that a lane depends on nothing but its own port. */
#include "bus/bus.h"
#include "dsp/lanes.h"
#include "mem.h"

#define N   AW_TICK_SAMPLES
#define ALL (AW_CLEAN_DC | AW_CLEAN_AGC | AW_CLEAN_LIMITER)

aw_status aw_clean_new(struct aw_engine *e)
{
    struct bus_cleaners *all = &e->cleaners;

    all->kernel = lanes_kernel_of(aw_simd_choose());
    all->count = (e->timeslots + LANES - 1) / LANES;
    all->group = aw_alloc_lanes(all->count * sizeof *all->group);
    return all->group ? AW_OK : AW_ENOMEM;
}

void aw_clean_free(struct aw_engine *e)
{
    aw_release(e->cleaners.group);
}

static void rest(struct bus_cleaner *g, uint32_t lane)
{
    aw_dcblock_group_close(&g->dc, lane);
    aw_agc_group_close(&g->agc, lane);
    aw_limiter_group_close(&g->limiter, lane);
    g->awake &= ~(1u << lane);
}

/* Those of `which` begin; their settings have been checked. */
static void begin(struct bus_cleaner *g, uint32_t lane, uint32_t which)
{
    const struct bus_cleaning *as = &g->as[lane];

    if (which & AW_CLEAN_DC)
        aw_dcblock_group_open(&g->dc, lane);
    if (which & AW_CLEAN_AGC)
        (void)aw_agc_group_open(&g->agc, lane, as->target_dbm0, as->most_db);
    if (which & AW_CLEAN_LIMITER)
        (void)aw_limiter_group_open(&g->limiter, lane, as->ceiling_dbm0);
    g->awake |= 1u << lane;
}

static bool is_possible(const struct bus_port *p, const aw_cmd_clean *c)
{
    struct aw_agc agc;
    struct aw_limiter limiter;

    if (c->wants & ~(uint32_t)ALL || p->kind == AW_PORT_CONFERENCE)
        return false;
    if (c->wants & AW_CLEAN_AGC && aw_agc_init(&agc, c->target_dbm0, c->most_db) != AW_OK)
        return false;
    return !(c->wants & AW_CLEAN_LIMITER) || aw_limiter_init(&limiter, c->ceiling_dbm0) == AW_OK;
}

/* The lowest lane, so that few groups are in use; there is one for every timeslot. */
static uint16_t take(struct bus_cleaners *all, uint16_t port)
{
    uint32_t group = 0;

    while (all->group[group].taken == BUS_LANES_FULL)
        group++;
    struct bus_cleaner *g = &all->group[group];
    uint32_t lane = aw_lane_first_free(g->taken);
    g->dc.kernel = g->agc.kernel = g->limiter.kernel = all->kernel;
    g->taken |= 1u << lane;
    g->port[lane] = port;
    g->as[lane] = (struct bus_cleaning){0};
    all->used = all->used > group ? all->used : group + 1;
    return (uint16_t)(group * LANES + lane);
}

/* Blocks that are wanted otherwise than before. */
static uint32_t changed(const struct bus_cleaning *was, const aw_cmd_clean *c)
{
    uint32_t which = c->wants ^ was->wants;

    if (c->target_dbm0 < was->target_dbm0 || c->target_dbm0 > was->target_dbm0 ||
        c->most_db < was->most_db || c->most_db > was->most_db)
        which |= AW_CLEAN_AGC;
    if (c->ceiling_dbm0 < was->ceiling_dbm0 || c->ceiling_dbm0 > was->ceiling_dbm0)
        which |= AW_CLEAN_LIMITER;
    return which;
}

static void close_some(struct bus_cleaner *g, uint32_t lane, uint32_t which)
{
    if (which & AW_CLEAN_DC)
        aw_dcblock_group_close(&g->dc, lane);
    if (which & AW_CLEAN_AGC)
        aw_agc_group_close(&g->agc, lane);
    if (which & AW_CLEAN_LIMITER)
        aw_limiter_group_close(&g->limiter, lane);
}

void aw_clean_set(struct aw_engine *e, const aw_cmd_clean *c)
{
    struct bus_port *p = aw_port_of(e, c->handle);

    if (!p)
        return;
    if (!is_possible(p, c)) {
        aw_count(&e->counters->refused, 1);
        return;
    }
    if (c->wants == 0) {
        aw_clean_stop(e, p);
        return;
    }
    if (p->clean == BUS_NONE)
        p->clean = take(&e->cleaners, aw_port_index(e, p));
    struct bus_cleaner *g = &e->cleaners.group[p->clean / LANES];
    uint32_t lane = p->clean % LANES, which = changed(&g->as[lane], c);
    g->as[lane] = (struct bus_cleaning){c->wants, c->target_dbm0, c->most_db, c->ceiling_dbm0};
    if (g->awake >> lane & 1) {
        close_some(g, lane, which);
        begin(g, lane, which & c->wants);
    }
    e->port_entries[aw_port_index(e, p)].clean = (aw_port_clean){
        c->wants, c->target_dbm0, c->most_db, c->ceiling_dbm0, aw_agc_group_gain_db(&g->agc, lane)};
}

void aw_clean_stop(struct aw_engine *e, struct bus_port *p)
{
    struct bus_cleaners *all = &e->cleaners;

    if (p->clean == BUS_NONE)
        return;
    struct bus_cleaner *g = &all->group[p->clean / LANES];
    rest(g, p->clean % LANES);
    g->taken &= ~(1u << p->clean % LANES);
    p->clean = BUS_NONE;
    while (all->used > 0 && all->group[all->used - 1].taken == 0)
        all->used--;
    e->port_entries[aw_port_index(e, p)].clean = (aw_port_clean){0};
}

static void wake(const struct aw_engine *e, struct bus_cleaner *g)
{
    for (uint32_t lane = 0; lane < LANES; lane++) {
        bool works = g->taken >> lane & 1 && e->port[g->port[lane]].place != BUS_NONE;
        if (works && !(g->awake >> lane & 1))
            begin(g, lane, g->as[lane].wants);
        else if (!works && g->awake >> lane & 1)
            rest(g, lane);
    }
}

static void show(struct aw_engine *e, const struct bus_cleaner *g)
{
    for (uint32_t lane = 0; lane < LANES; lane++) {
        uint16_t index = g->port[lane];
        if (g->awake >> lane & 1 && (e->counters->ticks + index) % BUS_SHOW_PERIOD == 0)
            e->port_entries[index].clean.gain_db = aw_agc_group_gain_db(&g->agc, lane);
    }
}

static void clean(struct aw_engine *e, struct bus_cleaner *g)
{
    _Alignas(AW_LINE) float soa[N * LANES];
    int16_t *rows[LANES];

    for (uint32_t lane = 0; lane < LANES; lane++)
        rows[lane] = g->awake >> lane & 1 ? e->said[g->port[lane]] : NULL;
    e->cleaners.kernel->gather((const int16_t *const *)rows, soa, N);
    aw_dcblock_group_run(&g->dc, soa);
    aw_agc_group_run(&g->agc, soa);
    aw_limiter_group_run(&g->limiter, soa);
    aw_simd_scatter(soa, rows, N);
    show(e, g);
}

void aw_clean_all(struct aw_engine *e)
{
    for (uint32_t i = 0; i < e->cleaners.used; i++) {
        struct bus_cleaner *g = &e->cleaners.group[i];
        wake(e, g);
        if (g->awake)
            clean(e, g);
    }
}
