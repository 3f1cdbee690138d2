# SPDX-License-Identifier: MIT
"""The control socket and sentences: good wishes are fulfilled, bad ones answered with reasons."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from boards_sim.__main__ import main
from boards_sim.control import ControlServer
from boards_sim.spoken import wish_of
from boards_sim.stage import Stage
from boards_sim.wishes import Wish


class Client:
    def __init__(self, stage: Stage, server: ControlServer) -> None:
        self.stage = stage
        self.server = server
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(server.path))
        self.socket.setblocking(False)
        self.lines: list[dict[str, Any]] = []

    def send(self, content: object) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.socket.sendall(data + b"\n")

    def step(self) -> None:
        self.server.poll()
        self.stage.step()
        self.server.advance()
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return
        self.lines += [json.loads(line) for line in data.splitlines()]

    def asks(self, content: object) -> dict[str, Any]:
        self.send(content)
        before = len(self.lines)
        for _ in range(2000):
            self.step()
            if len(self.lines) > before:
                return self.lines[-1]
        raise AssertionError("no answer within 10 s")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    stage = Stage(("Q12",))
    server = ControlServer(stage, tmp_path / "control")
    client = Client(stage, server)
    yield client
    client.socket.close()
    server.close()
    assert not server.path.exists()


def test_wishes_are_fulfilled_one_after_another(client: Client) -> None:
    client.send({"port": 4, "verb": "lifts"})
    client.send({"port": 4, "verb": "dials", "args": {"digits": "12"}})
    answer = client.asks({"port": 4, "verb": "hangs_up"})
    while len(client.lines) < 3:
        client.step()
    assert [line["ok"] for line in client.lines] == [True] * 3
    # two digits of 80 ms on, 80 ms off
    assert client.lines[-1]["now"] == pytest.approx(0.32, abs=0.02)
    assert answer["result"] is None


def test_two_clients_wait_side_by_side(client: Client) -> None:
    other = Client(client.stage, client.server)
    client.send({"verb": "passes", "args": {"seconds": 1.0}})
    other.send({"verb": "passes", "args": {"seconds": 1}})
    while not (client.lines and other.lines):
        client.step()
        other.step()
    assert client.stage.now < 1.1
    other.socket.close()


def test_an_expectation_that_fails_is_told_as_such(client: Client) -> None:
    wish = {"port": 4, "verb": "rings", "args": {"within_s": 0.1}}
    answer = client.asks(wish)
    assert (answer["ok"], answer["kind"]) == (False, "expectation")
    assert "the bell has never rung" in answer["error"]


def test_the_stage_says_who_is_there(client: Client) -> None:
    ports = client.asks({"verb": "ports"})["result"]
    assert [p["name"].split()[0] for p in ports] == ["office"] * 4 + ["telephone"] * 8
    assert "lifts" in ports[4]["verbs"]


def test_a_script_of_faults_can_be_begun(client: Client) -> None:
    assert client.asks({"verb": "faults", "args": {"script": "at 1s stall for 1s"}})["ok"]
    client.asks({"verb": "passes", "args": {"seconds": 2.5}})
    assert len(client.stage.faults().log) == 2


@pytest.mark.parametrize("fault", ["closes", "reboots", "stalls", "sends_garbage"])
def test_faults_are_at_hand(client: Client, fault: str) -> None:
    args = {"seconds": 0.1} if fault in {"stalls", "sends_garbage"} else {}
    assert client.asks({"verb": fault, "args": args})["ok"]


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (b"lift it", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "a wish is an object"),
        ({"verb": 7}, "a wish is an object"),
        ({"verb": "lifts", "colour": 1}, "no 'colour'"),
        ({"verb": "lifts", "port": "4"}, "whole numbers"),
        ({"verb": "lifts", "port": True}, "whole numbers"),
        ({"verb": "lifts", "port": -2}, "whole numbers"),
        ({"verb": "lifts", "port": 99}, "no port 0:99"),
        ({"verb": "lifts", "port": 4, "board": 3}, "no board 3"),
        ({"verb": "lifts", "port": 0}, "can't 'lifts'"),
        ({"verb": "__init__", "port": 4}, "can't '__init__'"),
        ({"verb": "mouth", "port": 4}, "can't 'mouth'"),
        ({"verb": "lifts", "port": 4, "args": []}, '"args" is an object'),
        ({"verb": "lifts", "port": 4, "args": {"how": 1}}, "no argument 'how'"),
        ({"verb": "dials", "port": 4}, "needs the argument 'digits'"),
        ({"verb": "dials", "port": 4, "args": {"digits": 102}}, "is not a text"),
        ({"verb": "dials", "port": 4, "args": {"digits": "1", "pulse": "no"}}, "true or false"),
        ({"verb": "rings", "port": 4, "args": {"within_s": -1}}, "not within"),
        ({"verb": "rings", "port": 4, "args": {"within_s": 1e300}}, "not within"),
        ({"verb": "rings", "port": 4, "args": {"within_s": "soon"}}, "not a number"),
        ({"verb": "flashes", "port": 4, "args": {"duration_ms": 0.5}}, "not a whole number"),
        ({"verb": "hears", "port": 4, "args": {"tone": "hum"}}, "no tone is called 'hum'"),
        ({"verb": "save_ear", "port": 4, "args": {"path": "/nowhere/ear.wav"}}, "nowhere"),
        ({"verb": "passes"}, "takes seconds"),
        ({"verb": "passes", "args": {"seconds": "x"}}, "not within"),
        ({"verb": "explodes"}, "the stage can't"),
        ({"verb": "faults"}, "takes a script"),
        ({"verb": "faults", "args": {"script": 3}}, "takes a script"),
        ({"verb": "faults", "args": {"script": "drop all"}}, "column 6: 'all'"),
        (b"[" * 50_000, "not JSON"),
        ({"verb": "passes", "args": {"seconds": None}}, "not within"),
        ({"verb": "stalls", "args": {"seconds": [1]}}, "not within"),
        ({"verb": "closes", "board": 1}, "no board 1; there are 0 to 0"),
        ({"verb": "reboots", "board": 10**30}, "no board"),
    ],
)
def test_a_senseless_wish_is_refused_and_the_next_one_heard(
    client: Client, wish: object, reason: str
) -> None:
    answer = client.asks(wish)
    assert (answer["ok"], answer["kind"]) == (False, "wish")
    assert reason in answer["error"]
    assert client.asks({"verb": "now"})["ok"]


def test_an_endless_line_is_cut(client: Client) -> None:
    client.socket.setblocking(True)
    client.socket.settimeout(30)
    for _ in range(3):
        client.socket.sendall(b"x" * 30000)
        client.server.poll()
    client.socket.setblocking(False)
    client.send(b"")
    client.step()
    client.step()
    assert client.lines
    assert not client.lines[0]["ok"]


def test_a_client_that_leaves_in_the_middle_is_forgotten(client: Client) -> None:
    client.send({"verb": "passes", "args": {"seconds": 5}})
    client.step()
    assert client.server.is_busy
    client.socket.close()
    client.server.poll()
    assert not client.server.is_busy


# Sentences


@pytest.mark.parametrize(
    ("sentence", "wish"),
    [
        ("telephone 4 lifts", Wish("lifts", 4)),
        ("telephone 1:4 hangs-up", Wish("hangs_up", 4, 1)),
        ("telephone 4 dials 102 pulse=true", Wish("dials", 4, 0, {"digits": "102", "pulse": True})),
        ("telephone 4 hears dial 2.5", Wish("hears", 4, 0, {"tone": "dial", "within_s": 2.5})),
        ("telephone 4 flashes 600", Wish("flashes", 4, 0, {"duration_ms": 600})),
        (
            "office 0 calls_in 5551234 'JO DOE'",
            Wish("calls_in", 0, 0, {"number": "5551234", "name": "JO DOE"}),
        ),
        ("office 0 calls_in name=JO", Wish("calls_in", 0, 0, {"name": "JO"})),
        ("stage passes 2", Wish("passes", -1, 0, {"seconds": 2.0})),
        ("stage ports", Wish("ports", -1)),
        ("stage faults drop 2% for 3s", Wish("faults", -1, 0, {"script": "drop 2% for 3s"})),
    ],
)
def test_sentences_are_understood(sentence: str, wish: Wish) -> None:
    assert wish_of(sentence) == wish


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("", "write telephone"),
        ("telephone 4", "write telephone"),
        ("fax 4 lifts", "write telephone"),
        ("telephone four lifts", "is not a port"),
        ("telephone :4 lifts", "is not a port"),
        ("telephone 4 answers", "can't 'answers'"),
        ("telephone 4 lifts quickly", "too much"),
        ("telephone 4 rings soon", "not a number"),
        ("telephone 4 rings when=1", "no argument 'when'"),
        ("telephone 4 dials 1 maybe", "neither true nor false"),
        ("telephone 4 says 'x", "No closing quotation"),
    ],
)
def test_other_sentences_are_refused(sentence: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        wish_of(sentence)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--profile", "Q99", "--pty"],
        ["--pty", "--tcp", "5"],
        ["--tcp", "99999"],
        ["--tcp", "x"],
        ["--pty", "--seed", "-1"],
        ["--pty", "--country", "atlantis"],
        ["--pty", "--control", "/nowhere/at/all"],
        ["--pty", "--faults", "drop everything"],
        ["--pty", "--faults", "dead port 99"],
        ["act"],
        ["act", "/nowhere/at/all", "telephone 4 lifts"],
        ["act", "/nowhere/at/all", "telephone 4 sings"],
    ],
)
def test_wrong_usage_exits_2_without_a_traceback(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert said
    assert "Traceback" not in said
