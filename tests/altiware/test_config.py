# SPDX-License-Identifier: MIT
"""The configuration file: the default one, and what is said about wrong ones."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.blackbox.settings import BlackBoxSettings, KeptPorts
from altiware.config import EngineConfig, TimersTable, parse, read, write_default
from altiware.core.decision import NumberClass
from altiware.core.ids import PortAddress
from altiware.core.numbering import Destination, DialPlan, Place
from altiware.core.office import (
    USUAL_OFFICE,
    CallerIdKind,
    Disconnect,
    OfficePlan,
    OfficeTone,
)
from altiware.core.plan import (
    DEFAULT_FIRST_DIGITS,
    FeatureCode,
    FirstDigit,
    Numbering,
    Plan,
    Service,
    StationPlan,
    Timers,
)
from altiware.core.speech import Phrase, Recording
from altiware.core.workgroups import (
    Announcement,
    Blank,
    Distribution,
    Member,
    Recorded,
    WorkgroupPlan,
)
from altiware.errors import ConfigError
from altiware.features.profile import PROFILES
from altiware.office_table import toml
from altiware.store.smdr_port import SmdrTarget
from drivers.registry import schemes

SMALL = """\
[[boards]]
address = "quantum+sim://Q12"

[[stations]]
extension = "101"
port = "00:04"

[[stations]]
extension = "102"
port = "00:05"
"""


USUAL_CODES = {code: each for code, each in PROFILES["oe45"].items() if code != "#15"}
"""Those of an office that has no attendant."""


def faults(text: str) -> list[str]:
    """Return what is wrong with a configuration."""
    with pytest.raises(ConfigError) as caught:
        parse(text, "f")
    return caught.value.faults


def test_the_default_is_a_q12_with_eight_extensions_and_four_trunks(tmp_path: Path) -> None:
    file = tmp_path / "new" / "altiware.toml"
    write_default(file)
    config = read(file)
    plan = config.plan
    assert config.boards == ("quantum+sim://Q12",)
    assert config.smdr == SmdrTarget(Path("smdr.txt"))
    assert [(each.extension, each.port) for each in plan.stations] == [
        (str(101 + i), PortAddress(0, 4 + i)) for i in range(8)
    ]
    assert [each.port for each in plan.trunks] == [PortAddress(0, i) for i in range(4)]
    assert plan.operator == "101"
    assert plan.policy.allowed == {NumberClass.LOCAL, NumberClass.TOLL_FREE}


def test_the_engine_is_a_process_of_its_own_unless_said() -> None:
    assert parse(SMALL, "f").engine == EngineConfig(process=True, threads=None)
    said = parse(SMALL + "[engine]\nprocess = false\nthreads = 16\n", "f").engine
    assert said == EngineConfig(process=False, threads=16)
    assert parse(SMALL + '[engine]\nthreads = "auto"\n', "f").engine.threads is None


def test_the_black_box_keeps_ten_seconds_of_trunks_unless_said() -> None:
    assert parse(SMALL, "f").blackbox == BlackBoxSettings(KeptPorts.TRUNKS, 10, 200)
    said = parse(SMALL + '[blackbox]\nports = "all"\nseconds = 60\nkeep_mb = 1\n', "f").blackbox
    assert said == BlackBoxSettings(KeptPorts.ALL, 60, 1)


@pytest.mark.parametrize(
    "setting", ['ports = "some"', "seconds = 0", "seconds = 61", "keep_mb = 0", "seconds = 1.5"]
)
def test_a_black_box_is_set_within_its_ranges(setting: str) -> None:
    (fault,) = faults(SMALL + f"[blackbox]\n{setting}\n")
    assert f"blackbox.{setting.split(' ', maxsplit=1)[0]}" in fault


@pytest.mark.parametrize("value", ["0", "17", '"all"', "1.5", "true"])
def test_a_number_of_threads_is_one_or_automatic(value: str) -> None:
    (fault,) = faults(SMALL + f"[engine]\nthreads = {value}\n")
    assert fault.endswith(f'engine.threads = {value}: allowed: "auto", or 1 to 16')


def test_the_echo_s_tail_is_32_ms_unless_said() -> None:
    assert parse(SMALL, "f").echo_tail_ms == 32
    assert parse(SMALL + "[echo]\ntail_ms = 0\n", "f").echo_tail_ms == 0
    assert parse(SMALL + "[echo]\ntail_ms = 128\n", "f").echo_tail_ms == 128
    assert "allowed: 0 for none, or 5 to 128" in faults(SMALL + "[echo]\ntail_ms = 3\n")[0]
    assert "echo.tail_ms = 129" in faults(SMALL + "[echo]\ntail_ms = 129\n")[0]


def test_the_default_never_replaces_a_file(tmp_path: Path) -> None:
    file = tmp_path / "altiware.toml"
    file.write_text(SMALL)
    write_default(file)
    assert file.read_text() == SMALL


def test_every_commented_line_of_the_default_is_the_default(tmp_path: Path) -> None:
    file = tmp_path / "altiware.toml"
    write_default(file)
    before = read(file)
    lines = [
        line.removeprefix("# ") if line.startswith("# ") and " = " in line else line
        for line in file.read_text().splitlines()
    ]
    assert "first_digit_s = 10.0      # how long dial tone is given" in lines
    text = "\n".join(line for line in lines if 'number = "2125550100"' not in line)
    assert parse(text, "f") == before


def test_what_is_left_out_is_as_in_the_plan() -> None:
    stations = (
        StationPlan("101", PortAddress(0, 4)),
        StationPlan("102", PortAddress(0, 5)),
    )
    numbering = Numbering(codes=USUAL_CODES)
    assert parse(SMALL, "f").plan == Plan(stations, numbering=numbering)


def test_first_digits_change_what_they_name_and_leave_the_rest() -> None:
    plan = parse(SMALL + '[numbering.first_digits]\n8 = "trunk"\n', "f").plan
    assert plan.numbering.first_digits == {**DEFAULT_FIRST_DIGITS, "8": FirstDigit.TRUNK}


def test_codes_change_add_to_and_take_from_the_profile() -> None:
    text = """
