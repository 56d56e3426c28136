"""A mirror's file from a hostile hand, given to `recover`: one line, and nothing is changed."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.app.recording import Seeded, StandingClock
from tests.app.test_recovering import Lost

from safeconduct.app.recovering import recover
from safeconduct.kernel.errors import SafeconductError

FAULTS: dict[str, Callable[[sqlite3.Connection], object]] = {
    "more leaves than were signed, and another before": lambda file: file.executescript(
        "INSERT INTO leaf SELECT position + 24, leaf, hashes FROM leaf; "
        "UPDATE leaf SET leaf = x'00' WHERE position = 22"
    ),
    "a leaf too few": lambda file: file.execute("DELETE FROM leaf WHERE position = 23"),
    "leaves that are text": lambda file: file.executescript(
        "CREATE TABLE other AS SELECT position, CAST('x' AS TEXT) AS leaf, hashes FROM leaf; DROP TABLE leaf; "
        "ALTER TABLE other RENAME TO leaf"
    ),
    "leaves that are nothing": lambda file: file.executescript(
        "CREATE TABLE other AS SELECT position, NULL AS leaf, hashes FROM leaf; DROP TABLE leaf; "
        "ALTER TABLE other RENAME TO leaf"
    ),
    "lines at no place": lambda file: file.executescript(
        "CREATE TABLE other AS SELECT CAST('x' AS TEXT) AS position, line FROM line; DROP TABLE line; "
        "ALTER TABLE other RENAME TO line"
    ),
    "a note that is a number": lambda file: file.executescript(
        "CREATE TABLE other AS SELECT only, 99999999999999 AS note FROM checkpoint; DROP TABLE checkpoint; "
        "ALTER TABLE other RENAME TO checkpoint"
    ),
    "lines without end": lambda file: file.executescript(
        "DROP TABLE line; CREATE VIEW line AS WITH RECURSIVE n(i) AS (SELECT 20 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS position, x'00' AS line FROM n"
    ),
    "a clearance that is a person's name": lambda file: file.execute("UPDATE mirror SET clearance = 'Іваненко Олена'"),
    "the clearance of a party that there is not": lambda file: file.execute("UPDATE mirror SET clearance = 'party:u1'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_line_and_nothing_is_changed(tmp_path: Path, fault: str) -> None:
    """Nobody need trust whoever hands in the file."""
    lost = Lost(tmp_path)
    hostile = tmp_path / "hostile.sqlite"
    with sqlite3.connect(lost.mirror) as whole, sqlite3.connect(hostile) as file:
        whole.backup(file)
        FAULTS[fault](file)
    whole.close()
    file.close()
    before = lost.workspace.ledger_path.read_bytes()
    with pytest.raises(SafeconductError) as raised:
        recover(lost.workspace, hostile, StandingClock(), Seeded(9))
    assert "part at entry" not in str(raised.value), "nothing was recorded here"
    assert lost.workspace.ledger_path.read_bytes() == before
    assert list(lost.workspace.folder.glob("lost-from-*")) == []
