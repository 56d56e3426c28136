"""`custody`, followed: each person's chain, remembered after every instant, so that a late report is taken in where it
belongs and the chain followed from there only until it is as it was before."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from heapq import heappop, heappush

from safeconduct.clauses.custody import Chain, Custody
from safeconduct.clauses.monitor.board import Board
from safeconduct.clauses.monitor.course import Course
from safeconduct.clauses.monitor.kind import Role
from safeconduct.clauses.monitor.shortfall import Shortfall, known
from safeconduct.tracking.events import Event

_OPEN = 2**62
"""Stands for the end of the day as the unit of what is still open there."""


class _Instant:
    """What happened at one moment, in the order of ids, and where it left the chain."""

    __slots__ = ("after", "at_us", "events", "shown")

    def __init__(self, at_us: int) -> None:
        self.at_us = at_us
        self.events: list[Event] = []
        self.after: Chain | None = None
        self.shown = False
        """The board has a breach of this moment."""


class _Person:
    __slots__ = ("changed_us", "instants", "moments", "overdue", "planned")

    def __init__(self, planned: tuple[str, ...]) -> None:
        self.planned = planned
        self.moments: list[int] = []
        self.instants: list[_Instant] = []
        self.changed_us: set[int] = set()
        """The moments at which something came or went since the chain was last followed."""
        self.overdue = False
        """The board has an offer that is still open though its answer was due."""


class CustodyMonitor:
    """One clause of the kind."""

    def __init__(self, clause: Custody, course: Course, board: Board) -> None:
        self._clause = clause
        self._course = course
        self._board = board
        self._id = clause.header.id
        self._persons: dict[str, _Person] = {}
        self._changed: set[str] = set()
        self._due: list[tuple[int, str]] = []
        """A heap of the moments at which the answer to an offer is due (or was given), each with the person."""
        course.list_followers.append(self._listed_anew)

    def roles(self) -> Sequence[Role]:
        """Offers and answers."""
        return (Role(("offered", "accepted", "refused"), None, self._insert, self._remove),)

    def pass_time(self, end_us: int) -> None:
        """Look at the offers whose answer is due by now."""
        while self._due and self._due[0][0] < end_us:
            name = heappop(self._due)[1]
            self._show_overdue(name, self._persons[name], end_us)

    def next_us(self) -> int | None:
        """The first moment after an answer is due."""
        return self._due[0][0] + 1 if self._due else None

    def forget(self, before_us: int) -> None:
        """Of each person where the last moment before left the chain."""
        for person in self._persons.values():
            last = bisect_left(person.moments, before_us) - 1
            if last > 0:
                del person.moments[:last], person.instants[:last]

    def _insert(self, event: Event) -> None:
        person = self._person(event.fields["person"])
        at_us = event.at_us
        index = bisect_left(person.moments, at_us)
        if index == len(person.moments) or person.moments[index] != at_us:
            person.moments.insert(index, at_us)
            person.instants.insert(index, _Instant(at_us))
        events = person.instants[index].events
        events.append(event)
        if len(events) > 1:
            events.sort(key=lambda one: one.id)
        self._change(event.fields["person"], person, at_us)

    def _remove(self, event: Event) -> None:
        person = self._person(event.fields["person"])
        instant = person.instants[bisect_left(person.moments, event.at_us)]
        instant.events = [one for one in instant.events if one.id != event.id]
        self._change(event.fields["person"], person, event.at_us)

    def _listed_anew(self, name: str) -> None:
        person = self._persons.get(name)
        if person is not None and person.planned != self._planned(name):
            person.planned = self._planned(name)
            for at_us in person.moments:
                self._change(name, person, at_us)

    def _person(self, name: str) -> _Person:
        person = self._persons.get(name)
        if person is None:
            person = self._persons[name] = _Person(self._planned(name))
        return person

    def _change(self, name: str, person: _Person, at_us: int) -> None:
        if not self._changed:
            self._board.unsettle(self._settle)
        self._changed.add(name)
        person.changed_us.add(at_us)

    def _settle(self) -> None:
        """Follow the chains in which something changed."""
        changed, self._changed = self._changed, set()
        for name in changed:
            person = self._persons[name]
            if self._follow(name, person):
                for offer in self._open_offers(person):
                    heappush(self._due, (offer.at_us + self._clause.within_us, name))
                if person.overdue and self._board.end_us is not None:
                    self._show_overdue(name, person, self._board.end_us)

    def _planned(self, name: str) -> tuple[str, ...]:
        member = self._course.roster.members.get(name)
        return member.custody if member else ()

    def _open_offers(self, person: _Person) -> list[Event]:
        last = person.instants[-1].after if person.instants else None
        return last.open if last else []

    def _show_overdue(self, name: str, person: _Person, end_us: int) -> None:
        last = person.instants[-1].after if person.instants else None
        overdue: list[Shortfall] = []
        if last is not None:
            overdue = [_unanswered(last, one) for one in last.open if one.at_us + last.within_us < end_us]
        if overdue or person.overdue:
            person.overdue = bool(overdue)
            self._board.replace(self._id, (name, _OPEN), overdue)

    def _follow(self, name: str, person: _Person) -> bool:
        """Follow a chain from where it changed; whether that led to the end of the day."""
        changed, person.changed_us = person.changed_us, set()
        to_the_end = False
        for first_us in sorted(changed):
            if first_us in changed:
                to_the_end |= self._follow_from(name, person, first_us, changed)
        return to_the_end

    def _follow_from(self, name: str, person: _Person, first_us: int, changed: set[int]) -> bool:
        """Follow the chain from one changed moment until it is as it was; whether that led to the end of the day."""
        index = bisect_left(person.moments, first_us)
        before = self._chain_before(name, person, index)
        while index < len(person.instants):
            instant = person.instants[index]
            was_changed = instant.at_us in changed
            changed.discard(instant.at_us)
            if not instant.events:
                del person.moments[index], person.instants[index]
                self._show(name, instant, [])
                continue
            chain = before.copy()
            self._show(name, instant, [known(one) for one in chain.take(instant.events)])
            known_after, instant.after = instant.after, chain
            if not was_changed and known_after is not None and known_after.is_like(chain):
                return False
            before = chain
            index += 1
        return True

    def _show(self, name: str, instant: _Instant, shortfalls: list[Shortfall]) -> None:
        if shortfalls or instant.shown:
            instant.shown = bool(shortfalls)
            self._board.replace(self._id, (name, instant.at_us), shortfalls)

    def _chain_before(self, name: str, person: _Person, index: int) -> Chain:
        before = person.instants[index - 1].after if index else None
        return before or Chain(self._course, name, person.planned, self._clause.within_us)


def _unanswered(chain: Chain, offer: Event) -> Shortfall:
    at_us = offer.at_us + chain.within_us
    return Shortfall(at_us, "unanswered", chain.person, partial(chain.unanswered, offer, None), deadline=True)
