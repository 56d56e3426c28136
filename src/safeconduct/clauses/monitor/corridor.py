"""`corridor`, followed: of each way on a planned route the positions inside and outside of it."""

from collections.abc import Iterable, Sequence

from safeconduct.clauses.corridor import Corridor
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.en_route import Way, point_of
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import Route, distance_to_route_m, is_beyond, route_through

_WayKey = tuple[str, Moment]
"""A vehicle and its departure."""


class _Routed:
    __slots__ = ("inside", "outside", "route", "way")

    def __init__(self, way: Way, route: Route) -> None:
        self.way = way
        self.route = route
        self.inside = Timeline()
        self.outside = Timeline()


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
            for at_us, event_id, _ in routed.outside:
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
            routed.inside.discard(event)
            routed.outside.discard(event)
            self._doubt_around(routed, event)

    def _sort(self, routed: _Routed, event: Event) -> None:
        beyond = is_beyond(point_of(event), routed.route, self._clause.buffer_m)
        (routed.outside if beyond else routed.inside).put(event)

    def _doubt_around(self, routed: _Routed, event: Event) -> None:
        """The excursion around a position, the one after it, and itself."""
        key, moment = _key(routed.way), (event.at_us, event.id)
        self._units.doubt((key, moment))
        for index in (self._begins(routed, moment), routed.outside.first_not_before(moment)):
            if index < len(routed.outside):
                self._units.doubt((key, routed.outside[index][:2]))
        after = routed.outside.first_not_before((event.at_us, event.id + "\0"))
        if after < len(routed.outside):
            self._units.doubt((key, routed.outside[after][:2]))

    def _begins(self, routed: _Routed, moment: Moment) -> int:
        """Which position outside is the first after the last inside before a moment."""
        inside = routed.inside.first_not_before(moment)
        return routed.outside.first_not_before(routed.inside[inside - 1][:2]) if inside else 0

    def _judge(self, unit: tuple[_WayKey, Moment]) -> Iterable[Finding]:
        key, start = unit
        routed = self._ways.get(key)
        first = routed.outside.get(start) if routed else None
        if routed is None or first is None or routed.way.departure.leg is None:
            return ()
        begins = self._begins(routed, start)
        if routed.outside[begins][:2] != start:
            return ()
        inside = routed.inside.first_not_before(start)
        end = routed.outside.first_not_before(routed.inside[inside][:2]) if inside < len(routed.inside) else None
        run = routed.outside[begins:end]
        if run[-1][0] < first.at_us + self._clause.grace_us:
            return ()
        measured = [(event, distance_to_route_m(point_of(event), routed.route)) for _, _, event in run]
        return self._clause.excursion(self._course, routed.way.departure, routed.way.departure.leg.id, measured)


def _key(way: Way) -> _WayKey:
    return way.departure.vehicle, way.key
