"""A finding into a deviation: how sure it is, in what words."""

from collections.abc import Iterable, Sequence

from safeconduct.agreement.terms import ClauseHeader
from safeconduct.clauses.deviation import OPEN, UNCERTAIN, UNCONFIRMED, Deviation
from safeconduct.clauses.finding import Finding
from safeconduct.clauses.integrity import INTEGRITY, SEVERITY, WORDING
from safeconduct.clauses.phrasing import Phrasing
from safeconduct.clauses.silence import NOBODY, Heard, Silence
from safeconduct.kernel.times import format_duration, format_instant
from safeconduct.logistics.plan import Plan

_DEVICES_NAMED = 3


class Telling:
    """How findings are told at one end of observation."""

    def __init__(self, plan: Plan, phrasing: Phrasing, end_us: int | None, silence: Silence | None) -> None:
        """No `silence`: it is a plan that is told of, or nothing tells the time."""
        self._trust_us = plan.trust_silence_us
        self._silence = silence
        self._nothing = (
            "there is none in the plan" if silence is None or end_us is None else f"none by {phrasing.clock(end_us)}"
        )

    def deviation(self, clause: "ToldClause", finding: Finding) -> Deviation:
        """The finding told."""
        message = f"{clause.wording.rstrip('.')}: expected {finding.expected}; {finding.seen or self._nothing}"
        heard = self._heard(finding)
        if heard.waiting_for:
            message += f". {UNCERTAIN}{_named(heard.waiting_for)} may still report it"
        elif heard.trusted:
            silent = format_duration(self._trust_us)
            message += f". Taken as certain although {_named(heard.trusted)} never said so: silent for {silent}"
        return Deviation(
            clause=clause.id,
            kind=clause.kind,
            rule=finding.rule,
            subject=finding.subject,
            at=format_instant(finding.at_us),
            severity=clause.severity,
            status=UNCONFIRMED if heard.waiting_for else OPEN,
            message=message + ".",
            evidence=finding.evidence,
            waiting_for=heard.waiting_for,
        )

    def _heard(self, finding: Finding) -> Heard:
        """Who is waited for: nobody as soon as one of the ways in which the breach is shown lacks nothing more."""
        if self._silence is None or finding.awaited is None:
            return NOBODY
        ways = [self._silence.about(one, finding.at_us) for one in finding.lacking]
        if len(ways) == 1:
            return ways[0]
        certain = next((one for one in ways if not one.waiting_for), None)
        return certain or Heard(tuple(sorted({device for one in ways for device in one.waiting_for})), ())


class ToldClause:
    """What every deviation of one clause has in common."""

    def __init__(self, clause_id: str, kind: str, severity: str, wording: str) -> None:
        self.id = clause_id
        self.kind = kind
        self.severity = severity
        self.wording = wording

    @classmethod
    def of(cls, header: ClauseHeader, sentence: str) -> "ToldClause":
        """A clause of the terms, in the wording agreed, else in its own sentence."""
        return cls(header.id, header.kind, header.severity, header.text or sentence)


TOLD_INTEGRITY = ToldClause(INTEGRITY, INTEGRITY, SEVERITY, WORDING)


def merged(findings: Iterable[Finding]) -> Finding:
    """Findings of one breach made one: the first one's words, the evidence of all."""
    first, *others = findings
    for other in others:
        first = _both(first, other)
    return first


def _named(devices: Sequence[str]) -> str:
    """Devices for a sentence: a few by name, many by their number (`waiting_for` names them all)."""
    return ", ".join(devices) if len(devices) <= _DEVICES_NAMED else f"{len(devices)} devices"


def _both(one: Finding, other: Finding) -> Finding:
    evidence = tuple(dict.fromkeys(one.evidence + other.evidence))
    # What rests on reports alone in one way needs no further report.
    certain = one.awaited is None or other.awaited is None
    awaited = () if certain else tuple(dict.fromkeys(one.lacking + other.lacking))
    return Finding(
        one.rule,
        one.subject,
        one.at_us,
        one.expected,
        one.seen,
        evidence,
        one.deadline and other.deadline,
        None if certain else awaited[0],
        awaited[1:],
    )
