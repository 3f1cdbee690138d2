# SPDX-License-Identifier: MIT
"""Voice mail: messages are left, kept, heard, and answered."""

import enum
from collections.abc import Iterator
from pathlib import Path

import pytest

from altiware.core.notices import MailAbused, SettingChanged, Traced
from altiware.features.voicemail.dialogue import Dialogue
from tests.scenarios.signalling.mail_office import PIN, MailRig, mail_plan


@pytest.fixture(autouse=True)
def _dialogues_keep_to_their_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    enter = Dialogue.enter

    def checked(self: Dialogue, state: enum.Enum) -> None:
        by_table = {into for (begun, _), (into, _) in self.rows.items() if begun is self.state}
        allowed = by_table | self.choices.get(self.state, frozenset()) | {self.state}
        assert state in allowed, f"{type(self).__name__}: {self.state} to {state}"
        enter(self, state)

    monkeypatch.setattr(Dialogue, "enter", checked)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[MailRig]:
    rig = MailRig(tmp_path, mail_plan())
    yield rig
    rig.everybody_hangs_up()
    rig.passes(65.0)
    rig.is_clean()
    assert rig.half == [], "nothing half-recorded is left"
    rig.close()


@pytest.mark.feature("voice mail")
def test_a_message_is_left_heard_and_deleted(rig: MailRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.rings()
    rig.passes(12.1)
    bob.is_quiet()
    rig.hears(alice, "greeting-extension", "greeting-default")
    rig.leaves_message(alice)
    assert rig.waiting["102"] == (1, 0, 0)
    assert len(rig.sounds) == 1
    alice.hangs_up()
    bob.calls("##")
    rig.hears(bob, "first-time")
    bob.presses(f"{PIN}#")
    rig.hears(bob, "new-password-again")
    bob.presses(f"{PIN}#")
    rig.hears(bob, "password-changed")
    rig.hears(bob, "you-have", "number-1", "new-message")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    (sound,) = rig.sounds
    rig.hears(bob, "message-from", "number-1", "number-0", "today", sound.removesuffix(".wav"))
    rig.hears(bob, "to-replay", "to-delete")
    assert rig.waiting["102"] == (0, 0, 1), "heard to its end: it is saved"
    bob.presses("3")
    rig.hears(bob, "confirm-delete")
    bob.presses("#")
    rig.hears(bob, "message-deleted")
    rig.hears(bob, "end-of-messages")
    assert rig.sounds == [sound], "it can be had back until he hangs up"
    bob.hangs_up()
    rig.passes(1.0)
    assert rig.sounds == []
    assert rig.waiting["102"] == (0, 0, 0)


def leaves(rig: MailRig, who: str, whom: str, seconds: float = 3.0) -> None:
    """Let somebody leave a message."""
    caller = rig.phone(who)
    caller.calls(f"#40{whom}#")
    rig.leaves_message(caller, seconds)
    caller.hangs_up()


def set_password(rig: MailRig, who: str) -> None:
    """Let an owner choose his password, at his telephone."""
    owner = rig.phone(who)
    owner.calls("##")
    rig.hears(owner, "first-time")
    owner.presses(f"{PIN}#")
    rig.hears(owner, "new-password-again")
    owner.presses(f"{PIN}#")
    rig.hears(owner, "password-changed")
    owner.hangs_up()


@pytest.fixture
def owned(rig: MailRig) -> MailRig:
    """Bob has a password already."""
    set_password(rig, "102")
    return rig


@pytest.mark.feature("voice mail")
def test_a_caller_from_outside_who_hangs_up_has_left_what_he_said(rig: MailRig) -> None:
    office, alice = rig.office(), rig.phone("101")
    alice.lifts()  # the operator is busy: callers wait; so he comes by way of a station's number
    alice.hangs_up()
    office.calls_in("2125550123", "SMITH JOHN")
    alice.rings()
    alice.lifts()
    alice.flashes()
    alice.dials("#40102#")
    rig.is_recording()
    rig.speaks(2.0)
    office.breaks_loop()
    rig.passes(1.0)
    assert rig.waiting["102"] == (1, 0, 0)
    assert len(rig.sounds) == 1


@pytest.mark.feature("voice mail", "transfer")
def test_what_was_said_is_dropped_when_somebody_else_is_left_at_the_mailbox(rig: MailRig) -> None:
    alice, carol = rig.phone("101"), rig.phone("103")
    alice.calls("#40102#")
    rig.is_recording()
    rig.speaks(2.0)
    alice.flashes()
    alice.dials("103")
    carol.rings()
    alice.hangs_up()
    carol.lifts()
    carol.hangs_up()
    rig.passes(60.0)
    assert rig.half == []
    assert rig.waiting["102"] == (0, 0, 0)


@pytest.mark.feature("voice mail", "transfer")
def test_a_party_on_hold_is_handed_to_a_mailbox_by_a_code(rig: MailRig) -> None:
    alice, bob, carol = (rig.phone(each) for each in ("101", "102", "103"))
    alice.calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("#40103#")
    bob.hears_tone("reorder")
    bob.hangs_up()
    rig.hears(alice, "greeting-extension", "number-3")
    rig.leaves_message(alice)
    alice.hangs_up()
    assert rig.waiting["103"] == (1, 0, 0)
    carol.is_quiet()


@pytest.mark.feature("voice mail", "hold")
def test_with_nobody_on_hold_the_code_leaves_a_message_oneself(rig: MailRig) -> None:
    leaves(rig, "101", "102")
    assert rig.waiting["102"] == (1, 0, 0)


@pytest.mark.feature("voice mail")
def test_a_busy_station_s_callers_come_to_its_mailbox(rig: MailRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    bob.lifts()
    alice.calls("102")
    rig.hears(alice, "greeting-extension")


@pytest.mark.feature("voice mail", "do not disturb")
def test_do_not_disturb_leads_to_the_mailbox(rig: MailRig) -> None:
    alice = rig.phone("101")
    rig.exchange._switchboard.settings.change(
        SettingChanged(0.0, "102", "do_not_disturb", value=True)
    )
    alice.calls("102")
    rig.hears(alice, "greeting-extension")
    rig.phone("102").is_quiet()


@pytest.mark.feature("voice mail")
def test_saved_is_said_when_it_is_on_the_disk_and_not_before(rig: MailRig) -> None:
    alice = rig.phone("101")
    alice.calls("#40102#")
    rig.is_recording()
    rig.speaks(2.0)
    alice.presses("#")
    rig.hears(alice, "to-send")
    rig.writer.held = True
    alice.presses("1")
    rig.passes(3.0)
    assert rig.says(alice) == []
    assert rig.waiting["102"] == (0, 0, 0)
    rig.writer.let_go()
    rig.hears(alice, "message-saved")
    assert rig.waiting["102"] == (1, 0, 0)


@pytest.mark.feature("voice mail")
def test_what_is_too_short_is_not_kept(rig: MailRig) -> None:
    alice = rig.phone("101")
    alice.calls("#40102#")
    rig.is_recording()
    rig.passes(2.0)
    alice.presses("#")
    rig.hears(alice, "to-send")
    alice.presses("1")
    rig.hears(alice, "recording-too-short")
    alice.hangs_up()
    rig.passes(1.0)
    assert rig.waiting["102"] == (0, 0, 0)


@pytest.mark.feature("voice mail")
def test_a_message_can_be_marked_recorded_again_and_given_a_number(rig: MailRig) -> None:
    alice = rig.phone("101")
    alice.calls("#40102#")
    rig.is_recording()
    rig.speaks(2.0)
    alice.presses("#")
    rig.hears(alice, "to-send", "to-mark-urgent")
    alice.presses("4")
    rig.hears(alice, "marked-urgent")
    alice.presses("3")
    rig.hears(alice, "to-send")
    alice.presses("3")
    rig.is_recording()
    rig.speaks(2.0)
    alice.presses("#")
    rig.hears(alice, "to-send")
    alice.presses("6")
    rig.hears(alice, "enter-callback-number")
    alice.presses("5550199#")
    rig.hears(alice, "number-noted")
    alice.hangs_up()
    rig.passes(1.0)
    assert rig.waiting["102"] == (1, 1, 0), "one, urgent; the first recording is gone"
    assert len(rig.sounds) == 1


@pytest.mark.feature("voice mail")
def test_urgent_messages_come_first_and_then_the_newest(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    for caller, urgent in (("101", False), ("103", True), ("104", False)):
        phone = rig.phone(caller)
        phone.calls("#40102#")
        rig.is_recording()
        rig.speaks(2.0)
        phone.presses("#")
        rig.hears(phone, "to-send")
        if urgent:
            phone.presses("4")
            rig.hears(phone, "to-send")
        phone.presses("1")
        rig.hears(phone, "message-saved")
        phone.hangs_up()
    bob.calls("##")
    rig.hears(bob, "you-have", "number-3", "new-messages", "urgent-message")
    bob.presses("1")
    rig.hears(bob, "message-urgent", "number-3")
    bob.presses("#")
    rig.hears(bob, "message-from", "number-4")
    bob.presses("#")
    rig.hears(bob, "message-from", "number-1")
    rig.hears(bob, "to-previous")
    bob.presses("7")
    rig.hears(bob, "message-from", "number-4")


@pytest.mark.feature("voice mail")
def test_a_message_is_wound_and_heard_faster(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    leaves(rig, "101", "102", 20.0)
    bob.calls("##")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    rig.hears(bob, "message-from")
    (player,) = rig.engine.sources(bob.timeslot)
    rig.passes(1.0)
    before = rig.engine.player_at(player)
    bob.presses("9")
    assert rig.engine.player_at(player) - before == pytest.approx(5.2, abs=0.05)
    bob.presses("77")
    assert rig.engine.player_at(player) < before
    bob.presses("8888")
    before = rig.engine.player_at(player)
    rig.passes(1.0)
    assert rig.engine.player_at(player) - before == pytest.approx(2.0, abs=0.1)


@pytest.mark.feature("voice mail")
def test_a_deleted_message_can_be_had_back_until_its_owner_hangs_up(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    leaves(rig, "101", "102")
    bob.calls("##")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    rig.hears(bob, "message-from")
    bob.presses("3")
    rig.hears(bob, "confirm-delete")
    bob.presses("#")
    rig.hears(bob, "end-of-messages")
    rig.hears(bob, "to-hear-deleted")
    bob.presses("7")
    rig.hears(bob, "message-from")
    bob.presses("3")
    rig.hears(bob, "message-saved")
    bob.hangs_up()
    rig.passes(1.0)
    assert rig.waiting["102"] == (0, 0, 1)
    assert len(rig.sounds) == 1


@pytest.mark.feature("voice mail")
def test_a_message_is_answered_and_sent_on_with_a_comment(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    leaves(rig, "101", "102")
    bob.calls("##")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    rig.hears(bob, "message-from")
    bob.presses("4")
    rig.hears(bob, "record-reply")
    rig.is_recording()
    rig.speaks(2.0)
    bob.presses("#")
    rig.hears(bob, "to-send")
    bob.presses("1")
    rig.hears(bob, "message-sent")
    assert rig.waiting["101"] == (1, 0, 0)
    rig.hears(bob, "to-forward")
    bob.presses("6")
    rig.hears(bob, "record-comment")
    rig.is_recording()
    rig.speaks(2.0)
    bob.presses("#")
    rig.hears(bob, "to-send")
    bob.presses("1")
    rig.hears(bob, "enter-recipient")
    bob.presses("103#")
    rig.hears(bob, "recipient-added")
    rig.hears(bob, "enter-recipient")
    bob.presses("#")
    rig.hears(bob, "message-sent")
    assert rig.waiting["103"] == (1, 0, 0)
    bob.hangs_up()
    set_password(rig, "103")
    carol = rig.phone("103")
    carol.calls("##")
    rig.hears(carol, "to-hear-new")
    carol.presses("1")
    rig.hears(carol, "message-from", "message-forwarded")
    comments = [each.removesuffix(".wav") for each in rig.sounds if "comment" in each]
    assert set(comments) <= set(rig.says(carol))


@pytest.mark.feature("voice mail")
def test_a_message_to_a_list_is_in_all_mailboxes(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    bob.calls("##")
    rig.hears(bob, "for-options")
    bob.presses("4")
    rig.hears(bob, "for-lists")
    bob.presses("6")
    for member in ("101", "103"):
        rig.hears(bob, "list-number" if member == "101" else "list-add")
        if member == "101":
            bob.presses("7#")
            rig.hears(bob, "list-add")
        bob.presses("1")
        rig.hears(bob, "enter-mailbox")
        bob.presses(f"{member}#")
        rig.hears(bob, "list-saved")
    rig.hears(bob, "list-add")
    bob.presses("*")
    rig.hears(bob, "for-lists")
    bob.presses("*")
    rig.hears(bob, "to-record-and-send")
    bob.presses("3")
    rig.is_recording()
    rig.speaks(2.0)
    bob.presses("#")
    rig.hears(bob, "to-send")
    bob.presses("1")
    rig.hears(bob, "enter-recipient")
    bob.presses("7#")
    rig.hears(bob, "number-2", "people", "recipient-added")
    bob.presses("#")
    rig.hears(bob, "message-sent")
    assert rig.waiting["101"] == rig.waiting["103"] == (1, 0, 0)


@pytest.mark.feature("voice mail")
def test_an_owner_calls_the_sender_and_comes_back(owned: MailRig) -> None:
    rig, bob, alice = owned, owned.phone("102"), owned.phone("101")
    leaves(rig, "101", "102")
    bob.calls("##")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    rig.hears(bob, "message-from")
    bob.presses("5")
    rig.hears(bob, "calling-sender")
    rig.passes(1.0)
    alice.rings()
    bob.hears_tone("ringback")
    alice.lifts()
    assert alice.timeslot in rig.engine.sources(bob.timeslot)
    assert bob.timeslot in rig.engine.sources(alice.timeslot)
    bob.presses("***")
    rig.hears(bob, "to-replay")
    alice.hears_tone("reorder")
    assert alice.timeslot not in rig.engine.sources(bob.timeslot)


@pytest.mark.feature("voice mail")
def test_more_calls_out_of_one_visit_than_anybody_needs_are_reported(owned: MailRig) -> None:
    rig, bob, alice = owned, owned.phone("102"), owned.phone("101")
    leaves(rig, "101", "102")
    bob.calls("##")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    rig.hears(bob, "to-replay")

    def reports() -> list[MailAbused]:
        return [each for each in rig.notices if isinstance(each, MailAbused)]

    for _ in range(20):
        bob.presses("5*")
        rig.passes(0.5)
        alice.rings()
        bob.presses("***")
        alice.is_quiet()
    assert reports() == []
    bob.presses("5*")
    rig.passes(0.5)
    (report,) = reports()
    assert (report.extension, report.calls) == ("102", 21)
    alice.lifts()
    rig.passes(121 * 60.0)
    assert len(reports()) == 2
    assert reports()[1].minutes == pytest.approx(120.0, abs=0.1)


@pytest.mark.feature("voice mail")
def test_the_sender_s_number_outside_is_not_called_unless_the_plan_says_so(owned: MailRig) -> None:
    rig, bob, office = owned, owned.phone("102"), owned.office()
    alice = rig.phone("101")
    office.calls_in("2125550123")
    alice.lifts()
    alice.flashes()
    alice.dials("#40102#")
    rig.leaves_message(office)
    office.breaks_loop()
    rig.passes(5.0)
    bob.calls("##")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    rig.hears(bob, "message-from", "number-5")
    bob.presses("5")
    rig.hears(bob, "cannot-call-sender")
    office.is_free()


@pytest.mark.feature("voice mail")
def test_an_owner_comes_from_outside_by_the_star_in_his_greeting(owned: MailRig) -> None:
    rig, office, alice = owned, owned.office(), owned.phone("101")
    office.calls_in("2125550123")
    alice.lifts()
    alice.flashes()
    alice.dials("#40102#")
    alice.hangs_up()
    rig.hears(office, "greeting-extension")
    office.presses("*")
    rig.hears(office, "enter-mailbox")
    office.presses("102")
    rig.hears(office, "enter-password")
    office.presses(f"{PIN}#")
    rig.hears(office, "you-have")


@pytest.mark.feature("voice mail")
def test_after_three_wrong_passwords_a_call_is_over_and_all_sound_the_same(owned: MailRig) -> None:
    rig, carol = owned, owned.phone("103")
    pauses: list[list[float]] = []
    for mailbox in ("102", "999"):  # one that there is, one that there isn't
        took: list[float] = []
        carol.calls("###")
        for told in ("wrong-login", "wrong-login", "too-many-tries"):
            rig.hears(carol, "enter-mailbox")
            carol.presses(mailbox)
            rig.hears(carol, "enter-password")
            carol.presses("424242#")
            begun = rig.engine.now
            rig.hears(carol, told)
            took.append(round(rig.engine.now - begun))
        carol.hangs_up()
        pauses.append(took)
    assert pauses == [[2, 4, 6], [2, 4, 6]]


@pytest.mark.feature("voice mail")
def test_wrong_passwords_lock_a_mailbox_for_others_but_not_for_its_owner(owned: MailRig) -> None:
    rig, carol, bob = owned, owned.phone("103"), owned.phone("102")
    for tries in (3, 2):
        carol.calls("###")
        for _ in range(tries):
            rig.hears(carol, "enter-mailbox")
            carol.presses("102")
            rig.hears(carol, "enter-password")
            carol.presses("424242#")
            rig.passes(8.0)
        carol.hangs_up()
    carol.calls("###")
    rig.hears(carol, "enter-mailbox")
    carol.presses(f"102{PIN}#")
    rig.hears(carol, "wrong-login")
    carol.hangs_up()
    bob.calls("##")
    rig.hears(bob, "you-have")
    bob.hangs_up()
    rig.passes(15 * 60.0)
    carol.calls("###")
    rig.hears(carol, "enter-mailbox")
    carol.presses(f"102{PIN}#")
    rig.hears(carol, "you-have")


@pytest.mark.feature("voice mail")
def test_a_greeting_and_a_name_are_recorded_and_heard(owned: MailRig) -> None:
    rig, bob, alice = owned, owned.phone("102"), owned.phone("101")
    bob.calls("##")
    rig.hears(bob, "for-options")
    bob.presses("4")
    rig.hears(bob, "for-greetings")
    bob.presses("1")
    for key, told in (("4", "name-saved"), ("2", "greeting-saved")):
        rig.hears(bob, "for-spoken-name")
        bob.presses(key)
        rig.hears(bob, "to-record-it")
        bob.presses("2")
        rig.is_recording()
        rig.speaks(2.0)
        bob.presses("#")
        rig.hears(bob, "to-save")
        bob.presses("1")
        rig.hears(bob, told)
    bob.hangs_up()
    alice.calls("102")  # nobody answers
    rig.passes(12.1)
    rig.hears(alice, "greeting-not-available", "greeting-default")
    alice.hangs_up()
    bob.lifts()
    alice.calls("102")  # he is on the phone
    rig.passes(0.5)
    (own,) = rig.says(alice)
    assert (rig.folder / "greetings" / f"{own}.wav").exists()
    name = rig.exchange._switchboard.settings.of("102").spoken_name
    assert (rig.folder / name).exists()


@pytest.mark.feature("voice mail")
def test_an_owner_is_called_about_messages_until_he_knows(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    bob.calls("##")
    rig.hears(bob, "for-options")
    bob.presses("4")
    rig.hears(bob, "for-notification")
    bob.presses("3")
    rig.hears(bob, "for-every-message")
    bob.presses("1")
    rig.hears(bob, "for-always")
    bob.presses("1")
    rig.hears(bob, "enter-telephone-number")
    bob.presses("104#")
    rig.hears(bob, "notify-all")
    bob.hangs_up()
    leaves(rig, "101", "102")
    dave = rig.phone("104")
    rig.passes(1.0)
    dave.rings()
    rig.passes(31.0)
    dave.is_quiet()
    while dave.port.port not in dave.board.bell:
        rig.passes(5.0)
        assert rig.engine.now < 1000.0
    dave.lifts()
    rig.hears(dave, "notify-greeting", "number-2")
    dave.presses("1")
    rig.hears(dave, "enter-password")
    dave.presses(f"{PIN}#")
    rig.hears(dave, "you-have", "new-message")
    dave.hangs_up()
    rig.passes(700.0)
    dave.is_quiet()


@pytest.mark.feature("voice mail")
def test_a_notification_call_gives_up_after_its_retries(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    rig.exchange._switchboard.settings.change(SettingChanged(0.0, "102", "mail_notify", "all"))
    leaves(rig, "101", "102")
    rig.passes(3600.0)
    bob.is_quiet()
    calls = [each for each in rig.records if each.caller.party.name.startswith("mailbox 102 calls")]
    assert len(calls) == 1 + rig.plan.mail.retries


@pytest.mark.feature("reminder call")
def test_an_owner_is_reminded_at_the_time_that_he_has_set(owned: MailRig) -> None:
    rig, bob = owned, owned.phone("102")
    bob.calls("##")
    rig.hears(bob, "for-options")
    bob.presses("4")
    rig.hears(bob, "for-reminders")
    bob.presses("5")
    rig.hears(bob, "enter-time")
    bob.presses("0815")
    rig.hears(bob, "for-today")
    bob.presses("1")
    rig.hears(bob, "reminder-set-for", "today")
    bob.hangs_up()
    rig.passes(15 * 60.0 - rig.engine.now - 1.0)
    bob.is_quiet()
    waited = 0.0
    while bob.port.port not in bob.board.bell:
        rig.passes(1.0)
        waited += 1.0
        assert waited <= 32.0
    bob.lifts()
    rig.hears(bob, "reminder-greeting")
    bob.hangs_up()
    rig.passes(3600.0)
    bob.is_quiet()


@pytest.mark.feature("voice mail")
def test_a_full_mailbox_says_so_to_callers_and_its_owner(tmp_path: Path) -> None:
    rig = MailRig(tmp_path, mail_plan(most_messages=1))
    set_password(rig, "102")
    leaves(rig, "101", "102")
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("#40102#")
    rig.hears(alice, "mailbox-full-caller")
    alice.hangs_up()
    bob.calls("##")
    rig.hears(bob, "mailbox-full")
    bob.hangs_up()
    rig.passes(1.0)
    rig.is_clean()
    rig.close()


@pytest.mark.feature("voice mail")
def test_an_information_only_mailbox_tells_its_greeting_and_takes_nothing(tmp_path: Path) -> None:
    rig = MailRig(tmp_path, mail_plan(takes_messages=False))
    alice = rig.phone("101")
    alice.calls("#40102#")
    rig.hears(alice, "greeting-extension", "greeting-information-only")
    rig.passes(10.0)
    alice.hears_tone("reorder")
    alice.hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("voice mail")
def test_saved_messages_are_kept_for_their_days_with_a_warning_before(tmp_path: Path) -> None:
    rig = MailRig(tmp_path, mail_plan(keep_days=1))
    set_password(rig, "102")
    leaves(rig, "101", "102")
    bob = rig.phone("102")
    bob.calls("##")
    rig.hears(bob, "to-hear-new")
    bob.presses("1")
    rig.hears(bob, "to-replay")
    bob.hangs_up()
    bob.calls("##")
    rig.hears(bob, "you-have", "messages-expire")
    bob.hangs_up()
    rig.passes(23.5 * 3600)
    assert len(rig.sounds) == 1
    rig.passes(2 * 3600)
    assert rig.sounds == []
    assert rig.waiting["102"] == (0, 0, 0)
    rig.close()


def test_no_key_that_is_pressed_in_a_call_stands_in_a_trace(owned: MailRig) -> None:
    bob = owned.phone("101")
    bob.calls("###")
    owned.passes(1.0)
    before = len(owned.notices)
    bob.presses("102#" + PIN + "#")
    owned.passes(1.0)
    told = [str(each) for each in owned.notices[before:] if isinstance(each, Traced)]
    assert any("Keyed" in each for each in told), "that keys were pressed is told"
    assert not [each for each in told if "'key', '" in each and "''" not in each]
