"""Decisions on keys: which may sign entries from now on, and which no more."""

from nacl.bindings import crypto_core_ed25519_is_valid_point

from safeconduct.agreement.authors import KINDS, REASONS
from safeconduct.agreement.entries import AuthorEnrolled, AuthorRevoked, TermsRecorded
from safeconduct.app.commands import EnrolAuthor, RevokeAuthor
from safeconduct.exchange.state import Exchange
from safeconduct.kernel.encoding import MAX_INTEGER
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused

_KEY_DIGITS = 64
_LABEL_AT_MOST = 100


def enrol_author(state: Exchange, terms: TermsRecorded, command: EnrolAuthor, now_us: int) -> list[Entry]:
    """The entry that enrols a key. Raises Refused."""
    if not is_author_key(command.public_key):
        raise Refused(
            f"{command.public_key!r} is no public key: give what safeconduct author new printed,"
            f" {_KEY_DIGITS} lower-case hexadecimal digits"
        )
    known = state.agreement.authors.keys.get(command.public_key)
    if known is not None:
        raise Refused(f"the key {command.public_key[:16]} is enrolled for {known.actor} already: make another")
    if command.kind not in KINDS:
        raise Refused(f"unknown kind of author {command.kind!r}; allowed: {', '.join(KINDS)}")
    label = command.label.strip()
    if not label or not label.isprintable() or len(label) > _LABEL_AT_MOST:
        raise Refused(f"the label {command.label!r} names nobody: give an office or a device, in one plain line")
    return [
        AuthorEnrolled(
            occurred_at_us=now_us,
            own=_own(state, terms, command.actor),
            public_key=command.public_key,
            actor=command.actor,
            kind=command.kind,
            label=label,
            attested_by=command.attested_by,
        )
    ]


def revoke_author(state: Exchange, command: RevokeAuthor, now_us: int) -> list[Entry]:
    """The entry that revokes a key. Raises Refused."""
    known = state.agreement.authors.keys.get(command.public_key)
    if known is None:
        raise Refused(f"no key {command.public_key!r} is enrolled; see: safeconduct author list")
    if known.founding:
        raise Refused("this is the key that writes the record: without it nothing could be recorded any more")
    if command.reason not in REASONS:
        raise Refused(f"unknown reason {command.reason!r}; allowed: {', '.join(REASONS)}")
    if not 0 <= command.last_seq <= MAX_INTEGER:
        raise Refused("entries are numbered from 1: give the number of the last that counts, or 0 if none does")
    if known.last_seq is not None and known.last_seq <= command.last_seq:
        raise Refused(
            f"the key {command.public_key[:16]} is revoked after its number {known.last_seq} already;"
            " only an earlier cut changes that"
        )
    return [
        AuthorRevoked(
            occurred_at_us=now_us,
            own=known.own,
            public_key=command.public_key,
            last_seq=command.last_seq,
            reason=command.reason,
            attested_by=command.attested_by,
        )
    ]


def is_author_key(text: str) -> bool:
    """Whether this is, in hexadecimal digits, an Ed25519 public key under which libsodium accepts signatures.

    Stricter than its verification: no point outside the group of prime order, so that a key cannot be chosen for which
    two programs would ever disagree.
    """
    if len(text) != _KEY_DIGITS or text != text.lower():
        return False
    try:
        return crypto_core_ed25519_is_valid_point(bytes.fromhex(text))
    except ValueError:
        return False


def _own(state: Exchange, terms: TermsRecorded, actor: str) -> tuple[str, ...]:
    """The party that an actor is or belongs to. Raises Refused for somebody unknown."""
    if actor in terms.parties:
        return (actor,)
    if actor in terms.intermediaries:
        return ()
    facility = state.reception.enrolled.get(actor)
    if facility is None:
        known = ", ".join((*terms.parties, *terms.intermediaries, *state.reception.enrolled))
        raise Refused(f"{actor!r} is neither party, intermediary nor enrolled facility; known are: {known}")
    return (facility.home,)
