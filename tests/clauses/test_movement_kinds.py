"""Kinds `manifest`, `arrival` and `reporting`: worked by hand, sentence by sentence."""

from typing import Any

import pytest
from tests.clauses.days import breaches, deviations, event, leg, moved, person, plan, rode

from safeconduct.kernel.errors import BadInput

Found = list[tuple[str, str, str]]
Events = list[dict[str, Any]]

PLAN = plan(
    persons=[person("p1"), person("p2"), person("p3", batch="b2")],
    vehicles=[{"id": "v1", "seats": 40}, {"id": "v2", "seats": 40}],
    legs=[
        leg("l1", "v1", "H", "X", "08:00", "09:00", "p1", "p2", "nobody"),
        leg("l2", "v1", "H", "X", "10:00", "11:00", "p3"),
        leg("l3", "v1", "X", "H", "09:30", "10:00"),
    ],
)
ABOARD = [rode("r1", "boarded", "07:50", "p1", "v1"), rode("r2", "boarded", "07:55", "p2", "v1")]
DEPARTED = moved("d1", "departed", "08:05", "v1", "H")
ADDED = event("n", "added", "07:00", person="n1", agreed_by=["RU", "UA"], legs=["l1"], batch="b1")

MANIFESTS: dict[str, tuple[Events, Found]] = {
    "everybody aboard": ([*ABOARD, DEPARTED], []),
    "boarded at the instant of departure": (
        [ABOARD[0], rode("r2", "boarded", "08:05", "p2", "v1"), DEPARTED],
        [],
    ),
    "boarded after it": (
        [ABOARD[0], rode("r2", "boarded", "08:05:01", "p2", "v1"), DEPARTED],
        [("missing", "p2", "08:05")],
    ),
    "boarded another vehicle": (
        [*ABOARD, rode("r3", "boarded", "08:00", "p2", "v2"), DEPARTED],
        [("missing", "p2", "08:05")],
    ),
    "alighted": ([*ABOARD, rode("r3", "alighted", "08:05", "p2", "v1"), DEPARTED], [("missing", "p2", "08:05")]),
    "alighting from a vehicle one is not aboard changes nothing": (
        [*ABOARD, rode("r3", "alighted", "08:00", "p2", "v2"), DEPARTED],
        [],
    ),
    "of one instant alighting comes before boarding": (
        [*ABOARD, rode("a", "boarded", "08:00", "p2", "v1"), rode("b", "alighted", "08:00", "p2", "v1"), DEPARTED],
        [],
    ),
    "of one instant boardings go by id": (
        [ABOARD[0], rode("b", "boarded", "08:00", "p2", "v1"), rode("a", "boarded", "08:00", "p2", "v2"), DEPARTED],
        [],
    ),
    "somebody else aboard, known to the plan or not": (
        [*ABOARD, rode("r3", "boarded", "08:00", "p3", "v1"), rode("r4", "boarded", "08:00", "who", "v1"), DEPARTED],
        [("extra", "p3", "08:05"), ("extra", "who", "08:05")],
    ),
    "a repeated departure is the same one, the first counts": (
        [*ABOARD, DEPARTED, moved("d2", "departed", "08:07", "v1", "H")],
        [],
    ),
    "but not once it arrived or departed somewhere between": (
        # The second departure from H belongs to the second leg from H, l2 with p3: p1 and p2 are too many on it.
        [*ABOARD, DEPARTED, moved("a1", "arrived", "08:06", "v1", "G"), moved("d2", "departed", "08:07", "v1", "H")],
        [("extra", "p1", "08:07"), ("extra", "p2", "08:07"), ("missing", "p3", "08:07")],
    ),
    "beyond the last planned leg only the leg is told": (
        [*ABOARD, moved("d1", "departed", "08:05", "v1", "G")],
        [("unplanned-leg", "v1", "08:05")],
    ),
    "a vehicle that the plan does not know": (
        [rode("r", "boarded", "08:00", "p1", "v9"), moved("d", "departed", "08:05", "v9", "H")],
        [("unplanned-leg", "v9", "08:05")],
    ),
    "withdrawn or dead by then are not due": (
        [
            rode("r1", "boarded", "07:50", "p1", "v1"),
            event("w", "withdrawn", "08:05", person="p2", by="NI"),
            DEPARTED,
        ],
        [],
    ),
    "the dead who are aboard are too many": (
        [*ABOARD, event("w", "died", "08:00", person="p2"), DEPARTED],
        [("extra", "p2", "08:05")],
    ),
    "withdrawn after it are still due": (
        [ABOARD[0], event("w", "withdrawn", "08:06", person="p2"), DEPARTED],
        [("missing", "p2", "08:05")],
    ),
    "added in time, with legs": ([*ABOARD, ADDED, DEPARTED], [("missing", "n1", "08:05")]),
    "added at that instant": ([*ABOARD, {**ADDED, "at": DEPARTED["at"]}, DEPARTED], [("missing", "n1", "08:05")]),
    "added later": ([*ABOARD, {**ADDED, "at": "2025-07-04T08:05:01Z"}, DEPARTED], []),
    "added without every party": ([*ABOARD, {**ADDED, "agreed_by": ["RU", "NI"]}, DEPARTED], []),
    "added although on the list already": ([*ABOARD, {**ADDED, "person": "p3"}, DEPARTED], []),
    "substituted": (
        [
            ABOARD[0],
            event("s", "substituted", "08:00", person="n1", replaces="p2", agreed_by=["UA", "RU", "NI"]),
            rode("r2", "boarded", "07:55", "n1", "v1"),
            DEPARTED,
        ],
        [],
    ),
    "substituted by somebody who is or was on the list": (
        [ABOARD[0], event("s", "substituted", "08:00", person="p3", replaces="p2", agreed_by=["RU", "UA"]), DEPARTED],
        [("missing", "p2", "08:05")],
    ),
    "replacing somebody no longer on it": (
        [
            ABOARD[0],
            event("s", "substituted", "08:00", person="n1", replaces="p2", agreed_by=["RU", "UA"]),
            event("t", "substituted", "08:00", person="n2", replaces="p2", agreed_by=["RU", "UA"]),
            DEPARTED,
        ],
        # Of one instant, s comes first by id; t replaces nobody on the list and changes nothing.
        [("missing", "n1", "08:05")],
    ),
    "replaced once, replaced for good": (
        [
            ABOARD[0],
            event("s", "substituted", "07:00", person="n1", replaces="p2", agreed_by=["RU", "UA"]),
            rode("r2", "boarded", "07:55", "n1", "v1"),
            DEPARTED,
            event("t", "substituted", "09:00", person="n2", replaces="p2", agreed_by=["RU", "UA"]),
        ],
        [],
    ),
    "a substitute substituted in turn": (
        [
            ABOARD[0],
            event("s", "substituted", "07:00", person="n1", replaces="p2", agreed_by=["RU", "UA"]),
            event("t", "substituted", "08:00", person="n2", replaces="n1", agreed_by=["RU", "UA"]),
            DEPARTED,
        ],
        [("missing", "n2", "08:05")],
    ),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifest_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, found = MANIFESTS[name]
    assert breaches('kind = "manifest"', PLAN, events) == found


ARRIVAL = 'kind = "arrival"\nearly = "15m"\nlate = "30m"'
PUNCTUAL = [moved("a", "arrived", "09:00", "v1", "X"), moved("h", "arrived", "10:00", "v1", "H")]

ARRIVALS: dict[str, tuple[Events, str, Found]] = {
    "on the bounds": (
        # l1: 09:00 - 15 min; l3: 10:00 + 30 min; l2: 11:00.
        [
            moved("a", "arrived", "08:45", "v1", "X"),
            moved("h", "arrived", "10:30", "v1", "H"),
            moved("b", "arrived", "11:00", "v1", "X"),
        ],
        "20:00",
        [],
    ),
    "a second beyond them": (
        [
            moved("a", "arrived", "08:44:59", "v1", "X"),
            moved("h", "arrived", "10:30:01", "v1", "H"),
            moved("b", "arrived", "11:00", "v1", "X"),
        ],
        "20:00",
        [("early", "l1", "08:44:59"), ("late", "l3", "10:30")],
    ),
    "none by the deadline, which is still in time at its own moment": (PUNCTUAL, "11:30", []),
    "none after the deadline": (PUNCTUAL, "11:30:01", [("late", "l2", "11:30")]),
    "a repeated arrival is the same one": (
        [*PUNCTUAL[:1], moved("b", "arrived", "09:20", "v1", "X"), PUNCTUAL[1]],
        "11:30:01",
        [("late", "l2", "11:30")],
    ),
    "the k-th against the k-th": (
        [*PUNCTUAL, moved("b", "arrived", "10:44", "v1", "X")],
        "20:00",
        [("early", "l2", "10:44")],
    ),
    "elsewhere is no arrival": (
        [moved("a", "arrived", "09:00", "v1", "G"), PUNCTUAL[1], moved("b", "arrived", "10:50", "v1", "X")],
        # The first arrival at X is that of 10:50: late for l1 (by 09:30); a second one has not come by 11:30.
        "20:00",
        [("late", "l1", "09:30"), ("late", "l2", "11:30")],
    ),
    "of one instant arrived comes before departed": (
        [
            moved("b", "arrived", "09:00", "v1", "X"),
            moved("a", "departed", "09:00", "v1", "X"),
            PUNCTUAL[1],
            moved("c", "arrived", "11:00", "v1", "X"),
        ],
        "20:00",
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ARRIVALS)
def test_arrival_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, until, found = ARRIVALS[name]
    assert breaches(ARRIVAL, PLAN, events, until) == found


def test_an_absent_side_is_not_judged() -> None:
    """Only early, only late; neither would judge nothing and is refused."""
    events = [moved("a", "arrived", "08:00", "v1", "X")]
    only_late = breaches('kind = "arrival"\nlate = "0s"', PLAN, events, "10:00:01")
    assert only_late == [("late", "l3", "10:00")]
    assert breaches('kind = "arrival"\nearly = "0s"', PLAN, events, "20:00") == [("early", "l1", "08:00")]
    with pytest.raises(BadInput, match=r"terms\.toml:8:1: neither 'early' nor 'late'"):
        breaches('kind = "arrival"', PLAN, events)


def test_legs_are_counted_in_the_order_of_arrival() -> None:
    """Departing first, arriving last: the first arrival belongs to the leg planned to arrive first."""
    crossing = plan(legs=[leg("slow", "v1", "H", "X", "08:00", "12:00"), leg("fast", "v1", "G", "X", "09:00", "10:00")])
    events = [moved("a", "arrived", "10:00", "v1", "X"), moved("d", "departed", "10:10", "v1", "X")]
    assert breaches('kind = "arrival"\nlate = "0s"', crossing, events, "13:00") == [("late", "slow", "12:00")]


REPORTING = 'kind = "reporting"\nevery = "10m"'


def positioned(ref: str, clock: str, vehicle: str = "v1") -> dict[str, Any]:
    """A position."""
    return event(ref, "positioned", clock, vehicle=vehicle, position=[31.0, 52.0])


REPORTS: dict[str, tuple[Events, str, Found]] = {
    "often enough, on the bound": (
        [DEPARTED, positioned("p", "08:15"), moved("a", "arrived", "08:25", "v1", "X")],
        "20:00",
        [],
    ),
    "a second too long, and heard of again": (
        [DEPARTED, positioned("p", "08:15:01"), moved("a", "arrived", "08:25", "v1", "X")],
        "20:00",
        [("silent", "v1", "08:15")],
    ),
    "after the last one it is a deadline": ([DEPARTED], "08:15", []),
    "which is missed after it": ([DEPARTED], "08:15:01", [("silent", "v1", "08:15")]),
    "any event that names the vehicle counts": (
        [DEPARTED, rode("r", "boarded", "08:12", "p1", "v1"), event("x", "washed", "08:20", vehicle="v1")],
        "08:30",
        [],
    ),
    "another vehicle does not": ([DEPARTED, positioned("p", "08:10", "v2")], "08:16", [("silent", "v1", "08:15")]),
    "not en route after arrival": ([DEPARTED, moved("a", "arrived", "08:10", "v1", "X")], "20:00", []),
    "an arrival at once at another place ends it": (
        [DEPARTED, moved("a", "arrived", "08:05", "v1", "X")],
        "20:00",
        [],
    ),
    "an arrival at once at the same place came before": (
        [DEPARTED, moved("a", "arrived", "08:05", "v1", "H")],
        "20:00",
        [("silent", "v1", "08:15")],
    ),
    "the next departure ends one leg and begins the next": (
        [DEPARTED, moved("d2", "departed", "08:20", "v1", "G")],
        # silent from 08:05 on the first leg; from 08:20 on the second, the first being over.
        "08:31",
        [("silent", "v1", "08:15"), ("silent", "v1", "08:30")],
    ),
    "a repeated departure ends nothing, but it is heard": (
        [DEPARTED, moved("d2", "departed", "08:10", "v1", "H"), positioned("p", "08:20")],
        "08:25",
        [],
    ),
    "an unplanned leg too": ([moved("d", "departed", "08:05", "v7", "G")], "08:16", [("silent", "v7", "08:15")]),
    "nothing before the departure": ([positioned("p", "07:00"), DEPARTED], "08:10", []),
}


@pytest.mark.parametrize("name", REPORTS)
def test_reporting_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, until, found = REPORTS[name]
    assert breaches(REPORTING, PLAN, events, until) == found


def test_manifest_messages_name_places_and_vehicles_only() -> None:
    """The person stands in the subject, never in the sentence; nor do ids of events, which may hold a name."""
    events = [
        event("departed/p1", "departed", "08:05", vehicle="v1", place="H"),
        rode("boarded/p2", "boarded", "08:10", "p2", "v1"),
        rode("boarded/p3", "boarded", "08:00", "p3", "v1"),
    ]
    messages = {(one.rule, one.subject): one.message for one in deviations('kind = "manifest"', PLAN, events)}
    assert messages["missing", "p2"] == (
        "When a vehicle departs, exactly the persons planned for that leg are aboard: expected everyone planned for "
        "leg l1 aboard when departed vehicle v1 at H, 08:05; not reported aboard; nearest: boarded vehicle v1, 08:10."
    )
    assert not any(ref in text for text in messages.values() for ref in ("p1", "p2", "p3"))
