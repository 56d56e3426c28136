"""The ledger in one SQLite file: leaves with the tree's nodes, sealed bodies, and the latest signed checkpoint.

A leaf's row also holds the hashes of the complete subtrees that end with it: one row an entry, written once, and any
node of the tree is found by one look-up. A group of entries, their bodies and the checkpoint that covers them are one
transaction: after a crash there is all of a group or nothing.

Bodies that are erased are overwritten with zeros of the same length, never deleted: a deleted row lets SQLite move its
neighbours to other pages, and what it leaves of them where they stood is out of reach of their own erasure later.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.ledger.header import AUTHOR
from safeconduct.ledger.merkle import HASH_BYTES, CompactRange, leaf_hash, range_at
from safeconduct.storage import sqlite
from safeconduct.storage.sealed_bodies import LOST, SealedBody
from safeconduct.storage.sqlite import StorageFailed, flaws

VERSION = 1

_SCHEMA = """
CREATE TABLE leaf (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, hashes BLOB NOT NULL) STRICT;
CREATE TABLE body (
    position INTEGER PRIMARY KEY, key_id BLOB NOT NULL, nonce BLOB NOT NULL, ciphertext BLOB NOT NULL
) STRICT;
CREATE TABLE checkpoint (only INTEGER PRIMARY KEY CHECK (only = 0), note BLOB NOT NULL) STRICT
"""

_ERASED = "CREATE TABLE IF NOT EXISTS erased (key_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID"
"""The keys whose bodies were erased. It is there once something was."""
_NOT_BLANK = (
    "SELECT position FROM body WHERE key_id IN (SELECT key_id FROM erased) "
    "AND ciphertext != zeroblob(length(ciphertext)) ORDER BY position"
)
_BLANK = (
    "UPDATE body SET nonce = zeroblob(length(nonce)), ciphertext = zeroblob(length(ciphertext)) "
    "WHERE key_id IN (SELECT key_id FROM erased) AND ciphertext != zeroblob(length(ciphertext))"
)

SignCheckpoint = Callable[[int, bytes], bytes]
"""Makes the signed note of a size and root."""


Row = tuple[int, bytes, bytes, bytes | None, bytes | None, bytes | None]
"""A stored entry: position, leaf, hashes, and of its body key id, nonce and ciphertext (None where it is missing).

