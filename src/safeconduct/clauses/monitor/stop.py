"""`stop`, followed: of each way where its runs of positions close together begin."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.en_route import Way, point_of
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment
from safeconduct.clauses.stop import Stop, planned_stops
from safeconduct.tracking.events import Event
from safeconduct.vocabulary.distance import is_within

_WayKey = tuple[str, Moment]
"""A vehicle and its departure."""


class StopMonitor:
    """One clause of the kind. Its units are the runs, by way and beginning."""

    def __init__(self, clause: Stop, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._stops = planned_stops(course.plan)
        self._ways: dict[_WayKey, Way] = {}
        self._starts: dict[_WayKey, list[Moment]] = {}
        """Of each way the positions with which its runs begin, in order."""
        self._units: Units[tuple[_WayKey, Moment]] = Units(board, clause.header.id, self._judge)

    def forget(self, _: int) -> None:
        """Ways end where they are kept."""

    def roles(self) -> Sequence[Role]:
        """Ways are followed where they are kept."""
        return ()

    def begin(self, way: Way) -> None:
        """A way, with all positions so far."""
        self.end(way)
        key = _key(way)
        self._ways[key] = way
        self._starts[key] = []
        self._run_on(key, 0)

    def end(self, way: Way) -> None:
        """There is no such way any more."""
        key = _key(way)
        for start in self._starts.pop(key, ()):
            self._units.doubt((key, start))
        self._ways.pop(key, None)

    def forget_way(self, way: Way) -> None:
        """A way that is over."""
        self._ways.pop(_key(way), None)
        self._starts.pop(_key(way), None)

    def put(self, way: Way, event: Event) -> None:
        """A position came: it belongs to the run before it, or breaks that."""
        key, moment = _key(way), (event.at_us, event.id)
        starts = self._starts[key]
        index = bisect_right(starts, moment) - 1
        if index >= 0 and self._is_close(way, starts[index], event):
            self._units.doubt((key, starts[index]))
        else:
            if index >= 0:
                self._units.doubt((key, starts[index]))
            self._run_on(key, way.positions.first_not_before(moment))

    def discard(self, way: Way, event: Event) -> None:
        """A position is gone: what ran from it runs from another one now, perhaps from that of the run before."""
        key, moment = _key(way), (event.at_us, event.id)
        starts = self._starts[key]
        index = bisect_left(starts, moment)
        if index < len(starts) and starts[index] == moment:
            del starts[index]
            self._units.doubt((key, moment))
            self._run_on(key, way.positions.first_not_before(moment))
        if index:
            self._units.doubt((key, starts[index - 1]))

    def _run_on(self, key: _WayKey, index: int) -> None:
        """Find where runs begin from a position on, until they begin where they did before."""
        positions, starts = self._ways[key].positions, self._starts[key]
        while index < len(positions):
            at_us, event_id, event = positions[index]
            moment = (at_us, event_id)
            after = bisect_left(starts, moment)
            begun_before = after < len(starts) and starts[after] == moment
            begins = after == 0 or not self._is_close(self._ways[key], starts[after - 1], event)
            if begins and begun_before:
                return
            if begins != begun_before:
                self._units.doubt((key, moment))
                if after:
                    self._units.doubt((key, starts[after - 1]))
            if begins:
                starts.insert(after, moment)
            elif begun_before:
                del starts[after]
            index += 1

    def _is_close(self, way: Way, start: Moment, event: Event) -> bool:
        first = way.positions.get(start)
        if first is None:
            raise AssertionError("a run begins with a position that is not there")
        return is_within(point_of(first), point_of(event), self._clause.radius_m)

    def _judge(self, unit: tuple[_WayKey, Moment]) -> Iterable[Finding]:
        key, start = unit
        way, starts = self._ways.get(key), self._starts.get(key, [])
        index = bisect_left(starts, start)
        if way is None or index == len(starts) or starts[index] != start:
            return ()
        first = way.positions.get(start)
        end = way.positions.first_not_before(starts[index + 1]) if index + 1 < len(starts) else len(way.positions)
        last = way.positions[end - 1][2]
        if first is None or last.at_us <= first.at_us + self._clause.longest_us:
            return ()
        return self._clause.judge_run(self._course, way.departure, (first, point_of(first)), last, self._stops)


def _key(way: Way) -> _WayKey:
    return way.departure.vehicle, way.key
