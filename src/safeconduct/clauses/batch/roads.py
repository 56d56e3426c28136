"""`corridor`, `stop`, `reporting` and `speed`: what a vehicle on the road tells of itself."""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from safeconduct.clauses.batch.distances import distance_m, distance_to_route_m
from safeconduct.clauses.batch.happenings import position_of
from safeconduct.clauses.batch.hearing import Lacking
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.people import NEVER_US
from safeconduct.clauses.batch.trips import Stretch
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.corridor import Corridor
from safeconduct.clauses.reporting import Reporting
from safeconduct.clauses.speed import Speed
from safeconduct.clauses.stop import Stop
from safeconduct.kernel.times import format_duration
from safeconduct.vocabulary.place import Point, parse_point

_T = TypeVar("_T", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Position:
    """Where a vehicle was reported."""

    at_us: int
    id: str
    point: Point


def judge_reporting(clause: Reporting, day: Observed) -> Iterator[Found]:
    """Each pause in the reports that name a vehicle on the road."""
    every = format_duration(clause.every_us)
    reports = _by_vehicle(day)
    for stretch in day.trips.stretches:
        told = _within(reports[stretch.departure.vehicle], stretch)
        for (last_us, last), (next_us, following) in zip(told, [*told[1:], (NEVER_US, "")], strict=True):
            if next_us == NEVER_US and stretch.until_us != NEVER_US:
                continue
            if next_us - last_us > clause.every_us:
                vehicle = stretch.departure.vehicle
                expected = f"expected a report of {vehicle} on the road every {every}"
                seen = f"the last was at {moment(last_us)}"
                seen += f", the next at {moment(next_us)}" if following else ", none since"
                yield Found(
                    "silent",
                    vehicle,
                    last_us + clause.every_us,
                    expected,
                    seen,
                    (last, following) if following else (last,),
                    deadline=not following,
                    lacking=_lacking(stretch),
                )


def judge_corridor(clause: Corridor, day: Observed) -> Iterator[Found]:
    """Each excursion from a planned route."""
    for stretch, positions in positions_on_the_road(day):
        if stretch.leg is None or not stretch.leg.route:
            continue
        outside: list[Position] = []
        told = False
        for position in positions:
            if distance_to_route_m(position.point, stretch.leg.route) <= clause.buffer_m:
                outside, told = [], False
                continue
            outside.append(position)
            at_us = outside[0].at_us + clause.grace_us
            if position.at_us >= at_us and not told:
                told = True
                vehicle = stretch.departure.vehicle
                expected = f"expected {vehicle} within {clause.buffer_m:g} m of its route on leg {stretch.leg.id}"
                seen = f"outside since {moment(outside[0].at_us)}"
                evidence = tuple(dict.fromkeys((outside[0].id, position.id)))
                lacking = _lacking(stretch) if clause.grace_us else None
                yield Found("outside", vehicle, at_us, expected, seen, evidence, lacking=lacking)


def judge_stop(clause: Stop, day: Observed) -> Iterator[Found]:
    """Each halt that lasts too long, where no stop is planned."""
    stops = [place.position for place in day.plan.places if place.kind == "stop" and place.position is not None]
    for stretch, positions in positions_on_the_road(day):
        run: list[Position] = []
        for position in positions:
            if run and distance_m(run[0].point, position.point) <= clause.radius_m:
                run.append(position)
                continue
            yield from _halt(clause, stretch, run, stops)
            run = [position]
        yield from _halt(clause, stretch, run, stops)


def _halt(clause: Stop, stretch: Stretch, run: list[Position], stops: list[Point]) -> Iterator[Found]:
    if not run or run[-1].at_us - run[0].at_us <= clause.longest_us:
        return
    if any(distance_m(run[0].point, stop) <= clause.radius_m for stop in stops):
        return
    vehicle = stretch.departure.vehicle
    expected = f"expected {vehicle} to halt for {format_duration(clause.longest_us)} at most, but at a planned stop"
    seen = f"within {clause.radius_m:g} m from {moment(run[0].at_us)} to {moment(run[-1].at_us)}"
    at_us = run[0].at_us + clause.longest_us
    yield Found("stopped", vehicle, at_us, expected, seen, (run[0].id, run[-1].id), lacking=_lacking(stretch))


def judge_speed(clause: Speed, day: Observed) -> Iterator[Found]:
    """Each report of a vehicle too far from those of the same moment, or of the last one before."""
    for vehicle, reports in _seen(day).items():
        before: list[Position] = []
        for at_us, now in groupby(reports, key=lambda one: one.at_us):
            together = list(now)
            for one in together:
                known = [*before, *(other for other in together if other is not one)]
                far = [other for other in known if distance_m(one.point, other.point) > _reach_m(clause, other, one)]
                if far:
                    expected = f"expected {vehicle} to come no faster than {clause.fastest_kmh:g} km/h"
                    seen = f"at {moment(at_us)} {distance_m(one.point, far[0].point):.0f} m from where it was at "
                    yield Found("too-fast", vehicle, at_us, expected, seen + moment(far[0].at_us), (one.id, far[0].id))
            before = together


def _reach_m(clause: Speed, earlier: Position, later: Position) -> float:
    return clause.tolerance_m + clause.fastest_kmh * (later.at_us - earlier.at_us) / 3_600_000


def _seen(day: Observed) -> dict[str, list[Position]]:
    """Where each vehicle was reported, by a position, else by a place of the plan; in the order of time."""
    events = day.events.of_types("positioned", "departed", "arrived", "boarded", "alighted", "counted")
    columns = (
        events.text("vehicle").alias("vehicle"),
        events.json("position").alias("position"),
        events.text("place").alias("place"),
    )
    places = {place.id: place.position for place in day.plan.places}
    found: dict[str, list[Position]] = defaultdict(list)
    for one, at_us, vehicle, position, place in events.frame.select("id", "at", *columns).sort("at", "id").rows():
        point = position_of(position) or places.get(place)
        if point is not None:
            found[vehicle].append(Position(at_us, one, point))
    return found


def _lacking(stretch: Stretch) -> Lacking:
    """A report of the vehicle, or its arrival, which its destination would see."""
    places = frozenset() if stretch.leg is None else frozenset({stretch.leg.destination})
    return Lacking(frozenset({stretch.departure.vehicle}), places)


def _by_vehicle(day: Observed) -> dict[str, list[tuple[int, str]]]:
    """Time and id of every event that names a vehicle."""
    events = day.events
    naming = events.frame.select(events.text("vehicle").alias("vehicle"), "at", "id").drop_nulls("vehicle")
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for vehicle, at_us, one in naming.sort("at", "id").rows():
        found[vehicle].append((at_us, one))
    return found


def positions_on_the_road(day: Observed) -> Iterator[tuple[Stretch, list[Position]]]:
    """The positions of each stretch, in the order of time, then id."""
    positioned = day.events.of_types("positioned")
    columns = positioned.text("vehicle").alias("vehicle"), positioned.json("position").alias("position")
    every: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for one, at_us, vehicle, position in positioned.frame.select("id", "at", *columns).sort("at", "id").rows():
        every[vehicle].append((at_us, one, position))
    for stretch in day.trips.stretches:
        told = _within(every[stretch.departure.vehicle], stretch)
        yield stretch, [Position(at_us, one, parse_point(json.loads(text))) for at_us, one, text in told]


def _within(reports: list[_T], stretch: Stretch) -> list[_T]:
    """Those, ordered by time, that fall into the stretch."""
    begin = bisect_left(reports, stretch.departure.at_us, key=lambda one: one[0])
    return reports[begin : bisect_right(reports, stretch.until_us, key=lambda one: one[0])]
