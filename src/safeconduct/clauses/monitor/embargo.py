"""`embargo`, followed: for how long each person on the list lacks something, and the events held back."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from safeconduct.clauses.embargo import Embargo
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.clauses.patterns import types_of
from safeconduct.clauses.roster import FOREVER_US
from safeconduct.tracking.events import Event

_NEVER = (0, 0)


class EmbargoMonitor:
    """One clause of the kind. Its units are the events held back."""

    def __init__(self, clause: Embargo, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._board = board
        self._held = Timeline()
        self._ready: list[dict[str, Timeline]] = [defaultdict(Timeline) for _ in clause.until_all]
        """For each pattern of `until_all`: of each person the events that match it."""
        self._lacking: dict[str, tuple[int, int]] = {}
        """Of each person from when (inclusive) until when (exclusive) something is lacking."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._changed: set[str] = set()
        self._units: Units[Moment] = Units(board, clause.header.id, self._judge)
        course.list_followers.append(self._change)
        for person in course.roster.members:
            self._change(person)

    def roles(self) -> Sequence[Role]:
        """What is held back, and what it waits for."""
        roles = [Role(types_of(self._clause.hold), self._clause.hold, self._hold, self._hold_no_more)]
        for pattern, ready in zip(self._clause.until_all, self._ready, strict=True):
            insert, remove = partial(self._set_ready, ready, True), partial(self._set_ready, ready, False)
            roles.append(Role(types_of((pattern,)), (pattern,), insert, remove))
        return roles

    def _change(self, person: str) -> None:
        if not self._changed:
            self._board.unsettle(self._settle)
        self._changed.add(person)

    def _settle(self) -> None:
        """Count anew who lacks something, and doubt what is held back for them."""
        for person in self._changed:
            before, after = self._lacking.get(person, _NEVER), self._lacks(person)
            if before == after:
                continue
            _move(self._starts, self._ends, before, _take_out)
            _move(self._starts, self._ends, after, insort)
            self._lacking[person] = after
            for first_us, last_us in ((before[0], after[0]), (before[1], after[1])):
                if before == _NEVER or after == _NEVER:
                    first_us, last_us = min(before[0], after[0]), max(before[1], after[1])
                for held in self._held.between(min(first_us, last_us), max(first_us, last_us)):
                    self._units.doubt((held.at_us, held.id))
        self._changed.clear()

    def forget(self, before_us: int) -> None:
        """Of each person the first event of each pattern is enough."""
        del self._held[: self._held.first_at(before_us)]
        for ready in self._ready:
            for events in ready.values():
                del events[1 : max(1, events.first_at(before_us))]

    def _hold(self, event: Event) -> None:
        self._held.put(event)
        self._units.doubt((event.at_us, event.id))

    def _hold_no_more(self, event: Event) -> None:
        self._held.discard(event)
        self._units.doubt((event.at_us, event.id))

    def _set_ready(self, ready: dict[str, Timeline], counts: bool, event: Event) -> None:
        person = event.text("person")
        if person is not None:
            if counts:
                ready[person].put(event)
            else:
                ready[person].discard(event)
            self._change(person)

    def _lacks(self, person: str) -> tuple[int, int]:
        member = self._course.roster.members.get(person)
        if member is None or not self._clause.concerns(member):
            return _NEVER
        ready_us = max(
            (found[person][0][0] if person in found and len(found[person]) else FOREVER_US) for found in self._ready
        )
        until_us = min(member.until_us, self._course.roster.withdrawn_us.get(person, FOREVER_US), ready_us)
        return (member.since_us, until_us) if member.since_us < until_us else _NEVER

    def _judge(self, unit: Moment) -> Iterable[Finding]:
        event = self._held.get(unit)
        if event is not None:
            lacking = bisect_right(self._starts, event.at_us) - bisect_right(self._ends, event.at_us)
            if lacking:
                yield self._clause.early(self._course, event, lacking)


def _move(
    starts: list[int], ends: list[int], lacking: tuple[int, int], change: Callable[[list[int], int], None]
) -> None:
    if lacking != _NEVER:
        change(starts, lacking[0])
        change(ends, lacking[1])


def _take_out(moments: list[int], at_us: int) -> None:
    del moments[bisect_left(moments, at_us)]
