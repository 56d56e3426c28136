"""Tries our witnessing against a program of others: `uv run python scripts/foreign_witness.py`.

The program is aics-witness from PyPI (C2SP tlog-witness, Apache-2.0), fetched into a temporary folder and run there as
it is. First a ledger of ours is cosigned by its witness; then its log and its feeder have ours cosign; then both
witnesses are asked the same wrong things. Prints what came of it, as in docs/witnesses.md; ends with 1 if anything is
not as it should be.
"""

import argparse
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.signing import SigningKey

from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.merkle import consistency_proof, leaf_hash, root_over
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.witness import AddCheckpoint

PACKAGES = ("aics-witness==0.1.0", "aics-tlog==0.2.1")
PYTHON = "3.12"
"""What these packages ask for; under 3.11, on which we run, they work unchanged."""
SAFECONDUCT = [sys.executable, "-m", "safeconduct.cli.main"]
ORIGIN, FOREIGN_ORIGIN = "ledger.example/tried", "log.foreign.example"
COSIGNATURES = 300
_PATIENCE_S = 20


class SmallLedger:
    """Signs checkpoints of every size that it has had."""

    def __init__(self, leaves: Sequence[bytes], origin: str = ORIGIN, key: SigningKey | None = None) -> None:
        self.key = key or SigningKey(bytes(range(32)))
        self.origin = origin
        self._hashes = [leaf_hash(leaf) for leaf in leaves]
        self.verifier = VerifierKey(origin, bytes(self.key.verify_key))

    def node(self, level: int, index: int) -> bytes:
        """As `merkle.NodeReader`."""
        return root_over(self._hashes[index << level : index + 1 << level])

    def note(self, size: int) -> bytes:
        """The signed checkpoint of its first entries."""
        return sign_checkpoint(Checkpoint(self.origin, size, root_over(self._hashes[:size])), self.key)

    def request(self, old_size: int, size: int) -> bytes:
        """The body of an add-checkpoint request; without proof where there can be none."""
        proof = consistency_proof(old_size, size, self.node) if old_size <= size else ()
        return AddCheckpoint(old_size, tuple(proof), self.note(size)).encode()


def main() -> int:
    """Exit code: 0 if all is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, help="folder with the packages unpacked; fetched anew without it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="foreign-witness-") as name:
        folder = Path(name)
        peer = arguments.peer or folder / "peer"
        if arguments.peer is None:
            target = ["--target", str(peer), "--python-version", PYTHON, "--no-deps", "--only-binary", ":all:"]
            run(["uv", "pip", "install", "--quiet", *target, *PACKAGES])
        sys.path.insert(0, str(peer))
        with their_witness(folder, peer) as theirs, our_witness(folder) as ours:
            rows = [
                *our_ledger(folder, theirs),
                *their_feeder(ours),
                *wrong_requests(theirs.url, ours.url),
            ]
    print(f"tried on {time.strftime('%d %B %Y', time.gmtime())} with {', '.join(PACKAGES)}\n")
    print("| asked | safeconduct's witness | aics-witness |\n|---|---|---|")
    for _, what, *answers in rows:
        print(f"| {what} | {' | '.join(answers)} |")
    bad = [what for sound, what, *_ in rows if not sound]
    print("".join(f"\nNOT AS IT SHOULD BE: {what}" for what in bad))
    return 1 if bad else 0


class Running:
    """A witness at work: its key and where it listens."""

    def __init__(self, key: str, url: str) -> None:
        self.key = key
        self.url = url


@contextmanager
def their_witness(folder: Path, peer: Path) -> Iterator[Running]:
    """Knows the small ledger, and the demo's once that is made (`our_ledger`)."""
    environment = os.environ | {"PYTHONPATH": str(peer), "AICS_WITNESS_CONFIG": str(folder / "theirs" / "witness.json")}
    command = [sys.executable, "-m", "aics_witness"]
    said = run([*command, "init", "--name", "witness.foreign.example"], environment)
    key = said.split()[-1]
    talks = folder / "talks"
    run([*SAFECONDUCT, "demo", "--fast", "--persons", "40", "--workspace", str(talks)])
    demo_key = tomllib.loads((talks / "safeconduct.toml").read_text())["ledger_key"]
    for ledger in (str(SmallLedger(()).verifier), demo_key):
        run([*command, "add-log", "--origin", ledger.partition("+")[0], "--vkey", ledger], environment)
    port = free_port()
    with begun([*command, "serve", "--listen", f"127.0.0.1:{port}"], port, environment):
        yield Running(key, f"http://127.0.0.1:{port}")


@contextmanager
def our_witness(folder: Path) -> Iterator[Running]:
    """Knows the small ledger, and another that the foreign log keeps."""
    state = ["--state", str(folder / "ours.sqlite")]
    key = run([*SAFECONDUCT, "witness", "init", *state, "--name", "witness.ours.example"]).split()[-1]
    logs = ["--log", str(SmallLedger(()).verifier), "--log", str(SmallLedger((), FOREIGN_ORIGIN).verifier)]
    port = free_port()
    with begun([*SAFECONDUCT, "witness", "serve", *state, *logs, "--port", str(port)], port):
        yield Running(key, f"http://127.0.0.1:{port}")


