# SPDX-License-Identifier: MIT
"""The Quantum host interface: the frame codec and messages used by both ends.

``frame`` (bytes and frames), ``messages`` (payloads), ``arguments`` (of requests and events),
``pcm`` (samples), ``dictionary``, ``numbers`` (every number that the specification fixes).
"""

from drivers.qhi.dictionary import Dictionary, encode_dictionary
from drivers.qhi.frame import Deframer, Frame, FrameFlag, FrameKind, encode
from drivers.qhi.layout import MessageError
from drivers.qhi.messages import Bulk, EventMessage, Hello, Log, Request, Response

__all__ = [
    "Bulk",
    "Deframer",
    "Dictionary",
    "EventMessage",
    "Frame",
    "FrameFlag",
    "FrameKind",
    "Hello",
    "Log",
    "MessageError",
    "Request",
    "Response",
    "encode",
    "encode_dictionary",
]
