"""The folds over what the field reports: one answer for any order of arrival, and no contradiction merged away."""

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clauses.days import plan, terms

from safeconduct.clauses.judging import judge_day
from safeconduct.kernel.times import MINUTE_US, format_instant, parse_instant
from safeconduct.tracking.conflicts import Claim, Conflict, between_versions
from safeconduct.tracking.events import read_event
from safeconduct.tracking.field import Field
from safeconduct.tracking.persons import Result
from safeconduct.tracking.reports import Reports
from safeconduct.tracking.sifting import Received
from safeconduct.tracking.taken_back import TakenBack
from safeconduct.tracking.vehicles import Headcount

START_US = parse_instant("2025-07-04T05:00:00Z")
PERSONS, VEHICLES, PLACES = ("p1", "p2"), ("v1", "v2"), ("X", "H")


def report(kind: str, minute: int, name: str = "", **fields: Any) -> dict[str, Any]:
    """One report, received at once."""
    at = format_instant(START_US + minute * MINUTE_US)
    name = name or "/".join([kind, str(minute), *(str(value) for value in fields.values())])
    return {"id": name, "type": kind, "at": at, "received_at": at} | {
        key.rstrip("_"): value for key, value in fields.items()
    }


class Followed:
    """Reports as they arrive, and what they come to at each look."""

    def __init__(self) -> None:
        self.reports, self.field, self.taken_back = Reports(), Field(), TakenBack()

    def arrive(self, lines: Iterable[dict[str, Any]]) -> None:
        """Take some in."""
        for line in lines:
            received_us = parse_instant(line["received_at"])
            self.reports.add(json.dumps(line), parse_instant(line["at"]), received_us)
            self.taken_back.add(json.dumps(line), parse_instant(line["at"]), received_us)

    def look(self, minute: int = 60) -> Field:
        """Move to a moment."""
        now_us = START_US + minute * MINUTE_US
        for line in self.reports.look(now_us, self.taken_back.ids(now_us)):
            self.field.take(line)
        self.field.settle()
        return self.field

    def answers(self, minute: int = 60) -> object:
        """Every answer that the folds give, as plain values."""
        field = self.look(minute)
        moves = {vehicle: field.vehicle(vehicle).moves for vehicle in VEHICLES}
        return (
            {person: (field.person(person), field.found(person)) for person in PERSONS},
            {vehicle: field.vehicle(vehicle).counted for vehicle in VEHICLES},
            {vehicle: [line.id for line in field.vehicle(vehicle).latest] for vehicle in VEHICLES},
            {vehicle: (one.departures, one.arrivals, one.underway) for vehicle, one in moves.items()},
            {vehicle: field.aboard(vehicle) for vehicle in VEHICLES},
            field.incidents(),
            field.conflicts(),
            sorted(map(between_versions, self.reports.contradicting())),
        )


def field_of(*lines: dict[str, Any]) -> Field:
    """What these come to."""
    followed = Followed()
    followed.arrive(lines)
    return followed.look()


KINDS = (
    *("departed", "arrived", "boarded", "alighted", "positioned", "counted", "offered", "accepted", "refused"),
    *("identified", "consented", "examined", "died", "incident", "voided"),
)


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """A report that may contradict, repeat, take back or precede any other, or be from the future."""
    kind = draw(st.sampled_from(KINDS))
    number = draw(st.integers(0, 9))
    minute = draw(st.integers(0, 5))
    received = START_US + (minute + draw(st.sampled_from((-9, 0, 3)))) * MINUTE_US
    return {
        "id": f"{'v' if kind == 'voided' else 'e'}{number}",
        "type": kind,
        "at": format_instant(START_US + minute * MINUTE_US),
        "received_at": format_instant(received),
        "person": draw(st.sampled_from(PERSONS)),
        "vehicle": draw(st.sampled_from(VEHICLES)),
        "place": draw(st.sampled_from(PLACES)),
        "position": draw(st.sampled_from(([31.0, 52.0], [31.5, 52.5]))),
        "count": draw(st.integers(1, 2)),
        "what": draw(st.sampled_from(("prisoners", "escorts"))),
        "from": draw(st.sampled_from(("RU", "NI", "UA"))),
        "to": draw(st.sampled_from(("RU", "NI", "UA"))),
        "result": draw(st.sampled_from(("yes", "no"))),
        "event": draw(st.sampled_from("ev")) + str(draw(st.integers(0, 9))),
    }


days = st.lists(reports(), max_size=16)


