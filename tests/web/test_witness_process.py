"""A witness over real HTTP, in processes that are killed, stopped and begun again."""

import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from tests.app.duty import DEADLINE_S
from tests.ledger.growing import ORIGIN, VERIFIER, GrowingLedger, leaves
from tests.web.witness_process import COMMAND, WitnessProcess

from safeconduct.ledger.witness import SIZE_TYPE, AddCheckpoint
from safeconduct.storage.witness_state import WitnessState

LEDGER = GrowingLedger(leaves(300))
FORK = GrowingLedger([*leaves(7), *leaves(293, "other")])


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessProcess]:
    """A witness that has cosigned 12 entries."""
    process = WitnessProcess(tmp_path / "witness.sqlite")
    process.cosigned(LEDGER.request(0, 12))
    yield process
    process.stop()


def test_every_answer_is_as_the_specification_says(witness: WitnessProcess) -> None:
    """Status, type and body of each row, on one connection that is kept."""
    other = GrowingLedger(leaves(12), origin="safeconduct/another")
    impostor = replace(LEDGER.request(12, 20), note=other.note().replace(b"safeconduct/another", ORIGIN.encode()))
    rows = [
        (LEDGER.request(0, 20), 409, SIZE_TYPE, "12\n"),
        (LEDGER.request(11, 11), 409, SIZE_TYPE, "12\n"),
        (LEDGER.request(20, 12), 400, "text/plain; charset=utf-8", None),
        (FORK.request(12, 12), 422, "text/plain; charset=utf-8", None),
        (FORK.request(12, 20), 422, "text/plain; charset=utf-8", None),
        (other.request(0), 404, "text/plain; charset=utf-8", None),
        (impostor, 403, "text/plain; charset=utf-8", None),
        (AddCheckpoint(12, (), b"nonsense"), 400, "text/plain; charset=utf-8", None),
    ]
    for request, status, kind, body in rows:
        answer = witness.ask(request)
        assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
        assert body is None or answer.text == body
        assert answer.text.count("\n") == 1
    again, grown = witness.cosigned(LEDGER.request(12, 12)), witness.cosigned(LEDGER.request(12, 300))
    assert again.at_s <= grown.at_s


def test_what_is_no_request_is_refused_in_a_line(witness: WitnessProcess) -> None:
    """Other methods and addresses, empty and huge bodies."""
    client = witness.client
    refused = client.get("/add-checkpoint")
    assert (refused.status_code, refused.headers["content-type"]) == (405, "text/plain; charset=utf-8")
    assert client.post("/").status_code == 404
    assert client.post("/add-checkpoint").status_code == 400
    huge = client.post("/add-checkpoint", content=b"old 12\n" + bytes(1_000_000))
    assert (huge.status_code, huge.text) == (413, "a request has at most 131072 bytes\n")
    assert client.post("/add-checkpoint", content=b"\xff" * 50_000).status_code == 400


def test_without_a_state_the_command_makes_a_witness(tmp_path: Path) -> None:
    """The contract's command alone works; begun again it is the same witness, which remembers."""
    state = tmp_path / "new" / "witness.sqlite"
    first = WitnessProcess(state)
    assert first.origins == [ORIGIN]
    first.cosigned(LEDGER.request(0, 12))
    assert "a new witness, with the key in witness.sqlite.key" in first.stop()
    assert (state.with_name("witness.sqlite.key").stat().st_mode & 0o777, state.stat().st_mode & 0o777) == (
        0o600,
        0o600,
    )
    second = WitnessProcess(state)
    assert second.key == first.key
    assert second.ask(LEDGER.request(0, 20)).text == "12\n"
    assert second.stop() == ""


def test_what_was_cosigned_outlives_being_killed(tmp_path: Path) -> None:
    """Killed at random while checkpoints come: it always remembers the last that it gave away, and refuses a fork."""
    state, chance = tmp_path / "witness.sqlite", random.Random(5)
    known = 0
    for _ in range(3):
        process = WitnessProcess(state)
        enough, killer = known + chance.randrange(5, 40), threading.Thread(target=process.process.kill)
        try:
            while known < 280:
                if known >= enough and killer.ident is None:
                    killer.start()
                answer = process.ask(LEDGER.request(known, known + 1))
                if answer.status_code == 409:  # the reply to the last one before was lost
                    assert int(answer.text) == known + 1
                    known += 1
                    continue
                assert answer.status_code == 200, answer.text
                known += 1
        except httpx.HTTPError:
            pass
        killer.join()
        process.kill()
        memory = WitnessState.open(state, writable=False)
        last = memory.last(ORIGIN)
        memory.close()
        assert last is not None
        assert last.checkpoint.size in (known, known + 1)
    process = WitnessProcess(state)
    size = int(process.ask(LEDGER.request(0, 300)).text)
    assert size in (known, known + 1)
    assert process.ask(FORK.request(size, size)).status_code == 422
    process.cosigned(LEDGER.request(size, 300))
    process.stop()


