/* SPDX-License-Identifier: MIT */
#ifndef AW_FRAME_H
#define AW_FRAME_H
#include <stddef.h>
#include <stdint.h>

#include "aw/status.h"

/* cffi: begin */
/**
 * Frames of the Quantum host interface on a stream of bytes (docs/reference/qhi.md).
 *
 * What:  COBS(header, payload, CRC-32) and a final 0x00; encoder, and a deframer that takes the
 *        stream in pieces of any size and finds its way again at the next 0x00.
 * How:   CRC-32 as zlib's, eight bytes at a time; COBS in one pass.
 * Not:   no sequence numbers, retries or acknowledgements (they belong to the session), and no
 *        samples (see the engine).
 *
 * All functions but new and free are real-time safe.
 */
enum {
    AW_FRAME_HEADER = 12,
    AW_FRAME_CRC = 4,
    AW_FRAME_DECODED_MAX = 4096, /* header, payload and CRC */
    AW_FRAME_PAYLOAD_MAX = 4080,
    AW_FRAME_WIRE_MAX = 4115, /* one COBS byte per begun 254, the final 0x00, one to pad */
    AW_FRAME_VERSION = 1,
    /* A transfer that is a multiple of the USB packet (64 at full, 512 at high speed) would leave
     * its reader waiting for more: one more 0x00 avoids it and means nothing. */
    AW_FRAME_USB_PACKET = 64
};

typedef enum {
    AW_FRAME_HELLO = 0,
    AW_FRAME_REQ = 1,
    AW_FRAME_RSP = 2,
    AW_FRAME_EVT = 3,
    AW_FRAME_PCM = 4,
    AW_FRAME_LOG = 5,
    AW_FRAME_PING = 6,
    AW_FRAME_BULK = 7,
} aw_frame_kind;

typedef struct {
    uint8_t kind;  /* aw_frame_kind; 8 to 15 are reserved */
    uint8_t flags; /* 1 ack wanted, 2 more, 4 retransmitted, 8 urgent, 16 scheduled */
    uint16_t seq;  /* counts per kind and direction */
    uint32_t tick; /* board's sample clock */
    uint16_t ack;
} aw_frame_header;

typedef struct {
    aw_frame_header header;
    size_t length;
    const uint8_t *payload; /* NULL: no frame; valid until the deframer is fed again */
} aw_frame;

/** A PCM frame's own head.  Down (host to board) it ends after `ports`. */
enum { AW_PCM_UP_HEADER = 16, AW_PCM_DOWN_HEADER = 8 };
enum { AW_PCM_FIRST = 1, AW_PCM_SLIP = 2, AW_PCM_UNDERRUN = 4 };

typedef struct {
    uint8_t ms;
    uint8_t format;     /* 0 u-law, 1 A-law, 2 16-bit linear, little-endian */
    uint8_t tx_fill_ms; /* up: what the board still has to play */
    uint8_t flags;      /* AW_PCM_FIRST ... */
    uint32_t ports;     /* bit per port whose samples follow, lowest first */
    uint32_t off_hook;  /* up: level state, bit per port */
    uint32_t ringing;   /* up */
} aw_pcm_header;

/**
 * Write one frame as it goes over the wire.  Returns its length (at most AW_FRAME_WIRE_MAX),
 * 0 when the payload is too long or `size` too small.
 */
size_t aw_frame_encode(uint8_t *out, size_t size, const aw_frame_header *header,
                       const uint8_t *payload, size_t length);

typedef struct aw_deframer aw_deframer;

/** Create a deframer (for Python; C embeds struct aw_deframer of src/link/frame.h). */
aw_status aw_deframer_new(aw_deframer **out);
/** Destroy a deframer; NULL is allowed. */
void aw_deframer_free(aw_deframer *d);
/**
 * Take bytes up to the end of the next valid frame, or all n.  Returns how many were taken; when
 * a frame was completed it stands in *out, else out->payload is NULL.  Call again with the rest.
 */
size_t aw_deframer_feed(aw_deframer *d, const uint8_t *in, size_t n, aw_frame *out);
/** Valid frames so far, and frames thrown away (CRC, COBS, length or version wrong). */
uint64_t aw_deframer_frames(const aw_deframer *d);
uint64_t aw_deframer_bad(const aw_deframer *d);

/**
 * Read a PCM payload's head, upward (`up` 1) or downward (0).  Returns where the samples begin,
 * or 0 when the payload isn't exactly as long as its head says or has an unknown format.
 */
size_t aw_pcm_decode(const uint8_t *payload, size_t length, int up, aw_pcm_header *out);
/** Write a PCM payload's head; returns its length. `out` holds AW_PCM_UP_HEADER bytes. */
size_t aw_pcm_encode(uint8_t *out, const aw_pcm_header *header, int up);
/** CRC-32 as zlib's crc32(): begin with 0, go on with the last result. */
uint32_t aw_crc32(uint32_t crc, const uint8_t *bytes, size_t n);
/* cffi: end */
#endif
