"""The record: entries written by the one writer, and read back in whichever state their bodies are.

Way of an entry: canonical bytes → commitments → signed header → sealed body → store, with a new signed checkpoint over
the whole group. State is never stored: whoever needs it folds what `Record.read` gives.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Generic, TypeVar, get_args

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.signing import SigningKey

from safeconduct.app.author_chain import Chain, SignedEntry
from safeconduct.app.author_check import AuthorCheck
from safeconduct.app.erasures import Erasures, forget, lost_in
from safeconduct.app.file_check import check_files
from safeconduct.app.processors import processors
from safeconduct.app.rolled_back import SignedSoFar
from safeconduct.kernel import encoding
from safeconduct.kernel.entry import Entry, Erased, Opened, Sealed, type_tag
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger import fsck
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from safeconduct.ledger.commitment import SECRET_BYTES, Schema, body_root, fields_of
from safeconduct.ledger.fsck import BodyState, Report, StoredEntry
from safeconduct.ledger.header import (
    AUTHOR,
    BODY_ROOT,
    Header,
    Leaf,
    hash_of_signed,
    make_leaf,
    parse_leaf,
    recorded_at_us_of,
    sign_header,
)
from safeconduct.ledger.merkle import range_at
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerFile, LedgerWriter
from safeconduct.storage.sealed_bodies import LOST, NONCE_BYTES, SealedBody, Unopenable, seal, unseal

E = TypeVar("E", bound=Entry)

_OPENED = BodyState.OPENED
_RANDOM_BYTES = SECRET_BYTES + NONCE_BYTES
_ROOTS_KEPT = 1024


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
        if self._keys is not None and from_index == 0:
            # All of them for a start; whoever follows the ledger needs few, which are looked up as they are met.
            self._keys.load()
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
                raise _damaged(expected, "it is missing")
            if key_id is not None and key_id in ciphers and nonce is not None and ciphertext is not None:
                try:
                    plaintext = ciphers[key_id].decrypt(nonce, ciphertext, leaf[BODY_ROOT])
                except (InvalidTag, ValueError):
                    raise _damaged(expected, f"its body is {BodyState.DAMAGED.value}") from None
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
                    raise _damaged(expected, f"its body is of no type that is known here ({error})") from None
            elif state in (BodyState.SEALED, BodyState.LOST):
                body = sealed
            elif state is BodyState.ERASED:
                body = erased
            else:
                raise _damaged(expected, f"its body is {state.value}")
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
        erasures = Erasures(fsck.stored_body(self.schema))

        def check_body(entry: StoredEntry, leaf: Leaf) -> Sequence[str]:
            return erasures.check_body(entry, leaf) or authors.check_body(leaf, entry.plaintext[SECRET_BYTES:])

        with processors() as begin:
            report = fsck.check(
                self, self._verifier, check_body, progress, begin=begin, check_author=authors.check_leaf
            )
        report.not_counting = authors.not_counting()
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
        raise _damaged(index, "it is missing")

    def node(self, level: int, index: int) -> bytes:
        """The stored hash of a complete subtree."""
        return self._ledger.node(level, index)

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


class Recorder(Record[E]):
    """The single writer of a ledger."""

    def __init__(
        self,
        ledger: LedgerWriter,
        keys: KeyStore,
        author_key: SigningKey,
        ledger_key: SigningKey,
        verifier: VerifierKey,
        clock: Clock,
        randomness: Randomness,
        decoder: "msgspec.json.Decoder[E]",
        intermediary: str,
        signed: SignedSoFar,
    ) -> None:
        """Raises RolledBack where this is not all that was signed, SafeconductError where it is not sound."""
        super().__init__(ledger, keys, verifier, decoder)
        self.intermediary = intermediary
        """Whose key signs what is recorded here."""
        self._writer = ledger
        self._sealing_keys = keys
        self._author_key = author_key
        self._author = bytes(author_key.verify_key)
        self._ledger_key = ledger_key
        self._clock = clock
        self._randomness = randomness
        self._signed = signed
        self._usable = True
        self._check_end()
        signed.require(ledger.tree.size, ledger.node)
        self._chains: dict[bytes, Chain] = {}
        self._roots: dict[int, bytes] = {}
        last = ledger.last_leaf()
        # The time of recording never falls, even where the machine's clock was set back meanwhile.
        self._recorded_at_us = 0 if last is None else recorded_at_us_of(last)

    def record(self, entries: Sequence[E]) -> range:
        """Append a group, all of it or nothing; it is durable when this returns. Gives the indices.

        Raises NotCanonical for an entry whose values are not of its type's; then nothing was written. Raises
        StorageFailed (disk full, …); then what is in the ledger is known only after opening it anew, and this recorder
        refuses further use. Raises RolledBack once it is known that this is not all that was signed.
        """
        return self._record(entries)

    def _record(self, entries: Sequence[E], erasing: Collection[bytes] = ()) -> range:
        texts = [encoding.encode(entry) for entry in entries]
        for text in texts:
            # Structs do not check what they are given; what could never be read back must not be written.
            encoding.decode(text, self._decoder)
        self._begin(entries)
        seen_size, seen_root = self._writer.tree.size, self._writer.tree.root()
        author_seq, previous = self.chain(self._author)[:2]
        randoms = self._randomness.token_bytes(_RANDOM_BYTES * len(entries))
        group: list[SignedEntry[E]] = []
        nonces: list[bytes] = []
        for number, (entry, text) in enumerate(zip(entries, texts, strict=True)):
            random = randoms[number * _RANDOM_BYTES : (number + 1) * _RANDOM_BYTES]
            secret, nonce = random[:SECRET_BYTES], random[SECRET_BYTES:]
            root = body_root(secret, fields_of(text, self.schema))
            author_seq += 1
            header = Header(self._author, author_seq, previous, seen_size, seen_root, root)
            signed = sign_header(header, self._author_key)
            previous = hash_of_signed(signed)
            group.append(SignedEntry(header, signed, secret, text, entry))
            nonces.append(nonce)
        return self._append(group, nonces, erasing)

    def take(self, group: Sequence["SignedEntry[E]"]) -> range:
        """Append a group of entries that others signed and `app.signed_intake` found sound, as `record` does."""
        self._begin([one.entry for one in group])
        random = self._randomness.token_bytes(NONCE_BYTES * len(group))
        return self._append(group, [random[at : at + NONCE_BYTES] for at in range(0, len(random), NONCE_BYTES)])

    def chain(self, author: bytes) -> Chain:
        """Where an author's chain stands."""
        found = self._chains.get(author)
        if found is None:
            stored = self._writer.last_leaf(author)
            found = self._chains[author] = Chain() if stored is None else Chain.after(parse_leaf(stored))
        return found

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries; those of the sizes asked for last are kept. Raises StorageFailed."""
        root = self._roots.get(size)
        if root is None:
            if len(self._roots) >= _ROOTS_KEPT:
                self._roots.pop(next(iter(self._roots)))
            tree = self._writer.tree
            root = self._roots[size] = (tree if size == tree.size else range_at(size, self._writer.node)).root()
        return root

    def size(self) -> int:
        """Number of entries; nobody else adds any."""
        return self._writer.tree.size

    def signed_of(self, author: bytes, author_seq: int) -> bytes | None:
        """Header and signature of an author's entry by its number; None if there is none. Raises StorageFailed."""
        leaf = self._writer.leaf_of(author, author_seq)
        return None if leaf is None else parse_leaf(leaf).signed

    def recorded_at_us(self, index: int) -> int:
        """When an entry was recorded. Raises StorageFailed, SafeconductError if there is none."""
        leaf = self._writer.leaf(index)
        if leaf is None:
            raise _damaged(index, "it is missing")
        return recorded_at_us_of(leaf)

    def _begin(self, entries: Sequence[E]) -> None:
        if not self._usable:
            raise Refused(f"{self._writer.path}: an earlier write failed; open the workspace anew")
        self._signed.require(self._writer.tree.size, self._writer.node)
        self._usable = False
        # Keys first, and durably (`KeyStore.ensure`): a key without bodies is harmless, a body without its key is lost.
        self._sealing_keys.ensure((entry.sealed_under() for entry in entries), self._randomness)

    def _append(
        self, group: Sequence["SignedEntry[E]"], nonces: Sequence[bytes], erasing: Collection[bytes] = ()
    ) -> range:
        recorded_at_us = max(self._clock.now_us(), self._recorded_at_us)
        leaves: list[bytes] = []
        bodies: list[SealedBody] = []
        for one, nonce in zip(group, nonces, strict=True):
            leaves.append(make_leaf(one.signed, recorded_at_us))
            key_id, cipher = self._sealing_keys.sealing(one.entry.sealed_under())
            bodies.append(seal(cipher, key_id, nonce, one.secret + one.text, one.header.body_root))
        if not leaves:
            self._usable = True
            return range(self._writer.tree.size, self._writer.tree.size)
        indices = self._writer.append(leaves, bodies, self._sign, erasing)
        for one in group:
            self._chains[one.header.author] = one.chain()
        self._recorded_at_us = recorded_at_us
        self._usable = True
        return indices

    def founder(self) -> bytes:
        """The founding key: the author of the first entry; where there is none yet, of the one to come."""
        first = self._ledger.leaf(0)
        return self._author if first is None else first[AUTHOR]

    @property
    def author(self) -> bytes:
        """The public key that signs what is recorded here."""
        return self._author

    @property
    def verifier(self) -> VerifierKey:
        """The key that signs this ledger's checkpoints."""
        return self._verifier

    def root(self) -> bytes:
        """The root over all that is recorded."""
        return self._writer.tree.root()

    def keys_of(self, subjects: Collection[str]) -> list[bytes]:
        """The ids of the data keys that these subjects (`person:ID`) have. Raises StorageFailed."""
        return [key_id for key_id in map(self._sealing_keys.find, subjects) if key_id is not None]

    def erase(self, key_ids: Collection[bytes], entries: Sequence[E]) -> range:
        """Append the entries that say so, overwrite what is sealed under these keys, and destroy the keys.

        One transaction, so that neither stands without the other. When this returns, neither files nor logs hold
        ciphertext or key, and the ledger verifies as before. Raises StorageFailed, also where a log cannot be emptied
        because somebody is reading: the erasure is then recorded, and brought to its end later (`erasures.finish`).
        """
        indices = self._record(entries, key_ids)
        forget(self._writer, self._sealing_keys, key_ids)
        return indices

    def close(self) -> None:
        super().close()
        self._signed.close()

    def _check_end(self) -> None:
        """Never continue what the ledger's own checkpoint does not cover. Raises SafeconductError."""
        checkpoint, tree = self.checkpoint(), self._writer.tree
        if (checkpoint.size, checkpoint.root) != (tree.size, tree.root()):
            raise SafeconductError(
                f"{self._writer.path}: the ledger is not what its checkpoint says; run: safeconduct ledger fsck"
            )

    def _sign(self, size: int, root: bytes) -> bytes:
        return sign_checkpoint(Checkpoint(self._verifier.name, size, root), self._ledger_key)


def _damaged(index: int, what: str) -> SafeconductError:
    return SafeconductError(f"entry {index}: {what}; run: safeconduct ledger fsck")
