"""Kinds on what is said and owed, worked by hand: reports that must agree, deadlines, steps that nobody takes
alone."""

from typing import Any

from tests.clauses.days import breaches, deviations, event, leg, moment, person, plan, terms

from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import MINUTE_US, parse_instant
from safeconduct.tracking.events import Event, read_event

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


def test_two_first_reports_of_one_moment_are_each_told_under_its_own_name() -> None:
    """3 and 3.0 are one line of the list, written in two ways: two subjects, of which neither hides the other."""
    clause = 'kind = "concordance"\nof = { type = "identified" }\nsame = ["line"]\nequal = ["result"]'
    both = [
        event("a", "identified", "10:00", person="p", line=3, result="confirmed"),
        event("b", "identified", "10:00", person="p", line=3.0, result="rejected"),
    ]
    assert breaches(clause, plan(), both) == [("differs", "3", "10:00"), ("differs", "3.0", "10:00")]


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


NOTIFIED = (
    'kind = "deadline"\nexpect = { type = "notified", who = "family" }\nby = 2025-07-04T10:00:00Z\nper = "person"'
)


def told(ref: str, clock: str, who: str) -> dict[str, Any]:
    """A family told."""
    return event(ref, "notified", clock, person=who, who="family")


def test_a_deadline_is_missed_once_it_is_past() -> None:
    """At the very moment it may still be met; what comes later is the nearest miss."""
    people = plan(persons=[person("p1"), person("p2")])
    assert breaches(NOTIFIED, people, [told("a", "10:00", "p1")], until="10:00") == []
    (found,) = deviations(NOTIFIED, people, [told("a", "10:00", "p1"), told("b", "10:01", "p2")])
    assert (found.rule, found.subject, found.at, found.evidence) == ("missing", "p2", "2025-07-04T10:00:00Z", ("b",))
    assert "only later: notified, 10:01" in found.message


def test_only_who_is_due_at_the_deadline_is_owed_anything() -> None:
    """Not the dead, the withdrawn, who was replaced or comes later; but who came in before."""
    people = plan(persons=[person("p1"), person("p2"), person("p3")])
    changes = [
        event("d", "died", "09:00", person="p1"),
        event("w", "withdrawn", "09:10", person="p2", by="NI", ground="protected", agreed_by=[]),
        event("s", "substituted", "09:20", person="p4", replaces="p3", agreed_by=["RU", "UA"]),
        event("late", "added", "10:30", person="p5", agreed_by=["RU", "UA"]),
    ]
    assert breaches(NOTIFIED, people, changes, until="11:00") == [("missing", "p4", "10:00")]


def test_a_deadline_counted_from_the_start_asks_each_party_and_each_vehicle() -> None:
    """What somebody else declares does not count for a party; a vehicle without a leg is not asked about."""
    lists = 'kind = "deadline"\nexpect = { type = "declared", what = "list" }\nbefore = "1h"\nper = "party"'
    declared = [
        event("a", "declared", "01:00", by="UA", what="list"),
        event("n", "declared", "01:10", by="NI", what="list"),
    ]
    assert breaches(lists, plan(), declared, until="04:00") == [("missing", "RU", "02:00")]
    together = event("t", "declared", "01:30", by=["NI", "RU", 7, "RU"], what="list")
    assert breaches(lists, plan(), [*declared, together], until="04:00") == []
    assert breaches(lists, plan(), [together], until="04:00") == [("missing", "UA", "02:00")]
    taken_back = event("v", "voided", "01:40", event="t")
    assert breaches(lists, plan(), [*declared, together, taken_back], until="04:00") == [("missing", "RU", "02:00")]
    plates = 'kind = "deadline"\nexpect = { type = "declared" }\nbefore = "1h"\nper = "vehicle"'
    driving = plan(
        vehicles=[{"id": one, "seats": 1} for one in ("v1", "v2", "v3")],
        legs=[leg("l1", "v1", "H", "X", "06:00", "07:00"), leg("l2", "v2", "H", "X", "06:00", "07:00")],
    )
    assert breaches(plates, driving, [event("p", "declared", "01:00", vehicle="v1")], until="04:00") == [
        ("missing", "v2", "02:00")
    ]


