# SPDX-License-Identifier: MIT
"""The picture of a box, as XML and as the PNG inside."""

import base64
import struct
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import numpy as np

from altiware.blackbox.box import Box, Facts, open_box
from altiware.blackbox.decode import decode
from altiware.blackbox.picture import picture
from altiware.blackbox.png import ROWS, png_of, spectrogram
from dsp.levels import peak_of
from tests.altiware.blackbox.sounds import make_box, write_wav

SVG = "{http://www.w3.org/2000/svg}"


def drawn(box: Box) -> ET.Element:
    return ET.fromstring(picture(box, decode(box)))  # noqa: S314 - it is our own


def texts(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def test_all_that_is_known_is_on_one_sheet(tmp_path: Path) -> None:
    root = drawn(open_box(make_box(tmp_path)))
    words = texts(root)
    assert {"from the line", "to the line", "busy", "1", "5", "9", "00:01: BusyHeard"} <= set(words)
    assert {"tip-ring", "current", "4 s"} <= set(words)
    assert len(list(root.iter(f"{SVG}image"))) == 2
    assert len(list(root.iter(f"{SVG}polyline"))) == 2


def test_times_are_on_one_axis(tmp_path: Path) -> None:
    root = drawn(open_box(make_box(tmp_path)))
    (moment,) = root.iter(f"{SVG}circle")
    lines = {line.get("x1") for line in root.iter(f"{SVG}line")}
    half = (float(sorted(lines, key=lambda x: float(x or 0))[1] or 0) + 90) / 2
    assert abs(float(moment.get("cx") or 0) - half) < 1.0, "0.5 s is midway between 0 and 1 s"


def test_a_sound_alone_and_an_empty_one_can_be_drawn(tmp_path: Path) -> None:
    assert drawn(open_box(make_box(tmp_path, facts=None))).tag == f"{SVG}svg"
    empty = np.zeros(0, dtype=np.int16)
    assert drawn(open_box(write_wav(tmp_path / "e.wav", empty, empty))).tag == f"{SVG}svg"


def test_names_that_look_like_markup_are_only_text(tmp_path: Path) -> None:
    box = open_box(make_box(tmp_path, facts=Facts(reason="<script>&", party='"x"')))
    assert any("<script>&" in words for words in texts(drawn(box)))


def test_a_tone_is_in_its_row_at_its_level() -> None:
    at = np.arange(8000) / 8000
    cells = spectrogram((np.sin(2 * np.pi * 1000 * at) * peak_of(-14)).astype(np.int16))
    assert cells.shape == (ROWS, 100)
    row = int(cells[:, 50].argmax())
    assert row == ROWS - 1 - 1000 * ROWS // 4000
    assert abs(int(cells[row, 50]) - round(56 / 70 * 255)) <= 4


def test_the_png_is_one_and_holds_the_cells() -> None:
    cells = np.arange(6, dtype=np.uint8).reshape(2, 3)
    png = png_of(cells)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + content)
        chunks[kind] = content
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert zlib.decompress(chunks[b"IDAT"]) == bytes([0, 0, 1, 2, 0, 3, 4, 5])
    assert base64.b64encode(png)
