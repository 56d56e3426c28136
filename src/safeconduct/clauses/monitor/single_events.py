"""`absence` and `freeze`, followed: each event is judged by itself, as it comes."""

from collections.abc import Callable, Iterable, Sequence

from safeconduct.clauses.absence import Absence
from safeconduct.clauses.extent import positions_of
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.freeze import Freeze
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role
from safeconduct.clauses.monitor.shortfall import known
from safeconduct.clauses.patterns import Patterns, types_of
from safeconduct.tracking.events import Event


class SingleEventMonitor:
    """One clause whose breaches are single events."""

    def __init__(
        self,
        clause: str,
        board: Board,
        types: Iterable[str] | None,
        patterns: Patterns | None,
        judge: Callable[[Event], Iterable[Finding]],
    ) -> None:
        self._clause = clause
        self._board = board
        self._types = types
        self._patterns = patterns
        self._judge = judge

    def roles(self) -> Sequence[Role]:
        """The events that it judges."""
        return (Role(self._types, self._patterns, self._insert, self._remove),)

    def forget(self, _: int) -> None:
        """Only breaches are kept."""

    def _insert(self, event: Event) -> None:
        findings = [known(one) for one in self._judge(event)]
        if findings:
            self._board.replace(self._clause, (event.at_us, event.id), findings)

    def _remove(self, event: Event) -> None:
        self._board.replace(self._clause, (event.at_us, event.id), ())


def absence_monitor(clause: Absence, course: Course, board: Board) -> SingleEventMonitor:
    """One clause of the kind `absence`."""
    positions = positions_of(course.plan)
    return SingleEventMonitor(
        clause.header.id,
        board,
        types_of(clause.never),
        clause.never,
        lambda event: clause.judge_event(course, event, positions),
    )


def freeze_monitor(clause: Freeze, course: Course, board: Board) -> SingleEventMonitor:
    """One clause of the kind `freeze`."""
    types = ("added", "substituted", "withdrawn")
    return SingleEventMonitor(clause.header.id, board, types, None, lambda event: clause.judge_event(course, event))
