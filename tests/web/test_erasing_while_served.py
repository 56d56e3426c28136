"""Erasing while `safeconduct serve` holds the ledger: the server does it, and shows and keeps nothing of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.app.duty import DEADLINE_S, PREMATURE, alarms, entries, eve, line, reported, wait_until
from tests.app.erased import enrol_second
from tests.app.recording import SECOND, StandingClock
from tests.app.small_exchange import at
from tests.app.test_erasing import U1, Traces, traces_of
from tests.web.test_serve_process import Server

from safeconduct.app.office import Office
from safeconduct.app.ports import SystemRandomness
from safeconduct.app.workspace import Workspace
from safeconduct.disclosure.entries import DataErased, ErasureAgreed
from safeconduct.exchange.entries import DECODER
from safeconduct.web.access import desk_key

HANDED_OVER = line("over/u1", "accepted", "09:10", **{"from": "NI", "to": "UA", "person": "u1", "place": "novaya-guta"})


class Served:
    """A workspace on its eve with a second officer's key, and a server of it."""

    def __init__(self, folder: Path) -> None:
        self.workspace: Workspace = eve(folder / "workspace")
        clock = StandingClock(at("02:30"))
        office = Office(self.workspace.open_recorder(clock, SystemRandomness(), DECODER), clock)
        enrol_second(office)
        self.traces: Traces = traces_of(office, U1)
        office.recorder.close()
        self.key = folder / "second.key"
        self.key.write_text(bytes(SECOND).hex() + "\n")
        self.key.chmod(0o600)
        self.server = Server(self.workspace)

    def erase(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The command as a user runs it."""
        command = [sys.executable, "-m", "safeconduct.cli.main", "erase", "person:u1", "--reason", "request"]
        return subprocess.run(
            [*command, "--workspace", str(self.workspace.folder), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    def shown(self, clearance: str, path: str) -> httpx.Response:
        """What somebody with the link of a page is shown."""
        told = self.server.told["links"][clearance]
        with httpx.Client(base_url=self.server.url, timeout=DEADLINE_S, follow_redirects=True) as browser:
            browser.get(told)
            return browser.get(path, headers={"Authorization": f"Bearer {told.partition('key=')[2]}"})

    def lines(self) -> str:
        """What a mirror of UA is told."""
        return self.shown("party:UA", "/ledger/party:UA/disclosed?start=0&end=2048").text


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Ended with the test."""
    served = Served(tmp_path)
    yield served
    served.server.process.kill()
    served.server.end()


def test_the_server_erases_and_nothing_of_it_is_left(served: Served) -> None:
    """In no database, log or key file while the server runs, on no page, told to no mirror; and the day goes on."""
    server, folder = served.server, served.workspace.folder
    server.post(HANDED_OVER)
    wait_until(lambda: bool(server.watch()))
    assert '\\"person\\":\\"u1\\"' in served.lines()
    (judging,) = server.watch()
    first = served.erase()
    assert (first.returncode, first.stderr) == (0, "")
    assert "1 of 2 keys" in first.stdout
    assert served.traces.in_any(folder) != []
    done = served.erase("--key", str(served.key), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["erased"], told["keys_destroyed"], len(told["agreed_by"])) == (True, 2, 2)
    assert (folder / "ledger.sqlite-wal").exists(), "the server still holds the files"
    assert served.traces.in_any(folder) == []
    assert "over/u1" not in served.lines()
    wait_until(lambda: served.shown("intermediary", "/view/intermediary").status_code == 200)
    page = served.shown("intermediary", "/view/intermediary").text
    assert "Data erased: person:u1 (request)" in page
    assert "over/u1" not in page
    assert server.post(PREMATURE)["taken"] == 1
    wait_until(lambda: bool(alarms(served.workspace)))
    assert judging not in server.watch()
    assert server.process.poll() is None
    assert reported(served.workspace) == ["told-too-early"]
    assert [type(one) for one in entries(served.workspace) if isinstance(one, ErasureAgreed | DataErased)] == [
        ErasureAgreed,
        ErasureAgreed,
        DataErased,
    ]
    server.stop()
    record = served.workspace.open_record(DECODER)
    assert record.check().problems == []
    record.close()


def test_a_partys_mirror_forgets_with_it(served: Served, tmp_path: Path) -> None:
    """As a user runs it, before and after: what it was told is gone from its folder, which all is well with."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    link, key = served.server.told["links"]["party:UA"], str(served.workspace.verifier)
    command = [sys.executable, "-m", "safeconduct.cli.main", "mirror", "--once", "--json", "--from", link]
    command += ["--as", "party:UA", "--key", key, "--state", str(folder / "mirror.sqlite")]

    def look() -> dict[str, Any]:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def holds_it() -> bool:
        return any(b"over/u1" in path.read_bytes() for path in folder.iterdir())

    served.server.post(HANDED_OVER)
    assert look()["erasures"] == []
    assert holds_it()
    served.erase()
    served.erase("--key", str(served.key))
    told = look()
    assert (told["verdict"], [one["forgotten"] for one in told["erasures"]]) == ("well", [2])
    assert not holds_it()


def test_what_the_server_refuses_is_one_line(served: Served) -> None:
    """One key twice, a reason that is none, a handle of nobody: exit code 2, and the server goes on."""
    assert served.erase("--key", str(served.key)).returncode == 0
    twice = served.erase("--key", str(served.key))
    assert (twice.returncode, twice.stdout, len(twice.stderr.splitlines())) == (2, "", 1)
    assert "now another person must, with --key FILE" in twice.stderr
    wrong = served.erase("--reason", "because")
    assert (wrong.returncode, "unknown reason 'because'" in wrong.stderr) == (2, True)
    assert served.server.post(PREMATURE)["taken"] == 1


def test_no_link_of_a_page_opens_erasures(served: Served) -> None:
    """Whoever is at the intermediary's page can act on alarms, and cannot agree to an erasure in its name."""
    keys = [link.partition("key=")[2] for link in served.server.told["links"].values()]
    own = desk_key(served.workspace.page_secret())
    act = {"act": "erase", "subject": "person:u1", "reason": "request"}
    body = {"act": act}

    def status(key: str, content: bytes) -> int:
        headers = [(b"authorization", f"Bearer {key}".encode())]
        return served.server.client.post("/desk", content=content, headers=headers).status_code

    assert {status(key, json.dumps(body).encode()) for key in (*keys, "x", "ü")} == {403}
    bad = (
        *(b"", b"[]", b'{"act": 1}', b'{"act": {"act": "erase", "subject": 1, "reason": ""}}', b"\xff"),
        *(json.dumps(one).encode() for one in (body | {"by": "A"}, {"act": act | {"act": "fly"}})),
    )
    assert [status(own, one) for one in bad] == [400] * len(bad)
    assert status(own, json.dumps(body | {"public_key": "ab" * 32, "signed": "x"}).encode()) == 409
    assert not any(isinstance(one, ErasureAgreed) for one in entries(served.workspace))
