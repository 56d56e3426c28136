"""Alarms on the keys of authors: one that is in two hands, and one whose numbers have a gap.

They are no breach of a clause, and no party is told more by them than by the entries on keys themselves: they go to the
intermediary alone, whose people take them on, hand them over and resolve them as any other.
"""

from collections.abc import Iterable

import msgspec

from safeconduct.agreement.authors import Author
from safeconduct.agreement.entries import AuthorCloned
from safeconduct.agreement.terms import OF_KEYS
from safeconduct.app.alarms import alarm_of_intermediary
from safeconduct.app.office import Office
from safeconduct.exchange.state import Exchange
from safeconduct.tracking.alarm_book import WITHDRAWN
from safeconduct.tracking.entries import Alarm, ConfidentialAlarmShown

CLONE, GAP = "clone", "gap"
_CRITICAL, _SERIOUS = "critical", "serious"


def raise_on_keys(office: Office) -> None:
    """Show each clone that was not shown yet, and take back each gap that was filled. Raises as `Office.record`."""
    now_us = office.clock.now_us()
    for clone in _not_shown(office.state):
        office.record([_clone(office.state, clone, now_us)])
    office.record([_filled(alarm, now_us) for alarm in _gaps(office.state) if _is_filled(office, alarm)])


def raise_gap(office: Office, author: Author, missing: int, number: int) -> None:
    """Show that a key signed an entry of this number while those from `missing` on were not handed in; once a gap."""
    subject = _subject(author.public_key, missing)
    if any(alarm.subject == subject for alarm in _gaps(office.state)):
        return
    last = f" to {number - 1}" if number - 1 > missing else ""
    message = (
        f"Each key numbers its entries without a gap: expected number {missing} of the key {author.public_key[:16]} "
        f"(a {author.kind} of {author.actor}) next; its number {number} was handed in, and {missing}{last} not. Ask "
        "its holder for what lies between: it may have been lost, or kept back."
    )
    now_us = office.clock.now_us()
    office.record([_shown(office.state, GAP, subject, now_us, now_us, _SERIOUS, message)])


def _clone(state: Exchange, entry: AuthorCloned, now_us: int) -> ConfidentialAlarmShown:
    author = state.agreement.authors.keys[entry.public_key]
    message = (
        f"Each key is in one hand: expected one entry of number {entry.author_seq} of the key {entry.public_key[:16]} "
        f"(a {author.kind} of {author.actor or 'the intermediary'}); two were signed, so the key is cloned. Nothing "
        "more is taken under it. Find out who else has it, and revoke it: "
        f"safeconduct author revoke {entry.public_key} --after SEQ --reason cloned."
    )
    subject = _subject(entry.public_key, entry.author_seq)
    return _shown(state, CLONE, subject, entry.occurred_at_us, now_us, _CRITICAL, message)


def _shown(
    state: Exchange, rule: str, subject: str, at_us: int, now_us: int, severity: str, message: str
) -> ConfidentialAlarmShown:
    return alarm_of_intermediary(state.tracking, OF_KEYS, OF_KEYS, rule, subject, at_us, severity, message, now_us)


def _filled(alarm: Alarm, now_us: int) -> Alarm:
    message = f"Withdrawn, what was missing was handed in: {alarm.message}"
    return msgspec.structs.replace(alarm, occurred_at_us=now_us, status=WITHDRAWN, message=message)


def _not_shown(state: Exchange) -> Iterable[AuthorCloned]:
    shown = {
        alarm.subject for alarm in state.tracking.alarms.values() if (alarm.clause, alarm.rule) == (OF_KEYS, CLONE)
    }
    clones = state.agreement.authors.clones.values()
    return [one for one in clones if _subject(one.public_key, one.author_seq) not in shown]


def _gaps(state: Exchange) -> list[Alarm]:
    """The gaps that were shown and stand."""
    return [
        alarm
        for alarm in state.tracking.alarms.values()
        if (alarm.clause, alarm.rule) == (OF_KEYS, GAP) and alarm.status != WITHDRAWN
    ]


def _is_filled(office: Office, alarm: Alarm) -> bool:
    """Whether the first number that was missing is on record by now."""
    key, _, missing = alarm.subject.partition("/")
    authors = office.state.agreement.authors.keys
    return any(
        office.recorder.chain(bytes.fromhex(one)).author_seq >= int(missing) for one in authors if one.startswith(key)
    )


def _subject(public_key: str, number: int) -> str:
    return f"{public_key[:16]}/{number}"