[numbering.codes]
"#33" = {}
"#77" = { service = "do-not-disturb" }
"#36" = { service = "forward", argument = "busy", follows = "number" }
"#32" = { service = "account-code", follows = "digits" }
"""
    codes = parse(SMALL + text, "f").plan.numbering.codes
    usual = USUAL_CODES
    assert codes.keys() == usual.keys() - {"#33"} | {"#77"}
    assert codes["#77"] == FeatureCode(Service("do-not-disturb", "", "do-not-disturb"))
    assert codes["#36"] == FeatureCode(Service("forward", "busy", "forward"), None, True)
    assert codes["#32"].follows is None
    assert codes["#69"] == usual["#69"]


def test_the_code_for_the_attendant_leads_to_the_first(tmp_path: Path) -> None:
    file = tmp_path / "altiware.toml"
    write_default(file)
    plan = read(file).plan
    service = plan.numbering.codes["#15"].service
    assert (service.kind, service.argument) == ("attendant", plan.attendants[0].name)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[speed_dial]\n"60" = "101"\n', "00 to 59"),
        ('[speed_dial]\n"00" = "x"\n', "a number as dialled"),
        ('[stations.speed_dial]\n"20" = "101"\n', "00 to 19"),
        ('[accounts]\nvalid = ["12345678901"]\n', "1 to 10 digits"),
    ],
)
def test_lists_of_numbers_and_accounts_are_checked(text: str, told: str) -> None:
    assert any(told in fault for fault in faults(SMALL + text))


def test_ten_thousand_accounts_are_read_and_no_more() -> None:
    many = ", ".join(f'"{number}"' for number in range(10_000))
    plan = parse(SMALL + f"[accounts]\nvalid = [{many}]\n", "f").plan
    assert len(plan.accounts) == 10_000
    assert faults(SMALL + f'[accounts]\nvalid = [{many}, "99999"]\n')


def test_what_stations_may_and_have() -> None:
    text = """call_waiting = true
