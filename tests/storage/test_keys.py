"""Data keys: found by subject, bound to the master key, and gone when destroyed."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.kernel.errors import BadInput
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.sealed_bodies import Unopenable, seal, unseal
from safeconduct.storage.sqlite import StorageFailed

MASTER = bytes(range(32))


class Seeded:
    """Bytes from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def token_bytes(self, count: int) -> bytes:
        """As the port says."""
        return self._random.randbytes(count)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file without keys."""
    KeyStore.create(tmp_path / "keys.sqlite", MASTER)
    return tmp_path / "keys.sqlite"


def opened(path: Path) -> KeyStore:
    """The key file open for writing."""
    return KeyStore.open(path, MASTER, writable=True)


def test_what_was_sealed_opens_after_a_restart(path: Path) -> None:
    """The key is found by its subject and by its id, in another process as in this one."""
    keys = opened(path)
    keys.ensure(["person:p1", "person:p2"], Seeded(1))
    key_id, cipher = keys.sealing("person:p1")
    body = seal(cipher, key_id, bytes(12), b"secret text", bytes(32))
    keys.close()
    again = opened(path)
    found = again.opening(key_id)
    assert found is not None
    assert unseal(found, body.nonce, body.ciphertext, bytes(32)) == b"secret text"
    again.ensure(["person:p1"], Seeded(2))
    assert again.sealing("person:p1")[0] == key_id


def test_a_body_opens_only_where_it_belongs(path: Path) -> None:
    """Another key, another leaf or a changed byte: unopenable."""
    keys = opened(path)
    keys.ensure(["person:p1", "person:p2"], Seeded(1))
    (one_id, one), (_, other) = keys.sealing("person:p1"), keys.sealing("person:p2")
    body = seal(one, one_id, bytes(12), b"text", bytes(32))
    assert unseal(one, body.nonce, body.ciphertext, bytes(32)) == b"text"
    for cipher, ciphertext, root in (
        (other, body.ciphertext, bytes(32)),
        (one, body.ciphertext, bytes([1] * 32)),
        (one, body.ciphertext[:-1] + bytes([body.ciphertext[-1] ^ 1]), bytes(32)),
        (one, b"", bytes(32)),
    ):
        with pytest.raises(Unopenable):
            unseal(cipher, body.nonce, ciphertext, root)


def test_every_subject_has_a_key_of_its_own(path: Path) -> None:
    """As many keys as subjects, however often they are asked for."""
    keys = opened(path)
    subjects = [f"person:{number % 7}" for number in range(40)]
    keys.ensure(subjects, Seeded(1))
    keys.ensure(subjects, Seeded(2))
    assert len({keys.sealing(subject)[0] for subject in subjects}) == 7


def test_a_destroyed_key_is_destroyed(path: Path) -> None:
    """It reads as destroyed here and after a restart; a new one for the same subject opens nothing old."""
    keys = opened(path)
    keys.ensure(["person:p1"], Seeded(1))
    key_id, _ = keys.sealing("person:p1")
    keys.destroy([key_id])
    assert keys.find("person:p1") is None
    assert keys.opening(key_id) is None
    keys.close()
    again = opened(path)
    assert again.opening(key_id) is None
    again.ensure(["person:p1"], Seeded(2))
    assert again.sealing("person:p1")[0] != key_id
    assert again.opening(key_id) is None


def test_nothing_of_a_destroyed_key_stays_in_the_files(path: Path) -> None:
    """Neither the wrapped key nor the subject's look-up value, in the file or its log, while others stay."""
    keys = opened(path)
    keys.ensure([f"person:{number}" for number in range(300)], Seeded(1))
    key_id, _ = keys.sealing("person:150")
    reader = sqlite3.connect(path)
    subject, wrapped = reader.execute("SELECT subject, wrapped FROM data_key WHERE id = ?", (key_id,)).fetchone()
    reader.close()

    def everywhere() -> bytes:
        return b"".join(one.read_bytes() for one in path.parent.iterdir())

    assert wrapped in everywhere()
    keys.destroy([key_id])
    assert wrapped not in everywhere()
    assert wrapped[12:44] not in everywhere()
    assert subject not in everywhere()
    assert keys.opening(keys.sealing("person:149")[0]) is not None


def test_a_reader_that_holds_up_the_erasure_is_told(path: Path) -> None:
    """While another program reads the file its log cannot be emptied; afterwards the erasure is brought to its end."""
    keys = opened(path)
    keys.ensure(["person:p1"], Seeded(1))
    keys._connection.execute("PRAGMA busy_timeout = 0")
    key_id, _ = keys.sealing("person:p1")
    reader = sqlite3.connect(path, isolation_level=None)
    (wrapped,) = reader.execute("SELECT wrapped FROM data_key").fetchone()
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM data_key").fetchone()
    with pytest.raises(StorageFailed, match="try again"):
        keys.destroy([key_id])
    assert keys.opening(key_id) is None
    reader.close()
    keys.destroy([key_id])
    assert wrapped not in b"".join(one.read_bytes() for one in path.parent.iterdir())


def test_subjects_do_not_stand_in_the_files(path: Path) -> None:
    """Whoever has the file without the master key learns no name from it, nor can try one."""
    keys = opened(path)
    keys.ensure(["person:Canary-Канарейка"], Seeded(1))
    content = b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert b"Canary" not in content
    assert "Канарейка".encode() not in content


def test_a_key_that_was_never_here_is_not_called_destroyed(path: Path) -> None:
    """An older copy of the file says: not known; only a tombstone says: destroyed."""
    with pytest.raises(KeyError):
        opened(path).opening(bytes(16))


def test_an_altered_key_does_not_open(path: Path) -> None:
    """A wrapped key put in another's place, or changed, is refused."""
    keys = opened(path)
    keys.ensure(["person:p1", "person:p2"], Seeded(1))
    (one, _), (other, _) = keys.sealing("person:p1"), keys.sealing("person:p2")
    keys.close()
    writer = sqlite3.connect(path)
    writer.execute(
        "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE id = ?) WHERE id = ?", (one, other)
    )
    writer.commit()
    with pytest.raises(Unopenable):
        opened(path).opening(other)


def damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + bytes(500))


def future(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 2")


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (Path.unlink, "is missing"),
        (damaged, "cannot be opened"),
        (lambda path: path.write_bytes(b"PK\x03\x04 not a database at all" * 50), "cannot be opened"),
        (future, "format version 2"),
        (foreign, "not a file of safeconduct"),
    ],
)
def test_a_file_that_is_no_key_file_is_refused(path: Path, spoil: Callable[[Path], None], what: str) -> None:
    """One line that names the file and the cause."""
    spoil(path)
    with pytest.raises(BadInput, match=what) as error:
        opened(path)
    assert len(str(error.value).splitlines()) == 1


def test_another_master_key_is_refused(path: Path) -> None:
    """At once, not at the first body."""
    with pytest.raises(BadInput, match="another master key"):
        KeyStore.open(path, bytes(32), writable=True)


def test_an_existing_file_is_never_made_anew(path: Path) -> None:
    """Making a key file over another would destroy every key in it."""
    with pytest.raises(BadInput, match="already there"):
        KeyStore.create(path, MASTER)
