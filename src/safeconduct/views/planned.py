"""The plan as entries tell it, part by part, read without its faults: what cannot be read is not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from safeconduct.kernel.times import parse_instant
from safeconduct.tracking.listing import Listed
from safeconduct.views.operations_model import Position
from safeconduct.vocabulary.place import Point, parse_point

Degrees = tuple[float, float]
R = TypeVar("R")
N = TypeVar("N")


class _Leg(msgspec.Struct):
    id: str
    vehicle: str
    depart: str
    arrive: str
    origin: str = msgspec.field(name="from")
    destination: str = msgspec.field(name="to")
    route: tuple[Degrees, ...] = ()


class _Place(msgspec.Struct):
    id: str
    kind: str
    name: str = ""
    position: Degrees | None = None


class _Added(msgspec.Struct):
    held_by: str | None = None
    home: str | None = None
    batch: str | None = None


class PlannedVehicle(msgspec.Struct, frozen=True):
    """A vehicle of the plan."""

    id: str
    kind: str = ""
    operator: str = ""


class _PlanFile(msgspec.Struct):
    places: tuple[_Place, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedLeg:
    """One ride, as planned."""

    id: str
    vehicle: str
    operator: str
    origin: str
    destination: str
    depart_us: int
    arrive_us: int
    route: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """A place of the plan."""

    id: str
    name: str
    kind: str
    position: Position | None


def read_legs(text: str, operator: str) -> list[PlannedLeg]:
    """The legs of `legs_text`, in the order of departure, then of the text."""
    legs = []
    for one in _read(text, _LEGS, ()):
        try:
            depart_us, arrive_us = parse_instant(one.depart), parse_instant(one.arrive)
        except ValueError:
            continue
        route = tuple(point for point in map(position_of, map(list, one.route)) if point is not None)
        legs.append(PlannedLeg(one.id, one.vehicle, operator, one.origin, one.destination, depart_us, arrive_us, route))
    return sorted(legs, key=lambda leg: leg.depart_us)


def read_vehicles(text: str) -> tuple[PlannedVehicle, ...]:
    """The vehicles of `vehicles_text`."""
    return _read(text, _VEHICLES, ())


def read_places(text: str) -> list[PlannedPlace]:
    """The places of `places_text`."""
    places: tuple[_Place, ...] = _read(text, _PLACES, ())
    return _places(places)


def read_places_of_plan(text: str) -> list[PlannedPlace]:
    """The places of a whole plan file."""
    return _places(_read(text, _PLAN_FILE, _PlanFile()).places)


def added_person(report: str) -> Listed | None:
    """What an `added` says of the person; None if it cannot be read."""
    one = _read(report, _ADDED, None)
    return None if one is None else Listed(one.held_by or "", one.home or "", one.batch or "")


def position_of(value: object) -> Position | None:
    """A position of a report or of the plan in microdegrees; None if it is none."""
    try:
        point: Point = parse_point(value)
    except ValueError:
        return None
    return (point.longitude_udeg, point.latitude_udeg)


def _places(rows: Iterable[_Place]) -> list[PlannedPlace]:
    return [
        PlannedPlace(one.id, one.name or one.id, one.kind, position_of(list(one.position) if one.position else None))
        for one in rows
    ]


_LEGS = msgspec.json.Decoder(tuple[_Leg, ...])
_VEHICLES = msgspec.json.Decoder(tuple[PlannedVehicle, ...])
_ADDED = msgspec.json.Decoder(_Added)
_PLACES = msgspec.json.Decoder(tuple[_Place, ...])
_PLAN_FILE = msgspec.json.Decoder(_PlanFile)


def _read(text: str, decoder: "msgspec.json.Decoder[R]", nothing: N) -> R | N:
    try:
        return decoder.decode(text)
    except msgspec.DecodeError:
        return nothing
