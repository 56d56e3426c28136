"""The witnesses' cosignatures of a ledger, in a SQLite file of their own, so that nothing here holds up its writer.

A note is the checkpoint as the ledger signed it, with every cosignature that came for it. What is kept once is never
taken away, whatever becomes of the ledger: it is what a restored or forked ledger is held against.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.checkpoint import Checkpoint
from safeconduct.ledger.cosignature import Cosignature, open_cosignatures
from safeconduct.ledger.note import COSIGNATURE, VerifierKey, split_note
from safeconduct.storage import sqlite
from safeconduct.storage.sqlite import StorageFailed

VERSION = 1

_SCHEMA = """
CREATE TABLE note (size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL, PRIMARY KEY (size, root)) STRICT;
CREATE TABLE witness (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL DEFAULT 0, at_s INTEGER NOT NULL DEFAULT 0,
    attempted_us INTEGER NOT NULL, since_us INTEGER, error TEXT NOT NULL DEFAULT '', alarm INTEGER NOT NULL DEFAULT 0,
    fell_to INTEGER
) STRICT
"""

_SIGNED_ELSEWHERE = """
CREATE TABLE IF NOT EXISTS signed_elsewhere (
    size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL, PRIMARY KEY (size, root)
) STRICT
"""
"""What the ledger's key has signed and its record did not hold when that came out. It is there once something was."""
_BEYOND_AT_MOST = 16

