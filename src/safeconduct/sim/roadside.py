"""Where a vehicle is along its road, which device speaks for which vehicle and place, and who receives a person."""

from itertools import pairwise

from safeconduct.logistics.plan import Leg, Plan, PlannedPerson
from safeconduct.vocabulary.place import Point, distance_m


class Road:
    """A leg's route, to be measured in shares of its length."""

    def __init__(self, leg: Leg, plan: Plan) -> None:
        positions = {place.id: place.position for place in plan.places}
        ends = (positions.get(leg.origin), positions.get(leg.destination))
        points = leg.route or tuple(point for point in ends if point is not None)
        self._points = points
        self._marks = [0.0]
        for here, there in pairwise(points):
            self._marks.append(self._marks[-1] + distance_m(here, there))

    def after(self, share: float) -> Point | None:
        """The point after that share of the way; None if no position on it is known."""
        if not self._points:
            return None
        length_m = self._marks[-1] * min(1.0, max(0.0, share))
        for index in range(1, len(self._points)):
            if length_m <= self._marks[index]:
                here, there = self._points[index - 1], self._points[index]
                stretch_m = self._marks[index] - self._marks[index - 1]
                part = (length_m - self._marks[index - 1]) / stretch_m if stretch_m else 0.0
                return Point(
                    round(here.longitude_udeg + part * (there.longitude_udeg - here.longitude_udeg)),
                    round(here.latitude_udeg + part * (there.latitude_udeg - here.latitude_udeg)),
                )
        return self._points[-1]


def facility_of(person: PlannedPerson, plan: Plan) -> str:
    """The last custodian of a person, if that is a place of the plan; else empty."""
    last = person.custody[-1] if person.custody else ""
    return last if any(place.id == last for place in plan.places) else ""


def devices_by_subject(plan: Plan) -> tuple[dict[str, str], dict[str, str]]:
    """The device that records for each vehicle and for each place: the first that the plan names for it.

    In a plan without devices every vehicle, the exchange point and every place of arrival has one of its own.
    """
    if plan.devices is None:
        facilities = {facility_of(person, plan) for person in plan.persons} - {""}
        places = sorted({leg.destination for leg in plan.legs} | facilities | {plan.exchange_point})
        vehicles = {vehicle.id: f"phone-{vehicle.id}" for vehicle in plan.vehicles}
        return vehicles, {place: f"desk-{place}" for place in places}
    by_vehicle: dict[str, str] = {}
    by_place: dict[str, str] = {}
    for device in plan.devices:
        for vehicle in device.vehicles:
            by_vehicle.setdefault(vehicle, device.id)
        for place in device.places:
            by_place.setdefault(place, device.id)
    return by_vehicle, by_place
