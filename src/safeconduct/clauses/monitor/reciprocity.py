"""`reciprocity`, followed: of the steps that are equal in `same` the first, and the first that each pattern matches."""

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


class _Alike:
    """The steps equal in `same`: all of them, and for each pattern of `each` those that match it."""

    __slots__ = ("each", "steps")

    def __init__(self, patterns: int) -> None:
        self.steps = Timeline()
        self.each = [Timeline() for _ in range(patterns)]

    def begun(self) -> Moment | None:
        """The first step of all; None if there is none."""
        return self.steps[0][:2] if self.steps else None

    def firsts(self) -> list[Event | None]:
        """Of each pattern the first step that matches it."""
        return [own[0][2] if own else None for own in self.each]


class ReciprocityMonitor:
    """One clause of the kind. Its units are the steps with which something begins."""

    def __init__(self, clause: Reciprocity, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._key = key_of(clause.same)
        self._alike: dict[Hashable, _Alike] = {}
        self._begun: dict[Moment, _Alike] = {}
        """What began with a step, for those that were doubted."""
        self._units: Units[Moment] = Units(board, clause.header.id, self._judge)

    def roles(self) -> Sequence[Role]:
        """The steps, whoever takes them."""
        return (Role(types_of(self._clause.each), self._clause.each, self._insert, self._remove),)

    def forget(self, before_us: int) -> None:
        """Of all steps, and of those that match each pattern, the first is enough."""
        for alike in self._alike.values():
            for steps in (alike.steps, *alike.each):
                del steps[1 : max(1, steps.first_at(before_us))]

    def _insert(self, event: Event) -> None:
        alike = self._of(event)
        begun = alike.begun()
        places = [alike.steps.put(event)]
        for pattern, own in zip(self._clause.each, alike.each, strict=True):
            if pattern.matches(event.fields):
                places.append(own.put(event))
        if 0 in places:
            self._doubt(alike, begun)

    def _remove(self, event: Event) -> None:
        alike = self._of(event)
        begun = alike.begun()
        places = [steps.discard(event) for steps in (alike.steps, *alike.each)]
        if 0 in places:
            self._doubt(alike, begun)

    def _of(self, event: Event) -> _Alike:
        key = self._key(event)
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = _Alike(len(self._clause.each))
        return alike

    def _doubt(self, alike: _Alike, before: Moment | None) -> None:
        """Of several steps equal in `same` it is the first that counts: that of before, and that of now."""
        for unit in {before, alike.begun()}:
            if unit is not None:
                self._begun[unit] = alike
                self._units.doubt(unit)

    def _judge(self, unit: Moment) -> Iterable[Finding]:
        alike = self._begun.get(unit)
        if alike is None or alike.begun() != unit:
            self._begun.pop(unit, None)
            return ()
        return self._clause.judge_steps(self._course, alike.steps[0][2], alike.firsts())
