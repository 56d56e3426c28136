"""The map: places, roads and vehicles that a clearance may know, vehicles where they were last reported."""

from collections.abc import Callable, Iterable

from safeconduct.tracking.reports import Line
from safeconduct.tracking.vehicles import VehicleReported
from safeconduct.views.journeys import Progress, progress
from safeconduct.views.operations_model import PlaceSeen, Position, RouteSeen, VehicleSeen
from safeconduct.views.planned import PlannedLeg, PlannedPlace, PlannedVehicle, position_of


class Ways:
    """The part of a plan that a clearance may know: places, vehicles and legs."""

    def __init__(self) -> None:
        self.places: dict[str, PlannedPlace] = {}
        self.vehicles: dict[str, PlannedVehicle] = {}
        self.legs: dict[str, list[PlannedLeg]] = {}
        """By vehicle, in the order of departure."""
        self._vehicle_of: dict[str, str] = {}
        """Of each vehicle and each leg, the vehicle."""
        self._routes: tuple[RouteSeen, ...] | None = None

    def add(
        self, places: Iterable[PlannedPlace], vehicles: Iterable[PlannedVehicle], legs: Iterable[PlannedLeg]
    ) -> None:
        """One operator's part."""
        self.add_places(places)
        for vehicle in vehicles:
            self.vehicles[vehicle.id] = vehicle
            self._vehicle_of[vehicle.id] = vehicle.id
        for leg in legs:
            self.legs.setdefault(leg.vehicle, []).append(leg)
            self._vehicle_of.setdefault(leg.id, leg.vehicle)

    def add_places(self, places: Iterable[PlannedPlace]) -> None:
        """More places."""
        for place in places:
            self.places.setdefault(place.id, place)
        self._routes = None

    def vehicle_of(self, subject: str) -> str:
        """The vehicle that this is, or whose leg it is; empty for anything else, or where that may not be known."""
        return self._vehicle_of.get(subject, "")

    def name(self, place: object) -> str:
        """What people call a place; its id where that is all that is known."""
        known = self.places.get(place) if isinstance(place, str) else None
        return known.name if known else str(place)

    def position(self, place: object) -> Position | None:
        """Where a place is, if that may be known."""
        known = self.places.get(place) if isinstance(place, str) else None
        return known.position if known else None

    def exchange_points(self) -> frozenset[str]:
        """The places where custody passes between the sides."""
        return frozenset(place.id for place in self.places.values() if place.kind == "exchange-point")

    def places_seen(self) -> tuple[PlaceSeen, ...]:
        """The places that have a position."""
        return tuple(
            PlaceSeen(place.id, place.name, place.kind, place.position)
            for place in self.places.values()
            if place.position is not None
        )

    def routes_seen(self) -> tuple[RouteSeen, ...]:
        """Each road once; a leg without a route is a straight line."""
        if self._routes is None:
            found: dict[RouteSeen, None] = {}
            for leg in (leg for legs in self.legs.values() for leg in legs):
                ends = (self.position(leg.origin), self.position(leg.destination))
                points = leg.route or tuple(point for point in ends if point is not None)
                if len(points) > 1:
                    found[RouteSeen(leg.operator, points)] = None
            self._routes = tuple(found)
        return self._routes


def progress_of(ways: Ways, reported: Callable[[str], VehicleReported]) -> list[Progress]:
    """How far each leg is, by vehicle and in the order of departure."""
    return [one for vehicle, legs in ways.legs.items() for one in progress(legs, reported(vehicle).moves)]


def vehicles_seen(
    ways: Ways, reported: Callable[[str], VehicleReported], aboard: Callable[[str], int]
) -> tuple[VehicleSeen, ...]:
    """The vehicles of the plan that were reported anywhere, in the order of the plan."""
    found = []
    for vehicle in ways.vehicles.values():
        told = reported(vehicle.id)
        line, position = _fix(told, ways)
        if line is None or position is None:
            continue
        moves = told.moves
        stands = "" if moves.underway or line.type == "positioned" else str(line.place)
        if not moves.underway and moves.last is not None:
            stands = str(moves.last.place)
        found.append(
            VehicleSeen(
                id=vehicle.id,
                kind=vehicle.kind,
                operator=vehicle.operator,
                position=position,
                seen_at_us=line.at_us,
                underway=moves.underway,
                aboard=aboard(vehicle.id),
                place=stands,
            )
        )
    return tuple(found)


def _fix(reported: VehicleReported, ways: Ways) -> tuple[Line | None, Position | None]:
    for line in reported.latest:
        position = position_of(line.position) if line.type == "positioned" else ways.position(line.place)
        if position is not None:
            return line, position
    return None, None
