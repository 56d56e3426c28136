"""Kinds `departure`, `headcount`, `corridor` and `stop`: worked by hand, sentence by sentence."""

from typing import Any

import pytest
from tests.clauses.days import breaches, deviations, event, leg, moved, person, plan, rode

Found = list[tuple[str, str, str]]
Events = list[dict[str, Any]]

ROAD = [[31.0, 52.0], [31.05, 52.0], [31.1, 52.0]]
"""A parallel: a degree of latitude beside it is 111 268 m long, a degree of longitude along it 68 678 m."""
PLAN = plan(
    persons=[person("p1"), person("p2")],
    places=[
        {"id": "rest", "kind": "stop", "position": [31.05, 52.0]},
        {"id": "ward", "kind": "hospital", "position": [31.02, 52.0]},
        {"id": "nowhere", "kind": "stop"},
    ],
    legs=[
        leg("l1", "v1", "H", "X", "08:00", "09:00") | {"route": ROAD},
        leg("l2", "v1", "H", "X", "10:00", "11:00"),
        leg("l3", "v1", "X", "H", "09:30", "10:00") | {"route": ROAD[:1]},
    ],
)
DEPARTED = moved("d1", "departed", "08:00", "v1", "H")
ARRIVED = moved("a1", "arrived", "09:00", "v1", "X")

PUNCTUAL = 'kind = "departure"\nearly = "15m"\nlate = "30m"'
DEPARTURES: dict[str, tuple[Events, str, Found]] = {
    "on the bounds": (
        [
            moved("a", "departed", "07:45", "v1", "H"),
            moved("b", "departed", "10:00", "v1", "X"),
            moved("c", "departed", "10:30", "v1", "H"),
        ],
        "20:00",
        [],
    ),
    "a second beyond them": (
        [
            moved("a", "departed", "07:44:59", "v1", "H"),
            moved("b", "departed", "10:00:01", "v1", "X"),
            moved("c", "departed", "10:30", "v1", "H"),
        ],
        "20:00",
        [("early", "l1", "07:44:59"), ("late", "l3", "10:00")],
    ),
    "none, at the deadline": ([DEPARTED], "10:00", []),
    "none, after it": ([DEPARTED], "10:00:01", [("late", "l3", "10:00")]),
    "a repeated departure is the same one": (
        [DEPARTED, moved("d2", "departed", "09:50", "v1", "H")],
        "10:30:01",
        [("late", "l3", "10:00"), ("late", "l2", "10:30")],
    ),
    "the k-th against the k-th": (
        [DEPARTED, ARRIVED, moved("d2", "departed", "09:44", "v1", "H")],
        "10:00",
        [("early", "l2", "09:44")],
    ),
    "from elsewhere is another departure": (
        [moved("d", "departed", "08:00", "v1", "G")],
        "09:00",
        [("late", "l1", "08:30")],
    ),
}


@pytest.mark.parametrize("name", DEPARTURES)
def test_departure_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, until, found = DEPARTURES[name]
    assert breaches(PUNCTUAL, PLAN, events, until) == found


def test_departure_of_an_absent_side_is_not_judged() -> None:
    """Only early, only late."""
    events = [moved("a", "departed", "07:00", "v1", "H")]
    assert breaches('kind = "departure"\nearly = "0s"', PLAN, events, "20:00") == [("early", "l1", "07:00")]
    assert breaches('kind = "departure"\nlate = "0s"', PLAN, events, "09:31") == [("late", "l3", "09:30")]
    (found,) = deviations('kind = "departure"\nlate = "0s"', PLAN, events, "09:31")
    assert found.message == (
        "Each vehicle departs at most 0s later than planned: expected vehicle v1 at X (leg l3) planned for 09:30, due "
        "by 09:30; none by 09:31."
    )


