"""All run-phase clauses over one day: the breaches that stand, told as deviations.

This is the literal meaning of the clauses, evaluated whole each time: a pure function of terms, plan, the set of
events and the end of observation.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.day import Day, Enriched
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.integrity import integrity_findings
from safeconduct.clauses.library import Terms
from safeconduct.clauses.phrasing import LAST_US, Phrasing
from safeconduct.clauses.silence import Silence
from safeconduct.clauses.telling import TOLD_INTEGRITY, Telling, ToldClause, merged
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.devices import device_reports
from safeconduct.tracking.events import Event, read_event
from safeconduct.tracking.sifting import Received, Sifted

NOMINAL_TYPES = frozenset(("departed", "arrived", "boarded", "alighted", "offered", "accepted"))
"""The event types of a nominal trace."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What stands at one end of observation."""

    standing: tuple[Deviation, ...]
    """In the order of at, clause, rule, subject."""
    next_us: int | None
    """The first later moment at which this may change though nothing more arrives; None: never."""
    day: Day | None = None
    """The events that count and what they amount to; None if nothing tells the time."""


def judge_sifted(terms: Terms, plan: Plan, sifted: Sifted, enriched: Enriched | None = None) -> Judgement:
    """Judge what the sift left, at its end of observation. `enriched` only saves work between judgements of one day."""
    end_us = sifted.end_us
    day = None if end_us is None else Day(terms.agreement, plan, sifted.events, enriched)
    silence = None if end_us is None else Silence(plan, device_reports(sifted.events, sifted.voided), end_us)
    telling = Telling(plan, day or Phrasing(plan.start_us), end_us, silence)
    standing = [(TOLD_INTEGRITY, finding) for finding in integrity_findings(sifted.flaws)]
    next_us = sifted.next_us
    if day is not None and end_us is not None:
        for clause, finding in _found(terms.running, day):
            if finding.deadline and end_us <= finding.at_us:
                next_us = finding.at_us + 1 if next_us is None else min(next_us, finding.at_us + 1)
            else:
                standing.append((clause, finding))
    return Judgement(_told(telling, standing), next_us, day)


def judge_day(terms: Terms, plan: Plan, events: Iterable[Event], until_us: int | None = None) -> list[Deviation]:
    """What stands at `until_us` (else at the latest moment reported) given these events, in any order."""
    received = Received()
    for event in events:
        received.add(event)
    return list(judge_sifted(terms, plan, received.sift(until_us)).standing)


def judge_plan(terms: Terms, plan: Plan, trace: Iterable[Mapping[str, Any]]) -> list[Deviation]:
    """The run-phase verdicts over the nominal trace of a plan, with the end of observation without bound.

    Judged are the clauses each of whose required patterns can match an event type of the trace; optional patterns
    aside. Raises BadEvent if the trace holds what is no event.
    """
    events = sorted((read_event(line) for line in trace), key=lambda one: (one.at_us, one.id))
    day = Day(terms.agreement, plan, events)
    clauses = (clause for clause in terms.running if clause.judges_plan(NOMINAL_TYPES))
    standing = (one for one in _found(clauses, day) if not one[1].deadline or one[1].at_us < LAST_US)
    return list(_told(Telling(plan, day, None, None), standing))


def _found(clauses: Iterable[RunClause], day: Day) -> Iterator[tuple[ToldClause, Finding]]:
    """Every breach of the day, each once."""
    for clause in clauses:
        alike: dict[tuple[str, str, int], list[Finding]] = {}
        for finding in clause.judge(day):
            alike.setdefault((finding.rule, finding.subject, finding.at_us), []).append(finding)
        told = ToldClause.of(clause.header, clause.sentence()) if alike else None
        for findings in alike.values():
            if told is not None:
                yield told, merged(findings)


def _told(telling: Telling, standing: Iterable[tuple[ToldClause, Finding]]) -> tuple[Deviation, ...]:
    deviations = {deviation.breach(): deviation for deviation in (telling.deviation(*one) for one in standing)}
    return tuple(deviations[breach] for breach in sorted(deviations))
