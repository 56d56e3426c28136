"""The ledger file: appended durably and by one writer, and read back as it was written."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadInput, Refused
from safeconduct.ledger import merkle
from safeconduct.storage.ledger_store import LedgerFile, LedgerWriter
from safeconduct.storage.sealed_bodies import SealedBody
from safeconduct.storage.sqlite import StorageFailed


def sign(size: int, root: bytes) -> bytes:
    """What stands for a signed note here."""
    return b"%d %s" % (size, root.hex().encode())


def leaves_from(start: int, count: int) -> tuple[list[bytes], list[SealedBody]]:
    """Some leaves and bodies, told apart by their number."""
    numbers = range(start, start + count)
    return [b"leaf %d" % one for one in numbers], [SealedBody(b"k", b"n", b"body %d" % one) for one in numbers]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty ledger."""
    LedgerWriter.create(tmp_path / "ledger.sqlite", sign)
    return tmp_path / "ledger.sqlite"


@settings(max_examples=30)
@given(groups=st.lists(st.integers(1, 9), max_size=8))
def test_what_is_appended_is_read_back(tmp_path_factory: pytest.TempPathFactory, groups: list[int]) -> None:
    """In any grouping, over restarts: rows, nodes, root and note are those of one tree over all leaves."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    LedgerWriter.create(path, sign)
    size = 0
    for count in groups:
        writer = LedgerWriter.open(path)
        assert writer.append(*leaves_from(size, count), sign) == range(size, size + count)
        writer.close()
        size += count
    reader = LedgerFile.open(path)
    leaves, _ = leaves_from(0, size)
    assert [(row[0], row[1], row[5]) for row in reader.rows()] == [
        (number, leaf, b"body %d" % number) for number, leaf in enumerate(leaves)
    ]
    assert reader.size() == size
    assert reader.note() == sign(size, merkle.root_of(leaves))
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, reader.node)
        merkle.verify_inclusion(index, size, merkle.leaf_hash(leaves[index]), proof, merkle.root_of(leaves))
    reader.close()


def test_a_second_writer_is_refused(path: Path) -> None:
    """While the first is open; when it is closed the next may write."""
    first = LedgerWriter.open(path)
    with pytest.raises(Refused, match="another program is writing") as error:
        LedgerWriter.open(path)
    assert len(str(error.value).splitlines()) == 1
    first.append(*leaves_from(0, 1), sign)
    first.close()
    LedgerWriter.open(path).append(*leaves_from(1, 1), sign)


def test_a_process_being_started_does_not_keep_the_lock(path: Path) -> None:
    """Until it has become its program it shares every open file; a ledger that is closed is given up all the same."""
    first = LedgerWriter.open(path)
    lock = path.with_name("ledger.sqlite.lock")
    (held,) = [int(one.name) for one in Path("/proc/self/fd").iterdir() if one.exists() and one.samefile(lock)]
    shared = os.dup(held)
    first.close()
    LedgerWriter.open(path).close()
    os.close(shared)


def test_a_writer_whose_view_is_stale_is_refused(path: Path) -> None:
    """Even without the lock (another machine on a shared folder) nothing is written over another's entries."""
    stale = LedgerWriter.open(path)
    path.with_name("ledger.sqlite.lock").unlink()
    other = LedgerWriter.open(path)
    other.append(*leaves_from(0, 2), sign)
    with pytest.raises(Refused, match="another program has written"):
        stale.append(*leaves_from(0, 1), sign)
    assert LedgerFile.open(path).size() == 2
    other.append(*leaves_from(2, 1), sign)


def test_a_reader_sees_one_moment(path: Path) -> None:
    """What is appended while it reads is not there for it; for the next reader it is."""
    writer = LedgerWriter.open(path)
    writer.append(*leaves_from(0, 3), sign)
    reader = LedgerFile.open(path)
    assert reader.size() == 3
    writer.append(*leaves_from(3, 2), sign)
    assert (reader.size(), len(list(reader.rows())), reader.note()[:1]) == (3, 3, b"3")
    assert LedgerFile.open(path).size() == 5


