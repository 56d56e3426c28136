"""Each rule of the built-in clause `plan`, by hand, at its boundaries."""

from typing import Any

import pytest
from tests.clauses.days import leg, moment, person, plan, short, terms

from safeconduct.clauses.plan import breaches, check_plan, deviations
from safeconduct.kernel.times import format_instant

PLACES = [
    {"id": "X", "kind": "exchange-point"},
    {"id": "H", "kind": "holding"},
    {"id": "H2", "kind": "holding"},
    {"id": "S", "kind": "stop"},
    {"id": "F", "kind": "facility"},
]
BUS = {"id": "v1", "seats": 2, "stretchers": 1}
BATCH = {"id": "b1", "handover": moment("09:00")}


def found(**parts: Any) -> list[tuple[str, str, str]]:
    """The breaches of a plan with the places, bus and batch above unless it says otherwise."""
    given = {"places": PLACES, "vehicles": [BUS], "batches": [BATCH], **parts}
    return [(one.rule, one.subject, short(format_instant(one.at_us))) for one in breaches(plan(**given))]


def way(*refs: str, arrive: str = "08:00") -> dict[str, Any]:
    """A leg that brings them to the exchange point."""
    return leg("l1", "v1", "H", "X", "06:00", arrive, *refs)


def test_sound_plan_breaks_nothing() -> None:
    """A person brought from a holding place in time, by a bus with a seat."""
    assert found(persons=[person("p1")], legs=[way("p1")]) == []


def test_unknown_ids_at_the_start_once_each() -> None:
    """Every kind of reference, named twice or not; subject is the missing id."""
    assert found(
        exchange_point="gone",
        persons=[person("p1", batch="b9")],
        legs=[
            leg("l1", "v9", "A", "B", "04:00", "05:00", "p8"),
            leg("l2", "v9", "B", "A", "05:00", "06:00", "p8"),
        ],
        devices=[{"id": "d1", "vehicles": ["v7", "v1"], "places": ["C", "X"]}],
    ) == [("unknown", one, "03:00") for one in ("A", "B", "C", "b9", "gone", "p8", "v7", "v9")]


def test_person_without_a_batch_names_no_unknown_id() -> None:
    """There is no id that is nowhere."""
    nobody = person("p1")
    del nobody["batch"]
    assert found(persons=[nobody]) == []