manager = true
needs_account = true
[stations.speed_dial]
"07" = "101"
[speed_dial]
"59" = "102"
"""
    plan = parse(SMALL + text, "f").plan
    bob = plan.stations[1]
    assert (bob.call_waiting, bob.manager, bob.needs_account) == (True, True, True)
    assert (bob.speed_dial, plan.speed_dial) == ({"07": "101"}, {"59": "102"})


def test_an_office_may_have_no_codes() -> None:
    assert parse(SMALL + '[numbering]\nprofile = "none"\n', "f").plan.numbering.codes == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[numbering]\nprofile = "oe46"\n', 'numbering.profile = "oe46": allowed: oe45, none'),
        ('[numbering.codes]\n"#7" = {service = "tea"}\n', "numbering.codes.#7.service"),
        ('[numbering.codes]\n"77" = {service = "pickup"}\n', "a first digit that means feature"),
        ('[numbering.codes]\n"#a" = {service = "pickup"}\n', "keys 0-9 * #"),
        ('[numbering.codes]\n"#7" = {service = "pickup", follows = 30}\n', "follows"),
    ],
)
def test_a_wrong_code_is_refused_by_name(text: str, told: str) -> None:
    assert any(told in fault for fault in faults(SMALL + text))


def test_a_route_is_dialled_like_a_trunk() -> None:
    plan = parse(SMALL + '[numbering.first_digits]\n8 = "route"\n', "f").plan
    assert DialPlan(plan).destination("85550123") == Destination(Place.OUTSIDE, digits="5550123")


def test_where_calls_of_a_station_are_led() -> None:
    text = SMALL + 'busy = "101"\nno_answer = "0"\nring_s = 20.0\nforwards_outside = true\n'
    bob = parse(text, "f").plan.stations[1]
    assert (bob.busy, bob.no_answer, bob.ring_s, bob.forwards_outside) == ("101", "0", 20.0, True)
    assert "busy" in faults(SMALL + 'busy = "x"\n')[0]


def test_what_the_office_of_a_trunk_sends() -> None:
    written = OfficePlan(
        country="de",
        tones=(OfficeTone("busy", (425.0,), (480, 480), 0.03), OfficeTone("dial", (350.0, 440.0))),
        disconnect=frozenset({Disconnect.REVERSAL, Disconnect.TONES}),
        loop_break_ms=120,
        caller_id=CallerIdKind.V23,
        receive_db=-3.5,
        impedance=2,
    )
    config = parse(SMALL + '[[trunks]]\nport = "00:00"\n' + toml(written), "f")
    assert config.plan.trunks[0].office == written
    config = parse(SMALL + '[[trunks]]\nport = "00:00"\n' + toml(USUAL_OFFICE), "f")
    assert config.plan.trunks[0].office == USUAL_OFFICE


def test_an_answer_time_of_zero_means_that_the_office_reverses() -> None:
    config = parse(SMALL + '[[trunks]]\nport = "00:00"\nanswer_after_s = 0\n', "f")
    assert config.plan.trunks[0].answer_after_s is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("101", "10a"), 'f:5: stations[0].extension = "10a": allowed: digits 0-9'),
        (("101", "1001"), 'f:5: stations[0].extension = "1001": allowed: 3 digits'),
        (("101", "102"),
         'f:9: stations[1].extension = "102": allowed: an extension that no other station has'),
        (("00:05", "00:04"),
         'f:10: stations[1].port = "00:04": allowed: a port that nothing else uses'),
        (("00:05", "5"), 'f:10: stations[1].port = "5": allowed: BOARD:CHANNEL, as "00:04"'),
        (("00:05", "00:12"),
         'f:10: stations[1].port = "00:12": allowed: channels 00 to 11 of a Quantum board'),
        (("00:05", "01:05"), 'f:10: stations[1].port = "01:05": '
         "allowed: boards 00 to 00, as many as [[boards]] there are"),
        (('"102"', "102"), "f:9: stations[1].extension = 102: allowed: text in quotes"),
        (("quantum+sim://Q12", "Q12"), 'f:2: boards[0].address = "Q12": '
         "allowed: " + ", ".join(f"{scheme}://..." for scheme in sorted(schemes()))),
        (("extension", "extention"), "f:4: stations[0].extension is missing"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line_and_what_is_allowed(
    change: tuple[str, str], fault: str
) -> None:
    assert fault in faults(SMALL.replace(*change))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('country = "atlantis"', 'country = "atlantis": allowed: us, uk, de'),
        ('operator = "109"', 'f:1: operator = "109": allowed: one of 101, 102'),
        ("volume = 11", "f:1: volume is no setting; allowed: version, country"),
        ("version = 2", "f:1: version = 2: allowed: 1"),
    ],
)
def test_a_wrong_setting_at_the_top_is_named(more: str, fault: str) -> None:
    assert any(fault in each for each in faults(f"{more}\n{SMALL}"))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("[timers]\nnext_digit_s = -1", "f:12: timers.next_digit_s = -1: allowed: greater than 0"),
        ("[timers]\nnext_digit_s = nan", "f:12: timers.next_digit_s"),
        ("[timers]\nfirst = 1", "f:12: timers.first is no setting; allowed: first_digit_s"),
        ("[smdr]\nto = 'lpt1:'", "f:12: smdr.to = \"lpt1:\": allowed: a path, or serial:///dev"),
        ("[policy]\nallowed = ['all']", "f:12: policy.allowed[0] = \"all\": allowed: 'emergency'"),
        ("[[trunks]]\nport = '00:00'\ndirection = 'up'",
         "f:13: trunks[0].direction = \"up\": allowed: 'both', 'in', 'out' or 'paging'"),
        ("[[trunks]]\nport = '00:00'\n[trunks.office]\ndisconnect = ['tone']",
         "f:14: trunks[0].office.disconnect[0] = \"tone\": allowed: 'osi', 'polarity'"),
        ("[[trunks]]\nport = '00:00'\n[trunks.office]\ncountry = 'mars'",
         "f:14: trunks[0].office.country = \"mars\": allowed: us, uk"),
        ("[[trunks]]\nport = '00:00'\n[[trunks.office.tones]]\nname = 'busy'\nhz = [90.0]",
         "f:13: trunks[0].office.tones[0] = \"busy\": allowed: tone 'busy': frequencies (90.0,)"),
        ("[[trunks]]\nport = '00:00'\nspeed = 1", "f:13: trunks[0].speed is no setting"),
        ("[numbering.first_digits]\nA = 'trunk'", "f:12: numbering.first_digits.A"),
        ("[numbering]\nextension_length = 7", "f:12: numbering.extension_length = 7: allowed: "),
    ],
)  # fmt: skip
def test_a_wrong_setting_in_a_table_is_named(more: str, fault: str) -> None:
    assert any(each.startswith(fault) for each in faults(f"{SMALL}{more}\n")), faults(SMALL + more)


def test_every_timer_of_the_plan_can_be_set() -> None:
    assert set(TimersTable.model_fields) == {each.name for each in dataclasses.fields(Timers)}


def test_all_faults_are_listed_at_once() -> None:
    text = SMALL.replace("00:05", "03:04").replace('"102"', '"1"')
    assert len(faults(text + '[smdr]\nto = "x:y"\n')) == 3


def test_what_is_no_toml_is_said_with_its_line() -> None:
    (fault,) = faults("country = us\n")
    assert fault.startswith("f: ")
    assert "line 1" in fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 20_000, "more levels than"),
        ("a = " + "{a = " * 5_000, "more levels than"),
        ("version = " + "9" * 5_000, "digits"),
    ],
)
def test_what_is_too_deep_or_long_to_be_read_is_said(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse(text, "f.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.toml: No such file"):
        read(tmp_path / "missing.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(ConfigError, match="not UTF-8"):
        read(tmp_path / "latin.toml")
    with pytest.raises(ConfigError, match="directory"):
        read(tmp_path)


VALUES = st.recursive(
    st.sampled_from(["1", '"x"', '"101"', '"00:04"', "true", "1.5", "-3", "2026-11-22", "inf"]),
    lambda inner: st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
    max_leaves=3,
)
NAMES = st.sampled_from(
    ["version", "country", "operator", "boards", "stations", "numbering", "timers", "smdr", "x"]
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_no_document_makes_it_stumble(settings: dict[str, str]) -> None:
    text = "\n".join(f"{name} = {value}" for name, value in settings.items())
    assert all(fault.startswith("f") for fault in faults(text))


GROUP = (
    SMALL
    + """
