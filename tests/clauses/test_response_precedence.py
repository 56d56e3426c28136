"""Kinds `response` and `precedence`: worked by hand, sentence by sentence."""

from typing import Any

import pytest
from tests.clauses.days import breaches, deviations, event, passed, person, plan

PLAN = plan(persons=[person("p1"), person("p2", held_by="UA", home="RU")])
LATER = event("z", "clock", "20:00")

RESPONSE = """kind = "response"
after = { type = "accepted" }
expect = { type = "identified", result = "confirmed" }
within = "30m"
"""
PRECEDENCE = """kind = "precedence"
before = { type = "boarded" }
expect = { type = "examined", what = "fit-to-travel" }
"""

Found = list[tuple[str, str, str]]
Events = list[dict[str, Any]]


def accepted(ref: str, clock: str, who: str = "p1", to: str = "NI", **fields: Any) -> dict[str, Any]:
    """An acceptance."""
    return passed(ref, "accepted", clock, who, "RU", to, **fields)


def identified(ref: str, clock: str, who: str = "p1", result: str = "confirmed") -> dict[str, Any]:
    """An identification."""
    return event(ref, "identified", clock, person=who, result=result)


def boarded(ref: str, clock: str, who: str = "p1") -> dict[str, Any]:
    """A boarding."""
    return event(ref, "boarded", clock, person=who, vehicle="v1")


def examined(ref: str, clock: str, who: str = "p1", what: str = "fit-to-travel") -> dict[str, Any]:
    """An examination."""
    return event(ref, "examined", clock, person=who, what=what)


