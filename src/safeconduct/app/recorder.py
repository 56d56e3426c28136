"""The one writer of a record.

Way of an entry: canonical bytes → commitments → signed header → sealed body → store, with a new signed checkpoint over
the whole group.
"""

from collections.abc import Collection, Sequence
from typing import TypeVar

import msgspec
from nacl.signing import SigningKey

from safeconduct.app.author_chain import Chain, SignedEntry
from safeconduct.app.erasures import Unfinished, finish
from safeconduct.app.record import Record, damaged
from safeconduct.app.rolled_back import SignedSoFar
from safeconduct.kernel import encoding
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.ports import Clock, Randomness
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.commitment import SECRET_BYTES, body_root, fields_of
from safeconduct.ledger.header import (
    AUTHOR,
    Header,
    hash_of_signed,
    make_leaf,
    parse_leaf,
    recorded_at_us_of,
    sign_header,
)
from safeconduct.ledger.merkle import range_at
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerWriter
from safeconduct.storage.sealed_bodies import NONCE_BYTES, SealedBody, seal
from safeconduct.storage.sqlite import StorageFailed

E = TypeVar("E", bound=Entry)

_RANDOM_BYTES = SECRET_BYTES + NONCE_BYTES
_ROOTS_KEPT = 1024


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
            found = self._chains[author] = super().chain(author)
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
            raise damaged(index, "it is missing")
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

    def root(self) -> bytes:
        """The root over all that is recorded."""
        return self._writer.tree.root()

    def keys_of(self, subjects: Collection[str]) -> list[bytes]:
        """The ids of the data keys that these subjects (`person:ID`) have. Raises StorageFailed."""
        return [key_id for key_id in map(self._sealing_keys.find, subjects) if key_id is not None]

    def record_erasure(self, key_ids: Collection[bytes], entries: Sequence[E]) -> range:
        """Append the entries that say so and overwrite what is sealed under these keys; raises as `record`.

        One transaction, so that neither stands without the other. Keys and logs are left to `finish_erasures`.
        """
        return self._record(entries, key_ids)

    def finish_erasures(self) -> None:
        """Destroy the keys of what is erased: then neither files nor logs hold ciphertext or key.

        Raises Unfinished, also where a log cannot be emptied because somebody is reading: to be tried again.
        """
        try:
            finish(self._writer, self._sealing_keys)
        except StorageFailed as error:
            raise Unfinished(f"the erasure is recorded, and not at its end: {error}") from None

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
