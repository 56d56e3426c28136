"""`deadline`, followed: for each that owes something what has happened."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Timeline
from safeconduct.clauses.patterns import types_of
from safeconduct.tracking.events import Event


class DeadlineMonitor:
    """One clause of the kind. Its units are those that owe: the exchange, parties, persons or vehicles."""

    def __init__(self, clause: Deadline, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._happened: dict[str, Timeline] = defaultdict(Timeline)
        self._units: Units[str] = Units(board, clause.header.id, self._judge)
        self._owing = frozenset(clause.owing(course))
        """Persons who come onto the list later aside."""
        for subject in self._owing:
            self._units.doubt(subject)
        if clause.per == "person":
            course.list_followers.append(self._units.doubt)

    def roles(self) -> Sequence[Role]:
        """What should happen."""
        return (Role(types_of(self._clause.expect), self._clause.expect, self._insert, self._remove),)

    def forget(self, before_us: int) -> None:
        """For each the first that happened is enough."""
        for happened in self._happened.values():
            del happened[1 : max(1, happened.first_at(before_us))]

    def _insert(self, event: Event) -> None:
        for subject in self._clause.whose(self._course.plan, event):
            if self._happened[subject].put(event) == 0:
                self._units.doubt(subject)

    def _remove(self, event: Event) -> None:
        for subject in self._clause.whose(self._course.plan, event):
            if self._happened[subject].discard(event) == 0:
                self._units.doubt(subject)

    def _judge(self, subject: str) -> Iterable[Finding]:
        if self._clause.per != "person" and subject not in self._owing:
            return ()
        happened = self._happened.get(subject)
        return self._clause.judge_one(self._course, subject, [happened[0][2]] if happened else ())
