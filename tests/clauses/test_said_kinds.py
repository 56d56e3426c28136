"""Kinds on what is said, worked by hand: reports that must agree."""

from typing import Any

from tests.clauses.days import breaches, deviations, event, plan

TOTALS = 'kind = "concordance"\nof = { type = "signed" }\nsame = ["subject"]\nequal = ["count", "digest"]'


def signed(ref: str, clock: str, **fields: Any) -> dict[str, Any]:
    """A paper signed."""
    return event(ref, "signed", clock, **fields)


def test_a_report_is_held_against_the_latest_before_it() -> None:
    """3, then 4, then 4, then 3: told where it changes, and no more once both have said the same."""
    totals = [signed(f"s{hour}", f"{hour}:00", subject="x", count=count) for hour, count in ((10, 3), (11, 4), (12, 4))]
    assert breaches(TOTALS, plan(), totals) == [("differs", "x", "11:00")]
    again = [*totals, signed("s13", "13:00", subject="x", count=3)]
    assert breaches(TOTALS, plan(), again) == [("differs", "x", "11:00"), ("differs", "x", "13:00")]


def test_reports_of_one_moment_contradict_each_other_once() -> None:
    """One breach with both as evidence; what came before stands against each of them."""
    reports = [
        signed("before", "09:00", subject="x", count=3),
        signed("one", "10:00", subject="x", count=3),
        signed("other", "10:00", subject="x", count=4),
    ]
    (found,) = deviations(TOTALS, plan(), reports)
    assert (found.rule, found.subject, found.evidence) == ("differs", "x", ("one", "other", "before"))


def test_a_field_that_is_not_said_contradicts_nothing() -> None:
    """Each field is compared with the latest report that says it; 3 and 3.0 are one number, 3 and "3" are not."""
    reports = [
        signed("a", "09:00", subject="x", count=3, digest="d"),
        signed("b", "10:00", subject="x", digest="d"),
        signed("c", "11:00", subject="x", count=3.0),
        signed("d", "12:00", subject="x", digest="e", count="3"),
    ]
    (found,) = deviations(TOTALS, plan(), reports)
    assert (found.at, found.evidence) == ("2025-07-04T12:00:00Z", ("d", "c", "b"))
    assert "the same count and digest" in found.message


def test_things_without_a_name_are_not_compared() -> None:
    """Two seals of which nobody read the number are not one seal."""
    assert breaches(TOTALS, plan(), [signed("a", "09:00", count=3), signed("b", "10:00", count=4)]) == []
    other = [signed("a", "09:00", subject="x", count=3), signed("b", "10:00", subject="y", count=4)]
    assert breaches(TOTALS, plan(), other) == []


def test_values_are_not_told_but_counts_are() -> None:
    """A birth date says who somebody is; a total does not."""
    clause = 'kind = "concordance"\nof = { type = "declared" }\nsame = ["person"]\nequal = ["birth_date", "count"]'
    reports = [
        event("a", "declared", "09:00", person="p1", birth_date="1998-05-17", count=1248),
        event("b", "declared", "10:00", person="p1", birth_date="1989-05-17", count=1245),
    ]
    (found,) = deviations(clause, plan(), reports)
    assert "declared, 09:00: 1,248; declared, 10:00: 1,245" in found.message
    assert "05-17" not in found.message
    assert "p1" not in found.message
