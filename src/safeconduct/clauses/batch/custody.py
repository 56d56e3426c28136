"""`custody`: who answers for each person, from hand to hand."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from safeconduct.clauses.batch.hearing import ANYTHING
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.words import moment
from safeconduct.clauses.custody import Custody
from safeconduct.kernel.times import format_duration

_ORDER = {"offered": 0, "accepted": 1, "refused": 2}


@dataclass(frozen=True, slots=True)
class _Pass:
    """An offer, an acceptance or a refusal."""

    at_us: int
    id: str
    type: str
    giver: str
    taker: str

    @property
    def between(self) -> tuple[str, str]:
        return self.giver, self.taker

    def __str__(self) -> str:
        return f"{self.type} {self.giver} to {self.taker} at {moment(self.at_us)}"


def judge_custody(clause: Custody, day: Observed) -> Iterator[Found]:
    """Follow every person named in a passing."""
    passes: dict[str, list[_Pass]] = defaultdict(list)
    rows = day.events.of_types(*_ORDER).rows("person", "from", "to")
    for one, kind, at_us, person, giver, taker in sorted(rows, key=lambda row: (row[2], row[0])):
        passes[person].append(_Pass(at_us, one, kind, giver, taker))
    for person, own in passes.items():
        member = day.people.members.get(person)
        chain = _Chain(person, member.custody if member else (), clause.within_us)
        for _, instant in groupby(own, key=lambda one: one.at_us):
            yield from chain.take_instant(list(instant))
        yield from chain.leave()


@dataclass
class _Chain:
    """One person's way from hand to hand."""

    person: str
    planned: tuple[str, ...]
    within_us: int
    open: dict[tuple[str, str], _Pass] = field(default_factory=dict)
    """By giver and taker; of equal ones only the first opens anything."""
    last: _Pass | None = None
    """The last acceptance."""
    offered_since: bool = False
    """Whether anything was offered since the last acceptance."""

    @property
    def custodian(self) -> str | None:
        """None: nobody knows."""
        if self.last is not None:
            return self.last.taker
        return self.planned[0] if self.planned else None

    def take_instant(self, passes: list[_Pass]) -> Iterator[Found]:
        """All that happened at one instant, in the order that makes most sense of it; they come ordered by id."""
        if len(passes) == 1:
            yield from self._take(passes[0])
            return
        left = list({(one.type, *one.between): one for one in reversed(passes)}.values())
        while left:
            following = min(left, key=self._turn)
            left.remove(following)
            yield from self._take(following)

    def leave(self) -> Iterator[Found]:
        """What was never answered."""
        for offer in self.open.values():
            yield self._unanswered(offer, None)

    def _turn(self, one: _Pass) -> tuple[int, str]:
        if one.giver == self.custodian:
            if one.type == "accepted" and one.between in self.open:
                return 0, one.id
            if one.type == "offered":
                return 1, one.id
        return 2 + _ORDER[one.type], one.id

    def _take(self, one: _Pass) -> Iterator[Found]:
        if one.type == "offered":
            yield from self._offer(one)
        elif one.type == "accepted":
            yield from self._accept(one)
        else:
            yield from self._close(one)

    def _offer(self, one: _Pass) -> Iterator[Found]:
        self.offered_since = True
        if one.between in self.open:
            return
        yield from self._judge_giver(one)
        self.open[one.between] = one

    def _accept(self, one: _Pass) -> Iterator[Found]:
        if self.last is not None and self.last.between == one.between and not self.offered_since:
            return
        yield from self._judge_giver(one)
        if one.between not in self.open:
            expected = f"expected an offer from {one.giver} to {one.taker} before it was accepted"
            yield Found("no-offer", self.person, one.at_us, expected, str(one), (one.id,), lacking=ANYTHING)
        if self.planned and one.between not in zip(self.planned, self.planned[1:], strict=False):
            expected = f"expected custody to pass as planned, {' to '.join(self.planned)}"
            yield Found("unplanned", self.person, one.at_us, expected, str(one), (one.id,))
        yield from self._close(one)
        self.last = one
        self.offered_since = False

    def _judge_giver(self, one: _Pass) -> Iterator[Found]:
        custodian = self.custodian
        if custodian is not None and custodian != one.giver:
            expected = f"expected the custodian {custodian} to pass the person on"
            evidence = (one.id,) if self.last is None else (self.last.id, one.id)
            yield Found("from", self.person, one.at_us, expected, str(one), evidence, lacking=ANYTHING)

    def _close(self, answer: _Pass) -> Iterator[Found]:
        offer = self.open.pop(answer.between, None)
        if offer is not None and answer.at_us > offer.at_us + self.within_us:
            yield self._unanswered(offer, answer)

    def _unanswered(self, offer: _Pass, answer: _Pass | None) -> Found:
        due_us = offer.at_us + self.within_us
        expected = f"expected an answer within {format_duration(self.within_us)} of: {offer}"
        seen = "none was given" if answer is None else f"the answer was: {answer}"
        evidence = (offer.id,) if answer is None else (offer.id, answer.id)
        return Found("unanswered", self.person, due_us, expected, seen, evidence, deadline=True, lacking=ANYTHING)
