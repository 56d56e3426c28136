"""`safeconduct ledger export` and `verify`, as run by a user."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.copying import groups_of, workspace_with
from tests.app.test_ledger_commands import safeconduct

from safeconduct.app.workspace import open_workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workspace `demo` in it."""
    workspace_with(tmp_path / "demo", groups_of(30))
    return tmp_path


def key_of(folder: Path) -> str:
    """The ledger's key, as its keeper gives it."""
    return str(open_workspace(folder / "demo").verifier)


def test_a_copy_is_made_and_checked(folder: Path) -> None:
    """Offline and away from the workspace: what it tells, by type, and the closed round; exit code 0."""
    done = safeconduct("ledger", "export", "copy", "--as", "party:RU", "--workspace", "demo", folder=folder)
    assert done.returncode == 0
    assert "30; of 21 it tells something" in done.stdout
    assert key_of(folder) in done.stderr
    key = key_of(folder)
    (folder / "demo").rename(folder / "gone")
    done = safeconduct("ledger", "verify", "copy", "--key", key, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    for line in (
        "copy      safeconduct/istanbul-2025-06-02, for party:RU",
        "entries   30, signed by 1 key",
        "19  tracking.custody-reported/1",
        "closed    2025-07-04: RU released 3, UA released 4",
        "1 clauses kept, 1 broken (b)",
        "verdict   all of it is as it was recorded and signed",
    ):
        assert line in done.stdout
    told = json.loads(safeconduct("ledger", "verify", "copy", "--key", key, "--json", folder=folder).stdout)
    assert (told["verified"], told["size"], told["problems"], told["known"]["entries"]) == (True, 30, [], 21)
    assert told["rounds"] == [
        {"exchange": "2025-07-04", "released": {"RU": 3, "UA": 4}, "clauses_kept": ["a"], "clauses_broken": ["b"]}
    ]


def test_without_a_clearance_nothing_is_told(folder: Path) -> None:
    """Default deny: the copy is the public's."""
    done = safeconduct("ledger", "export", "copy", "--workspace", "demo", "--json", folder=folder)
    told = json.loads(done.stdout)
    assert (done.returncode, told["clearance"], told["entries"], told["fields"]) == (0, "public", 0, 0)


def test_a_changed_copy_is_told_line_by_line(folder: Path) -> None:
    """Exit code 1; the entry is named; with --json all problems, and nothing else on standard output."""
    safeconduct("ledger", "export", "copy", "--as", "party:RU", "--workspace", "demo", folder=folder)
    path = folder / "copy" / "disclosed.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"e0"', b'"e9"'))
    done = safeconduct("ledger", "verify", "copy", "--key", key_of(folder), folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("entry 1: what is shown of it does not hold")
    assert "verdict   1 problem: do not rely on this copy" in done.stdout
    done = safeconduct("ledger", "verify", "copy", "--key", key_of(folder), "--json", folder=folder)
    assert (done.returncode, [one["index"] for one in json.loads(done.stdout)["problems"]]) == (1, [1])


def test_an_earlier_checkpoint_is_compared(folder: Path) -> None:
    """The note that a party kept; a file that is none is refused."""
    note = safeconduct("ledger", "checkpoint", "--workspace", "demo", folder=folder).stdout
    (folder / "kept").write_text(note)
    safeconduct("ledger", "export", "copy", "--workspace", "demo", folder=folder)
    verify = ("ledger", "verify", "copy", "--key", key_of(folder), "--previous")
    done = safeconduct(*verify, "kept", folder=folder)
    assert (done.returncode, "it continues the checkpoint of size 30" in done.stdout) == (0, True)
    for name in ("copy/keys.txt", "nowhere"):
        done = safeconduct(*verify, name, folder=folder)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


REFUSED = [
    (("export", "demo", "--workspace", "demo"), "not empty"),
    (("export", "demo", "--workspace", "demo", "--force"), "which is of no copy"),
    (
        ("export", "copy", "--workspace", "demo", "--as", "party:XX"),
        "allowed: intermediary, party:RU, party:UA, public",
    ),
    (("export", "copy", "--workspace", "nowhere"), "no workspace here"),
    (("export", "file/below", "--workspace", "demo"), "cannot be written"),
    (("verify", "made"), "made/keys.txt shows one to compare"),
    (("verify", "made", "--key", "x"), "NAME+HASH+BASE64"),
    (("verify", "demo", "--key", "KEY"), "no copy of a ledger here"),
    (("verify", "nowhere", "--key", "KEY"), "no copy of a ledger here"),
]


@pytest.mark.parametrize(("arguments", "named"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_what_cannot_be_done_is_refused_in_one_line(folder: Path, arguments: tuple[str, ...], named: str) -> None:
    """Exit code 2, nothing on standard output, nothing made."""
    safeconduct("ledger", "export", "made", "--workspace", "demo", folder=folder)
    (folder / "file").write_text("")
    arguments = tuple(key_of(folder) if one == "KEY" else one for one in arguments)
    done = safeconduct("ledger", *arguments, folder=folder)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert named in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["demo", "file", "made"]


def test_the_examples_in_the_help_work_as_pasted(folder: Path) -> None:
    """After a demo, from its folder."""
    shutil.move(folder / "demo", folder / "safeconduct-demo")
    (folder / "safeconduct").write_text(f'#!/bin/sh\nexec {sys.executable} -m safeconduct.cli.main "$@"\n')
    (folder / "safeconduct").chmod(0o755)
    for command in ("export", "verify"):
        shown = safeconduct("ledger", command, "--help", folder=folder).stdout
        example = shown.split("safeconduct demo --fast\n", 1)[1].split("\n\n", 1)[0]
        done = subprocess.run(
            ["sh", "-ec", f'PATH="{folder}:$PATH"\n{example}'], cwd=folder, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout != "") == (0, True), done.stderr
