"""A served ledger is cosigned as it grows, and its pages say by whom, how far, and who is awaited since when."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
from nacl.signing import SigningKey
from tests.app.duty import DEADLINE_S, entries, eve, line, wait_until
from tests.app.test_mirroring import Served, mirror_at
from tests.web.serving import serving
from tests.web.test_serve_process import Server
from tests.web.witness_process import WitnessProcess

from safeconduct.app.commands import AcknowledgeAlarms
from safeconduct.app.cosigning_thread import LONGEST_PAUSE_S, BackOff
from safeconduct.app.workspace import FILE, Workspace, open_workspace
from safeconduct.disclosure.clearance import INTERMEDIARY
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.cosignature import Cosignature, cosign, witness_key
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.policy import PolicyKey
from safeconduct.storage.cosignatures import CosignatureStore, Standing
from safeconduct.tracking.alarm_book import Seen
from safeconduct.web.acting import act_in_json

COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]
KEY = SigningKey(bytes([9]) * 32)
NOBODY = witness_key("witness.example/nobody", KEY)


def name_witnesses(workspace: Workspace, witnesses: dict[str, tuple[VerifierKey, str]]) -> None:
    """Write them into safeconduct.toml."""
    lines = [f'{name} = {{ key = "{key}", url = "{url}" }}\n' for name, (key, url) in witnesses.items()]
    file = workspace.folder / FILE
    file.write_text(file.read_text() + "[witnesses]\n" + "".join(lines))


def standing(workspace: Workspace, key: VerifierKey) -> Standing | None:
    """How far a witness has come."""
    store = CosignatureStore.read(workspace.cosignatures_path)
    found = None if store is None else store.standing(key)
    if store is not None:
        store.close()
    return found


def cosigned_size(workspace: Workspace, key: VerifierKey) -> int:
    """How many entries it has cosigned."""
    found = standing(workspace, key)
    return found.size if found else 0


def has_alarm(workspace: Workspace, key: VerifierKey) -> bool:
    """Whether a person must look at what it says."""
    found = standing(workspace, key)
    return found is not None and found.alarm


def test_a_served_ledger_is_cosigned_as_it_grows(tmp_path: Path) -> None:
    """One witness cosigns, one is not there: reports are taken at once, the page tells both, and the terminal."""
    workspace = eve(tmp_path / "workspace")
    witness = WitnessProcess(tmp_path / "witness.sqlite", str(workspace.verifier))
    name_witnesses(workspace, {"RU": (witness.key, witness.url), "UA": (NOBODY, "http://127.0.0.1:9")})
    server = Server(workspace)
    wait_until(lambda: cosigned_size(workspace, witness.key) == len(entries(workspace)))
    server.post(line("a"))
    wait_until(lambda: cosigned_size(workspace, witness.key) == len(entries(workspace)))
    page = httpx.get(f"{server.url}/public", timeout=DEADLINE_S).text
    assert ">RU</span>" in page
    cookies = {"safeconduct-intermediary": server.key}
    own = httpx.get(f"{server.url}/view/intermediary", cookies=cookies, timeout=DEADLINE_S).text
    assert ">RU</span>" in own
    assert "not cosigned by UA since " in own
    server.stop()
    awaited = standing(workspace, NOBODY)
    assert awaited is not None
    assert awaited.error.startswith("UA cannot be reached: ")
    witness.stop()


def test_a_server_that_was_killed_asks_again(tmp_path: Path) -> None:
    """And a witness that was killed as well: at the end the latest checkpoint is cosigned."""
    workspace = eve(tmp_path / "workspace")
    witness = WitnessProcess(tmp_path / "witness.sqlite", str(workspace.verifier))
    port = int(witness.url.rpartition(":")[2])
    name_witnesses(workspace, {"RU": (witness.key, witness.url)})
    server = Server(workspace)
    wait_until(lambda: cosigned_size(workspace, witness.key) > 0)
    witness.kill()
    server.post(line("a"))
    server = server.killed_and_started_again(workspace)
    witness = WitnessProcess(tmp_path / "witness.sqlite", str(workspace.verifier), port)
    wait_until(lambda: cosigned_size(workspace, witness.key) == len(entries(workspace)))
    server.stop()
    witness.stop()


def test_a_restored_ledger_is_told_at_once(tmp_path: Path) -> None:
    """Though cosignatures.sqlite was restored with it: the witness has seen more, and says so when it is asked."""
    workspace = eve(tmp_path / "workspace")
    witness = WitnessProcess(tmp_path / "witness.sqlite", str(workspace.verifier))
    name_witnesses(workspace, {"RU": (witness.key, witness.url)})
    ask = [sys.executable, "-m", "safeconduct.cli.main", "ledger", "cosign", "--workspace", str(workspace.folder)]
    subprocess.run(ask, check=True, capture_output=True, timeout=DEADLINE_S)
    subprocess.run(["cp", "-r", str(workspace.folder), str(tmp_path / "backup")], check=True)
    restored = replace(workspace, folder=tmp_path / "backup")
    server = Server(workspace)
    server.post(line("a"))
    wait_until(lambda: cosigned_size(workspace, witness.key) == len(entries(workspace)))
    server.stop()
    server = Server(restored)
    wait_until(lambda: has_alarm(restored, witness.key))
    cookies = {"safeconduct-intermediary": server.key}
    own = httpx.get(f"{server.url}/view/intermediary", cookies=cookies, timeout=DEADLINE_S).text
    assert "this ledger has 19 entries and RU has seen 2" in own
    wait_until(lambda: "Nothing more is recorded here" in restored_page(server))
    refused = post(server)
    assert (refused.status_code, refused.json()["type"]) == (503, "rolled-back")
    assert "this record has 19 entries, and its key has signed 2" in refused.json()["error"]
    server.process.terminate()
    told = server.end()
    assert "ALARM: not cosigned: this ledger has 19 entries and RU has seen 2" in told
    assert "ALARM: this record has 19 entries" in told
    witness.stop()
    server = Server(restored)
    assert post(server).json()["type"] == "rolled-back"
    assert "Nothing more is recorded here" in restored_page(server)
    acted = httpx.post(
        f"{server.url}/alarms",
        content=act_in_json(AcknowledgeAlarms(seen=Seen((1,), "x"), by="A")),
        headers={"Authorization": f"Bearer {server.key}"},
        timeout=DEADLINE_S,
    )
    assert (acted.status_code, acted.json()["type"]) == (503, "rolled-back")
    server.process.terminate()
    assert "ALARM: this record has 19 entries" in server.end()
    refusal = subprocess.run(
        [*COMMAND, "alarms", "--workspace", str(restored.folder), "acknowledge", "1", "--by", "A"],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert refusal.returncode == 2
    assert refusal.stderr.startswith("this record has 19 entries")
    assert refusal.stderr.count("\n") == 1


def test_a_restored_server_records_again_once_the_record_is_whole(tmp_path: Path) -> None:
    """Taken back from a party's mirror: reports are taken again, the same witness cosigns, the check is clean."""
    workspace = eve(tmp_path / "workspace")
    witness = WitnessProcess(tmp_path / "witness.sqlite", str(workspace.verifier))
    name_witnesses(workspace, {"RU": (witness.key, witness.url)})
    subprocess.run(["cp", "-r", str(workspace.folder), str(tmp_path / "backup")], check=True)
    server = Server(workspace)
    server.post(line("a"))
    wait_until(lambda: cosigned_size(workspace, witness.key) == len(entries(workspace)))
    server.stop()
    size = len(entries(workspace))
    mirror_at(tmp_path / "mirror.sqlite", workspace).follow(Served(workspace), 1)
    restored = replace(workspace, folder=tmp_path / "backup", ledger_path=tmp_path / "backup" / "ledger.sqlite")
    server = Server(restored)
    wait_until(lambda: post(server).status_code == 503)
    server.process.terminate()
    server.end()
    told = ledger(restored, "recover", "--from", str(tmp_path / "mirror.sqlite"))
    assert f"the record has {size + 1:,} entries" in told
    server = Server(open_workspace(restored.folder))
    assert post(server).json()["taken"] == 1
    wait_until(lambda: cosigned_size(restored, witness.key) > size + 1)
    assert "Nothing more is recorded here" not in restored_page(server)
    server.process.terminate()
    server.end()
    assert "verdict   all of it is as it was recorded" in ledger(restored, "fsck")
    assert "cosigned      by RU" in ledger(restored, "cosign")
    witness.stop()


