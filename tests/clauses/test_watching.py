"""Silence is not proof, and what a watch tells as reports come in."""

from typing import Any

import pytest
from tests.clauses.days import deviations, event, leg, moment, moved, passed, person, plan, rode, short, terms

from safeconduct.clauses.judging import judge_plan
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import MINUTE_US, parse_instant
from safeconduct.tracking.events import Event, read_event

ARRIVAL = 'kind = "arrival"\nlate = "0s"'
LEG = leg("l1", "v1", "H", "X", "08:00", "09:00", "p1")
DEVICES = [
    {"id": "bus", "vehicles": ["v1"]},
    {"id": "point", "places": ["X"]},
    {"id": "other", "vehicles": ["v2"], "places": ["H"]},
]

Status = tuple[str, tuple[str, ...]]


def spoke(device: str, number: int, clock: str, kind: str = "clock", **fields: Any) -> dict[str, Any]:
    """A numbered report of a device."""
    return event(f"{device}{number}", kind, clock, device=device, device_seq=number, **fields)


def status(events: list[dict[str, Any]], until: str, **parts: Any) -> Status:
    """Of the one deviation that stands: l1 late at 09:00."""
    (found,) = deviations(ARRIVAL, plan(legs=[LEG], **parts), events, until)
    assert (found.rule, found.subject, short(found.at)) == ("late", "l1", "09:00")
    return found.status, found.waiting_for


@pytest.mark.parametrize(
    ("events", "until", "expected"),
    [
        # Able to report it: who rides on v1 or stands at X; `other` is not asked.
        ([], "09:01", ("unconfirmed", ("bus", "point"))),
        ([spoke("bus", 1, "09:01")], "09:01", ("unconfirmed", ("point",))),
        # A watermark must be later than the moment, not equal.
        ([spoke("bus", 1, "09:01"), spoke("point", 1, "09:00")], "09:01", ("unconfirmed", ("point",))),
        ([spoke("bus", 1, "09:01"), spoke("point", 1, "09:00:01")], "09:01", ("open", ())),
        # A gap blocks; what fills it lets it through.
        ([spoke("bus", 2, "09:01"), spoke("point", 1, "09:01")], "09:01", ("unconfirmed", ("bus",))),
        ([spoke("bus", 2, "09:01"), spoke("bus", 1, "07:00"), spoke("point", 1, "09:01")], "09:01", ("open", ())),
        # A retired device reports no more, whatever it reported before.
        ([event("r", "retired", "08:30", device="bus"), spoke("point", 1, "09:01")], "09:01", ("open", ())),
        # What is later than the end of observation is as if not received.
        ([spoke("bus", 1, "09:02"), spoke("point", 1, "09:01")], "09:01", ("unconfirmed", ("bus",))),
        # Silent for two hours, from the last contact; from the moment awaited, if it never spoke.
        ([spoke("bus", 1, "08:30"), spoke("point", 1, "09:01")], "10:29:59", ("unconfirmed", ("bus",))),
        ([spoke("bus", 1, "08:30"), spoke("point", 1, "09:01")], "10:30", ("open", ())),
        ([spoke("point", 1, "09:01")], "10:59:59", ("unconfirmed", ("bus",))),
        ([spoke("point", 1, "09:01")], "11:00", ("open", ())),
    ],
)
def test_a_missed_deadline_waits_for_devices(events: list[dict[str, Any]], until: str, expected: Status) -> None:
    """Until every device able to report it has passed the moment, retired, or been silent for so long."""
    assert status(events, until, devices=DEVICES) == expected


def test_trust_in_silence_is_the_plans_and_is_said() -> None:
    """`trust_silence` of the plan; the message names the devices trusted."""
    devices = [{"id": "bus", "vehicles": ["v1"]}]
    assert status([spoke("bus", 1, "08:30")], "09:30", devices=devices, trust_silence="1h") == ("open", ())
    (found,) = deviations(
        ARRIVAL, plan(legs=[LEG], devices=devices, trust_silence="1h"), [spoke("bus", 1, "08:30")], "09:30"
    )
    assert found.message.endswith("none by 09:30. Taken as certain although bus never said so: silent for 1h.")


