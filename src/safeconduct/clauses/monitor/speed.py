"""`speed`, followed: of each vehicle where it was reported, in order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.extent import positions_of, whereabouts
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.clauses.speed import SIGHTING_TYPES, Sighting, Speed
from safeconduct.tracking.events import Event


class SpeedMonitor:
    """One clause of the kind. Its units are the sightings, by vehicle."""

    def __init__(self, clause: Speed, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._positions = positions_of(course.plan)
        self._seen: dict[str, Timeline] = defaultdict(Timeline)
        self._units: Units[tuple[str, Moment]] = Units(board, clause.header.id, self._judge)

    def roles(self) -> Sequence[Role]:
        """Whatever says where a vehicle was."""
        return (Role(SIGHTING_TYPES, None, self._insert, self._remove),)

    def forget(self, before_us: int) -> None:
        """Of each vehicle where it was at the last moment before is kept."""
        for seen in self._seen.values():
            last = seen.first_at(before_us) - 1
            if last > 0:
                del seen[: seen.first_at(seen[last][0])]

    def _insert(self, event: Event) -> None:
        if whereabouts(event, self._positions) is not None:
            seen = self._seen[event.fields["vehicle"]]
            seen.put(event)
            self._doubt_around(seen, event)

    def _remove(self, event: Event) -> None:
        if whereabouts(event, self._positions) is not None:
            seen = self._seen[event.fields["vehicle"]]
            seen.discard(event)
            self._units.doubt((event.fields["vehicle"], (event.at_us, event.id)))
            self._doubt_around(seen, event)

    def _doubt_around(self, seen: Timeline, event: Event) -> None:
        """The sightings of its moment, and those of the next moment at which there are any."""
        following = seen.first_after(event.at_us)
        last_us = seen[following][0] if following < len(seen) else event.at_us
        for moment in seen.moments(event.at_us, last_us):
            self._units.doubt((event.fields["vehicle"], moment))

    def _judge(self, unit: tuple[str, Moment]) -> Iterable[Finding]:
        vehicle, moment = unit
        seen = self._seen[vehicle]
        event = seen.get(moment)
        if event is None:
            return
        first = seen.first_at(event.at_us)
        others = seen.between(seen[first - 1][0] if first else event.at_us, event.at_us)
        for sighting in self._sightings((event,)):
            yield from self._clause.judge_sighting(self._course, sighting, list(self._sightings(others)))

    def _sightings(self, events: Iterable[Event]) -> Iterable[Sighting]:
        for event in events:
            point = whereabouts(event, self._positions)
            if point is not None:
                yield event, point
