"""The master key under a passphrase: only that opens it, and without it all that needs no body still works."""

import os
import pty
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.recording import DECODER, Seeded, new_workspace, person, recorder

from safeconduct.app.master_key import opened_with, sealed_under
from safeconduct.app.workspace import Workspace, open_workspace, read_secret
from safeconduct.kernel.entry import Opened, Sealed
from safeconduct.kernel.errors import BadInput

WORDS = "vier Wörter nach dem Los"
COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """A master key under the passphrase."""
    return sealed_under(WORDS, bytes(range(32)), Seeded(1))


@pytest.fixture
def locked(tmp_path: Path) -> Workspace:
    """A workspace with one entry, under the passphrase."""
    workspace = new_workspace(tmp_path / "workspace")
    writer = recorder(workspace)
    writer.record([person(1)])
    writer.close()
    workspace.lock_by(WORDS, Seeded(2))
    return open_workspace(workspace.folder)


def test_the_passphrase_opens_it_however_its_letters_are_composed(sealed: bytes) -> None:
    """Some keyboards type an umlaut as two characters."""
    for typed in (WORDS, WORDS.replace("ö", "o\u0308")):
        assert opened_with(typed, "master.sealed", sealed) == bytes(range(32))


def test_another_passphrase_does_not(sealed: bytes) -> None:
    """One line that says so."""
    for wrong in ("", WORDS + " ", WORDS.lower()):
        with pytest.raises(BadInput, match="does not open with this passphrase; type it again") as error:
            opened_with(wrong, "master.sealed", sealed)
        assert len(str(error.value).splitlines()) == 1


def test_each_has_a_salt_of_its_own_and_costs_as_intended(sealed: bytes) -> None:
    """A table of passphrases worked out beforehand opens nothing, and trying one takes 256 MiB."""
    other = tomllib.loads(sealed_under(WORDS, bytes(range(32)), Seeded(2)).decode())
    one = tomllib.loads(sealed.decode())
    assert one["salt"] != other["salt"]
    assert (one["kdf"], one["opslimit"], one["memlimit"]) == ("argon2id", 3, 256 * 2**20)


def test_a_passphrase_of_one_word_is_refused() -> None:
    """It would be guessed."""
    with pytest.raises(BadInput, match="fewer than 12 characters"):
        sealed_under("password123", bytes(32), Seeded(1))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("memlimit = 268435456", "memlimit = 8796093022208", "none that is used here"),
        ("opslimit = 3", "opslimit = 4000000000", "none that is used here"),
        ("format = 1", "format = 2", "known is 1"),
        ("argon2id", "scrypt", "is not argon2id"),
        ('salt = "', 'salt = "00', "is not 16 bytes in hex"),
        ('sealed = "', 'sealed = "zz', "is not 48 bytes in hex"),
        ("nonce", "nonsense", "nonce"),
        ("opslimit = 3", "opslimit = 2", "does not open"),
    ],
)
def test_an_altered_file_is_refused(sealed: bytes, old: str, new: str, what: str) -> None:
    """At its place where there is one; it never holds the machine up."""
    with pytest.raises(BadInput, match=what):
        opened_with(WORDS, "master.sealed", sealed.replace(old.encode(), new.encode(), 1))


@given(st.binary(max_size=200))
def test_hostile_bytes_are_refused(content: bytes) -> None:
    """Whatever stands there: our error, no other."""
    with pytest.raises(BadInput):
        opened_with(WORDS, "master.sealed", content)


def test_a_locked_workspace_reads_as_sealed_and_takes_nothing(locked: Workspace) -> None:
    """Checkpoint and check need no body; writing does."""
    record = locked.open_record(DECODER)
    assert [one.body for one in record.read()] == [Sealed()]
    assert record.check().problems == []
    record.close()
    for refused in (locked.master_key, locked.page_secret, locked.require_keys, lambda: recorder(locked)):
        with pytest.raises(BadInput, match=r"master\.sealed:0:0: is locked by a passphrase; type the passphrase"):
            refused()


