"""`reporting`, followed: of each vehicle the reports naming it; each is judged with the next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.movements import Movements
from safeconduct.clauses.monitor.timeline import Timeline
from safeconduct.clauses.reporting import Reporting
from safeconduct.tracking.events import Event

_Unit = tuple[str, int, str]
"""A vehicle, and moment and id of a report naming it."""


class ReportingMonitor:
    """One clause of the kind. Its units are the reports: how long was it silent after each?"""

    def __init__(self, clause: Reporting, course: Course, board: Board, movements: Movements) -> None:
        self._clause = clause
        self._course = course
        self._movements = movements
        self._naming: dict[str, Timeline] = defaultdict(Timeline)
        self._due: list[tuple[int, str]] = []
        """A heap of moments at which a vehicle's last report may be too old."""
        self._pending: dict[str, int] = {}
        """Of each vehicle the first of them that is ahead."""
        self._shown: set[_Unit] = set()
        """The reports after which it was silent for too long, or may turn out to have been."""
        self._units: Units[_Unit] = Units(board, clause.header.id, self._judge)
        movements.followers.append(self._moved)

    def roles(self) -> Sequence[Role]:
        """Everything that names a vehicle."""
        return (Role(None, None, self._insert, self._remove),)

    def pass_time(self, end_us: int) -> None:
        """Judge the vehicles not heard of for too long."""
        while self._due and self._due[0][0] < end_us:
            due_us, vehicle = heappop(self._due)
            if self._pending.get(vehicle) == due_us:
                del self._pending[vehicle]
            naming = self._naming[vehicle]
            if naming and naming[-1][0] + self._clause.every_us < end_us:
                self._units.doubt((vehicle, *naming[-1][:2]))
            else:
                self._await(vehicle, naming)

    def next_us(self) -> int | None:
        """The first moment at which a vehicle may have been silent for too long."""
        return self._due[0][0] + 1 if self._due else None

    def forget(self, before_us: int) -> None:
        """Of each vehicle the last report before is kept."""
        for naming in self._naming.values():
            del naming[: max(0, naming.first_at(before_us) - 1)]
        self._shown = {unit for unit in self._shown if unit[1] >= before_us - self._clause.every_us}

    def _insert(self, event: Event) -> None:
        vehicle = event.fields.get("vehicle")
        if type(vehicle) is str:
            naming = self._naming[vehicle]
            index = naming.put(event)
            if index:
                self._look(vehicle, naming, index - 1)
            if index + 1 < len(naming):
                self._look(vehicle, naming, index)
            else:
                self._await(vehicle, naming)

    def _remove(self, event: Event) -> None:
        vehicle = event.fields.get("vehicle")
        if type(vehicle) is str:
            naming = self._naming[vehicle]
            index = naming.discard(event)
            self._units.doubt((vehicle, event.at_us, event.id))
            if index:
                self._units.doubt((vehicle, *naming[index - 1][:2]))
            self._await(vehicle, naming)

    def _look(self, vehicle: str, naming: Timeline, index: int) -> None:
        """Judge a report with the next one, if that is too late, or was lacking until now."""
        at_us, event_id, _ = naming[index]
        unit = (vehicle, at_us, event_id)
        if unit in self._shown or naming[index + 1][0] > at_us + self._clause.every_us:
            self._units.doubt(unit)

    def _await(self, vehicle: str, naming: Timeline) -> None:
        """Look at the vehicle again when its last report will be too old, or sooner."""
        if naming:
            due_us = naming[-1][0] + self._clause.every_us
            if due_us < self._pending.get(vehicle, due_us + 1):
                self._pending[vehicle] = due_us
                heappush(self._due, (due_us, vehicle))

    def _moved(self, vehicle: str, first_us: int, last_us: int) -> None:
        naming = self._naming[vehicle]
        for moment in naming.moments(first_us, last_us):
            self._units.doubt((vehicle, *moment))

    def _judge(self, unit: _Unit) -> Iterable[Finding]:
        vehicle, at_us, event_id = unit
        self._shown.discard(unit)
        naming = self._naming[vehicle]
        last = naming.get((at_us, event_id))
        if last is None:
            return
        following = naming.following(last)
        if following is not None and following.at_us <= at_us + self._clause.every_us:
            return
        for departure in self._movements.departures_at(vehicle, at_us):
            if departure.ended_us is None or (following is not None and following.at_us <= departure.ended_us):
                self._shown.add(unit)
                yield self._clause.silent(self._course, departure, last, following)
