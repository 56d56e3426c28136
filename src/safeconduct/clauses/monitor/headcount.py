"""`headcount`, followed count by count."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.headcount import Headcount, differs
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.rides import Rides
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.tracking.events import Event

_Unit = tuple[str, Moment]
"""A vehicle and one count in it."""


class HeadcountMonitor:
    """One clause of the kind. Its units are the counts."""

    def __init__(self, clause: Headcount, course: Course, board: Board, rides: Rides) -> None:
        self._course = course
        self._rides = rides
        self._counts: dict[str, Timeline] = defaultdict(Timeline)
        self._units: Units[_Unit] = Units(board, clause.header.id, self._judge)
        rides.followers.append(self._rode)

    def roles(self) -> Sequence[Role]:
        """Counts of prisoners; rides are followed where they are kept."""
        return (Role(("counted",), None, self._insert, self._remove),)

    def forget(self, before_us: int) -> None:
        """Counts before are not looked at again."""
        for counts in self._counts.values():
            del counts[: counts.first_at(before_us)]

    def _insert(self, event: Event) -> None:
        if event.fields.get("what", "prisoners") == "prisoners":
            self._counts[event.fields["vehicle"]].put(event)
            self._units.doubt((event.fields["vehicle"], (event.at_us, event.id)))

    def _remove(self, event: Event) -> None:
        self._counts[event.fields["vehicle"]].discard(event)
        self._units.doubt((event.fields["vehicle"], (event.at_us, event.id)))

    def _rode(self, _: str, vehicle: str, first_us: int, last_us: int) -> None:
        for moment in self._counts[vehicle].moments(first_us, last_us) if vehicle in self._counts else ():
            self._units.doubt((vehicle, moment))

    def _judge(self, unit: _Unit) -> Iterable[Finding]:
        vehicle, moment = unit
        counted = self._counts[vehicle].get(moment)
        if counted is not None:
            numbers = sorted({len(self._rides.aboard(vehicle, at_us)) for at_us in (moment[0] - 1, moment[0])})
            if counted.fields["count"] not in numbers:
                yield differs(self._course, counted, numbers)