def test_without_devices_in_the_plan_every_device_seen_may_report_anything() -> None:
    """And who reports without a device is always in step."""
    assert status([event("c", "clock", "09:01")], "09:01") == ("open", ())
    assert status([event("c", "clock", "09:01"), spoke("d", 1, "08:00")], "09:01") == ("unconfirmed", ("d",))
    assert status([spoke("d", 1, "09:01"), spoke("e", 1, "09:01")], "09:01") == ("open", ())


def test_what_rests_on_reports_alone_is_open_at_once() -> None:
    """An early arrival, an extra person, an unplanned step; a missing person waits for who could have reported it."""
    clauses = terms('kind = "manifest"', 'kind = "arrival"\nearly = "0s"', 'kind = "custody"\nwithin = "1h"')
    events = [
        spoke("bus", 1, "08:00", "boarded", person="p9", vehicle="v1"),
        spoke("bus", 2, "08:00", "departed", vehicle="v1", place="H"),
        spoke("bus", 3, "08:30", "arrived", vehicle="v1", place="X"),
        passed("o", "offered", "08:40", "p1", "RU", "UA"),
        passed("a", "accepted", "08:45", "p1", "RU", "UA"),
    ]
    found = deviations(clauses, plan(persons=[person("p1")], legs=[LEG], devices=DEVICES), events, "08:50")
    assert [(one.rule, one.status, one.waiting_for) for one in found] == [
        ("extra", "open", ()),
        ("missing", "unconfirmed", ("other",)),
        ("early", "open", ()),
        ("unplanned", "open", ()),
    ]


@pytest.mark.parametrize(
    ("clause", "waiting"),
    [
        ('expect = { type = "arrived" }\nsame = []', ("bus", "other", "point")),
        ('expect = { type = "arrived", place = "X" }\nsame = []', ("bus", "other", "point")),
        ('expect = { type = "arrived", place = "X", vehicle = ["v1", "v9"] }\nsame = []', ("bus", "point")),
        ('expect = [{ type = "arrived", place = "X" }, { type = "arrived" }]\nsame = []', ("bus", "other", "point")),
        ('expect = { type = "arrived" }\nsame = ["vehicle"]', ("bus", "other", "point")),
        ('expect = { type = "arrived", place = "X" }\nsame = ["vehicle"]', ("bus", "point")),
        ('expect = { type = "arrived", place = "H" }\nsame = ["vehicle"]', ("bus", "other")),
        (
            'expect = { type = "arrived", place = "X" }\nsame = ["vehicle"]\ndischarged_by = { place = "H" }',
            ("bus", "other", "point"),
        ),
    ],
)
def test_who_is_able_to_report_an_expected_event(clause: str, waiting: tuple[str, ...]) -> None:
    """Of its vehicle or at its place; where the patterns and `same` leave one of them open, any that names such."""
    full = 'kind = "response"\nafter = { type = "departed" }\nwithin = "1h"\n' + clause
    (found,) = deviations(full, plan(devices=DEVICES), [moved("d", "departed", "08:00", "v1", "H")], "09:30")
    assert (found.status, found.waiting_for) == ("unconfirmed", waiting)


def changes(watch: Watch, *events: dict[str, Any], end: str | None = None) -> list[tuple[str, str, str]]:
    """What the watch tells after these arrive."""
    watch.arrive([read_event(one) for one in events])
    told = watch.judge(parse_instant(moment(end)) if end else None)
    return [(one.rule, one.subject, one.status) for one in told]