def test_an_alarm_comes_though_nothing_is_ever_reported() -> None:
    """The watch knows when to look again, and a late report withdraws it."""
    start = 'kind = "deadline"\nexpect = { type = "signed" }\nby = 2025-07-04T10:00:00Z'
    watch = Watch(terms(start), plan())
    assert watch.judge(parse_instant("2025-07-04T09:00:00Z")) == []
    assert watch.next_us() == parse_instant("2025-07-04T10:00:00.000001Z")
    (opened,) = watch.judge(watch.next_us())
    assert (opened.subject, opened.status) == ("x", "open")
    watch.arrive([read_event(event("s", "signed", "09:59"))])
    (withdrawn,) = watch.judge(parse_instant("2025-07-04T10:05:00Z"))
    assert withdrawn.status == "withdrawn"


SIGNED_BY_ALL = (
    'kind = "reciprocity"\neach = [{ type = "signed", by = "RU" }, { type = "signed", by = "UA" }, { type = "signed", '
    'by = "NI" }]\nwithin = "1h"\nsame = ["subject"]'
)


def test_whoever_goes_first_the_others_follow() -> None:
    """Within the hour of the first, the hour included; each paper by itself; only the first round of each."""
    papers = [
        signed("a", "10:00", subject="one", by="UA"),
        signed("b", "10:30", subject="one", by="NI"),
        signed("c", "11:00", subject="one", by="RU"),
        signed("again", "15:00", subject="one", by="RU"),
        signed("d", "12:00", subject="two", by="NI"),
        signed("e", "12:10", subject="two", by="RU"),
        signed("f", "13:01", subject="two", by="UA"),
    ]
    (found,) = deviations(SIGNED_BY_ALL, plan(), papers, until="18:00")
    assert (found.rule, found.subject, found.at, found.evidence) == (
        "one-sided",
        "two",
        "2025-07-04T13:00:00Z",
        ("d", "f"),
    )
    assert "signed (by UA) by 13:00; only later: signed, 13:01" in found.message


def test_several_who_do_not_follow_are_told_at_once() -> None:
    """One alarm, not one for each that is lacking; an earlier first step, reported late, moves it."""
    watch = Watch(terms(SIGNED_BY_ALL), plan())
    late = parse_instant("2025-07-04T18:00:00Z")
    watch.arrive([read_event(signed("a", "10:00", subject="one", by="UA"))])
    (opened,) = watch.judge(late)
    assert (opened.at, opened.subject) == ("2025-07-04T11:00:00Z", "one")
    watch.arrive([read_event(signed("b", "09:30", subject="one", by="RU"))])
    assert [(one.at, one.status) for one in watch.judge(late)] == [
        ("2025-07-04T10:30:00Z", "open"),
        ("2025-07-04T11:00:00Z", "withdrawn"),
    ]


REMEMBERED = terms(
    'kind = "concordance"\nof = { type = "inspected" }\nsame = ["vehicle"]\nequal = ["seal"]',
    'kind = "deadline"\nexpect = { type = "signed" }\nby = 2025-07-04T12:00:00Z\nper = "party"',
    'kind = "reciprocity"\neach = [{ type = "signed", by = "RU" }, { type = "signed", by = "UA" }]\nwithin = "1h"',
)


def test_what_is_old_still_counts_though_it_is_not_kept() -> None:
    """A seal seen in the morning, a paper signed early, a first step long ago: no line is read again for them."""

    def never() -> list[Event]:
        raise AssertionError("all lines were asked for")

    watch = Watch(REMEMBERED, plan(), never, keep_us=10 * MINUTE_US)
    told: list[tuple[str, str, str, tuple[str, ...]]] = []
    for clock, reports in {
        "08:00": [event("s1", "inspected", "08:00", vehicle="v1", seal="A")],
        "08:05": [signed("r", "08:01", by="RU"), signed("u", "08:02", by="UA")],
        "09:00": [],
        "10:00": [signed("r2", "10:00", by="RU")],
        "11:30": [event("s2", "inspected", "11:30", vehicle="v1", seal="B")],
        "12:30": [],
    }.items():
        watch.arrive([read_event(one) for one in reports])
        found = watch.judge(parse_instant(moment(clock)))
        told += [(clock, one.clause, one.status, one.evidence) for one in found]
    assert told == [("11:30", "c1", "open", ("s2", "s1"))]
    (standing,) = watch.standing()
    assert (standing.rule, standing.subject) == ("differs", "v1")