@pytest.mark.parametrize(("aboard", "expected"), [(3, []), (4, [("capacity", "l1", "06:00")])])
def test_capacity_counts_seats_and_stretchers(aboard: int, expected: list[tuple[str, str, str]]) -> None:
    """Two seats and a stretcher: three fit, four do not."""
    refs = [f"p{number}" for number in range(aboard)]
    assert found(persons=[person(ref) for ref in refs], legs=[way(*refs)]) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (leg("l2", "v1", "X", "F", "08:00", "09:00"), []),
        (leg("l2", "v1", "X", "F", "07:59", "09:00"), [("two-places", "v1", "07:59")]),
        (leg("l2", "v1", "H", "F", "08:30", "09:00"), [("two-places", "v1", "08:30")]),
        (leg("l2", "v2", "H", "F", "07:00", "09:00"), [("unknown", "v2", "03:00")]),
    ],
)
def test_vehicle_is_in_one_place(second: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """It leaves from where and not before it came, whichever leg stands first in the file."""
    assert found(legs=[way(), second]) == expected
    assert found(legs=[second, way()]) == expected


def test_legs_of_one_departure_stand_in_the_order_of_the_file() -> None:
    """Two legs at one minute: the second begins before the first has ended."""
    legs = [leg("l1", "v1", "H", "X", "06:00", "07:00"), leg("l2", "v1", "X", "F", "06:00", "08:00")]
    assert found(legs=legs) == [("two-places", "v1", "06:00")]


@pytest.mark.parametrize(
    ("depart", "expected"),
    [("08:00", []), ("07:59", [("twice", "p1", "07:59")])],
)
def test_person_is_on_one_leg_at_a_time(depart: str, expected: list[tuple[str, str, str]]) -> None:
    """The next leg may begin when the one before ends."""
    legs = [way("p1"), leg("l2", "v2", "X", "X", depart, "08:30", "p1")]
    vehicles = [BUS, {"id": "v2", "seats": 9}]
    assert found(persons=[person("p1")], legs=legs, vehicles=vehicles) == expected


def test_twice_sees_past_a_short_leg_to_a_long_one() -> None:
    """The first leg still runs when the third begins, though the second has ended."""
    legs = [leg("l1", "v1", "H", "X", "04:00", "08:00", "p1")]
    legs += [leg(f"l{n}", f"v{n}", "X", "X", f"0{n + 3}:00", f"0{n + 3}:30", "p1") for n in (2, 3)]
    vehicles = [{"id": f"v{n}", "seats": 9} for n in (1, 2, 3)]
    rules = found(persons=[person("p1")], legs=legs, vehicles=vehicles)
    assert rules == [("twice", "p1", "05:00"), ("twice", "p1", "06:00")]


@pytest.mark.parametrize(
    ("legs", "stranded"),
    [
        ([way("p1", arrive="09:00")], False),
        ([way("p1", arrive="09:01")], True),
        ([], True),
        ([leg("l1", "v1", "S", "X", "06:00", "08:00", "p1")], True),
        ([leg("l1", "v1", "H", "F", "06:00", "08:00", "p1")], True),
        ([leg("l1", "v1", "H", "S", "05:00", "06:00", "p1"), leg("l2", "v1", "S", "X", "06:00", "08:00", "p1")], False),
        ([leg("l1", "v1", "H", "S", "05:00", "06:00", "p1"), leg("l2", "v2", "H", "X", "06:00", "08:00", "p1")], True),
        # A leg at the moment of the handover is after it.
        ([way("p1"), leg("l2", "v2", "X", "F", "09:00", "10:00", "p1")], False),
        ([way("p1"), leg("l2", "v2", "X", "F", "08:59", "10:00", "p1")], True),
    ],
)
def test_stranded(legs: list[dict[str, Any]], stranded: bool) -> None:
    """The legs before the handover lead from a holding place, one to the next, to the exchange point by then."""
    vehicles = [BUS, {"id": "v2", "seats": 9}]
    expected = [("stranded", "p1", "09:00")] if stranded else []
    assert found(persons=[person("p1")], legs=legs, vehicles=vehicles) == expected


@pytest.mark.parametrize("custody", [[], ["NI", "UA"], ["RU", "NI"]])
def test_custody(custody: list[str]) -> None:
    """Absent, beginning with somebody else, never coming home."""
    assert found(persons=[person("p1", custody=custody)], legs=[way("p1")]) == [("custody", "p1", "03:00")]


@pytest.mark.parametrize(("arrive", "too_fast"), [("07:00:44", False), ("07:00:43", True), ("06:00", True)])
def test_speed_in_a_straight_line(arrive: str, too_fast: bool) -> None:
    """One degree of longitude on the equator is 111,319.491 m (WGS 84); at 110 km/h that takes 3,643.18 s: 60:43.2."""
    places = [
        {"id": "H", "kind": "holding", "position": [30.0, 0.0]},
        {"id": "X", "kind": "exchange-point", "position": [31.0, 0.0]},
    ]
    expected = [("too-fast", "l1", "06:00")] if too_fast else []
    assert found(places=places, legs=[way(arrive=arrive)]) == expected


def test_standing_still_is_not_fast() -> None:
    """No distance in no time; and where a position is lacking nothing is judged."""
    places = [{"id": one, "kind": "holding", "position": [30.0, 0.0]} for one in "HX"]
    assert found(places=places, legs=[way(arrive="06:00")]) == []
    assert found(legs=[way(arrive="06:00")]) == []


def test_messages_name_no_person() -> None:
    """Every rule's sentence ends as one and leaves out whom it is about; the evidence is of the nominal trace."""
    named = "Кравець-77"
    legs = [
        leg("l1", "v1", "S", "X", "06:00", "08:00", named, "p2", "p3", "p4", "stranger-5"),
        leg("l2", "v1", "H", "X", "07:00", "07:01", named),
    ]
    persons = [person(named, custody=[]), *(person(f"p{n}", batch="b9") for n in (2, 3, 4))]
    places = [
        {"id": "H", "kind": "holding", "position": [30.0, 0.0]},
        {"id": "X", "kind": "stop", "position": [31.0, 0.0]},
    ]
    day = plan(
        persons=persons, legs=legs, vehicles=[BUS], batches=[BATCH], places=[*places, {"id": "S", "kind": "stop"}]
    )
    told = deviations(day)
    assert {one.rule for one in told} == {
        "unknown",
        "capacity",
        "two-places",
        "twice",
        "stranded",
        "custody",
        "too-fast",
    }
    for one in told:
        assert named not in one.message
        assert "stranger" not in one.message
        assert one.message.endswith(".")
        assert (one.clause, one.kind, one.status) == ("plan", "plan", "open")


def test_check_merges_terms_and_plan_in_order() -> None:
    """Verdicts of the terms over the nominal trace and those of `plan`, by at, clause, rule, subject."""
    read = terms('kind = "complete"\nby = 2025-07-04T08:30:00Z', 'kind = "custody"\nwithin = "10m"')
    day = plan(
        persons=[person("p1"), person("p2", custody=[])],
        legs=[way("p1")],
        vehicles=[BUS],
        batches=[BATCH],
        places=PLACES,
    )
    assert [(one.clause, one.rule, one.subject, short(one.at)) for one in check_plan(read, day)] == [
        ("plan", "custody", "p2", "03:00"),
        ("c1", "outstanding", "p1", "08:30"),
        ("c1", "outstanding", "p2", "08:30"),
        ("plan", "stranded", "p2", "09:00"),
    ]
