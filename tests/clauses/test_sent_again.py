"""Lines sent again, taken back or contradicted later: what stands is what the plain reading of all of them says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses.days import event, moment, passed, person, plan, plan_json, terms
from tests.clauses.test_batch_audit import audited

from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import DAY_US, HOUR_US, MINUTE_US, parse_instant
from safeconduct.tracking.events import Event, read_event

PLAN = plan(persons=[person("p1"), person("p2", "UA", "RU")])
LISTED = 'kind = "listed"'
COMPLETE = 'kind = "complete"\nby = 2025-07-04T09:00:00Z'
CUSTODY = 'kind = "custody"\nwithin = "2m"'
PARITY = 'kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = 0'
Lines = list[dict[str, Any]]


def received(line: dict[str, Any], clock: str) -> dict[str, Any]:
    """The same report, taken in at that time."""
    return {**line, "received_at": f"2025-07-04T{clock}:00Z"}


def on(date: str, line: dict[str, Any]) -> dict[str, Any]:
    """The same report of another day."""
    return {**line, "at": line["at"].replace("2025-07-04", date)}


DIED = event("e1", "died", "09:03", person="p1")
ADDED = event("e1", "added", "09:03", person="n1", agreed_by=["RU", "UA"], held_by="RU", home="UA")
VOIDED = event("v", "voided", "09:10", event="e1")
HANDED = passed("e0", "accepted", "09:08:30", "p1", "NI", "UA")
OFFERED = passed("e2", "offered", "09:06:30", "p1", "UA", "NI")
ACCEPTED = passed("e3", "accepted", "09:09", "p1", "NI", "UA")
CAME_LATE = event("n", "added", "04:12", person="n1", agreed_by=["RU", "UA"], held_by="RU", home="UA")
DAYS = {
    "received earlier, then voided": (LISTED, [received(DIED, "09:05"), received(DIED, "09:04"), VOIDED]),
    "received at last, then voided": (LISTED, [ADDED, received(ADDED, "09:04"), VOIDED]),
    "received earlier, then contradicted": (
        LISTED,
        [received(DIED, "09:05"), received(DIED, "09:04"), {**DIED, "at": "2025-07-04T09:01:00Z"}],
    ),
    "from the future after all, and contradicted": (
        COMPLETE,
        [HANDED, received(HANDED, "09:01"), {**HANDED, "note": "x"}],
    ),
    "from the future after all, and read again when it was no longer kept": (
        CUSTODY,
        [
            ADDED,
            passed("e4", "accepted", "09:00", "n1", "NI", "UA"),
            received(ADDED, "08:50"),
            on("2025-07-06", event("k1", "clock", "09:00")),
            on("2025-07-09", event("k2", "clock", "09:00")),
            passed("e5", "accepted", "09:01", "n1", "RU", "NI"),
        ],
    ),
    "an offer that was earlier": (CUSTODY, [OFFERED, ACCEPTED, {**OFFERED, "at": "2025-07-04T09:02:30Z"}]),
    "voids in a circle": (
        COMPLETE,
        [event("w0", "voided", "08:50", event="w1"), event("w1", "voided", "09:08", event="w0")],
    ),
    "voids in a circle of three": (
        COMPLETE,
        [
            event("w0", "voided", "08:50", event="w1"),
            event("w2", "voided", "08:40", event="w0"),
            event("w1", "voided", "09:08", event="w2"),
        ],
    ),
    "another content two days later, and voided": (
        'kind = "response"\nafter = { type = "offered" }\nexpect = { type = "accepted" }\nwithin = "5m"',
        [
            passed("e1", "offered", "09:00", "p1", "RU", "NI"),
            on("2025-07-06", {**passed("e1", "offered", "09:00", "p1", "RU", "NI"), "note": "x"}),
            on("2025-07-07", event("k1", "clock", "09:00")),
            on("2025-07-07", event("v", "voided", "09:10", event="e1")),
        ],
    ),
    "handed over again, two days on": (
        PARITY,
        [
            passed("e6", "accepted", "09:00", "p1", "NI", "UA"),
            on("2025-07-04", passed("e29", "accepted", "23:24", "n1", "NI", "UA")),
            on("2025-07-05", CAME_LATE),
            on("2025-07-06", passed("e15", "accepted", "18:36", "p2", "NI", "UA")),
            on("2025-07-05", passed("e12", "accepted", "18:36", "p1", "NI", "UA")),
        ],
    ),
}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("together", [1, 9])
@pytest.mark.parametrize("keeps_all", [True, False])
def test_what_stands_is_as_read_at_once(day: str, backwards: bool, together: int, keeps_all: bool) -> None:
    """Line by line or together, in either order, with or without a memory of one day."""
    clause, sent = DAYS[day]
    lines = [read_event(line) for line in (reversed(sent) if backwards else sent)]
    arrived: list[Any] = []
    watch = Watch(terms(clause), PLAN, None if keeps_all else lambda: arrived, DAY_US)
    told = set()
    for start in range(0, len(lines), together):
        arrived += lines[start : start + together]
        watch.arrive(lines[start : start + together])
        for one in watch.judge():
            told.discard(one.breach()) if one.status == "withdrawn" else told.add(one.breach())
        expected = judge_day(terms(clause), PLAN, arrived)
        assert watch.standing() == expected
        assert told == {one.breach() for one in expected}


IDS = [f"e{number}" for number in range(4)] + [f"v{number}" for number in range(6)]


@st.composite
def voids_of_voids(draw: st.DrawFn) -> Lines:
    """A few reports of one device, and lines that take them, each other and themselves back, in any order."""
    lines: Lines = []
    for name in draw(st.permutations(IDS)):
        kind = (
            draw(st.sampled_from(["died", "clock", "offered", "accepted", "retired"])) if name[0] == "e" else "voided"
        )
        line: dict[str, Any] = {"id": name, "type": kind, "person": "p1", "from": "RU", "to": "NI", "device": "d"}
        line["at"] = f"2025-07-04T{draw(st.sampled_from(['08:5', '09:0']))}{draw(st.integers(0, 9))}:00Z"
        if kind == "voided":
            line = {key: line[key] for key in ("id", "type", "at")} | {"event": draw(st.sampled_from(IDS))}
        if draw(st.booleans()):
            line |= {"device": "d", "device_seq": draw(st.integers(1, 6))}
        lines.append(line)
        if draw(st.integers(0, 5)) == 0:
            lines.append(draw(st.sampled_from([line, line | {"note": "x"}, received(line, "08:56")])))
    return draw(st.permutations(lines))


@settings(max_examples=200)
@given(voids_of_voids(), st.booleans(), st.booleans())
def test_voids_of_voids_are_as_read_at_once(given_lines: Lines, keeps_all: bool, live: bool) -> None:
    """After every line, in whatever order they come: what stands, who is waited for, the end of observation."""
    clauses = terms(LISTED, COMPLETE, CUSTODY)
    arrived: list[Any] = []
    end_us = parse_instant(moment("09:06")) if live else None
    watch = Watch(clauses, PLAN, None if keeps_all else lambda: arrived, MINUTE_US)
    for line in map(read_event, given_lines):
        arrived.append(line)
        watch.arrive([line])
        watch.judge(end_us)
        assert watch.standing() == judge_day(clauses, PLAN, arrived, end_us)


def test_what_takes_back_a_taking_back_does_not_make_the_watch_read_all_lines_again() -> None:
    """In whatever order it comes, as long as the report that it brings back is one that is kept."""
    arrived: list[Any] = []
    read_again = 0

    def recall() -> list[Any]:
        nonlocal read_again
        read_again += 1
        return arrived

    watch = Watch(terms(LISTED), PLAN, recall, HOUR_US)

    def come(*lines: dict[str, Any]) -> None:
        for line in map(read_event, lines):
            arrived.append(line)
            watch.arrive([line])
            watch.judge()

    def numbered(number: int, name: str, kind: str, clock: str, **fields: Any) -> dict[str, Any]:
        return event(name, kind, clock, device="d", device_seq=number, **fields)

    come(*(numbered(hour + 1, f"k{hour}", "clock", f"{hour:02}:00") for hour in range(12)))
    come(numbered(13, "e", "died", "12:00", person="stranger"))
    first = numbered(14, "v", "voided", "12:01", event="e")
    come(numbered(16, "x", "voided", "12:03", event="w"), numbered(15, "w", "voided", "12:02", event="v"), first)
    assert [one.subject for one in watch.standing()] == []
    come(numbered(17, "y", "voided", "12:04", event="x"))
    assert [one.subject for one in watch.standing()] == ["stranger"]
    assert watch.standing() == judge_day(terms(LISTED), PLAN, arrived)
    assert read_again == 0


def test_a_breach_that_two_lines_show_is_audited_once() -> None:
    """Two contents of one report, both from the future."""
    early = received(event("e2", "clock", "09:00:30"), "08:02")
    (only,) = audited(terms(COMPLETE), plan_json(), [early, {**early, "note": "x"}], parse_instant(moment("08:30")))
    assert (only.rule, only.subject) == ("future", "e2")


def test_a_breach_shown_twice_is_certain_as_soon_as_it_is_so_one_way() -> None:
    """Too few were counted, and too many: only a device that rides along could explain either."""
    devices = [{"id": "d", "vehicles": ["v1"], "places": ["X"]}, {"id": "g", "vehicles": ["v2"]}]
    day = plan(persons=[person("p1")], devices=devices)
    lines = [
        event("b", "boarded", "09:00", person="p1", vehicle="v1"),
        event("c1", "counted", "09:01", vehicle="v1", count=3),
        event("c2", "counted", "09:01", vehicle="v1", count=0),
        event("k", "clock", "09:05", device="d", device_seq=1),
    ]
    watch = Watch(terms('kind = "headcount"'), day)
    watch.arrive(read_event(line) for line in lines)
    (told,) = watch.judge()
    assert (told.status, told.waiting_for) == ("open", ())
    assert [told] == judge_day(terms('kind = "headcount"'), day, [read_event(line) for line in lines])


def test_of_the_future_after_all_and_read_again_from_all_lines() -> None:
    """Beginning anew, a watch that has forgotten reads the line in both its receipts: what follows it still counts."""
    marked = event("m", "sealed", "09:00")
    clauses, day_plan = terms(LISTED, CUSTODY), plan(persons=[person("p1")])
    raw = [
        {**CAME_LATE, "at": "2025-07-04T08:55:00Z"},
        received(marked, "09:00"),
        received(marked, "08:50"),
        passed("a", "accepted", "09:01", "n1", "UA", "NI"),
        event("b", "examined", "09:02", person="n3"),
        event("t1", "clock", "09:30"),
        event("t2", "clock", "10:00"),
        event("late", "examined", "08:00", person="n2"),
    ]
    arrived: list[Event] = []
    watch = Watch(clauses, day_plan, lambda: arrived, MINUTE_US)
    for line in raw:
        arrived.append(read_event(line))
        watch.arrive(arrived[-1:])
        watch.judge()
        assert watch.standing() == judge_day(clauses, day_plan, arrived)
