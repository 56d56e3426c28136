"""A reviewer at the terminal: every finding is durable, the second does not see the first's, undo undoes."""

import json
import os
import pty
import re
import select
import shutil
import signal
import sys
from pathlib import Path

import msgspec
import pytest
from tests.app.reviewed import LISTS, TWO_NEEDED, open_office, workspace_with_lists
from tests.app.test_deciding import OPINION
from tests.cli.in_process import run
from tests.registry.test_registry_linkage import LEFT

from safeconduct.app.workspace import open_workspace
from safeconduct.disclosure.clearance import parse_clearance
from safeconduct.disclosure.telling import tell
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.registry.entries import MatchOpinion
from safeconduct.registry.linkage import find_duplicates
from safeconduct.registry.state import RegistryState

COMMAND = (str(Path(sys.executable).with_name("safeconduct")), "registry", "review", "--workspace", "w")
KEYS = "q quit"
PARTIES = ("RU", "UA")
pytestmark = pytest.mark.usefixtures("matching_once")
TOLD = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module", name="given")
def workspace_given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two lists and nothing reviewed."""
    folder = tmp_path_factory.mktemp("given")
    workspace_with_lists(folder / "w")
    return folder


@pytest.fixture
def folder(given: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return copied(given, tmp_path)


def copied(given: Path, to: Path) -> Path:
    """Another copy of it."""
    shutil.copytree(given, to, dirs_exist_ok=True)
    return to


def in_lines(folder: Path, reviewer: str, *lines: str) -> str:
    """What a session without a terminal prints."""
    typed = "".join(f"{line}\n" for line in lines)
    done = run("registry", "review", "--workspace", "w", "--reviewer", reviewer, folder=folder, typed=typed)
    assert done.returncode == 0, done.stderr
    return done.stdout


def registry(folder: Path) -> RegistryState:
    """What the record says."""
    office = open_office(open_workspace(folder / "w"))
    office.recorder.close()
    return office.state.registry


def outcomes(folder: Path) -> dict[str, str]:
    """The finding of each pair that somebody looked at, by the ref of the held."""
    found = registry(folder)
    across = [pair for pair in found.opinions if pair[0] != pair[2]]
    return {pair[1]: found.finding(pair).outcome for pair in across}


def recorded_outcomes(folder: Path) -> list[str]:
    """Every finding that was ever recorded, also those taken back."""
    return [entry.outcome for entry in read(folder) if isinstance(entry, MatchOpinion)]


def read(folder: Path) -> list[Entry]:
    """Every entry on record."""
    record = open_workspace(folder / "w").open_record(DECODER)
    bodies = [one.body for one in record.read()]
    record.close()
    return [body.entry for body in bodies if isinstance(body, Opened)]


class Terminal:
    """A session in a pseudo-terminal of 24 lines of 80 letters."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ |= {"TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
            os.execv(COMMAND[0], [*COMMAND, *options])  # noqa: S606 - our own command, in the terminal made for it
        self.screen = self.wait_for(KEYS)

    def press(self, keys: str, until: str = KEYS) -> str:
        """What the screen shows once it shows `until` again."""
        os.write(self._descriptor, keys.encode())
        self.screen = self.wait_for(until)
        return self.screen

    def wait_for(self, text: str) -> str:
        """Everything written up to and with a text."""
        written = b""
        while text not in TOLD.sub("", written.decode(errors="ignore")):
            ready, _, _ = select.select([self._descriptor], [], [], 120)
            assert ready, written.decode(errors="replace")
            written += os.read(self._descriptor, 65536)
        return TOLD.sub("", written.decode(errors="ignore"))

    def kill(self) -> None:
        """Without any warning."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._descriptor)

    def end(self) -> str:
        """Quit as a person does."""
        os.write(self._descriptor, b"q")
        told = self.wait_for("left.")
        _, status = os.waitpid(self.pid, 0)
        os.close(self._descriptor)
        assert os.waitstatus_to_exitcode(status) == 0
        return told


def test_a_session_at_a_terminal_and_its_sudden_end(folder: Path) -> None:
    """What was acknowledged on the screen is on record after a kill; undo takes it back and both stay in history."""
    session = Terminal(folder, "--reviewer", "A. Marti")
    assert "pair 1 of" in session.screen
    assert "two reviewers" in session.screen
    assert "≠ patronymic differs (Павлович, Петрович)" in session.screen
    first = session.press("e2")
    assert "recorded: u10 with r10, two persons (other fathers (patronymic))" in " ".join(first.split())
    session.press("i", until="back")  # choosing a reason: nothing is recorded yet
    session.kill()
    found = registry(folder)
    assert [one.reason for one in found.opinions[LISTS.held, "u10", LISTS.sought, "r10"].values()] == [
        "other fathers (patronymic)"
    ]
    assert len(found.opinions) == 1
    again = Terminal(folder, "--reviewer", "A. Marti")
    assert "u12" in again.screen
    again.press("p\r")
    assert "taken back: 1 pair" in again.press("u")
    again.press("sя")  # a key that means nothing says nothing
    assert "0 findings recorded" in again.end()
    assert registry(folder).opinions[LISTS.held, "u12", LISTS.sought, "r12"] == {}
    assert recorded_outcomes(folder) == ["exclusion", "premature", "withdrawn"]


@pytest.mark.parametrize(
    ("second", "expected"), [("e 3", "exclusion"), ("i 1", "premature")], ids=["they agree", "they disagree"]
)
def test_the_second_reviewer_decides_without_seeing_the_first(
    given: Path, tmp_path: Path, second: str, expected: str
) -> None:
    """Two reviewers; the second's screens are the same whatever the first found, and come to them first."""
    for folder, word in (("one", "e not my brother at all"), ("two", "i the very same man")):
        copied(given, tmp_path / folder)
        in_lines(tmp_path / folder, "A. Marti", word, "q")
    one, two = (in_lines(tmp_path / folder, "B. Keller", second, "q") for folder in ("one", "two"))
    assert one == two
    assert "second reviewer" in one
    assert "brother" not in one
    assert outcomes(tmp_path / "one")["u10"] == expected
    listed = run("registry", "review", "--list", "--json", "--workspace", "w", folder=tmp_path / "one")
    waiting = {one["held_ref"]: one for one in json.loads(listed.stdout)}
    assert ("u10" in waiting) == (expected == "premature")
    assert "outcome" not in waiting["u12"]


