"""`response`, followed: for each value of `same` what asks for an answer, the answers, and what still lacks one."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from functools import partial
from heapq import heappop, heappush

from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role
from safeconduct.clauses.monitor.same import key_of
from safeconduct.clauses.monitor.shortfall import Shortfall
from safeconduct.clauses.monitor.timeline import Timeline
from safeconduct.clauses.patterns import same_subject, types_of
from safeconduct.clauses.response import Response
from safeconduct.tracking.events import Event


class _Alike:
    __slots__ = ("answers", "asking", "lacking")

    def __init__(self) -> None:
        self.asking = Timeline()
        self.answers = Timeline()
        self.lacking = Timeline()
        """Those asking that got no answer in time, as told to the board."""


class ResponseMonitor:
    """One clause of the kind. What is still in time is not told to the board: almost all of it is answered."""

    def __init__(self, clause: Response, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._board = board
        self._id = clause.header.id
        self._within_us = clause.within_us
        self._key = key_of(clause.same)
        self._alike: dict[Hashable, _Alike] = {}
        self._asked: list[tuple[int, int, str, _Alike]] = []
        """A heap of what awaits an answer (or got it), by moment."""
        self._serial = 0

    def roles(self) -> Sequence[Role]:
        """Answers before what asks for them: one event may be both."""
        answers = self._clause.expect + self._clause.discharged_by
        return (
            Role(types_of(answers), answers, self._add_answer, self._remove_answer),
            Role(types_of(self._clause.after), self._clause.after, self._add_asking, self._remove_asking),
        )

    def pass_time(self, end_us: int) -> None:
        """Tell the board of the deadlines that have passed without an answer."""
        asked = self._asked
        before_us = end_us - self._within_us
        while asked and asked[0][0] < before_us:
            at_us, _, event_id, alike = heappop(asked)
            event = alike.asking.get((at_us, event_id))
            if event is not None and not self._is_answered(event, alike) and not alike.lacking.holds(event):
                self._lack(event, alike)

    def next_us(self) -> int | None:
        """The first moment after a deadline, if any is ahead."""
        return self._asked[0][0] + self._within_us + 1 if self._asked else None

    def forget(self, before_us: int) -> None:
        """What asked in vain stands on the board; what did not is over once its time is."""
        for key, alike in list(self._alike.items()):
            del alike.asking[: alike.asking.first_at(before_us - self._within_us)]
            del alike.answers[: alike.answers.first_at(before_us - self._within_us)]
            del alike.lacking[: alike.lacking.first_at(before_us - self._within_us)]
            if not alike.asking and not alike.answers and not alike.lacking:
                del self._alike[key]

    def _add_asking(self, event: Event) -> None:
        alike = self._of(event)
        alike.asking.put(event)
        if not alike.answers or not self._is_answered(event, alike):
            self._ask(event, alike)

    def _remove_asking(self, event: Event) -> None:
        alike = self._of(event)
        alike.asking.discard(event)
        self._lack_no_more(event, alike)

    def _add_answer(self, event: Event) -> None:
        alike = self._of(event)
        alike.answers.put(event)
        if alike.lacking:
            for asking in alike.lacking.between(event.at_us - self._within_us, event.at_us):
                if asking.id != event.id:
                    self._lack_no_more(asking, alike)

    def _remove_answer(self, event: Event) -> None:
        alike = self._of(event)
        alike.answers.discard(event)
        for asking in alike.asking.between(event.at_us - self._within_us, event.at_us):
            if not self._is_answered(asking, alike):
                self._ask(asking, alike)

    def _ask(self, event: Event, alike: _Alike) -> None:
        self._serial += 1
        heappush(self._asked, (event.at_us, self._serial, event.id, alike))

    def _of(self, event: Event) -> _Alike:
        key = self._key(event)
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = _Alike()
        return alike

    def _is_answered(self, event: Event, alike: _Alike) -> bool:
        answers, at_us = alike.answers, event.at_us
        if not answers or answers[-1][0] < at_us:
            return False
        first = bisect_left(answers, (at_us,))
        last = bisect_left(answers, (at_us + self._within_us + 1,))
        return last - first > 1 or (last - first == 1 and answers[first][1] != event.id)

    def _lack(self, event: Event, alike: _Alike) -> None:
        alike.lacking.put(event)
        subject = same_subject(event, self._clause.same)
        finding = partial(self._finding, event, alike)
        shortfall = Shortfall(event.at_us + self._within_us, "missing", subject, finding, deadline=True)
        self._board.put(self._id, (event.at_us, event.id), shortfall)

    def _lack_no_more(self, event: Event, alike: _Alike) -> None:
        if alike.lacking.holds(event):
            alike.lacking.discard(event)
            subject = same_subject(event, self._clause.same)
            at_us = event.at_us + self._within_us
            self._board.drop(self._id, (event.at_us, event.id), at_us, "missing", subject)

    def _finding(self, event: Event, alike: _Alike) -> Finding:
        late = alike.answers.first_after(event.at_us + self._within_us)
        answer = alike.answers[late][2] if late < len(alike.answers) else None
        return self._clause.missing(self._course, event, answer)
