"""`precedence`, followed: for each value of `same` what must be preceded, what precedes, what voids that."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from functools import partial

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role
from safeconduct.clauses.monitor.same import key_of
from safeconduct.clauses.monitor.shortfall import Shortfall
from safeconduct.clauses.monitor.timeline import Timeline
from safeconduct.clauses.patterns import same_subject, types_of
from safeconduct.clauses.precedence import Precedence
from safeconduct.tracking.events import Event


class _Alike:
    __slots__ = ("asking", "expected", "lacking", "voiding")

    def __init__(self) -> None:
        self.asking = Timeline()
        self.expected = Timeline()
        self.voiding = Timeline()
        self.lacking = Timeline()


class PrecedenceMonitor:
    """One clause of the kind."""

    def __init__(self, clause: Precedence, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._board = board
        self._id = clause.header.id
        self._within_us = clause.within_us
        self._key = key_of(clause.same)
        self._alike: dict[Hashable, _Alike] = {}

    def roles(self) -> Sequence[Role]:
        """What precedes before what must be preceded: one event may be both."""
        expect, before, voids = self._clause.expect, self._clause.before, self._clause.voided_by
        roles = [
            Role(types_of(expect), expect, self._add_expected, self._remove_expected),
            Role(types_of(before), before, self._add_asking, self._remove_asking),
        ]
        if voids:
            roles.insert(0, Role(types_of(voids), voids, self._add_voiding, self._remove_voiding))
        return roles

    def forget(self, before_us: int) -> None:
        """Of what precedes the latest is kept, though it be too old, as the nearest miss; and what voids it."""
        for key, alike in list(self._alike.items()):
            del alike.asking[: alike.asking.first_at(before_us)]
            del alike.lacking[: alike.lacking.first_at(before_us)]
            latest = alike.expected.first_at(before_us) - 1
            since_us = alike.expected[latest][0] if latest >= 0 else before_us
            del alike.expected[: alike.expected.first_at(since_us)]
            del alike.voiding[: alike.voiding.first_at(since_us)]
            if not alike.asking and not alike.expected and not alike.voiding:
                del self._alike[key]

    def _add_asking(self, event: Event) -> None:
        alike = self._of(event)
        alike.asking.put(event)
        if not self._is_kept(event, alike):
            self._lack(event, alike)

    def _remove_asking(self, event: Event) -> None:
        alike = self._of(event)
        alike.asking.discard(event)
        self._lack_no_more(event, alike)

    def _add_expected(self, event: Event) -> None:
        alike = self._of(event)
        alike.expected.put(event)
        if alike.lacking:
            for asking in alike.lacking.between(event.at_us, self._reach_us(event, alike)):
                self._judge(asking, alike)

    def _remove_expected(self, event: Event) -> None:
        alike = self._of(event)
        alike.expected.discard(event)
        self._judge_after(event, alike)

    def _add_voiding(self, event: Event) -> None:
        alike = self._of(event)
        alike.voiding.put(event)
        self._judge_after(event, alike)

    def _remove_voiding(self, event: Event) -> None:
        alike = self._of(event)
        alike.voiding.discard(event)
        self._judge_after(event, alike)

    def _judge_after(self, event: Event, alike: _Alike) -> None:
        for asking in alike.asking.between(event.at_us, self._reach_us(event, alike)):
            self._judge(asking, alike)

    def _reach_us(self, event: Event, alike: _Alike) -> int:
        """Until when, at most, what must be preceded may look back at this event, or past it."""
        # What comes after two later events that precede (one of them may be itself) looks back at these.
        expected = alike.expected
        following = expected.first_after(event.at_us)
        after = expected.first_after(expected[following][0]) if following < len(expected) else following
        reach_us = expected[after][0] if after < len(expected) else 2**62
        return reach_us if self._within_us is None else min(reach_us, event.at_us + self._within_us)

    def _of(self, event: Event) -> _Alike:
        key = self._key(event)
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = _Alike()
        return alike

    def _judge(self, event: Event, alike: _Alike) -> None:
        if self._is_kept(event, alike):
            self._lack_no_more(event, alike)
        else:
            self._lack(event, alike)

    def _is_kept(self, event: Event, alike: _Alike) -> bool:
        if alike.voiding:
            return self._look(event, alike) is None
        expected = alike.expected
        index = bisect_left(expected, (event.at_us + 1,)) - 1
        if index >= 0 and expected[index][1] == event.id:
            index -= 1
        return index >= 0 and (self._within_us is None or event.at_us - self._within_us <= expected[index][0])

    def _look(self, event: Event, alike: _Alike) -> Finding | None:
        """As the clause says; it needs only the latest that precedes, and what came since."""
        expected = alike.expected
        index = expected.first_after(event.at_us) - 1
        if index >= 0 and expected[index][1] == event.id:
            index -= 1
        since_us = expected[index][0] if index >= 0 else event.at_us
        preceding = expected.between(since_us, event.at_us)
        return self._clause.look(self._course, event, preceding, alike.voiding.between(since_us, event.at_us))

    def _lack(self, event: Event, alike: _Alike) -> None:
        if alike.lacking and alike.lacking.holds(event):
            return
        alike.lacking.put(event)
        subject = same_subject(event, self._clause.same)
        shortfall = Shortfall(event.at_us, "missing", subject, partial(self._finding, event, alike))
        self._board.put(self._id, (event.at_us, event.id), shortfall)

    def _lack_no_more(self, event: Event, alike: _Alike) -> None:
        if not alike.lacking.holds(event):
            return
        alike.lacking.discard(event)
        subject = same_subject(event, self._clause.same)
        self._board.drop(self._id, (event.at_us, event.id), event.at_us, "missing", subject)

    def _finding(self, event: Event, alike: _Alike) -> Finding:
        finding = self._look(event, alike)
        if finding is None:
            raise AssertionError("on the board, but preceded")
        return finding
