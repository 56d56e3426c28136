"""Releases and keys while `safeconduct serve` holds the ledger: break-glass is needed exactly then."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey
from tests.app.duty import entries, eve
from tests.app.erased import enrol_second
from tests.app.recording import SECOND, SECOND_PUBLIC, StandingClock
from tests.app.release_world import PRIVATE, RECIPIENT
from tests.app.small_exchange import at
from tests.web.test_serve_process import Server

from safeconduct.agreement.entries import AuthorEnrolled, AuthorRevoked
from safeconduct.app.office import Office
from safeconduct.app.ports import SystemRandomness
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.release_entries import GlassBroken, GlassReviewed, ReleaseAgreed, ReleaseProposed
from safeconduct.exchange.entries import DECODER
from safeconduct.tracking.entries import ConfidentialAlarmShown

WANTED = ("7", "--field", "type", "--to", "a physician", "--to-key", RECIPIENT, "--why", "An emergency.")


class Served:
    """A workspace with a second officer's key, a server of it, and the commands as a user runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace: Workspace = eve(folder / "workspace")
        clock = StandingClock(at("02:30"))
        office = Office(self.workspace.open_recorder(clock, SystemRandomness(), DECODER), clock)
        enrol_second(office)
        office.recorder.close()
        for name, secret in (("second.key", bytes(SECOND)), ("physician.key", PRIVATE)):
            (folder / name).write_text(secret.hex() + "\n")
            (folder / name).chmod(0o600)
        self.server = Server(self.workspace)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command on the workspace."""
        command = [sys.executable, "-m", "safeconduct.cli.main", *arguments, "--workspace", "workspace"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def done(self, *arguments: str) -> dict[str, Any]:
        """What a command tells that succeeds."""
        done = self.run(*arguments, "--json")
        assert (done.returncode, done.stderr.startswith("safeconduct: ")) == (0, False), done
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def refused(self, *arguments: str) -> str:
        """The one line of a command that is refused, after which the ledger is as before."""
        size = len(entries(self.workspace))
        done = self.run(*arguments)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done
        assert len(entries(self.workspace)) == size
        return done.stderr

    def read(self, name: str) -> dict[str, Any]:
        """The fields that the recipient reads in a file."""
        key = ("--key", "physician.key", "--ledger-key", str(self.workspace.verifier))
        command = [sys.executable, "-m", "safeconduct.cli.main", "recipient", "open", name, *key, "--json"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done
        fields: dict[str, Any] = json.loads(done.stdout)["fields"]
        return fields

    def rules(self) -> list[str]:
        """The rules of the alarms on releases and keys, as they were recorded."""
        return [one.rule for one in entries(self.workspace) if isinstance(one, ConfidentialAlarmShown)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests here, each of which says what it adds."""
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.server.process.kill()
    served.server.end()


def test_glass_is_broken_and_reviewed_through_the_server(served: Served) -> None:
    """Entry and alarm stand in the record, the file opens, the alarm asks; another key's review deals with it."""
    made = served.done("release", "break-glass", *WANTED, "-o", "at-once.sealed")
    assert (made["index"], made["fields"]) == (7, ["type"])
    assert list(served.read("at-once.sealed")) == ["type"]
    kinds = [type(one).__name__ for one in entries(served.workspace)]
    place = kinds.index(GlassBroken.__name__)
    assert kinds[place + 1 : place + 3] == ["ConfidentialAlarmShown", "ConfidentialAlarmAssigned"]
    number = str(made["number"])
    review = ("release", "review", number, "--finding", "not-justified", "--words", "No emergency.")
    assert "another one must review it" in served.refused(*review)
    told = served.done(*review, "--key", "second.key")
    assert (told["finding"], told["key"]) == ("not-justified", SECOND_PUBLIC)
    assert served.rules()[-2:] == ["break-glass", "not-justified"]
    assert any(isinstance(one, GlassReviewed) for one in entries(served.workspace))


def test_two_keys_release_through_the_server(served: Served) -> None:
    """One signs beside the workspace with a key of their own, the server with the workspace's; in either order."""
    for first, second in ((("--key", "second.key"), ()), ((), ("--key", "second.key"))):
        number = str(served.done("release", "propose", *WANTED, *first)["number"])
        assert "is proposed by one key" in served.refused("release", "write", number, "-o", "early.sealed")
        assert "another one must agree" in served.refused("release", "agree", number, "-o", "out.sealed", *first)
        served.done("release", "agree", number, "-o", "out.sealed", *second)
        served.done("release", "write", number, "-o", "again.sealed")
        assert served.read("out.sealed") == served.read("again.sealed")
    found = [one for one in entries(served.workspace) if isinstance(one, ReleaseProposed | ReleaseAgreed)]
    assert len(found) == 4
    assert len({one.public_key for one in found}) == 2


def test_keys_come_and_go_through_the_server(served: Served) -> None:
    """With the alarm that a further key is new; until it counts the server refuses what it signs."""
    further = SigningKey(b"further".ljust(32, b"."))
    public_key = bytes(further.verify_key).hex()
    (served.folder / "further.key").write_text(bytes(further).hex() + "\n")
    (served.folder / "further.key").chmod(0o600)
    enrol = ("author", "enrol", public_key, "--of", "NI", "--label", "duty officer 3")
    served.done(*enrol)
    assert served.rules()[-1] == "new-key"
    assert "is new: it counts from" in served.refused(
        "release", "break-glass", *WANTED, "-o", "x.sealed", "--key", "further.key"
    )
    assert not (served.folder / "x.sealed").exists()
    assert "is enrolled for NI already" in served.refused(*enrol)
    served.done("author", "revoke", public_key, "--after", "0", "--reason", "lost")
    kinds = [type(one) for one in entries(served.workspace)]
    assert (kinds.count(AuthorEnrolled), kinds.count(AuthorRevoked)) == (2, 1)


def test_a_step_without_a_cosignature_is_asked_of_the_server(served: Served) -> None:
    """Here nobody lacks, and the server says so."""
    for key in ((), ("--key", "second.key")):
        told = served.refused("ledger", "proceed", "round-composed", "2025-07-04", *key)
        assert "every side has cosigned the record" in told


def test_a_key_that_reaches_its_limit_is_an_alarm_of_the_server(served: Served) -> None:
    """Also where the holder of another key would not even sign: it is refused, and everybody is called."""
    fields = ("occurred_at_us", "own", "list_id", "ref", "sex", "home", "note", "unit", "rank", "health", "type")
    many = [word for field in fields for word in ("--field", field)]
    asked = ("release", "break-glass", "7", *many, *WANTED[3:], "-o", "many.sealed", "--key", "second.key")
    while "limit" not in served.rules():
        done = served.run(*asked)
        assert done.returncode in (0, 2), done
    assert (done.returncode, "and 20 is the limit" in done.stderr) == (2, True)
    assert served.server.process.poll() is None
    served.server.stop()
    record = served.workspace.open_record(DECODER)
    assert record.check().problems == []
    record.close()