RESPONSES: dict[str, tuple[str, Events, Found]] = {
    "in time": ("", [accepted("a", "09:00"), identified("b", "09:10")], []),
    "at the same instant": ("", [accepted("b", "09:00"), identified("a", "09:00")], []),
    "on the bound": ("", [accepted("a", "09:00"), identified("b", "09:30")], []),
    "a second late": ("", [accepted("a", "09:00"), identified("b", "09:30:01")], [("missing", "p1", "09:30")]),
    "a second early": ("", [accepted("a", "09:00"), identified("b", "08:59:59")], [("missing", "p1", "09:30")]),
    "of somebody else": ("", [accepted("a", "09:00"), identified("b", "09:10", "p2")], [("missing", "p1", "09:30")]),
    "of the wrong result": (
        "",
        [accepted("a", "09:00"), identified("b", "09:10", result="rejected")],
        [("missing", "p1", "09:30")],
    ),
    "one answer serves two": ("", [accepted("a", "09:00"), accepted("b", "09:05"), identified("c", "09:10")], []),
    "discharged": (
        'discharged_by = { type = "died" }',
        [accepted("a", "09:00"), event("b", "died", "09:10", person="p1")],
        [],
    ),
    "any of a list of patterns": (
        'discharged_by = [{ type = "died" }, { type = "incident" }]',
        [accepted("a", "09:00"), event("b", "incident", "09:10", person="p1")],
        [],
    ),
    "the same nothing: the subject is the event": (
        "same = []",
        [accepted("a", "09:00"), accepted("b", "10:00", "p2"), identified("c", "09:10", "p2")],
        [("missing", "b", "10:30")],
    ),
    "the same in several fields; what both lack is equal and empty": (
        'same = ["person", "ward", "bed"]',
        [accepted("a", "09:00", bed=7), identified("b", "09:10")],
        [("missing", "p1//7", "09:30")],
    ),
    "a number is no text": (
        'same = ["bed"]',
        [accepted("a", "09:00", bed=7), {**identified("b", "09:10"), "bed": "7"}],
        [("missing", "7", "09:30")],
    ),
    "a value that is no text stands as JSON": (
        'same = ["bed"]',
        [accepted("a", "09:00", bed=["é", True])],
        [("missing", '["é",true]', "09:30")],
    ),
    "what the plan adds counts for `same`": (
        'same = ["home"]',
        # p1 goes home to UA, p2 to RU: the identification of p2 does not answer; the event's own `home` is replaced.
        [accepted("a", "09:00", home="RU"), identified("b", "09:10", "p2")],
        [("missing", "UA", "09:30")],
    ),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_response_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    more, events, found = RESPONSES[name]
    assert breaches(RESPONSE + more, PLAN, [*events, LATER]) == found


def test_an_event_does_not_answer_itself() -> None:
    """f must be another event than e."""
    clause = 'kind = "response"\nafter = { type = "x" }\nexpect = { type = "x" }\nwithin = "1h"\nsame = []'
    # b answers a within the hour; nothing follows b.
    events = [event("a", "x", "09:00"), event("b", "x", "09:30"), LATER]
    assert breaches(clause, PLAN, events) == [("missing", "b", "10:30")]


@pytest.mark.parametrize(("until", "found"), [("09:30", []), ("09:30:01", [("missing", "p1", "09:30")])])
def test_a_response_is_missed_only_once_the_end_is_later(until: str, found: Found) -> None:
    """The deadline itself is still in time."""
    assert breaches(RESPONSE, PLAN, [accepted("a", "09:00")], until) == found


def test_handover_is_from_the_plan() -> None:
    """`handover` is true where `to` is the home party of the person, whatever the event says."""
    clause = """kind = "response"
after = { type = "accepted", handover = true }
expect = { type = "notified", who = "family" }
within = "1h"
"""
    events = [
        accepted("a", "09:00", "p1", "NI", handover=True),
        accepted("b", "09:00", "p1", "UA"),
        accepted("c", "09:30", "p2", "UA", handover=True),
        accepted("d", "09:40", "stranger", "UA", handover=True),
        LATER,
    ]
    # a goes to the intermediary, c to p2's detaining power; d's own field stands, as the plan knows nobody like that.
    assert breaches(clause, PLAN, events) == [("missing", "p1", "10:00"), ("missing", "stranger", "10:40")]


PRECEDENCES: dict[str, tuple[str, Events, Found]] = {
    "before": ("", [examined("a", "08:00"), boarded("b", "09:00")], []),
    "at the same instant": ("", [boarded("a", "09:00"), examined("b", "09:00")], []),
    "after": ("", [boarded("a", "09:00"), examined("b", "09:00:01")], [("missing", "p1", "09:00")]),
    "never": ("", [boarded("a", "09:00")], [("missing", "p1", "09:00")]),
    "of somebody else": ("", [examined("a", "08:00", "p2"), boarded("b", "09:00")], [("missing", "p1", "09:00")]),
    "on the bound": ('within = "2h"', [examined("a", "07:00"), boarded("b", "09:00")], []),
    "too long before": (
        'within = "2h"',
        [examined("a", "06:59:59"), boarded("b", "09:00")],
        [("missing", "p1", "09:00")],
    ),
    "voided since": (
        'voided_by = { type = "incident" }',
        [examined("a", "08:00"), event("g", "incident", "08:30", person="p1"), boarded("b", "09:00")],
        [("missing", "p1", "09:00")],
    ),
    "voided at the instant of the expected: the voiding one wins": (
        'voided_by = { type = "incident" }',
        [examined("a", "08:00"), event("g", "incident", "08:00", person="p1"), boarded("b", "09:00")],
        [("missing", "p1", "09:00")],
    ),
    "voided at the instant of the event: the voiding one wins": (
        'voided_by = { type = "incident" }',
        [examined("a", "08:00"), event("g", "incident", "09:00", person="p1"), boarded("b", "09:00")],
        [("missing", "p1", "09:00")],
    ),
    "voided before the expected": (
        'voided_by = { type = "incident" }',
        [event("g", "incident", "07:59", person="p1"), examined("a", "08:00"), boarded("b", "09:00")],
        [],
    ),
    "voided of somebody else": (
        'voided_by = { type = "incident" }',
        [examined("a", "08:00"), event("g", "incident", "08:30", person="p2"), boarded("b", "09:00")],
        [],
    ),
    "the event itself does not void": (
        'voided_by = { type = "boarded" }',
        [examined("a", "08:00"), boarded("b", "09:00")],
        [],
    ),
    "nor the expected one; another like it does": (
        'voided_by = { type = "examined" }',
        [examined("a", "08:00"), boarded("b", "09:00"), examined("c", "10:00", "p2"), examined("d", "10:00", "p2"),
         boarded("e", "11:00", "p2")],
        # c is voided by d and d by c.
        [("missing", "p2", "11:00")],
    ),
    "of two at the latest instant the one that voids the other still serves": (
        'voided_by = { type = "examined", by = "x" }',
        [{**examined("a", "08:00"), "by": "x"}, examined("b", "08:00"), boarded("c", "09:00")],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PRECEDENCES)
def test_precedence_by_hand(name: str) -> None:
    """Each sentence of the contract."""
    more, events, found = PRECEDENCES[name]
    assert breaches(PRECEDENCE + more, PLAN, events) == found


def test_precedence_is_given_at_once() -> None:
    """Shown by an event, not by a deadline: it stands when the end is the moment of the event."""
    assert breaches(PRECEDENCE, PLAN, [boarded("a", "09:00")], "09:00") == [("missing", "p1", "09:00")]


def test_an_event_does_not_precede_itself() -> None:
    """f must be another event than e; of two at one instant each serves the other."""
    clause = 'kind = "precedence"\nbefore = { type = "x" }\nexpect = { type = "x" }\nsame = []'
    assert breaches(clause, PLAN, [event("a", "x", "09:00")]) == [("missing", "a", "09:00")]
    assert breaches(clause, PLAN, [event("a", "x", "09:00"), event("b", "x", "09:00")]) == []


def test_the_message_says_what_was_expected_and_seen_and_names_nobody() -> None:
    """A duty officer's sentence: wording, expectation, deadline, the nearest miss; the person stands in the subject."""
    clause = 'text = "Everyone is identified on acceptance."\n' + RESPONSE
    events = [accepted("accepted/p1/0", "09:41"), identified("i/p1", "10:30"), event("z", "clock", "10:40")]
    (found,) = deviations(clause, PLAN, events)
    assert found.message == (
        "Everyone is identified on acceptance: expected accepted RU to NI, 09:41; identified (result confirmed) due by "
        "10:11; only later: identified, 10:30."
    )
    assert found.evidence == ("accepted/p1/0", "i/p1")
    assert (found.clause, found.kind, found.severity, found.status) == ("c1", "response", "serious", "open")
    (nothing,) = deviations(clause, PLAN, [accepted("a", "09:41"), event("z", "clock", "10:40")])
    assert nothing.message.endswith("due by 10:11; none by 10:40.")
