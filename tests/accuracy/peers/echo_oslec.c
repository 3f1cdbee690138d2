/* SPDX-License-Identifier: MIT */
/*
 * OSLEC behind the interface of echo_peers.py: compiled only to be measured, from the kernel's
 * sources where Debian's package brings them (OSLEC_C names the file), and never distributed.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint16_t u16;
typedef uint32_t u32;

#define GFP_KERNEL               0
#define kzalloc(n, flags)        calloc(1, n)
#define kcalloc(m, n, flags)     calloc(m, n)
#define kfree                    free
#define fls(x)                   ((x) ? 32 - __builtin_clz((unsigned)(x)) : 0)
#define EXPORT_SYMBOL_GPL(name)  extern int no_such_symbol
#define MODULE_LICENSE(text)     extern int no_such_symbol
#define MODULE_AUTHOR(text)      extern int no_such_symbol
#define MODULE_DESCRIPTION(text) extern int no_such_symbol
#define MODULE_VERSION(text)     extern int no_such_symbol
#include OSLEC_C

void *peer_new(int taps, int nlp);
void peer_run(void *state, const int16_t *far, const int16_t *near, int16_t *out, int n);

void *peer_new(int taps, int nlp)
{
    int mode = ECHO_CAN_USE_ADAPTION | ECHO_CAN_USE_TX_HPF | ECHO_CAN_USE_RX_HPF;
    return oslec_create(taps, mode | (nlp ? ECHO_CAN_USE_NLP | ECHO_CAN_USE_CNG : 0));
}

void peer_run(void *state, const int16_t *far, const int16_t *near, int16_t *out, int n)
{
    for (int i = 0; i < n; i++)
        out[i] = oslec_update(state, oslec_hpf_tx(state, far[i]), near[i]);
}
