"""All checks of a mirrored ledger, entry by entry, over what is stored and what is about to be.

The rules are those of `ledger.fsck`, with the authors' keys and the lines that tell a party something.
"""

from collections.abc import Iterable
from typing import NamedTuple

from safeconduct.app.author_check import AuthorCheck
from safeconduct.app.copy_checking import checked_line
from safeconduct.app.told_again import ToldAs
from safeconduct.disclosure.clearance import Clearance
from safeconduct.ledger.fsck import BodyState, EntryChecks, Report, StoredEntry
from safeconduct.ledger.header import Leaf, LeafError, parse_leaf
from safeconduct.ledger.merkle import HASH_BYTES
from safeconduct.ledger.note import VerifierKey
from safeconduct.storage.mirror_store import LeafRow, MirrorStore


class ToldEntry(NamedTuple):
    """What a party is told of one entry."""

    position: int
    recorded_at_us: int
    told: ToldAs


class StoredRows:
    """What is stored, and what is about to be (`fsck.StoredTree`)."""

    def __init__(self, store: MirrorStore) -> None:
        self._store = store
        self._new: dict[int, LeafRow] = {}

    def add(self, rows: Iterable[LeafRow]) -> None:
        """Rows that are not stored yet."""
        self._new |= {row[0]: row for row in rows}

    def clear(self) -> None:
        """All are stored."""
        self._new.clear()

    def leaf(self, index: int) -> bytes:
        """The leaf of an entry."""
        return self._new[index][1] if index in self._new else self._store.leaf(index)

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        last = (index + 1 << level) - 1
        if last in self._new:
            return self._new[last][2][level * HASH_BYTES : (level + 1) * HASH_BYTES]
        return self._store.node(level, index)


class Walk:
    """All checks of a ledger from its first entry on, as far as they have come."""

    def __init__(self, store: MirrorStore, verifier: VerifierKey, clearance: Clearance) -> None:
        self.stored = StoredRows(store)
        self.report = Report(verifier.name)
        self._clearance = clearance
        self._authors = AuthorCheck(judging=True)
        self.checks = EntryChecks(self.report, self.stored, self._authors.check_leaf, self._check_line)
        self._told: list[ToldEntry] = []

    def entry(self, row: LeafRow, line: bytes) -> StoredEntry:
        """An entry as the checks take it."""
        position, leaf, hashes = row
        return StoredEntry(position, leaf, hashes, BodyState.OPENED if line else BodyState.SEALED, line)

    def take(self, row: LeafRow, line: bytes, *, signature_holds: bool) -> None:
        """Check the next entry."""
        try:
            leaf: Leaf | LeafError = parse_leaf(row[1])
        except LeafError as error:
            leaf = error
        self.checks.take(self.entry(row, line), leaf, signature_holds)

    def told_now(self) -> list[ToldEntry]:
        """What was told of the entries taken since the last time."""
        told, self._told = self._told, []
        return told

    def _check_line(self, entry: StoredEntry, leaf: Leaf) -> list[str]:
        found, wrong = checked_line(entry.plaintext, leaf, self._clearance)
        if found is None:
            return list(wrong)
        self._told.append(ToldEntry(entry.index, leaf.recorded_at_us, found))
        return [*wrong, *self._authors.check_fields(leaf, found.told.type, found.told.fields)]
