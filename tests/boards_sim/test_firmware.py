# SPDX-License-Identifier: MIT
# ruff: noqa: F401 - the imported tests are what is run here
"""The reference firmware in C does what the firmware in Python does: the same tests."""

import functools

import pytest

from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.stage import Stage
from tests.boards_sim import test_board
from tests.boards_sim.test_board import (
    stage,
    test_a_board_without_a_session_greets_once_a_second,
    test_a_compressed_link_carries_its_own_values_unchanged,
    test_a_flash_is_a_break_within_the_window,
    test_a_host_is_told_who_is_there_and_how_every_port_is,
    test_a_late_host_gives_an_underrun_that_fades,
    test_a_reboot_is_announced_and_everything_is_at_rest,
    test_a_repeated_hello_changes_nothing_and_a_new_one_begins_anew,
    test_a_repeated_request_is_answered_from_store_and_done_once,
    test_a_rotary_dial_is_read,
    test_a_senseless_request_is_refused,
    test_a_silent_host_frees_trunks_and_stops_the_bells,
    test_an_event_is_repeated_until_acknowledged,
    test_an_open_loop_is_an_open_loop_and_no_hook_event,
    test_an_unkicked_watchdog_resets,
    test_battery_is_not_judged_while_the_board_pulses,
    test_events_that_found_the_ring_full_are_counted_and_states_sent,
    test_frames_are_numbered_and_carry_the_sample_clock,
    test_gain_is_applied_at_the_port,
    test_garbage_and_bad_payloads_do_no_harm,
    test_off_hook_is_reported_in_time_and_on_hook_after_the_flash_window,
    test_pulses_and_flash_reach_the_office,
    test_pulses_cut_short_say_so,
    test_pulses_of_8_to_22_a_second_are_read,
    test_ring_trip_comes_within_the_burst,
    test_ringing_follows_its_cadence_and_is_tripped_within_250_ms,
    test_ringing_polarity_and_battery_of_the_office_are_reported,
    test_ringing_stops_when_told_to,
    test_samples_take_two_frames_from_port_to_port_bit_for_bit,
    test_the_factory_page_holds_the_serial_number,
    test_the_meter_reads_volts_and_milliamps,
    test_the_same_seed_gives_the_same_bytes,
)


@pytest.fixture(autouse=True)
def _in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_board, "Stage", functools.partial(Stage, firmware=ReferenceFirmware))
