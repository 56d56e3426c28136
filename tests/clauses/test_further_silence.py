"""Which breaches of absence, counts, lists, roads and step wait for a report, and for whose (docs/silence.md)."""

from typing import Any

import pytest
from tests.clauses.days import deviations, event, leg, moved, passed, person, plan, rode, terms

from safeconduct.clauses.watching import Watch
from safeconduct.tracking.events import read_event

DEVICES = [
    {"id": "bus", "vehicles": ["v1"]},
    {"id": "other", "vehicles": ["v2"]},
    {"id": "origin", "places": ["H"]},
    {"id": "point", "places": ["X"]},
]
EVERYBODY = ("bus", "origin", "other", "point")
PLAN = plan(
    persons=[person("p1"), person("p2"), person("r1", held_by="UA", home="RU")],
    legs=[leg("l1", "v1", "H", "X", "08:00", "09:00", "p1") | {"route": [[31.0, 52.0], [31.1, 52.0]]}],
    devices=DEVICES,
)
DEPARTED = moved("d", "departed", "08:00", "v1", "H")
BOARDED = rode("b", "boarded", "07:50", "p1", "v1")


def at(ref: str, clock: str, latitude: float, **fields: Any) -> dict[str, Any]:
    """A position of v1."""
    return event(ref, "positioned", clock, vehicle="v1", position=[31.05, latitude], **fields)


WAITING: dict[str, tuple[str, list[dict[str, Any]], str, tuple[str, ...]]] = {
    "more counted than aboard: a boarding of v1, which may have been anywhere": (
        'kind = "headcount"',
        [BOARDED, event("c", "counted", "08:10", vehicle="v1", count=2)],
        "08:11",
        ("bus", "origin", "point"),
    ),
    "fewer: an alighting, or the boarding of any vehicle": (
        'kind = "headcount"',
        [BOARDED, event("c", "counted", "08:10", vehicle="v1", count=0)],
        "08:11",
        EVERYBODY,
    ),
    "unlisted: that somebody was added": (
        'kind = "listed"',
        [passed("o", "offered", "08:10", "p9", "RU", "NI")],
        "08:11",
        EVERYBODY,
    ),
    "a lead: a handover of the other side": (
        'kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = 0',
        [passed("a", "accepted", "08:10", "p1", "NI", "UA")],
        "08:11",
        EVERYBODY,
    ),
    "a deadline of a vehicle: of the vehicle, or at the place that the pattern names": (
        'kind = "deadline"\nexpect = { type = "inspected", place = "H" }\nby = 2025-07-04T07:00:00Z\nper = "vehicle"',
        [],
        "08:06",
        ("bus", "origin"),
    ),
    "one side without the other: whom the patterns that are lacking tie it to": (
        'kind = "reciprocity"\neach = [{ type = "arrived", vehicle = "v1" }, { type = "arrived", vehicle = "v2", '
        'place = "X" }]\nwithin = "5m"',
        [moved("a", "arrived", "08:00", "v1", "X")],
        "08:06",
        ("other", "point"),
    ),
    "a late departure: of the vehicle, or at its origin": (
        'kind = "departure"\nlate = "5m"',
        [],
        "08:06",
        ("bus", "origin"),
    ),
    "off the road: a position between, or the arrival": (
        'kind = "corridor"\nbuffer_m = 1000',
        [DEPARTED, at("a", "08:10", 52.1), at("b", "08:20", 52.1)],
        "08:21",
        ("bus", "point"),
    ),
    "off the road without grace: nothing": (
        'kind = "corridor"\nbuffer_m = 1000\ngrace = "0s"',
        [DEPARTED, at("a", "08:10", 52.1)],
        "08:21",
        (),
    ),
    "a halt: a position between, or the arrival": (
        'kind = "stop"\nlongest = "5m"\nradius_m = 100',
        [DEPARTED, at("a", "08:10", 52.1), at("b", "08:20", 52.1)],
        "08:21",
        ("bus", "point"),
    ),
    "what should never be: nothing": ('kind = "absence"\nnever = { type = "departed" }', [DEPARTED], "08:21", ()),
    "a one-sided change: nothing": (
        'kind = "freeze"\nbefore = "1h"',
        [event("w", "withdrawn", "08:00", person="p1")],
        "08:21",
        (),
    ),
    "an early departure: nothing": (
        'kind = "departure"\nearly = "0s"',
        [moved("d", "departed", "07:00", "v1", "H")],
        "08:21",
        (),
    ),
}


@pytest.mark.parametrize("name", WAITING)
def test_who_is_waited_for(name: str) -> None:
    """Unconfirmed while one of them may still report what is lacking; open where nothing is."""
    clause, events, until, waiting = WAITING[name]
    (found,) = deviations(clause, PLAN, events, until)
    assert (found.status, found.waiting_for) == ("unconfirmed" if waiting else "open", waiting)


def test_a_tracker_without_a_gap_is_believed_at_once() -> None:
    """Its own report beyond the moment says that no position between is lacking; a missing number says one may be."""
    alone = plan(legs=[leg("l1", "v1", "H", "X", "08:00", "09:00") | {"route": [[31.0, 52.0], [31.1, 52.0]]}],
                 devices=[{"id": "bus", "vehicles": ["v1"]}])  # fmt: skip
    clauses = terms('kind = "corridor"\nbuffer_m = 1000', 'kind = "stop"\nlongest = "5m"\nradius_m = 100')
    numbered = [
        {**one, "device": "bus", "device_seq": number}
        for number, one in enumerate(
            [DEPARTED, at("a", "08:10", 52.1), at("b", "08:13", 52.0), at("c", "08:20", 52.1)], 1
        )
    ]
    watch = Watch(clauses, alone)
    watch.arrive(map(read_event, [numbered[0], numbered[1], numbered[3]]))
    assert [(one.rule, one.status) for one in watch.judge()] == [("outside", "unconfirmed"), ("stopped", "unconfirmed")]
    watch.arrive([read_event(numbered[2])])
    assert [(one.rule, one.status) for one in watch.judge()] == [("outside", "withdrawn"), ("stopped", "withdrawn")]
    steady = [{**numbered[2], "position": [31.05, 52.1]} if one is numbered[2] else one for one in numbered]
    assert [(one.rule, one.status) for one in deviations(clauses, alone, steady)] == [
        ("outside", "open"),
        ("stopped", "open"),
    ]


def test_a_late_boarding_withdraws_a_wrong_count() -> None:
    """As a late `added` does an unlisted person, and a late handover a lead."""
    clauses = terms('kind = "headcount"', 'kind = "listed"', 'kind = "parity"\nbetween = ["RU", "UA"]\nmax_lead = 0')
    watch = Watch(clauses, PLAN)
    early = [
        event("c", "counted", "08:10", vehicle="v1", count=1),
        event("x", "examined", "08:10", person="p9"),
        passed("a", "accepted", "08:10", "p1", "NI", "UA"),
    ]
    watch.arrive(map(read_event, early))
    assert {one.status for one in watch.judge()} == {"unconfirmed"}
    assert len(watch.standing()) == 3
    late = [
        BOARDED,
        event("n", "added", "08:00", person="p9", agreed_by=["RU", "UA"]),
        passed("z", "accepted", "08:10", "r1", "NI", "RU"),
    ]
    watch.arrive(map(read_event, late))
    assert [one.status for one in watch.judge()] == ["withdrawn"] * 3
    assert watch.standing() == []