A plain tuple as SQLite gives it: a whole ledger is read at every start.
"""


BodyRow = tuple[int, bytes, bytes | None, bytes | None, bytes | None]
"""The same without the hashes, as a fold wants it."""


class LedgerFile:
    """A ledger file open for reading: one moment of it, whatever is appended meanwhile.

    Whatever a damaged page holds in a column, what comes of it is bytes: of a body perhaps None, which is missing.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._seen: int | None = None
        self._file = _identity(path)

    @classmethod
    def open(cls, path: Path) -> "LedgerFile":
        """Open for reading. Raises BadInput if it is no ledger."""
        connection = sqlite.open_existing(path, VERSION, writable=False)
        connection.execute("BEGIN")
        return cls(path, connection)

    def note(self) -> bytes:
        """The latest signed checkpoint; empty if there is none. Raises StorageFailed."""
        with self._reading():
            found = self._connection.execute("SELECT coalesce(CAST(note AS BLOB), x'') FROM checkpoint").fetchone()
        return bytes(found[0]) if found else b""

    def size(self) -> int:
        """Number of entries. Raises StorageFailed."""
        with self._reading():
            (size,) = self._connection.execute("SELECT coalesce(max(position) + 1, 0) FROM leaf").fetchone()
        return int(size)

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Entries from `start` on. Raises StorageFailed where the file cannot be read."""
        query = (
            "SELECT leaf.position, coalesce(CAST(leaf AS BLOB), x''), coalesce(CAST(hashes AS BLOB), x''), "
            "CAST(key_id AS BLOB), CAST(nonce AS BLOB), CAST(ciphertext AS BLOB) "
            "FROM leaf LEFT JOIN body USING (position) WHERE leaf.position >= ? ORDER BY leaf.position"
        )
        with self._reading():
            yield from self._connection.execute(query, (start,))

    def bodies(self, start: int = 0) -> Iterator[BodyRow]:
        """Leaves and sealed bodies from `start` on, without the hashes. Raises StorageFailed."""
        query = (
            "SELECT leaf.position, coalesce(CAST(leaf AS BLOB), x''), "
            "CAST(key_id AS BLOB), CAST(nonce AS BLOB), CAST(ciphertext AS BLOB) "
            "FROM leaf LEFT JOIN body USING (position) WHERE leaf.position >= ? ORDER BY leaf.position"
        )
        with self._reading():
            yield from self._connection.execute(query, (start,))

    def erased_keys(self) -> frozenset[bytes]:
        """The keys whose bodies were erased, wherever a copy of them may still be. Raises StorageFailed."""
        with self._reading():
            if not self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'erased'").fetchone():
                return frozenset()
            return frozenset(key_id for (key_id,) in self._connection.execute("SELECT key_id FROM erased"))

    def body_keys(self) -> dict[bytes, int]:
        """Every key under which a body is sealed, with the first position at which one is. Raises StorageFailed."""
        with self._reading():
            query = "SELECT CAST(key_id AS BLOB), min(position) FROM body GROUP BY 1"
            # SQLite takes NOT NULL for granted, and leaves out a condition that says so.
            return {key_id: first for key_id, first in self._connection.execute(query) if key_id is not None}

    def lost(self) -> list[int]:
        """Where there is a leaf whose body is nowhere any more (`sealed_bodies.LOST`). Raises StorageFailed."""
        with self._reading():
            query = "SELECT position FROM body WHERE key_id = ? ORDER BY position"
            return [position for (position,) in self._connection.execute(query, (LOST.key_id,))]

    def flaws(self) -> list[str]:
        """What SQLite itself finds wrong with the file."""
        return flaws(self._connection)

    def not_blank(self) -> list[int]:
        """Where bodies that were erased are more than zeros, as in a copy from before. Raises StorageFailed."""
        if not self.erased_keys():
            return []
        with self._reading():
            return [position for (position,) in self._connection.execute(_NOT_BLANK)]

    def leaves(self, start: int, end: int) -> list[bytes]:
        """The leaves from `start` to before `end`. Raises StorageFailed."""
        query = (
            "SELECT coalesce(CAST(leaf AS BLOB), x'') FROM leaf WHERE position >= ? AND position < ? ORDER BY position"
        )
        with self._reading():
            return [bytes(leaf) for (leaf,) in self._connection.execute(query, (start, end))]

    def refresh(self) -> bool:
        """Move on to the file as it stands now; whether anybody wrote to it since the last time (True at the first).

        Raises StorageFailed, also where the file was moved away or another put in its place.
        """
        self._make_sure_of_the_file()
        self.rest()
        with self._reading():
            (written,) = self._connection.execute("PRAGMA data_version").fetchone()
            self._connection.execute("BEGIN")
        news = bool(written != self._seen)
        self._seen = written
        return news

    def rest(self) -> None:
        """Hold on to no moment of the file until `refresh`, so that its log can be emptied. Raises StorageFailed."""
        with self._reading():
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree (`merkle.NodeReader`). Raises StorageFailed if it is not there."""
        last = (index + 1 << level) - 1
        query = "SELECT substr(coalesce(CAST(hashes AS BLOB), x''), ?, ?) FROM leaf WHERE position = ?"
        with self._reading():
            found = self._connection.execute(query, (level * HASH_BYTES + 1, HASH_BYTES, last)).fetchone()
        if found is None or len(found[0]) != HASH_BYTES:
            raise StorageFailed(
                f"{self.path}: node {index} of level {level} is not there; run: safeconduct ledger fsck"
            )
        return bytes(found[0])

    def leaf(self, position: int) -> bytes | None:
        """The leaf at a position; None if there is none. Raises StorageFailed."""
        with self._reading():
            query = "SELECT coalesce(CAST(leaf AS BLOB), x'') FROM leaf WHERE position = ?"
            found = self._connection.execute(query, (position,)).fetchone()
        return bytes(found[0]) if found else None

    def last_leaf(self, author: bytes | None = None) -> bytes | None:
        """The latest leaf, of this author if one is given; None if there is none. Raises StorageFailed."""
        query = (
            "SELECT coalesce(CAST(leaf AS BLOB), x'') FROM leaf "
            "WHERE ? IS NULL OR substr(leaf, ?, ?) = ? ORDER BY position DESC LIMIT 1"
        )
        place = (AUTHOR.start + 1, AUTHOR.stop - AUTHOR.start)
        with self._reading():
            found = self._connection.execute(query, (author, *place, author)).fetchone()
        return bytes(found[0]) if found else None

    def leaf_of(self, author: bytes, author_seq: int) -> bytes | None:
        """The first leaf of an author with that number; None if there is none. Raises StorageFailed."""
        query = (
            "SELECT coalesce(CAST(leaf AS BLOB), x'') FROM leaf WHERE substr(leaf, ?, ?) = ? ORDER BY position LIMIT 1"
        )
        wanted = author + author_seq.to_bytes(8, "big")
        with self._reading():
            found = self._connection.execute(query, (AUTHOR.start + 1, len(wanted), wanted)).fetchone()
        return bytes(found[0]) if found else None

    def close(self) -> None:
        """Give up the file."""
        self._connection.close()

    def _make_sure_of_the_file(self) -> None:
        """An open file lives on though its name is gone or another's. What is written to it then is lost."""
        if self._file is None or _identity(self.path) != self._file:
            raise StorageFailed(f"{self.path}: was moved away or replaced while it was open; open it anew")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: cannot be read: {error}") from None


