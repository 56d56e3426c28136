"""What somebody says has happened, worked by hand: sources counted, never a name nor a finding."""

from typing import Any

import pytest
from tests.clauses.days import breaches, deviations, event, person, plan

FIRE = 'kind = "claim"\nof = { type = "incident", what = "shots" }\nsources = 2\nwithin = "10m"'


def claimed(ref: str, clock: str, source: object = None, confidence: object = None, **fields: Any) -> dict[str, Any]:
    """Shots, as somebody says."""
    given = {"what": "shots", "source": source, "confidence": confidence, **fields}
    return event(ref, "incident", clock, **{key: value for key, value in given.items() if value is not None})


def test_two_sources_within_the_time_and_not_one_twice() -> None:
    """The bound is included; what repeats another carries that one's source; those not named are one source."""
    one, other = claimed("a", "09:00", "post-1"), claimed("b", "09:10", "radar")
    assert breaches(FIRE, plan(), [one, other]) == [("claimed", "b", "09:10")]
    assert breaches(FIRE, plan(), [one, claimed("b", "09:10:01", "radar")]) == []
    assert breaches(FIRE, plan(), [one, claimed("b", "09:05", "post-1")]) == []
    assert breaches(FIRE, plan(), [claimed("a", "09:00"), claimed("b", "09:05")]) == []
    assert breaches(FIRE, plan(), [claimed("a", "09:00"), claimed("b", "09:05", "radar")]) == [
        ("claimed", "b", "09:05")
    ]


def test_what_is_claimed_again_is_told_again() -> None:
    """No claim keeps the next from being heard."""
    reports = [claimed(f"c{number}", f"09:0{number}", f"post-{number}") for number in range(1, 4)]
    assert breaches(FIRE, plan(), reports) == [("claimed", "c2", "09:02"), ("claimed", "c3", "09:03")]


def test_sources_speak_of_one_matter() -> None:
    """Equal in `same`; else each stands alone."""
    clause = FIRE + '\nsame = ["place"]'
    here, there = claimed("a", "09:00", "post-1", place="X"), claimed("b", "09:05", "radar", place="H")
    assert breaches(clause, plan(), [here, there]) == []
    assert breaches(clause, plan(), [here, there | {"place": "X"}]) == [("claimed", "X", "09:05")]


def test_the_message_counts_sources_and_names_none() -> None:
    """Of each source the confidence of its latest claim, and of a text that is none of the agreed words nothing."""
    reports = [
        claimed("a", "09:00", "Ivan Petrenko", "low"),
        claimed("b", "09:01", "Ivan Petrenko", "medium"),
        claimed("c", "09:02", "radar", 0.75),
        claimed("d", "09:03", "radio", "says Petrenko"),
    ]
    found = deviations(FIRE + '\ntext = "No fire."', plan(), reports)[-1]
    assert found.message == (
        "No fire: expected no incident (what shots); incident, 09:03, claimed by 3 sources (confidence medium, 0.75 "
        "and not stated): a claim, not a finding."
    )
    assert found.evidence == ("d", "b", "c")
    assert found.rule == "claimed"


@pytest.mark.parametrize(
    "clause",
    [
        'kind = "absence"\nnever = { type = "incident" }',
        'kind = "precedence"\nbefore = { type = "incident" }\nexpect = { type = "identified" }\nsame = []',
        'kind = "response"\nafter = { type = "incident" }\nexpect = { type = "identified" }\nwithin = "1m"\nsame = []',
        'kind = "embargo"\nhold = { type = "incident" }\nuntil_all = { type = "identified" }',
        'kind = "reciprocity"\neach = [{ type = "incident" }, { type = "identified" }]\nwithin = "1m"',
        'kind = "concordance"\nof = { type = "incident" }\nsame = ["what"]\nequal = ["place"]',
    ],
)
def test_every_sentence_that_speaks_of_a_claim_says_so(clause: str) -> None:
    """Whatever the clause: with its confidence, without its source."""
    reports = [
        claimed("a", "09:00", "observer-2", "low", place="X"),
        claimed("b", "09:01", "radar-post", "low", place="H"),
    ]
    found = deviations(clause, plan(persons=[person("p1")]), reports, until="10:00")
    assert found
    for one in found:
        assert "(a claim, confidence low)" in one.message
        assert not any(word in one.message for word in ("observer-2", "radar-post"))
        assert one.evidence
