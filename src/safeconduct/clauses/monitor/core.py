"""The monitor of a whole agreement: lines in, in any order; what changed out, at any end of observation."""

from collections.abc import Iterable, Iterator

from safeconduct.clauses.clause import Patterned, RunClause
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.integrity import integrity_findings
from safeconduct.clauses.judging import NOMINAL_TYPES
from safeconduct.clauses.library import Terms
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import CHANGES, ENTERED, Course, told_by_list
from safeconduct.clauses.monitor.kind import Role, TakeEvent, TimedMonitor
from safeconduct.clauses.monitor.kinds import Field, monitor_of
from safeconduct.clauses.monitor.matching import Matches, any_matches
from safeconduct.clauses.monitor.shortfall import known
from safeconduct.clauses.patterns import FROM_LIST, Patterns
from safeconduct.clauses.roster import Member
from safeconduct.clauses.telling import TOLD_INTEGRITY, ToldClause
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event
from safeconduct.tracking.sieve import Sieve
from safeconduct.tracking.sifting import Flaw
from safeconduct.vocabulary.pattern import EventPattern

_Part = tuple[Matches | None, TakeEvent]
"""Which events of a type (None: all of them), and what takes them."""


class Monitor:
    """One exchange, followed. Give it lines and move the end of observation; then settle."""

    def __init__(self, terms: Terms, plan: Plan, planned: bool = False) -> None:
        """`planned`: what is followed is the nominal trace of the plan, not a day."""
        self.sieve = Sieve(self)
        self.course = Course(terms.agreement, plan, self.sieve.counting)
        self._board = Board(plan, self.course, self.sieve.devices, planned)
        self._board.follow(TOLD_INTEGRITY)
        running = [one for one in terms.running if not planned or one.judges_plan(NOMINAL_TYPES)]
        field = Field(self.course, self._board)
        for clause in running:
            self._board.follow(ToldClause.of(clause.header, clause.sentence()))
        self._kinds = kinds = [monitor_of(clause, field) for clause in running]
        self._timed = [kind for kind in kinds if isinstance(kind, TimedMonitor)]
        self._en_route, self._rides = field.en_route, field.rides
        roles = [*field.roles(), *(role for kind in kinds for role in kind.roles())]
        types = {kind for role in roles if role.types is not None for kind in role.types} | CHANGES
        self._inserting = {kind: _parts(roles, kind, inserting=True) for kind in types}
        self._removing = {kind: _parts(roles, kind, inserting=False) for kind in types}
        self._told = {kind for kind in types if _look_at_list(running, kind)}
        """The types of which some clause looks at what the list says of the person."""
        self._told_others = _look_at_list(running, None)
        self._types = frozenset(types)
        self._of_persons = self._told | ENTERED
        """The types of which the person must be looked up."""
        self._inserting_others = _parts(roles, None, inserting=True)
        self._removing_others = _parts(roles, None, inserting=False)

    def resume(self, told: "Monitor") -> None:
        """Go on telling where another monitor stopped."""
        self._board.resume(told._board)

    def insert(self, event: Event) -> None:
        """An event counts from now on (called by the sieve)."""
        kind = event.type
        parts = self._inserting.get(kind, self._inserting_others)
        if kind in self._of_persons or parts is self._inserting_others:
            event = self._entered(event)
        # As `_take`, which is called for few events only.
        for matches, take in parts:
            if matches is None or matches(event.fields):
                take(event)

    def remove(self, event: Event) -> None:
        """An event counts no more (called by the sieve)."""
        person = event.fields.get("person")
        if type(person) is str:
            self.course.leave(event)
            event = self._as_listed(event, self.course.roster.members.get(person))
        self._take_back(event)

    def flawed(self, rule: str, subject: str, flaws: tuple[Flaw, ...]) -> None:
        """A flaw of what was received, or that there is none any more (called by the sieve)."""
        self._board.replace(TOLD_INTEGRITY.id, (rule, subject), [known(one) for one in integrity_findings(flaws)])

    def read_list(self) -> None:
        """Take in what the list says now, if it changed: it may be that one must begin anew."""
        for event, before, after in self.course.read_list():
            self._take_back(self._as_listed(event, before))
            self._take(self._as_listed(event, after))

    def settle(self) -> list[Deviation]:
        """What changed since the last time, in the order of at, clause, rule, subject."""
        self.read_list()
        self.course.tell_followers()
        self._en_route.settle()
        self._board.settle_all()
        end_us = self.sieve.end_us
        if end_us is not None:
            for kind in self._timed:
                kind.pass_time(end_us)
        self._board.settle_all()
        return self._board.settle(end_us)

    @property
    def must_begin_anew(self) -> bool:
        """What was told so far is not what stands: start again with a new one, given all lines."""
        return self.sieve.must_begin_anew or self.course.must_begin_anew

    def forget(self, before_us: int) -> None:
        """Keep of the events before a moment only what later ones are judged by."""
        self._board.forget(before_us)
        for kind in self._kinds:
            kind.forget(before_us)
        self._en_route.forget(before_us)
        self._rides.forget(before_us)
        self.course.forget(before_us)
        self.sieve.forget(before_us)

    def standing(self) -> list[Deviation]:
        """All that stands, as of the last time."""
        return self._board.standing()

    def next_us(self) -> int | None:
        """The first later moment at which something may change though nothing more arrives; None: never."""
        times = [self._board.next_us(), self.sieve.next_us(), *(kind.next_us() for kind in self._timed)]
        return min((at_us for at_us in times if at_us is not None), default=None)

    def _entered(self, event: Event) -> Event:
        """An event that may change the list or be told by it."""
        person = event.fields.get("person")
        if type(person) is not str:
            return event
        if event.type in ENTERED:
            self.course.enter(event)
        return self._as_listed(event, self.course.roster.members.get(person))

    def _as_listed(self, event: Event, member: Member | None) -> Event:
        """The event with what the list says of its person, if any clause looks at that."""
        if member is None:
            return event
        looked_at = event.type in self._told if event.type in self._types else self._told_others
        return told_by_list(event, member) if looked_at else event

    def _take(self, event: Event) -> None:
        for matches, take in self._inserting.get(event.type, self._inserting_others):
            if matches is None or matches(event.fields):
                take(event)

    def _take_back(self, event: Event) -> None:
        for matches, take in self._removing.get(event.type, self._removing_others):
            if matches is None or matches(event.fields):
                take(event)


