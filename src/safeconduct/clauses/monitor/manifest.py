"""`manifest`, followed: who is aboard at each departure, judged again when a late report may change that."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.manifest import Manifest
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.movements import Movements
from safeconduct.clauses.monitor.rides import Rides
from safeconduct.clauses.monitor.timeline import Moment
from safeconduct.tracking.events import Event

_Unit = tuple[str, Moment]
"""A vehicle and one departure of it."""


class ManifestMonitor:
    """One clause of the kind. Its units are the departures."""

    def __init__(self, clause: Manifest, course: Course, board: Board, movements: Movements, rides: Rides) -> None:
        self._clause = clause
        self._course = course
        self._movements = movements
        self._rides = rides
        self._moments: dict[str, list[Moment]] = defaultdict(list)
        """Of each vehicle the departures that were ever looked at, in order."""
        self._units: Units[_Unit] = Units(board, clause.header.id, self._judge)
        movements.followers.append(self._moved)
        rides.followers.append(self._rode)
        course.list_followers.append(self._listed_anew)

    def roles(self) -> Sequence[Role]:
        """Movements and rides are followed where they are kept."""
        return ()

    def forget(self, before_us: int) -> None:
        """Departures before are not looked at again."""
        for moments in self._moments.values():
            del moments[: bisect_left(moments, (before_us, ""))]

    def _moved(self, vehicle: str, first_us: int, last_us: int) -> None:
        moments = self._moments[vehicle]
        for departure in self._movements.departures_between(vehicle, first_us, last_us):
            moment = (departure.at_us, departure.event.id)
            index = bisect_left(moments, moment)
            if index == len(moments) or moments[index] != moment:
                moments.insert(index, moment)
        self._rode("", vehicle, first_us, last_us)

    def _rode(self, _: str, vehicle: str, first_us: int, last_us: int) -> None:
        moments = self._moments.get(vehicle, [])
        for moment in moments[bisect_left(moments, (first_us, "")) : bisect_left(moments, (last_us + 1, ""))]:
            self._units.doubt((vehicle, moment))

    def _listed_anew(self, _: str) -> None:
        for vehicle, moments in self._moments.items():
            for moment in moments:
                self._units.doubt((vehicle, moment))

    def _judge(self, unit: _Unit) -> Iterable[Finding]:
        vehicle, (at_us, event_id) = unit
        for departure in self._movements.departures_at(vehicle, at_us):
            if departure.event.id == event_id and departure.at_us == at_us:
                aboard = self._rides.aboard(vehicle, at_us)
                yield from self._clause.compare(self._course, departure, aboard, self._reports)

    def _reports(self, person: str) -> list[Event]:
        return sorted(self._rides.reports_of(person), key=lambda one: (one.at_us, one.id))
