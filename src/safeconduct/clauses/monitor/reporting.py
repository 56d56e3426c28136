"""`reporting`, followed: of each vehicle the reports naming it; each is judged with the next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.movements import Movements
from safeconduct.clauses.monitor.timeline import Timeline
from safeconduct.clauses.reporting import Reporting
from safeconduct.tracking.events import Event


class ReportingMonitor:
    """One clause of the kind. Its units are the reports: how long was it silent after each?"""

    def __init__(self, clause: Reporting, course: Course, board: Board, movements: Movements) -> None:
        self._clause = clause
        self._course = course
        self._movements = movements
        self._naming: dict[str, Timeline] = defaultdict(Timeline)
        self._units: Units[tuple[str, int, str]] = Units(board, clause.header.id, self._judge)
        movements.followers.append(self._moved)

    def roles(self) -> Sequence[Role]:
        """Everything that names a vehicle."""
        return (Role(None, None, self._insert, self._remove),)

    def settle(self, _: int | None) -> None:
        """Judge the reports with another one next to them than before."""
        self._units.settle()

    def next_us(self) -> int | None:
        """Nothing waits here for time to pass."""
        return None

    def _insert(self, event: Event) -> None:
        vehicle = event.fields.get("vehicle")
        if type(vehicle) is str:
            naming = self._naming[vehicle]
            index = naming.put(event)
            self._units.doubt((vehicle, event.at_us, event.id))
            if index:
                self._units.doubt((vehicle, *naming[index - 1][:2]))

    def _remove(self, event: Event) -> None:
        vehicle = event.fields.get("vehicle")
        if type(vehicle) is str:
            naming = self._naming[vehicle]
            index = naming.discard(event)
            self._units.doubt((vehicle, event.at_us, event.id))
            if index:
                self._units.doubt((vehicle, *naming[index - 1][:2]))

    def _moved(self, vehicle: str, first_us: int, last_us: int) -> None:
        naming = self._naming[vehicle]
        for moment in naming.moments(first_us, last_us):
            self._units.doubt((vehicle, *moment))

    def _judge(self, unit: tuple[str, int, str]) -> Iterable[Finding]:
        vehicle, at_us, event_id = unit
        naming = self._naming[vehicle]
        last = naming.get((at_us, event_id))
        if last is None:
            return
        following = naming.following(last)
        if following is not None and following.at_us <= at_us + self._clause.every_us:
            return
        for departure in self._movements.departures_at(vehicle, at_us):
            if departure.ended_us is None or (following is not None and following.at_us <= departure.ended_us):
                yield self._clause.silent(self._course, departure, last, following)
