"""Kinds `embargo`, `simultaneity` and `complete`: worked by hand, sentence by sentence."""

from typing import Any

import pytest
from tests.clauses.days import breaches, event, passed, person, plan

Found = list[tuple[str, str, str]]
Events = list[dict[str, Any]]

PLAN = plan(
    persons=[
        person("p1"),
        person("p2"),
        person("r1", held_by="UA", home="RU"),
        person("r2", held_by="UA", home="RU", batch="b2"),
    ],
    batches=[{"id": "b1", "handover": "2025-07-04T09:00:00Z"}, {"id": "b2", "handover": "2025-07-04T10:00:00Z"}],
)


def home(ref: str, clock: str, who: str) -> dict[str, Any]:
    """A handover to the home party."""
    return passed(ref, "accepted", clock, who, "NI", "UA" if who[0] in "pn" else "RU")


SIMULTANEITY = 'kind = "simultaneity"\nwithin = "15m"'
SIMULTANEOUS: dict[str, tuple[Events, str, Found]] = {
    "both sides within, on the bound": ([home("a", "09:00", "p1"), home("b", "09:15", "r1")], "20:00", []),
    "a second later": (
        [home("a", "09:00", "p1"), home("b", "09:15:01", "r1")],
        "20:00",
        [("one-sided", "b1", "09:15")],
    ),
    "nobody to the other side, at the deadline": ([home("a", "09:00", "p1")], "09:15", []),
    "nobody to the other side, after it": (
        [home("a", "09:00", "p1")],
        "09:15:01",
        [("one-sided", "b1", "09:15")],
    ),
    "the rest of a side is not asked for": (
        [home("a", "09:00", "p1"), home("b", "09:01", "r1"), home("c", "15:00", "p2")],
        "20:00",
        [],
    ),
    "nobody handed over at all": ([], "20:00", []),
    "another batch does not help": (
        [home("a", "09:00", "p1"), home("b", "09:01", "r2")],
        "20:00",
        [("one-sided", "b1", "09:15")],
    ),
    "a side whose only person is withdrawn by the deadline is not waited for": (
        [home("a", "09:00", "p1"), event("w", "withdrawn", "09:15", person="r1")],
        "20:00",
        [],
    ),
    "withdrawn after it, it was": (
        [home("a", "09:00", "p1"), event("w", "withdrawn", "09:15:01", person="r1")],
        "20:00",
        [("one-sided", "b1", "09:15")],
    ),
    "passing to the intermediary is no handover": (
        [home("a", "09:00", "p1"), passed("b", "accepted", "09:05", "r1", "UA", "NI")],
        "20:00",
        [("one-sided", "b1", "09:15")],
    ),
    "a substitute goes home to the side of the one replaced": (
        [
            event("s", "substituted", "08:00", person="s1", replaces="r1", agreed_by=["RU", "UA"]),
            home("a", "09:00", "p1"),
            home("b", "09:10", "s1"),
        ],
        "20:00",
        [],
    ),
    "somebody added without a home goes home to no side": (
        [
            event("s", "added", "08:00", person="s1", held_by="UA", batch="b1", agreed_by=["RU", "UA"]),
            home("a", "09:00", "p1"),
            home("b", "09:10", "r1"),
        ],
        "20:00",
        [],
    ),
    "the first acceptance is what counts": (
        [home("a", "09:00", "p1"), home("b", "09:10", "r1"), home("c", "09:20", "r1")],
        "20:00",
        [],
    ),
}


@pytest.mark.parametrize("name", SIMULTANEOUS)
def test_simultaneity_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, until, found = SIMULTANEOUS[name]
    assert breaches(SIMULTANEITY, PLAN, events, until) == found


