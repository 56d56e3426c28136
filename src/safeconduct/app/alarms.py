"""Alarms into entries: what the duty officer is shown, and who else may know of it."""

from collections import Counter
from collections.abc import Collection, Iterable

import msgspec

from safeconduct.agreement.terms import OF_KEYS, OF_RELEASES
from safeconduct.app.grounds import Basis, Rests, basis_of, rests_on
from safeconduct.app.intake import Concerns, is_claim
from safeconduct.app.watched_terms import Standing
from safeconduct.clauses.deviation import OPEN, UNCONFIRMED, WITHDRAWN, Deviation
from safeconduct.clauses.integrity import INTEGRITY
from safeconduct.clauses.library import Terms
from safeconduct.kernel.times import format_instant, parse_instant
from safeconduct.tracking.entries import Alarm, AlarmShown, ConfidentialAlarmShown
from safeconduct.tracking.events import Event
from safeconduct.tracking.state import TrackingState
from safeconduct.vocabulary.breach import Breach

_SERIES = 1_000_000
"""Numbers of confidential alarms begin at multiples of this, a series for each party that may come to know of them."""


class AlarmAudience:
    """Who may know of the alarms of one day: whoever may know of the reports that they rest on."""

    def __init__(self, terms: Terms, concerns: Concerns) -> None:
        self._concerns = concerns
        self._rests = {clause.header.id: rests for clause in terms.running if (rests := rests_on(clause)) is not None}
        self._basis = {clause.header.id: basis_of(clause) for clause in terms.running} | {INTEGRITY: Basis.OPENLY}
        self._homes = sorted(set(concerns.homes.values()))
        self._claims: set[str] = set()
        """The ids of the reports that somebody claims."""
        self._heard: dict[Basis, set[str]] = {basis: set() for basis in Basis}
        """The ids of the reports on each basis."""
        self._told_of: dict[Basis, dict[str, frozenset[str]]] = {basis: {} for basis in Basis}
        """Of each report that not every party is told, those that are; what else came under its id left out."""

    def hear(self, events: Iterable[Event]) -> None:
        """Remember who is told of which report, and which are claims: whatever rests on one is told as it is."""
        for event in events:
            told = self._concerns.told(event)
            for basis in Basis:
                if basis.holds(event):
                    self._heard[basis].add(event.id)
                    if told is not None:
                        known = self._told_of[basis]
                        known[event.id] = known.get(event.id, frozenset(told)).intersection(told)
            if is_claim(event.fields):
                self._claims.add(event.id)

    def entry(self, change: Deviation, shown_at_us: int, number: int, openly: bool) -> Alarm:
        """The deviation as it is recorded. `number` counts from 1 in its series (`series`), `openly` as there."""
        rests = Rests.ON_CONFIDENCES if _is_confidential(number) else self._rests_on(change, openly)
        kind = AlarmShown if rests is None else ConfidentialAlarmShown
        return kind(
            occurred_at_us=shown_at_us,
            own=self._own(change, rests, openly),
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

    def series(self, change: Deviation, openly: bool) -> int:
        """The number after which those of its kind and audience are counted; 0 for those that all parties are told of.

        One that rests on care counts for the home party also while its words keep it from that party's eyes: what they
        name may change, and a number is for ever. `openly`: it was judged over the reports on its clause's basis alone.
        """
        match self._rests_on(change, openly):
            case None:
                return 0
            case Rests.ON_CARE if (home := self._concerns.homes.get(change.subject)) is not None:
                return _SERIES * (2 + self._homes.index(home))
            case _:
                return _SERIES

    def has_turned(self, known: Alarm, change: Deviation, openly: bool) -> bool:
        """Whether all parties were told of it and may know of it no more, or the other way round."""
        return isinstance(known, AlarmShown) != (self.series(change, openly) == 0)

    def _judged_over(self, change: Deviation, openly: bool) -> Basis:
        return self._basis[change.clause] if openly else Basis.EVERYTHING

    def _rests_on(self, change: Deviation, openly: bool) -> Rests | None:
        judged = self._judged_over(change, openly)
        if judged is not self._basis[change.clause]:
            return Rests.ON_CONFIDENCES  # else it would have been judged openly
        heard, everything = self._heard[judged], self._heard[Basis.EVERYTHING]
        if any(one in everything and one not in heard for one in change.evidence):
            return Rests.ON_CONFIDENCES
        if judged is Basis.EVERYTHING and not self._claims.isdisjoint(change.evidence):
            return Rests.ON_CONFIDENCES
        return self._rests.get(change.clause)

    def _own(self, change: Deviation, rests: Rests | None, openly: bool) -> tuple[str, ...]:
        told = self._told(change, self._judged_over(change, openly))
        match rests:
            case None:
                return told
            case Rests.ON_CARE:
                home = self._concerns.homes.get(change.subject)
                return tuple(party for party in told if party == home)
            case Rests.ON_CONFIDENCES:
                return ()

    def _told(self, change: Deviation, judged: Basis) -> tuple[str, ...]:
        """The parties whom a deviation concerns, that are told of all reports on which it rests, and to whom its words
        name nothing that the other side drives.

        An id that stands inside another word counts as named: rather a sentence too few than a vehicle too many.
        """
        words = "\n".join((change.message, *change.evidence, *change.waiting_for))
        named = {operator for one, operator in self._concerns.operators.items() if one in words}
        named.update(*(operators for device, operators in self._concerns.devices.items() if device in words))
        if change.kind == "convoy" and change.subject in self._concerns.mixed:
            return ()  # how far the others are
        told_of = self._told_of[judged]
        return tuple(
            party
            for party in self._concerns.parties(change.subject)
            if not named - {party} and all(party in told_of[one] for one in change.evidence if one in told_of)
        )


def deviation_shown(alarm: Alarm) -> Deviation:
    """The deviation that an alarm told."""
    return Deviation(
        clause=alarm.clause,
        kind=alarm.kind,
        rule=alarm.rule,
        subject=alarm.subject,
        at=format_instant(alarm.at_us),
        severity=alarm.severity,
        status=alarm.status,
        message=alarm.message,
        evidence=alarm.evidence,
        waiting_for=alarm.waiting_for,
    )


def news(stands: Standing, state: TrackingState, audience: AlarmAudience, in_force_since_us: int) -> list[Deviation]:
    """What the duty officer must be shown, where all of `stands` and nothing else stands now.

    New deviations, those that have become certain, those that others may know of than before, and those withdrawn, by
    another plan if they were told before this one was in force; in the order of at, clause, rule, subject.
    """
    standing = {deviation.breach(): deviation for deviation in stands.all()}
    openly = stands.openly_breached()
    shown = {
        deviation_shown(alarm).breach(): alarm
        for alarm in state.alarms.values()
        if alarm.clause not in (OF_RELEASES, OF_KEYS)
    }
    changes = {
        breach: deviation
        for breach, deviation in standing.items()
        if (alarm := shown.get(breach)) is None
        or alarm.status == WITHDRAWN
        or (alarm.status == UNCONFIRMED and deviation.status == OPEN)
        or audience.has_turned(alarm, deviation, breach in openly)
    }
    for breach, alarm in shown.items():
        if alarm.status != WITHDRAWN and breach not in standing:
            changes[breach] = deviation_shown(alarm).withdrawn(alarm.occurred_at_us < in_force_since_us)
    return [changes[breach] for breach in sorted(changes)]


def alarm_entries(
    changes: Iterable[Deviation],
    state: TrackingState,
    audience: AlarmAudience,
    shown_at_us: int,
    openly: Collection[Breach],
) -> list[Alarm]:
    """What the duty officer is shown now, each deviation under its number.

    `openly`: the breaches that were judged over less than all reports (`Basis`). One that turns from a
    public into a confidential alarm, or back, ends as what it was told as, to whom it was told, and begins under
    another number: so what all parties see of alarms never follows from what they may not know.
    """
    counted = Counter(number // _SERIES * _SERIES for number in state.numbered)
    entries: list[Alarm] = []
    for change in changes:
        known = state.alarms.get((change.clause, change.rule, change.subject, parse_instant(change.at)))
        if known is not None and change.status == WITHDRAWN:
            entries.append(_ended(known, change, shown_at_us))
            continue
        is_open = change.breach() in openly
        if known is not None and audience.has_turned(known, change, is_open):
            if known.status != WITHDRAWN:
                entries.append(_ended(known, deviation_shown(known).withdrawn(), shown_at_us))
            known = _told_otherwise(known, state)
        if known is None:
            series = audience.series(change, is_open)
            counted[series] += 1
            number = series + counted[series]
        else:
            number = known.number
        entries.append(audience.entry(change, shown_at_us, number, is_open))
    return entries


def alarm_of_intermediary(
    state: TrackingState,
    clause: str,
    kind: str,
    rule: str,
    subject: str,
    at_us: int,
    severity: str,
    message: str,
    now_us: int,
) -> ConfidentialAlarmShown:
    """An alarm that rests on no clause of the terms, told to the intermediary alone, under its next number."""
    return ConfidentialAlarmShown(
        occurred_at_us=now_us,
        own=(),
        number=_next_of_intermediary(state),
        clause=clause,
        kind=kind,
        rule=rule,
        subject=subject,
        at_us=at_us,
        severity=severity,
        status=OPEN,
        message=message,
        evidence=(),
        waiting_for=(),
    )


def _next_of_intermediary(state: TrackingState) -> int:
    return _SERIES + 1 + sum(map(_is_confidential, state.numbered))


def _told_otherwise(known: Alarm, state: TrackingState) -> Alarm | None:
    """The same deviation as it was told before it turned: it comes back under the number that it had then."""
    public, breach = isinstance(known, AlarmShown), deviation_shown(known).breach()
    same = (one for one in state.numbered.values() if isinstance(one, AlarmShown) != public)
    return next((one for one in same if deviation_shown(one).breach() == breach), None)


def _ended(known: Alarm, change: Deviation, shown_at_us: int) -> Alarm:
    """A withdrawal: of what was told before, to the same ones, and nothing else."""
    return msgspec.structs.replace(
        known, occurred_at_us=shown_at_us, status=change.status, message=change.message, waiting_for=()
    )


def _is_confidential(number: int) -> bool:
    """Whether it is one of the series that only the intermediary is told of."""
    return _SERIES < number < 2 * _SERIES
