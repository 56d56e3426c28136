"""Alarms into entries: what the duty officer is shown, and who else may know of it."""

import enum
from collections import Counter
from collections.abc import Iterable

from safeconduct.app.intake import Concerns, is_claim, is_told_openly
from safeconduct.clauses.absence import Absence
from safeconduct.clauses.claim import Claim
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.concordance import Concordance
from safeconduct.clauses.deadline import Deadline
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.embargo import EVERYONE, Embargo
from safeconduct.clauses.freeze import Freeze
from safeconduct.clauses.integrity import INTEGRITY
from safeconduct.clauses.library import Terms
from safeconduct.clauses.listed import Listed
from safeconduct.clauses.patterns import Patterns, types_of
from safeconduct.clauses.precedence import Precedence
from safeconduct.clauses.reciprocity import Reciprocity
from safeconduct.clauses.response import Response
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import parse_instant
from safeconduct.tracking.entries import (
    REPORTED_AS,
    Alarm,
    AlarmShown,
    CareReported,
    ConfidentialAlarmShown,
    InterviewReported,
    ListChangeReported,
    TechnicalReported,
)
from safeconduct.tracking.events import Event
from safeconduct.tracking.state import TrackingState

_SERIES = 1_000_000
"""Numbers of confidential alarms begin at multiples of this, a series for each party that may come to know of them."""


_TOLD_OF_LIST_CHANGES = frozenset(("type", "id", "person", "replaces", "agreed_by", "home", "held_by", "batch"))
"""What both parties may know of a change to the list anyway: by `ListChangeReported`, and by the plan of a person."""


class _Rests(enum.Enum):
    """What a clause's verdicts rest on, by who may know of it."""

    ON_CONFIDENCES = enum.auto()
    """What only the intermediary may know: what was said in an interview, why somebody was withdrawn, a claim."""
    ON_CARE = enum.auto()


class AlarmAudience:
    """Who may know of the alarms of one day: whoever may know of the reports that they rest on."""

    def __init__(self, terms: Terms, concerns: Concerns) -> None:
        self._concerns = concerns
        self._rests = {clause.header.id: rests for clause in terms.running if (rests := _rests(clause)) is not None}
        self._homes = sorted(set(concerns.homes.values()))
        self._claims: set[str] = set()
        """The ids of the reports that somebody claims."""
        self._confidential: set[str] = set()
        """The ids of the reports of which not both sides may know that there are any."""
        self._told_of: dict[str, frozenset[str]] = {}
        """Of each report that not every party is told, those that are."""
        self._told_openly: dict[str, frozenset[str]] = {}
        """The same without what was said in confidence under the same id."""
        self._open: set[str] = set()
        """The ids of the reports of what both sides are told."""
        self._openly = {clause.header.id for clause in terms.running if is_open(clause)}

    def hear(self, events: Iterable[Event]) -> None:
        """Remember who is told of which report, and which are claims: whatever rests on one is told as it is."""
        for event in events:
            openly, told = is_told_openly(event), self._concerns.told(event)
            if told is not None:
                for known in (self._told_of, self._told_openly) if openly else (self._told_of,):
                    known[event.id] = known.get(event.id, frozenset(told)).intersection(told)
            if is_claim(event.fields):
                self._claims.add(event.id)
            (self._open if openly else self._confidential).add(event.id)

    def entry(self, change: Deviation, shown_at_us: int, number: int) -> Alarm:
        """The deviation as it is recorded. `number` counts from 1 in its series (`series`)."""
        rests = self._rests_on(change)
        if _is_confidential(number):
            rests = _Rests.ON_CONFIDENCES  # what rested on one once would tell of it by its number
        kind = AlarmShown if rests is None else ConfidentialAlarmShown
        return kind(
            occurred_at_us=shown_at_us,
            own=self._own(change, rests),
            number=number,
            clause=change.clause,
            kind=change.kind,
            rule=change.rule,
            subject=change.subject,
            at_us=parse_instant(change.at),
            severity=change.severity,
            status=change.status,
            message=change.message,
            evidence=change.evidence,
            waiting_for=change.waiting_for,
        )

    def series(self, change: Deviation) -> int:
        """The number after which those of its kind and audience are counted.

        One that rests on care counts for the home party also while its words keep it from that party's eyes: what they
        name may change, and a number is for ever.
        """
        match self._rests_on(change):
            case None:
                return 0
            case _Rests.ON_CARE if (home := self._concerns.homes.get(change.subject)) is not None:
                return _SERIES * (2 + self._homes.index(home))
            case _:
                return _SERIES

    def own(self, change: Deviation) -> tuple[str, ...]:
        """The parties that may know whom or what it concerns."""
        return self._own(change, self._rests_on(change))

    def _rests_on(self, change: Deviation) -> _Rests | None:
        if change.clause in self._openly and self._open.issuperset(self._claims.intersection(change.evidence)):
            return None
        if not self._claims.isdisjoint(change.evidence):
            return _Rests.ON_CONFIDENCES
        if change.clause == INTEGRITY and not self._confidential.isdisjoint(change.evidence):
            return _Rests.ON_CONFIDENCES
        return self._rests.get(change.clause)

    def _own(self, change: Deviation, rests: _Rests | None) -> tuple[str, ...]:
        told = self._told(change)
        match rests:
            case None:
                return told
            case _Rests.ON_CARE:
                home = self._concerns.homes.get(change.subject)
                return tuple(party for party in told if party == home)
            case _Rests.ON_CONFIDENCES:
                return ()

    def _told(self, change: Deviation) -> tuple[str, ...]:
        """The parties whom a deviation concerns, that are told of all reports on which it rests, and to whom its words
        name nothing that the other side drives.

        An id that stands inside another word counts as named: rather a sentence too few than a vehicle too many.
        """
        words = "\n".join((change.message, *change.evidence, *change.waiting_for))
        named = {operator for one, operator in self._concerns.operators.items() if one in words}
        named.update(*(operators for device, operators in self._concerns.devices.items() if device in words))
        if change.kind == "convoy" and change.subject in self._concerns.mixed:
            return ()  # how far the others are
        told_of = self._told_openly if change.clause in self._openly else self._told_of
        return tuple(
            party
            for party in self._concerns.parties(change.subject)
            if not named - {party} and all(party in told_of[one] for one in change.evidence if one in told_of)
        )