class LedgerWriter(LedgerFile):
    """The one writer of a ledger file; it holds a lock beside the file (`NAME.lock`) for as long as it is open."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: int) -> None:
        super().__init__(path, connection)
        self._lock: int | None = lock
        self._note = self.note()
        self.tree = range_at(self.size(), self.node)

    @classmethod
    def create(cls, path: Path, sign: SignCheckpoint) -> None:
        """Make an empty ledger, with the signed checkpoint of no entries. Raises BadInput if it cannot be made."""
        connection = sqlite.create(path, VERSION, _SCHEMA)
        with closing(connection):
            connection.execute("INSERT INTO checkpoint VALUES (0, ?)", (sign(0, CompactRange().root()),))

    @classmethod
    def open(cls, path: Path) -> "LedgerWriter":
        """Open for appending.

        Raises Refused while another writer has it open, BadInput if it is no ledger, StorageFailed if it is damaged.
        """
        connection = sqlite.open_existing(path, VERSION, writable=True)
        lock = None
        try:
            lock = _take_lock(path)
            return cls(path, connection, lock)
        except SafeconductError:
            connection.close()
            if lock is not None:
                _give_up_lock(lock)
            raise

    def append(
        self,
        leaves: Sequence[bytes],
        bodies: Sequence[SealedBody],
        sign: SignCheckpoint,
        erasing: Collection[bytes] = (),
    ) -> range:
        """Append a group, durably: when it returns, entries and checkpoint are on the disk. Gives their positions.

        Bodies under the keys in `erasing` are erased in the same transaction; `empty_log` is then still to be called.

        Raises StorageFailed, also where the file is no longer the one that was opened; whether the group is in the
        ledger is then known only after opening it anew. Raises Refused if somebody wrote to the file in spite of the
        lock; then nothing was written.
        """
        tree = self.tree.copy()
        first = tree.size
        rows = [
            (position, leaf, b"".join(tree.append(leaf_hash(leaf))))
            for position, leaf in enumerate(leaves, start=first)
        ]
        note = sign(tree.size, tree.root())
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._make_sure_of_the_file()
            # Compare and swap: if the checkpoint is not the one we know, our view of the ledger is stale.
            swapped = connection.execute("UPDATE checkpoint SET note = ? WHERE note = ?", (note, self._note)).rowcount
            if swapped == 1:
                connection.executemany("INSERT INTO leaf VALUES (?, ?, ?)", rows)
                connection.executemany(
                    "INSERT INTO body VALUES (?, ?, ?, ?)",
                    [(position, *body) for position, body in enumerate(bodies, start=first)],
                )
                if erasing:
                    _erase(connection, erasing)
            connection.execute("COMMIT")
        except StorageFailed:
            self.close()
            raise
        except sqlite3.Error as error:
            # Closing rolls back what is left of the transaction. Nothing more can be written through this object.
            self.close()
            raise StorageFailed(f"{self.path}: cannot be written: {error}") from None
        if swapped != 1:
            raise Refused(f"{self.path}: another program has written to this ledger; open it anew")
        self.tree, self._note = tree, note
        return range(first, tree.size)

    def erase_again(self) -> None:
        """Overwrite what is sealed under keys that are erased already, if any came back. Raises StorageFailed."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            _erase(self._connection, ())
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self.close()
            raise StorageFailed(f"{self.path}: cannot be written: {error}") from None

    def empty_log(self) -> None:
        """Make sure that the log beside the file keeps nothing of what was erased. Raises StorageFailed."""
        try:
            sqlite.truncate_log(self._connection)
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: what was erased may still be in its log: {error}; try again") from None

    def close(self) -> None:
        """Give up file and lock."""
        super().close()
        if self._lock is not None:
            _give_up_lock(self._lock)
            self._lock = None


def _erase(connection: sqlite3.Connection, key_ids: Collection[bytes]) -> None:
    connection.execute(_ERASED)
    connection.executemany("INSERT OR IGNORE INTO erased VALUES (?)", [(key_id,) for key_id in key_ids])
    connection.execute(_BLANK)


def _take_lock(path: Path) -> int:
    """Hold the only right to write to this ledger until the descriptor is closed or the process ends, in any way."""
    name = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageFailed(f"{name}: cannot be made: {error.strerror}; nothing can be written here") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise Refused(f"{path}: another program is writing to this ledger; wait for it, or stop it") from None
    return descriptor


def _give_up_lock(descriptor: int) -> None:
    # A process that another thread is just starting shares the lock until it has become its program: closing would not
    # free it while that takes.
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands under a name; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
