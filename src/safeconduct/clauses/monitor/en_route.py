"""The positions reported of each vehicle on each of its ways, kept as reports and movements come and go."""

from bisect import bisect_left, insort
from collections import defaultdict
from typing import Protocol

from safeconduct.clauses.journeys import Departure
from safeconduct.clauses.monitor.movements import Movements
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.place import Point, parse_point


class WayFollower(Protocol):
    """Who judges ways."""

    def begin(self, way: "Way") -> None:
        """A way, with all positions so far; in place of one of the same key, if there was one."""
        ...

    def end(self, way: "Way") -> None:
        """There is no such way any more."""
        ...

    def forget_way(self, way: "Way") -> None:
        """A way ended so long ago that nothing on it will change: what was found on it stands."""
        ...

    def put(self, way: "Way", event: Event) -> None:
        """A position came."""
        ...

    def discard(self, way: "Way", event: Event) -> None:
        """A position is gone."""
        ...


class Way:
    """A departure and the positions until its end, in order."""

    __slots__ = ("departure", "key", "positions")

    def __init__(self, departure: Departure, positions: Timeline) -> None:
        self.departure = departure
        self.key: Moment = (departure.at_us, departure.event.id)
        self.positions = positions


class EnRoute:
    """All vehicles."""

    def __init__(self, movements: Movements) -> None:
        self._movements = movements
        self._positions: dict[str, Timeline] = defaultdict(Timeline)
        self._ways: dict[str, dict[Moment, Way]] = defaultdict(dict)
        self._keys: dict[str, list[Moment]] = defaultdict(list)
        """The same, of each vehicle in order."""
        self._moved: dict[str, tuple[int, int]] = {}
        """Of each vehicle between which moments its ways may be others than before."""
        self.followers: list[WayFollower] = []

    def insert(self, event: Event) -> None:
        """A position counts from now on."""
        vehicle = event.fields["vehicle"]
        self._positions[vehicle].put(event)
        for way in self._ways_at(vehicle, event.at_us):
            way.positions.put(event)
            for follower in self.followers:
                follower.put(way, event)

    def remove(self, event: Event) -> None:
        """A position counts no more."""
        vehicle = event.fields["vehicle"]
        self._positions[vehicle].discard(event)
        for way in self._ways_at(vehicle, event.at_us):
            way.positions.discard(event)
            for follower in self.followers:
                follower.discard(way, event)

    def forget(self, before_us: int) -> None:
        """No way that ended before a moment is kept."""
        for vehicle, ways in self._ways.items():
            ended = [
                key
                for key, way in ways.items()
                if way.departure.ended_us is not None and way.departure.ended_us < before_us
            ]
            for key in ended:
                for follower in self.followers:
                    follower.forget_way(ways[key])
                del ways[key]
            self._keys[vehicle] = sorted(ways)
            first_us = min((key[0] for key in ways), default=before_us)
            positions = self._positions[vehicle]
            del positions[: positions.first_at(min(first_us, before_us))]

    def moved(self, vehicle: str, first_us: int, last_us: int) -> None:
        """The journeys of a vehicle changed."""
        known = self._moved.get(vehicle)
        if known is not None:
            first_us, last_us = min(first_us, known[0]), max(last_us, known[1])
        self._moved[vehicle] = first_us, last_us

    def settle(self) -> None:
        """Begin and end the ways that changed."""
        if not self._moved:
            return
        moved, self._moved = self._moved, {}
        for vehicle, (first_us, last_us) in moved.items():
            departures = self._movements.departures_at(vehicle, first_us - 1)
            departures += self._movements.departures_between(vehicle, first_us, last_us)
            ways = self._ways[vehicle]
            now = {(one.at_us, one.event.id) for one in departures}
            for key in [key for key in ways if first_us <= key[0] <= last_us and key not in now]:
                way = ways.pop(key)
                self._keys[vehicle].remove(key)
                for follower in self.followers:
                    follower.end(way)
            for departure in departures:
                self._renew(ways, self._keys[vehicle], departure)

    def _renew(self, ways: dict[Moment, Way], keys: list[Moment], departure: Departure) -> None:
        positions = self._positions[departure.vehicle]
        last = len(positions) if departure.ended_us is None else positions.first_after(departure.ended_us)
        first = positions.first_at(departure.at_us)
        known = ways.get((departure.at_us, departure.event.id))
        if known is not None and known.departure.leg is departure.leg and len(known.positions) == last - first:
            known.departure = departure  # the same beginning and as many: the same positions
            return
        way = Way(departure, Timeline(positions[first:last]))
        ways[way.key] = way
        if known is None:
            insort(keys, way.key)
        for follower in self.followers:
            follower.begin(way)

    def _ways_at(self, vehicle: str, at_us: int) -> list[Way]:
        """The ways, as last settled, to which a moment belongs: of the last two instants of departure at the most."""
        keys = self._keys.get(vehicle)
        if not keys:
            return []
        found: list[Way] = []
        instants: set[int] = set()
        for index in range(bisect_left(keys, (at_us + 1, "")) - 1, -1, -1):
            instants.add(keys[index][0])
            if len(instants) > 2:
                break
            departure = self._ways[vehicle][keys[index]].departure
            if departure.ended_us is None or at_us <= departure.ended_us:
                found.append(self._ways[vehicle][keys[index]])
        return found


def point_of(event: Event) -> Point:
    """The position of a `positioned`."""
    return parse_point(event.fields["position"])