def alarm_entries(
    changes: Iterable[Deviation], state: TrackingState, audience: AlarmAudience, shown_at_us: int
) -> list[Entry]:
    """What the duty officer is shown now, each deviation under its number."""
    counted = Counter(alarm.number // _SERIES * _SERIES for alarm in state.alarms.values())
    entries: list[Entry] = []
    for change in changes:
        known = state.alarms.get((change.clause, change.rule, change.subject, parse_instant(change.at)))
        series = audience.series(change) if known is None else 0
        if known is None:
            counted[series] += 1
        number = series + counted[series] if known is None else known.number
        entries.append(audience.entry(change, shown_at_us, number))
    return entries


def is_open(clause: RunClause) -> bool:
    """Whether a clause looks only at reports of what both sides are told."""
    if isinstance(clause, Embargo):
        return _rest_on_patterns(clause.patterns(), clause.compared) is None
    return _rests(clause) is None


def _is_confidential(number: int) -> bool:
    """Whether it is one of the series that only the intermediary is told of."""
    return _SERIES < number < 2 * _SERIES


def _rests(clause: RunClause) -> _Rests | None:
    """What the verdicts on single persons rest on."""
    match clause:
        case Freeze():
            # Both parties see who was withdrawn and who agreed; an alarm, or none, would add whether it was to protect.
            return _Rests.ON_CONFIDENCES
        case Claim():
            return _Rests.ON_CONFIDENCES
        case Listed():
            # It judges reports of every type, interviews among them.
            return _Rests.ON_CONFIDENCES
        case Embargo():
            # Where it waits for care of everybody it is on a text, which is told to everybody anyway; where it waits
            # for some, or holds back care, its moment could tell of whom it speaks.
            if _rest_on_patterns(clause.hold, ()) is not None:
                return _Rests.ON_CONFIDENCES
            rests = _rest_on_patterns(clause.patterns(), clause.compared)
            return None if rests is _Rests.ON_CARE and clause.of == EVERYONE else rests
        case Absence() | Precedence() | Response() | Deadline() | Concordance() | Reciprocity():
            return _rest_on_patterns(clause.patterns(), clause.compared)
        case _:
            return None


def _rest_on_patterns(patterns: Patterns, compared: tuple[str, ...]) -> _Rests | None:
    types = types_of(patterns)
    if types is None:
        return _Rests.ON_CONFIDENCES
    reported = {REPORTED_AS.get(one, TechnicalReported) for one in types}
    asked = {*compared, *(condition.key for pattern in patterns for condition in pattern.conditions)}
    if ListChangeReported in reported and not asked <= _TOLD_OF_LIST_CHANGES:
        return _Rests.ON_CONFIDENCES
    if reported & {InterviewReported, TechnicalReported}:
        return _Rests.ON_CONFIDENCES
    return _Rests.ON_CARE if CareReported in reported else None
