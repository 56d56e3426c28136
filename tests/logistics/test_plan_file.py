"""The plan file: what is read is what was written, and what is malformed is told at its line and column."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import SECOND_US, parse_instant
from safeconduct.logistics.plan import (
    Batch,
    Device,
    Leg,
    Place,
    Plan,
    PlannedPerson,
    Vehicle,
    read_plan,
    write_plan,
)
from safeconduct.vocabulary.place import PLACE_KINDS, Point

IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)
OPTIONAL = st.just("") | IDS
MOMENTS = st.integers(parse_instant("1970-01-01T00:00:00Z"), parse_instant("2200-01-01T00:00:00Z"))
POINTS = st.builds(Point, st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))
DIFFERENT = st.lists(IDS, unique=True, max_size=3).map(tuple)


def rows(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Up to three of them with different ids."""
    return st.lists(strategy, unique_by=lambda one: one.id, max_size=3).map(tuple)


@st.composite
def legs(draw: st.DrawFn) -> Leg:
    """A leg that arrives no earlier than it departs."""
    depart_us, arrive_us = sorted((draw(MOMENTS), draw(MOMENTS)))
    return Leg(
        id=draw(IDS),
        vehicle=draw(IDS),
        origin=draw(IDS),
        destination=draw(IDS),
        depart_us=depart_us,
        arrive_us=arrive_us,
        persons=draw(DIFFERENT),
        route=tuple(draw(st.lists(POINTS, max_size=3))),
    )


PLANS = st.builds(
    Plan,
    exchange=IDS,
    agreement=IDS,
    start_us=MOMENTS,
    exchange_point=OPTIONAL,
    places=rows(
        st.builds(Place, id=IDS, kind=st.sampled_from(PLACE_KINDS), name=OPTIONAL, position=st.none() | POINTS)
    ),
    persons=rows(
        st.builds(
            PlannedPerson,
            id=IDS,
            held_by=IDS,
            home=IDS,
            batch=OPTIONAL,
            custody=st.lists(IDS, max_size=4).map(tuple),
        )
    ),
    vehicles=rows(
        st.builds(
            Vehicle,
            id=IDS,
            kind=OPTIONAL,
            operator=OPTIONAL,
            seats=st.integers(0, 99),
            stretchers=st.integers(0, 9),
        )
    ),
    legs=rows(legs()),
    batches=rows(st.builds(Batch, id=IDS, handover_us=MOMENTS)),
    devices=st.none() | rows(st.builds(Device, id=IDS, vehicles=DIFFERENT, places=DIFFERENT)),
    trust_silence_us=st.integers(1, 10**6).map(lambda seconds: seconds * SECOND_US),
)


@given(PLANS)
def test_what_is_written_is_read(plan: Plan) -> None:
    """Every plan comes back as it was, and is written with the same bytes again."""
    source = write_plan(plan)
    assert read_plan("plan.json", source) == plan
    assert write_plan(read_plan("plan.json", source)) == source


def test_a_place_without_a_name_is_written_as_ever() -> None:
    """A plan made before places had names keeps its bytes; a name that is there is kept."""
    source = broken(places=[{"id": "X", "kind": "exchange-point"}, {"id": "Y", "kind": "stop", "name": "Gomel"}])
    plan = read_plan("plan.json", source.encode())
    assert [place.name for place in plan.places] == ["", "Gomel"]
    written = json.loads(write_plan(plan))
    assert written["places"] == [{"id": "X", "kind": "exchange-point"}, {"id": "Y", "name": "Gomel", "kind": "stop"}]


def test_the_contracts_example_is_read() -> None:
    """Times, positions and custody as they stand in the formats."""
    text = """{"exchange": "2025-07-04", "agreement": "istanbul-2025-06-02", "start": "2025-07-04T03:00:00Z",
      "exchange_point": "X",
      "places":   [{"id": "X", "kind": "exchange-point", "position": [30.97, 52.08]}],
      "persons":  [{"id": "p1", "held_by": "RU", "home": "UA", "batch": "b1",
                    "custody": ["RU", "NI", "UA", "facility-1"]}],
      "vehicles": [{"id": "v1", "kind": "bus", "operator": "RU", "seats": 45, "stretchers": 0}],
      "legs":     [{"id": "l1", "vehicle": "v1", "from": "H1", "to": "X", "depart": "2025-07-04T05:00:00+03:00",
                    "arrive": "2025-07-04T05:30:00Z", "persons": ["p1"], "route": [[31.9, 52.4], [30.97, 52.08]]}],
      "batches":  [{"id": "b1", "handover": "2025-07-04T09:00:00Z"}]}"""
    plan = read_plan("plan.json", text.encode())
    assert plan.legs[0].depart_us == parse_instant("2025-07-04T02:00:00Z")
    assert plan.places[0].position == Point(30_970_000, 52_080_000)
    assert plan.persons[0].custody == ("RU", "NI", "UA", "facility-1")
    assert plan.devices is None
    assert plan.trust_silence_us == parse_instant("1970-01-01T02:00:00Z")


def broken(**parts: Any) -> str:
    """A small plan, a part a line, with some parts replaced."""
    document = {
        "exchange": "x",
        "agreement": "a",
        "start": "2025-07-04T03:00:00Z",
        "exchange_point": "X",
        "persons": [{"id": "p1", "held_by": "RU", "home": "UA"}],
        **parts,
    }
    body = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in document.items() if value is not ...)
    return "{\n" + body + "\n}"


