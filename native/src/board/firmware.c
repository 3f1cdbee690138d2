/* SPDX-License-Identifier: MIT */
/* Firmware in two slots: one runs, the other can be written, tried and left again (class FW of
 * docs/reference/qhi.md). */
#include "board/board.h"

#include <string.h>

#include "board/bytes.h"

enum {
    IMAGE_LEAST = 16,
    IMAGE_MOST = 16 << 20,
    IMAGE_HEAD = 16,
    PIECE_MAX = 1024,
    PIECE_HEAD = 6,
    SUMMED_AT_ONCE = 2048, /* a tick; 0.4 MB/s, and well below a tick's time on any processor */
    TRIAL_MS = 60000,      /* from a boot on trial to the session that must be there */
    PROOF_MS = 30000,      /* what a session must last to confirm an image */
    BOOTS_MOST = 0xffff
};

bool board_firmware_is_there(const aw_board_hal *hal)
{
    return hal->slots_read && hal->slots_write && hal->flash_erase && hal->flash_write &&
           hal->flash_read && hal->restart;
}

static aw_board_slot *other(aw_board *b)
{
    return &b->firmware.slots.slot[!b->firmware.slots.running];
}

static aw_board_slot *running(aw_board *b)
{
    return &b->firmware.slots.slot[b->firmware.slots.running];
}

static uint32_t other_number(const aw_board *b)
{
    return !b->firmware.slots.running;
}

static uint32_t keep(aw_board *b)
{
    return b->setup.hal->slots_write(b->setup.hw, &b->firmware.slots);
}

/* The boot loader */

static bool can_boot(const aw_board_slot *s)
{
    return s->state == AW_SLOT_CONFIRMED || s->state == AW_SLOT_VERIFIED;
}

uint32_t aw_board_boot(aw_board_slots *slots)
{
    aw_board_slot *slot = &slots->slot[slots->running];
    bool leaves = slots->ordered;

    if (slot->state == AW_SLOT_TRIAL) {
        slot->state = AW_SLOT_FAILED;
        leaves = true;
    }
    if (leaves && can_boot(&slots->slot[!slots->running]))
        slots->running = !slots->running;
    slots->ordered = 0;
    slot = &slots->slot[slots->running];
    if (slot->state == AW_SLOT_VERIFIED)
        slot->state = AW_SLOT_TRIAL;
    if (slot->boots < BOOTS_MOST)
        slot->boots++;
    slots->boots++;
    return slots->running;
}

void board_firmware_wake(aw_board *b)
{
    struct firmware *f = &b->firmware;

    memset(f, 0, sizeof *f);
    f->booted_ms = now_ms(b);
    if (!board_firmware_is_there(b->setup.hal) ||
        b->setup.hal->slots_read(b->setup.hw, &f->slots) != AW_BOARD_OK)
        return;
    f->slots.running &= 1;
    b->setup.firmware = running(b)->version;
}

/* Time */

/* Sum up a little more of the image that is to be verified. */
void board_firmware_tick(aw_board *b)
{
    struct firmware *f = &b->firmware;

    for (uint32_t done = 0; f->summing && done < SUMMED_AT_ONCE; done += PIECE_MAX) {
        uint32_t n = other(b)->size - f->summed;
        n = n < PIECE_MAX ? n : PIECE_MAX;
        if (b->setup.hal->flash_read(b->setup.hw, other_number(b), f->summed, b->scratch, n) !=
            AW_BOARD_OK)
            return; /* once more with the next tick */
        sha256_feed(&f->sha, b->scratch, n);
        f->summed += n;
        f->summing = f->summed < other(b)->size;
    }
}

bool board_firmware_has_failed(aw_board *b)
{
    if (running(b)->state != AW_SLOT_TRIAL)
        return false;
    if (b->session && now_ms(b) - b->session_ms >= PROOF_MS) {
        running(b)->state = AW_SLOT_CONFIRMED;
        if (keep(b) != AW_BOARD_OK)
            running(b)->state = AW_SLOT_TRIAL; /* else a reset would think so still */
        return false;
    }
    return !b->session && now_ms(b) - b->firmware.booted_ms >= TRIAL_MS;
}

/* Verbs */

/* Give up what the other slot holds. */
static uint32_t clear(aw_board *b)
{
    b->firmware.summing = false;
    b->firmware.summed = 0;
    *other(b) = (aw_board_slot){.state = AW_SLOT_EMPTY};
    return keep(b);
}

static uint32_t begin(aw_board *b, struct request *r)
{
    uint32_t size = get32(r->args), result;
    const uint8_t *digest = r->args + 4;
    aw_board_slot *s = other(b);
    bool resumes = s->state == AW_SLOT_PARTIAL || s->state == AW_SLOT_VERIFIED;

    if (size < IMAGE_LEAST || size > IMAGE_MOST || size > b->setup.slot_bytes)
        return out_of_range(r, 0);
    if (running(b)->state == AW_SLOT_TRIAL)
        return AW_BOARD_BAD_STATE; /* the other one is the way back */
    if (!resumes || s->size != size || memcmp(s->sha256, digest, SHA256_BYTES) != 0) {
        if ((result = clear(b)) != AW_BOARD_OK ||
            (result = b->setup.hal->flash_erase(b->setup.hw, other_number(b))) != AW_BOARD_OK)
            return result;
        s->size = size;
        s->state = AW_SLOT_PARTIAL;
        memcpy(s->sha256, digest, SHA256_BYTES);
        if ((result = keep(b)) != AW_BOARD_OK)
            return result;
    }
    r->out[0] = (uint8_t)other_number(b);
    r->out[1] = 0;
    put16(r->out + 2, PIECE_MAX);
    put32(r->out + 4, s->written);
    r->results = 8;
    return AW_BOARD_OK;
}

