"""Who is aboard which vehicle at any moment, kept as boardings and alightings come and go."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

from safeconduct.tracking.events import Event

_Order = tuple[int, int, str]
"""`alighted` before `boarded` of one instant, then by id."""
_FAR_US = 2**62

RideChanged = Callable[[str, str, int, int], None]
"""A person, a vehicle, and between which moments (both inclusive) it is said otherwise than before that they ride."""


class _Rider:
    """What was reported of one person, in order, and in which vehicle each report leaves them (None: in none)."""

    __slots__ = ("events", "orders", "vehicles")

    def __init__(self) -> None:
        self.orders: list[_Order] = []
        self.events: list[Event] = []
        self.vehicles: list[str | None] = []


class Rides:
    """All persons and vehicles."""

    def __init__(self) -> None:
        self._riders: dict[str, _Rider] = defaultdict(_Rider)
        self._ever_aboard: dict[str, dict[str, int]] = defaultdict(dict)
        """Of each vehicle who was ever reported to board it, and how often."""
        self.followers: list[RideChanged] = []

    def forget(self, before_us: int) -> None:
        """Of each person the last report before a moment is kept, and the boarding that it may go back to."""
        for rider in self._riders.values():
            last = bisect_left(rider.orders, (before_us,)) - 1
            while last > 0 and rider.vehicles[last] is not None and rider.events[last].type != "boarded":
                last -= 1
            if last > 0:
                for event in rider.events[:last]:
                    if event.type == "boarded":
                        self._forget_aboard(event)
                del rider.orders[:last], rider.events[:last], rider.vehicles[:last]

    def _forget_aboard(self, event: Event) -> None:
        person, aboard = event.fields["person"], self._ever_aboard[event.fields["vehicle"]]
        aboard[person] -= 1
        if not aboard[person]:
            del aboard[person]

    def insert(self, event: Event) -> None:
        """A boarding or alighting counts from now on."""
        rider = self._riders[event.fields["person"]]
        order = _order(event)
        index = bisect_left(rider.orders, order)
        rider.orders.insert(index, order)
        rider.events.insert(index, event)
        rider.vehicles.insert(index, rider.vehicles[index - 1] if index else None)
        if event.type == "boarded":
            aboard = self._ever_aboard[event.fields["vehicle"]]
            aboard[event.fields["person"]] = aboard.get(event.fields["person"], 0) + 1
        self._follow(event.fields["person"], rider, index, inserted=True)

    def remove(self, event: Event) -> None:
        """A boarding or alighting counts no more."""
        person = event.fields["person"]
        rider = self._riders[person]
        index = bisect_left(rider.orders, _order(event))
        left_in = rider.vehicles[index]
        until_us = rider.orders[index + 1][0] if index + 1 < len(rider.orders) else _FAR_US
        del rider.orders[index], rider.events[index], rider.vehicles[index]
        before = rider.vehicles[index - 1] if index else None
        self._tell(person, left_in, before, event.at_us, until_us)
        self._follow(person, rider, index, inserted=False)
        if event.type == "boarded":
            self._forget_aboard(event)

    def aboard(self, vehicle: str, at_us: int) -> dict[str, Event]:
        """Who is aboard at a moment, each with the `boarded` that brought them there."""
        found = {}
        for person in self._ever_aboard.get(vehicle, ()):
            boarded = self._boarding(person, vehicle, at_us)
            if boarded is not None:
                found[person] = boarded
        return found

    def reports_of(self, person: str) -> list[Event]:
        """The boardings and alightings of a person, in order."""
        rider = self._riders.get(person)
        return rider.events if rider else []

    def _boarding(self, person: str, vehicle: str, at_us: int) -> Event | None:
        rider = self._riders[person]
        index = bisect_left(rider.orders, (at_us + 1,)) - 1
        if index < 0 or rider.vehicles[index] != vehicle:
            return None
        while rider.events[index].type != "boarded" or rider.events[index].fields["vehicle"] != vehicle:
            index -= 1
        return rider.events[index]

    def _follow(self, person: str, rider: _Rider, index: int, inserted: bool) -> None:
        """Where each report from `index` on leaves the person, until that is as it was before."""
        current = rider.vehicles[index - 1] if index else None
        while index < len(rider.events):
            event, before = rider.events[index], rider.vehicles[index]
            if event.type == "boarded":
                current = event.fields["vehicle"]
            elif current == event.fields["vehicle"]:
                current = None
            if current == before and not inserted:
                return
            inserted = False
            rider.vehicles[index] = current
            until_us = rider.orders[index + 1][0] if index + 1 < len(rider.orders) else _FAR_US
            self._tell(person, before, current, event.at_us, until_us)
            index += 1

    def _tell(self, person: str, before: str | None, after: str | None, from_us: int, until_us: int) -> None:
        for vehicle in {before, after} - {None}:
            for follower in self.followers:
                follower(person, vehicle or "", from_us, until_us)


def _order(event: Event) -> _Order:
    return event.at_us, int(event.type != "alighted"), event.id
