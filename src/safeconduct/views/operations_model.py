"""What a duty officer looks at, at one clearance: plain values, ready to be drawn. No person's name stands in them.

Built by `views.operations` from what may be told of each entry; drawn by `web`. Positions are integer microdegrees
(longitude, latitude), times integer microseconds since 1970 UTC.
"""

from dataclasses import dataclass

from safeconduct.tracking.alarm_book import Glance
from safeconduct.vocabulary.severity import weight

Position = tuple[int, int]
"""Longitude and latitude in microdegrees (WGS 84)."""


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """A place of the plan that this clearance may know."""

    id: str
    name: str
    kind: str
    """holding, exchange-point, stop, hospital or facility."""
    position: Position


@dataclass(frozen=True, slots=True)
class RouteSeen:
    """A stretch of road that a convoy takes, as planned."""

    operator: str
    points: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class VehicleSeen:
    """A vehicle where it was last reported, to those who may know."""

    id: str
    kind: str
    operator: str
    position: Position
    seen_at_us: int
    """When that was reported by the vehicle itself, or by its departure or arrival."""
    underway: bool
    aboard: int | None
    """Persons aboard by the reports so far."""
    place: str
    """Where it stands, if it stands at a place; else empty."""


@dataclass(frozen=True, slots=True)
class ConvoySeen:
    """One operator's part of the plan, as every party is told it: how far, and whether in time."""

    operator: str
    legs: int
    departed: int
    arrived: int
    late: int
    """Legs that arrived late, or are overdue now (a quarter of an hour after their time)."""
    standing: str
    """not begun, on time, late (something is overdue) or done; held while the operation is held or aborted."""


@dataclass(frozen=True, slots=True)
class SideCounts:
    """How far the persons are whom one side releases."""

    party: str
    planned: int
    aboard: int | None
    """On the road to the crossing now, not handed over yet; None where this clearance may not know."""
    at_crossing: int | None
    """In the intermediary's custody or waiting at the exchange point; None where it may not be known."""
    handed_over: int
    received: int | None
    """Taken in by a facility."""


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step of the plan that has not been reported yet."""

    at_us: int
    what: str
    """A short phrase: "ozyornoye-bus-01 leaves Ozyornoye", "6 vehicles reach Gomel", "batch b3 is handed over"."""
    operator: str
    """Whose step it is; empty for both."""
    overdue: bool


@dataclass(frozen=True, slots=True)
class DeviationSeen:
    """A deviation as it was shown last, and how it is dealt with."""

    number: int
    clause: str
    rule: str
    subject: str
    """Empty where this clearance may not know whom or what it concerns."""
    at_us: int
    shown_at_us: int
    """Since when it has been shown, this time."""
    severity: str
    """notice, serious or critical."""
    status: str
    """unconfirmed, open or withdrawn."""
    message: str
    """A sentence; where the message itself may not be known, the clause's wording."""
    evidence: tuple[str, ...]
    waiting_for: tuple[str, ...]
    """The devices still awaited, by what this clearance knows of their reports."""
    state: str
    """unacknowledged, acknowledged, resolved, waived or withdrawn."""
    owner: str = ""
    """Empty if nobody has taken it on, or it may not be known who."""
    waived_by: tuple[str, ...] = ()
    """The parties that make nothing of it."""
    confidential: bool = False
    """Not every party may know that there is one; so it cannot be waived."""

    def glance(self) -> Glance:
        """What somebody sees of it who acts on it."""
        return Glance(self.number, self.status, self.state, self.owner, self.waived_by)


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device that is waited for."""

    device: str
    last_us: int | None
    """When it was last heard of, as far as this clearance is told; None: not yet."""
    complete_us: int | None
    """Up to when nothing of what it reported is missing; None: from its first report on."""
    said: str
    """The same in words."""


@dataclass(frozen=True, slots=True)
class AlarmSeen:
    """Deviations with one cause (`tracking.alarm_causes`) that are dealt with alike."""

    number: int
    """The lowest of its deviations' numbers."""
    cause: str
    """devices, series, vehicle or alone."""
    of: tuple[str, ...]
    """The devices or the vehicle that they share."""
    title: str
    """What it is, in a few words: "Device d7, last heard 09:58: 40 unconfirmed"."""
    state: str
    """unacknowledged (of at least one of its deviations), acknowledged, resolved, waived or withdrawn."""
    severity: str
    """The gravest."""
    status: str
    """open if one of its deviations is; else unconfirmed; withdrawn if all are."""
    first_us: int
    """Its earliest moment."""
    shown_at_us: int
    """Since when the first of it has been shown."""
    unacknowledged: int
    """How many of its deviations nobody has taken on."""
    owner: str
    escalated_us: int | None
    escalated_to: tuple[str, ...]
    """Empty where it may not be known."""
    waived_by: tuple[str, ...]
    """The parties that make nothing of all of it."""
    not_waived_by: tuple[str, ...]
    """The others, where one has waived it; else nothing."""
    resolved_us: int | None
    resolved_by: str
    notes: tuple[str, ...]
    """What was done, or why it was waived, where that may be known."""
    returned: bool
    """Some of it was withdrawn once, and came back."""
    heard: tuple[DeviceSeen, ...]
    """Of the devices waited for at most three, the one unheard for the longest first."""
    awaited: int
    """How many devices are waited for."""
    deviations: tuple[DeviationSeen, ...]
    """By moment, clause, rule, subject."""

    @property
    def gravest(self) -> DeviationSeen:
        """The deviation to tell of first: the gravest, of these the earliest."""
        return max(self.deviations, key=lambda one: (weight(one.severity), -one.at_us, -one.number))

    def counted(self, status: str) -> int:
        """How many of its deviations have a status."""
        return sum(one.status == status for one in self.deviations)


