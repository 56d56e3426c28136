"""Every clause of the terms judged over a day at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from operator import itemgetter
from typing import Any

from safeconduct.clauses.absence import Absence
from safeconduct.clauses.arrival import Arrival
from safeconduct.clauses.batch.boarding import judge_headcount, judge_manifest
from safeconduct.clauses.batch.claims import judge_claim
from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.convoys import judge_convoy
from safeconduct.clauses.batch.custody import judge_custody
from safeconduct.clauses.batch.following import judge_precedence, judge_response
from safeconduct.clauses.batch.happenings import judge_absence, judge_embargo
from safeconduct.clauses.batch.hearing import NOBODY, Hearing, Word
from safeconduct.clauses.batch.in_step import judge_parity, judge_simultaneity
from safeconduct.clauses.batch.lists import judge_complete, judge_freeze, judge_listed
from safeconduct.clauses.batch.observed import Found, Observed
from safeconduct.clauses.batch.punctual import judge_arrival, judge_departure
from safeconduct.clauses.batch.roads import judge_corridor, judge_reporting, judge_speed, judge_stop
from safeconduct.clauses.batch.said import judge_concordance, judge_deadline, judge_reciprocity
from safeconduct.clauses.batch.sifting import sift
from safeconduct.clauses.batch.telling import Judged, deviation
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.clause import Patterned, RunClause
from safeconduct.clauses.complete import Complete
from safeconduct.clauses.concordance import Concordance
from safeconduct.clauses.convoy import Convoy
from safeconduct.clauses.corridor import Corridor
from safeconduct.clauses.custody import Custody
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.departure import DepartureClause
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.embargo import Embargo
from safeconduct.clauses.freeze import Freeze
from safeconduct.clauses.headcount import Headcount
from safeconduct.clauses.library import Terms
from safeconduct.clauses.listed import Listed
from safeconduct.clauses.manifest import Manifest
from safeconduct.clauses.parity import Parity
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.reporting import Reporting
from safeconduct.clauses.response import Response
from safeconduct.clauses.simultaneity import Simultaneity
from safeconduct.clauses.speed import Speed
from safeconduct.clauses.stop import Stop
from safeconduct.logistics.plan import Plan

KINDS: dict[type[RunClause], Callable[[Any, Observed], Iterable[Found]]] = {
    Response: judge_response,
    Precedence: judge_precedence,
    Absence: judge_absence,
    Claim: judge_claim,
    Embargo: judge_embargo,
    Custody: judge_custody,
    Manifest: judge_manifest,
    Headcount: judge_headcount,
    Listed: judge_listed,
    DepartureClause: judge_departure,
    Arrival: judge_arrival,
    Simultaneity: judge_simultaneity,
    Parity: judge_parity,
    Corridor: judge_corridor,
    Reporting: judge_reporting,
    Stop: judge_stop,
    Speed: judge_speed,
    Convoy: judge_convoy,
    Complete: judge_complete,
    Freeze: judge_freeze,
    Deadline: judge_deadline,
    Reciprocity: judge_reciprocity,
    Concordance: judge_concordance,
}
"""How each kind is judged."""

Place = tuple[int, str, str, str]
"""Where a breach stands among all: moment, clause, rule, subject."""
Placed = tuple[Place, Deviation]

_AT_ONCE = 2
"""Clauses judged at the same time."""

_INTEGRITY = Judged("integrity", "integrity", "serious", "What is reported can be relied on")

_FLAWS = {
    "future": ("expected no report from the future", "one is dated more than 5 minutes after its receipt"),
    "clone": ("expected each device to number its reports once", "different reports have one number"),
    "conflict": ("expected a report sent again to say the same", "one report came with different contents"),
}


def keys_of(terms: Terms) -> frozenset[str]:
    """The fields of events that the clauses of the day speak of."""
    keys: set[str] = set()
    for clause in terms.running:
        if isinstance(clause, Patterned):
            keys.update(clause.compared)
            keys.update(condition.key for pattern in clause.patterns() for condition in pattern.conditions)
    return frozenset(keys)


class Audit:
    """A day observed until its end, judged as often as asked."""

    def __init__(self, terms: Terms, plan: Plan, reports: Columns, until_us: int | None = None) -> None:
        """`reports` must have columns for `keys_of(terms)`; `until_us` ends the observation, else the latest report."""
        self.terms = terms
        sifted = sift(reports, until_us)
        self._flaws = sifted.flaws
        self.end_us = sifted.end_us
        """The end of observation; None if nothing was reported and none was given."""
        self.day = Observed(terms.agreement, plan, sifted.events, keys_of(terms))
        self._hearing = Hearing(plan, sifted)

    def deviations(self, on_judged: Callable[[int], None] = lambda _: None) -> list[Deviation]:
        """All that stands of the clauses on the day, sorted by moment, clause, rule and subject.

        `on_judged` is told how many clauses have been judged, each time there is one more.
        """
        flaws = [Found(one.rule, one.subject, one.at_us, *_FLAWS[one.rule], one.evidence) for one in self._flaws]
        told = [(_place(_INTEGRITY, one), deviation(_INTEGRITY, one, NOBODY)) for one in flaws]
        # Most of the work on large columns leaves the interpreter to others.
        with ThreadPoolExecutor(_AT_ONCE) as workers:
            for number, standing in enumerate(workers.map(self._judge, self.terms.running), 1):
                told += standing
                on_judged(number)
        return [one for _, one in sorted(told, key=itemgetter(0))]

    def _judge(self, clause: RunClause) -> list[Placed]:
        header = clause.header
        judged = Judged(header.id, header.kind, header.severity, header.text or clause.sentence())
        return list(_standing(judged, KINDS[type(clause)](clause, self.day), self.end_us, self._hearing))


def _place(judged: Judged, found: Found) -> Place:
    return found.at_us, judged.id, found.rule, found.subject


def _standing(judged: Judged, found: Iterable[Found], end_us: int | None, hearing: Hearing) -> Iterator[Placed]:
    """Each breach once, a deadline only if it is past; of several findings of one breach the most certain.

    Where none is certain, all that may still be reported on any of them is waited for.
    """
    surest: dict[tuple[str, str, int], tuple[tuple[object, ...], Found, Word]] = {}
    awaited: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for one in found:
        if one.deadline and (end_us is None or end_us <= one.at_us):
            continue
        word = hearing.word(one.lacking, one.at_us)
        breach = one.rule, one.subject, one.at_us
        doubt = (word.waiting_for, word.trusted, one.evidence)
        awaited[breach].update(word.waiting_for)
        if breach not in surest or doubt < surest[breach][0]:
            surest[breach] = doubt, one, word
    for breach, (_, one, word) in surest.items():
        if word.waiting_for:
            word = replace(word, waiting_for=tuple(sorted(awaited[breach])))
        yield _place(judged, one), deviation(judged, one, word)
