"""Acts on alarms decided: who takes them on, hands them over, resolves or waives them."""

from collections.abc import Sequence
from typing import assert_never

from safeconduct.app.commands import AcknowledgeAlarms, AssignAlarms, OnAlarms, ResolveAlarms, WaiveAlarms
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.tracking.alarm_book import ACKNOWLEDGED, ASKING, RESOLVED, UNACKNOWLEDGED, Glance, seen
from safeconduct.tracking.alarm_entries import (
    AlarmAcknowledged,
    AlarmAssigned,
    AlarmEscalated,
    AlarmResolved,
    AlarmWaived,
    ConfidentialAlarmAcknowledged,
    ConfidentialAlarmAssigned,
    ConfidentialAlarmEscalated,
    ConfidentialAlarmResolved,
)
from safeconduct.tracking.entries import Alarm, AlarmShown
from safeconduct.tracking.escalation import Escalation, overdue

_NAME_AT_MOST, _TEXT_AT_MOST = 100, 2000
_NAMED = 3


def on_alarms(state: Exchange, parties: tuple[str, ...], command: OnAlarms, now_us: int) -> list[Entry]:
    """The entries that an act makes, one for each deviation. Raises Refused, also where they changed meanwhile."""
    by = _name("by", command.by)
    alarms, glances = _as_seen(state, parties, command)
    match command:
        case AcknowledgeAlarms():
            _all_are(glances, (UNACKNOWLEDGED,), "acknowledged")
            return [
                (AlarmAcknowledged if isinstance(alarm, AlarmShown) else ConfidentialAlarmAcknowledged)(
                    occurred_at_us=now_us, own=alarm.own, number=alarm.number, by=by
                )
                for alarm in alarms
            ]
        case AssignAlarms():
            owner = _name("to", command.to)
            _all_are(glances, ASKING, "handed over")
            if all(one.owner == owner for one in glances):
                raise Refused(f"{_numbers(glances)}: {owner} looks after that already")
            return [
                (AlarmAssigned if isinstance(alarm, AlarmShown) else ConfidentialAlarmAssigned)(
                    occurred_at_us=now_us, own=alarm.own, number=alarm.number, owner=owner, by=by
                )
                for alarm in alarms
            ]
        case ResolveAlarms():
            note = _text("note", command.note)
            _all_are(glances, ASKING, "resolved")
            return [
                (AlarmResolved if isinstance(alarm, AlarmShown) else ConfidentialAlarmResolved)(
                    occurred_at_us=now_us, own=alarm.own, number=alarm.number, by=by, note=note
                )
                for alarm in alarms
            ]
        case WaiveAlarms():
            return _waive(parties, command, by, alarms, glances, now_us)
        case _:
            assert_never(command)


def escalations(state: Exchange, settings: Escalation, now_us: int) -> list[Entry]:
    """The alarms that nobody has taken on in time, as entries: computed, not decided by anybody."""
    tracking, terms = state.tracking, state.agreement.terms
    numbers = overdue(
        ((number, alarm.severity, tracking.book[number]) for number, alarm in sorted(tracking.numbered.items())),
        terms.parties if terms else (),
        settings,
        now_us,
    )
    return [
        (AlarmEscalated if isinstance(alarm, AlarmShown) else ConfidentialAlarmEscalated)(
            occurred_at_us=now_us, own=alarm.own, number=alarm.number, to=settings.to
        )
        for alarm in map(tracking.numbered.__getitem__, numbers)
    ]


def escalation_words(entries: Sequence[Entry], to: tuple[str, ...]) -> str:
    """Escalations in a sentence for a terminal."""
    numbers = [str(one.number) for one in entries if isinstance(one, AlarmEscalated | ConfidentialAlarmEscalated)]
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    which = f"{', '.join(numbers[:_NAMED])}{more}"
    return f"nobody has acknowledged {which} in time: escalated to {', '.join(to)}; safeconduct alarms lists them"


def _waive(
    parties: tuple[str, ...],
    command: WaiveAlarms,
    by: str,
    alarms: Sequence[Alarm],
    glances: Sequence[Glance],
    now_us: int,
) -> list[Entry]:
    party, reason = command.party, _text("reason", command.reason)
    if party not in parties:
        raise Refused(f"{party!r} is not a party of the agreement; its parties: {', '.join(parties)}")
    _all_are(glances, (*ASKING, RESOLVED), "waived")
    waived = [one for one in glances if party in one.waived_by]
    if waived:
        raise Refused(f"{_numbers(waived)}: {party} has waived that already")
    entries: list[Entry] = []
    for alarm in alarms:
        if not isinstance(alarm, AlarmShown):
            raise Refused(
                f"alarm {alarm.number} rests on what not every party may know: none can waive it; resolve it instead"
            )
        entries.append(
            AlarmWaived(occurred_at_us=now_us, own=alarm.own, number=alarm.number, party=party, by=by, reason=reason)
        )
    return entries


def _as_seen(state: Exchange, parties: tuple[str, ...], command: OnAlarms) -> tuple[list[Alarm], list[Glance]]:
    """What the command is about, if it is as its author saw it."""
    tracking = state.tracking
    if not command.seen.numbers:
        raise Refused("no alarm is named; safeconduct alarms lists them")
    for number in command.seen.numbers:
        if number not in tracking.numbered:
            raise Refused(f"there is no alarm {number}; safeconduct alarms lists them")
    glances = [tracking.book.glance(number, parties) for number in command.seen.numbers]
    if seen(glances) != command.seen:
        raise Refused(f"{_now(glances)}: that has changed since it was looked at; look again, then decide")
    return [tracking.numbered[one.number] for one in glances], glances


def _all_are(glances: Sequence[Glance], states: tuple[str, ...], what: str) -> None:
    others = [one for one in glances if one.state not in states]
    if others:
        raise Refused(f"{_now(others)}: cannot be {what} now")


def _now(glances: Sequence[Glance]) -> str:
    """The first few, each as it is now."""
    told = [
        f"alarm {one.number} is {one.state}" + (f" by {one.owner}" if one.state == ACKNOWLEDGED else "")
        for one in glances[:_NAMED]
    ]
    more = f" and {len(glances) - _NAMED} more" if len(glances) > _NAMED else ""
    return ", ".join(told) + more


def _numbers(glances: Sequence[Glance]) -> str:
    more = f" and {len(glances) - _NAMED} more" if len(glances) > _NAMED else ""
    return "alarm " + ", ".join(str(one.number) for one in glances[:_NAMED]) + more


def _name(what: str, value: str) -> str:
    return _said(what, value, _NAME_AT_MOST, "a name or role")


def _text(what: str, value: str) -> str:
    return _said(what, value, _TEXT_AT_MOST, "a sentence")


def _said(what: str, value: str, at_most: int, wanted: str) -> str:
    said = " ".join(value.split())
    if not said or not said.isprintable() or len(said) > at_most:
        raise Refused(f"{what!r} is not {wanted} of at most {at_most} characters: {value[:40]!r}")
    return said
