"""Backup and restore: the same record again, without keys nothing opens, and what was erased stays erased."""

import ctypes
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.app.erased import enrol_second, erase
from tests.app.recording import Seeded, StandingClock
from tests.app.small_exchange import at, office_of
from tests.app.test_erasing import U1, traces_of

from safeconduct.app.backing_up import back_up, restore
from safeconduct.app.office import Office
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Erased, Opened, Sealed
from safeconduct.kernel.errors import BadInput
from safeconduct.storage.cosignatures import CosignatureStore

COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A desk at work after a whole day."""
    return office_of(tmp_path / "workspace", StandingClock(at("11:00")))


def workspace_of(office: Office) -> Workspace:
    """Its workspace."""
    return open_workspace(office.recorder._writer.path.parent)


def bodies(folder: Path) -> list[object]:
    """Every body as it reads there; the check must find nothing wrong."""
    record = open_workspace(folder).open_record(DECODER)
    try:
        assert record.check().problems == []
        return [one.body for one in record.read()]
    finally:
        record.close()


def test_a_restored_backup_is_the_same_record_and_goes_on(office: Office, tmp_path: Path) -> None:
    """Made while the record is in use, what is not yet in the main file included; with its cosignatures."""
    workspace = workspace_of(office)
    CosignatureStore.open(workspace.cosignatures_path).close()
    checkpoint = back_up(workspace, tmp_path / "record", tmp_path / "keys")
    assert checkpoint == office.recorder.checkpoint()
    done = restore(tmp_path / "record", tmp_path / "restored", tmp_path / "keys")
    assert (done.checkpoint, done.erased_again, done.opens) == (checkpoint, 0, True)
    assert bodies(tmp_path / "restored") == [one.body for one in office.recorder.read()]
    assert (tmp_path / "restored" / "cosignatures.sqlite").is_file()
    again = open_workspace(tmp_path / "restored").open_recorder(StandingClock(at("12:00")), Seeded(4), DECODER)
    again.record([office.state.registry.lists["RU-held"]])
    again.close()
    assert bodies(tmp_path / "restored")[-1] == Opened(office.state.registry.lists["RU-held"])


def test_the_backup_of_the_record_opens_nothing(office: Office, tmp_path: Path) -> None:
    """No key and no secret is in it; restored alone, it verifies and every body reads as sealed."""
    workspace = workspace_of(office)
    traces = traces_of(office, U1)
    back_up(workspace, tmp_path / "record")
    assert {sort for _, sort in traces.in_any(tmp_path / "record")} == {"ciphertexts"}
    assert sorted(path.name for path in (tmp_path / "record").iterdir()) == ["ledger.sqlite", "safeconduct.toml"]
    done = restore(tmp_path / "record", tmp_path / "restored")
    assert not done.opens
    assert set(bodies(tmp_path / "restored")) == {Sealed()}


@pytest.mark.parametrize("renewed", [False, True])
def test_what_was_erased_stays_erased_however_old_the_copy_of_the_keys(
    office: Office, tmp_path: Path, renewed: bool
) -> None:
    """A newer record with older keys: they are destroyed again before anything is opened, and in no file afterwards."""
    workspace = workspace_of(office)
    traces = traces_of(office, U1)
    enrol_second(office)
    back_up(workspace, tmp_path / "record", tmp_path / "keys")
    erase(office, "person:u1", "request")
    back_up(workspace, tmp_path / "record", tmp_path / "keys" if renewed else None)
    assert {path.name for path, _ in traces.in_any(tmp_path)} == (set() if renewed else {"keys.sqlite"})
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    done = restore(tmp_path / "record", tmp_path / "restored", tmp_path / "keys")
    assert done.erased_again == (0 if renewed else len(U1))
    assert traces.in_any(tmp_path / "restored") == []
    read = bodies(tmp_path / "restored")
    assert read.count(Erased()) == 5
    # The entries that agree to it and say so are sealed under a key that the older copy does not have.
    assert read.count(Sealed()) == (0 if renewed else 3)


def test_under_a_passphrase_both_together_open_nothing(office: Office, tmp_path: Path) -> None:
    """Whoever finds record and keys has still no master key; restoring needs none."""
    workspace = workspace_of(office)
    workspace.lock_by("four words drawn by lot", Seeded(8))
    back_up(workspace, tmp_path / "record", tmp_path / "keys")
    erase(office, "person:u1", "request")
    back_up(workspace, tmp_path / "record")
    assert restore(tmp_path / "record", tmp_path / "restored", tmp_path / "keys").erased_again == len(U1)
    assert set(bodies(tmp_path / "restored")) == {Sealed(), Erased()}


def foreign_file(folder: Path) -> None:
    (folder / "letters.txt").write_text("mine")


def workspace_there(folder: Path) -> None:
    (folder / "safeconduct.toml").touch()
    (folder / "secrets").mkdir()


@pytest.mark.parametrize(
    ("spoil", "what"), [(foreign_file, "holds letters.txt, which is of no backup"), (workspace_there, "is a workspace")]
)
def test_nothing_but_an_earlier_backup_is_replaced(
    office: Office, tmp_path: Path, spoil: Callable[[Path], None], what: str
) -> None:
    """What is refused stays as it was, the keys' folder too."""
    (tmp_path / "there").mkdir()
    spoil(tmp_path / "there")
    before = sorted((tmp_path / "there").iterdir())
    for folders in ((tmp_path / "there", None), (tmp_path / "record", tmp_path / "there")):
        with pytest.raises(BadInput, match=what):
            back_up(workspace_of(office), *folders)
    assert sorted((tmp_path / "there").iterdir()) == before
    assert not (tmp_path / "record").exists()
    for folders in ((office.recorder._writer.path.parent, None), (tmp_path / "one", tmp_path / "one")):
        with pytest.raises(BadInput, match="is not apart"):
            back_up(workspace_of(office), *folders)