@settings(max_examples=300)
@given(days, st.randoms(use_true_random=False), st.lists(st.integers(-1, 8), max_size=8))
def test_any_order_repetition_and_batching_of_arrival_comes_to_the_same(
    day: list[dict[str, Any]], chance: random.Random, looks: list[int]
) -> None:
    """Also where it was looked at in between, at whatever moments."""
    straight, other = Followed(), Followed()
    straight.arrive(day)
    shuffled = [*day, *chance.sample(day, len(day) // 2)]
    chance.shuffle(shuffled)
    size = max(1, len(shuffled) // (len(looks) + 1))
    for number, minute in enumerate(looks):
        other.arrive(shuffled[number * size : (number + 1) * size])
        other.look(minute)
    other.arrive(shuffled[len(looks) * size :])
    for minute in (60, 2):
        assert other.answers(minute) == straight.answers(minute)


@settings(max_examples=300)
@given(days, st.integers(0, 6))
def test_the_answers_are_those_of_the_reports_that_count(day: list[dict[str, Any]], minute: int) -> None:
    """Literally, over what the sift of the watch leaves at that moment."""
    followed, received = Followed(), Received()
    followed.arrive(day)
    for line in day:
        received.add(read_event(line))
    sifted = received.sift(START_US + minute * MINUTE_US).events
    field = followed.look(minute)
    aboard: dict[str, str] = {}
    for event in sorted(sifted, key=lambda one: (one.at_us, one.type != "alighted", one.id)):
        if event.type == "boarded":
            aboard[event.fields["person"]] = event.fields["vehicle"]
        elif event.type == "alighted" and aboard.get(event.fields["person"]) == event.fields["vehicle"]:
            del aboard[event.fields["person"]]
    assert {person: field.person(person).vehicle for person in PERSONS if field.person(person).vehicle} == aboard
    assert {one: field.aboard(one) for one in VEHICLES} == {
        one: frozenset(person for person, vehicle in aboard.items() if vehicle == one) for one in VEHICLES
    }
    assert [one.event for one in field.incidents()] == [one.id for one in sifted if one.type == "incident"]
    for vehicle in VEHICLES:
        for what in ("prisoners", "escorts"):
            told = [
                (one.at_us, one.fields["count"])
                for one in sifted
                if one.type == "counted" and (one.fields["vehicle"], one.fields["what"]) == (vehicle, what)
            ]
            last = max((at_us for at_us, _ in told), default=0)
            expected = Headcount(last, tuple(sorted({count for at_us, count in told if at_us == last})))
            assert dict(field.vehicle(vehicle).counted).get(what) == (expected if told else None)


CUSTODY = terms('kind = "custody"\nwithin = "1h"')


@settings(max_examples=150)
@given(days)
def test_custody_is_where_the_clause_sees_it(day: list[dict[str, Any]]) -> None:
    """Whoever is not the custodian cannot offer the person next: the clause `custody` breaks for each but that one."""
    followed = Followed()
    hands = [one for one in day if one["type"] in ("offered", "accepted", "refused", "voided")]
    followed.arrive(hands)
    late = START_US + 30 * MINUTE_US
    for person in PERSONS:
        cannot = set()
        for giver in ("RU", "NI", "UA"):
            probe = report("offered", 30, "probe", person=person, from_=giver, to="Z")
            stands = judge_day(CUSTODY, plan(), [read_event(one) for one in (*hands, probe)], late)
            if any((one.rule, one.subject, one.at) == ("from", person, probe["at"]) for one in stands):
                cannot.add(giver)
        custodian = followed.look(29).person(person).custodian
        assert cannot == (set() if custodian is None else {"RU", "NI", "UA"} - {custodian})


def conflict(matter: str, subject: str, what: str, claims: dict[str, tuple[str, ...]], minute: int = 1) -> Conflict:
    """As the folds tell it."""
    told = tuple(Claim(said, reports) for said, reports in sorted(claims.items()))
    return Conflict(START_US + minute * MINUTE_US, matter, subject, what, told)


def test_two_counts_of_one_vehicle_at_one_moment() -> None:
    """Both are told; two that agree, or of different things or moments, are no conflict."""
    field = field_of(
        report("counted", 1, "a", vehicle="v1", count=44),
        report("counted", 1, "b", vehicle="v1", count=45, what="prisoners"),
        report("counted", 1, "c", vehicle="v1", count=44),
        report("counted", 1, "d", vehicle="v1", count=3, what="escorts"),
        report("counted", 1, "e", vehicle="v2", count=9),
        report("counted", 0, "f", vehicle="v1", count=40),
    )
    assert field.conflicts() == (conflict("count", "v1", "prisoners", {"44": ("a", "c"), "45": ("b",)}),)
    assert dict(field.vehicle("v1").counted)["prisoners"] == Headcount(START_US + MINUTE_US, (44, 45))


def test_two_places_for_one_person() -> None:
    """Or two vehicles; getting off one and into another at once is none."""
    field = field_of(
        report("accepted", 1, "a", person="p1", from_="RU", to="NI", place="X"),
        report("alighted", 1, "b", person="p1", vehicle="v1", place="H"),
        report("boarded", 2, "c", person="p2", vehicle="v1"),
        report("boarded", 2, "d", person="p2", vehicle="v2"),
        report("alighted", 3, "e", person="p2", vehicle="v2", place="X"),
        report("boarded", 3, "f", person="p2", vehicle="v1", place="X"),
    )
    assert field.conflicts() == (
        conflict("place", "p1", "", {"X": ("a",), "H": ("b",)}),
        conflict("vehicle", "p2", "", {"v1": ("c",), "v2": ("d",)}, 2),
    )


def test_a_vehicle_in_two_places() -> None:
    """By where it is said to stand, or by its position."""
    field = field_of(
        report("arrived", 1, "a", vehicle="v1", place="X"),
        report("departed", 1, "b", vehicle="v1", place="H"),
        report("positioned", 2, "c", vehicle="v1", position=[31.0, 52.0]),
        report("positioned", 2, "d", vehicle="v1", position=[31.5, 52.0]),
        report("positioned", 2, "e", vehicle="v1", position=[31.5, 52]),
    )
    assert field.conflicts() == (
        conflict("place", "v1", "", {"X": ("a",), "H": ("b",)}),
        conflict("position", "v1", "", {"31, 52": ("c",), "31.5, 52": ("d", "e")}, 2),
    )


@pytest.mark.parametrize(
    ("kind", "matter", "what", "told"),
    [
        ("examined", "examination", "fit-to-travel", lambda field: dict(field.found("p1").examined)["fit-to-travel"]),
        ("consented", "answer", "", lambda field: field.found("p1").answer),
        ("identified", "identity", "", lambda field: field.found("p1").identified),
    ],
)
def test_two_results_of_one_examination(kind: str, matter: str, what: str, told: Callable[[Field], Result]) -> None:
    """Of an interview, or of an identification; a later one takes the place of both."""
    fields = {"what": what} if what else {}
    both = [
        report(kind, 1, "a", person="p1", result="yes", **fields),
        report(kind, 1, "b", person="p1", result="no", **fields),
    ]
    expected = conflict(matter, "p1", what, {"yes": ("a",), "no": ("b",)})
    field = field_of(*both)
    assert field.conflicts() == (expected,)
    assert told(field) == Result(START_US + MINUTE_US, ("no", "yes"))
    later = field_of(*both, report(kind, 4, "c", person="p1", result="yes", **fields))
    assert told(later) == Result(START_US + 4 * MINUTE_US, ("yes",))
    assert later.conflicts() == (expected,)


def test_custody_passed_on_to_two_at_once() -> None:
    """A chain of hands within one moment is none."""
    field = field_of(
        report("accepted", 1, "a", person="p1", from_="RU", to="NI"),
        report("accepted", 1, "b", person="p1", from_="NI", to="UA"),
        report("accepted", 2, "c", person="p2", from_="NI", to="UA"),
        report("accepted", 2, "d", person="p2", from_="NI", to="RU"),
    )
    assert field.conflicts() == (conflict("custody", "p2", "NI", {"UA": ("c",), "RU": ("d",)}, 2),)
    assert field.person("p1").custodian == "UA"
    assert field.person("p1").accepted_by == {"NI", "UA"}


def test_one_report_with_two_contents() -> None:
    """It is told which fields differ; the smallest content counts, whichever came first."""
    followed = Followed()
    followed.arrive(report("counted", 1, "a", vehicle="v1", count=count) for count in (45, 44, 45))
    assert dict(followed.look().vehicle("v1").counted)["prisoners"].counts == (44,)
    (differing,) = map(between_versions, followed.reports.contradicting())
    assert differing == Conflict(START_US + MINUTE_US, "report", "a", "count", ())


def test_what_was_taken_back_contradicts_nothing() -> None:
    """From the moment on at which it was; and again if that is taken back itself."""
    followed = Followed()
    followed.arrive(
        [
            report("counted", 1, "a", vehicle="v1", count=44),
            report("counted", 1, "b", vehicle="v1", count=45),
            report("voided", 5, "x", event="b"),
            report("voided", 9, "y", event="x"),
        ]
    )
    assert [len(followed.look(minute).conflicts()) for minute in (4, 5, 9, 6)] == [1, 0, 1, 0]
    assert followed.look(6).vehicle("v1").counted == (("prisoners", Headcount(START_US + MINUTE_US, (44,))),)


def test_fields_that_are_no_words_or_numbers_are_nothing() -> None:
    """What the field sends is not checked further than the contract does."""
    field = field_of(
        report("counted", 1, "a", vehicle="v1", count=1e300),
        report("boarded", 1, "b", person="p1", vehicle="v1", place={"x": 1}),
        report("boarded", 1, "c", person="p1", vehicle="v1", place=[3]),
        report("examined", 1, "d", person="p1", what=[1], result=7),
        report("incident", 1, "e", what={"y": 2}, place=3),
        report("accepted", 1, "f", person="p2", from_="RU", to="NI", place=None),
    )
    assert field.conflicts() == ()
    assert field.person("p1").vehicle == "v1"
    assert [one.what for one in field.incidents()] == [""]
