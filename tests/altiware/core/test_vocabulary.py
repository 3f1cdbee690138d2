# SPDX-License-Identifier: MIT
import importlib
import pkgutil
from typing import Any

import pytest

import altiware.core
from altiware.core import effects, events, legs, notices, orders
from altiware.core.causes import Cause, tone_of
from altiware.core.decision import Decision, NumberClass, Verdict
from altiware.core.effects import SeizeLoop
from altiware.core.errors import SeizureError
from altiware.core.ids import CallId
from altiware.core.legs import Seize
from altiware.core.signals import Tone

VOCABULARIES = (effects, events, legs, notices, orders)


def test_messages_are_frozen_and_slotted() -> None:
    for module in VOCABULARIES:
        for name in module.__all__:
            kind: Any = getattr(module, name)
            parameters = getattr(kind, "__dataclass_params__", None)
            if parameters is not None:
                assert parameters.frozen, name
                assert "__dict__" not in dir(kind), name


def test_what_a_module_exports_exists() -> None:
    for found in pkgutil.iter_modules(altiware.core.__path__):
        module = importlib.import_module(f"altiware.core.{found.name}")
        exported = getattr(module, "__all__", ())
        assert list(exported) == sorted(exported, key=lambda name: (not name.isupper(), name))
        assert all(hasattr(module, each) for each in exported)


@pytest.mark.parametrize("verdict", [Verdict.DENY, Verdict.CHALLENGE])
def test_nothing_is_seized_without_an_allowing_decision(verdict: Verdict) -> None:
    decision = Decision(verdict, "rule", "because", NumberClass.PREMIUM, "9005550123")
    with pytest.raises(SeizureError, match="because"):
        Seize(0.0, CallId("1"), decision)
    with pytest.raises(SeizureError, match="because"):
        SeizeLoop(decision)


def test_only_who_is_busy_or_wants_no_calls_is_told_by_busy_tone() -> None:
    told = [cause for cause in Cause if tone_of(cause) is Tone.BUSY]
    assert told == [Cause.BUSY, Cause.DO_NOT_DISTURB]