def test_it_is_asked_for_once(locked: Workspace) -> None:
    """However often the key is needed; whoever does not answer is not asked again."""
    asked: list[str | None] = []

    def ask(answer: str | None) -> Callable[[], str | None]:
        def asking() -> str | None:
            asked.append(answer)
            return answer

        return asking

    unlocked = replace(open_workspace(locked.folder), ask=ask(WORDS))
    writer = recorder(unlocked, seed=5)
    writer.record([person(2)])
    writer.close()
    record = unlocked.open_record(DECODER)
    assert [one.body for one in record.read()] == [Opened(person(1)), Opened(person(2))]
    record.close()
    assert unlocked.page_secret() == open_workspace(locked.folder).unlocked_by(unlocked.master_key()).page_secret()
    silent = replace(open_workspace(locked.folder), ask=ask(None))
    for _ in range(2):
        silent.open_record(DECODER).close()
    assert asked == [WORDS, None]


def test_the_plain_key_is_in_no_file_any_more(tmp_path: Path) -> None:
    """Neither in hex nor in bytes; and the passphrase can be changed."""
    workspace = new_workspace(tmp_path)
    master_key = read_secret(workspace.secrets_path / "master.key")
    workspace.lock_by(WORDS, Seeded(3))
    again = replace(open_workspace(tmp_path), ask=lambda: WORDS)
    again.lock_by("another one of four words", Seeded(4))
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert master_key not in content
    assert master_key.hex().encode() not in content
    assert sorted(path.name for path in workspace.secrets_path.iterdir()) == [
        "author.key",
        "ledger.key",
        "master.sealed",
    ]
    assert (workspace.secrets_path / "master.sealed").stat().st_mode & 0o077 == 0
    assert replace(open_workspace(tmp_path), ask=lambda: "another one of four words").master_key() == master_key
    with pytest.raises(BadInput, match="does not open"):
        replace(open_workspace(tmp_path), ask=lambda: WORDS).master_key()


def test_the_commands(tmp_path: Path) -> None:
    """As a user runs them: put under, locked, opened by a file, wrong, changed by typing."""
    workspace = new_workspace(tmp_path / "workspace")
    (tmp_path / "new").write_text(WORDS + "\n")
    (tmp_path / "wrong").write_text("something else entirely\n")
    (tmp_path / "empty").write_text("\n")

    def run(*arguments: str, file: str = "") -> "subprocess.CompletedProcess[str]":
        environment = os.environ | ({"SAFECONDUCT_PASSPHRASE_FILE": str(tmp_path / file)} if file else {})
        command = [*COMMAND, *arguments, "--workspace", str(workspace.folder)]
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    nobody = run("keys", "passphrase")
    assert (nobody.returncode, nobody.stdout, len(nobody.stderr.splitlines())) == (2, "", 1)
    assert run("keys", "passphrase", "--new", str(tmp_path / "new")).returncode == 0
    assert run("ledger", "fsck").returncode == 0
    assert run("ledger", "checkpoint").returncode == 0
    assert run("ledger", "fsck", file="new").returncode == 0
    for file, what in (("wrong", "does not open with this passphrase"), ("empty", "holds no passphrase")):
        refused = run("ledger", "fsck", file=file)
        assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
        assert what in refused.stderr
    for command in (["alarms"], ["serve"], ["erase", "person:p1", "--reason", "over"]):
        refused = run(*command)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1), command
        assert "is locked by a passphrase" in refused.stderr


def test_it_is_typed_without_echo(tmp_path: Path) -> None:
    """On a terminal: asked for twice, and not shown."""
    workspace = new_workspace(tmp_path / "workspace")
    terminal, theirs = pty.openpty()
    command = [*COMMAND, "keys", "passphrase", "--workspace", str(workspace.folder)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown = b""
    for prompt in (b"New passphrase: ", b"Once more: "):
        while not shown.endswith(prompt):
            shown += os.read(terminal, 1000)
        os.write(terminal, WORDS.encode() + b"\n")
    with suppress(OSError):  # so Linux tells the end of a terminal
        while piece := os.read(terminal, 1000):
            shown += piece
    os.close(terminal)
    assert process.wait() == 0, shown
    assert WORDS.encode() not in shown
    assert replace(open_workspace(workspace.folder), ask=lambda: WORDS).master_key()
