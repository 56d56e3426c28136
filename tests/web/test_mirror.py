"""A party's mirror over HTTP: who may follow, and that it cosigns what it holds and nothing else."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from nacl.signing import SigningKey
from tests.app.duty import DEADLINE_S, eve, wait_until
from tests.app.recording import Seeded
from tests.web.serving import Site, serving
from tests.web.test_server import append

from safeconduct.app.ledger_files import LedgerFiles
from safeconduct.app.witness_home import init_witness
from safeconduct.app.workspace import Workspace, read_secret
from safeconduct.disclosure.clearance import PUBLIC, Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from safeconduct.ledger.cosignature import open_cosignatures
from safeconduct.ledger.merkle import EMPTY_ROOT, consistency_proof
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.tiles import Tile
from safeconduct.ledger.witness import AddCheckpoint
from safeconduct.web.access import page_link
from safeconduct.web.ledger_client import LedgerClient
from safeconduct.web.mirror_running import MirrorSettings, mirror_thread

RU, UA = Clearance("party", "RU"), Clearance("party", "UA")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server over a small exchange."""
    with serving(eve(tmp_path / "workspace")) as site:
        yield site


def link(site: Site, clearance: Clearance) -> str:
    """The link of a page."""
    return page_link(site.workspace.page_secret(), site.url, clearance)


def settings(site: Site, clearance: Clearance, state: Path) -> MirrorSettings:
    """A mirror of the served ledger."""
    return MirrorSettings(link(site, clearance), clearance, site.workspace.verifier, state)


def latest(workspace: Workspace) -> tuple[Checkpoint, bytes]:
    """The ledger's latest checkpoint, and its note."""
    ledger = workspace.open_ledger()
    note = ledger.note()
    ledger.close()
    return open_checkpoint(note, workspace.verifier), note


def test_a_mirror_follows_over_http_as_the_ledger_grows(site: Site, tmp_path: Path) -> None:
    """With what another program records meanwhile; an old tile is served for every size that there was."""
    with mirror_thread(settings(site, UA, tmp_path / "mirror.sqlite")) as mirror:
        assert mirror.look().mirrored.checkpoint == latest(site.workspace)[0]
        before = latest(site.workspace)[0].size
        append(site.workspace, "n1", "n2")
        report = mirror.look()
        assert (report.mirrored.checkpoint, report.trouble) == (latest(site.workspace)[0], "")
    client = LedgerClient(link(site, UA), UA)
    record = site.workspace.open_record(DECODER)
    for width in (1, before, before + 2):
        assert client.bundle(Tile(0, 0, width)) == LedgerFiles(record).bundle(Tile(0, 0, width))
    record.close()
    client.close()


@pytest.mark.parametrize(
    "path", ["checkpoint", "tile/entries/000.p/1", "tile/0/000.p/1", "disclosed?start=0&end=1", "cosigned"]
)
def test_the_ledger_opens_by_the_partys_own_key_alone(site: Site, path: str) -> None:
    """No key, a wrong one, the other side's, a cookie of its own page, the public's: not a byte of the ledger."""
    browser = site.browser(UA)

    def get(clearance: str, key: str) -> int:
        headers = [(b"authorization", f"Bearer {key}".encode())]
        return browser.get(f"/ledger/{clearance}/{path}", headers=headers).status_code

    assert browser.get(f"/ledger/party:UA/{path}").status_code == 403
    assert {get("party:UA", key) for key in (site.key(RU), site.key(PUBLIC), "x", "ü")} == {403}
    assert get("public", site.key(PUBLIC)) == 403
    assert get("party:UA", site.key(UA)) == 200
    browser.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("tile/entries/001", 404),
        ("tile/0/000.p/255", 404),
        ("tile/0/000.p/0", 404),
        ("tile/64/000", 404),
        ("tile/../../checkpoint", 404),
        ("tile/entries/x000/000.p/1", 404),
        ("disclosed?start=-1&end=1", 400),
        ("disclosed?start=5&end=5", 400),
        ("disclosed?start=0&end=100000", 400),
        ("disclosed?start=a&end=b", 400),
    ],
)
def test_what_is_not_there_is_told_as_such(site: Site, path: str, status: int) -> None:
    """Tiles that the ledger does not have, and questions that are none."""
    answer = httpx.get(f"{site.url}/ledger/party:UA/{path}", headers={"Authorization": f"Bearer {site.key(UA)}"})
    assert answer.status_code == status


