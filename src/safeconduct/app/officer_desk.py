"""Where persons of the intermediary act, each with a key of their own: the workspace's one writer, here or in a server.

Whoever brings another key than the writer's signs beside the workspace, on the record as it stands there; what is
signed is taken only if it is what would be signed now. An act and its alarms are durable before anything follows.

If a process dies between the second agreement to an erasure and the erasure, both agreements stand and nothing is
erased: whoever asks again brings it about.
"""

from collections.abc import Callable

from msgspec import structs
from nacl.signing import SigningKey

from safeconduct.app.cosigned_record import cosigned_notes
from safeconduct.app.erasing import agreed_by, agreement, erase, keys_to_destroy
from safeconduct.app.office import Office, cosigned_of, folded
from safeconduct.app.officer_acts import (
    Act,
    AgreeToRelease,
    Asked,
    BreakGlass,
    Enrol,
    Entered,
    Entering,
    EraseData,
    ErasureStands,
    GoOnUncosigned,
    ProposeRelease,
    ReviewRelease,
    Revoke,
    Stands,
)
from safeconduct.app.own_device import sign_entry
from safeconduct.app.quorum import Cosigned, agree_uncosigned
from safeconduct.app.record import Record
from safeconduct.app.release_alarms import raise_alarms, raise_limit
from safeconduct.app.release_limits import LimitReached
from safeconduct.app.release_rules import agree, break_glass, propose, review
from safeconduct.app.signed_files import decode_signed, encode_signed
from safeconduct.app.signed_intake import SignedIntake
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.entries import ERASURE_AGREED_FOR_US, ERASURE_KEYS
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel import encoding
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger.commitment import SECRET_BYTES
from safeconduct.ledger.header import AUTHOR


def asking(
    record: Record[Entry],
    state: Exchange,
    cosigned: Callable[[], Cosigned],
    act: EraseData | Entering,
    key: SigningKey,
    clock: Clock,
    randomness: Randomness,
) -> Asked:
    """What a person asks for, signed with their key, by the record as this reader has it.

    What their key may not sign now is asked for unsigned: the desk refuses it, and tells whom it must.
    """
    if bytes(key.verify_key) == record.leaf(0)[AUTHOR]:
        return Asked(act=act)
    public_key, checkpoint = bytes(key.verify_key), record.checkpoint()
    try:
        now_us = clock.now_us()
        entry: Entry | None
        if isinstance(act, EraseData):
            entry = agreement(state, act.subject, act.reason, public_key.hex(), now_us)
        else:
            entry = _entry(record, state, cosigned, act, public_key.hex(), now_us)
    except Refused:
        entry = None
    if entry is None:
        return Asked(act=act, public_key=public_key.hex())
    secret, seen = randomness.token_bytes(SECRET_BYTES), (checkpoint.size, checkpoint.root)
    signed = sign_entry(entry, key, record.chain(public_key), seen, secret)
    return Asked(act=act, public_key=public_key.hex(), signed=encode_signed(signed).decode())


def asking_beside(
    workspace: Workspace, act: Act, key: SigningKey | None, clock: Clock, randomness: Randomness
) -> Asked:
    """The same where another program writes: by the record as it stands on the disk. Raises SafeconductError."""
    if key is None or isinstance(act, Enrol | Revoke):
        return Asked(act=act)
    record = workspace.open_record(DECODER)
    try:
        state = folded(record, record.leaf(0)[AUTHOR], workspace.intermediary)

        def cosigned() -> Cosigned:
            return cosigned_of(record, state, cosigned_notes(workspace))

        return asking(record, state, cosigned, act, key, clock, randomness)
    finally:
        record.close()


def asking_at(office: Office, act: Act, key: SigningKey | None, randomness: Randomness) -> Asked:
    """The same where this program writes."""
    if key is None or isinstance(act, Enrol | Revoke):
        return Asked(act=act)
    return asking(office.recorder, office.state, office.cosigned, act, key, office.clock, randomness)


def perform(office: Office, asked: Asked, everyone: tuple[str, ...]) -> Stands:
    """Record an act and its alarms, and erase where two keys agree to that; it is durable when this returns.

    `everyone`: who is called at once, where a key reaches its limit or a release was not justified. Raises Refused,
    BadInput for what is no signed entry, StorageFailed; where that is Unfinished, the erasure is recorded.
    """
    raise_alarms(office, everyone)
    try:
        done = _perform(office, asked)
    except LimitReached as reached:
        raise_limit(office, reached, everyone)
        raise
    raise_alarms(office, everyone)
    return done


def _perform(office: Office, asked: Asked) -> Stands:
    act, now_us = asked.act, office.clock.now_us()
    if isinstance(act, Enrol | Revoke):
        if asked.public_key:
            raise Refused("keys are enrolled and revoked with the key that writes the record")
        return _entered(office.perform(act.command)[-1])
    public_key = asked.public_key or office.recorder.author.hex()
    if isinstance(act, EraseData):
        agreed = agreement(office.state, act.subject, act.reason, public_key, now_us)
        keys_to_destroy(office, act.subject)
        if agreed is not None:
            _take(office, asked, agreed)
        return _erase(office, act)
    entry = _entry(office.recorder, office.state, office.cosigned, act, public_key, now_us)
    _take(office, asked, entry)
    steps = office.state.agreement.uncosigned
    return _entered(entry, len(steps[act.step, act.exchange]) if isinstance(act, GoOnUncosigned) else 0)


def _entry(
    record: Record[Entry],
    state: Exchange,
    cosigned: Callable[[], Cosigned],
    act: Entering,
    public_key: str,
    now_us: int,
) -> Entry:
    """The entry to be signed with this key. Raises Refused."""
    match act:
        case ProposeRelease():
            return propose(record, state, act.wanted, public_key, now_us)
        case AgreeToRelease():
            return agree(state, act.number, public_key, now_us)
        case BreakGlass():
            return break_glass(record, state, act.wanted, public_key, now_us)
        case ReviewRelease():
            return review(state, act.number, act.finding, act.words, public_key, now_us)
        case GoOnUncosigned():
            return agree_uncosigned(state, act.step, act.exchange, bytes.fromhex(public_key), cosigned(), now_us)


def _take(office: Office, asked: Asked, expected: Entry) -> None:
    """Record the entry, with the key of whoever asks. Raises Refused."""
    if not asked.public_key:
        office.record([expected])
        return
    if not asked.signed:
        raise Refused(f"it is not signed with the key {asked.public_key[:16]}…: ask again")
    signed = decode_signed("the signed entry", asked.signed.encode())[0]
    try:
        entry = encoding.decode(signed.text, DECODER)
    except NotCanonical as error:
        raise Refused(f"the signed entry is none: {error}") from None
    if structs.replace(expected, occurred_at_us=entry.occurred_at_us) != entry:
        raise Refused("what was signed is not what is asked for, as things stand now: ask again")
    SignedIntake(office).take([signed])


def _erase(office: Office, act: EraseData) -> ErasureStands:
    now_us = office.clock.now_us()
    agreed = agreed_by(office.state, act.subject, act.reason, now_us)
    done = erase(office, act.subject, act.reason) if len(agreed) >= ERASURE_KEYS else None
    return ErasureStands(
        subject=act.subject,
        reason=act.reason,
        agreed_by=tuple(agreed),
        until_us=min(agreed.values(), default=now_us) + ERASURE_AGREED_FOR_US,
        keys_destroyed=None if done is None else len(done.key_ids),
        index=office.recorder.size() - 1,
    )


def _entered(entry: Entry, keys: int = 0) -> Entered:
    return Entered(entry=encoding.encode(entry).decode(), keys=keys)
