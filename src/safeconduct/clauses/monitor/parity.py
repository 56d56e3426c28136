"""`parity`, followed: the handovers of both sides instant by instant, with how many there were by then."""

from bisect import bisect_left
from collections.abc import Sequence

from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role
from safeconduct.clauses.monitor.shortfall import known
from safeconduct.clauses.parity import Parity
from safeconduct.tracking.events import Event


class _Instant:
    __slots__ = ("by_event", "released")

    def __init__(self) -> None:
        self.by_event: dict[str, str] = {}
        """Of each handover, by the id of its report, the party that released."""
        self.released: dict[str, int] = {}
        """Of each side how many there were by then."""


class ParityMonitor:
    """One clause of the kind. Its units are the instants at which somebody was handed over."""

    def __init__(self, clause: Parity, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._board = board
        self._moments: list[int] = []
        self._instants: dict[int, _Instant] = {}
        self._handed: dict[str, tuple[Event, str]] = {}
        self._first_changed_us: int | None = None
        course.handover_followers.append(self._look)
        course.list_followers.append(self._look)

    def roles(self) -> Sequence[Role]:
        """Handovers are followed where they are kept."""
        return ()

    def forget(self, before_us: int) -> None:
        """How many there were at the last instant before is enough."""
        last = bisect_left(self._moments, before_us) - 1
        for at_us in self._moments[: max(0, last)]:
            del self._instants[at_us]
        del self._moments[: max(0, last)]

    def _settle(self) -> None:
        """Count again from the first instant that changed."""
        if self._first_changed_us is None:
            raise AssertionError("settled though nothing changed")
        index = bisect_left(self._moments, self._first_changed_us)
        self._first_changed_us = None
        released = dict.fromkeys(self._clause.between, 0)
        if index:
            released.update(self._instants[self._moments[index - 1]].released)
        exceeded = self._clause.exceeds(released)
        emptied = []
        for at_us in self._moments[index:]:
            instant = self._instants[at_us]
            for party in instant.by_event.values():
                released[party] += 1
            instant.released = dict(released)
            shortfalls = []
            if self._clause.exceeds(released) and not exceeded:
                evidence = tuple(sorted(instant.by_event))
                shortfalls = [known(self._clause.lead(self._course, at_us, released, evidence))]
            exceeded = self._clause.exceeds(released)
            self._board.replace(self._clause.header.id, at_us, shortfalls)
            if not instant.by_event:
                emptied.append(at_us)
        for at_us in emptied:
            del self._instants[at_us]
            del self._moments[bisect_left(self._moments, at_us)]

    def _look(self, person: str) -> None:
        event_now, member = self._course.handed_over.get(person), self._course.roster.members.get(person)
        now = None
        if event_now is not None and member is not None and member.held_by in self._clause.between:
            now = event_now, member.held_by
        before = self._handed.get(person)
        if now == before:
            return
        if before is not None:
            event, _ = before
            del self._handed[person]
            del self._instants[event.at_us].by_event[event.id]
            self._change(event.at_us)
        if now is not None:
            event, released_by = self._handed[person] = now
            if event.at_us not in self._instants:
                self._instants[event.at_us] = _Instant()
                self._moments.insert(bisect_left(self._moments, event.at_us), event.at_us)
            self._instants[event.at_us].by_event[event.id] = released_by
            self._change(event.at_us)

    def _change(self, at_us: int) -> None:
        if self._first_changed_us is None:
            self._board.unsettle(self._settle)
        if self._first_changed_us is None or at_us < self._first_changed_us:
            self._first_changed_us = at_us
