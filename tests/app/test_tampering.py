"""What somebody with the files could change, and that the check names it."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.recording import DECODER, new_workspace, person, recorder

from safeconduct.app.workspace import Workspace, read_secret
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.header import Header, hash_of_signed, make_leaf, parse_leaf, sign_header
from safeconduct.ledger.merkle import CompactRange, leaf_hash

GROUPS = (3, 1, 6, 2)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Twelve entries in four groups."""
    made = new_workspace(tmp_path)
    writer = recorder(made)
    for group in GROUPS:
        writer.record([person(number) for number in range(group)])
    writer.close()
    return made


def flip(table: str, column: str, position: int, at: int) -> Callable[[sqlite3.Connection], None]:
    """Change one bit of a stored value."""

    def change(connection: sqlite3.Connection) -> None:
        key = "only" if table == "checkpoint" else "position"
        query = f"SELECT {column} FROM {table} WHERE {key} = ?"
        value = bytearray(connection.execute(query, (position,)).fetchone()[0])
        value[at] ^= 1
        update = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"
        connection.execute(update, (bytes(value), position))

    return change


def statements(*lines: str) -> Callable[[sqlite3.Connection], None]:
    """Run SQL."""

    def change(connection: sqlite3.Connection) -> None:
        for line in lines:
            connection.execute(line)

    return change


def swap(table: str) -> Callable[[sqlite3.Connection], None]:
    """Exchange the rows 4 and 7."""
    return statements(
        f"UPDATE {table} SET position = -1 WHERE position = 4",
        f"UPDATE {table} SET position = 4 WHERE position = 7",
        f"UPDATE {table} SET position = 7 WHERE position = -1",
    )


def both(*changes: Callable[[sqlite3.Connection], None]) -> Callable[[sqlite3.Connection], None]:
    """One change after the other."""

    def change(connection: sqlite3.Connection) -> None:
        for one in changes:
            one(connection)

    return change


ROOT = "do not hash to the root"
TAMPERINGS: list[tuple[str, Callable[[sqlite3.Connection], None], list[tuple[int | None, str]]]] = [
    ("the version of a header", flip("leaf", "leaf", 5, 0), [(5, "format version"), (5, "not what was hashed")]),
    ("an author", flip("leaf", "leaf", 5, 1), [(5, "signature does not hold"), (5, "not what was hashed")]),
    ("a number", flip("leaf", "leaf", 5, 40), [(5, "signature does not hold"), (5, "has number")]),
    ("a chain", flip("leaf", "leaf", 5, 41), [(5, "signature does not hold"), (5, "continues from another")]),
    ("a checkpoint seen", flip("leaf", "leaf", 5, 90), [(5, "signature does not hold"), (5, "not of this ledger")]),
    ("a body root", flip("leaf", "leaf", 5, 113), [(5, "signature does not hold"), (5, "does not open")]),
    ("a signature", flip("leaf", "leaf", 5, 150), [(5, "signature does not hold"), (5, "not what was hashed")]),
    ("a time of recording", flip("leaf", "leaf", 5, 213), [(5, "not what was hashed"), (None, ROOT)]),
    ("the first entry's time", flip("leaf", "leaf", 0, 209), [(0, "not what was hashed"), (1, "recorded earlier")]),
    ("a leaf's length", statements("UPDATE leaf SET leaf = x'0102' WHERE position = 5"), [(5, "cannot be read")]),
    ("a stored leaf hash", flip("leaf", "hashes", 5, 0), [(5, "not what was hashed")]),
    ("a stored node", flip("leaf", "hashes", 7, 64), [(7, "stored node")]),
    ("a sealed body", flip("body", "ciphertext", 5, 40), [(5, "does not open under its key")]),
    ("a nonce", flip("body", "nonce", 5, 3), [(5, "does not open under its key")]),
    ("the size in the checkpoint", flip("checkpoint", "note", 0, 32), [(None, "checkpoint is not valid")]),
    ("the checkpoint's signature", flip("checkpoint", "note", 0, -5), [(None, "checkpoint is not valid")]),
    ("no checkpoint", statements("DELETE FROM checkpoint"), [(None, "checkpoint is not valid")]),
    ("an entry taken out", statements("DELETE FROM leaf WHERE position = 5"), [(5, "it is missing")]),
    ("three taken out", statements("DELETE FROM leaf WHERE position IN (5, 6, 7)"), [(5, "all from here to 7")]),
    ("the first taken out", statements("DELETE FROM leaf WHERE position = 0"), [(0, "it is missing")]),
    ("the last taken off", statements("DELETE FROM leaf WHERE position = 11"), [(None, "its checkpoint says 12")]),
    ("a body taken out", statements("DELETE FROM body WHERE position = 5"), [(5, "body is missing")]),
    ("two leaves exchanged", swap("leaf"), [(4, "has number"), (4, "stored node"), (None, ROOT)]),
    ("two bodies exchanged", swap("body"), [(4, "does not open"), (7, "does not open")]),
    ("two entries exchanged whole", both(swap("leaf"), swap("body")), [(4, "has number"), (None, ROOT)]),
]


