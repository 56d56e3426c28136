"""For each clause on the day its examples: made from its own parameters, and verified before anybody sees them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from safeconduct.agreement.terms import Agreement
from safeconduct.clauses.absence import Absence
from safeconduct.clauses.arrival import Arrival
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.clause import RunClause
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
from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import Terms
from safeconduct.clauses.listed import Listed
from safeconduct.clauses.manifest import Manifest
from safeconduct.clauses.parity import Parity
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.reporting import Reporting
from safeconduct.clauses.response import Response
from safeconduct.clauses.run_kinds import RUN_KINDS
from safeconduct.clauses.simultaneity import Simultaneity
from safeconduct.clauses.speed import Speed
from safeconduct.clauses.stop import Stop
from safeconduct.clauses.traces import answers, holding_back, listing, passing, riding, road, said
from safeconduct.clauses.traces.example import Pair, Trace
from safeconduct.clauses.watching import Watch
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import read_event

_FEW = 4


@dataclass(frozen=True)
class Example:
    """A pair that the judging confirmed, with the clause alone in the terms."""

    pair: Pair
    deviations: tuple[Deviation, ...]
    """What stands of the day that breaks it."""


def examples_of(terms: Terms, clause: RunClause) -> tuple[Example, ...]:
    """An example for each rule of the clause that can be broken under its parameters.

    Each is verified: the day that breaks the clause breaks it by that rule, in one breach, the other keeps it, both
    judged whole and by the watch. None where no day was found.
    """
    alone = replace(terms, composing=(), running=(clause,))
    rules = {rule.name for rule in RUN_KINDS[clause.header.kind].page.rules}
    found: dict[str, Example] = {}
    for pair in proposals(clause, terms.agreement):
        if found.keys() == rules:
            break
        if pair.rule not in found:
            example = verified(alone, pair)
            if example is not None:
                found[pair.rule] = example
    return tuple(found.values())


def proposals(clause: RunClause, agreement: Agreement) -> Iterator[Pair]:
    """Pairs that should break and keep the clause, the best first, rule by rule."""
    match clause:
        case Response():
            return answers.response(clause, agreement)
        case Precedence():
            return answers.precedence(clause, agreement)
        case Absence():
            return holding_back.absence(clause, agreement)
        case Claim():
            return holding_back.claim(clause, agreement)
        case Embargo():
            return holding_back.embargo(clause, agreement)
        case Custody():
            return passing.custody(clause, agreement)
        case Simultaneity():
            return passing.simultaneity(clause, agreement)
        case Parity():
            return passing.parity(clause, agreement)
        case Complete():
            return passing.complete(clause, agreement)
        case Manifest():
            return riding.manifest(clause, agreement)
        case Headcount():
            return riding.headcount(clause, agreement)
        case DepartureClause():
            return riding.departure(clause, agreement)
        case Arrival():
            return riding.arrival(clause, agreement)
        case Corridor():
            return road.corridor(clause, agreement)
        case Reporting():
            return road.reporting(clause, agreement)
        case Stop():
            return road.stop(clause, agreement)
        case Convoy():
            return road.convoy(clause, agreement)
        case Speed():
            return road.speed(clause, agreement)
        case Listed():
            return listing.listed(clause, agreement)
        case Freeze():
            return listing.freeze(clause, agreement)
        case Deadline():
            return said.deadline(clause, agreement)
        case Reciprocity():
            return said.reciprocity(clause, agreement)
        case Concordance():
            return said.concordance(clause, agreement)
        case _:
            return iter(())


def verified(terms: Terms, pair: Pair) -> Example | None:
    """The pair as an example, if it is one under these terms of one clause, without what it can do without."""
    deviations = _broken(terms, pair)
    if deviations is None:
        return None
    known = {line["id"] for line in pair.breaks.lines}
    for added in [line for line in pair.keeps.lines if line["id"] not in known]:
        less = replace(pair.keeps, lines=tuple(line for line in pair.keeps.lines if line is not added))
        if not verdict(terms, pair.plan, less):
            pair = replace(pair, keeps=less)
    for person in pair.plan.persons if len(pair.plan.persons) <= _FEW else ():
        others = tuple(one for one in pair.plan.persons if one is not person)
        smaller = replace(pair, plan=msgspec.structs.replace(pair.plan, persons=others))
        if _broken(terms, smaller) is not None:
            pair = smaller
    return Example(pair, _broken(terms, pair) or ())


def _broken(terms: Terms, pair: Pair) -> tuple[Deviation, ...] | None:
    """What stands of the day that breaks the clause; None if it is not that one breach, or the other is not kept."""
    if verdict(terms, pair.plan, pair.keeps):
        return None
    deviations = verdict(terms, pair.plan, pair.breaks)
    return deviations if [one.rule for one in deviations] == [pair.rule] else None


def verdict(terms: Terms, plan: Plan, trace: Trace) -> tuple[Deviation, ...]:
    """What stands at the end of a trace. Raises AssertionError if the watch says otherwise than judging it whole."""
    events = [read_event(line) for line in trace.lines]
    whole = judge_day(terms, plan, events, trace.until_us)
    watch = Watch(terms, plan)
    watch.arrive(events)
    watch.judge(trace.until_us)
    if watch.standing() != whole:
        raise AssertionError("the watch and the judging of the whole day differ")
    return tuple(whole)
