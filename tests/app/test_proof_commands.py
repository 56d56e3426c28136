"""`safeconduct ledger prove`, and `ledger verify` with keys, witnesses and policies, as run by a user."""

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.test_ledger_commands import safeconduct
from tests.app.witnessed import RU, RU_KEY, UA_KEY, cosigned, give_away

from safeconduct.app.workspace import Workspace
from safeconduct.ledger.policy import PolicyKey, everyone


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workspace]:
    """A workspace `demo`; a copy and a proof cosigned by both sides; a policy that needs both; the other way round."""
    folder = tmp_path_factory.mktemp("given")
    workspace = give_away(folder, 30)
    policy = everyone([PolicyKey(workspace.verifier)], {"RU": [PolicyKey(RU_KEY)], "UA": [PolicyKey(UA_KEY)]})
    (folder / "policy").write_text(policy.text())
    (folder / "policy-without-log").write_text(everyone([], {"RU": [PolicyKey(RU_KEY)]}).text())
    note = cosigned(workspace, RU)
    shutil.copytree(folder / "copy", folder / "copy-by-RU")
    (folder / "copy-by-RU" / "checkpoint").write_bytes(note)
    head, _, _ = (folder / "proof").read_bytes().partition(b"\n\n")
    (folder / "proof-by-RU").write_bytes(head + b"\n\n" + note)
    (folder / "safeconduct").write_text(f'#!/bin/sh\nexec {sys.executable} -m safeconduct.cli.main "$@"\n')
    (folder / "safeconduct").chmod(0o755)
    return folder, workspace