def test_two_processes_on_one_state_never_contradict_each_other(tmp_path: Path) -> None:
    """Four clients race honest and forked checkpoints at two servers: one history gets through."""
    state = tmp_path / "witness.sqlite"
    WitnessProcess(state).stop()
    servers = [WitnessProcess(state), WitnessProcess(state)]
    got: list[tuple[str, int]] = []

    def race(name: str, ledger: GrowingLedger, server: WitnessProcess) -> None:
        known = 0
        for size in range(8, 60):
            request = ledger.request(min(known, size), size)
            answer = server.ask(request)
            if answer.status_code == 409:
                known = int(answer.text)
            elif answer.status_code == 200:
                got.append((name, size))
                known = size

    clients = [
        threading.Thread(target=race, args=(name, ledger, server))
        for server in servers
        for name, ledger in (("honest", LEDGER), ("fork", FORK))
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for server in servers:
        server.stop()
    assert got
    assert len({name for name, _ in got}) == 1


def test_a_restored_witness_does_not_serve(tmp_path: Path) -> None:
    """An older state put back beside its key is refused with what to do; so is a key whose state is lost."""
    state = tmp_path / "witness.sqlite"
    process = WitnessProcess(state)
    process.cosigned(LEDGER.request(0, 12))
    process.stop()
    shutil.copy(state, tmp_path / "backup")
    process = WitnessProcess(state)
    process.cosigned(LEDGER.request(12, 20))
    process.stop()
    shutil.copyfile(tmp_path / "backup", state)
    serve = [*COMMAND, "serve", "--port", "0", "--state", str(state), "--log", str(VERIFIER)]
    done = subprocess.run(serve, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{state}:0:0: is a copy of a witness's state, restored or moved: it may have forgot")
    assert "make a witness with a new key elsewhere (safeconduct witness init --state NEW --name NAME)" in done.stderr
    state.unlink()
    done = subprocess.run(serve, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert done.returncode == 2
    assert "is missing, and witness.sqlite.key may have signed what it knew" in done.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_witness_told_to_stop_stops(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    """Without a traceback, also while a connection is kept; the port is free for the next."""
    process = WitnessProcess(tmp_path / "witness.sqlite")
    process.cosigned(LEDGER.request(0, 12))
    assert "Traceback" not in process.stop(sent)
    assert process.process.returncode == code
    again = WitnessProcess(tmp_path / "witness.sqlite", port=int(process.url.rpartition(":")[2]))
    assert again.url == process.url
    again.stop()


def test_a_split_view_is_told_and_kept(tmp_path: Path) -> None:
    """On standard error once; `witness show` has both notes and exits with 1, while the witness serves."""
    process = WitnessProcess(tmp_path / "witness.sqlite")
    process.cosigned(LEDGER.request(0, 12))
    for _ in range(3):
        assert process.ask(FORK.request(12, 12)).status_code == 422
    show = [*COMMAND, "show", "--state", str(tmp_path / "witness.sqlite")]
    done = subprocess.run(show, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert done.returncode == 1
    assert f"ALARM     {ORIGIN} signed two roots for 12 entries, seen at 2" in done.stdout
    assert process.stop().count(f"the ledger {ORIGIN} has signed two roots for 12 entries") == 1


def test_the_key_of_the_ledger_is_checked_before_anything_is_made(tmp_path: Path) -> None:
    """One line; no state, no key."""
    state = tmp_path / "witness.sqlite"
    for log, what in [
        ("nonsense", "--log:0:0: a verifier key is written NAME+HASH+BASE64; give the ledger_key of the ledger's"),
        (str(replace(VERIFIER, algorithm=b"\x04")), "not of the type Ed25519 (1): it is of the type Ed25519 cosig"),
    ]:
        serve = [*COMMAND, "serve", "--port", "0", "--state", str(state), "--log", log]
        done = subprocess.run(serve, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert what in done.stderr
    assert list(tmp_path.iterdir()) == []
