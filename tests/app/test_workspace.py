"""Workspaces: made whole or not at all, found from within, and refused with one line where something is wrong."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.app.recording import DECODER, Seeded, new_workspace, person, recorder

from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import create_workspace, find_workspace, open_workspace
from safeconduct.kernel.errors import BadInput, SafeconductError


def test_a_new_workspace_reads_as_it_was_made(tmp_path: Path) -> None:
    """In a folder that holds other files already, under an agreement of any name."""
    (tmp_path / "terms.toml").write_text("the user's own")
    made = create_workspace(tmp_path, 'угода "1" \\ a+b', "NI", Seeded())
    assert open_workspace(tmp_path) == made
    assert made.verifier.name == "safeconduct/%D1%83%D0%B3%D0%BE%D0%B4%D0%B0%20%221%22%20%5C%20a%2Bb"
    record = made.open_record(DECODER)
    assert (record.size(), record.check().problems) == (0, [])
    assert record.checkpoint().size == 0


def test_with_the_systems_own_clock_and_randomness(tmp_path: Path) -> None:
    """Two workspaces never share a key; the time of recording is a time of today's order."""
    one = create_workspace(tmp_path / "one", "a", "NI", SystemRandomness())
    other = create_workspace(tmp_path / "other", "a", "NI", SystemRandomness())
    assert one.verifier != other.verifier
    writer = one.open_recorder(SystemClock(), SystemRandomness(), DECODER)
    writer.record([person(1)])
    (recorded,) = writer.read()
    assert 1_700_000_000_000_000 < recorded.recorded_at_us < 2**53


def test_secrets_are_their_owners_alone(tmp_path: Path) -> None:
    """Key files and stores can be read by nobody else; nor can what SQLite puts beside them."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    writer.record([person(1)])
    for path in (*workspace.secrets_path.iterdir(), *tmp_path.glob("*.sqlite*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert workspace.secrets_path.stat().st_mode & 0o077 == 0


def test_a_workspace_is_found_from_within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder itself and from below; the nearest one counts."""
    outer = new_workspace(tmp_path)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_workspace(deep).verifier == outer.verifier
    inner = create_workspace(tmp_path / "a", "other", "NI", Seeded(5))
    assert find_workspace(deep).verifier == inner.verifier
    monkeypatch.chdir(deep)
    assert find_workspace(Path()).verifier == inner.verifier


def test_outside_any_workspace_the_user_is_told_how_to_name_one(tmp_path: Path) -> None:
    """One line, with what to do."""
    with pytest.raises(BadInput, match="--workspace DIR") as error:
        find_workspace(tmp_path)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("there", ["safeconduct.toml", "ledger.sqlite", "keys.sqlite", "secrets/master.key"])
def test_nothing_is_made_over_what_is_there(tmp_path: Path, there: str) -> None:
    """Refused, and the folder is as before."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / there).write_text("the user's own")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput, match="already there"):
        new_workspace(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / there).read_text() == "the user's own"


def test_a_workspace_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    """A file stands where the folder of secrets should."""
    (tmp_path / "secrets").write_text("")
    with pytest.raises(BadInput):
        new_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


@pytest.mark.parametrize(("agreement", "intermediary"), [("", "NI"), ("a", " "), ("a\nb", "NI"), ("a", "N\x00I")])
def test_identifiers_must_be_plain_text(tmp_path: Path, agreement: str, intermediary: str) -> None:
    """Refused before anything is made."""
    with pytest.raises(BadInput, match="identifier"):
        create_workspace(tmp_path / "w", agreement, intermediary, Seeded())
    assert not (tmp_path / "w").exists()


GOOD = """format = 1
agreement = "istanbul-2025-06-02"
intermediary = "NI"
ledger_key = "KEY"
"""

BROKEN: list[tuple[str, str, str]] = [
    ("", "1:1", "'format' is missing"),
    (GOOD.replace("format = 1", "format = 2"), "1:10", "'format' is 2, known is 1"),
    (GOOD.replace("format = 1", 'format = "1"'), "1:10", "whole number"),
    (GOOD.replace("format = 1", "format ="), "1:9", "not TOML"),
    (GOOD.replace("intermediary", "intermediery"), "3:1", "'intermediary' is missing"),
    (GOOD + 'ledgr = "x"\n', "5:1", "unknown field 'ledgr'"),
    (GOOD.replace("KEY", "nonsense"), "4:14", "NAME+HASH+BASE64"),
    (GOOD.replace("istanbul-2025-06-02", "other"), "4:14", "not of this agreement"),
]


@pytest.mark.parametrize(("text", "place", "what"), BROKEN)
def test_a_broken_safeconduct_toml_is_refused_at_its_place(tmp_path: Path, text: str, place: str, what: str) -> None:
    """Line and column, and what to do."""
    key = str(new_workspace(tmp_path).verifier)
    (tmp_path / "safeconduct.toml").write_text(text.replace("KEY", key))
    with pytest.raises(BadInput) as error:
        open_workspace(tmp_path)
    first = str(error.value).splitlines()[0]
    assert f"safeconduct.toml:{place}: " in first
    assert what in first


def test_a_safeconduct_toml_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Not UTF-8, or not even a file."""
    new_workspace(tmp_path)
    (tmp_path / "safeconduct.toml").write_bytes(b'format = 1\nagreement = "\xe0"\n')
    with pytest.raises(BadInput, match="UTF-8"):
        open_workspace(tmp_path)
    with pytest.raises(BadInput, match="no workspace here"):
        open_workspace(tmp_path / "nowhere")


