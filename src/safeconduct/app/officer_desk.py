"""Where persons of the intermediary act, each with a key of their own: the workspace's one writer, here or in a server.

Whoever brings another key than the writer's signs beside the workspace, on the record as it stands there; what is
signed is taken only if it is what would be signed now. An act and its alarms are durable before anything follows.

If a process dies between the second agreement to an erasure and the erasure, both agreements stand and nothing is
erased: whoever asks again brings it about.
"""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import structs
from nacl.signing import SigningKey

from safeconduct.app.author_chain import Chain
from safeconduct.app.erasing import agreed_by, agreement, erase, keys_to_destroy
from safeconduct.app.office import Office
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
    TakeSigned,
    TookSigned,
)
from safeconduct.app.own_device import sign_entry
from safeconduct.app.quorum import Cosigned, agree_uncosigned
from safeconduct.app.record import Record
from safeconduct.app.registry_acts import OnRegistry, RecordFindings
from safeconduct.app.registry_desk import perform_on_registry, refuse_outdated
from safeconduct.app.release_alarms import raise_alarms, raise_limit
from safeconduct.app.release_limits import LimitReached
from safeconduct.app.release_rules import agree, break_glass, propose, review
from safeconduct.app.signed_files import decode_signed, encode_signed
from safeconduct.app.signed_intake import SignedIntake
from safeconduct.disclosure.entries import ERASURE_AGREED_FOR_US, ERASURE_KEYS
from safeconduct.exchange.entries import DECODER
from safeconduct.exchange.state import Exchange
from safeconduct.kernel import encoding
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger.commitment import SECRET_BYTES
from safeconduct.ledger.header import AUTHOR, LeafError, parse_signed


def asking(
    record: Record[Entry],
    state: Exchange,
    cosigned: Callable[[], Cosigned],
    act: Act,
    key: SigningKey,
    clock: Clock,
    randomness: Randomness,
) -> Asked:
    """What a person asks for, signed with their key, by the record as this reader has it.

    What their key may not sign now is asked for unsigned: the desk refuses it, and tells whom it must.
    """
    if isinstance(act, Enrol | Revoke) or bytes(key.verify_key) == record.leaf(0)[AUTHOR]:
        return Asked(act=act)
    public_key = bytes(key.verify_key)
    try:
        entries = _to_sign(record, state, cosigned, act, public_key.hex(), clock.now_us())
    except Refused:
        entries = ()
    if not entries:
        return Asked(act=act, public_key=public_key.hex())
    checkpoint, chain, lines = record.checkpoint(), record.chain(public_key), []
    for entry in entries:
        secret = randomness.token_bytes(SECRET_BYTES)
        signed = sign_entry(entry, key, chain, (checkpoint.size, checkpoint.root), secret)
        chain = Chain.after(parse_signed(signed.signed))
        lines.append(encode_signed(signed).decode())
    return Asked(act=act, public_key=public_key.hex(), signed="".join(lines))


def asking_at(office: Office, act: Act, key: SigningKey | None, randomness: Randomness) -> Asked:
    """The same where this program writes; without a key, the writer's own."""
    if key is None:
        return Asked(act=act)
    return asking(office.recorder, office.state, office.cosigned, act, key, office.clock, randomness)


def _to_sign(
    record: Record[Entry], state: Exchange, cosigned: Callable[[], Cosigned], act: Act, public_key: str, now_us: int
) -> Sequence[Entry]:
    """What whoever asks signs with a key that is not the writer's; nothing where it stands already. Raises Refused."""
    if isinstance(act, EraseData):
        agreed = agreement(state, act.subject, act.reason, public_key, now_us)
        return () if agreed is None else (agreed,)
    if isinstance(act, RecordFindings):
        refuse_outdated(state, act)
        return [structs.replace(one, occurred_at_us=now_us) for one in act.opinions]
    return (_entry(record, state, cosigned, act, public_key, now_us),) if isinstance(act, Entering) else ()


def perform(office: Office, asked: Asked, everyone: tuple[str, ...]) -> Stands:
    """Record an act and its alarms, and erase where two keys agree to that; it is durable when this returns.

    `everyone`: who is called at once, where a key reaches its limit or a release was not justified. Raises Refused,
    BadInput for what is no signed entry, StorageFailed; where that is Unfinished, the erasure is recorded.
    """
    if isinstance(asked.act, OnRegistry):
        # No release, erasure or key, and often: there is no alarm to look for.
        return perform_on_registry(office, asked.act, partial(_take, office, asked) if asked.public_key else None)
    raise_alarms(office, everyone)
    try:
        done = _perform(office, asked, asked.act)
    except LimitReached as reached:
        raise_limit(office, reached, everyone)
        raise
    raise_alarms(office, everyone)
    return done


def _perform(office: Office, asked: Asked, act: EraseData | Entering | Enrol | Revoke | TakeSigned) -> Stands:
    now_us = office.clock.now_us()
    if isinstance(act, TakeSigned):
        return _take_in(office, act)
    if isinstance(act, Enrol | Revoke):
        if asked.public_key:
            raise Refused("keys are enrolled and revoked with the key that writes the record")
        return _entered(office.perform(act.command)[-1])
    public_key = asked.public_key or office.recorder.author.hex()
    if isinstance(act, EraseData):
        agreed = agreement(office.state, act.subject, act.reason, public_key, now_us)
        keys_to_destroy(office, act.subject)
        if agreed is not None:
            _take(office, asked, [agreed])
        return _erase(office, act)
    entry = _entry(office.recorder, office.state, office.cosigned, act, public_key, now_us)
    _take(office, asked, [entry])
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


def _take(office: Office, asked: Asked, expected: Sequence[Entry]) -> None:
    """Record entries, with the key of whoever asks. Raises Refused."""
    if not asked.public_key:
        office.record(expected)
        return
    if not asked.signed:
        raise Refused(f"it is not signed with the key {asked.public_key[:16]}…: ask again")
    group = decode_signed("the signed entry", asked.signed.encode())
    try:
        entries = [encoding.decode(signed.text, DECODER) for signed in group]
        first = parse_signed(group[0].signed).header
    except (NotCanonical, LeafError) as error:
        raise Refused(f"the signed entry is none: {error}") from None
    if len(entries) != len(expected) or any(
        structs.replace(wanted, occurred_at_us=entry.occurred_at_us) != entry
        for wanted, entry in zip(expected, entries, strict=True)
    ):
        raise Refused("what was signed is not what is asked for, as things stand now: ask again")
    if first.author_seq <= office.recorder.chain(first.author).author_seq:
        # Two programs beside the workspace signed at once with one key, which is no proof that it is in two hands.
        raise Refused("another entry signed with this key came first: ask again")
    SignedIntake(office).take(group)


def _take_in(office: Office, act: TakeSigned) -> TookSigned:
    first = office.recorder.size()
    done = SignedIntake(office).take(decode_signed("the signed entries", act.lines.encode()))
    return TookSigned(taken=done.taken, already=done.already, first=first, size=office.recorder.size())


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