@pytest.mark.parametrize(("change", "named"), [pytest.param(*case[1:], id=case[0]) for case in TAMPERINGS])
def test_a_tampered_ledger_is_found_out(
    workspace: Workspace, change: Callable[[sqlite3.Connection], None], named: list[tuple[int | None, str]]
) -> None:
    """Each change is named at its entry, and nothing before it is."""
    with sqlite3.connect(workspace.ledger_path) as connection:
        change(connection)
    connection.close()
    problems = workspace.open_record(DECODER).check().problems
    for index, what in named:
        assert any(problem.index == index and what in problem.what for problem in problems), problems
    first = min(index for index, _ in named if index is not None) if named[0][0] is not None else None
    if first is not None:
        assert all(problem.index is None or problem.index >= first for problem in problems), problems


def test_an_untouched_ledger_is_clean(workspace: Workspace) -> None:
    """The other side of the table."""
    report = workspace.open_record(DECODER).check()
    assert not report.problems
    assert (report.size, report.authors) == (12, 1)


def test_a_forged_history_does_not_hash_to_the_checkpoint(workspace: Workspace) -> None:
    """With the author's key but not the ledger's: every entry rewritten and signed anew, every node made to fit."""
    author = SigningKey(read_secret(workspace.secrets_path / "author.key"))
    with sqlite3.connect(workspace.ledger_path) as connection:
        rewrite(connection, author)
    connection.close()
    problems = workspace.open_record(DECODER).check().problems
    assert [str(problem) for problem in problems] == [
        "ledger: the entries do not hash to the root that the checkpoint signs"
    ]


def test_an_authors_number_used_twice_or_left_out_is_named(workspace: Workspace) -> None:
    """Even where the intermediary itself signs the checkpoint over it: a cloned key, and a gap."""
    author = SigningKey(read_secret(workspace.secrets_path / "author.key"))
    ledger = SigningKey(read_secret(workspace.secrets_path / "ledger.key"))
    for numbers, what in (([1, 2, 2, 3], "number 2 after 2"), ([1, 2, 4, 5], "number 4 after 2")):
        with sqlite3.connect(workspace.ledger_path) as connection:
            size, root = rewrite(connection, author, numbers)
            note = sign_checkpoint(Checkpoint(workspace.verifier.name, size, root), ledger)
            connection.execute("UPDATE checkpoint SET note = ?", (note,))
        connection.close()
        problems = workspace.open_record(DECODER).check().problems
        assert [problem.index for problem in problems] == [2]
        assert what in problems[0].what


def rewrite(connection: sqlite3.Connection, author: SigningKey, numbers: list[int] | None = None) -> tuple[int, bytes]:
    """Sign every entry anew with these numbers (or its own, recorded a second later), and fit the tree to it."""
    rows = connection.execute("SELECT position, leaf FROM leaf ORDER BY position").fetchall()
    if numbers is not None:
        connection.execute("DELETE FROM leaf WHERE position >= ?", (len(numbers),))
        rows = rows[: len(numbers)]
    tree, previous = CompactRange(), bytes(32)
    root_seen = (0, tree.root())
    for position, stored in rows:
        old = parse_leaf(stored)
        header = old.header
        if header.seen_size == tree.size:
            root_seen = (tree.size, tree.root())
        seq = header.author_seq if numbers is None else numbers[position]
        signed = sign_header(Header(header.author, seq, previous, *root_seen, header.body_root), author)
        previous = hash_of_signed(signed)
        leaf = make_leaf(signed, old.recorded_at_us + 1_000_000)
        hashes = b"".join(tree.append(leaf_hash(leaf)))
        connection.execute("UPDATE leaf SET leaf = ?, hashes = ? WHERE position = ?", (leaf, hashes, position))
    return tree.size, tree.root()


def test_an_altered_key_is_named_at_its_entries(workspace: Workspace) -> None:
    """A data key that no longer opens under the master key: its bodies are damaged, not erased."""
    with sqlite3.connect(workspace.keys_path) as connection:
        connection.execute("UPDATE data_key SET wrapped = zeroblob(60)")
    connection.close()
    problems = workspace.open_record(DECODER).check().problems
    assert {problem.index for problem in problems} == set(range(12))
    assert all("does not open" in problem.what for problem in problems)


def test_a_key_that_is_gone_is_named(workspace: Workspace) -> None:
    """Its bodies read as sealed, which is no fault of the record; but nobody may take that for all being well."""
    with sqlite3.connect(workspace.keys_path) as connection:
        (gone,) = connection.execute("SELECT id FROM data_key LIMIT 1").fetchone()
        connection.execute("DELETE FROM data_key WHERE id = ?", (gone,))
    connection.close()
    record = workspace.open_record(DECODER)
    report = record.check()
    record.close()
    assert report.problems == []
    assert [key_id for key_id, _ in report.keys_lacking] == [gone]
    shutil.move(workspace.secrets_path / "master.key", workspace.folder / "away")
    assert workspace.open_record(DECODER).check().keys_lacking == []


def test_a_file_with_a_broken_page_is_reported_as_far_as_it_goes(workspace: Workspace) -> None:
    """The pages behind the first few are overwritten: a problem, not a traceback."""
    with sqlite3.connect(workspace.ledger_path) as connection:
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'body'").fetchone()
    connection.close()
    with workspace.ledger_path.open("r+b") as file:
        file.seek((root - 1) * page_size)
        file.write(b"\xff" * page_size)
    problems = workspace.open_record(DECODER).check().problems
    assert any("cannot be read" in problem.what for problem in problems)
