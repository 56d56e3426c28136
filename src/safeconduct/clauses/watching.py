"""The watch: reports arrive in any order, and after each batch it is known what changed."""

from collections.abc import Iterable

from safeconduct.clauses.day import Day, Enriched
from safeconduct.clauses.deviation import OPEN, Deviation
from safeconduct.clauses.judging import judge_sifted
from safeconduct.clauses.library import Terms
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event
from safeconduct.tracking.sifting import Received
from safeconduct.vocabulary.breach import Breach


class Watch:
    """One exchange under watch. What stands depends on the set of events received, never on their order."""

    def __init__(self, terms: Terms, plan: Plan) -> None:
        self._terms = terms
        self._plan = plan
        self._received = Received()
        self._standing: dict[Breach, Deviation] = {}
        self._opened: set[Breach] = set()
        """Those standing that were ever told as open."""
        self._next_us: int | None = None
        self._day: Day | None = None
        self._enriched: Enriched = {}

    def arrive(self, events: Iterable[Event]) -> None:
        """Take in what has arrived."""
        for event in events:
            self._received.add(event)

    def latest_us(self) -> int | None:
        """The latest moment reported (by lines neither future nor voided); None if nothing was."""
        return self._received.sift().end_us

    def judge(self, end_us: int | None = None) -> list[Deviation]:
        """Judge everything received, observed until `end_us` (live: the clock), else until the latest moment reported.

        Returns what changed since the last call: deviations opened, become open, or withdrawn, in the order of at,
        clause, rule, subject.
        """
        judgement = judge_sifted(self._terms, self._plan, self._received.sift(end_us), self._enriched)
        self._next_us = judgement.next_us
        self._day = judgement.day
        standing = {deviation.breach(): deviation for deviation in judgement.standing}
        changes: dict[Breach, Deviation] = {}
        for breach, shown in self._standing.items():
            if breach not in standing:
                changes[breach] = shown.withdrawn()
                self._opened.discard(breach)
        for breach, deviation in standing.items():
            if breach not in self._standing or (deviation.status == OPEN and breach not in self._opened):
                changes[breach] = deviation
                if deviation.status == OPEN:
                    self._opened.add(breach)
        self._standing = standing
        return [changes[breach] for breach in sorted(changes)]

    def standing(self) -> list[Deviation]:
        """What stood at the last judgement, in the order of at, clause, rule, subject."""
        return [self._standing[breach] for breach in sorted(self._standing)]

    def day(self) -> Day | None:
        """Who is where and who is handed over, at the last judgement; None if nothing had been reported."""
        return self._day

    def next_us(self) -> int | None:
        """The first moment after the last judgement at which it may change though nothing more arrives.

        Reached by the end of observation, not by the clock of any device. Devices that fall silent for so long that
        they are waited for no more are not foreseen here.
        """
        return self._next_us