def test_stores_may_stand_elsewhere(tmp_path: Path) -> None:
    """The toml names ledger, keys and secrets, relative to its folder or not."""
    made = new_workspace(tmp_path / "w")
    for name in ("ledger.sqlite", "keys.sqlite", "secrets"):
        shutil.move(tmp_path / "w" / name, tmp_path / name)
    toml = tmp_path / "w" / "safeconduct.toml"
    names = f'ledger = "../ledger.sqlite"\nkeys = "{tmp_path}/keys.sqlite"\nsecrets = "../secrets"\n'
    toml.write_text(toml.read_text() + names)
    workspace = open_workspace(tmp_path / "w")
    assert workspace.verifier == made.verifier
    assert recorder(workspace).record([person(1)]) == range(1)


def readable(path: Path) -> None:
    """Let the group read it."""
    path.chmod(0o640)


def cut(path: Path) -> None:
    """Take the end off."""
    path.write_text(path.read_text()[:40])


def binary(path: Path) -> None:
    """No text at all."""
    path.write_bytes(bytes(range(128, 192)))


def another(path: Path) -> None:
    """A sound key, but not this workspace's."""
    path.write_text("11" * 32)


@pytest.mark.parametrize(
    ("name", "spoil", "what"),
    [
        ("master.key", readable, "readable by others; chmod 600"),
        ("author.key", cut, "not a key of 32 bytes"),
        ("ledger.key", binary, "not a key of 32 bytes"),
        ("ledger.key", another, "not the key named in safeconduct.toml"),
        ("master.key", another, "another master key"),
        ("author.key", Path.unlink, "cannot be read"),
    ],
)
def test_a_key_file_that_is_not_right_is_refused(
    tmp_path: Path, name: str, spoil: Callable[[Path], None], what: str
) -> None:
    """One line; and nobody's lock is kept."""
    workspace = new_workspace(tmp_path)
    spoil(workspace.secrets_path / name)
    for _ in range(2):
        with pytest.raises(BadInput, match=what) as error:
            recorder(workspace)
        assert len(str(error.value).splitlines()) == 1


def another_agreements(folder: Path) -> None:
    """A sound ledger, but of another workspace."""
    other = create_workspace(folder / "other", "other", "NI", Seeded(7))
    os.replace(other.ledger_path, folder / "ledger.sqlite")


def of_the_future(folder: Path) -> None:
    """A later format."""
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        connection.execute("PRAGMA user_version = 9")


def zeroed(folder: Path) -> None:
    """Nothing left but its length."""
    (folder / "ledger.sqlite").write_bytes(bytes(4096))


def gone(folder: Path) -> None:
    """Not there."""
    (folder / "ledger.sqlite").unlink()


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (another_agreements, "not signed by"),
        (of_the_future, "format version 9"),
        (zeroed, "cannot be opened|not a file of safeconduct"),
        (gone, "is missing"),
    ],
)
def test_a_ledger_that_is_not_this_workspaces_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], what: str
) -> None:
    """One line; nothing is written over it."""
    workspace = new_workspace(tmp_path)
    spoil(tmp_path)
    with pytest.raises(SafeconductError, match=what) as error:
        recorder(workspace)
    assert len(str(error.value).splitlines()) == 1
