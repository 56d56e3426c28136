"""Signing on a device of one's own: a key file, what was signed with it, and a copy of the ledger; nothing else.

Beside the key file `NAME` stands `NAME.signed`, which holds every entry that the key signed (`signed_files`). It is
written before anything leaves the device: a number that was used once is never used for anything else.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from nacl.signing import SigningKey

from safeconduct.agreement.authors import Author
from safeconduct.agreement.entries import TermsSignedByParty
from safeconduct.app.author_chain import Chain
from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.exported_copy import ExportedCopy
from safeconduct.app.record import schema_of
from safeconduct.app.signed_files import decode_signed, encode_signed
from safeconduct.app.signed_intake import Signed
from safeconduct.app.signed_state import ToldState, told_state
from safeconduct.app.workspace import read_secret
from safeconduct.exchange.authorship import may_sign, signed_in_time
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel import encoding
from safeconduct.kernel.entry import Entry, type_tag
from safeconduct.kernel.errors import BadInput, Fault, Refused
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger.commitment import SECRET_BYTES, body_root, fields_of
from safeconduct.ledger.header import Header, parse_signed, sign_header
from safeconduct.ledger.note import VerifierKey
from safeconduct.logistics.entries import PlanApprovedByParty
from safeconduct.registry.state import RegistryState

_SCHEMA = schema_of(DECODER)
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a delegate agrees to: the terms or a plan, by the digest of what they have read."""

    what: str
    """`terms` or `plan`."""
    sha256: str


class OwnAct(Protocol):
    """Something else that a delegate signs for their party, on one of its own lists."""

    def entry(self, registry: RegistryState, side: str, public_key: str, now_us: int) -> Entry:
        """The entry to sign. Raises Refused."""
        ...

    def is_done_by(self, entry: Entry) -> bool:
        """Whether an entry that was signed before is what is to be signed."""
        ...


def make_key(path: Path, randomness: Randomness) -> str:
    """Make a key file that its owner alone can read; gives the public key. Raises BadInput, also if it is there."""
    secret = randomness.token_bytes(_KEY_BYTES)
    write_key(path, secret)
    return bytes(SigningKey(secret).verify_key).hex()


