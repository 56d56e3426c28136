"""`safeconduct release` and `recipient`, as run by two officers and a recipient."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.app.duty import eve
from tests.app.test_ledger_commands import safeconduct
from typer.testing import CliRunner

from safeconduct.cli.main import app
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.note import VerifierKey

WORKSPACE = ("--workspace", "safeconduct-demo")
EXAMPLES = (
    ("release",),
    ("recipient", "open"),
    ("release", "break-glass"),
    ("release", "review"),
    ("release", "write"),
    ("release", "list"),
    ("recipient", "new"),
)


def example(*command: str, folder: Path) -> str:
    """What a command's help shows to be pasted."""
    shown = safeconduct(*command, "--help", folder=folder).stdout
    lines = shown.split("Example", 1)[1].split("\n\n", 1)[0].splitlines()[1:]
    return "\n".join(lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace as the examples have it, and the command on the path."""
    eve(tmp_path / "safeconduct-demo")
    (tmp_path / "safeconduct").write_text(f'#!/bin/sh\nexec {sys.executable} -m safeconduct.cli.main "$@"\n')
    (tmp_path / "safeconduct").chmod(0o755)
    return tmp_path


@pytest.fixture
def officers(folder: Path) -> Path:
    """The same, with a second officer's key and a recipient's."""
    for name, command in (("officer-2", "author"), ("physician", "recipient")):
        made = safeconduct(command, "new", f"{name}.key", folder=folder)
        (folder / f"{name}.pub").write_text(made.stdout)
    key = (folder / "officer-2.pub").read_text().strip()
    enrolled = safeconduct("author", "enrol", key, "--of", "NI", "--label", "two", *WORKSPACE, folder=folder)
    assert enrolled.returncode == 0
    return folder


def ask(folder: Path, *more: str, command: str = "propose") -> "subprocess.CompletedProcess[str]":
    """Ask for a field of entry 7."""
    key = (folder / "physician.pub").read_text().strip()
    options = ("--field", "type", "--to", "a physician", "--to-key", key, "--why", "Asked for.")
    return safeconduct("release", command, "7", *options, *more, *WORKSPACE, folder=folder)


def test_the_examples_in_the_help_work_as_pasted(folder: Path) -> None:
    """One after the other, from the folder of a demo; at the end the record checks, and all of it is listed."""
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    for command in EXAMPLES:
        if command == ("recipient", "new"):
            (folder / "physician.key").unlink()
        script = example(*command, folder=folder)
        done = subprocess.run(
            ["sh", "-ec", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout != "") == (0, True), (command, done)
    listed = json.loads(safeconduct("release", "list", "--json", *WORKSPACE, folder=folder).stdout)["releases"]
    first, second = listed
    assert (first["number"], first["index"], first["fields"], first["to"]) == (1, 7, ["type"], "a physician")
    assert (len(first["keys"]), first["break_glass"], first["finding"]) == (2, False, None)
    assert (len(second["keys"]), second["break_glass"], second["finding"]) == (1, True, "justified")
    assert second["reviewed_by"] == first["keys"][1]
    assert safeconduct("ledger", "fsck", *WORKSPACE, folder=folder).returncode == 0


def test_everything_in_json(officers: Path) -> None:
    """Numbers, keys and fields for machines; the file is its owner's alone, and what it holds is proven."""
    asked = json.loads(ask(officers, "--json").stdout)
    assert (asked["number"], asked["index"], asked["fields"], len(asked["key"])) == (1, 7, ["type"], 64)
    listed = json.loads(safeconduct("release", "list", "--json", *WORKSPACE, folder=officers).stdout)["releases"]
    assert (listed[0]["keys"], listed[0]["released_at"]) == ([], None)
    made = json.loads(
        safeconduct(
            "release", "agree", "1", "--key", "officer-2.key", "-o", "f", "--json", *WORKSPACE, folder=officers
        ).stdout
    )
    assert made == {"number": 1, "file": "f", "index": 7, "fields": ["type"]}
    assert stat.S_IMODE((officers / "f").stat().st_mode) & 0o077 == 0
    settings = (officers / "safeconduct-demo" / "safeconduct.toml").read_text()
    key = re.findall(r'^ledger_key = "(.*)"', settings, re.MULTILINE)[0]
    done = safeconduct(
        *("recipient", "open", "f", "--key", "physician.key", "--ledger-key", key, "-o", "p.tlog-proof", "--json"),
        folder=officers,
    )
    told = json.loads(done.stdout)
    assert (done.returncode, told["verified"], told["index"], list(told["fields"])) == (0, True, 7, ["type"])
    again = safeconduct("ledger", "verify", "p.tlog-proof", "--key", key, "--json", folder=officers)
    assert json.loads(again.stdout)["fields"] == told["fields"]
    broken = json.loads(ask(officers, "-o", "g", "--json", command="break-glass").stdout)
    assert broken == {"number": 2, "file": "g", "index": 7, "fields": ["type"]}
    reviewed = safeconduct(
        *("release", "review", "2", "--finding", "not-justified", "--words", "No.", "--key", "officer-2.key"),
        *("--json", *WORKSPACE),
        folder=officers,
    )
    assert json.loads(reviewed.stdout)["finding"] == "not-justified"


def test_a_release_of_another_ledger_shows_nothing(officers: Path) -> None:
    """Exit code 1, and why; nor is its proof written."""
    ask(officers, "-o", "f", command="break-glass")
    another = str(VerifierKey("safeconduct/istanbul-2025-06-02", bytes(SigningKey(b"z" * 32).verify_key)))
    done = safeconduct(
        *("recipient", "open", "f", "--key", "physician.key", "--ledger-key", another, "-o", "out"), folder=officers
    )
    assert (done.returncode, done.stderr, (officers / "out").exists()) == (1, "", False)
    assert "verdict   do not rely on this proof" in done.stdout
    assert "person-listed" not in done.stdout


REFUSED = [
    (("release", "agree", "1", "-o", "out", *WORKSPACE), "there is no release 1; safeconduct release list shows them"),
    (("release", "write", "1", "-o", "out", *WORKSPACE), "there is no release 1"),
    (("release", "agree", "1", "-o", "no/out", *WORKSPACE), "no/out:0:0: cannot be written: there is no such folder"),
    (("release", "agree", "1", "-o", "out", "--key", "no.key", *WORKSPACE), "no.key:0:0: the key cannot be read"),
    (("release", "agree", "1", "-o", "out", "--key", "safeconduct", *WORKSPACE), "the key is readable by others"),
    (("release", "list", "--workspace", "nowhere"), "no workspace here"),
    (
        ("release", "review", "1", "--finding", "justified", "--words", "x", *WORKSPACE),
        "there is no release 1",
    ),
    (
        ("release", "propose", "7", "--field", "x", "--to", "me", "--to-key", "00", "--why", "x", *WORKSPACE),
        "'00' is no recipient's key: give what safeconduct recipient new printed",
    ),
    (("recipient", "new", "physician.key"), "physician.key:0:0: is already there"),
    (("recipient", "new", "no/physician.key"), "no/physician.key:0:0: cannot be made"),
    (("recipient", "open", "f", "--key", "physician.key"), "--ledger-key:0:0: the ledger's key is missing"),
    (("recipient", "open", "f", "--key", "physician.key", "--ledger-key", "x"), "--ledger-key:0:0: a verifier key"),
    (("recipient", "open", "no", "--key", "physician.key", "--ledger-key", "KEY"), "no:0:0: cannot be read"),
    (("recipient", "open", "f", "--key", "no.key", "--ledger-key", "KEY"), "no.key:0:0: the key cannot be read"),
    (
        ("recipient", "open", "officer-2.pub", "--key", "physician.key", "--ledger-key", "KEY"),
        "officer-2.pub:1:1: is no release that opens here: it does not begin with the line safeconduct/sealed-proof/v1",
    ),
    (
        ("recipient", "open", "f", "--key", "officer-2.key", "--ledger-key", "KEY"),
        "f:1:1: is no release that opens here: it is sealed to the key",
    ),
]


def test_what_cannot_be_done_is_refused_in_one_line(officers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on standard output, nothing made, nothing recorded (`cli.main` ends such commands with exit code 2)."""
    settings = (officers / "safeconduct-demo" / "safeconduct.toml").read_text()
    key = re.findall(r'^ledger_key = "(.*)"', settings, re.MULTILINE)[0]
    eve(officers / "other")
    asked = (officers / "physician.pub").read_text().strip()
    options = ("--field", "type", "--to", "me", "--to-key", asked, "--why", "x", "-o", "f")
    assert safeconduct("release", "break-glass", "7", *options, "--workspace", "other", folder=officers).returncode == 0
    monkeypatch.chdir(officers)
    before = sorted(officers.iterdir())
    size = safeconduct("ledger", "checkpoint", *WORKSPACE, folder=officers).stdout
    for arguments, named in REFUSED:
        given = [key if one == "KEY" else one for one in arguments]
        done = CliRunner().invoke(app, given)
        assert isinstance(done.exception, SafeconductError), (arguments, done)
        assert (done.output, len(str(done.exception).splitlines())) == ("", 1), arguments
        assert named in str(done.exception), arguments
    assert sorted(officers.iterdir()) == before
    assert safeconduct("ledger", "checkpoint", *WORKSPACE, folder=officers).stdout == size
