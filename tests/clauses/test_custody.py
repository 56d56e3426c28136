"""Kind `custody`: worked by hand, sentence by sentence."""

from typing import Any

import pytest
from tests.clauses.days import breaches, event, passed, person, plan

CLAUSE = 'kind = "custody"\nwithin = "30m"'
PLAN = plan(persons=[person("p1"), person("p2", custody=[])])
LATER = event("z", "clock", "20:00")

Found = list[tuple[str, str, str]]


def offered(ref: str, clock: str, giver: str, to: str, who: str = "p1") -> dict[str, Any]:
    """An offer of p1."""
    return passed(ref, "offered", clock, who, giver, to)


def accepted(ref: str, clock: str, giver: str, to: str, who: str = "p1") -> dict[str, Any]:
    """An acceptance of p1."""
    return passed(ref, "accepted", clock, who, giver, to)


def refused(ref: str, clock: str, giver: str, to: str, who: str = "p1") -> dict[str, Any]:
    """A refusal of p1."""
    return passed(ref, "refused", clock, who, giver, to)


CASES: dict[str, tuple[list[dict[str, Any]], Found]] = {
    "the planned chain": (
        [
            offered("a", "09:00", "RU", "NI"),
            accepted("b", "09:10", "RU", "NI"),
            offered("c", "09:20", "NI", "UA"),
            accepted("d", "09:50", "NI", "UA"),
        ],
        [],
    ),
    "all of one instant: an answer needs its offer first": (
        [
            accepted("a", "09:00", "RU", "NI"),
            accepted("b", "09:00", "NI", "UA"),
            offered("c", "09:00", "RU", "NI"),
            offered("d", "09:00", "NI", "UA"),
        ],
        [],
    ),
    "answered on the bound": ([offered("a", "09:00", "RU", "NI"), accepted("b", "09:30", "RU", "NI")], []),
    "answered a second late: told all the same, and closed": (
        [offered("a", "09:00", "RU", "NI"), accepted("b", "09:30:01", "RU", "NI")],
        [("unanswered", "p1", "09:30")],
    ),
    "never answered": ([offered("a", "09:00", "RU", "NI")], [("unanswered", "p1", "09:30")]),
    "a refusal is an answer": ([offered("a", "09:00", "RU", "NI"), refused("b", "09:20", "RU", "NI")], []),
    "after a refusal there is no open offer": (
        [
            offered("a", "09:00", "RU", "NI"),
            refused("b", "09:20", "RU", "NI"),
            accepted("c", "09:25", "RU", "NI"),
        ],
        [("no-offer", "p1", "09:25")],
    ),
    "offered by who is not the custodian; the offer is open nevertheless": (
        [offered("a", "09:00", "NI", "UA"), accepted("b", "09:05", "NI", "UA")],
        # Both have `from` NI while RU holds custody.
        [("from", "p1", "09:00"), ("from", "p1", "09:05")],
    ),
    "accepted with an offer to somebody else only": (
        [offered("a", "09:00", "RU", "UA"), accepted("b", "09:05", "RU", "NI")],
        [("no-offer", "p1", "09:05"), ("unanswered", "p1", "09:30")],
    ),
    "a step left out of the planned custody": (
        [offered("a", "09:00", "RU", "UA"), accepted("b", "09:05", "RU", "UA")],
        [("unplanned", "p1", "09:05")],
    ),
    "a repeated offer only confirms: one deadline, from the first": (
        [
            offered("a", "09:00", "RU", "NI"),
            offered("b", "09:20", "RU", "NI"),
            accepted("c", "09:29", "RU", "NI"),
        ],
        [],
    ),
    "a repeated offer after the deadline still confirms the open one": (
        [
            offered("a", "09:00", "RU", "NI"),
            offered("b", "09:40", "RU", "NI"),
            accepted("c", "09:45", "RU", "NI"),
        ],
        [("unanswered", "p1", "09:30")],
    ),
    "a repeated acceptance only confirms": (
        [
            offered("a", "09:00", "RU", "NI"),
            accepted("b", "09:10", "RU", "NI"),
            accepted("c", "09:15", "RU", "NI"),
        ],
        [],
    ),
    "but not once something was offered since": (
        [
            offered("a", "09:00", "RU", "NI"),
            accepted("b", "09:10", "RU", "NI"),
            offered("c", "09:12", "NI", "UA"),
            accepted("d", "09:15", "RU", "NI"),
            accepted("e", "09:20", "NI", "UA"),
        ],
        [("from", "p1", "09:15"), ("no-offer", "p1", "09:15")],
    ),
    "equal in type, from and to at one instant: one of them counts": (
        [
            offered("a", "09:00", "RU", "NI"),
            accepted("c", "09:10", "RU", "NI"),
            accepted("b", "09:10", "RU", "NI"),
        ],
        [],
    ),
    "of one instant a refusal comes last": (
        # accepted answers the offer; nothing is left for the refusal to close.
        [
            offered("a", "09:00", "RU", "NI"),
            refused("b", "09:10", "RU", "NI"),
            accepted("c", "09:10", "RU", "NI"),
        ],
        [],
    ),
    "of one instant an offer from the custodian comes before other acceptances": (
        # c (NI to UA, not from the custodian, no offer) would come first by id alone; b (RU to NI) is taken first, then
        # its acceptance a, after which NI is custodian: c lacks only its offer.
        [
            offered("b", "09:00", "RU", "NI"),
            accepted("a", "09:00", "RU", "NI"),
            accepted("0", "09:00", "NI", "UA"),
        ],
        [("no-offer", "p1", "09:00")],
    ),
    "of one instant an offer from the custodian comes before other offers": (
        # By id alone a (NI to UA) would come first, while RU still holds custody. So: b, then its answer c; now NI is
        # custodian, whose offer a is answered by d.
        [
            offered("a", "09:00", "NI", "UA"),
            offered("b", "09:00", "RU", "NI"),
            accepted("c", "09:00", "RU", "NI"),
            accepted("d", "09:00", "NI", "UA"),
        ],
        [],
    ),
    "custody handed back and forth is judged against the plan": (
        [
            offered("a", "09:00", "RU", "NI"),
            accepted("b", "09:01", "RU", "NI"),
            offered("c", "09:02", "NI", "RU"),
            accepted("d", "09:03", "NI", "RU"),
        ],
        [("unplanned", "p1", "09:03")],
    ),
    "without planned custody: no `from` before the first acceptance, never `unplanned`": (
        [
            offered("a", "09:00", "F", "G", "p2"),
            accepted("b", "09:01", "F", "G", "p2"),
            offered("c", "09:02", "F", "H", "p2"),
            refused("d", "09:03", "F", "H", "p2"),
        ],
        [("from", "p2", "09:02")],
    ),
    "somebody whom the plan does not know": (
        [accepted("a", "09:00", "F", "G", "stranger")],
        [("no-offer", "stranger", "09:00")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_custody_by_hand(name: str) -> None:
    """Each sentence of the contract, its arithmetic in the case."""
    events, found = CASES[name]
    assert breaches(CLAUSE, PLAN, [*events, LATER]) == found


@pytest.mark.parametrize(
    ("until", "found"),
    [("09:29", []), ("09:30", []), ("09:30:01", [("unanswered", "p1", "09:30")])],
)
def test_a_deadline_is_missed_only_once_the_end_is_later(until: str, found: Found) -> None:
    """09:00 + 30 minutes is the deadline; at the very moment of 09:30 the answer may still come."""
    assert breaches(CLAUSE, PLAN, [offered("a", "09:00", "RU", "NI")], until) == found


def test_planned_custody_goes_to_the_one_coming_in() -> None:
    """A substitute has the custody of the one replaced throughout, so RU is custodian at first."""
    events = [
        event("s", "substituted", "08:00", person="n1", replaces="p1", agreed_by=["RU", "UA"]),
        offered("a", "09:00", "NI", "UA", "n1"),
        refused("b", "09:01", "NI", "UA", "n1"),
    ]
    assert breaches(CLAUSE, PLAN, [*events, LATER]) == [("from", "n1", "09:00")]