def test_what_is_no_backup_is_not_restored(office: Office, tmp_path: Path) -> None:
    """A ledger of somebody else, one that is missing, keys that are none: one line, and no folder is left behind."""
    back_up(workspace_of(office), tmp_path / "record", tmp_path / "keys")
    (tmp_path / "full").mkdir()
    foreign_file(tmp_path / "full")
    with pytest.raises(BadInput, match="is not empty; name a new folder"):
        restore(tmp_path / "record", tmp_path / "full")
    with pytest.raises(BadInput, match="holds no backup of keys"):
        restore(tmp_path / "record", tmp_path / "restored", tmp_path / "record")
    with sqlite3.connect(tmp_path / "keys" / "keys.sqlite") as connection:
        connection.execute("PRAGMA application_id = 1")
    connection.close()
    with pytest.raises(BadInput, match="is not a file of safeconduct"):
        restore(tmp_path / "record", tmp_path / "restored", tmp_path / "keys")
    for none in ("nowhere", "full", "full/letters.txt"):
        with pytest.raises(BadInput, match=f"{none}:0:0: holds no backup; name a folder that safeconduct backup made"):
            restore(tmp_path / none, tmp_path / "restored")
    (tmp_path / "record" / "ledger.sqlite").unlink()
    with pytest.raises(BadInput, match=r"ledger\.sqlite:0:0: is missing"):
        restore(tmp_path / "record", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def without_override() -> None:
    """From the next program on, the modes of files hold for the superuser as well."""
    if os.geteuid() == 0:
        drop_from_bounding_set, override = 24, 1
        assert ctypes.CDLL(None).prctl(drop_from_bounding_set, override, 0, 0, 0) == 0


def test_a_backup_on_a_read_only_medium_is_restored(office: Office, tmp_path: Path) -> None:
    """A disc, a share that may not be written: SQLite can make no log beside the files, and needs none."""
    back_up(workspace_of(office), tmp_path / "record", tmp_path / "keys")
    for name in ("record", "keys"):
        (tmp_path / name).chmod(0o500)
    done = subprocess.run(
        [*COMMAND, "restore", "record", "restored", "--keys", "keys"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=without_override,
    )
    for name in ("record", "keys"):
        (tmp_path / name).chmod(0o700)
    assert (done.returncode, done.stderr) == (0, "")
    assert bodies(tmp_path / "restored") == bodies(office.recorder._writer.path.parent)


def test_the_commands(office: Office, tmp_path: Path) -> None:
    """As a user runs them: what was copied, how many keys were destroyed again, and whom to ask."""
    folder = workspace_of(office).folder

    def run(*arguments: str) -> str:
        done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    size = office.recorder.size()
    assert f": {size} entries" in run("backup", "record", "--keys", "keys", "--workspace", str(folder))
    erase(office, "person:u1", "request")
    assert "not copied" in run("backup", "record", "--workspace", str(folder))
    told = run("restore", "record", "restored", "--keys", "keys")
    assert "2 keys destroyed again" in told
    assert f"whether they know of more than {size + 4}:" in told
    assert "safeconduct ledger cosign --workspace restored" in told
    again = json.loads(run("backup", "record", "--keys", "keys", "--workspace", str(folder), "--json"))
    assert again == {"origin": "safeconduct/istanbul-2025-06-02", "size": size + 4, "record": "record", "keys": "keys"}
    told = run("restore", "record", "sealed", "--json")
    assert json.loads(told) == {"origin": again["origin"], "size": size + 4, "workspace": "sealed", "erased": None}
    told = run("restore", "record", "whole", "--keys", "keys", "--json")
    assert json.loads(told)["erased"] == 0