def test_a_watch_tells_opened_confirmed_and_withdrawn_once_each() -> None:
    """A late report withdraws what it shows not to have happened."""
    day = plan(legs=[LEG], devices=[{"id": "bus", "vehicles": ["v1"]}])
    watch = Watch(terms(ARRIVAL), day)
    assert changes(watch) == []
    assert changes(watch, event("c", "clock", "09:01")) == [("late", "l1", "unconfirmed")]
    assert changes(watch, event("d", "clock", "09:02")) == []
    assert changes(watch, spoke("bus", 2, "09:03")) == []
    assert changes(watch, spoke("bus", 1, "08:01")) == [("late", "l1", "open")]
    assert changes(watch, event("e", "clock", "09:04")) == []
    assert [one.status for one in watch.standing()] == ["open"]
    late = spoke("bus", 3, "08:59", "arrived", vehicle="v1", place="X")
    assert changes(watch, late) == [("late", "l1", "withdrawn")]
    assert watch.standing() == []
    assert changes(watch, late) == []
    assert changes(watch, event("v", "voided", "09:05", event="bus3")) == [("late", "l1", "open")]


def test_by_the_clock_a_deadline_passes_without_a_report_and_is_foreseen() -> None:
    """`next_us` is the first moment at which something can change."""
    watch = Watch(terms(ARRIVAL), plan(legs=[LEG]))
    assert changes(watch, end="08:00") == []
    assert watch.next_us() == parse_instant(moment("09:00")) + 1
    assert changes(watch, end="09:00") == []
    assert changes(watch, end="09:00:00.000001") == [("late", "l1", "open")]
    assert watch.next_us() is None
    assert changes(watch, event("c", "clock", "09:30"), end="09:10") == []
    assert watch.next_us() == parse_instant(moment("09:30"))


def test_what_opens_with_a_change_of_the_list_is_told_though_all_is_read_again() -> None:
    """Somebody comes onto the list after reports were forgotten: all lines are read again, and no alarm is lost."""
    arrived: list[Event] = []
    by_nine = terms('kind = "complete"\nby = 2025-07-04T09:00:00Z')
    watch = Watch(by_nine, plan(persons=[person("p1")]), lambda: arrived, keep_us=MINUTE_US)
    assert changes(watch, end="08:00") == []
    assert changes(watch, end="08:03") == []
    arrived.append(read_event(event("a", "added", "09:01", person="p2", home="UA", agreed_by=["RU", "UA"])))
    watch.arrive(arrived)
    assert changes(watch, end="09:05") == [("outstanding", "p1", "open")]
    assert changes(watch, end="09:06") == []


def test_integrity_is_a_built_in_clause() -> None:
    """With its own line, whatever the terms say."""
    events = [event("p1/a", "x", "09:00"), event("p1/a", "x", "09:01"), event("b", "x", "08:00", device="d")]
    (found,) = deviations(ARRIVAL, plan(), events)
    assert (found.clause, found.kind, found.rule, found.subject, found.severity, found.status) == (
        "integrity", "integrity", "conflict", "p1/a", "serious", "open",
    )  # fmt: skip
    assert found.evidence == ("p1/a",)
    assert "p1" not in found.message


def test_a_deviation_line_has_the_fields_of_the_contract() -> None:
    """In its order; `at` as RFC 3339."""
    (found,) = deviations('severity = "critical"\n' + ARRIVAL, plan(legs=[LEG]), [event("c", "clock", "09:01")])
    assert found.line().decode() == (
        '{"clause":"c1","kind":"arrival","rule":"late","subject":"l1","at":"2025-07-04T09:00:00Z",'
        '"severity":"critical","status":"open","message":"Each vehicle arrives at most 0s later than planned: expected '
        'vehicle v1 at X (leg l1) planned for 09:00, due by 09:00; none by 09:01.","evidence":[],"waiting_for":[]}'
    )