class Cosigning:
    """A mirror of UA that cosigns, as a user begins it."""

    def __init__(self, url: str, key: VerifierKey, site: Site) -> None:
        self.url = url
        self.key = key
        self._site = site

    def ask(self, note: bytes, old: int) -> httpx.Response:
        """Ask it to cosign."""
        record = self._site.workspace.open_record(DECODER)
        size = open_checkpoint(note, self._site.workspace.verifier).size
        proof = tuple(consistency_proof(old, size, record.node)) if size <= record.size() else ()
        record.close()
        return httpx.post(
            f"{self.url}/add-checkpoint", content=AddCheckpoint(old, proof, note).encode(), timeout=DEADLINE_S
        )


@contextmanager
def cosigning(site: Site, folder: Path, port: int = 0) -> Iterator[tuple[Cosigning, subprocess.Popen[str]]]:
    """`safeconduct mirror --witness` as a process."""
    state = folder / "witness.sqlite"
    if not state.exists():
        init_witness(state, "mirror.ua.example", Seeded(5))
    command = [
        sys.executable, "-m", "safeconduct.cli.main", "mirror", "--from", link(site, UA), "--as", "party:UA",
        "--key", str(site.workspace.verifier), "--state", str(folder / "mirror.sqlite"),
        "--witness", str(state), "--port", str(port), "--json",
    ]  # fmt: skip
    from safeconduct.app.witness_home import open_witness

    key = open_witness(state)[2]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr
        try:
            url = process.stderr.readline().split()[-1]
            yield Cosigning(url, key, site), process
        finally:
            process.kill()


def test_it_cosigns_what_it_holds_and_goes_on_after_being_killed(site: Site, tmp_path: Path) -> None:
    """SIGKILL between two cosignatures: the next process cosigns from where the last one was."""
    note = latest(site.workspace)[1]
    size = latest(site.workspace)[0].size
    with cosigning(site, tmp_path) as (mirror, process):
        wait_until(lambda: httpx.get(mirror.url).status_code == 404)
        answer = mirror.ask(note, 0)
        assert answer.status_code == 200
        (found,) = open_cosignatures(note + answer.content, [mirror.key])
        assert found.witness == mirror.key
        process.send_signal(signal.SIGKILL)
    append(site.workspace, "n1")
    with cosigning(site, tmp_path) as (mirror, _):
        grown = latest(site.workspace)[1]
        assert mirror.ask(grown, 0).text == f"{size}\n"
        assert mirror.ask(grown, size).status_code == 200


def test_it_does_not_cosign_what_it_cannot_have_or_what_contradicts_what_it_holds(site: Site, tmp_path: Path) -> None:
    """A checkpoint of entries that are not served; one of another history of the same size."""
    key = SigningKey(read_secret(site.workspace.secrets_path / "ledger.key"))
    held, note = latest(site.workspace)
    with cosigning(site, tmp_path) as (mirror, process):
        assert mirror.ask(note, 0).status_code == 200
        beyond = sign_checkpoint(Checkpoint(held.origin, held.size + 5, EMPTY_ROOT), key)
        assert mirror.ask(beyond, held.size).status_code == 503
        other = sign_checkpoint(Checkpoint(held.origin, held.size, EMPTY_ROOT), key)
        answer = mirror.ask(other, held.size)
        assert (answer.status_code, "two ledgers of one size" in answer.text) == (422, True)
        process.terminate()
    with mirror_thread(settings(site, UA, tmp_path / "mirror.sqlite")) as thread:
        report = thread.look()
        assert report.verdict.name == "ALARM"
        assert [one.shown for one in report.mirrored.evidence] == [other]


def test_a_mirror_that_can_look_no_more_ends_and_says_why(site: Site, tmp_path: Path) -> None:
    """Its own file is broken under it: it does not go on cosigning behind a screen that stands still."""
    with cosigning(site, tmp_path) as (mirror, process):
        assert mirror.ask(latest(site.workspace)[1], 0).status_code == 200
        with closing(sqlite3.connect(tmp_path / "mirror.sqlite")) as connection, connection:
            connection.execute("DROP TABLE evidence")
        assert process.wait(DEADLINE_S) == 2
        assert process.stderr
        assert "mirror.sqlite: cannot be read" in process.stderr.read()