[[workgroups]]
name = "sales"
number = "500"
members = ["101", { extension = "102", skills = { german = 2 } }]
"""
)


def test_a_workgroup_is_written_in_a_few_lines() -> None:
    text = (
        GROUP
        + """
numbers = { 501 = "german" }
mode = "ring all"
recording = "on demand"
announcements = [{ say = ["queue-welcome", "position", "recording:hello.wav"] }]
"""
    )
    plan = parse(text, "f").plan
    (group,) = plan.workgroups
    assert group.members == (Member("101", {}), Member("102", {"german": 2}))
    assert (group.mode, group.recording) == (Distribution.ALL, Recorded.ON_DEMAND)
    says = (Phrase("queue-welcome"), Blank.POSITION, Recording("hello.wav"))
    assert group.announcements == (Announcement(0.0, says),)
    services = plan.numbering.services
    assert services["500"] == Service("workgroup", "sales", "Workgroup sales")
    assert services["501"].argument == "sales:german"


def test_what_a_workgroup_leaves_out_is_as_in_its_plan() -> None:
    (group,) = parse(GROUP, "f").plan.workgroups
    assert group == WorkgroupPlan("sales", group.members)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('mode = "by chance"', "workgroups[0].mode"),
        ('overflow = "777"', 'overflow = "777": allowed: one of 101, 102, 500'),
        ('overflow = "95550123"', "allowed: one of 101, 102, 500"),
        ("overflow_after_s = 9", "0, or an overflow to lead callers to"),
        ("service_level_s = 0.5", "allowed: 1 to 1200"),
        ("service_level_s = 1201", "allowed: 1 to 1200"),
        ('supervisors = ["199"]', 'supervisors = "199": allowed: one of 101, 102'),
        ('calls_as = "199"', 'calls_as = "199": allowed: one of 101, 102'),
        ("announcements = [{ say = [] }]", "announcements[0].say"),
        ("wrap_up_s = -1", "workgroups[0].wrap_up_s"),
        ("most = 3", "is no setting"),
    ],
)
def test_what_is_wrong_about_a_workgroup(line: str, fault: str) -> None:
    (said,) = faults(GROUP + line + "\n")
    assert fault in said
    assert said.startswith("f:")


def test_members_are_extensions_each_once() -> None:
    one = GROUP.replace('"101", {', '"102", {')
    assert all("each extension once" in each for each in faults(one))
    assert "allowed: one of 101, 102" in faults(GROUP.replace('"101", {', '"777", {'))[0]


def test_there_may_be_five_announcements_and_in_their_order() -> None:
    six = ", ".join(f'{{ after_s = {i}, say = ["goodbye"] }}' for i in range(6))
    assert "up to 5" in faults(GROUP + f"announcements = [{six}]\n")[0]
    back = '{ after_s = 9, say = ["goodbye"] }, { say = ["goodbye"] }'
    assert "later ones" in faults(GROUP + f"announcements = [{back}]\n")[0]


def test_groups_have_names_of_their_own() -> None:
    again = GROUP[len(SMALL) :].replace("500", "502")
    assert "no other workgroup" in faults(GROUP + again)[0]


def test_the_default_office_has_a_workgroup_that_its_attendant_leads_to(tmp_path: Path) -> None:
    file = tmp_path / "altiware.toml"
    write_default(file)
    plan = read(file).plan
    (group,) = plan.workgroups
    assert [each.extension for each in group.members] == ["102", "103", "104"]
    assert plan.attendants[0].items["2"].target == "500"
