"""`manifest`, `headcount`, `departure` and `arrival`: who is aboard, and when vehicles come and go."""

from collections.abc import Iterator

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.arrival import Arrival
from safeconduct.clauses.departure import DepartureClause
from safeconduct.clauses.headcount import Headcount
from safeconduct.clauses.manifest import Manifest
from safeconduct.clauses.traces.example import (
    CAMP,
    CROSSING,
    JUST_US,
    LEG,
    PERSON,
    VEHICLE,
    Line,
    Pair,
    Trace,
    line,
    passed,
    scene_of,
)
from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.logistics.plan import Leg
from safeconduct.vocabulary.place import Point


def planned_leg(depart_us: int, arrive_us: int, *persons: str, route: tuple[Point, ...] = ()) -> Leg:
    """The leg of the example."""
    return Leg(
        id=LEG,
        vehicle=VEHICLE,
        origin=CAMP,
        destination=CROSSING,
        depart_us=depart_us,
        arrive_us=arrive_us,
        persons=persons,
        route=route,
    )


def manifest(_: Manifest, agreement: Agreement) -> Iterator[Pair]:
    """A bus leaves without somebody, with somebody too many, and without a plan."""
    scene = scene_of(agreement)
    at_us = scene.at_us

    def rode(line_id: str, kind: str) -> Line:
        return line(line_id, kind, at_us, person=PERSON, vehicle=VEHICLE)

    departed = line("e3", "departed", at_us, vehicle=VEHICLE, place=CAMP)
    boarded, alighted = rode("e1", "boarded"), line("e2", "alighted", at_us, person=PERSON, vehicle=VEHICLE)
    with_one = planned_leg(at_us, at_us + HOUR_US, PERSON)
    yield Pair(
        "missing",
        scene.plan(scene.person(), legs=(with_one,)),
        Trace((departed,), at_us),
        Trace((boarded, departed), at_us),
        "nobody aboard",
    )
    earlier = {**boarded, "at": line("", "", at_us - 10 * MINUTE_US)["at"]}
    yield Pair(
        "extra",
        scene.plan(legs=(planned_leg(at_us, at_us + HOUR_US),)),
        Trace((earlier, departed), at_us),
        Trace((earlier, alighted, departed), at_us),
        given="nobody is to ride",
    )
    yield Pair("unplanned-leg", scene.plan(), Trace((departed,), at_us), Trace((), at_us))


def headcount(_: Headcount, agreement: Agreement) -> Iterator[Pair]:
    """One prisoner counted where nobody is reported aboard; the same once one is."""
    scene = scene_of(agreement)
    boarded = line("e1", "boarded", scene.at_us, person=PERSON, vehicle=VEHICLE)
    counted = line("e2", "counted", scene.at_us, vehicle=VEHICLE, count=1, what="prisoners")
    breaks, keeps = (Trace(lines, scene.at_us) for lines in ((counted,), (boarded, counted)))
    yield Pair("differs", scene.plan(), breaks, keeps, "nobody reported aboard")


def departure(clause: DepartureClause, agreement: Agreement) -> Iterator[Pair]:
    """A bus that leaves just too early and one that does not leave; the same at the bounds."""
    yield from _punctual(clause, agreement, "departed", CAMP)


def arrival(clause: Arrival, agreement: Agreement) -> Iterator[Pair]:
    """A bus that comes just too early and one that does not come; the same at the bounds."""
    yield from _punctual(clause, agreement, "arrived", CROSSING)


def _punctual(clause: DepartureClause | Arrival, agreement: Agreement, kind: str, place: str) -> Iterator[Pair]:
    scene = scene_of(agreement, before_us=clause.early_us or 0, after_us=clause.late_us or 0)
    departs = kind == "departed"
    leg = planned_leg(
        scene.at_us if departs else scene.at_us - HOUR_US // 2, scene.at_us + HOUR_US // 2 if departs else scene.at_us
    )
    plan = scene.plan(legs=(leg,))

    def moved(at_us: int) -> Line:
        return line("e1", kind, at_us, vehicle=VEHICLE, place=place)

    if clause.late_us is not None:
        due_us = scene.at_us + clause.late_us
        until_us = passed(due_us, scene.at_us)
        yield Pair("late", plan, Trace((), until_us), Trace((moved(due_us),), until_us), f"{VEHICLE} has not {kind}")
    if clause.early_us is not None:
        first_us = scene.at_us - clause.early_us
        yield Pair("early", plan, Trace((moved(first_us - JUST_US),), first_us), Trace((moved(first_us),), first_us))
