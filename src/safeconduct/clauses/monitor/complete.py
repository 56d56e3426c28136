"""`complete`, followed person by person."""

from collections.abc import Iterable, Sequence

from safeconduct.clauses.complete import Complete
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units


class CompleteMonitor:
    """One clause of the kind. Its units are the persons."""

    def __init__(self, clause: Complete, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._units: Units[str] = Units(board, clause.header.id, self._judge)
        for person in course.roster.members:
            self._units.doubt(person)
        course.list_followers.append(self._units.doubt)
        course.handover_followers.append(self._units.doubt)

    def forget(self, _: int) -> None:
        """Nothing is kept but what the plan and the list ask for."""

    def roles(self) -> Sequence[Role]:
        """List and handovers are followed where they are kept."""
        return ()

    def _judge(self, person: str) -> Iterable[Finding]:
        member = self._course.roster.members.get(person)
        return self._clause.judge_member(self._course, member) if member else ()
