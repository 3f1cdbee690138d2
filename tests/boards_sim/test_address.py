# SPDX-License-Identifier: MIT
"""quantum+sim:// in real time: the driver, the engine in its thread, a wish over the socket."""

import json
import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from boards_sim.remote import RemoteStage
from drivers.base import Board, BoardEvent, BoardState, HookChanged
from drivers.errors import AddressError
from drivers.registry import board as board_at
from dsp.engine import Engine
from dsp.events import LinkEvent


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as engine:
        yield engine


def serve(board: Board, engine: Engine) -> list[BoardEvent]:
    """Wait a moment for the engine, and give the board its events."""
    select.select([engine.fileno()], [], [], 0.05)
    news: list[BoardEvent] = []
    for event in engine.events():
        if isinstance(event, LinkEvent) and board.owns_link(event.link):
            news += board.receive(event, engine.now)
    if board.deadline is not None and engine.now >= board.deadline:
        news += board.expire(engine.now)
    return news


def test_a_telephone_of_a_board_in_this_process_can_be_lifted(
    engine: Engine, tmp_path: Path
) -> None:
    board = board_at(f"quantum+sim://Q12?seed=3&control={tmp_path / 'sim.sock'}")
    board.start(engine, engine.now)
    board.link_opened(board.open_link(), engine.now)
    deadline = time.monotonic() + 30
    while board.state is not BoardState.UP and time.monotonic() < deadline:
        serve(board, engine)
    assert board.info is not None
    assert board.info.serial == "SIM-Q12-0003-0"
    control = json.loads(board.info.features["dictionary"])["control"]
    stage = RemoteStage(Path(control))
    stage.telephone(4).lifts()
    news: list[BoardEvent] = []
    while not news and time.monotonic() < deadline:
        news = [e for e in serve(board, engine) if isinstance(e, HookChanged)]
    assert [(e.port, e.off_hook) for e in news if isinstance(e, HookChanged)] == [(4, True)]
    stage.close()
    board.stop(engine.now)


@pytest.mark.parametrize(
    "address",
    [
        "quantum+sim://Q99",
        "quantum+sim://",
        "quantum+sim://Q12?seed=x",
        "quantum+sim://Q12?country=atlantis",
        "quantum+sim://Q12?line=wet",
        "quantum+sim://Q12?colour=red",
        "quantum+sim://[",
    ],
)
def test_a_wrong_address_is_refused_with_what_is_allowed(address: str) -> None:
    with pytest.raises(AddressError, match=r"allowed|none of|write|number|Invalid IPv6"):
        board_at(address)
