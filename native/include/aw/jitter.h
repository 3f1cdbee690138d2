/* SPDX-License-Identifier: MIT */
#ifndef AW_JITTER_H
#define AW_JITTER_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
enum {
    AW_JITTER_CELLS = 64,    /**< pieces of memory of a buffer; a packet takes one per CELL bytes */
    AW_JITTER_CELL = 160,    /**< bytes of a cell: 20 ms of G.711 */
    AW_JITTER_BYTES = 960,   /**< longest payload, and most samples of one: 120 ms of G.711 */
    AW_JITTER_MOST_MS = 400, /**< largest delay that is ever aimed at */
};

/** What a packet carries. */
typedef enum {
    AW_PACKET_AUDIO = 0,   /**< payload for the decoder */
    AW_PACKET_COMFORT = 1, /**< RFC 3389 comfort noise */
} aw_packet_kind;

/** A packet as it came from the wire.  Nothing in it is trusted. */
typedef struct {
    uint16_t sequence;
    uint32_t timestamp; /**< in samples of 8 kHz */
    uint32_t kind;      /**< aw_packet_kind; others are refused */
    uint32_t samples;   /**< how long it plays, 8 kHz; audio 1..960, comfort noise 0 */
    uint32_t bytes;     /**< of payload, 1..AW_JITTER_BYTES */
} aw_packet;

/** What became of a packet. */
typedef enum {
    AW_PACKET_KEPT = 0,
    AW_PACKET_LATE = 1,      /**< its time to be played has passed */
    AW_PACKET_DUPLICATE = 2, /**< it is here already */
    AW_PACKET_FULL = 3,      /**< no room: the oldest ones would have to go */
    AW_PACKET_REFUSED = 4,   /**< malformed, or far from the others' time */
} aw_packet_fate;

/** What to play next. */
typedef enum {
    AW_PLAY_NOTHING = 0, /**< not begun: silence or comfort noise */
    AW_PLAY_PACKET = 1,  /**< decode the payload */
    AW_PLAY_COMFORT = 2, /**< the payload is comfort noise: begin it */
    AW_PLAY_LOST = 3,    /**< conceal `samples`; they will not come in time any more */
    AW_PLAY_WAIT = 4,    /**< conceal, without giving up what is due: it may still come */
    AW_PLAY_PAUSE = 5,   /**< `samples` in which nothing was sent: comfort noise */
} aw_play;

/** What to play next, with the payload in the caller's memory. */
typedef struct {
    uint32_t what;    /**< aw_play */
    uint32_t samples; /**< how long; of a packet: as it said */
    uint32_t skip;    /**< of these, how many at the beginning were played already */
    uint32_t bytes;   /**< of payload */
    int32_t early;    /**< samples by which it is played before the target delay; negative: after */
} aw_play_order;

/** Figures since creation. */
typedef struct {
    uint32_t received; /**< packets given */
    uint32_t played;   /**< packets handed on for playing */
    uint32_t lost;     /**< packets that should have been played and were not there in time */
    uint32_t late;     /**< packets that came after their time: part of `lost` */
    uint32_t duplicates;
    uint32_t refused; /**< malformed, out of time, or too many */
    uint32_t resyncs; /**< times the sender's clock jumped and was followed */
    float jitter_ms;  /**< interarrival jitter, RFC 3550 6.4.1 */
    float target_ms;  /**< delay aimed at, over the fastest packet of late */
    float delay_ms;   /**< delay now: of the newest packet played, the same way */
} aw_jitter_figures;

/**
 * Buffer that puts packets in order and says when each is due (RTP's, but no socket and no header).
 *
 * What:  keeps what came, and delays it by as much as 99.5 % of packets need, as measured lately.
 * How:   delay of each packet against the fastest of the last ten seconds, in a forgetting
 * histogram; a packet that comes within the target is always played; 32 bits of time may wrap. Not:
 * no decoding, concealment or stretching (aw_playout does that), no RTCP.
 */
typedef struct aw_jitter aw_jitter;

/** Create; the target delay stays within least_ms..most_ms, 0 <= least <= most <=
 * AW_JITTER_MOST_MS. */
aw_status aw_jitter_new(aw_jitter **out, unsigned least_ms, unsigned most_ms);
/** Destroy; NULL is allowed. */
void aw_jitter_free(aw_jitter *j);
/**
 * Give a packet that came at `now` (samples of 8 kHz, never going back).  payload holds
 * packet->bytes and is copied.  Real-time safe.
 */
aw_packet_fate aw_jitter_put(aw_jitter *j, uint64_t now, const aw_packet *packet,
                             const uint8_t *payload);
/**
 * Take what is to be played from `now` on, for at most `samples` (but a packet comes whole);
 * payload has room for AW_JITTER_BYTES.  Who holds samples taken but not played yet adds them to
 * `now`: so what he stretches or shortens is known here.  Real-time safe.
 */
aw_play_order aw_jitter_take(aw_jitter *j, uint64_t now, uint32_t samples, uint8_t *payload);
/** Samples waiting in the buffer from the next one due on, gaps included.  Real-time safe. */
uint32_t aw_jitter_waiting(const aw_jitter *j);
/** Look at the figures.  Real-time safe. */
aw_jitter_figures aw_jitter_look(const aw_jitter *j);
/* cffi: end */
#endif