COMPLETE = 'kind = "complete"\nby = "2025-07-04T12:00:00Z"'
ALL_HOME = [
    home("a", "09:00", "p1"),
    home("b", "12:00", "p2"),
    home("c", "09:00", "r1"),
    home("d", "09:00", "r2"),
]
COMPLETES: dict[str, tuple[Events, str, Found]] = {
    "all home, on the bound": (ALL_HOME, "20:00", []),
    "a second later": (
        [*ALL_HOME[:1], home("b", "12:00:01", "p2"), *ALL_HOME[2:]],
        "20:00",
        [("outstanding", "p2", "12:00")],
    ),
    "not yet missed at the deadline": (ALL_HOME[:1], "12:00", []),
    "missed after it, sorted by subject": (
        ALL_HOME[:2],
        "12:00:01",
        [("outstanding", "r1", "12:00"), ("outstanding", "r2", "12:00")],
    ),
    "the withdrawn and the dead are not due": (
        [*ALL_HOME[:2], event("w", "withdrawn", "12:00", person="r1"), event("x", "died", "11:00", person="r2")],
        "20:00",
        [],
    ),
    "handed over and withdrawn later: never undone": (
        [*ALL_HOME, event("w", "withdrawn", "13:00", person="r1")],
        "20:00",
        [],
    ),
    "a substitute is due instead": (
        [*ALL_HOME[:3], event("s", "substituted", "11:00", person="s1", replaces="r2", agreed_by=["RU", "UA"])],
        "20:00",
        [("outstanding", "s1", "12:00")],
    ),
    "one added after the deadline is not": (
        [*ALL_HOME, event("s", "added", "12:00:01", person="n1", agreed_by=["RU", "UA"])],
        "20:00",
        [],
    ),
}


@pytest.mark.parametrize("name", COMPLETES)
def test_complete_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, until, found = COMPLETES[name]
    assert breaches(COMPLETE, PLAN, events, until) == found


def test_complete_takes_a_toml_time() -> None:
    """`by` may be a TOML date-time; 15:00 in Kyiv that day is 12:00 UTC."""
    clause = 'kind = "complete"\nby = 2025-07-04T15:00:00+03:00'
    assert breaches(clause, PLAN, ALL_HOME[:3], "12:01") == [("outstanding", "r2", "12:00")]


EMBARGO = """kind = "embargo"
hold = { type = "published", subject = "lists" }
until_all = [{ type = "accepted", handover = true }, { type = "notified", who = "family" }]
"""
SMALL = plan(persons=[person("p1"), person("p2")])
READY = [
    home("a", "09:00", "p1"),
    home("b", "09:10", "p2"),
    event("f", "notified", "09:20", person="p1", who="family"),
    event("g", "notified", "09:30", person="p2", who="family"),
]


def published(clock: str, subject: str = "lists") -> dict[str, Any]:
    """A publication."""
    return event("pub", "published", clock, by="UA", subject=subject)


EMBARGOES: dict[str, tuple[Events, Found]] = {
    "everybody ready at that instant": ([*READY, published("09:30")], []),
    "a second earlier": ([*READY, published("09:29:59")], [("early", "pub", "09:29:59")]),
    "one pattern is not enough": ([*READY[:2], published("12:00")], [("early", "pub", "12:00")]),
    "nor is the other": ([*READY[2:], published("12:00")], [("early", "pub", "12:00")]),
    "something else may be published": ([published("08:00", "weather")], []),
    "the dead are still asked for": (
        [READY[0], READY[2], event("x", "died", "08:00", person="p2"), published("12:00")],
        [("early", "pub", "12:00")],
    ),
    "those withdrawn by then are not": (
        [READY[0], READY[2], event("x", "withdrawn", "12:00", person="p2"), published("12:00")],
        [],
    ),
    "those withdrawn later are": (
        [READY[0], READY[2], event("x", "withdrawn", "12:00:01", person="p2"), published("12:00")],
        [("early", "pub", "12:00")],
    ),
    "one added before is asked for": (
        [*READY, event("n", "added", "11:00", person="n1", home="UA", agreed_by=["RU", "UA"]), published("12:00")],
        [("early", "pub", "12:00")],
    ),
    "one added after is not": (
        [*READY, event("n", "added", "12:00:01", person="n1", home="UA", agreed_by=["RU", "UA"]), published("12:00")],
        [],
    ),
    "one substituted is not asked for any more, the one coming in is": (
        [
            READY[0],
            READY[2],
            event("s", "substituted", "08:00", person="n1", replaces="p2", agreed_by=["RU", "UA"]),
            home("h", "09:00", "n1"),
            event("i", "notified", "09:00", person="n1", who="family"),
            published("12:00"),
        ],
        [],
    ),
}


@pytest.mark.parametrize("name", EMBARGOES)
def test_embargo_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    events, found = EMBARGOES[name]
    assert breaches(EMBARGO, SMALL, events) == found