def test_a_group_that_cannot_be_written_is_not_there(path: Path) -> None:
    """The disk is full in the middle of a group: nothing of it, all of what was before, and the writer is done for."""
    writer = LedgerWriter.open(path)
    writer.append(*leaves_from(0, 3), sign)
    (pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
    writer._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    leaves, bodies = leaves_from(3, 500)
    with pytest.raises(StorageFailed, match="full"):
        writer.append(leaves, bodies, sign)
    with pytest.raises(StorageFailed):
        writer.append(*leaves_from(3, 1), sign)
    again = LedgerWriter.open(path)
    assert again.size() == 3
    assert again.append(*leaves_from(3, 1), sign) == range(3, 4)


def test_the_latest_leaf_of_an_author_is_found(path: Path) -> None:
    """Whoever wrote since; and none for who never wrote."""
    writer = LedgerWriter.open(path)
    leaves = [bytes([1]) + bytes([author] * 32) + bytes([number]) for number, author in enumerate((5, 6, 5, 7))]
    assert writer.last_leaf() is None
    writer.append(leaves, leaves_from(0, 4)[1], sign)
    assert writer.last_leaf() == leaves[3]
    assert writer.last_leaf(bytes([5] * 32)) == leaves[2]
    assert writer.last_leaf(bytes([9] * 32)) is None


def drop_node(path: Path) -> None:
    """Cut the stored hashes of the last leaf."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE leaf SET hashes = x'00' WHERE position = 3")


def drop_table(path: Path) -> None:
    """Take a table away."""
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE leaf")


@pytest.mark.parametrize("spoil", [drop_node, drop_table])
def test_a_damaged_ledger_is_not_written_to(path: Path, spoil: Callable[[Path], None]) -> None:
    """One line, and the lock is free again."""
    writer = LedgerWriter.open(path)
    writer.append(*leaves_from(0, 4), sign)
    writer.close()
    spoil(path)
    for _ in range(2):
        with pytest.raises(StorageFailed) as error:
            LedgerWriter.open(path)
        assert len(str(error.value).splitlines()) == 1


def test_a_ledger_is_never_made_over_another(path: Path) -> None:
    """Nor where it cannot be."""
    with pytest.raises(BadInput, match="already there"):
        LedgerWriter.create(path, sign)
    with pytest.raises(BadInput, match="cannot be made"):
        LedgerWriter.create(path.parent / "nowhere" / "ledger.sqlite", sign)
    with pytest.raises(BadInput, match="is missing"):
        LedgerWriter.open(path.parent / "other.sqlite")


@settings(max_examples=30)
@given(steps=st.lists(st.sampled_from(["append", "refresh", "rest"]), max_size=12))
def test_a_reader_follows_what_is_appended(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    """It stays at its moment until it moves on, then sees all; and is told of news exactly where there was some."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    LedgerWriter.create(path, sign)
    writer, reader = LedgerWriter.open(path), LedgerFile.open(path)
    assert reader.refresh(), "the first time, all of it is new"
    size = seen = 0
    for step in steps:
        if step == "append":
            writer.append(*leaves_from(size, 2), sign)
            size += 2
        elif step == "refresh":
            assert reader.refresh() == (size > seen)
            fresh = list(reader.bodies(seen))
            leaves, bodies = leaves_from(seen, size - seen)
            assert fresh == [
                (number, leaf, body.key_id, body.nonce, body.ciphertext)
                for number, leaf, body in zip(range(seen, size), leaves, bodies, strict=True)
            ]
            assert [row[:2] + row[3:] for row in reader.rows(seen)] == fresh
            assert (reader.size(), reader.note()) == (size, writer.note())
            seen = size
        else:
            reader.rest()
            reader.rest()
    reader.close()
    writer.close()


def test_bodies_that_are_missing_are_told(path: Path) -> None:
    """As rows without key, nonce and ciphertext; others and their order are untouched."""
    writer = LedgerWriter.open(path)
    writer.append(*leaves_from(0, 3), sign)
    writer._connection.execute("DELETE FROM body WHERE position = 1")
    assert [row[2:] for row in writer.bodies()] == [
        (b"k", b"n", b"body 0"),
        (None, None, None),
        (b"k", b"n", b"body 2"),
    ]


def test_a_reader_that_rests_lets_the_log_be_emptied(path: Path) -> None:
    """However long it follows; else a ledger that is watched would fill the disk."""
    writer, reader = LedgerWriter.open(path), LedgerFile.open(path)
    writer._connection.execute("PRAGMA wal_autocheckpoint = 20")
    log = path.with_name("ledger.sqlite-wal")
    for number in range(200):
        writer.append(*leaves_from(number, 1), sign)
        reader.refresh()
        assert len(list(reader.bodies(number))) == 1
        reader.rest()
    assert log.stat().st_size < 60 * 4200, "the log grows with every entry"


@pytest.mark.parametrize("fate", ["moved away", "replaced"])
def test_a_file_that_is_no_longer_there_is_neither_read_nor_written(path: Path, fate: str) -> None:
    """An open file outlives its name: what was written to it would never be found again."""
    writer, reader = LedgerWriter.open(path), LedgerFile.open(path)
    writer.append(*leaves_from(0, 3), sign)
    assert reader.refresh()
    elsewhere = path.rename(path.with_name("elsewhere.sqlite"))
    if fate == "replaced":
        path.write_bytes(elsewhere.read_bytes())
    for _ in range(2):
        with pytest.raises(StorageFailed, match="was moved away or replaced"):
            reader.refresh()
    with pytest.raises(StorageFailed, match="was moved away or replaced"):
        writer.append(*leaves_from(3, 1), sign)
    with pytest.raises(StorageFailed):
        writer.append(*leaves_from(3, 1), sign)


def test_where_no_lock_can_be_made_nothing_is_written(path: Path) -> None:
    """One line that names the lock."""
    path.with_name("ledger.sqlite.lock").mkdir()
    with pytest.raises(StorageFailed, match=r"ledger\.sqlite\.lock: cannot be made") as error:
        LedgerWriter.open(path)
    assert len(str(error.value).splitlines()) == 1