def test_legs_from_one_place_are_counted_in_the_order_of_departure() -> None:
    """However they stand in the file and whenever they arrive."""
    crossing = plan(
        legs=[leg("second", "v1", "H", "X", "10:00", "11:00"), leg("first", "v1", "H", "G", "09:00", "12:00")]
    )
    events = [moved("a", "departed", "09:00", "v1", "H"), moved("b", "arrived", "09:30", "v1", "G")]
    assert breaches('kind = "departure"\nlate = "0s"', crossing, events, "11:00") == [("late", "second", "10:00")]


def counted(ref: str, clock: str, count: float, vehicle: str = "v1", **fields: Any) -> dict[str, Any]:
    """A count."""
    return event(ref, "counted", clock, vehicle=vehicle, count=count, **fields)


ABOARD = [rode("r1", "boarded", "07:50", "p1", "v1"), rode("r2", "boarded", "08:00", "p2", "v1")]
COUNTS: dict[str, tuple[Events, Found]] = {
    "as many as aboard": ([*ABOARD, counted("c", "08:30", 2)], []),
    "one too few": ([*ABOARD, counted("c", "08:30", 1)], [("differs", "v1", "08:30")]),
    "one too many": ([*ABOARD, counted("c", "08:30", 3)], [("differs", "v1", "08:30")]),
    "just before that instant or at it": ([*ABOARD, counted("a", "08:00", 1), counted("b", "08:00", 2)], []),
    "neither": (
        [*ABOARD, rode("r3", "boarded", "08:00", "p3", "v1"), counted("a", "08:00", 2), counted("b", "08:00", 2.5)],
        [("differs", "v1", "08:00")],
    ),
    "nobody in a vehicle never boarded": ([counted("c", "08:00", 0, "v9")], []),
    "somebody in it": ([counted("c", "08:00", 1, "v9")], [("differs", "v9", "08:00")]),
    "each vehicle by itself, of one instant too": (
        [*ABOARD, rode("r3", "boarded", "08:00", "p1", "v2"), counted("a", "08:00", 0, "v2"), counted("b", "08:00", 1)],
        # Just before it p1 alone is in v1, at it p2 alone; v2 is empty just before it.
        [],
    ),
    "other things than prisoners are not judged": (
        [*ABOARD, counted("a", "08:30", 5, what="escorts"), counted("b", "08:30", 0, what="weapons")],
        [],
    ),
    "prisoners by name": ([*ABOARD, counted("a", "08:30", 5, what="prisoners")], [("differs", "v1", "08:30")]),
    "a whole number however written": ([*ABOARD, counted("a", "08:30", 2.0)], []),
    "also who is on no list": ([rode("r", "boarded", "08:00", "who", "v1"), counted("a", "08:30", 1)], []),
}


@pytest.mark.parametrize("name", COUNTS)
def test_headcount_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, found = COUNTS[name]
    assert breaches('kind = "headcount"', PLAN, events) == found


def test_headcount_tells_both_numbers() -> None:
    """What was reported aboard, just before and at the instant, and what was counted."""
    events = [*ABOARD, counted("c", "08:00", 5, place="H")]
    (found,) = deviations('kind = "headcount"', PLAN, events)
    assert found.message == (
        "Every count of the prisoners in a vehicle equals the number reported aboard it: expected 1 or 2 in vehicle "
        "v1, as reported aboard; counted vehicle v1 at H, 08:00: 5."
    )


def at(ref: str, clock: str, north: float = 0.0, east: float = 0.05, vehicle: str = "v1") -> dict[str, Any]:
    """A position on the road, or so many degrees of latitude north of it."""
    return event(ref, "positioned", clock, vehicle=vehicle, position=[31.0 + east, 52.0 + north])


