"""Data keys: one a person or document, wrapped by the master key, in a file of their own.

Subjects (`person:ID`) never stand in the file; they are looked up by an HMAC under a key derived from the master key.
Destroying a key leaves its row as a tombstone, so that its bodies read as erased, not as lost. A destroyed key is gone
from this file and its log, not from copies: keep `keys.sqlite` out of backups that outlive an erasure.
"""

import hmac
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.kernel.ports import Randomness
from safeconduct.storage import sqlite
from safeconduct.storage.sealed_bodies import NONCE_BYTES, Unopenable
from safeconduct.storage.sqlite import StorageFailed

VERSION = 1
DATA_KEY_BYTES = 32
KEY_ID_BYTES = 16

_SCHEMA = """
CREATE TABLE data_key (id BLOB PRIMARY KEY, subject BLOB UNIQUE, wrapped BLOB) STRICT, WITHOUT ROWID;
CREATE TABLE master (only INTEGER PRIMARY KEY CHECK (only = 0), mark BLOB NOT NULL) STRICT
"""


class KeyStore:
    """The data keys, with the master key in memory: as long as this is open, bodies can be read."""

    def __init__(self, path: Path, connection: sqlite3.Connection, master_key: bytes) -> None:
        self.path = path
        self._connection = connection
        self._wrapping = AESGCM(hmac.digest(master_key, b"safeconduct/wrap-data-keys/v1", "sha256"))
        self._index_key = hmac.digest(master_key, b"safeconduct/find-data-keys/v1", "sha256")
        self._ids: dict[str, bytes] = {}
        self._ciphers: dict[bytes, AESGCM] = {}
        self._wrapped: dict[bytes, bytes | None] = {}

    @classmethod
    def create(cls, path: Path, master_key: bytes) -> None:
        """Make an empty file for keys under this master key. Raises BadInput if it cannot be made."""
        with closing(sqlite.create(path, VERSION, _SCHEMA)) as connection:
            connection.execute("INSERT INTO master VALUES (0, ?)", (_mark(master_key),))

    @classmethod
    def open(cls, path: Path, master_key: bytes, *, writable: bool) -> "KeyStore":
        """Open the keys. Raises BadInput if the file is none, or belongs to another master key."""
        connection = sqlite.open_existing(path, VERSION, writable=writable)
        try:
            found = connection.execute("SELECT mark FROM master").fetchone()
        except sqlite3.Error as error:
            connection.close()
            raise BadInput(Fault(str(path), 0, 0, f"cannot be read: {error}", "restore it from a whole copy")) from None
        if found is None or found[0] != _mark(master_key):
            connection.close()
            raise BadInput(Fault(str(path), 0, 0, "belongs to another master key", "use the master key made with it"))
        return cls(path, connection, master_key)

    def ensure(self, subjects: Iterable[str], randomness: Randomness) -> None:
        """Make sure that every subject has a key, and that it is on the disk when this returns. Raises StorageFailed.

        A body sealed under a key that a crash may still lose would be lost with it. So new keys are committed here, in
        one transaction a group, before anything sealed under them is written.
        """
        lacking = [
            subject for subject in dict.fromkeys(subjects) if subject not in self._ids and not self._find(subject)
        ]
        if not lacking:
            return
        made = [(one, randomness.token_bytes(KEY_ID_BYTES), randomness.token_bytes(DATA_KEY_BYTES)) for one in lacking]
        rows = [
            (key_id, self._lookup(subject), self._wrap(key_id, key, randomness.token_bytes(NONCE_BYTES)))
            for subject, key_id, key in made
        ]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO data_key VALUES (?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self.close()
            raise StorageFailed(f"{self.path}: cannot be written: {error}") from None
        for subject, key_id, key in made:
            self._ids[subject] = key_id
            self._ciphers[key_id] = AESGCM(key)

    def sealing(self, subject: str) -> tuple[bytes, AESGCM]:
        """Key id and cipher for a subject that `ensure` was asked for."""
        key_id = self._ids[subject]
        cipher = self.opening(key_id)
        if cipher is None:
            raise AssertionError("a destroyed key has no subject")
        return key_id, cipher

    def opening(self, key_id: bytes) -> AESGCM | None:
        """The cipher of a key; None if it was destroyed.

        Raises KeyError for a key that this file never held, Unopenable for one that the master key does not unwrap.
        """
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            wrapped = self._wrapped[key_id] if key_id in self._wrapped else self._read(key_id)
            if not wrapped:
                return None
            cipher = self._ciphers[key_id] = AESGCM(self._unwrap(key_id, wrapped))
        return cipher

    def load(self) -> None:
        """Read all keys at once, before many bodies are opened. Raises StorageFailed."""
        try:
            self._wrapped = dict(self._connection.execute("SELECT id, CAST(wrapped AS BLOB) FROM data_key"))
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: cannot be read: {error}") from None

    @classmethod
    def destroy_in(cls, path: Path, key_ids: Collection[bytes]) -> int:
        """Destroy keys in a file of which nobody has the master key at hand; gives how many were still there.

        Raises BadInput if it is no file of keys, StorageFailed.
        """
        # No key is read and none is made, so that it matters not which master key this would be.
        store = cls(path, sqlite.open_existing(path, VERSION, writable=True), bytes(32))
        try:
            usable = store.usable(key_ids)
            if usable:
                store.destroy(usable)
            return len(usable)
        finally:
            store.close()

    def find(self, subject: str) -> bytes | None:
        """The id of a subject's key; None if it has none. Raises StorageFailed."""
        return self._ids[subject] if self._find(subject) else None

    def usable(self, key_ids: Collection[bytes]) -> list[bytes]:
        """Those of these keys with which something could still be opened. Raises StorageFailed."""
        return self._those("SELECT 1 FROM data_key WHERE id = ? AND length(wrapped) > 0", key_ids)

    def unburied(self, key_ids: Collection[bytes]) -> list[bytes]:
        """Those of these keys that are here and were not destroyed to the end (`bury`). Raises StorageFailed."""
        return self._those("SELECT 1 FROM data_key WHERE id = ? AND wrapped IS NOT NULL", key_ids)

    def _those(self, query: str, key_ids: Collection[bytes]) -> list[bytes]:
        try:
            return [one for one in key_ids if self._connection.execute(query, (one,)).fetchone()]
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: cannot be read: {error}") from None

    def holds(self, key_id: bytes) -> bool:
        """Whether this key is here, or was and was destroyed. Raises StorageFailed."""
        try:
            self._read(key_id)
        except KeyError:
            return False
        return True

    def flaws(self) -> list[str]:
        """What SQLite itself finds wrong with the file."""
        return sqlite.flaws(self._connection)

    def is_destroyed(self, key_id: bytes) -> bool:
        """Whether this key was here and was destroyed. Raises StorageFailed."""
        try:
            return not self._read(key_id)
        except KeyError:
            return False

    def destroy(self, key_ids: Collection[bytes]) -> None:
        """Destroy keys, and with them everything sealed under them, for ever; those that are not here are passed over.

        When it returns, neither the file nor its log holds them. Raises StorageFailed.
        """
        gone = set(key_ids)
        self._ids = {subject: key_id for subject, key_id in self._ids.items() if key_id not in gone}
        for key_id in gone:
            self._ciphers.pop(key_id, None)
            self._wrapped.pop(key_id, None)
        try:
            self._leave(gone, b"")
            # SQLite leaves bytes behind where it once moved rows to other pages; the file is small.
            self._connection.execute("PRAGMA temp_store = MEMORY")
            self._connection.execute("VACUUM")
            # The log keeps every old version of a page, even with secure_delete, until it is cut to nothing.
            sqlite.truncate_log(self._connection)
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: the keys may still be on the disk: {error}; try again") from None

    def bury(self, key_ids: Collection[bytes]) -> None:
        """Mark destroyed keys as such for good, now that nothing sealed under them is left. Raises StorageFailed."""
        try:
            self._leave(key_ids, None)
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: cannot be written: {error}; try again") from None

    def _leave(self, key_ids: Collection[bytes], what: bytes | None) -> None:
        """Empty, a key is destroyed, and it is not yet sure that all else is; without a value, all is done."""
        self._connection.executemany(
            "UPDATE data_key SET subject = NULL, wrapped = ? WHERE id = ?", [(what, key_id) for key_id in key_ids]
        )

    def close(self) -> None:
        """Give up the file and forget the keys."""
        self._connection.close()
        self._ids.clear()
        self._ciphers.clear()
        self._wrapped.clear()

    def _find(self, subject: str) -> bool:
        query = "SELECT CAST(id AS BLOB) FROM data_key WHERE subject = ?"
        try:
            found = self._connection.execute(query, (self._lookup(subject),)).fetchone()
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: cannot be read: {error}") from None
        if found is None:
            return False
        self._ids[subject] = found[0]
        return True

    def _read(self, key_id: bytes) -> bytes | None:
        try:
            found = self._connection.execute(
                "SELECT CAST(wrapped AS BLOB) FROM data_key WHERE id = ?", (key_id,)
            ).fetchone()
        except sqlite3.Error as error:
            raise StorageFailed(f"{self.path}: cannot be read: {error}") from None
        if found is None:
            raise KeyError(key_id)
        wrapped: bytes | None = found[0]
        return wrapped

    def _lookup(self, subject: str) -> bytes:
        return hmac.digest(self._index_key, subject.encode(), "sha256")

    def _wrap(self, key_id: bytes, key: bytes, nonce: bytes) -> bytes:
        return nonce + self._wrapping.encrypt(nonce, key, key_id)

    def _unwrap(self, key_id: bytes, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id)
        except (InvalidTag, ValueError):
            raise Unopenable("a data key does not open under the master key") from None


def _mark(master_key: bytes) -> bytes:
    """What tells master keys apart and says nothing of them."""
    return hmac.digest(master_key, b"safeconduct/know-master-key/v1", "sha256")