LEG = {
    "id": "l1",
    "vehicle": "v1",
    "from": "H",
    "to": "X",
    "depart": "2025-07-04T04:00:00Z",
    "arrive": "2025-07-04T05:00:00Z",
}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "plan.json:1:1: not JSON: expecting value; mend the syntax there"),
        ("[1]", "plan.json:1:1: expected an object, found a list; wrap it in { }"),
        ('{"exchange": "x",}', "plan.json:1:18: not JSON: "),
        ('{"exchange": "x", "exchange": "y"}', "plan.json:1:19: not JSON: the key 'exchange' stands twice"),
        (broken(agreement=...), "plan.json:1:1: 'agreement' is missing; add agreement = …"),
        (broken(persons=...), "plan.json:1:1: 'persons' is missing"),
        (broken(exchange=7), "plan.json:2:13: 'exchange' must be a text, found the number 7"),
        (broken(start="2025-07-04 03:00"), "plan.json:4:10: 'start': '2025-07-04 03:00' is not an RFC 3339 time"),
        (broken(start="2025-07-04T25:00:00Z"), "plan.json:4:10: 'start': '2025-07-04T25:00:00Z' is no moment of"),
        (broken(start="2025-07-04T03:00:00"), "plan.json:4:10: 'start': '2025-07-04T03:00:00' is not an RFC 3339"),
        (broken(agrement="a"), "plan.json:7:1: unknown field 'agrement'; did you mean 'agreement'?"),
        (broken(persons={}), "plan.json:6:12: 'persons' must be a list, found a table"),
        (broken(persons=["p1"]), "plan.json:6:13: 'persons' must hold tables, found the text 'p1'"),
        (broken(persons=[{"id": "p1", "home": "UA"}]), "plan.json:6:13: 'held_by' is missing"),
        (
            broken(persons=[{"id": "p1", "held_by": "RU", "home": "UA", "age": 3}]),
            "plan.json:6:57: unknown field 'age'",
        ),
        (
            broken(persons=[{"id": "p1", "held_by": "RU", "home": "UA"}] * 2),
            "plan.json:6:65: the id 'p1' stands twice in 'persons'; give each its own id",
        ),
        (
            broken(persons=[{"id": "p1", "held_by": "RU", "home": "UA", "custody": ["RU", 3]}]),
            "plan.json:6:68: 'custody' must hold custodians' names",
        ),
        (broken(places=[{"id": "X", "kind": "border"}]), "plan.json:7:32: 'border' is not a value of 'kind'; "),
        (
            broken(places=[{"id": "X", "kind": "stop", "position": [52.08]}]),
            "plan.json:7:52: a position is [longitude, latitude] in degrees",
        ),
        (
            broken(places=[{"id": "X", "kind": "stop", "position": [52.08, 130.97]}]),
            "plan.json:7:52: the position [52.08, 130.97] is outside the globe",
        ),
        (broken(vehicles=[{"id": "v1"}]), "plan.json:7:14: 'seats' is missing"),
        (broken(vehicles=[{"id": "v1", "seats": -1}]), "plan.json:7:36: 'seats' is -1, outside 0.."),
        (broken(vehicles=[{"id": "v1", "seats": 4.5}]), "plan.json:7:36: 'seats' must be a whole number"),
        (broken(vehicles=[{"id": "v1", "seats": True}]), "plan.json:7:36: 'seats' must be a whole number, found true"),
        (broken(legs=[{**LEG, "arrive": "2025-07-04T03:59:00Z"}]), "plan.json:7:108: leg 'l1' arrives before it"),
        (broken(legs=[{**LEG, "persons": ["p1", "p1"]}]), "plan.json:7:150: 'persons' names 'p1' twice; remove one"),
        (broken(legs=[{**LEG, "route": [[1, 2], "H"]}]), "plan.json:7:141: a position is [longitude, latitude]"),
        (broken(legs=[{**LEG, "from": ""}]), "plan.json:7:48: 'from' is empty"),
        (broken(batches=[{"id": "b1", "handover": "noon"}]), "plan.json:7:38: 'handover': 'noon' is not an RFC 3339"),
        (broken(devices=[{"id": "d1", "vehicle": "v1"}]), "plan.json:7:26: unknown field 'vehicle'; did you mean 'veh"),
        (broken(trust_silence="2 hours"), "plan.json:7:18: 'trust_silence': '2 hours' is not a duration like 45s"),
    ],
)
def test_broken_plan_is_told_in_one_line(text: str, fault: str) -> None:
    """Where it is, what is wrong, how to mend it."""
    with pytest.raises(BadInput) as raised:
        read_plan("plan.json", text.encode())
    told = str(raised.value)
    assert told.startswith(fault)
    assert "\n" not in told
    assert "; " in told


def test_all_faults_are_told_in_one_run() -> None:
    """Independent faults, in the order of the file."""
    with pytest.raises(BadInput) as raised:
        read_plan(
            "plan.json",
            broken(
                persons=[{"id": "p1", "home": "UA"}, {"id": "p2", "held_by": "RU"}],
                vehicles=[{"id": "v1", "seats": "many"}],
            ).encode(),
        )
    assert [(fault.line, fault.what) for fault in raised.value.faults] == [
        (6, "'held_by' is missing"),
        (6, "'home' is missing"),
        (7, "'seats' must be a whole number, found the text 'many'"),
    ]