OFF = 0.02
"""2 225 m."""
CORRIDOR = 'kind = "corridor"\nbuffer_m = 1000'
CORRIDORS: dict[str, tuple[str, Events, Found]] = {
    # 0.00898 degrees are 999.2 m, 0.009 degrees 1 001.4 m.
    "at the edge": (CORRIDOR, [DEPARTED, at("a", "08:10", 0.00898), at("b", "08:20", 0.00898)], []),
    "beyond it, for as long as the grace": (
        CORRIDOR,
        [DEPARTED, at("a", "08:10", 0.009), at("b", "08:12", 0.009)],
        [("outside", "v1", "08:12")],
    ),
    "for less": (CORRIDOR, [DEPARTED, at("a", "08:10", OFF), at("b", "08:11:59", OFF)], []),
    "once": (CORRIDOR, [DEPARTED, at("a", "08:10", OFF)], []),
    "once, and never heard of again": (CORRIDOR, [DEPARTED, at("a", "08:10", OFF), ARRIVED], []),
    "the breach is at the end of the grace": (
        CORRIDOR,
        [DEPARTED, at("a", "08:10", OFF), at("b", "08:40", OFF), at("c", "08:50", OFF)],
        [("outside", "v1", "08:12")],
    ),
    "one inside between makes two excursions": (
        CORRIDOR,
        [DEPARTED, at("a", "08:10", OFF), at("b", "08:11", 0), at("c", "08:12", OFF), at("d", "08:14", OFF)],
        [("outside", "v1", "08:14")],
    ),
    "of one instant by id": (
        CORRIDOR,
        [DEPARTED, at("a", "08:10", OFF), at("b", "08:12", 0), at("c", "08:12", OFF)],
        [],
    ),
    "the terms' own grace": (
        CORRIDOR + '\ngrace = "10m"',
        [DEPARTED, at("a", "08:10", OFF), at("b", "08:19:59", OFF)],
        [],
    ),
    "no grace": (CORRIDOR + '\ngrace = "0s"', [DEPARTED, at("a", "08:10", OFF)], [("outside", "v1", "08:10")]),
    "before the departure and after the arrival it may be anywhere": (
        CORRIDOR,
        [at("x", "07:50", OFF), at("y", "07:59", OFF), DEPARTED, ARRIVED, at("a", "09:10", OFF), at("b", "09:20", OFF)],
        [],
    ),
    "at the moments of departure and arrival it is en route": (
        CORRIDOR,
        [DEPARTED, at("a", "08:00", OFF), at("b", "09:00", OFF), ARRIVED],
        [("outside", "v1", "08:02")],
    ),
    "within one leg": (
        CORRIDOR,
        # l1 ends at 09:00 with one position outside; l3, a route of one point, begins at 09:30 with another.
        [DEPARTED, at("a", "08:59", OFF), ARRIVED, moved("d3", "departed", "09:30", "v1", "X"), at("b", "09:31", OFF)],
        [],
    ),
    "a route of one point": (
        CORRIDOR,
        [
            moved("d3", "departed", "09:30", "v1", "X"),
            at("a", "09:31", 0, 0.0145),  # 995.8 m
            at("b", "09:35", 0, 0.0146),  # 1 002.7 m
            at("c", "09:37", 0, 0.0146),
        ],
        [("outside", "v1", "09:37")],
    ),
    "a leg without a route, and an unplanned one": (
        CORRIDOR,
        [
            DEPARTED,
            ARRIVED,
            moved("d2", "departed", "10:00", "v1", "H"),
            at("a", "10:10", OFF),
            at("b", "10:20", OFF),
            moved("d4", "departed", "10:30", "v1", "G"),
            at("c", "10:40", OFF),
            at("d", "10:50", OFF),
        ],
        [],
    ),
    "beyond the ends of the route": (
        CORRIDOR,
        [DEPARTED, at("a", "08:10", 0, 0.12), at("b", "08:20", 0, -0.02)],
        [("outside", "v1", "08:12")],
    ),
    "another vehicle": (CORRIDOR, [DEPARTED, *(at(ref, f"08:{ref}", OFF, vehicle="v2") for ref in ("10", "20"))], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CORRIDORS)
def test_corridor_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    clause, events, found = CORRIDORS[name]
    assert breaches(clause, PLAN, events) == found


def test_corridor_tells_how_far_and_how_long() -> None:
    """0.02 degrees of latitude are 2 225 m."""
    events = [DEPARTED, at("a", "08:10", OFF), at("b", "08:13", 0.01), at("c", "08:14", 0.011)]
    (found,) = deviations(CORRIDOR, PLAN, events)
    assert found.message == (
        "Every vehicle en route keeps within 1,000 m of its planned route; less than 2m outside is let pass: expected "
        "vehicle v1 within 1,000 m of the route of leg l1 by 08:12; outside from 08:10 to 08:14, up to 2,225 m from it."
    )
    assert found.evidence == ("a", "b")


STOP = 'kind = "stop"\nlongest = "10m"\nradius_m = 200'
STOPS: dict[str, tuple[Events, Found]] = {
    "as long as allowed": ([DEPARTED, at("a", "08:10", east=0.01), at("b", "08:20", east=0.01)], []),
    "a second longer": (
        [DEPARTED, at("a", "08:10", east=0.01), at("b", "08:20:01", east=0.01)],
        [("stopped", "v1", "08:20")],
    ),
    # 0.0029 degrees of longitude are 199.2 m, 0.003 degrees 206.0 m.
    "within the radius of the first": (
        [DEPARTED, at("a", "08:10", east=0.01), at("b", "08:15", east=0.0129), at("c", "08:30", east=0.0071)],
        [("stopped", "v1", "08:20")],
    ),
    "the first one outside starts the next run": (
        [
            DEPARTED,
            at("a", "08:10", east=0.01),
            at("b", "08:20", east=0.013),
            at("c", "08:30", east=0.01),
            at("d", "08:40", east=0.01),
        ],
        [],
    ),
    "two halts": (
        [DEPARTED, *(at(f"{minute}", f"08:{minute}", east=0.01 if minute < 25 else 0.02) for minute in range(10, 50))],
        # 08:10 to 08:24 and 08:25 to 08:49.
        [("stopped", "v1", "08:20"), ("stopped", "v1", "08:35")],
    ),
    "at a planned stop, by the first": (
        [DEPARTED, at("a", "08:10", east=0.0529), at("b", "08:40", east=0.0558)],
        [],
    ),
    "not near enough to it": (
        [DEPARTED, at("a", "08:10", east=0.053), at("b", "08:40", east=0.0515)],
        [("stopped", "v1", "08:20")],
    ),
    "a hospital is no stop": (
        [DEPARTED, at("a", "08:10", east=0.02), at("b", "08:40", east=0.02)],
        [("stopped", "v1", "08:20")],
    ),
    "on an unplanned leg too": (
        [moved("d", "departed", "08:00", "v9", "G"), *(at(f"{x}", f"08:{x}", OFF, vehicle="v9") for x in (10, 30))],
        [("stopped", "v9", "08:20")],
    ),
    "not en route": ([at("a", "07:10", 1), at("b", "07:30", 1), DEPARTED, ARRIVED, at("c", "09:20", 1),
                      at("d", "09:50", 1)], []),
    "within one leg": (
        [
            DEPARTED,
            at("a", "08:10", east=0.01),
            moved("d4", "departed", "08:20", "v1", "G"),
            at("b", "08:25", east=0.01),
        ],
        [],
    ),
    "silence is no halt": ([DEPARTED, at("a", "08:10", east=0.01)], []),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPS)
def test_stop_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, found = STOPS[name]
    assert breaches(STOP, PLAN, events) == found


def test_stop_tells_from_when_to_when() -> None:
    """And rests on the first and the last position of the halt."""
    events = [DEPARTED, at("a", "08:10", 0.1), at("b", "08:15", 0.1), at("c", "08:30", 0.1)]
    (found,) = deviations(STOP, PLAN, events)
    assert found.message == (
        "No vehicle en route stays within 200 m for longer than 10m, except at a planned stop: expected vehicle v1 to "
        "go on by 08:20; within 200 m from 08:10 to 08:30, at no planned stop."
    )
    assert found.evidence == ("a", "c")