def _parts(roles: Iterable[Role], kind: str | None, inserting: bool) -> tuple[_Part, ...]:
    """Who takes the events of one type (None: of a type that no pattern names)."""
    parts: list[_Part] = []
    for role in roles:
        if role.types is not None and kind not in role.types:
            continue
        take = role.insert if inserting else role.remove
        if role.patterns is None:
            parts.append((None, take))
        else:
            patterns = tuple(_rest(role.patterns, kind))
            matches = None if any(not one.conditions for one in patterns) else any_matches(patterns)
            parts.append((matches, take))
    return tuple(parts)


def _look_at_list(clauses: Iterable[RunClause], kind: str | None) -> bool:
    """Whether a clause looks at a field that the list fills, in an event of this type (None: that no pattern names)."""
    for clause in clauses:
        if isinstance(clause, Patterned):
            looked_at = set(clause.compared)
            for pattern in clause.patterns():
                if kind is None or pattern.may_match_type((kind,)):
                    looked_at.update(one.key for one in pattern.conditions)
            if looked_at & FROM_LIST:
                return True
    return False


def _rest(patterns: Patterns, kind: str | None) -> Iterator[EventPattern]:
    """What is left to ask of an event of this type."""
    for pattern in patterns:
        if kind is None:
            yield pattern
        elif pattern.may_match_type((kind,)):
            yield EventPattern(tuple(one for one in pattern.conditions if one.key != "type"))
