# SPDX-License-Identifier: MIT
"""AT commands one after the other: answers, refusals, silence, and lines in between."""

from drivers.at.dialogue import Answer, Command, Dialogue


class Talk:
    """A dialogue whose commands are written down."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.dialogue = Dialogue(
            lambda command: self.sent.append(command.text), lambda line: line == "RING"
        )

    def hears(self, *lines: str, now: float = 0.0) -> list[Answer | str]:
        found = [self.dialogue.receive(line, now) for line in lines]
        return [each for each in found if each is not None]


def test_the_next_command_waits_for_the_answer_to_the_last() -> None:
    talk = Talk()
    talk.dialogue.ask([Command("ATE0"), Command("ATI3")], 0.0)
    assert talk.sent == ["ATE0"]
    talk.hears("ATE0", "OK")
    assert talk.sent == ["ATE0", "ATI3"]
    (answer,) = talk.hears("V1.2", "second line", "OK")
    assert isinstance(answer, Answer)
    assert (answer.good, answer.text) == (True, "V1.2\nsecond line")
    assert talk.dialogue.idle


def test_what_comes_by_itself_is_no_answer() -> None:
    talk = Talk()
    talk.dialogue.ask([Command("ATI3")], 0.0)
    assert talk.hears("RING") == ["RING"]
    (answer,) = talk.hears("V1.2", "OK")
    assert isinstance(answer, Answer)
    assert answer.lines == ("V1.2",)
    assert talk.hears("V1.2") == ["V1.2"]


def test_a_refusal_drops_what_depends_on_it() -> None:
    talk = Talk()
    talk.dialogue.ask([Command("AT+FCLASS=8"), Command("AT+VLS=1")], 0.0)
    (answer,) = talk.hears("ERROR")
    assert isinstance(answer, Answer)
    assert answer.failure == "AT+FCLASS=8: ERROR"
    assert talk.sent == ["AT+FCLASS=8"]
    assert talk.dialogue.idle


def test_what_a_modem_need_not_know_is_passed_over() -> None:
    talk = Talk()
    talk.dialogue.ask([Command("AT+VIT=0", optional=True), Command("AT+VLS=1")], 0.0)
    talk.hears("ERROR")
    assert talk.sent == ["AT+VIT=0", "AT+VLS=1"]


def test_silence_is_an_answer_too() -> None:
    talk = Talk()
    talk.dialogue.ask([Command("AT", 1.0), Command("ATZ")], 5.0)
    assert talk.dialogue.deadline == 6.0
    assert talk.dialogue.expire(5.9) is None
    answer = talk.dialogue.expire(6.0)
    assert answer is not None
    assert answer.failure == "AT: no answer"
    assert talk.dialogue.idle
    assert talk.dialogue.deadline is None
