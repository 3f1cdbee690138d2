# SPDX-License-Identifier: MIT
"""Who is who on the board, whatever its ports are: the first two telephones, the first trunk."""

import pytest

from drivers.base import PortKind


def ports(board, kind):
    found = [port.number for port in board.info.ports if port.kind is kind]
    if not found:
        pytest.skip(f"{board.info.model} has no {kind.value} port")
    return found


@pytest.fixture
def station(board):
    """The first telephone port."""
    return ports(board, PortKind.FXS)[0]


@pytest.fixture
def trunk(board):
    """The first office port."""
    return ports(board, PortKind.FXO)[0]


@pytest.fixture
def alice(phone, station):
    return phone(station)


@pytest.fixture
def bob(board, phone):
    return phone(ports(board, PortKind.FXS)[1])


@pytest.fixture
def city(office, trunk):
    return office(trunk)