_COSIGNED = """
INSERT INTO witness (key, name, size, at_s, attempted_us, fell_to) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    name = excluded.name, attempted_us = excluded.attempted_us, since_us = NULL, error = '', alarm = 0,
    at_s = iif(excluded.size >= size, excluded.at_s, at_s), size = max(size, excluded.size),
    fell_to = coalesce(excluded.fell_to, fell_to)
"""
_FAILED = """
INSERT INTO witness (key, name, attempted_us, since_us, error, alarm) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    name = excluded.name, attempted_us = excluded.attempted_us, since_us = coalesce(since_us, excluded.since_us),
    error = excluded.error, alarm = excluded.alarm
"""
_STANDINGS = (
    "SELECT name, key, size, at_s, attempted_us, since_us, error, alarm, fell_to FROM witness ORDER BY name, key"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one witness has come."""

    name: str
    """As people call it here."""
    key: VerifierKey
    size: int
    """Entries of the largest checkpoint that it cosigned; 0 if it never did."""
    at_s: int
    """When it did, by its own clock; 0 if it never did."""
    attempted_us: int
    """When it was last asked."""
    since_us: int | None
    """Since when it has failed to cosign; None while it does."""
    error: str
    """Why; empty while it does."""
    alarm: bool
    """Whether that is because it holds another history than this ledger's, or a later one."""
    fell_to: int | None
    """The size to which the witness itself fell back once: it forgot what it had cosigned, and needs a new key."""

    @property
    def alarms(self) -> tuple[str, ...]:
        """What a person must look at."""
        forgot = (
            f"{self.name} had forgotten all after {self.fell_to:,} entries, which it had cosigned: its state was "
            "restored, and its keeper must make a new key (safeconduct witness init)"
            if self.fell_to is not None
            else ""
        )
        return tuple(filter(None, (self.error if self.alarm else "", forgot)))


class CosignatureStore:
    """The cosignatures of one ledger. Methods raise StorageFailed where the file cannot be read or written."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> "CosignatureStore":
        """Open for writing, made if there is none. Raises BadInput if it cannot be made, or is foreign or damaged."""
        if not path.exists():
            try:
                sqlite.create_whole(path, VERSION, _SCHEMA)
            except BadInput:
                if not path.exists():  # else another program made it in the same moment
                    raise
        return cls(path, sqlite.open_existing(path, VERSION, writable=True))

    @classmethod
    def read(cls, path: Path) -> "CosignatureStore | None":
        """Open for reading; None if nobody was ever asked. Raises BadInput if it is foreign or damaged."""
        return cls(path, sqlite.open_existing(path, VERSION, writable=False)) if path.exists() else None

    def add(
        self,
        name: str,
        checkpoint: Checkpoint,
        note: bytes,
        cosignature: Cosignature,
        now_us: int,
        fell_to: int | None = None,
    ) -> None:
        """Keep a cosignature durably, under the note as the ledger signed it. Of one witness the first is kept."""
        witness, size, root = cosignature.witness, checkpoint.size, checkpoint.root
        with self._using("written"):
            self._connection.execute("BEGIN IMMEDIATE")
            query = "SELECT note FROM note WHERE size = ? AND root = ?"
            found = self._connection.execute(query, (size, root)).fetchone()
            kept = bytes(found[0]) if found else note
            if not any(one.is_of(witness) for one in split_note(kept)[1]):
                kept += cosignature.line.encode() + b"\n"
            self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", (size, root, kept))
            self._connection.execute(_COSIGNED, (str(witness), name, size, cosignature.at_s, now_us, fell_to))
            self._connection.execute("COMMIT")

    def failed(self, name: str, witness: VerifierKey, error: str, now_us: int, *, alarm: bool = False) -> None:
        """Keep that a witness was asked in vain, and since when it fails."""
        with self._using("written"):
            self._connection.execute(_FAILED, (str(witness), name, now_us, now_us, error, alarm))

    def keep_signed_elsewhere(self, checkpoint: Checkpoint, note: bytes) -> None:
        """Keep durably a checkpoint that the ledger's key signed and that its record does not continue."""
        with self._using("written"):
            self._connection.execute(_SIGNED_ELSEWHERE)
            row = (checkpoint.size, checkpoint.root, note)
            self._connection.execute("INSERT OR IGNORE INTO signed_elsewhere VALUES (?, ?, ?)", row)

    def signed_elsewhere(self) -> list[bytes]:
        """All that was ever kept so, the largest first. A record that was recovered since may continue them again."""
        with self._using("read"):
            if not self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'signed_elsewhere'").fetchone():
                return []
            query = "SELECT note FROM signed_elsewhere ORDER BY size DESC, rowid"
            return [bytes(note) for (note,) in self._connection.execute(query)]

    def notes_beyond(self, size: int) -> list[bytes]:
        """The largest checkpoints of more entries than these that anybody cosigned, the largest first."""
        with self._using("read"):
            query = "SELECT note FROM note WHERE size > ? ORDER BY size DESC, rowid DESC LIMIT ?"
            return [bytes(note) for (note,) in self._connection.execute(query, (size, _BEYOND_AT_MOST))]

    def written(self) -> int:
        """A number that is another once somebody else has written to the file."""
        with self._using("read"):
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def note_at(self, size: int) -> bytes | None:
        """The checkpoint of that many entries with its cosignatures; None if nobody cosigned it."""
        with self._using("read"):
            found = self._connection.execute(
                "SELECT note FROM note WHERE size = ? ORDER BY rowid DESC LIMIT 1", (size,)
            ).fetchone()
        return bytes(found[0]) if found else None

    def latest_note(self, needed: Collection[VerifierKey]) -> bytes | None:
        """The largest checkpoint that all of these witnesses cosigned, with every cosignature; None if there is none.

        Whether the ledger signed it is for `open_checkpoint` to say.
        """
        standing = {one.key: one.size for one in self.standings()}
        most = min((standing.get(one, 0) for one in needed), default=1 << 62)
        query = "SELECT note FROM note WHERE size <= ? ORDER BY size DESC, rowid DESC"
        with self._using("read"):
            for (note,) in self._connection.execute(query, (most,)):
                if len(open_cosignatures(bytes(note), needed)) == len(set(needed)):
                    return bytes(note)
        return None

    def standing(self, witness: VerifierKey) -> Standing | None:
        """How far a witness has come; None if it was never asked."""
        return next((one for one in self.standings() if one.key == witness), None)

    def standings(self) -> tuple[Standing, ...]:
        """How far every witness has come that was ever asked, by name."""
        with self._using("read"):
            rows = self._connection.execute(_STANDINGS).fetchall()
        return tuple(
            Standing(
                name, VerifierKey.parse(key, COSIGNATURE), size, at_s, asked_us, since_us, error, bool(alarm), fell_to
            )
            for name, key, size, at_s, asked_us, since_us, error, alarm, fell_to in rows
        )

    def close(self) -> None:
        """Give up the file."""
        self._connection.close()

    @contextmanager
    def _using(self, how: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            sqlite.roll_back(self._connection)
            raise StorageFailed(f"{self.path}: cannot be {how}: {error}") from None
