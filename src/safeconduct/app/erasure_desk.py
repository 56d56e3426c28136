"""Where persons of the intermediary ask for an erasure, each with a key of their own: the second one brings it about.

If a process dies between the second agreement and the erasure, both agreements stand and nothing is erased: whoever
asks again brings it about.
"""

import msgspec
from nacl.signing import SigningKey

from safeconduct.app.erasing import agreed_by, agreement, erase, keys_to_destroy
from safeconduct.app.office import Office
from safeconduct.app.own_device import sign_entry
from safeconduct.app.record import Record
from safeconduct.app.signed_files import decode_signed, encode_signed
from safeconduct.app.signed_intake import SignedIntake
from safeconduct.disclosure.entries import ERASURE_AGREED_FOR_US, ERASURE_KEYS, ErasureAgreed
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel import encoding
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger.commitment import SECRET_BYTES
from safeconduct.ledger.header import AUTHOR


class ErasureAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person asks for an erasure."""

    subject: str
    reason: str
    public_key: str = ""
    """The key that agrees; empty for the one that writes the record, whose entries its one writer signs."""
    signed: str = ""
    """The agreement that the other key signed, as a line of `signed_files`."""


class ErasureStands(msgspec.Struct, frozen=True, kw_only=True):
    """How far an erasure has come."""

    subject: str
    reason: str
    agreed_by: tuple[str, ...]
    until_us: int
    """So long what was agreed to holds."""
    keys_destroyed: int | None
    """How many data keys were destroyed; None while nothing is erased."""
    index: int
    """Of the entry that says so."""


def asking(
    record: Record[Entry], subject: str, reason: str, key: SigningKey | None, clock: Clock, randomness: Randomness
) -> ErasureAsked:
    """What a person asks for, signed with their key; None: with the one that writes the record."""
    if key is None or bytes(key.verify_key) == record.leaf(0)[AUTHOR]:
        return ErasureAsked(subject=subject, reason=reason)
    public_key, checkpoint = bytes(key.verify_key), record.checkpoint()
    entry = ErasureAgreed(occurred_at_us=clock.now_us(), subject=subject, reason=reason, public_key=public_key.hex())
    secret, seen = randomness.token_bytes(SECRET_BYTES), (checkpoint.size, checkpoint.root)
    signed = sign_entry(entry, key, record.chain(public_key), seen, secret)
    return ErasureAsked(
        subject=subject, reason=reason, public_key=public_key.hex(), signed=encode_signed(signed).decode()
    )


def ask_for_erasure(office: Office, asked: ErasureAsked) -> ErasureStands:
    """Record that a key agrees, and erase where that makes two.

    Raises Refused, BadInput for what is no signed entry, StorageFailed; where that is Unfinished, the erasure is
    recorded.
    """
    subject, reason, now_us = asked.subject, asked.reason, office.clock.now_us()
    entry = agreement(office.state, subject, reason, asked.public_key or office.recorder.author.hex(), now_us)
    keys_to_destroy(office, subject)
    if entry is not None:
        if asked.public_key:
            _take_signed(office, asked)
        else:
            office.record([entry])
    agreed = agreed_by(office.state, subject, reason, now_us)
    done = erase(office, subject, reason) if len(agreed) >= ERASURE_KEYS else None
    return ErasureStands(
        subject=subject,
        reason=reason,
        agreed_by=tuple(agreed),
        until_us=min(agreed.values(), default=now_us) + ERASURE_AGREED_FOR_US,
        keys_destroyed=None if done is None else len(done.key_ids),
        index=office.recorder.size() - 1,
    )


def _take_signed(office: Office, asked: ErasureAsked) -> None:
    signed = decode_signed("the signed agreement", asked.signed.encode())[0]
    try:
        entry = encoding.decode(signed.text, DECODER)
    except NotCanonical as error:
        raise Refused(f"the signed agreement is none: {error}") from None
    wanted = (asked.subject, asked.reason, asked.public_key)
    if not isinstance(entry, ErasureAgreed) or (entry.subject, entry.reason, entry.public_key) != wanted:
        raise Refused("what was signed is not the agreement to this erasure")
    SignedIntake(office).take([signed])
