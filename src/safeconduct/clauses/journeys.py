"""Departures and arrivals of vehicles, and the planned legs that they belong to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.logistics.plan import Leg, Plan
from safeconduct.tracking.events import Event


@dataclass(frozen=True, slots=True)
class Departure:
    """A vehicle setting out."""

    event: Event
    vehicle: str
    place: str
    leg: Leg | None
    """The planned leg that it begins; None: an unplanned one."""
    ended_us: int | None
    """Until when, inclusive, it was en route; None: nothing has ended that yet."""

    @property
    def at_us(self) -> int:
        """When it departed."""
        return self.event.at_us


class Journeys:
    """What the `departed` and `arrived` of the day say, repeated reports of one departure or arrival counted once."""

    def __init__(self, plan: Plan, movements: Iterable[Event]) -> None:
        by_vehicle: dict[str, list[Event]] = defaultdict(list)
        for event in movements:
            by_vehicle[event.fields["vehicle"]].append(event)
        legs_from: dict[tuple[str, str], list[Leg]] = defaultdict(list)
        for planned_leg in sorted(plan.legs, key=lambda one: one.depart_us):
            legs_from[planned_leg.vehicle, planned_leg.origin].append(planned_leg)
        self.departures: list[Departure] = []
        """In the order of `at`, then vehicle and id."""
        self.arrivals: dict[tuple[str, str], list[Event]] = defaultdict(list)
        """By vehicle and place, in order."""
        for vehicle, events in by_vehicle.items():
            distinct = _distinct(events)
            departed: dict[str, int] = defaultdict(int)
            for index, event in enumerate(distinct):
                place = event.fields["place"]
                if event.type == "arrived":
                    self.arrivals[vehicle, place].append(event)
                    continue
                planned = legs_from.get((vehicle, place), [])
                leg = planned[departed[place]] if departed[place] < len(planned) else None
                departed[place] += 1
                self.departures.append(Departure(event, vehicle, place, leg, _ended_us(distinct, index)))
        self.departures.sort(key=lambda one: (one.at_us, one.vehicle, one.event.id))


def _distinct(events: list[Event]) -> list[Event]:
    """In order (`arrived` before `departed`, then id), without what only repeats the movement just before it."""
    ordered = sorted(events, key=lambda one: (one.at_us, one.type != "arrived", one.id))
    distinct: list[Event] = []
    for event in ordered:
        last = distinct[-1] if distinct else None
        if last is None or last.type != event.type or last.fields["place"] != event.fields["place"]:
            distinct.append(event)
    return distinct


def _ended_us(movements: list[Event], index: int) -> int | None:
    """The moment of the next arrival (later, or at once at another place) or the next departure (later)."""
    departed = movements[index]
    before = index - 1
    while before >= 0 and movements[before].at_us == departed.at_us:
        if movements[before].type == "arrived" and movements[before].fields["place"] != departed.fields["place"]:
            return departed.at_us
        before -= 1
    return next((event.at_us for event in movements[index + 1 :] if event.at_us > departed.at_us), None)
