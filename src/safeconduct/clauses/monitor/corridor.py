"""`corridor`, followed: of each way on a planned route the positions inside and outside of it."""

from collections.abc import Iterable, Sequence

from safeconduct.clauses.corridor import Corridor
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.en_route import Way, point_of
from safeconduct.clauses.monitor.excursions import Excursions
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import Route, distance_to_route_m, is_beyond, route_through

_WayKey = tuple[str, Moment]
"""A vehicle and its departure."""


class _Routed:
    __slots__ = ("excursions", "route", "way")

    def __init__(self, way: Way, route: Route) -> None:
        self.way = way
        self.route = route
        self.excursions = Excursions()


class CorridorMonitor:
    """One clause of the kind. Its units are positions with which an excursion may begin, by way."""

    def __init__(self, clause: Corridor, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._ways: dict[_WayKey, _Routed] = {}
        self._units: Units[tuple[_WayKey, Moment]] = Units(board, clause.header.id, self._judge)

    def forget(self, _: int) -> None:
        """Ways end where they are kept."""

    def roles(self) -> Sequence[Role]:
        """Ways are followed where they are kept."""
        return ()

    def begin(self, way: Way) -> None:
        """A way, with all positions so far."""
        self.end(way)
        leg = way.departure.leg
        if leg is None or not leg.route:
            return
        routed = self._ways[_key(way)] = _Routed(way, route_through(leg.route))
        for at_us, event_id, event in way.positions:
            self._sort(routed, event)
            self._units.doubt((_key(way), (at_us, event_id)))

    def end(self, way: Way) -> None:
        """There is no such way any more."""
        routed = self._ways.pop(_key(way), None)
        if routed is not None:
            for at_us, event_id, _ in routed.excursions.outside:
                self._units.doubt((_key(way), (at_us, event_id)))

    def forget_way(self, way: Way) -> None:
        """A way that is over."""
        self._ways.pop(_key(way), None)

    def put(self, way: Way, event: Event) -> None:
        """A position came."""
        routed = self._ways.get(_key(way))
        if routed is not None:
            self._sort(routed, event)
            self._doubt_around(routed, event)

    def discard(self, way: Way, event: Event) -> None:
        """A position is gone."""
        routed = self._ways.get(_key(way))
        if routed is not None:
            routed.excursions.discard(event)
            self._doubt_around(routed, event)

    def _sort(self, routed: _Routed, event: Event) -> None:
        routed.excursions.put(event, is_beyond(point_of(event), routed.route, self._clause.buffer_m))

    def _doubt_around(self, routed: _Routed, event: Event) -> None:
        for beginning in routed.excursions.around((event.at_us, event.id)):
            self._units.doubt((_key(routed.way), beginning))

    def _judge(self, unit: tuple[_WayKey, Moment]) -> Iterable[Finding]:
        key, start = unit
        routed = self._ways.get(key)
        run = routed.excursions.run(start) if routed is not None else []
        if routed is None or routed.way.departure.leg is None or not run:
            return ()
        if run[-1].at_us < run[0].at_us + self._clause.grace_us:
            return ()
        measured = [(event, distance_to_route_m(point_of(event), routed.route)) for event in run]
        return self._clause.excursion(self._course, routed.way.departure, routed.way.departure.leg.id, measured)


def _key(way: Way) -> _WayKey:
    return way.departure.vehicle, way.key
