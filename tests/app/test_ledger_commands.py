"""`safeconduct ledger checkpoint` and `fsck`, as run by a user."""

import json
import sqlite3
import sys
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest
from tests.app.recording import Seeded, StandingClock, erase

from safeconduct.app.workspace import create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.note import VerifierKey
from safeconduct.tracking.entries import CustodyReported


def safeconduct(*arguments: str, folder: Path) -> "CompletedProcess[str]":
    """Run the command in a folder, as a process of its own: exit code, standard output and error are the contract."""
    command = [sys.executable, "-m", "safeconduct.cli.main", *arguments]
    return run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with five reports on custody, of which those of one person were erased."""
    workspace = create_workspace(tmp_path, "istanbul-2025-06-02", "NI", Seeded(0))
    writer = workspace.open_recorder(StandingClock(), Seeded(1), DECODER)
    writer.record(
        [
            CustodyReported(occurred_at_us=1, own=("RU",), event=f"e{one}", person=f"p{one % 3}", report="{}")
            for one in range(5)
        ]
    )
    erase(writer, "person:p1")
    writer.close()
    return tmp_path


def test_checkpoint_prints_the_signed_note(folder: Path) -> None:
    """As text, and as one JSON object that carries everything needed to verify it."""
    done = safeconduct("ledger", "checkpoint", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == ["safeconduct/istanbul-2025-06-02", "9"]
    told = json.loads(safeconduct("ledger", "checkpoint", "--json", folder=folder).stdout)
    assert told["note"] == done.stdout
    signed = open_checkpoint(told["note"].encode(), VerifierKey.parse(told["ledger_key"]))
    assert (told["origin"], told["size"], told["root"]) == (signed.origin, 9, done.stdout.splitlines()[2])


def test_fsck_of_a_sound_ledger(folder: Path) -> None:
    """Exit code 0 and a calm summary, from a folder below too."""
    (folder / "below").mkdir()
    done = safeconduct("ledger", "fsck", folder=folder / "below")
    assert (done.returncode, done.stderr) == (0, "")
    assert "7 opened, 0 sealed, 2 erased" in done.stdout
    assert "all of it is as it was recorded" in done.stdout
    told = json.loads(safeconduct("ledger", "fsck", "--json", folder=folder).stdout)
    assert (told["verified"], told["size"], told["problems"]) == (True, 9, [])
    assert (told["bodies"]["opened"], told["bodies"]["erased"]) == (7, 2)


def test_fsck_of_a_ledger_that_was_changed(folder: Path) -> None:
    """Exit code 1, the entry named."""
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        connection.execute("UPDATE leaf SET leaf = CAST(substr(leaf, 1, 216) || x'7f' AS BLOB) WHERE position = 2")
    connection.close()
    done = safeconduct("ledger", "fsck", "--json", "--workspace", str(folder), folder=folder.parent)
    told = json.loads(done.stdout)
    assert (done.returncode, told["verified"]) == (1, False)
    assert told["problems"][0] == {"index": 2, "what": "the leaf is not what was hashed when it was recorded"}
    assert "entry 2: the leaf is not what was hashed" in safeconduct("ledger", "fsck", folder=folder).stdout


@pytest.mark.parametrize(("command", "arguments"), [("checkpoint", ["--workspace", "nowhere"]), ("fsck", ["--json"])])
def test_without_a_workspace_there_is_one_line(tmp_path: Path, command: str, arguments: list[str]) -> None:
    """Exit code 2, nothing on standard output, no traceback; likewise for a folder named that is none."""
    done = safeconduct("ledger", command, *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_checkpoint_with_a_forged_note(folder: Path) -> None:
    """A note that the ledger's key did not sign is never printed as the checkpoint."""
    forged = safeconduct("ledger", "checkpoint", folder=folder).stdout.replace("\n9\n", "\n7\n").encode()
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        connection.execute("UPDATE checkpoint SET note = ?", (forged,))
    connection.close()
    done = safeconduct("ledger", "checkpoint", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
