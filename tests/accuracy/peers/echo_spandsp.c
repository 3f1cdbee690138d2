/* SPDX-License-Identifier: MIT */
/* spandsp's line echo canceller behind the interface of echo_peers.py. */
#include <spandsp.h>

void *peer_new(int taps, int nlp);
void peer_run(void *state, const int16_t *far, const int16_t *near, int16_t *out, int n);

void *peer_new(int taps, int nlp)
{
    return echo_can_init(taps,
                         ECHO_CAN_USE_ADAPTION | (nlp ? ECHO_CAN_USE_NLP | ECHO_CAN_USE_CNG : 0));
}

void peer_run(void *state, const int16_t *far, const int16_t *near, int16_t *out, int n)
{
    for (int i = 0; i < n; i++)
        out[i] = echo_can_update(state, echo_can_hpf_tx(state, far[i]), near[i]);
}
