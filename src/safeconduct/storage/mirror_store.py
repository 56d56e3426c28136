"""What a party's mirror holds, in one SQLite file: leaves with the tree's nodes, what it was told, the last checkpoint.

A step forward (leaves, lines, checkpoint) is one transaction: after a crash there is all of it or nothing. What speaks
against the ledger is kept as evidence, each once, for ever. What the ledger erased is overwritten with zeros of the
same length, as there (`ledger_store`); which entries that were stays known.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.ledger.merkle import HASH_BYTES
from safeconduct.storage import sqlite
from safeconduct.storage.sqlite import StorageFailed, flaws

VERSION = 1

_SCHEMA = """
CREATE TABLE leaf (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, hashes BLOB NOT NULL) STRICT;
CREATE TABLE line (position INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT;
CREATE TABLE checkpoint (only INTEGER PRIMARY KEY CHECK (only = 0), note BLOB NOT NULL) STRICT;
CREATE TABLE evidence (
    number INTEGER PRIMARY KEY, found_at_us INTEGER NOT NULL, what TEXT NOT NULL,
    held BLOB NOT NULL, shown BLOB NOT NULL, UNIQUE (what, held, shown)
) STRICT;
CREATE TABLE mirror (
    only INTEGER PRIMARY KEY CHECK (only = 0), ledger_key TEXT NOT NULL, clearance TEXT NOT NULL
) STRICT
"""
_FORGETTING = (
    "CREATE TABLE IF NOT EXISTS erasure (position INTEGER PRIMARY KEY, earlier INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS forgotten (position INTEGER PRIMARY KEY, erasure INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS excused (mark TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
)
"""Made at the first opening, in files from before there was any of it, too."""

LeafRow = tuple[int, bytes, bytes]
"""Position, leaf, hashes of the complete subtrees that end with it."""


class Evidence(NamedTuple):
    """Something that speaks against the ledger."""

    found_at_us: int
    what: str
    held: bytes
    """The checkpoint that this mirror held."""
    shown: bytes
    """The one that it was shown."""


class MirrorStore:
    """The file of one mirror, open."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path, ledger_key: str, clearance: str) -> "MirrorStore":
        """Open the file of a mirror of this ledger at this clearance; made if there is none.

        Raises BadInput if it is no such file, or another ledger's or clearance's.
        """
        if not path.exists():
            sqlite.create(path, VERSION, _SCHEMA).close()
        connection = sqlite.open_existing(path, VERSION, writable=True)
        store = cls(path, connection)
        try:
            with store._writing():
                connection.execute("INSERT OR IGNORE INTO mirror VALUES (0, ?, ?)", (ledger_key, clearance))
                for table in _FORGETTING:
                    connection.execute(table)
            found = connection.execute("SELECT ledger_key, clearance FROM mirror").fetchone()
        except (sqlite3.Error, StorageFailed):
            store.close()
            raise BadInput(Fault(str(path), 0, 0, "is not the file of a mirror", "name another with --state")) from None
        if tuple(found) != (ledger_key, clearance):
            store.close()
            what = f"is the mirror of {found[0]} for {found[1]}"
            raise BadInput(Fault(str(path), 0, 0, what, "name another with --state"))
        if store.forgotten():
            store.empty_log()  # where it died before it could
        return store

    @classmethod
    def read(cls, path: Path, ledger_key: str) -> tuple["MirrorStore", str]:
        """Open the file of somebody's mirror of this ledger for reading; also gives whose, by its clearance.

        It may come from a hostile hand: its tables must be those that a mirror makes, and hold what these may hold.
        Raises BadInput if it is no such file, or another ledger's.
        """
        connection = sqlite.open_existing(path, VERSION, writable=False)
        try:
            found = None
            if _is_as_made(connection):
                found = connection.execute("SELECT ledger_key, clearance FROM mirror").fetchone()
        except sqlite3.Error:
            found = None
        if found is None or found[0] != ledger_key:
            connection.close()
            what = "is not the file of a mirror" if found is None else f"is the mirror of {found[0]}"
            raise BadInput(Fault(str(path), 0, 0, what, "name the file of a mirror of this ledger"))
        return cls(path, connection), str(found[1])

    def note(self) -> bytes:
        """The checkpoint that it holds; empty if none yet. Raises StorageFailed."""
        with self._reading():
            found = self._connection.execute("SELECT note FROM checkpoint").fetchone()
        return bytes(found[0]) if found else b""

    def size(self) -> int:
        """How many leaves it holds. Raises StorageFailed."""
        with self._reading():
            (size,) = self._connection.execute("SELECT coalesce(max(position) + 1, 0) FROM leaf").fetchone()
        return int(size)

    def leaves(self) -> Iterator[LeafRow]:
        """All leaves. Raises StorageFailed."""
        with self._reading():
            yield from self._connection.execute("SELECT position, leaf, hashes FROM leaf ORDER BY position")

    def leaf(self, index: int) -> bytes:
        """The leaf of an entry. Raises StorageFailed if it is not there."""
        with self._reading():
            found = self._connection.execute("SELECT leaf FROM leaf WHERE position = ?", (index,)).fetchone()
        if found is None:
            raise StorageFailed(f"{self.path}: entry {index} is not there; make the mirror anew")
        return bytes(found[0])

    def lines(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """What it was told of the entries from `start` on. Raises StorageFailed."""
        with self._reading():
            query = (
                "SELECT position, line FROM line WHERE position >= ? "
                "AND position NOT IN (SELECT position FROM forgotten) ORDER BY position"
            )
            yield from self._connection.execute(query, (start,))

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree (`merkle.NodeReader`). Raises StorageFailed if it is not there."""
        last = (index + 1 << level) - 1
        query = "SELECT substr(hashes, ?, ?) FROM leaf WHERE position = ?"
        with self._reading():
            found = self._connection.execute(query, (level * HASH_BYTES + 1, HASH_BYTES, last)).fetchone()
        if found is None or len(found[0]) != HASH_BYTES:
            raise StorageFailed(f"{self.path}: node {index} of level {level} is not there; make the mirror anew")
        return bytes(found[0])

    @contextmanager
    def step(self) -> Iterator[Callable[[Iterable[LeafRow], Iterable[tuple[int, bytes]]], None]]:
        """A step forward: the block is given what adds leaves and lines; all of it stands when it ends, or nothing.

        Raises StorageFailed.
        """

        def add(leaves: Iterable[LeafRow], lines: Iterable[tuple[int, bytes]]) -> None:
            self._connection.executemany("INSERT INTO leaf VALUES (?, ?, ?)", leaves)
            self._connection.executemany("INSERT INTO line VALUES (?, ?)", lines)

        with self._writing():
            yield add

    def put_note(self, note: bytes) -> None:
        """Hold this checkpoint from now on; within a `step` with what it covers. Raises StorageFailed."""
        self._connection.execute("INSERT OR REPLACE INTO checkpoint VALUES (0, ?)", (note,))

    def compare(self, erasures: Iterable[int], *, earlier: bool) -> None:
        """Note within a `step` that nothing is held of what these erasures took; `earlier`: nothing ever was.

        Raises StorageFailed.
        """
        rows = [(one, earlier) for one in erasures]
        self._connection.executemany("INSERT OR IGNORE INTO erasure VALUES (?, ?)", rows)

    def forget(self, positions: Collection[int], erasures: Collection[int], excused: Iterable[str]) -> None:
        """Overwrite what was told of these entries, which these erasures took; then neither file nor log has it.

        They are counted with the last of the erasures. Raises StorageFailed.
        """
        with self._writing():
            execute = self._connection.executemany
            execute("UPDATE line SET line = zeroblob(length(line)) WHERE position = ?", [(one,) for one in positions])
            execute("INSERT INTO forgotten VALUES (?, ?)", [(one, max(erasures)) for one in positions])
            execute("INSERT OR IGNORE INTO excused VALUES (?)", [(one,) for one in excused])
            self.compare(erasures, earlier=False)
        if positions:
            self.empty_log()

    def compared(self) -> frozenset[int]:
        """The erasures after which it was looked what is told no more. Raises StorageFailed."""
        with self._reading():
            return frozenset(one for (one,) in self._connection.execute("SELECT position FROM erasure"))

    def earlier(self) -> frozenset[int]:
        """The erasures from before this mirror began. Raises StorageFailed."""
        with self._reading():
            return frozenset(one for (one,) in self._connection.execute("SELECT position FROM erasure WHERE earlier"))

    def forgotten(self) -> dict[int, int]:
        """How many entries were forgotten with an erasure. Raises StorageFailed."""
        with self._reading():
            return dict(self._connection.execute("SELECT erasure, count(*) FROM forgotten GROUP BY erasure"))

    def excused(self) -> frozenset[str]:
        """Marks of what is found only since something was forgotten (`app.party_watch`). Raises StorageFailed."""
        with self._reading():
            return frozenset(one for (one,) in self._connection.execute("SELECT mark FROM excused"))

    def empty_log(self) -> None:
        """Make sure that the log beside the file keeps nothing of what was forgotten. Raises StorageFailed."""
        try:
            sqlite.truncate_log(self._connection)
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: what was erased may still be in its log: {error}; try again") from None

    def keep(self, evidence: Evidence) -> None:
        """Keep evidence, durably. Raises StorageFailed."""
        with self._writing():
            self._connection.execute(
                "INSERT OR IGNORE INTO evidence (found_at_us, what, held, shown) VALUES (?, ?, ?, ?)", evidence
            )

    def evidence(self) -> list[Evidence]:
        """All that was ever found. Raises StorageFailed."""
        with self._reading():
            query = "SELECT found_at_us, what, held, shown FROM evidence ORDER BY number"
            return [Evidence(*row) for row in self._connection.execute(query)]

    def close(self) -> None:
        """Give up the file."""
        self._connection.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: cannot be read: {error}") from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise StorageFailed(f"{self.path}: cannot be written: {error}") from None
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _is_as_made(connection: sqlite3.Connection) -> bool:
    """Whether a file has our tables as we make them, sound, and nothing that computes what is read from it."""
    made = {" ".join(one.split()) for one in _SCHEMA.split(";")}
    later = {" ".join(one.replace("IF NOT EXISTS ", "").split()) for one in _FORGETTING}
    there = [
        " ".join(str(text).split())
        for (text,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql NOT NULL")
    ]
    return made <= set(there) and set(there) <= made | later and len(there) == len(set(there)) and not flaws(connection)
