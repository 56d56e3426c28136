"""What a witness remembers, in one SQLite file: the last checkpoint that it cosigned of each ledger, and evidence.

A cosignature may leave only after `swap` has returned: the checkpoint is then on the disk, and no other program that
works on the same file has cosigned another meanwhile. A witness that forgets is worse than none, so the file names the
witness's key, counts what was cosigned, and knows which file it is; the count also stands beside it in F.count. So a
copy (an older state put back, a clone) is told from the file itself. What no file can tell is that all of them were put
back as they were, as by a snapshot of the whole machine.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.ledger.checkpoint import Checkpoint, parse_checkpoint
from safeconduct.ledger.note import COSIGNATURE, CheckpointError, VerifierKey, split_note
from safeconduct.storage import sqlite
from safeconduct.storage.durable import sync_folder, write_durably
from safeconduct.storage.sqlite import StorageFailed

VERSION = 1
_COUNT = b"%020d\n"
MOST_EVIDENCE = 100
"""Contradictions kept of one ledger, of each kind. One is enough; a thousand would only fill our disk."""

_SCHEMA = """
CREATE TABLE witness (only INTEGER PRIMARY KEY CHECK (only = 0), key TEXT NOT NULL, inode INTEGER NOT NULL,
    swaps INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE last (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL, at_us INTEGER NOT NULL
) STRICT;
CREATE TABLE evidence (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, proven INTEGER NOT NULL, note BLOB NOT NULL,
    cosigned BLOB NOT NULL, at_us INTEGER NOT NULL, PRIMARY KEY (origin, size, root)
) STRICT
"""


@dataclass(frozen=True, slots=True)
class LastCosigned:
    """The last checkpoint of a ledger that was cosigned."""

    note: bytes
    """As the ledger signed it."""
    at_us: int

    @property
    def checkpoint(self) -> Checkpoint:
        """What it says."""
        return parse_checkpoint(split_note(self.note)[0])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A checkpoint that a ledger signed and this witness refused, beside the one that it had cosigned."""

    origin: str
    size: int
    proven: bool
    """Whether the two notes alone prove that the ledger contradicts itself: one size, two roots. Else the request
    did not show that the ledger continues, which may have been the request's fault."""
    refused: bytes
    cosigned: bytes
    at_us: int


class WitnessState:
    """The memory of one witness. Methods raise StorageFailed where the file cannot be read or written."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        with self._using("read"):
            found = connection.execute("SELECT key, inode FROM witness").fetchone()
        if found is None:
            raise StorageFailed(f"{path}: it names no witness")
        text, inode = found
        self._inode = int(inode)
        try:
            self.key = VerifierKey.parse(text, COSIGNATURE)
        except CheckpointError as error:
            raise StorageFailed(f"{path}: the witness's key cannot be read: {error}") from None

    @classmethod
    def create(cls, path: Path, key: VerifierKey) -> None:
        """Make the empty memory of a witness with this key. Raises BadInput if it cannot be made."""
        sqlite.create_whole(
            path, VERSION, _SCHEMA, "INSERT INTO witness (only, key, inode) VALUES (0, ?, 0)", (str(key),)
        )
        # Which file it is can be told once it is there; a crash before makes it a copy, which is refused.
        connection = sqlite.open_existing(path, VERSION, writable=True)
        connection.execute("UPDATE witness SET inode = ?", (path.stat().st_ino,))
        connection.close()
        try:
            write_durably(count_path(path), _COUNT % 0, 0o600)
            sync_folder(path.parent)
        except OSError as error:
            what = f"cannot be made: {error.strerror or error}"
            raise BadInput(Fault(str(count_path(path)), 0, 0, what, "check the folder")) from None

    @classmethod
    def open(cls, path: Path, *, writable: bool) -> "WitnessState":
        """Open it. Raises BadInput if it is missing, foreign or damaged."""
        connection = sqlite.open_existing(path, VERSION, writable=writable)
        try:
            return cls(path, connection)
        except StorageFailed as error:
            connection.close()
            mend = "take a new key: safeconduct witness init"
            raise BadInput(Fault(str(path), 0, 0, str(error).removeprefix(f"{path}: "), mend)) from None

    def is_copy(self) -> bool:
        """Whether this is not the file that was made, or an older state of it: it may have forgotten."""
        with self._using("read"):
            (swaps,) = self._connection.execute("SELECT swaps FROM witness").fetchone()
        try:
            counted = int(count_path(self.path).read_text("ascii"))
        except (OSError, ValueError):
            return True
        return self.path.stat().st_ino != self._inode or counted > swaps

    def last(self, origin: str) -> LastCosigned | None:
        """The last checkpoint of a ledger that was cosigned; None if there was none."""
        with self._using("read"):
            found = self._connection.execute("SELECT note, at_us FROM last WHERE origin = ?", (origin,)).fetchone()
        return LastCosigned(bytes(found[0]), found[1]) if found else None

    def all_last(self) -> list[LastCosigned]:
        """The last checkpoint of every ledger, by origin."""
        with self._using("read"):
            rows = self._connection.execute("SELECT note, at_us FROM last ORDER BY origin").fetchall()
        return [LastCosigned(bytes(note), at_us) for note, at_us in rows]

    def swap(self, before: LastCosigned | None, checkpoint: Checkpoint, note: bytes, at_us: int) -> bool:
        """Make this the last checkpoint of its ledger, durably, if the last one is still `before`; whether it was."""
        row = (checkpoint.size, checkpoint.root, note, at_us)
        with self._using("written"):
            self._connection.execute("BEGIN IMMEDIATE")
            if before is None:
                statement = "INSERT INTO last VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
                done = self._connection.execute(statement, (checkpoint.origin, *row))
            else:
                statement = "UPDATE last SET size = ?, root = ?, note = ?, at_us = ? WHERE origin = ? AND note = ?"
                done = self._connection.execute(statement, (*row, checkpoint.origin, before.note))
            swapped = done.rowcount == 1
            if swapped:
                # It was only the request's fault, as is clear now.
                self._connection.execute(
                    "DELETE FROM evidence WHERE NOT proven AND origin = ? AND size = ? AND root = ?",
                    (checkpoint.origin, checkpoint.size, checkpoint.root),
                )
                self._connection.execute("UPDATE witness SET swaps = swaps + 1")
            (swaps,) = self._connection.execute("SELECT swaps FROM witness").fetchone()
            self._connection.execute("COMMIT")
        if swapped:
            _write_count(self.path, swaps)
        return swapped

    def keep_evidence(self, checkpoint: Checkpoint, note: bytes, cosigned: bytes, *, proven: bool, at_us: int) -> bool:
        """Keep what a ledger signed beside what it had signed before, durably; whether that is new.

        Of one ledger and kind no more than MOST_EVIDENCE are kept.
        """
        new = False
        origin, size, root = checkpoint.origin, checkpoint.size, checkpoint.root
        with self._using("written"):
            self._connection.execute("BEGIN IMMEDIATE")
            (kept,) = self._connection.execute(
                "SELECT count(*) FROM evidence WHERE origin = ? AND proven = ?", (origin, proven)
            ).fetchone()
            if kept < MOST_EVIDENCE:
                done = self._connection.execute(
                    "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "proven = 1, cosigned = excluded.cosigned WHERE excluded.proven AND NOT evidence.proven",
                    (origin, size, root, proven, note, cosigned, at_us),
                )
                new = done.rowcount == 1
            self._connection.execute("COMMIT")
        return new

    def evidence(self) -> list[Evidence]:
        """What was refused though the ledger signed it, the first first."""
        query = "SELECT origin, size, proven, note, cosigned, at_us FROM evidence ORDER BY at_us, origin, size"
        with self._using("read"):
            rows = self._connection.execute(query).fetchall()
        return [
            Evidence(origin, size, bool(proven), bytes(note), bytes(cosigned), at_us)
            for origin, size, proven, note, cosigned, at_us in rows
        ]

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


def count_path(state: Path) -> Path:
    """Where the count of what was cosigned stands once more."""
    return state.with_name(state.name + ".count")


def _write_count(state: Path, swaps: int) -> None:
    """Not waiting for the disk: a power cut may leave an earlier count, which is no reason to refuse anything."""
    try:
        descriptor = os.open(count_path(state), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(descriptor, _COUNT % swaps, 0)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageFailed(f"{count_path(state)}: cannot be written: {error.strerror}") from None