@dataclass(frozen=True, slots=True)
class ClauseSeen:
    """One clause of the terms and how it stands."""

    id: str
    kind: str
    text: str
    phase: str
    """compose or run."""
    severity: str
    standing: str
    """held to (nothing stands against it), in question (only unconfirmed), broken, or kept (the round is closed)."""
    open: int
    unconfirmed: int


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """An entry of the record in one line, or a run of like entries told as one."""

    index: int
    """Of the latest entry that it tells of."""
    count: int
    recorded_at_us: int
    occurred_at_us: int
    type: str
    """The entry's tag, room.name/version."""
    text: str


@dataclass(frozen=True, slots=True)
class FacilityBoard:
    """What others may know of a facility: counts only."""

    facility: str
    name: str
    expected: int
    arrived: int
    steps: tuple[tuple[str, int, int], ...]
    """Step of care (medical-examination, …), how many are due or done, how many done."""


@dataclass(frozen=True, slots=True)
class FieldNote:
    """An incident, or reports that contradict each other, in a sentence."""

    at_us: int
    text: str
    reports: tuple[str, ...]
    """The ids of the reports that it rests on."""


@dataclass(frozen=True, slots=True)
class CosigningTrouble:
    """A witness that does not cosign, or must not be relied on."""

    name: str
    since_us: int | None
    """Since when it has not cosigned; None where it does."""
    alarm: str
    """What a person must look at; empty if it is only awaited."""


@dataclass(frozen=True, slots=True)
class LedgerSeen:
    """The record itself."""

    origin: str
    size: int
    root: str
    """Base64."""
    note: str
    """The latest signed checkpoint, whole."""
    cosigned_by: tuple[str, ...]
    """The witnesses that cosign, by name."""
    known: int
    """Of how many entries this clearance may know at all."""
    cosigned_size: int = 0
    """How many entries all of `cosigned_by` have cosigned."""
    cosigning_troubles: tuple[CosigningTrouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Operations:
    """Everything on the page at one clearance."""

    clearance: str
    title: str
    """The agreement's."""
    exchange: str
    """The id of the exchange whose plan stands; empty before there is one."""
    stage: str
    """terms, lists, identities, composed, planned, approved, under way, held, aborted, handed over, closed."""
    parties: tuple[str, ...]
    intermediaries: tuple[str, ...]
    recorded_at_us: int
    """When the latest entry was taken; 0 if there is none."""
    places: tuple[PlaceSeen, ...]
    routes: tuple[RouteSeen, ...]
    vehicles: tuple[VehicleSeen, ...]
    convoys: tuple[ConvoySeen, ...]
    counts: tuple[SideCounts, ...]
    due: tuple[DueStep, ...]
    """The next steps, overdue ones first; at most 8."""
    alarms: tuple[AlarmSeen, ...]
    """Those that nobody has taken on by severity and moment, then those that somebody has, then those that are waived,
    resolved, withdrawn, of each kind the latest first."""
    clauses: tuple[ClauseSeen, ...]
    timeline: tuple[TimelineItem, ...]
    """Latest first; at most 60."""
    facilities: tuple[FacilityBoard, ...]
    incidents: tuple[FieldNote, ...]
    """Latest first."""
    conflicts: tuple[FieldNote, ...]
    """Reports that cannot all be true; latest first."""
    communique: str
    """The public sentence once released; else empty."""
    ledger: LedgerSeen