def test_a_proof_is_made_and_checked(given: tuple[Path, Workspace], tmp_path: Path) -> None:
    """Offline and away from the workspace; it tells the entry's index, author and time, and the ledger's root."""
    folder, workspace = given
    made = safeconduct(
        "ledger", "prove", "7", "-o", str(tmp_path / "p.tlog-proof"), "--workspace", "demo", folder=folder
    )
    assert (made.returncode, str(workspace.verifier) in made.stderr) == (0, True)
    assert "shown     nothing of what it says" in made.stdout
    done = safeconduct("ledger", "verify", "p.tlog-proof", "--key", str(workspace.verifier), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for line in (
        "entry     7 of safeconduct/istanbul-2025-06-02",
        "recorded  2025-07-04T09:00:00Z",
        "ledger    30 entries, root ",
        "shown     nothing of what it says",
        "verdict   it stands in the ledger as it was recorded and signed",
    ):
        assert line in done.stdout
    assert "cosigned" not in done.stdout


def test_what_is_shown_is_for_the_owner_of_the_file_alone(given: tuple[Path, Workspace], tmp_path: Path) -> None:
    """As a copy is; a proof that shows nothing may be read by all. As JSON: what is in it, and for whom."""
    folder, _ = given
    for name, options, shown in (
        ("closed", (), []),
        ("one", ("--as", "party:RU", "--field", "person"), ["person"]),
        ("two", ("--as", "party:RU", "--field", "person", "--field", "type"), ["type", "person"]),
    ):
        path = tmp_path / name
        done = safeconduct(
            "ledger", "prove", "7", "-o", str(path), *options, "--workspace", "demo", "--json", folder=folder
        )
        told = json.loads(done.stdout)
        assert (done.returncode, told["index"], told["size"], told["shown"]) == (0, 7, 30, shown)
        assert told["clearance"] == (options[1] if options else "public")
        assert bool(stat.S_IMODE(path.stat().st_mode) & 0o077) == (not shown)


def test_who_cosigned_is_told_with_the_time(given: tuple[Path, Workspace]) -> None:
    """Of those whose keys are given; of others that they are there, unchecked; the fields shown; all of it as JSON."""
    folder, workspace = given
    key = ("--key", str(workspace.verifier))
    done = safeconduct("ledger", "verify", "proof", *key, "--witness", str(RU_KEY), folder=folder)
    assert done.returncode == 0
    assert "cosigned  2025-07-04T11:53:20Z by ru.example/w" in done.stdout
    assert "unchecked signatures by ua.example/w: give their keys with --witness" in done.stdout
    assert 'shown     person = "p1"' in done.stdout
    told = json.loads(
        safeconduct("ledger", "verify", "proof", *key, "--policy", "policy", "--json", folder=folder).stdout
    )
    assert [(one["name"], one["at"]) for one in told["cosigned"]] == [
        ("ru.example/w", "2025-07-04T11:53:20Z"),
        ("ua.example/w", "2025-07-04T11:53:20Z"),
    ]
    assert (told["verified"], told["not_cosigned"], told["unchecked"], told["fields"]) == (
        True,
        [],
        [],
        {"person": "p1"},
    )


BOTH = ("--witness", str(RU_KEY), "--witness", str(UA_KEY))


@pytest.mark.parametrize("thing", ["copy", "proof"])
@pytest.mark.parametrize(
    ("options", "lacking"),
    [
        (("--key", "KEY"), None),
        (("--key", "KEY", *BOTH[:2]), None),
        (("--key", "KEY", *BOTH), "ua.example/w"),
        (("--policy", "policy"), "UA"),
        (("--key", "KEY", "--policy", "policy-without-log"), None),
    ],
)
def test_who_lacks_is_named(
    given: tuple[Path, Workspace], thing: str, options: tuple[str, ...], lacking: str | None
) -> None:
    """Exit code 1; with both cosignatures it is 0. A policy that lists the ledger stands for its key."""
    folder, workspace = given
    options = tuple(str(workspace.verifier) if one == "KEY" else one for one in options)
    assert safeconduct("ledger", "verify", thing, *options, folder=folder).returncode == 0
    done = safeconduct("ledger", "verify", f"{thing}-by-RU", *options, folder=folder)
    assert (done.returncode, done.stderr) == (0 if lacking is None else 1, "")
    if lacking is not None:
        assert f"the checkpoint is not cosigned by {lacking}\n" in done.stdout
        told = json.loads(safeconduct("ledger", "verify", f"{thing}-by-RU", *options, "--json", folder=folder).stdout)
        assert (told["verified"], told["not_cosigned"]) == (False, [lacking])
        assert [one["name"] for one in told["cosigned"]] == ["ru.example/w"]


def test_a_tampered_proof_is_refused(given: tuple[Path, Workspace], tmp_path: Path) -> None:
    """Exit code 1, one line why, and nothing of what it claims."""
    folder, workspace = given
    (tmp_path / "proof").write_bytes((folder / "proof").read_bytes().replace(b"index 7", b"index 6"))
    done = safeconduct("ledger", "verify", "proof", "--key", str(workspace.verifier), folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "proof: entry 6 is not in the ledger with this root",
        "verdict   do not rely on this proof",
    ]
    done = safeconduct("ledger", "verify", "proof", "--key", str(workspace.verifier), "--json", folder=tmp_path)
    assert json.loads(done.stdout) == {
        "verified": False,
        "problems": ["entry 6 is not in the ledger with this root"],
    }


REFUSED = [
    (("prove", "7", "-o", "out", "--workspace", "nowhere"), "no workspace here"),
    (("prove", "30", "-o", "out", "--workspace", "demo"), "there is no entry 30 under the checkpoint of 30 entries"),
    (("prove", "7", "-o", "out", "--field", "person", "--workspace", "demo"), "public may not know its field 'person'"),
    (
        ("prove", "7", "-o", "out", "--as", "intermediary", "--field", "person", "--workspace", "demo"),
        "safeconduct release propose --help",
    ),
    (
        ("export", "out", "--as", "intermediary", "--workspace", "demo"),
        "single fields go to others by safeconduct release",
    ),
    (("prove", "7", "-o", "out", "--as", "party:XX", "--workspace", "demo"), "unknown clearance 'party:XX'"),
    (("prove", "7", "-o", "demo/no/out", "--workspace", "demo"), "cannot be written"),
    (("verify", "proof"), "the ledger's key is missing; give --key"),
    (("verify", "proof", "--policy", "policy-without-log"), "the ledger's key is missing; give --key"),
    (("verify", "proof", "--key", "x"), "--key:0:0: a verifier key is written NAME+HASH+BASE64"),
    (("verify", "proof", "--key", str(RU_KEY)), "it is of the type Ed25519 cosignatures (4)"),
    (("verify", "proof", "--key", "KEY", "--witness", "KEY"), "--witness:0:0: the verifier key is not of the type"),
    (("verify", "proof", "--key", "KEY", "--policy", "nowhere"), "nowhere:0:0: cannot be read"),
    (("verify", "proof", "--key", "KEY", "--policy", "proof"), "proof:1:1: 'c2sp.org/tlog-proof@v1' begins no line"),
    (("verify", "proof", "--key", "KEY", "--previous", "copy/checkpoint"), "does not show what came before it"),
    (("verify", "policy", "--key", "KEY"), "policy:1:1: is no proof of an entry: it does not begin with"),
]


@pytest.mark.parametrize(("arguments", "named"), REFUSED, ids=[" ".join(case[0])[:60] for case in REFUSED])
def test_what_cannot_be_done_is_refused_in_one_line(
    given: tuple[Path, Workspace], arguments: tuple[str, ...], named: str
) -> None:
    """Exit code 2, nothing on standard output, nothing made."""
    folder, workspace = given
    before = sorted(folder.iterdir())
    arguments = tuple(str(workspace.verifier) if one == "KEY" else one for one in arguments)
    done = safeconduct("ledger", *arguments, folder=folder)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert named in done.stderr
    assert sorted(folder.iterdir()) == before


def test_a_key_that_is_not_utf_8_is_refused(given: tuple[Path, Workspace]) -> None:
    """As a shell may pass it on."""
    command: list[str | bytes] = [
        sys.executable,
        "-m",
        "safeconduct.cli.main",
        "ledger",
        "verify",
        "proof",
        "--key",
        b"\xff+00+AAAA",
    ]
    done = subprocess.run(command, cwd=given[0], capture_output=True, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, b"", 1)


def test_the_examples_in_the_help_work_as_pasted(given: tuple[Path, Workspace], tmp_path: Path) -> None:
    """After a demo, from its folder."""
    shutil.copytree(given[0] / "demo", tmp_path / "safeconduct-demo")
    for command in ("prove", "verify"):
        shown = safeconduct("ledger", command, "--help", folder=tmp_path).stdout
        example = shown.split("safeconduct demo --fast\n", 1)[1].split("\n\n", 1)[0]
        script = f'PATH="{given[0]}:$PATH"\n{example}'
        done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout != "") == (0, True), done.stderr
