"""Alarms on releases of sealed fields, for everybody of the intermediary and nobody else.

They follow from what is recorded and from the time. So whoever next has the ledger open for writing (a command, the
desk on duty every second) records what is lacking: a program that died between a release and its alarm holds none back.
"""

from collections.abc import Iterator

from safeconduct.agreement.authors import Author
from safeconduct.agreement.terms import OF_RELEASES
from safeconduct.app.alarms import alarm_of_intermediary
from safeconduct.app.office import Office
from safeconduct.app.release_limits import LimitReached, rules_of
from safeconduct.disclosure.release_entries import NOT_JUSTIFIED
from safeconduct.disclosure.releases import Release
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.times import SECOND_US, format_instant
from safeconduct.tracking.alarm_book import ASKING
from safeconduct.tracking.alarm_entries import (
    ConfidentialAlarmAssigned,
    ConfidentialAlarmEscalated,
    ConfidentialAlarmResolved,
)
from safeconduct.tracking.entries import ConfidentialAlarmShown

OWNER = "duty desk"
_SERIOUS, _CRITICAL = "serious", "critical"
BROKEN, OVERDUE, UNJUSTIFIED = "break-glass", "review-overdue", "not-justified"
LIMIT, NEW_KEY = "limit", "new-key"
"""The rules that alarms on releases stand under."""


def raise_alarms(office: Office, everyone: tuple[str, ...]) -> None:
    """Record the alarms that should stand by now and do not, and that those reviewed are dealt with.

    `everyone`: who is called at once where a release was not justified.
    """
    while due := due_alarms(office.state, office.clock.now_us(), everyone):
        office.record(due)


def raise_limit(office: Office, reached: LimitReached, to: tuple[str, ...]) -> None:
    """Record that a key was refused for the limit, and call everybody; once as long as somebody is asked to look."""
    state, now_us, subject = office.state, office.clock.now_us(), _short(reached.public_key)
    for number, alarm in state.tracking.numbered.items():
        if (alarm.clause, alarm.rule, alarm.subject) == (OF_RELEASES, LIMIT, subject) and _asks(state, number):
            return
    message = (
        f"{_who(state, reached.public_key)} asked for {reached.asked} more after {reached.done} fields released in 24 "
        f"hours; {reached.limit} is the limit, and it was refused"
    )
    shown = _shown(state, LIMIT, subject, now_us, message, _CRITICAL, now_us)
    office.record([shown, _owned(shown), _escalated(shown, to)])


def is_told(state: Exchange, release: Release) -> bool:
    """Whether everybody of the intermediary was told of a release, where one key made it alone."""
    alarm = (OF_RELEASES, BROKEN, _subject(release), release.asked.occurred_at_us)
    return not release.alone or alarm in state.tracking.alarms


def due_alarms(state: Exchange, now_us: int, everyone: tuple[str, ...]) -> list[Entry]:
    """What is lacking, in entries to be recorded at this moment; more may follow from those."""
    for rule, subject, at_us, message, severity in _standing(state, now_us):
        if (OF_RELEASES, rule, subject, at_us) not in state.tracking.alarms:
            shown = _shown(state, rule, subject, at_us, message, severity, now_us)
            return [shown, _owned(shown), *([_escalated(shown, everyone)] if rule == UNJUSTIFIED else ())]
    reviewed = {_subject(one): one.reviewed for one in state.disclosure.releases.values() if one.reviewed is not None}
    resolved: list[Entry] = []
    for number, alarm in state.tracking.numbered.items() if reviewed else ():
        dealt_with = alarm.clause == OF_RELEASES and alarm.rule in (BROKEN, OVERDUE)
        entry = reviewed.get(alarm.subject) if dealt_with else None
        if entry is not None and _asks(state, number):
            note = f"found {entry.finding.replace('-', ' ')}: {entry.words}"
            by = _who(state, entry.public_key)
            resolved.append(ConfidentialAlarmResolved(occurred_at_us=now_us, own=(), number=number, by=by, note=note))
    return resolved


def _standing(state: Exchange, now_us: int) -> Iterator[tuple[str, str, int, str, str]]:
    """Rule, subject, moment, message and severity of every alarm that should have been shown by now."""
    alone = [one for one in state.disclosure.releases.values() if one.alone]
    review_us = rules_of(state).review_us if alone else 0
    for one in alone:
        asked, by_us = one.asked, one.asked.occurred_at_us + review_us
        count = len(asked.slots)
        what = f"{count} field{'s' * (count != 1)} of entry {asked.index} to {asked.recipient}"
        message = (
            f"{_who(state, asked.public_key)} alone released {what} ({asked.why}); another key must review it by "
            f"{_moment(by_us)}: safeconduct release review {asked.number}"
        )
        yield BROKEN, _subject(one), asked.occurred_at_us, message, _CRITICAL
        if by_us < (now_us if one.reviewed is None else one.reviewed.occurred_at_us):
            message = f"release {asked.number} under break-glass was not reviewed by {_moment(by_us)}"
            yield OVERDUE, _subject(one), by_us, message, _CRITICAL
        if one.reviewed is not None and one.reviewed.finding == NOT_JUSTIFIED:
            message = (
                f"{_who(state, one.reviewed.public_key)} found that release {asked.number} of {what} by "
                f"{_who(state, asked.public_key)} was not justified: {one.reviewed.words}"
            )
            yield UNJUSTIFIED, _subject(one), one.reviewed.occurred_at_us, message, _CRITICAL
    for key, from_us in state.agreement.authors.officers().items():
        if from_us > now_us:
            message = (
                f"{_who(state, key)} was enrolled for the intermediary and counts from {_moment(from_us)} on where two "
                "keys are needed: if nobody knows this key, revoke it"
            )
            yield NEW_KEY, _short(key), state.agreement.authors.keys[key].enrolled_us, message, _SERIOUS


def _shown(
    state: Exchange, rule: str, subject: str, at_us: int, message: str, severity: str, now_us: int
) -> ConfidentialAlarmShown:
    return alarm_of_intermediary(
        state.tracking, OF_RELEASES, "release", rule, subject, at_us, severity, message, now_us
    )


def _owned(shown: ConfidentialAlarmShown) -> ConfidentialAlarmAssigned:
    return ConfidentialAlarmAssigned(
        occurred_at_us=shown.occurred_at_us, own=(), number=shown.number, owner=OWNER, by="safeconduct"
    )


def _escalated(shown: ConfidentialAlarmShown, to: tuple[str, ...]) -> ConfidentialAlarmEscalated:
    return ConfidentialAlarmEscalated(occurred_at_us=shown.occurred_at_us, own=(), number=shown.number, to=to)


def _asks(state: Exchange, number: int) -> bool:
    terms = state.agreement.terms
    return state.tracking.book[number].state(terms.parties if terms else ()) in ASKING


def _who(state: Exchange, public_key: str) -> str:
    author: Author | None = state.agreement.authors.keys.get(public_key)
    return f"the key {_short(public_key)}…" + (f" ({author.label})" if author is not None else "")


def _subject(release: Release) -> str:
    return f"release {release.asked.number}"


def _short(public_key: str) -> str:
    return public_key[:16]


def _moment(at_us: int) -> str:
    return format_instant(at_us - at_us % SECOND_US)
