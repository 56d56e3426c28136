"""`reciprocity`, followed: the steps that are equal in `same`, judged by the first of them."""

from collections.abc import Hashable, Iterable, Sequence

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.same import key_of
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.clauses.patterns import types_of
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.tracking.events import Event


class ReciprocityMonitor:
    """One clause of the kind. Its units are the steps with which something begins."""

    def __init__(self, clause: Reciprocity, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._key = key_of(clause.same)
        self._steps: dict[Hashable, Timeline] = {}
        self._of_step: dict[Moment, Timeline] = {}
        """Of each step those that are equal to it in `same`."""
        self._units: Units[Moment] = Units(board, clause.header.id, self._judge)

    def roles(self) -> Sequence[Role]:
        """The steps, whoever takes them."""
        return (Role(types_of(self._clause.each), self._clause.each, self._insert, self._remove),)

    def _insert(self, event: Event) -> None:
        steps = self._steps.setdefault(self._key(event), Timeline())
        self._doubt_first(steps)
        steps.put(event)
        self._of_step[event.at_us, event.id] = steps
        self._doubt_first(steps)

    def _remove(self, event: Event) -> None:
        steps = self._of_step.pop((event.at_us, event.id))
        self._doubt_first(steps)
        steps.discard(event)
        self._doubt_first(steps)

    def _doubt_first(self, steps: Timeline) -> None:
        if steps:
            self._units.doubt(steps[0][:2])

    def _judge(self, unit: Moment) -> Iterable[Finding]:
        steps = self._of_step.get(unit)
        if not steps or steps[0][:2] != unit:
            return ()
        return self._clause.judge_steps(self._course, steps.events())
