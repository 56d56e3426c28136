"""All run-phase clauses over one day: the breaches that stand, told as deviations.

This is the literal meaning of the clauses, evaluated whole each time: a pure function of terms, plan, the set of
events and the end of observation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.agreement.terms import ClauseHeader
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.day import LAST_US, Day, Enriched
from safeconduct.clauses.deviation import OPEN, UNCERTAIN, UNCONFIRMED, Deviation
from safeconduct.clauses.finding import Awaited, Finding
from safeconduct.clauses.integrity import INTEGRITY, SEVERITY, WORDING, integrity_findings
from safeconduct.clauses.library import Terms
from safeconduct.clauses.silence import Silence
from safeconduct.kernel.times import format_duration, format_instant
from safeconduct.logistics.plan import Plan
from safeconduct.tracking.events import Event, read_event
from safeconduct.tracking.sifting import Received, Sifted
from safeconduct.vocabulary.breach import Breach

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
    telling = _Telling(plan, sifted.events, end_us, sifted.voided)
    for finding in integrity_findings(sifted.flaws):
        telling.tell(INTEGRITY, INTEGRITY, SEVERITY, WORDING, finding)
    if end_us is not None:
        day = Day(terms.agreement, plan, sifted.events, enriched)
        telling.day = day
        for clause in terms.running:
            telling.tell_all(clause.header, clause, _merged(clause.judge(day)))
    return telling.judgement(sifted.next_us)


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
    telling = _Telling(plan, (), LAST_US, planned=True)
    telling.day = day = Day(terms.agreement, plan, events)
    for clause in terms.running:
        if clause.judges_plan(NOMINAL_TYPES):
            telling.tell_all(clause.header, clause, _merged(clause.judge(day)))
    return list(telling.judgement(None).standing)


_DEVICES_NAMED = 3


class _Telling:
    """Turns findings into deviations: which stand by now, how sure they are, in what words."""

    def __init__(
        self,
        plan: Plan,
        events: Iterable[Event],
        end_us: int | None,
        voided: Iterable[Event] = (),
        planned: bool = False,
    ) -> None:
        self.day: Day | None = None
        self._plan = plan
        self._end_us = end_us
        self._planned = planned
        self._silence = None if planned or end_us is None else Silence(plan, events, voided, end_us)
        self._told: dict[Breach, Deviation] = {}
        self._next_us: int | None = None

    def tell_all(self, header: ClauseHeader, clause: RunClause, findings: Iterable[Finding]) -> None:
        """Tell the findings of one clause."""
        wording = ""
        for finding in findings:
            wording = wording or header.text or clause.sentence()
            self.tell(header.id, header.kind, header.severity, wording, finding)

    def tell(self, clause: str, kind: str, severity: str, wording: str, finding: Finding) -> None:
        """Tell one finding, if it stands by now; if it may later, remember when."""
        if finding.deadline and (self._end_us is None or self._end_us <= finding.at_us):
            self._look_again(finding.at_us + 1)
            return
        waiting_for: tuple[str, ...] = ()
        message = f"{wording.rstrip('.')}: expected {finding.expected}; {finding.seen or self._nothing()}"
        if finding.awaited is not None and self._silence is not None:
            heard = self._silence.about(finding.awaited, finding.at_us)
            waiting_for = heard.waiting_for
            if waiting_for:
                message += f". {UNCERTAIN}{_named(waiting_for)} may still report it"
            elif heard.trusted:
                silent = format_duration(self._plan.trust_silence_us)
                message += f". Taken as certain although {_named(heard.trusted)} never said so: silent for {silent}"
        breach = Breach(finding.at_us, clause, finding.rule, finding.subject)
        self._told[breach] = Deviation(
            clause=clause,
            kind=kind,
            rule=finding.rule,
            subject=finding.subject,
            at=format_instant(finding.at_us),
            severity=severity,
            status=UNCONFIRMED if waiting_for else OPEN,
            message=message + ".",
            evidence=finding.evidence,
            waiting_for=waiting_for,
        )

    def judgement(self, next_event_us: int | None) -> Judgement:
        """Everything told."""
        if next_event_us is not None:
            self._look_again(next_event_us)
        return Judgement(tuple(self._told[breach] for breach in sorted(self._told)), self._next_us, self.day)

    def _look_again(self, at_us: int) -> None:
        self._next_us = at_us if self._next_us is None else min(self._next_us, at_us)

    def _nothing(self) -> str:
        if self._planned or self.day is None or self._end_us is None:
            return "there is none in the plan"
        return f"none by {self.day.clock(self._end_us)}"


def _named(devices: Sequence[str]) -> str:
    """Devices for a sentence: a few by name, many by their number (`waiting_for` names them all)."""
    return ", ".join(devices) if len(devices) <= _DEVICES_NAMED else f"{len(devices)} devices"


def _merged(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Findings of one breach made one: the first one's words, the evidence of all."""
    merged: dict[tuple[str, str, int], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.subject, finding.at_us)
        known = merged.get(key)
        merged[key] = finding if known is None else _both(known, finding)
    return merged.values()


def _both(one: Finding, other: Finding) -> Finding:
    evidence = tuple(dict.fromkeys(one.evidence + other.evidence))
    # What rests on reports alone in one way needs no further report.
    awaited = None if one.awaited is None or other.awaited is None else _either(one.awaited, other.awaited)
    return Finding(
        one.rule, one.subject, one.at_us, one.expected, one.seen, evidence, one.deadline and other.deadline, awaited
    )


def _either(one: Awaited, other: Awaited) -> Awaited:
    return Awaited(
        None if one.vehicles is None or other.vehicles is None else one.vehicles | other.vehicles,
        None if one.places is None or other.places is None else one.places | other.places,
    )
