"""The record as its readers see it: each entry in whichever state its body is, and the check of the whole.

State is never stored: whoever needs it folds what `Record.read` gives.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, get_args

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.app.author_chain import Chain
from safeconduct.app.author_check import AuthorCheck
from safeconduct.app.erasures import Erasures, lost_in
from safeconduct.app.file_check import check_files
from safeconduct.app.processors import processors
from safeconduct.kernel.entry import Entry, Erased, Opened, Sealed, type_tag
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger import fsck
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.commitment import SECRET_BYTES, Schema
from safeconduct.ledger.fsck import BodyState, Report, StoredEntry
from safeconduct.ledger.header import (
    AUTHOR,
    BODY_ROOT,
    Leaf,
    parse_leaf,
    recorded_at_us_of,
)
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerFile
from safeconduct.storage.sealed_bodies import LOST, Unopenable, unseal

E = TypeVar("E", bound=Entry)

_OPENED = BodyState.OPENED
_FEW = 256
"""Entries whose keys are looked up one by one."""


class Recorded(msgspec.Struct, Generic[E], frozen=True):
    """One entry of the ledger, as this reader sees it."""

    index: int
    recorded_at_us: int
    """When the ledger took it, by the ledger's clock."""
    author: bytes
    """The Ed25519 public key that signed it."""
    body: Opened[E] | Sealed | Erased


def schema_of(decoder: "msgspec.json.Decoder[Any]") -> Schema:
    """The slots of every entry type that this decoder reads, in schema order, `occurred_at_us` first."""
    types: Sequence[type[Entry]] = get_args(decoder.type) or (decoder.type,)
    first = "occurred_at_us"
    slots = {type_tag(one): (first, *(field for field in one.__struct_fields__ if field != first)) for one in types}
    return slots.get


