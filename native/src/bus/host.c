/* SPDX-License-Identifier: MIT */
/* Descriptors from another process: they come beside the arena, and an order names them. */
#include <unistd.h>

#include "bus/bus.h"

aw_status aw_engine_host(aw_engine *e)
{
    if (e->threaded)
        return AW_ESTATE;
    e->hosted = true;
    return AW_OK;
}

aw_status aw_engine_lend(aw_engine *e, int descriptor, uint32_t *token)
{
    if (descriptor < 0 || !token)
        return AW_EINVAL;
    for (unsigned i = 0; i < AW_LINKS_MAX; i++) {
        struct bus_lent *slot = &e->lent[i];
        if (__atomic_load_n(&slot->token, __ATOMIC_ACQUIRE) != 0)
            continue;
        e->tokens = e->tokens % INT32_MAX + 1;
        __atomic_store_n(&slot->descriptor, descriptor, __ATOMIC_RELAXED);
        __atomic_store_n(&slot->token, e->tokens, __ATOMIC_RELEASE);
        *token = e->tokens;
        return AW_OK;
    }
    return AW_EFULL;
}

/* Tokens don't come again, so who still finds his own has the descriptor that goes with it. */
static int take(struct bus_lent *slot, uint32_t token)
{
    int descriptor = __atomic_load_n(&slot->descriptor, __ATOMIC_RELAXED);
    bool ours = __atomic_compare_exchange_n(&slot->token, &token, 0, false, __ATOMIC_ACQ_REL,
                                            __ATOMIC_RELAXED);

    return ours ? descriptor : -1;
}

int aw_lent_take(struct aw_engine *e, uint32_t token)
{
    for (unsigned i = 0; token != 0 && i < AW_LINKS_MAX; i++)
        if (__atomic_load_n(&e->lent[i].token, __ATOMIC_ACQUIRE) == token)
            return take(&e->lent[i], token);
    return -1;
}

void aw_engine_reclaim(aw_engine *e)
{
    for (unsigned i = 0; i < AW_LINKS_MAX; i++) {
        uint32_t token = __atomic_load_n(&e->lent[i].token, __ATOMIC_ACQUIRE);
        int descriptor = token != 0 ? take(&e->lent[i], token) : -1;
        if (descriptor >= 0)
            close(descriptor);
    }
}
