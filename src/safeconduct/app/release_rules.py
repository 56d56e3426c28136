"""Which entries on releases the present state allows: the entry that a key may sign now, or why it may not."""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from safeconduct.agreement.authors import Author
from safeconduct.app.disclosing import opened_body
from safeconduct.app.office import Office
from safeconduct.app.officer_keys import require_officer
from safeconduct.app.record import Record
from safeconduct.app.release_limits import require_room
from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.disclosure.release_entries import (
    FINDINGS,
    GlassBroken,
    GlassReviewed,
    OnRelease,
    ReleaseAgreed,
    ReleaseProposed,
)
from safeconduct.disclosure.releases import Release, proposal_sha256
from safeconduct.exchange.authorship import CLOCKS_APART_US
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.hpke import is_public_key
from safeconduct.kernel.times import SECOND_US, format_instant

A = TypeVar("A", ReleaseProposed, GlassBroken)

_NAME_AT_MOST, _TEXT_AT_MOST = 100, 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to be released."""

    index: int
    slots: tuple[str, ...]
    recipient: str
    recipient_key: str
    why: str


def propose(record: Record[Entry], state: Exchange, wanted: Wanted, public_key: str, now_us: int) -> ReleaseProposed:
    """The entry by which one key proposes a release. Raises Refused."""
    return _ask(record, state, wanted, public_key, now_us, ReleaseProposed)


def break_glass(record: Record[Entry], state: Exchange, wanted: Wanted, public_key: str, now_us: int) -> GlassBroken:
    """The entry by which one key releases alone. Raises Refused."""
    return _ask(record, state, wanted, public_key, now_us, GlassBroken)


def agree(state: Exchange, number: int, public_key: str, now_us: int) -> ReleaseAgreed:
    """The entry by which another key agrees to a proposal. Raises Refused."""
    release = release_of(state, number)
    if release.keys:
        how = "under break-glass" if release.alone else "by two keys"
        raise Refused(f"release {number} was made {how} already; safeconduct release write {number} writes its file")
    if now_us > release.until_us:
        until = format_instant(release.until_us - release.until_us % SECOND_US)
        raise Refused(f"release {number} could be agreed to until {until}: propose it anew")
    if public_key == release.asked.public_key:
        raise Refused(f"the key {public_key[:16]}… proposed release {number}: another one must agree")
    require_officer(state, public_key, now_us)
    require_officer(state, release.asked.public_key, now_us)
    for key in (public_key, release.asked.public_key):
        require_room(state, key, len(release.asked.slots), now_us)
    return ReleaseAgreed(
        occurred_at_us=now_us,
        number=number,
        public_key=public_key,
        proposal_sha256=proposal_sha256(release.asked),
    )


def review(state: Exchange, number: int, finding: str, words: str, public_key: str, now_us: int) -> GlassReviewed:
    """The entry by which another key reviews a release under break-glass. Raises Refused."""
    release = release_of(state, number)
    if not release.alone:
        raise Refused(f"release {number} is one of two keys: only those under break-glass are reviewed")
    if release.reviewed is not None:
        raise Refused(f"release {number} was found {release.reviewed.finding} already; a review stands")
    if finding not in FINDINGS:
        raise Refused(f"unknown finding {finding!r}; allowed: {', '.join(FINDINGS)}")
    if public_key == release.asked.public_key:
        raise Refused(f"the key {public_key[:16]}… broke the glass: another one must review it")
    require_officer(state, public_key, now_us)
    return GlassReviewed(
        occurred_at_us=now_us,
        number=number,
        public_key=public_key,
        finding=finding,
        words=_said("words", words, _TEXT_AT_MOST),
    )


def release_of(state: Exchange, number: int) -> Release:
    """A release by its number. Raises Refused if there is none."""
    release = state.disclosure.releases.get(number)
    if release is None:
        raise Refused(f"there is no release {number}; safeconduct release list shows them")
    return release


def release_misfit(office: Office, author: Author, entry: OnRelease) -> str:
    """Why an entry that this author signed elsewhere cannot be taken as things stand; empty if it can."""
    now_us, key = office.clock.now_us(), author.public_key
    try:
        expected: OnRelease
        match entry:
            case ReleaseProposed():
                expected = propose(office.recorder, office.state, wanted_by(entry), key, now_us)
            case GlassBroken():
                expected = break_glass(office.recorder, office.state, wanted_by(entry), key, now_us)
            case ReleaseAgreed():
                expected = agree(office.state, entry.number, key, now_us)
            case GlassReviewed():
                expected = review(office.state, entry.number, entry.finding, entry.words, key, now_us)
    except Refused as error:
        return str(error)
    if abs(entry.occurred_at_us - now_us) > CLOCKS_APART_US:
        return "it is not dated now: what a key releases counts from when it does"
    if msgspec.structs.replace(expected, occurred_at_us=entry.occurred_at_us) != entry:
        return "it is not as its author would be let sign it now: sign it anew"
    return ""


def wanted_by(asked: ReleaseProposed | GlassBroken) -> Wanted:
    """What an entry asks for."""
    return Wanted(asked.index, asked.slots, asked.recipient, asked.recipient_key, asked.why)


def _ask(record: Record[Entry], state: Exchange, wanted: Wanted, public_key: str, now_us: int, kind: type[A]) -> A:
    require_officer(state, public_key, now_us)
    recipient, why = _said("to", wanted.recipient, _NAME_AT_MOST), _said("why", wanted.why, _TEXT_AT_MOST)
    if not is_public_key(wanted.recipient_key):
        raise Refused(
            f"{wanted.recipient_key[:70]!r} is no recipient's key: give what safeconduct recipient new printed, "
            "64 lower-case hexadecimal digits"
        )
    if wanted.recipient_key in state.agreement.authors.keys:
        raise Refused(
            f"{wanted.recipient_key[:16]}… is a key that signs entries, which opens nothing: give what safeconduct "
            "recipient new printed"
        )
    slots = _slots(record, wanted)
    require_room(state, public_key, len(slots), now_us)
    return kind(
        occurred_at_us=now_us,
        number=max(state.disclosure.releases, default=0) + 1,
        public_key=public_key,
        index=wanted.index,
        slots=slots,
        recipient=recipient,
        recipient_key=wanted.recipient_key,
        why=why,
    )


def _slots(record: Record[Entry], wanted: Wanted) -> tuple[str, ...]:
    """The slots asked for, in schema order. Raises Refused."""
    index, size = wanted.index, record.size()
    if not 0 <= index < size:
        raise Refused(f"there is no entry {index}; the last is {size - 1}")
    body = opened_body(record.stored_entry(index))
    if body is None:
        raise Refused(f"entry {index}: its data were erased; there is nothing to release")
    known = body.told(INTERMEDIARY)
    if not wanted.slots:
        raise Refused(f"entry {index}: name the fields to release; it has: {', '.join(known)}")
    for slot in wanted.slots:
        if slot not in known:
            raise Refused(f"entry {index}: it has no field {slot!r} that could be released; it has: {', '.join(known)}")
    return tuple(slot for slot in known if slot in wanted.slots)


def _said(what: str, value: str, at_most: int) -> str:
    said = " ".join(value.split())
    if not said or not said.isprintable() or len(said) > at_most:
        raise Refused(f"{what!r} is not a plain text of 1 to {at_most} characters: {value[:40]!r}")
    return said