def test_a_plan_is_judged_by_its_nominal_trace_without_end() -> None:
    """Deadlines all pass; clauses with a required pattern that no such event can match are left out, optional ones
    aside; `reporting` is not judged; devices are not waited for."""
    clauses = terms(
        ARRIVAL,
        'kind = "reporting"\nevery = "1s"',
        'kind = "complete"\nby = 2025-07-04T12:00:00Z',
        'kind = "response"\nafter = { type = "boarded" }\nexpect = { type = "identified" }\nwithin = "1h"',
        'kind = "response"\nafter = { type = "boarded" }\nexpect = { type = "alighted" }\nwithin = "1h"\n'
        'discharged_by = { type = "died" }',
        'kind = "precedence"\nbefore = { type = "boarded" }\nexpect = [{ type = "examined" }, { type = "offered" }]',
        'kind = "embargo"\nhold = { type = "departed" }\nuntil_all = [{ type = "boarded" }, { type = "notified" }]',
        'kind = "embargo"\nhold = { type = "departed" }\nuntil_all = [{ place = "H" }]',
    )
    day = plan(persons=[person("p1")], legs=[LEG], devices=DEVICES)
    trace = [
        moved("departed/l1", "departed", "08:00", "v1", "H"),
        rode("boarded/l1/p1", "boarded", "08:00", "p1", "v1", place="G"),
    ]
    found = judge_plan(clauses, day, trace)
    assert [(one.clause, one.rule, one.subject, short(one.at), one.status) for one in found] == [
        ("c6", "missing", "p1", "08:00", "open"),
        ("c8", "early", "departed/l1", "08:00", "open"),
        ("c1", "late", "l1", "09:00", "open"),
        ("c5", "missing", "p1", "09:00", "open"),
        ("c3", "outstanding", "p1", "12:00", "open"),
    ]
    assert found[2].message.endswith("there is none in the plan.")


def test_what_is_voided_may_be_forgotten_before_anybody_looks() -> None:
    """A numbered report beyond a gap, taken back, and then so old that it is not kept."""
    lines = [
        spoke("d", 3, "09:00"),
        event("v", "voided", "09:00:30", event="d3"),
        event("later", "clock", "10:00"),
        event("last", "clock", "11:00"),
    ]
    events = [read_event(one) for one in lines]
    watch = Watch(terms('kind = "listed"'), plan(), lambda: events, keep_us=180_000_000)
    for some in (events[:3], events[3:]):
        watch.arrive(some)
        watch.judge()
    assert watch.standing() == []


def test_a_plan_that_names_nobody_known_does_not_stop_the_watch() -> None:
    """Ids that are nowhere are for `plan check`."""
    day = plan(
        exchange_point="nowhere",
        persons=[person("p1", batch="gone")],
        legs=[leg("l1", "ghost", "here", "there", "08:00", "09:00", "who")],
        devices=[{"id": "d", "vehicles": ["v9"], "places": ["Y"]}],
    )
    clauses = terms(
        ARRIVAL, 'kind = "manifest"', 'kind = "simultaneity"\nwithin = "1m"', 'kind = "custody"\nwithin = "1m"'
    )
    events = [
        rode("r", "boarded", "07:00", "someone", "v3", held_by=3, place=["x"]),
        event("s", "substituted", "07:00", person="q", replaces=["p1"], agreed_by="everybody"),
        event("t", "added", "07:00", person="q2", agreed_by=["RU", "UA"], legs={"l1": 1}, custody=7, home=[]),
        passed("o", "accepted", "10:00", "q2", "RU", "UA"),
        event("d", "withdrawn", "07:00", person="nobody"),
    ]
    assert [one.rule for one in deviations(clauses, day, events)] == ["late", "no-offer"]


def test_moments_at_the_edge_of_the_calendar() -> None:
    """Deadlines beyond the last year never come; nothing breaks."""
    edge = plan(legs=[{**LEG, "depart": "9999-12-31T23:00:00Z", "arrive": "9999-12-31T23:59:59Z"}])
    events = [{"id": "a", "type": "departed", "vehicle": "v1", "place": "H", "at": "9999-12-31T23:30:00Z"}]
    clauses = terms('kind = "arrival"\nlate = "2d"\nearly = "2d"', 'kind = "reporting"\nevery = "3d"')
    assert deviations(clauses, edge, events) == []
    assert judge_plan(clauses, edge, events) == []
    first = plan(legs=[{**LEG, "depart": "0001-01-01T00:00:00Z", "arrive": "0001-01-01T00:00:00Z"}])
    assert [one.rule for one in deviations(clauses, first, events)] == ["late"]