def write_key(path: Path, secret: bytes) -> None:
    """Write a new key file that its owner alone can read. Raises BadInput, also if it is there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret.hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise BadInput(Fault(str(path), 0, 0, "is already there", "name another file: no key is overwritten")) from None
    except OSError as error:
        raise BadInput(Fault(str(path), 0, 0, f"cannot be made: {error.strerror}", "check the folder")) from None


def sign_entry(entry: Entry, key: SigningKey, chain: Chain, seen: tuple[int, bytes], secret: bytes) -> Signed:
    """Sign an entry as the next of a chain; `seen` are size and root of the last checkpoint seen."""
    text = encoding.encode(entry)
    root = body_root(secret, fields_of(text, _SCHEMA))
    header = Header(bytes(key.verify_key), chain.author_seq + 1, chain.previous, *seen, root)
    return Signed(sign_header(header, key), secret, text)


def sign_from_copy(
    key_file: Path,
    folder: Path,
    verifier: VerifierKey,
    agreed: Agreed | OwnAct,
    clock: Clock,
    randomness: Randomness,
    progress: Callable[[int], None] = lambda _: None,
) -> Signed:
    """Sign the terms, a plan or an act on a list for the party whose copy this is; what was signed is given again.

    The copy is checked first, whole. Raises BadInput for files that are none; Refused if the copy does not hold or
    tells of no such terms or plan, if this key may not or no more sign, or if the device's clock is behind.
    """
    key = SigningKey(read_secret(key_file))
    public_key = bytes(key.verify_key)
    report = verify_copy(folder, verifier, progress=progress)
    if report.problems:
        raise Refused(f"do not rely on this copy: {report.problems[0]}; see: safeconduct ledger verify {folder}")
    copy = ExportedCopy.open(folder)
    state = told_state(copy, public_key)
    author = _author(state, public_key.hex())
    with _journal(key_file) as (journal, signed):
        for one in signed:
            if _agrees(one, agreed):
                return one
        chain = _chain(key_file, state.chain, signed, report.size)
        now_us = clock.now_us()
        if not signed_in_time(now_us, state.recorded_at_us, now_us):
            raise Refused("the clock of this device is behind: the copy holds entries from after its time; set it")
        entry = _entry(agreed, author, state, chain, now_us)
        made = sign_entry(entry, key, chain, (report.size, report.root), randomness.token_bytes(SECRET_BYTES))
        journal.write(encode_signed(made))
        journal.flush()
        os.fsync(journal.fileno())
    return made


def _author(state: ToldState, public_key: str) -> Author:
    author = state.authors.keys.get(public_key)
    if author is None:
        raise Refused(
            f"the key {public_key[:16]} is not enrolled in this copy: have it enrolled, and ask for a new copy"
        )
    if not author.signs:
        why = "cloned" if author.cloned else f"revoked after its number {author.last_seq}"
        raise Refused(f"the key {public_key[:16]} is {why}: have another enrolled")
    if not may_sign(author, type_tag(TermsSignedByParty)):
        raise Refused(
            f"the key {public_key[:16]} is a {author.kind}'s of {author.actor}: only a party's delegate agrees"
        )
    return author


def _entry(agreed: Agreed | OwnAct, author: Author, state: ToldState, chain: Chain, now_us: int) -> Entry:
    if not isinstance(agreed, Agreed):
        return agreed.entry(state.registry, author.actor, author.public_key, now_us)
    number = chain.author_seq + 1
    if agreed.what == "terms" and agreed.sha256 == state.terms_sha256:
        return TermsSignedByParty(
            occurred_at_us=now_us,
            party=author.actor,
            terms_sha256=agreed.sha256,
            public_key=author.public_key,
            author_seq=number,
        )
    if agreed.what == "plan" and agreed.sha256 in state.plans.values():
        return PlanApprovedByParty(
            occurred_at_us=now_us,
            party=author.actor,
            plan_sha256=agreed.sha256,
            public_key=author.public_key,
            author_seq=number,
        )
    told = [f"terms {state.terms_sha256}"] if state.terms_sha256 else []
    told += [f"plan {sha256} for {exchange}" for exchange, sha256 in sorted(state.plans.items())]
    raise Refused(f"the copy tells of no {agreed.what} {agreed.sha256!r}; it tells of: {', '.join(told) or 'none yet'}")


def _agrees(one: Signed, agreed: Agreed | OwnAct) -> bool:
    entry = DECODER.decode(one.text)
    if not isinstance(agreed, Agreed):
        return agreed.is_done_by(entry)
    match entry:
        case TermsSignedByParty(terms_sha256=sha256):
            return agreed == Agreed("terms", sha256)
        case PlanApprovedByParty(plan_sha256=sha256):
            return agreed == Agreed("plan", sha256)
        case _:
            return False


def _chain(key_file: Path, recorded: Chain, signed: list[Signed], size: int) -> Chain:
    """Where the chain stands by what this device signed. Raises Refused if the record holds what it did not."""
    chains = [Chain(), *(Chain.after(parse_signed(one.signed)) for one in signed)]
    if recorded.author_seq >= len(chains) or chains[recorded.author_seq].previous != recorded.previous:
        raise Refused(
            f"the record holds an entry of this key, its number {recorded.author_seq}, that is not in"
            f" {_journal_path(key_file)}: the key was used elsewhere; have it revoked, and another enrolled"
        )
    if chains[-1].seen_size > size:
        raise Refused("this copy is older than one from which this key has signed: ask for a new one")
    return chains[-1]


def _journal_path(key_file: Path) -> Path:
    return key_file.with_name(f"{key_file.name}.signed")


@contextmanager
def _journal(key_file: Path) -> Iterator[tuple[BinaryIO, list[Signed]]]:
    """What the key signed so far, locked against another program that signs with it."""
    path = _journal_path(key_file)
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b")
    except OSError as error:
        raise BadInput(Fault(str(path), 0, 0, f"cannot be written: {error.strerror}", "check the folder")) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        source = file.read()
        signed = decode_signed(str(path), source) if source else []
        for number, one in enumerate(signed, start=1):
            if parse_signed(one.signed).header.author_seq != number:
                what = f"does not hold the entry that this key signed as its number {number}"
                raise BadInput(Fault(str(path), number, 1, what, "restore it from where it was last whole"))
        yield file, signed
