# SPDX-License-Identifier: MIT
"""Write docs/reference/figures.md from what `make bench` and `make accuracy` have measured.

    python -m tests.figures_page

Each figure stands with its peer in the same run and, where we set ourselves one, its bound.
"""

import json
import operator
import platform
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.measure import BUILD, TESTS

__all__ = ["BOUNDS", "Bound", "page"]

PAGE: Final = TESTS.parent / "docs" / "reference" / "figures.md"
KINDS: Final = {"bench": "Speed", "accuracy": "Accuracy"}
HOLDS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "≤": operator.le,
    "≥": operator.ge,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure, or its ratio to the peer's, must be."""

    relation: str
    limit: float
    of: str = "value"

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Return whether a row of the JSON file keeps it; a ratio without a peer does."""
        measured = row[self.of]
        return measured is None or HOLDS[self.relation](measured, self.limit)

    def __str__(self) -> str:
        times = " times the peer's" if self.of == "ratio" else ""
        return f"{self.relation} {self.limit:g}{times}"


BOUNDS: Final[Mapping[str, tuple[Bound, ...]]] = {
    "dial_tone_p99_ms": (Bound("≤", 100),),
    "attendant_prompt_start_p99_ms": (Bound("≤", 100),),
    "attendant_digit_interrupt_p99_ms": (Bound("≤", 100),),
    "attendant_digit_interrupt_max_ms": (Bound("≤", 100),),
    "attendant_digit_to_prompt_p99_ms": (Bound("≤", 100),),
    "attendant_keys_missed": (Bound("=", 0),),
    "attendant_underruns": (Bound("=", 0),),
    "attendant_96_core_pct": (Bound("≤", 50),),
    "messages_96_whole": (Bound("=", 96),),
    "messages_96_core_pct": (Bound("≤", 50),),
    "board_to_board_ms": (Bound("≤", 15),),
    "digital_path_errors": (Bound("=", 0),),
    "digital_path_slips": (Bound("=", 0),),
    "start_to_dial_tone_s": (Bound("≤", 1),),
    "boards_per_core": (Bound("≥", 40),),
    "dsp_all_on_channels": (Bound("≥", 12_000), Bound("≥", 15, "ratio")),
    "dsp_all_on_channels_avx2": (Bound("≥", 12_000), Bound("≥", 15, "ratio")),
    "dsp_no_ec_channels": (Bound("≥", 60_000),),
    "dsp_no_ec_channels_avx2": (Bound("≥", 60_000),),
    "dsp_dtmf_channels": (Bound("≥", 250_000),),
    "dsp_ec20_ns": (Bound("≤", 7),),
    "dsp_ec128_ns": (Bound("≤", 14),),
    "dsp_conference_ns": (Bound("≤", 0.2),),
    "engine_all_on_channels": (Bound("≥", 8_400),),
    "engine_no_ec_channels": (Bound("≥", 42_000),),
    "engine_conference_ns": (Bound("≤", 0.29),),
    "engine_vanish_tick_us": (Bound("≤", 2_000),),
    "player_start_p99_ms": (Bound("≤", 20),),
    "player_ns": (Bound("≤", 25),),
    "player_speed_1_5_ns": (Bound("≤", 125),),
    "speed_tone_pitch_off_pct": (Bound("≤", 1),),
    "speed_duration_off_pct": (Bound("≤", 2),),
    "speed_tone_step": (Bound("≤", 1.1),),
    "speed_speech_pitch_off_pct": (Bound("≤", 1),),
    "speed_speech_steps_pct": (Bound("≤", 0.2),),
    "engine_gone_ms": (Bound("≤", 100),),
    "control_gone_ms": (Bound("≤", 100),),
    "dtmf_talkoff_keys": (Bound("=", 0),),
    "conceal_20_ms_1_percent_pesq_silence": (Bound("≥", 3.9),),
    "conceal_20_ms_3_percent_pesq_silence": (Bound("≥", 3.5),),
    "conceal_20_ms_5_percent_pesq_silence": (Bound("≥", 3.1),),
    "playout_jitter_1_percent_pesq": (Bound("≥", 3.7),),
    "playout_jitter_3_percent_pesq": (Bound("≥", 3.3),),
    "playout_jitter_5_percent_pesq": (Bound("≥", 2.9),),
    "prompts_sentences_wer": (Bound("≤", 3),),
    "prompts_pieces_wer": (Bound("≤", 8),),
    "progress_cadence_snr15_pct": (Bound("=", 100),),
    "progress_plus2_pct": (Bound("=", 100),),
    "progress_minus2_pct": (Bound("=", 100),),
    "progress_plus4_refused_pct": (Bound("=", 100),),
    "progress_minus4_refused_pct": (Bound("=", 100),),
    "progress_speech_false": (Bound("=", 0),),
    "detect_right": (Bound("=", 24),),
    "detect_right_long_line": (Bound("=", 24),),
    "hangup_worst_s": (Bound("≤", 6),),
    "hangup_missed": (Bound("=", 0),),
    "hangup_false_of_200": (Bound("=", 0),),
    "callerid_minus36_pct": (Bound("=", 100),),
    "callerid_snr12_pct": (Bound("=", 100),),
    "callerid_minus40_pct": (Bound("≥", 99),),
    "callerid_false": (Bound("=", 0),),
    "cas_talkoff": (Bound("=", 0),),
    "dtmf_talkoff_music_keys": (Bound("=", 0),),
    "dtmf_talkoff_hold_keys": (Bound("=", 0),),
    "dtmf_worst_accept_pct": (Bound("≥", 1.5),),
    "dtmf_worst_reject_pct": (Bound("≤", 3.5),),
    "dtmf_twist_forward_db": (Bound("≥", 8),),
    "dtmf_twist_reverse_db": (Bound("≥", 4),),
    "dtmf_always_ms": (Bound("≤", 40),),
    "dtmf_never_ms": (Bound("≥", 20),),
    "dtmf_break_10ms_pct": (Bound("≥", 100),),
    "dtmf_echo_5ms_pct": (Bound("≥", 99.5),),
    "dtmf_echo_10ms_pct": (Bound("≥", 99.5),),
    "dtmf_echo_15ms_pct": (Bound("≥", 99.5),),
    "dtmf_echo_20ms_pct": (Bound("≥", 99.5),),
    "dtmf_snr9_pct": (Bound("≥", 100),),
    "dtmf_dial_minus6_pct": (Bound("≥", 100),),
    "special_sit_0_dbm0_pct": (Bound("=", 100),),
    "special_sit_minus40_pct": (Bound("=", 100),),
    "special_sit_plus1_pct": (Bound("=", 100),),
    "special_sit_minus1_pct": (Bound("=", 100),),
    "special_sit_snr15_pct": (Bound("=", 100),),
    "special_sit_snr10_pct": (Bound("=", 100),),
    "special_cng_0_dbm0_pct": (Bound("=", 100),),
    "special_cng_minus40_pct": (Bound("=", 100),),
    "special_cng_plus38_pct": (Bound("=", 100),),
    "special_cng_minus38_pct": (Bound("=", 100),),
    "special_cng_snr15_pct": (Bound("=", 100),),
    "special_cng_snr10_pct": (Bound("=", 100),),
    "special_cng_300_ms_refused_pct": (Bound("=", 100),),
    "special_ced_0_dbm0_pct": (Bound("=", 100),),
    "special_ced_minus40_pct": (Bound("=", 100),),
    "special_ced_plus15_pct": (Bound("=", 100),),
    "special_ced_minus15_pct": (Bound("=", 100),),
    "special_ced_off60_refused_pct": (Bound("=", 100),),
    "special_ced_snr10_pct": (Bound("=", 100),),
    "special_reversed_minus31_pct": (Bound("=", 100),),
    "special_reversed_425_pct": (Bound("=", 100),),
    "special_reversed_475_pct": (Bound("=", 100),),
    "special_reversed_snr10_pct": (Bound("=", 100),),
    "special_reversed_600_refused_pct": (Bound("=", 100),),
    "special_ansam_snr10_pct": (Bound("=", 100),),
    "special_ansam_reversed_snr15_pct": (Bound("=", 100),),
    "special_ansam_reversed_snr10_pct": (Bound("=", 100),),
    "line_test_named": (Bound("≥", 38),),
    "line_test_false": (Bound("=", 0),),
    "special_speech_false": (Bound("=", 0),),
    **{
        f"faults_{link}_{what}": (Bound("=", 0),)
        for link in ("firmware", "terminal", "tcp", "usb", "modem")
        for what in ("unaccounted", "exceptions", "stuck")
        if (link, what) != ("modem", "unaccounted")
    },
    "faults_modem_unaccounted": (Bound("≤", 5),),  # spoiled shields shift its pieces of 5 ms
}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _row(row: Mapping[str, Any]) -> str:
    bounds = BOUNDS.get(row["name"], ())
    verdict = "" if not bounds else "met" if all(b.holds(row) for b in bounds) else "**missed**"
    cells = (
        f"`{row['name']}`",
        f"{_number(row['value'])} {row['unit']}",
        "" if row["peer_value"] is None else f"{row['peer']}: {_number(row['peer_value'])}",
        _number(row["ratio"]),
        "; ".join(map(str, bounds)),
        verdict,
    )
    return "| " + " | ".join(cells) + " |"


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def page(kinds: Mapping[str, Iterable[Mapping[str, Any]]], processor: str) -> str:
    """Return the page for the rows of each kind of file."""
    lines = [
        "# Figures",
        "",
        "Written by `make figures` from `build/bench.json` and `build/accuracy.json` (`make bench`,"
        " `make accuracy`).",
        f"One core of a shared machine ({processor}): trust ratios, which were measured in one run"
        " on the same samples, more than absolute",
        "times. A peer called `bound` is a limit of our own, `reference` our own scalar code.",
    ]
    for kind, rows in kinds.items():
        lines += ["", f"## {KINDS[kind]}", ""]
        lines += ["| figure | here | peer | ratio | must be | |", "|---|---|---|---|---|---|"]
        lines += [_row(row) for row in rows]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    measured = {
        kind: json.loads((BUILD / f"{kind}.json").read_text())
        for kind in KINDS
        if (BUILD / f"{kind}.json").exists()
    }
    PAGE.write_text(page(measured, _processor()))


if __name__ == "__main__":
    main()
