"""What is recorded of the day: what the field reported, and which alarms people were shown.

A report is kept as it came, one JSON object, in the field `report`; its arrival stands beside it. Reports differ in who
may know them, so they are recorded under different types; which event type goes where is in `REPORTED_AS`.
"""

from typing import Annotated, ClassVar

from safeconduct.kernel.audience import Audience, told_to
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import to_datetime

_PARTIES = told_to(Audience.PARTIES)
_OWN = told_to(Audience.OWN)
_INTERMEDIARY = told_to(Audience.INTERMEDIARY)


def _of_the_day(what: str, occurred_at_us: int) -> str:
    """The document that reports on no single person belong to: one a day and kind."""
    return f"document:{what}/{to_datetime(occurred_at_us).date().isoformat()}"


class MovementReported(Entry, frozen=True, kw_only=True, tag="tracking.movement-reported/1"):
    """A vehicle or who is aboard it: to the side that operates it. The other side is told on time, late or held."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    event: Annotated[str, _OWN]
    person: Annotated[str, _OWN]
    """Who boarded or alighted; empty where the report is of the vehicle alone."""
    report: Annotated[str, _OWN]
    received_at_us: Annotated[int | None, _OWN] = None

    def sealed_under(self) -> str:
        return f"person:{self.person}" if self.person else _of_the_day("movements", self.occurred_at_us)


class CustodyReported(Entry, frozen=True, kw_only=True, tag="tracking.custody-reported/1"):
    """Custody offered, accepted or refused, a person identified, a death: to both of the person's parties."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    event: Annotated[str, _OWN]
    person: Annotated[str, _OWN]
    report: Annotated[str, _OWN]
    received_at_us: Annotated[int | None, _OWN] = None

    def sealed_under(self) -> str:
        return f"person:{self.person}"


class InterviewReported(Entry, frozen=True, kw_only=True, tag="tracking.interview-reported/1"):
    """What a person said in the private interview: to the intermediary alone (GC III art. 109, third paragraph)."""

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    event: Annotated[str, _INTERMEDIARY]
    person: Annotated[str, _INTERMEDIARY]
    report: Annotated[str, _INTERMEDIARY]
    received_at_us: Annotated[int | None, _INTERMEDIARY] = None

    def sealed_under(self) -> str:
        return f"person:{self.person}"


class CareReported(Entry, frozen=True, kw_only=True, tag="tracking.care-reported/1"):
    """An examination, or a family told: to the person's home party."""

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _PARTIES]
    event: Annotated[str, _OWN]
    person: Annotated[str, _OWN]
    """Empty where the notice concerns no single person."""
    report: Annotated[str, _OWN]
    received_at_us: Annotated[int | None, _OWN] = None

    def sealed_under(self) -> str:
        return f"person:{self.person}" if self.person else _of_the_day("notices", self.occurred_at_us)


class ListChangeReported(Entry, frozen=True, kw_only=True, tag="tracking.list-change-reported/1"):
    """A person added, substituted or withdrawn: both sides know who, nobody but the intermediary knows why."""

    existence: ClassVar[Audience] = Audience.PARTIES

    event: Annotated[str, _PARTIES]
    change: Annotated[str, _PARTIES]
    """added, substituted or withdrawn."""
    person: Annotated[str, _PARTIES]
    replaces: Annotated[str, _PARTIES]
    agreed_by: Annotated[tuple[str, ...], _PARTIES]
    report: Annotated[str, _INTERMEDIARY]
    received_at_us: Annotated[int | None, _INTERMEDIARY] = None

    def sealed_under(self) -> str:
        return f"person:{self.person}"


class PublicMatterReported(Entry, frozen=True, kw_only=True, tag="tracking.public-matter-reported/1"):
    """Something that every party must know at once: an incident, a text published, the operation held or aborted."""

    existence: ClassVar[Audience] = Audience.PARTIES

    event: Annotated[str, _PARTIES]
    report: Annotated[str, _PARTIES]
    received_at_us: Annotated[int | None, _PARTIES] = None

    def sealed_under(self) -> str:
        return _of_the_day("public-matters", self.occurred_at_us)


