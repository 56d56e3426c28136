"""The watch: reports arrive in any order, and after each batch it is known what changed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.library import Terms
from safeconduct.clauses.monitor.core import Monitor
from safeconduct.clauses.phrasing import LAST_US
from safeconduct.kernel.times import DAY_US
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event, read_event
from safeconduct.tracking.sifting import Received


class Watch:
    """One exchange under watch. What stands depends on the set of events received, never on their order."""

    def __init__(
        self, terms: Terms, plan: Plan, recall: Callable[[], Iterable[Event]] | None = None, keep_us: int = DAY_US
    ) -> None:
        """`recall` gives every line that has arrived, in any order, from wherever it is kept.

        With it the watch keeps only the events of the last `keep_us`, and of older ones what later ones are judged by;
        what comes later still makes it read all lines again, and keep more from then on. Without it, it keeps all.
        """
        self._terms = terms
        self._plan = plan
        self._recall = recall
        self._keep_us = keep_us
        self._forgotten_us: int | None = None
        self._monitor = Monitor(terms, plan)
        self._arrived: list[Event] = []

    def arrive(self, events: Iterable[Event]) -> None:
        """Take in what has arrived."""
        self._arrived.extend(events)

    def follow(self, until_us: int | None = None) -> None:
        """Take it in, observed as by `judge` without an end, and do not ask what changed: the next `judge` tells.

        For whoever looks only now and then: what a report opens and a later one undoes need not be put into words.
        """
        self._take_in(None, until_us)

    def judge(self, end_us: int | None = None, until_us: int | None = None) -> list[Deviation]:
        """Judge everything received, observed until `end_us` (live: the clock), else until the latest moment reported.

        Without `end_us` the end of observation is never later than `until_us`: what is reported of later moments is as
        if not received. Returns what changed since the last call: deviations opened, become open, or withdrawn, in the
        order of at, clause, rule, subject.
        """
        self._take_in(end_us, until_us)
        self._monitor.read_list()
        if self._monitor.must_begin_anew:
            # The list changed what is forgotten. Nothing is told before that is known: it would not be told again.
            self._begin_anew(end_us, until_us)
        changes = self._monitor.settle()
        self._forget()
        return changes

    def standing(self) -> list[Deviation]:
        """What stood at the last judgement, in the order of at, clause, rule, subject."""
        return self._monitor.standing()

    def handed_over(self) -> dict[str, Event]:
        """Of each person handed over the report of it, at the last judgement."""
        return dict(self._monitor.course.handed_over)

    def released_by(self, person: str) -> str:
        """The party that held a person who is, or was, on the list."""
        return self._monitor.course.roster.members[person].held_by

    def next_us(self) -> int | None:
        """The first moment after the last judgement at which it may change though nothing more arrives.

        Reached by the end of observation, not by the clock of any device.
        """
        return self._monitor.next_us()

    def _take_in(self, end_us: int | None, until_us: int | None) -> None:
        sieve = self._monitor.sieve
        sieve.following, sieve.until_us = end_us is None, until_us
        if end_us is not None and (sieve.end_us is None or end_us > sieve.end_us):
            sieve.advance(end_us)
        if self._arrived:
            arrived, self._arrived = self._arrived, []
            sieve.add(arrived)
        wanted_us = self._latest_us(until_us) if end_us is None else end_us
        if wanted_us is not None and sieve.end_us is not None and wanted_us > sieve.end_us:
            sieve.advance(wanted_us)
        if sieve.must_begin_anew or sieve.end_us != wanted_us:
            self._begin_anew(end_us, until_us)

    def _latest_us(self, until_us: int | None) -> int | None:
        latest_us = self._monitor.sieve.latest_us()
        return latest_us if until_us is None or latest_us is None else min(latest_us, until_us)

    def _forget(self) -> None:
        """Forget, now and then, what is older than is kept."""
        end_us = self._monitor.sieve.end_us
        if self._recall is None or end_us is None:
            return
        if self._forgotten_us is None:
            self._forgotten_us = end_us - self._keep_us
        elif end_us - self._forgotten_us > 2 * self._keep_us:
            self._forgotten_us = end_us - self._keep_us
            self._monitor.forget(self._forgotten_us)

    def _begin_anew(self, end_us: int | None, until_us: int | None) -> None:
        """Time has gone back, or what was told of the past: follow all lines with another monitor."""
        old = self._monitor.sieve
        if self._recall is not None and old.forgets:
            self._keep_us *= 2
            lines = list(self._recall())
        else:
            lines = list(old.lines())
        if end_us is None:
            received = Received()
            for line in lines:
                received.add(line)
            end_us = received.sift().end_us
            if end_us is not None and until_us is not None:
                end_us = min(end_us, until_us)
        monitor = Monitor(self._terms, self._plan)
        if end_us is not None:
            monitor.sieve.advance(end_us)
        monitor.sieve.add(lines)
        monitor.resume(self._monitor)
        self._monitor = monitor
        if monitor.sieve.must_begin_anew:
            # Among all lines one was sent again with a receipt by which it is of the future; it is kept with that one.
            self._begin_anew(end_us, until_us)


def follow_plan(terms: Terms, plan: Plan, trace: Iterable[Mapping[str, Any]]) -> list[Deviation]:
    """The run-phase verdicts over the nominal trace of a plan, with the end of observation without bound.

    Judged are the clauses each of whose required patterns can match an event type of the trace; optional patterns
    aside. Raises BadEvent if the trace holds what is no event.
    """
    monitor = Monitor(terms, plan, planned=True)
    monitor.sieve.advance(LAST_US)
    monitor.sieve.add(read_event(line) for line in trace)
    monitor.settle()
    return monitor.standing()