class Record(Generic[E]):
    """A ledger open for reading, with its keys or (None) without."""

    def __init__(
        self, ledger: LedgerFile, keys: KeyStore | None, verifier: VerifierKey, decoder: "msgspec.json.Decoder[E]"
    ) -> None:
        self._ledger = ledger
        self._keys = keys
        self._verifier = verifier
        self._decoder = decoder
        self.schema = schema_of(decoder)
        self._erased: frozenset[bytes] = frozenset()

    def read(self, from_index: int = 0) -> Iterator[Recorded[E]]:
        """The entries from an index on, in their order.

        Commitments and signatures were checked when the entries were taken, and are by `check`; here they are not.
        Raises SafeconductError where the stored bytes cannot be read.
        """
        self._erased = self._ledger.erased_keys()
        sealed, erased = Sealed(), Erased()
        decode = self._decoder.decode
        # A start reads hundreds of thousands of entries. So the common way of an entry, whose key was met before, is
        # one look-up, one call of the cipher and one of the decoder; all else goes through `_open`.
        ciphers: dict[bytes, AESGCM] = {}
        body: Opened[E] | Sealed | Erased
        for expected, (index, leaf, key_id, nonce, ciphertext) in enumerate(
            self._ledger.bodies(from_index), start=from_index
        ):
            if index != expected:
                raise damaged(expected, "it is missing")
            if index == _FEW and from_index == 0 and self._keys is not None:
                # All keys for a start. Whoever follows the ledger, or looks for the terms only, needs few, which
                # are looked up as they are met.
                self._keys.load()
            if key_id is not None and key_id in ciphers and nonce is not None and ciphertext is not None:
                try:
                    plaintext = ciphers[key_id].decrypt(nonce, ciphertext, leaf[BODY_ROOT])
                except (InvalidTag, ValueError):
                    raise damaged(expected, f"its body is {BodyState.DAMAGED.value}") from None
                state = _OPENED
            else:
                state, plaintext = self._open(leaf, key_id, nonce, ciphertext)
                if state is _OPENED and key_id is not None and self._keys is not None:
                    cipher = self._keys.opening(key_id)
                    if cipher is not None:
                        ciphers[key_id] = cipher
            if state is _OPENED:
                try:
                    body = Opened(decode(plaintext[SECRET_BYTES:]))
                except msgspec.DecodeError as error:
                    raise damaged(expected, f"its body is of no type that is known here ({error})") from None
            elif state in (BodyState.SEALED, BodyState.LOST):
                body = sealed
            elif state is BodyState.ERASED:
                body = erased
            else:
                raise damaged(expected, f"its body is {state.value}")
            yield Recorded(index, recorded_at_us_of(leaf), leaf[AUTHOR], body)

    def refresh(self) -> bool:
        """Move on to the ledger as it stands now; whether anything was written since. Raises StorageFailed."""
        return self._ledger.refresh()

    def rest(self) -> None:
        """Hold on to no moment of the ledger until `refresh`: as long as one is held, its log only grows."""
        self._ledger.rest()

    def checkpoint(self) -> Checkpoint:
        """The latest checkpoint, its signature verified. Raises CheckpointError."""
        return open_checkpoint(self.checkpoint_note(), self._verifier)

    def check(self, progress: Callable[[int], None] = lambda _: None) -> Report:
        """Derive everything again from the stored bytes (`ledger.fsck`), and compare erasures with what says so."""
        authors = AuthorCheck(judging=self._keys is not None, lost=lost_in(self._ledger))
        erasures, stored_body = Erasures(), fsck.stored_body(self.schema)

        def check_author(entry: StoredEntry, leaf: Leaf) -> Sequence[str]:
            wrong = authors.check_leaf(entry, leaf)
            if entry.state is BodyState.SEALED:
                authors.pass_sealed()
            return wrong

        def check_body(entry: StoredEntry, leaf: Leaf) -> Sequence[str]:
            body = entry.plaintext[SECRET_BYTES:]
            return stored_body(entry, leaf) or authors.check_body(leaf, body) or erasures.check_body(entry.index, body)

        with processors() as begin:
            report = fsck.check(self, self._verifier, check_body, progress, begin=begin, check_author=check_author)
        report.not_counting, report.not_known = authors.not_counting(), authors.not_known
        erasures.settle(report, self._ledger, self._keys)
        check_files(report, self._ledger, self._keys)
        return report

    def erased_keys(self) -> frozenset[bytes]:
        """The keys whose bodies were erased so far."""
        return self._ledger.erased_keys()

    def checkpoint_note(self) -> bytes:
        """The latest checkpoint as a signed note."""
        return self._ledger.note()

    def stored_entries(self, from_index: int = 0) -> Iterator[StoredEntry]:
        """The stored bytes of every entry from an index on, as the check wants them."""
        if self._keys is not None and from_index == 0:
            self._keys.load()
        self._erased = self._ledger.erased_keys()
        for index, leaf, hashes, key_id, nonce, ciphertext in self._ledger.rows(from_index):
            yield StoredEntry(index, leaf, hashes, *self._open(leaf, key_id, nonce, ciphertext))

    def leaves(self, start: int, end: int) -> list[bytes]:
        """The leaves from `start` to before `end`."""
        return self._ledger.leaves(start, end)

    def leaf(self, index: int) -> bytes:
        """The stored leaf of an entry; empty if it is missing."""
        return self._ledger.leaf(index) or b""

    def stored_entry(self, index: int) -> StoredEntry:
        """The stored bytes of one entry, looked up. Raises SafeconductError if it is not there."""
        self._erased = self._ledger.erased_keys()
        for position, leaf, hashes, key_id, nonce, ciphertext in self._ledger.rows(index):
            if position == index:
                return StoredEntry(index, leaf, hashes, *self._open(leaf, key_id, nonce, ciphertext))
            break
        raise damaged(index, "it is missing")

    def chain(self, author: bytes) -> Chain:
        """Where an author's chain stands."""
        stored = self._ledger.last_leaf(author)
        return Chain() if stored is None else Chain.after(parse_leaf(stored))

    def node(self, level: int, index: int) -> bytes:
        """The stored hash of a complete subtree."""
        return self._ledger.node(level, index)

    @property
    def verifier(self) -> VerifierKey:
        """The key that signs this ledger's checkpoints."""
        return self._verifier

    def size(self) -> int:
        """Number of entries."""
        return self._ledger.size()

    def close(self) -> None:
        """Give up the files, and forget the keys."""
        self._ledger.close()
        if self._keys is not None:
            self._keys.close()

    def _open(
        self, leaf: bytes, key_id: bytes | None, nonce: bytes | None, ciphertext: bytes | None
    ) -> tuple[BodyState, bytes]:
        if key_id is None or nonce is None or ciphertext is None:
            return BodyState.MISSING, b""
        if key_id == LOST.key_id:
            return BodyState.LOST, b""
        if key_id in self._erased:
            return BodyState.ERASED, b""
        if self._keys is None:
            return BodyState.SEALED, b""
        try:
            cipher = self._keys.opening(key_id)
            if cipher is None:
                return BodyState.ERASED, b""
            return _OPENED, unseal(cipher, nonce, ciphertext, leaf[BODY_ROOT])
        except KeyError:
            return BodyState.SEALED, b""
        except Unopenable:
            return BodyState.DAMAGED, b""


def damaged(index: int, what: str) -> SafeconductError:
    """The error of a reader who met an entry that is not as it was recorded."""
    return SafeconductError(f"entry {index}: {what}; run: safeconduct ledger fsck")
