# SPDX-License-Identifier: MIT
"""Scripts of faults: what is understood, and what is said of the rest."""

import pytest

from boards_sim.faults import HAPPENS, Faults
from boards_sim.faultscript import VERBS, Fault, FaultTextError, grammar


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ()),
        (" ; ;", ()),
        ("drop 2%", (Fault("drop", (0.02,)),)),
        (
            "at 3s drop 2%; at 5s unplug for 2s; ppm +80",
            (Fault("drop", (0.02,), 3.0), Fault("unplug", (), 5.0, 2.0), Fault("ppm", (80.0,))),
        ),
        ("leak tip-ground 62k port 4", (Fault("leak", ("tip-ground", 62e3), port=4),)),
        ("stall for 300ms # a moment", (Fault("stall", (), 0.0, 0.3),)),
        ("hum 50Hz", (Fault("hum", (50.0, -40.0)),)),
        ("hum 60Hz -30dBm0 for 1m", (Fault("hum", (60.0, -30.0), for_s=60.0),)),
        ("foreign ring -48Vdc", (Fault("foreign", ("ring", "-48Vdc", 50.0, 10e3)),)),
        ("foreign tip 20Vac 60Hz 1M", (Fault("foreign", ("tip", "20Vac", 60.0, 1e6)),)),
        ("foreign tip 20Vac 5k", (Fault("foreign", ("tip", "20Vac", 50.0, 5e3)),)),
        ("echo D4 6dB for 2s port 0", (Fault("echo", ("D4", 6.0), 0.0, 2.0, 0),)),
        ("disconnect open 100ms", (Fault("disconnect", ("open", 0.1)),)),
        ("eeprom-rot 8", (Fault("eeprom-rot", (8.0,)),)),
        ("dead port 3", (Fault("dead", (), port=3),)),
        ("caller-level -30dBm0", (Fault("caller-level", (-30.0,)),)),
    ],
)
def test_scripts_are_understood(text: str, faults: tuple[Fault, ...]) -> None:
    assert Faults.parse(text) == faults


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("explode", "column 1: 'explode' where one of drop, duplicate"),
        ("drop", "column 5: the end where a share as 2%"),
        ("drop 2", "column 6: '2' where a share as 2%"),
        ("drop 101%", "column 6: '101%' where a share"),
        ("drop 2%; at soon stall", "column 13: 'soon' where a time as 300ms"),
        ("at 3s", "column 6: the end where one of"),
        ("unplug for", "column 11: the end where a time"),
        ("unplug twice", "column 8: 'twice' where \"for\" or a semicolon"),
        ("unplug for 2s for 3s", "column 15: 'for' where a semicolon"),
        ("stall port 4", "column 7: 'port' where \"for\""),
        ("reboot for 2s", "column 8: 'for' where a semicolon"),
        ("leak tip 62k", "column 6: 'tip' where tip-ground | ring-ground | tip-ring"),
        ("leak tip-ground 62x", "column 17: '62x' where a resistance"),
        ("leak tip-ground 62k port four", "column 26: 'four' where a count"),
        ("hum 400Hz", "column 5: '400Hz' where 50Hz | 60Hz"),
        ("echo D1", "column 6: 'D1' where D2 | D3"),
        ("dead", 'column 5: the end where "port"'),
        ("office atlantis", "column 8: 'atlantis' where us | us-mute"),
        ("ppm 1e99", "column 5: '1e99' where parts per million"),
        ("drop 2%\n;\nburn", "column 11: 'burn'"),
        ("noise nan", "column 7: 'nan'"),
        ("drop ٢%", "column 6"),
    ],
)
def test_an_error_says_where_and_what_is_allowed(text: str, reason: str) -> None:
    with pytest.raises(FaultTextError) as caught:
        Faults.parse(text)
    assert reason in str(caught.value)


def test_every_verb_is_in_the_grammar_and_has_somebody_to_do_it() -> None:
    shown = grammar()
    assert all(f"| {name} |" in shown for name in VERBS)
    assert HAPPENS.keys() == {name for name, verb in VERBS.items() if verb.layer != "line"}
