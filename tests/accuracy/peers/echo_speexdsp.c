/* SPDX-License-Identifier: MIT */
/* speexdsp's canceller and its preprocessor in frames of 20 ms, for echo_peers.py. */
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>
#include <stdlib.h>

#define FRAME 160

struct peer {
    SpeexEchoState *echo;
    SpeexPreprocessState *residual;
};

void *peer_new(int taps, int nlp);
void peer_run(void *state, const int16_t *far, const int16_t *near, int16_t *out, int n);

void *peer_new(int taps, int nlp)
{
    struct peer *p = calloc(1, sizeof *p);
    int rate = 8000, no = 0;

    if (!p)
        return NULL;
    p->echo = speex_echo_state_init(FRAME, taps);
    speex_echo_ctl(p->echo, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    if (!nlp)
        return p;
    p->residual = speex_preprocess_state_init(FRAME, rate);
    speex_preprocess_ctl(p->residual, SPEEX_PREPROCESS_SET_ECHO_STATE, p->echo);
    speex_preprocess_ctl(p->residual, SPEEX_PREPROCESS_SET_DENOISE, &no);
    return p;
}

void peer_run(void *state, const int16_t *far, const int16_t *near, int16_t *out, int n)
{
    struct peer *p = state;

    for (int i = 0; i + FRAME <= n; i += FRAME) {
        speex_echo_cancellation(p->echo, near + i, far + i, out + i);
        if (p->residual)
            speex_preprocess_run(p->residual, out + i);
    }
}
