"""`manifest` and `headcount`: who is aboard, and how many."""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from safeconduct.clauses.batch.hearing import ANYTHING, Lacking
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.people import Member
from safeconduct.clauses.batch.rides import Ride, aboard_at
from safeconduct.clauses.batch.trips import Stretch
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.headcount import Headcount
from safeconduct.clauses.manifest import Manifest


def judge_manifest(_: Manifest, day: Observed) -> Iterator[Found]:
    """At each departure, those aboard against those of its leg due then."""
    planned: dict[str, list[Member]] = defaultdict(list)
    for member in day.people.members.values():
        for leg in member.legs:
            planned[leg].append(member)
    by_vehicle: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in day.trips.stretches:
        by_vehicle[stretch.departure.vehicle].append(stretch)
    for vehicle, stretches in by_vehicle.items():
        ordered = sorted(stretches, key=lambda one: one.departure.at_us)
        aboard = aboard_at(day.rides.get(vehicle, []), [one.departure.at_us for one in ordered])
        for stretch, rides in zip(ordered, aboard, strict=True):
            yield from _compare(stretch, rides, planned, day)


def _compare(
    stretch: Stretch, rides: dict[str, Ride], planned: dict[str, list[Member]], day: Observed
) -> Iterator[Found]:
    departure = stretch.departure
    at_us, vehicle = departure.at_us, departure.vehicle
    told = f"vehicle {vehicle} departed from {departure.place} at {moment(at_us)}"
    if stretch.leg is None:
        expected = f"expected {vehicle} to depart only as planned"
        yield Found("unplanned-leg", vehicle, at_us, expected, told, (departure.id,))
        return
    expected = f"expected aboard {vehicle} those of leg {stretch.leg.id} and nobody else"
    due = {one.id for one in planned[stretch.leg.id] if day.people.is_due(one.id, at_us)}
    lacking = Lacking(frozenset({vehicle}), frozenset({departure.place}))
    for person in due - rides.keys():
        seen = f"{told} without one of them"
        yield Found("missing", person, at_us, expected, seen, (departure.id,), lacking=lacking)
    for person in rides.keys() - due:
        seen = f"{told} with somebody else aboard"
        yield Found("extra", person, at_us, expected, seen, (rides[person].boarding, departure.id))


def judge_headcount(_: Headcount, day: Observed) -> Iterator[Found]:
    """Each count of prisoners against the number aboard just before or at that instant."""
    times = {
        vehicle: (sorted(one.since_us for one in rides), sorted(one.until_us for one in rides))
        for vehicle, rides in day.rides.items()
    }
    counted = day.events.of_types("counted")
    columns = (
        counted.text("vehicle"),
        counted.json("count").alias("count"),
        counted.text("what").alias("what"),
        counted.json("what").alias("other"),
    )
    for one, at_us, vehicle, count, what, other in counted.frame.select("id", "at", *columns).rows():
        if other is not None or (what or "prisoners") != "prisoners":
            continue
        number = json.loads(count)
        since, until = times.get(vehicle, ([], []))
        before = bisect_left(since, at_us) - bisect_left(until, at_us)
        then = bisect_right(since, at_us) - bisect_right(until, at_us)
        if number in (before, then):
            continue
        aboard = f"{then}" if before == then else f"{before} or {then}"
        expected = f"expected a count of {aboard} prisoners aboard {vehicle}"
        seen = f"{number:g} were counted at {moment(at_us)}"
        # Too many: a boarding went unreported, seen by the vehicle's devices or, wherever it was, by those of places.
        lacking = Lacking(vehicles=frozenset({vehicle})) if number > max(before, then) else ANYTHING
        yield Found("differs", vehicle, at_us, expected, seen, (one,), lacking=lacking)
