"""Departures and arrivals of vehicles and the legs that they belong to, kept as reports come and go."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

from safeconduct.clauses.journeys import Departure
from safeconduct.logistics.plan import Leg, Plan
from safeconduct.tracking.events import Event

_Order = tuple[int, int, str]
"""`arrived` before `departed` of one instant, then by id."""
_FAR_US = 2**62

VehicleMoved = Callable[[str, int, int], None]
"""A vehicle, and between which moments (both inclusive) its journeys are others than before."""
CountChanged = Callable[[str, str, str], None]
"""`departed` or `arrived`, a vehicle, a place: these departures or arrivals are others than before."""


class _Vehicle:
    """The movements of one vehicle, in order; `distinct` leaves out what only repeats the one before."""

    __slots__ = ("distinct", "distinct_orders", "events", "orders")

    def __init__(self) -> None:
        self.orders: list[_Order] = []
        self.events: list[Event] = []
        self.distinct_orders: list[_Order] = []
        self.distinct: list[Event] = []


class Movements:
    """All vehicles."""

    def __init__(self, plan: Plan) -> None:
        self._legs_from: dict[tuple[str, str], list[Leg]] = defaultdict(list)
        for leg in sorted(plan.legs, key=lambda one: one.depart_us):
            self._legs_from[leg.vehicle, leg.origin].append(leg)
        self._vehicles: dict[str, _Vehicle] = defaultdict(_Vehicle)
        self._at_place: dict[tuple[str, str, str], list[_Order]] = defaultdict(list)
        """Of each type, vehicle and place the movements that count, in order."""
        self._events_at_place: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
        self.followers: list[VehicleMoved] = []
        self.counters: list[CountChanged] = []

    def insert(self, event: Event) -> None:
        """A movement counts from now on."""
        vehicle = self._vehicles[event.fields["vehicle"]]
        order = _order(event)
        index = bisect_left(vehicle.orders, order)
        vehicle.orders.insert(index, order)
        vehicle.events.insert(index, event)
        self._look_again(event, vehicle, index, index + 1)

    def remove(self, event: Event) -> None:
        """A movement counts no more."""
        vehicle = self._vehicles[event.fields["vehicle"]]
        index = bisect_left(vehicle.orders, _order(event))
        del vehicle.orders[index]
        del vehicle.events[index]
        self._set_distinct(vehicle, event, False)
        self._look_again(event, vehicle, index, index)

    def departures_between(self, vehicle: str, first_us: int, last_us: int) -> list[Departure]:
        """The departures of a vehicle from one moment to another, both inclusive, in order."""
        known = self._vehicles.get(vehicle)
        if known is None:
            return []
        first = bisect_left(known.distinct_orders, (first_us,))
        last = bisect_left(known.distinct_orders, (last_us + 1,))
        return [
            self._departure(known, index) for index in range(first, last) if known.distinct[index].type == "departed"
        ]

    def departures_at(self, vehicle: str, at_us: int) -> list[Departure]:
        """The departures of the latest instant at or before a moment at which the vehicle departed."""
        known = self._vehicles.get(vehicle)
        found: list[Departure] = []
        if known is None:
            return found
        index = bisect_left(known.distinct_orders, (at_us + 1,)) - 1
        while index >= 0:
            event = known.distinct[index]
            if found and event.at_us != found[0].at_us:
                break
            if event.type == "departed":
                found.append(self._departure(known, index))
            index -= 1
        found.reverse()
        return found

    def departure_on(self, leg: Leg) -> Event | None:
        """The departure on a planned leg, if there was one."""
        number = self._legs_from[leg.vehicle, leg.origin].index(leg)
        departed = self.at_place("departed", leg.vehicle, leg.origin)
        return departed[number] if number < len(departed) else None

    def at_place(self, kind: str, vehicle: str, place: str) -> list[Event]:
        """The departures or arrivals (`kind`) of a vehicle at a place, in order."""
        return self._events_at_place.get((kind, vehicle, place), [])

    def _departure(self, vehicle: _Vehicle, index: int) -> Departure:
        event = vehicle.distinct[index]
        name, place = event.fields["vehicle"], event.fields["place"]
        legs = self._legs_from.get((name, place), ())
        number = bisect_left(self._at_place["departed", name, place], _order(event))
        return Departure(event, name, place, legs[number] if number < len(legs) else None, _ended_us(vehicle, index))

    def _look_again(self, event: Event, vehicle: _Vehicle, index: int, following: int) -> None:
        """Which movements count, where one came or went: only that one and the next can be concerned."""
        last_us = event.at_us
        for at in {index, following}:
            if at < len(vehicle.events):
                one = vehicle.events[at]
                repeats = at > 0 and _alike(vehicle.events[at - 1], one)
                self._set_distinct(vehicle, one, not repeats)
                last_us = max(last_us, one.at_us)
        after = bisect_left(vehicle.distinct_orders, (last_us + 1,))
        until_us = vehicle.distinct_orders[after][0] if after < len(vehicle.distinct_orders) else _FAR_US
        for follower in self.followers:
            follower(event.fields["vehicle"], event.at_us, until_us)

    def _set_distinct(self, vehicle: _Vehicle, event: Event, counts: bool) -> None:
        order = _order(event)
        index = bisect_left(vehicle.distinct_orders, order)
        counted = index < len(vehicle.distinct_orders) and vehicle.distinct_orders[index] == order
        if counted == counts:
            return
        kind = (event.type, event.fields["vehicle"], event.fields["place"])
        orders, events = self._at_place[kind], self._events_at_place[kind]
        number = bisect_left(orders, order)
        if counts:
            vehicle.distinct_orders.insert(index, order)
            vehicle.distinct.insert(index, event)
            orders.insert(number, order)
            events.insert(number, event)
        else:
            del vehicle.distinct_orders[index], vehicle.distinct[index]
            del orders[number], events[number]
        if event.type == "departed":
            # Later departures from there belong to other legs than before.
            for later in events[number : len(self._legs_from.get(kind[1:], ())) + 1]:
                for follower in self.followers:
                    follower(kind[1], later.at_us, later.at_us)
        for counter in self.counters:
            counter(*kind)


def _order(event: Event) -> _Order:
    return event.at_us, int(event.type != "arrived"), event.id


def _alike(one: Event, other: Event) -> bool:
    return one.type == other.type and one.fields["place"] == other.fields["place"]


def _ended_us(vehicle: _Vehicle, index: int) -> int | None:
    """Until when, inclusive, a departure leaves the vehicle en route (see `journeys`)."""
    departed = vehicle.distinct[index]
    before = index - 1
    while before >= 0 and vehicle.distinct[before].at_us == departed.at_us:
        arrived = vehicle.distinct[before]
        if arrived.type == "arrived" and arrived.fields["place"] != departed.fields["place"]:
            return departed.at_us
        before -= 1
    after = bisect_left(vehicle.distinct_orders, (departed.at_us + 1,), lo=index)
    return vehicle.distinct_orders[after][0] if after < len(vehicle.distinct_orders) else None
