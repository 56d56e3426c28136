"""Departures, arrivals and the stretches between them, vehicle by vehicle, held against the planned legs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.people import NEVER_US
from safeconduct.logistics.plan import Leg, Plan


@dataclass(frozen=True)
class Movement:
    """A departure or arrival, told once."""

    id: str
    type: str
    at_us: int
    vehicle: str
    place: str


@dataclass(frozen=True)
class Stretch:
    """A vehicle on the road."""

    departure: Movement
    until_us: int
    """When it ends, inclusive; `NEVER_US` if nothing ended it."""
    leg: Leg | None
    """None: nobody planned it."""


@dataclass(frozen=True)
class Trips:
    """All of them."""

    departures: dict[tuple[str, str], list[Movement]]
    """By vehicle and place, in order."""
    arrivals: dict[tuple[str, str], list[Movement]]
    stretches: list[Stretch]


def read_trips(plan: Plan, events: Columns) -> Trips:
    """Follow every vehicle through its departures and arrivals."""
    found: dict[str, dict[tuple[str, str], list[Movement]]] = {
        "departed": defaultdict(list),
        "arrived": defaultdict(list),
    }
    planned = _planned_legs(plan)
    stretches: list[Stretch] = []
    for movements in _by_vehicle(events):
        for number, movement in enumerate(movements):
            known = found[movement.type][movement.vehicle, movement.place]
            known.append(movement)
            if movement.type == "departed":
                legs = planned.get((movement.vehicle, movement.place), [])
                leg = legs[len(known) - 1] if len(known) <= len(legs) else None
                stretches.append(Stretch(movement, _end_us(movements, number), leg))
    return Trips(found["departed"], found["arrived"], stretches)


def _planned_legs(plan: Plan) -> dict[tuple[str, str], list[Leg]]:
    """The legs of each vehicle from each place, in the order of departure, then of the file."""
    legs: dict[tuple[str, str], list[Leg]] = defaultdict(list)
    for leg in sorted(plan.legs, key=lambda one: one.depart_us):
        legs[leg.vehicle, leg.origin].append(leg)
    return legs


def _by_vehicle(events: Columns) -> Iterator[list[Movement]]:
    """Each vehicle's movements in order, repeated ones left out."""
    rows = events.of_types("departed", "arrived").rows("vehicle", "place")
    every: dict[str, list[Movement]] = defaultdict(list)
    for one, kind, at_us, vehicle, place in sorted(rows, key=lambda row: (row[2], row[1], row[0])):
        movements = every[vehicle]
        if not movements or (movements[-1].type, movements[-1].place) != (kind, place):
            movements.append(Movement(one, kind, at_us, vehicle, place))
    yield from every.values()


def _end_us(movements: list[Movement], number: int) -> int:
    """When the stretch ends that a departure begins: of one instant arrivals stand before departures."""
    departure = movements[number]
    for one in movements[number - 1 :: -1] if number else ():
        if one.at_us != departure.at_us:
            break
        if one.type == "arrived" and one.place != departure.place:
            return departure.at_us
    return next((one.at_us for one in movements[number + 1 :] if one.at_us > departure.at_us), NEVER_US)