def ledger(workspace: Workspace, *arguments: str) -> str:
    """What a command of the ledger says, with exit code 0."""
    command = [*COMMAND, "ledger", *arguments, "--workspace", str(workspace.folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=DEADLINE_S).stdout


def restored_page(server: Server) -> str:
    """What the intermediary's page shows."""
    cookies = {"safeconduct-intermediary": server.key}
    return httpx.get(f"{server.url}/view/intermediary", cookies=cookies, timeout=DEADLINE_S).text


def post(server: Server) -> httpx.Response:
    """A report, and what is answered."""
    headers = {"Authorization": f"Bearer {server.key}"}
    return httpx.post(f"{server.url}/events", content=line("b"), headers=headers, timeout=DEADLINE_S)


def test_pages_say_how_far_the_ledger_is_cosigned(tmp_path: Path) -> None:
    """Nobody yet; then a witness, of all or of the first entries; only of those that the workspace names."""
    workspace = eve(tmp_path)
    store = CosignatureStore.open(workspace.cosignatures_path)
    note = workspace.open_ledger().note()
    checkpoint = open_checkpoint(note, workspace.verifier)
    with serving(workspace) as site:
        browser = site.browser(INTERMEDIARY)
        assert "nobody yet" in browser.get("/view/intermediary").text
        given = Cosignature(NOBODY, 5, cosign(checkpoint.text(), NOBODY.name, KEY, 5))
        store.add("RU", checkpoint, note, given, 5_000_000)
        shown = browser.get("/view/intermediary").text
        assert ">RU</span></dd>" in shown
        assert "nobody yet" not in browser.get("/public").text
    store.close()
    other = witness_key("witness.example/other", SigningKey(bytes(32)))
    with serving(replace(workspace, witnesses={"UA": PolicyKey(other, "http://127.0.0.1:9")})) as site:
        assert "nobody yet" in site.browser(INTERMEDIARY).get("/view/intermediary").text


def test_a_damaged_store_does_not_take_the_pages_away(tmp_path: Path) -> None:
    """What is shown of the day does not rest on it."""
    workspace = eve(tmp_path)
    workspace.cosignatures_path.write_bytes(b"no database" * 1000)
    with serving(workspace) as site:
        assert "nobody yet" in site.browser(INTERMEDIARY).get("/view/intermediary").text


def test_a_witness_that_fails_is_asked_less_and_less_often() -> None:
    """After 2, 4, 8 seconds and so on up to a minute; after a success as often as ever."""
    pauses, now = BackOff(), 100.0
    waits = []
    for _ in range(7):
        assert pauses.due("B", now)
        pauses.failed("B", now)
        wait = next(seconds for seconds in range(100) if pauses.due("B", now + seconds))
        waits.append(wait)
        now += wait
    assert waits == [2, 4, 8, 16, 32, 60, LONGEST_PAUSE_S]
    assert pauses.due("A", now)
    pauses.succeeded("B")
    assert pauses.due("B", now)
