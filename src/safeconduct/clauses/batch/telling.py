"""A finding as a deviation: one sentence for the duty officer, and whom it waits for. Nothing here names a person."""

from dataclasses import dataclass

from safeconduct.clauses.batch.hearing import Word
from safeconduct.clauses.batch.observed import Found
from safeconduct.clauses.deviation import OPEN, UNCERTAIN, UNCONFIRMED, Deviation
from safeconduct.kernel.times import format_duration, format_instant


@dataclass(frozen=True)
class Judged:
    """What a deviation says of its clause."""

    id: str
    kind: str
    severity: str
    wording: str


def deviation(judged: Judged, found: Found, word: Word) -> Deviation:
    """The line of a breach."""
    message = ": ".join((judged.wording.rstrip("."), "; ".join(filter(None, (found.expected, found.seen)))))
    if word.waiting_for:
        message += f". {UNCERTAIN}{' and '.join(word.waiting_for)} may still report otherwise"
    elif word.trusted:
        silence = format_duration(word.silence_us)
        message += f". Taken as certain although {' and '.join(word.trusted)} never said so: silent for {silence}"
    return Deviation(
        clause=judged.id,
        kind=judged.kind,
        rule=found.rule,
        subject=found.subject,
        at=format_instant(found.at_us),
        severity=judged.severity,
        status=UNCONFIRMED if word.waiting_for else OPEN,
        message=f"{message}.",
        evidence=found.evidence,
        waiting_for=word.waiting_for,
    )