static uint32_t check_piece(const aw_board_slot *s, struct request *r)
{
    uint32_t offset = get32(r->args), n = get16(r->args + 4);

    if (n < 1 || r->length < PIECE_HEAD + n)
        return AW_BOARD_BAD_ARG;
    if (n > PIECE_MAX)
        return out_of_range(r, 4);
    if (s->state != AW_SLOT_PARTIAL || offset != s->written)
        return AW_BOARD_BAD_STATE;
    return n > s->size - offset ? out_of_range(r, 0) : AW_BOARD_OK;
}

static uint32_t write(aw_board *b, struct request *r)
{
    aw_board_slot *s = other(b);
    uint32_t offset = get32(r->args), n = get16(r->args + 4);
    const uint8_t *piece = r->args + PIECE_HEAD;
    uint32_t result = check_piece(s, r);

    if (result == AW_BOARD_OK)
        result = b->setup.hal->flash_write(b->setup.hw, other_number(b), offset, piece, n);
    if (result != AW_BOARD_OK)
        return result;
    s->written += n;
    if (offset == 0 && n >= IMAGE_HEAD)
        s->version = get32(piece + 8);
    put32(r->out, s->written);
    r->results = 4;
    return keep(b);
}

/* Whether the other slot holds an image for this board, and of the length that its head says. */
static bool fits(aw_board *b)
{
    uint8_t head[IMAGE_HEAD];
    aw_board_slot *s = other(b);

    if (b->setup.hal->flash_read(b->setup.hw, other_number(b), 0, head, sizeof head) != AW_BOARD_OK)
        return false;
    s->version = get32(head + 8);
    return memcmp(head, "AWFW", 4) == 0 && get16(head + 4) == b->setup.vendor &&
           get16(head + 6) == b->setup.type && get32(head + 12) == s->size;
}

static uint32_t verify(aw_board *b, struct request *r)
{
    struct firmware *f = &b->firmware;
    aw_board_slot *s = other(b);

    if ((s->state != AW_SLOT_PARTIAL && s->state != AW_SLOT_VERIFIED) || s->written != s->size)
        return AW_BOARD_BAD_STATE;
    if (!f->summing && f->summed == 0) {
        sha256_begin(&f->sha);
        f->summing = true;
    }
    if (f->summing)
        return AW_BOARD_BUSY;
    f->summed = 0; /* asked again, it is summed up anew */
    sha256_end(&f->sha, r->out);
    if (memcmp(r->out, s->sha256, SHA256_BYTES) != 0 || !fits(b)) {
        clear(b);
        return AW_BOARD_VERIFY;
    }
    s->state = AW_SLOT_VERIFIED;
    r->results = SHA256_BYTES;
    return keep(b);
}

static uint32_t boot_other(aw_board *b, uint8_t needed)
{
    if (other(b)->state != needed)
        return AW_BOARD_BAD_STATE;
    b->firmware.slots.ordered = 1;
    uint32_t result = keep(b);
    b->firmware.slots.ordered = result == AW_BOARD_OK;
    b->restart_as = result == AW_BOARD_OK ? AW_BOOT_FIRMWARE : 0;
    return result;
}

static uint32_t activate(aw_board *b, struct request *r)
{
    (void)r;
    return boot_other(b, AW_SLOT_VERIFIED);
}

static uint32_t roll_back(aw_board *b, struct request *r)
{
    (void)r;
    return boot_other(b, AW_SLOT_CONFIRMED);
}

static uint32_t trial_left_s(aw_board *b)
{
    uint64_t passed = now_ms(b) - b->firmware.booted_ms;

    if (running(b)->state != AW_SLOT_TRIAL)
        return 0;
    return passed < TRIAL_MS ? (uint32_t)((TRIAL_MS - passed + 999) / 1000) : 1;
}

static uint32_t boot_info(aw_board *b, struct request *r)
{
    const aw_board_slots *slots = &b->firmware.slots;
    uint8_t *out = r->out;

    out[0] = 2;
    out[1] = slots->running;
    out[2] = (uint8_t)trial_left_s(b);
    out[3] = b->boot_reason;
    put32(out + 4, slots->boots);
    out += 8;
    for (const aw_board_slot *s = slots->slot; s < slots->slot + 2; s++) {
        out[0] = s->state;
        out[1] = 0;
        put16(out + 2, s->boots);
        put32(out + 4, s->version);
        put32(out + 8, s->size);
        memcpy(out + 12, s->sha256, SHA256_BYTES);
        out += 12 + SHA256_BYTES;
    }
    r->results = (uint8_t)(out - r->out);
    return AW_BOARD_OK;
}

const struct verb board_firmware_verbs[] = {
    {QHI_FW, FW_BEGIN, OF_BOARD, 4 + SHA256_BYTES, begin},
    {QHI_FW, FW_WRITE, OF_BOARD, PIECE_HEAD, write},
    {QHI_FW, FW_VERIFY, OF_BOARD, 0, verify},
    {QHI_FW, FW_ACTIVATE, OF_BOARD, 0, activate},
    {QHI_FW, FW_ROLLBACK, OF_BOARD, 0, roll_back},
    {QHI_FW, FW_BOOT_INFO, OF_BOARD, 0, boot_info},
    {0, 0, 0, 0, NULL},
};
