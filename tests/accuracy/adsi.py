# SPDX-License-Identifier: MIT
"""spandsp's caller-ID receiver and sender (``adsi``), as a peer to measure and to talk with."""

import enum

import numpy as np

from dsp.pcm import Samples
from tests.accuracy.spandsp import library

__all__ = ["Adsi", "AdsiStandard"]

DECLARATIONS = """
typedef void (*put_msg_func_t)(void *user_data, const uint8_t *msg, int len);
void *adsi_rx_init(void *s, int standard, put_msg_func_t put_msg, void *user_data);
int adsi_rx(void *s, const int16_t amp[], int len);
int adsi_rx_free(void *s);
void *adsi_tx_init(void *s, int standard);
int adsi_tx_free(void *s);
void adsi_tx_set_preamble(void *s, int preamble_len, int ones_len, int ident, int stop_bits);
void adsi_tx_send_alert_tone(void *s);
int adsi_tx(void *s, int16_t amp[], int max_len);
int adsi_tx_put_message(void *s, const uint8_t *msg, int len);
"""


class AdsiStandard(enum.IntEnum):
    """Standards of adsi.h."""

    CLASS = 1
    CLIP = 2
    JCLIP = 4
    CLIP_DTMF = 5


class Adsi:
    """The library; ``load`` returns None where it isn't installed."""

    def __init__(self) -> None:
        loaded = library(DECLARATIONS)
        if loaded is None:
            raise OSError("libspandsp is not installed")
        self._ffi, self._lib = loaded

    @classmethod
    def load(cls) -> "Adsi | None":
        """Return the peer, or None."""
        return cls() if library(DECLARATIONS) else None

    def receive(
        self, pcm: Samples, standard: AdsiStandard = AdsiStandard.CLASS, *, block: int = 160
    ) -> list[bytes]:
        """Return the messages heard, block by block, after them 100 ms of silence."""
        heard: list[bytes] = []

        def put(_: object, message: object, length: int) -> None:
            heard.append(bytes(self._ffi.buffer(message, length)))

        callback = self._ffi.callback("put_msg_func_t", put)
        receiver = self._lib.adsi_rx_init(self._ffi.NULL, standard, callback, self._ffi.NULL)
        padded = np.concatenate([pcm, np.zeros(800, np.int16)])
        for at in range(0, len(padded), block):
            part = np.ascontiguousarray(padded[at : at + block])
            self._lib.adsi_rx(receiver, self._ffi.from_buffer("int16_t[]", part), len(part))
        self._lib.adsi_rx_free(receiver)
        return heard

    def send(self, message: bytes, standard: AdsiStandard, *, alert: bool = False) -> Samples:
        """Return what it makes of a message (its checksum is added by the sender)."""
        sender = self._lib.adsi_tx_init(self._ffi.NULL, standard)
        if alert:
            self._lib.adsi_tx_send_alert_tone(sender)
        self._lib.adsi_tx_put_message(sender, message, len(message))
        block = np.zeros(80000, np.int16)
        made = self._lib.adsi_tx(sender, self._ffi.from_buffer("int16_t[]", block), len(block))
        self._lib.adsi_tx_free(sender)
        silence = np.zeros(800, np.int16)
        return np.concatenate([silence, block[:made], silence])