def our_ledger(folder: Path, theirs: Running) -> Iterator[tuple[bool, str, str, str]]:
    """`safeconduct ledger cosign` with the foreign witness, and the cosigned checkpoint by its own verifier."""
    command = ["ledger", "cosign", "--workspace", str(folder / "talks"), "--witness", f"{theirs.key}={theirs.url}"]
    answer = json.loads(run([*SAFECONDUCT, *command, "--json"]))
    size, note = answer["size"], answer["note"]
    yield size > 0 and bool(note), f"`ledger cosign` of a ledger of {size} entries", "", "cosigned"


def their_feeder(ours: Running) -> Iterator[tuple[bool, str, str, str]]:
    """A foreign log, its tree and its signing, fed by a foreign client to our witness."""
    feeder, checkpoints, trees = (
        importlib.import_module(name) for name in ("aics_witness.feeder", "aics_tlog.checkpoint", "aics_tlog.tree")
    )
    origin, key = FOREIGN_ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(SmallLedger(()).key))
    leaves = [b"leaf %d" % number for number in range(1_000)]
    tree, fork = trees.MerkleTree(leaves), trees.MerkleTree([b"another", *leaves[1:]])

    def note(of: Any, size: int) -> bytes:
        checkpoint = checkpoints.Checkpoint(origin, size, of.root(size))
        signed: bytes = checkpoints.sign_checkpoint(checkpoint, key, origin).to_bytes()
        return signed

    with feeder.WitnessClient(ours.url, ours.key) as client:
        sizes = (1, 2, 3, 7, 8, 100, 255, 256, 257, 999)
        for size in sizes:
            client.submit(note(tree, size), tree.consistency_proof)
        yield True, f"its log and feeder, {len(sizes)} checkpoints of up to {sizes[-1]} entries", "cosigned", ""
        for what, of, size, wanted in (
            ("the feeder with a fork of the same size", fork, 999, "WitnessRejected"),
            ("the feeder with a fork that goes on", fork, 1_000, "WitnessRejected"),
            ("the feeder with an older checkpoint", tree, 500, "WitnessAhead"),
        ):
            try:
                client.submit(note(of, size), of.consistency_proof)
                raised = "cosigned"
            except feeder.FeederError as error:
                raised = type(error).__name__
            yield raised == wanted, what, f"refused ({raised})", ""


def wrong_requests(theirs: str, ours: str) -> Iterator[tuple[bool, str, str, str]]:
    """The same requests to both, in one order; then how fast they cosign one after another."""
    leaves = [b"leaf %d" % number for number in range(1_000)]
    ledger, fork = SmallLedger(leaves), SmallLedger([b"another", *leaves[1:]])
    stranger = SmallLedger(leaves, key=SigningKey(bytes(32)))
    elsewhere = SmallLedger(leaves, "elsewhere.example")
    for what, body, wanted in (
        ("a first checkpoint, 10 entries", ledger.request(0, 10), 200),
        ("one that continues it, 20", ledger.request(10, 20), 200),
        ("the same again", ledger.request(20, 20), 200),
        ("20 entries with another root", fork.request(20, 20), 422),
        ("a rewritten history, 30", fork.request(20, 30), 422),
        ("an old size that is stale", ledger.request(10, 30), 409),
        ("an old size above the new one", ledger.request(20, 15), 400),
        ("signed by another key", stranger.request(20, 30), 403),
        ("an unknown origin", elsewhere.request(0, 10), 404),
        ("no request at all", b"garbage", 400),
    ):
        answers = [post(url, body) for url in (ours, theirs)]
        yield answers == [wanted, wanted], what, str(answers[0]), str(answers[1])
    bodies = [ledger.request(20 + number, 21 + number) for number in range(COSIGNATURES)]
    rates, sound = [], True
    for url in (ours, theirs):
        begun_at = time.perf_counter()
        sound = all(post(url, body) == 200 for body in bodies) and sound
        rates.append(f"{COSIGNATURES / (time.perf_counter() - begun_at):,.0f}/s")
    yield sound, f"{COSIGNATURES} checkpoints one after another, a connection each", rates[0], rates[1]


def post(url: str, body: bytes) -> int:
    """The status of the answer."""
    try:
        with urllib.request.urlopen(f"{url}/add-checkpoint", body, timeout=_PATIENCE_S) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> str:
    """What a command prints; with what it said on the screen, an error if it failed."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def begun(command: Sequence[str], port: int, environment: dict[str, str] | None = None) -> Iterator[None]:
    """A server that runs until this is left."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                post(f"http://127.0.0.1:{port}", b"garbage")
                break
            except OSError:
                if time.monotonic() > until or process.poll() is not None:
                    raise SystemExit(f"{' '.join(command)}: does not answer at port {port}") from None
                time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE_S)


if __name__ == "__main__":
    sys.exit(main())
