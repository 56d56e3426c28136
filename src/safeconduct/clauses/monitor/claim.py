"""`claim`, followed: of each matter the claims, in order."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from safeconduct.clauses.claim import Claim
from safeconduct.clauses.extent import positions_of
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role, Units
from safeconduct.clauses.monitor.same import key_of
from safeconduct.clauses.monitor.timeline import Moment, Timeline
from safeconduct.clauses.patterns import types_of
from safeconduct.tracking.events import Event


class ClaimMonitor:
    """One clause of the kind. Its units are the claims."""

    def __init__(self, clause: Claim, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._positions = positions_of(course.plan)
        self._key = key_of(clause.same)
        self._claims: dict[Moment, Event] = {}
        self._alike: dict[Hashable, Timeline] = defaultdict(Timeline)
        self._units: Units[Moment] = Units(board, clause.header.id, self._judge)

    def roles(self) -> Sequence[Role]:
        """What may be a claim."""
        return (Role(types_of(self._clause.of), self._clause.of, self._insert, self._remove),)

    def forget(self, before_us: int) -> None:
        """Claims that later ones may still be told with are kept."""
        for key, claims in list(self._alike.items()):
            del claims[: claims.first_at(before_us - self._clause.within_us)]
            if not claims:
                del self._alike[key]
        self._claims = {moment: event for moment, event in self._claims.items() if moment[0] >= before_us}

    def _insert(self, event: Event) -> None:
        if self._clause.inside.holds(event, self._positions):
            self._claims[event.at_us, event.id] = event
            claims = self._alike[self._key(event)]
            claims.put(event)
            self._doubt_after(claims, event)

    def _remove(self, event: Event) -> None:
        if self._clause.inside.holds(event, self._positions):
            self._claims.pop((event.at_us, event.id), None)
            self._units.doubt((event.at_us, event.id))
            claims = self._alike[self._key(event)]
            claims.discard(event)
            self._doubt_after(claims, event)

    def _doubt_after(self, claims: Timeline, event: Event) -> None:
        """It counts for those that follow within the time."""
        for moment in claims.moments(event.at_us, event.at_us + self._clause.within_us):
            self._units.doubt(moment)

    def _judge(self, unit: Moment) -> Iterable[Finding]:
        event = self._claims.get(unit)
        if event is None:
            return ()
        claims = self._alike[self._key(event)].between(event.at_us - self._clause.within_us, event.at_us)
        return self._clause.judge_claim(self._course, event, claims, self._positions)