def test_a_whole_pile_takes_a_few_keys(folder: Path) -> None:
    """Some alone (brothers among them), the others on a sheet, of which one is taken out; then nothing waits."""
    alone = len(TWO_NEEDED) + len(find_duplicates(LEFT))
    told = in_lines(folder, "A. Marti", *["e 4"] * alone, "o 1", "i 1", "i")
    assert "nothing contradicts" in told
    found = outcomes(folder)
    assert {ref for ref, outcome in found.items() if outcome == ""} == TWO_NEEDED
    assert all(outcome == "identification" for ref, outcome in found.items() if ref not in TWO_NEEDED)
    assert "Nothing waits for a. marti" in in_lines(folder, "a.  marti")


def test_a_reviewer_signs_with_their_own_key(folder: Path) -> None:
    """The entry's author is their key; nobody can record in that name without it, and the record's check agrees."""
    key = run("author", "new", "marti.key", folder=folder).stdout.strip()
    decide = ("registry", "review", "--decide", "u10", "r10", "--outcome", "exclusion", "--reason", "other father")
    at = ("--workspace", "w")
    refused = run(*decide, "--key", "marti.key", *at, folder=folder)
    assert (refused.returncode, "is not enrolled" in refused.stderr) == (2, True)
    enrol = ("author", "enrol", key, "--of", "NI", "--label", "A. Marti")
    assert run(*enrol, *at, folder=folder).returncode == 0
    done = run(*decide, "--key", "marti.key", "--json", *at, folder=folder)
    assert (done.returncode, json.loads(done.stdout)["reviewers_lacking"]) == (0, 1)
    (opinion,) = registry(folder).opinions[LISTS.held, "u10", LISTS.sought, "r10"].values()
    assert (opinion.public_key, opinion.reviewer) == (key, "A. Marti")
    borrowed = run(*decide, "--reviewer", "A. Marti", *at, folder=folder)
    assert (borrowed.returncode, "has a key of their own" in borrowed.stderr) == (2, True)
    second = run(*decide, "--reviewer", "B. Keller", *at, folder=folder)
    assert "u10 with r10: exclusion, by B. Keller" in second.stdout
    assert outcomes(folder) == {"u10": "exclusion"}
    assert run("ledger", "fsck", *at, folder=folder).returncode == 0


def test_what_cannot_be_decided_is_refused(folder: Path) -> None:
    """Rows of lists that are not compared, no reason, a reason with names, a second partner for somebody identified."""

    def refusal(*options: str) -> str:
        done = run("registry", "review", "--workspace", "w", *options, folder=folder)
        assert done.returncode == 2
        return done.stderr

    who = ("--reviewer", "A. Marti")
    assert "needs --outcome and --reason" in refusal(*who, "--decide", "u01", "r01")
    why = ("--outcome", "identification", "--reason", "known to me")
    assert "stand on no two lists" in refusal(*who, *why, "--decide", "r01", "r02")
    assert "say who reviews" in refusal(*why, "--decide", "u01", "r01")
    named = ("--outcome", "identification", "--reason", "he is called Shevchuk")
    assert "leave names out" in refusal(*who, *named, "--decide", "u01", "r01")
    done = run("registry", "review", "--workspace", "w", *who, *why, "--decide", "u01", "r01", folder=folder)
    assert done.returncode == 0
    assert "u01 with r01 was identified already" in refusal(*who, *why, "--decide", "u01", "r02")


def test_an_opinion_in_the_name_of_anothers_key_is_found(folder: Path) -> None:
    """The desk's own key cannot record an opinion as signed by a reviewer: the record's check says so."""
    office = open_office(open_workspace(folder / "w"), now_us=11)
    office.record([msgspec.structs.replace(OPINION, public_key="ab" * 32)])
    office.recorder.close()
    found = run("ledger", "fsck", "--workspace", "w", folder=folder)
    assert (found.returncode, "signed in it for another key than its own" in found.stdout) == (1, True)


def test_parties_are_told_nothing_of_reviews(given: Path, tmp_path: Path) -> None:
    """Their copies are the same in all that they can read, whatever reviewers find; only the intermediary reads it."""
    told = {}
    for folder, word in (("one", "e 2"), ("two", "i 4")):
        copied(given, tmp_path / folder)
        in_lines(tmp_path / folder, "A. Marti", word, "q")
        entries = [entry for entry in read(tmp_path / folder) if tell(entry, parse_clearance("intermediary", PARTIES))]
        told[folder] = [
            [one for one in (tell(entry, parse_clearance(clearance, PARTIES)) for entry in entries) if one is not None]
            for clearance in ("party:RU", "party:UA", "public")
        ]
        assert any(isinstance(entry, MatchOpinion) for entry in entries)
        assert not any("opinion" in str(one) for telling in told[folder] for one in telling)
    assert told["one"] == told["two"]