class TechnicalReported(Entry, frozen=True, kw_only=True, tag="tracking.technical-reported/1"):
    """A device's clock, its retirement, a report voided, an event type that we do not know, or somebody's claim (a
    report of any type that names its `source`)."""

    existence: ClassVar[Audience] = Audience.INTERMEDIARY

    event: Annotated[str, _INTERMEDIARY]
    report: Annotated[str, _INTERMEDIARY]
    received_at_us: Annotated[int | None, _INTERMEDIARY] = None

    def sealed_under(self) -> str:
        return _of_the_day("technical", self.occurred_at_us)


class AlarmShown(Entry, frozen=True, kw_only=True, tag="tracking.alarm-shown/1"):
    """A deviation as the duty officer was shown it. Every party learns that a clause is in question; its own, whom."""

    existence: ClassVar[Audience] = Audience.PARTIES

    own: Annotated[tuple[str, ...], _PARTIES]
    number: Annotated[int, _PARTIES]
    """What people call it by; from 1, the same each time that this deviation is shown."""
    clause: Annotated[str, _PARTIES]
    kind: Annotated[str, _PARTIES]
    rule: Annotated[str, _PARTIES]
    subject: Annotated[str, _OWN]
    at_us: Annotated[int, _PARTIES]
    severity: Annotated[str, _PARTIES]
    status: Annotated[str, _PARTIES]
    """unconfirmed, open or withdrawn."""
    message: Annotated[str, _OWN]
    evidence: Annotated[tuple[str, ...], _OWN]
    waiting_for: Annotated[tuple[str, ...], _OWN]

    def sealed_under(self) -> str:
        return f"document:alarm/{self.clause}/{self.rule}/{self.subject}/{self.at_us}"


class ConfidentialAlarmShown(Entry, frozen=True, kw_only=True, tag="tracking.confidential-alarm-shown/1"):
    """A deviation that rests on what not every party may know: an interview, an examination, a family told, the
    ground of a withdrawal, somebody's claim.

    Whom it does not concern is not even told that there is one: the moment alone could tell of whom it speaks.
    """

    existence: ClassVar[Audience] = Audience.OWN

    own: Annotated[tuple[str, ...], _OWN]
    """The home party where it rests on care; nobody but the intermediary where it rests on an interview, on why
    somebody was withdrawn, or on a claim."""
    number: Annotated[int, _OWN]
    """What people call it by; a series of its own for each `own`, so that no gap tells of the others."""
    clause: Annotated[str, _OWN]
    kind: Annotated[str, _OWN]
    rule: Annotated[str, _OWN]
    subject: Annotated[str, _OWN]
    at_us: Annotated[int, _OWN]
    severity: Annotated[str, _OWN]
    status: Annotated[str, _OWN]
    """unconfirmed, open or withdrawn."""
    message: Annotated[str, _OWN]
    evidence: Annotated[tuple[str, ...], _OWN]
    waiting_for: Annotated[tuple[str, ...], _OWN]

    def sealed_under(self) -> str:
        return f"document:alarm/{self.clause}/{self.rule}/{self.subject}/{self.at_us}"


Alarm = AlarmShown | ConfidentialAlarmShown

Report = (
    MovementReported
    | CustodyReported
    | InterviewReported
    | CareReported
    | ListChangeReported
    | PublicMatterReported
    | TechnicalReported
)

REPORTED_AS: dict[str, type[Report]] = {
    "departed": MovementReported,
    "arrived": MovementReported,
    "boarded": MovementReported,
    "alighted": MovementReported,
    "positioned": MovementReported,
    "counted": MovementReported,
    "offered": CustodyReported,
    "accepted": CustodyReported,
    "refused": CustodyReported,
    "identified": CustodyReported,
    "died": CustodyReported,
    "consented": InterviewReported,
    "examined": CareReported,
    "notified": CareReported,
    "added": ListChangeReported,
    "substituted": ListChangeReported,
    "withdrawn": ListChangeReported,
    "incident": PublicMatterReported,
    "published": PublicMatterReported,
    "held": PublicMatterReported,
    "resumed": PublicMatterReported,
    "aborted": PublicMatterReported,
}
"""The entry type of each event type; all others are TechnicalReported."""
