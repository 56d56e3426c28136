"""The ledger's rows of the goals: `uv run python -m benchmarks.ledger [--entries N]`. One function a row.

The files are made in the current folder (a disk, not a file system in memory; some 0.6 GB a million entries) and
removed. What is measured against another (the raw fsync rate, pymerkle) runs in turn with it, so that ratios hold on a
noisy machine.
"""

import argparse
import hashlib
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.record import measure_appends
from nacl.signing import SigningKey
from pymerkle import InmemoryTree, MerkleProof
from pymerkle import verify_inclusion as verify_theirs_one

from safeconduct.agreement.authors import DEVICE
from safeconduct.agreement.entries import AuthorEnrolled, TermsRecorded
from safeconduct.app.author_chain import Chain
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.office import Office
from safeconduct.app.own_device import sign_entry
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.signed_intake import Signed, SignedIntake
from safeconduct.app.workspace import create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from safeconduct.ledger.fsck import BodyState, StoredEntry, check
from safeconduct.ledger.header import (
    FIRST,
    LEAF_BYTES,
    Header,
    hash_of_signed,
    make_leaf,
    parse_signed,
    sign_header,
)
from safeconduct.ledger.merkle import CompactRange, inclusion_proof, leaf_hash, verify_inclusion
from safeconduct.ledger.note import VerifierKey
from safeconduct.logistics.entries import PlanApproved, PlanProposed
from safeconduct.logistics.plan import read_plan
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.ledger_store import LedgerFile, LedgerWriter
from safeconduct.storage.sealed_bodies import SealedBody, seal

RANDOMNESS = SystemRandomness()
GROUP = 256
_AT_ONCE = 5_000


def main() -> None:
    """Print a line a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(), help="where the files are made")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the ledger that is proven from and checked")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    rows = (appends, verified_intake, against_pymerkle, partial(proofs_and_check, entries=arguments.entries))
    for row in rows:
        with tempfile.TemporaryDirectory(dir=arguments.folder, prefix=".ledger-") as name:
            row(Path(name))


def appends(folder: Path) -> None:
    """Durable appends without signing, against the raw fsync rate of the same disk."""
    measure_appends(folder / "appends", rounds=5)


def against_pymerkle(_: Path) -> None:
    """Appending, proving and verifying in memory, beside pymerkle over the same leaves."""
    count, asked = 20_000, 2_000
    leaves = [RANDOMNESS.token_bytes(LEAF_BYTES) for _ in range(count)]
    peer = InmemoryTree(algorithm="sha256")
    peer_s = _seconds(lambda: [peer.append_entry(leaf) for leaf in leaves])
    tree = CompactRange()
    levels: list[list[bytes]] = [[] for _ in range(count.bit_length())]

    def append() -> None:
        for leaf in leaves:
            for level, hash_ in enumerate(tree.append(leaf_hash(leaf))):
                levels[level].append(hash_)

    def node(level: int, index: int) -> bytes:
        return levels[level][index]

    ours_s = _seconds(append)
    root = tree.root()
    assert root == peer.get_root()
    print(f"in memory, {count:,} leaves: append {count / ours_s:,.0f}/s, pymerkle {count / peer_s:,.0f}/s", end="; ")
    indices = [(number * 7919) % count for number in range(asked)]
    proving: list[tuple[float, float]] = []
    for _round in range(3):
        ours: list[list[bytes]] = []
        theirs: list[MerkleProof] = []
        proving.append(
            (
                _seconds(lambda: ours.extend(inclusion_proof(one, count, node) for one in indices)),  # noqa: B023
                _seconds(lambda: theirs.extend(peer.prove_inclusion(one + 1) for one in indices)),  # noqa: B023
            )
        )
    ours_s, peer_s = (statistics.median(column) for column in zip(*proving, strict=True))
    hashes = [leaf_hash(leaves[one]) for one in indices]

    def verify() -> None:
        for one, hash_, proof in zip(indices, hashes, ours, strict=True):
            verify_inclusion(one, count, hash_, proof, root)

    def verify_theirs() -> None:
        for hash_, proof in zip(hashes, theirs, strict=True):
            verify_theirs_one(hash_, root, proof)

    def hash_alone() -> None:
        for node, proof in zip(hashes, ours, strict=True):
            for sibling in proof:
                node = hashlib.sha256(b"\x01" + sibling + node).digest()

    checking = [(_seconds(verify), _seconds(verify_theirs), _seconds(hash_alone)) for _round in range(5)]
    check_s, peer_check_s, hash_s = (statistics.median(column) for column in zip(*checking, strict=True))
    print(
        f"prove {asked / ours_s:,.0f}/s = {peer_s / ours_s:.1f} × pymerkle (goal ≥ 5 ×); "
        f"verify {asked / check_s:,.0f}/s = {peer_check_s / check_s:.1f} × (goal ≥ 5 ×; "
        f"hashlib called as often and nothing else: {peer_check_s / hash_s:.1f} ×)"
    )


def proofs_and_check(folder: Path, entries: int) -> None:
    """Proofs from the store of a large ledger, one look-up a node; and its full check."""
    verifier = make_ledger(folder / "ledger.sqlite", entries)
    ledger = LedgerFile.open(folder / "ledger.sqlite")
    root = open_checkpoint(ledger.note(), verifier).root
    proving: list[float] = []
    checking: list[float] = []
    for number in range(5_000):
        index = (number * 7919 * 104_729) % entries
        hash_ = leaf_hash(ledger.leaf(index) or b"")
        begun = time.perf_counter()
        proof = inclusion_proof(index, entries, ledger.node)
        proven = time.perf_counter()
        verify_inclusion(index, entries, hash_, proof, root)
        proving.append(proven - begun)
        checking.append(time.perf_counter() - proven)
    for what, seconds, goal in (("proof from the store", proving, "p99 ≤ 1 ms"), ("verify", checking, "≤ 0.1 ms")):
        seconds.sort()
        p50, p99 = (seconds[len(seconds) * part // 100] * 1e3 for part in (50, 99))
        print(f"{what}, {entries:,} entries: p50 {p50:.3f}, p99 {p99:.3f} ms (goal {goal})")
    reader = _Stored(ledger)
    hashes_s = _processor_seconds(partial(_check_hashes, reader, verifier, entries))
    whole_s = _processor_seconds(partial(_check_all, reader, verifier, entries))
    print(
        f"full check of {entries:,} entries, one core: hashes {hashes_s:.1f} s (goal ≤ 3), "
        f"with signatures {whole_s:.1f} s (goal ≤ 60)"
    )
    ledger.close()


def make_ledger(path: Path, entries: int) -> VerifierKey:
    """A ledger of that many signed entries of one author, without bodies to open."""
    key, author = SigningKey(RANDOMNESS.token_bytes(32)), SigningKey(RANDOMNESS.token_bytes(32))
    verifier = VerifierKey("safeconduct/benchmark", bytes(key.verify_key))

    def sign(size: int, root: bytes) -> bytes:
        return sign_checkpoint(Checkpoint(verifier.name, size, root), key)

    LedgerWriter.create(path, sign)
    writer = LedgerWriter.open(path)
    public, previous = bytes(author.verify_key), FIRST
    for start in range(0, entries, _AT_ONCE):
        seen, leaves = (writer.tree.size, writer.tree.root()), []
        for number in range(start, min(start + _AT_ONCE, entries)):
            header = Header(public, number + 1, previous, *seen, RANDOMNESS.token_bytes(32))
            signed = sign_header(header, author)
            previous = hash_of_signed(signed)
            leaves.append(make_leaf(signed, number))
        writer.append(leaves, [SealedBody(bytes(16), bytes(12), bytes(48))] * len(leaves), sign)
    writer.close()
    return verifier


class _Stored:
    """A ledger whose bodies are closed to the reader (`fsck.LedgerReader`)."""

    def __init__(self, ledger: LedgerFile) -> None:
        self.node = ledger.node
        self.checkpoint_note = ledger.note
        self._ledger = ledger

    def leaf(self, index: int) -> bytes:
        """As the port says."""
        return self._ledger.leaf(index) or b""

    def stored_entries(self) -> Iterator[StoredEntry]:
        """As the port says."""
        for index, leaf, hashes, _, _, _ in self._ledger.rows():
            yield StoredEntry(index, leaf, hashes, BodyState.SEALED, b"")


def _check_hashes(reader: _Stored, verifier: VerifierKey, entries: int) -> None:
    """Every hash from the leaves to the root that is signed."""
    tree = CompactRange()
    for entry in reader.stored_entries():
        assert b"".join(tree.append(leaf_hash(entry.leaf))) == entry.hashes
    assert (tree.size, tree.root()) == (entries, open_checkpoint(reader.checkpoint_note(), verifier).root)


def _check_all(reader: _Stored, verifier: VerifierKey, entries: int) -> None:
    """All that `ledger fsck` checks of what is closed to it, on one core."""
    report = check(reader, verifier, lambda _entry, _leaf: ())
    assert (report.size, report.problems) == (entries, [])


def verified_intake(folder: Path) -> None:
    """Entries signed elsewhere: all that the intake asks of each and the sealing of its body; then with the disk."""
    clock = SystemClock()
    workspace = create_workspace(folder / "workspace", "benchmark", "NI", RANDOMNESS)
    office = Office(workspace.open_recorder(clock, RANDOMNESS, DECODER), clock)
    device = SigningKey(RANDOMNESS.token_bytes(32))
    concerns = _prepare(office, bytes(device.verify_key).hex())
    seen = office.recorder.size(), office.recorder.root_at(office.recorder.size())
    chain, signed = Chain(), []
    for number in range(20 * GROUP):
        made = sign_entry(_accepted(number, concerns), device, chain, seen, RANDOMNESS.token_bytes(32))
        chain = Chain(chain.author_seq + 1, hash_of_signed(made.signed), seen[0])
        signed.append(made)
    intake = SignedIntake(office)
    KeyStore.create(folder / "keys.sqlite", bytes(32))
    keys = KeyStore.open(folder / "keys.sqlite", bytes(32), writable=True)
    keys.ensure((f"person:p{number}" for number in range(GROUP)), RANDOMNESS)

    def take(group: list[Signed]) -> None:
        for one in intake.check(group).entries:
            key_id, cipher = keys.sealing(one.entry.sealed_under())
            seal(cipher, key_id, RANDOMNESS.token_bytes(12), one.secret + one.text, one.header.body_root)

    def verify() -> None:
        for one in signed[:GROUP]:
            parse_signed(one.signed).verify()

    # In turn, so that their ratio holds on a noisy machine.
    rounds = [(_seconds(partial(take, signed[:GROUP])), _seconds(verify)) for _ in range(40)]
    each, alone = (GROUP / statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"verified intake (signature, commitments, sealing), one core: {each:,.0f} entries/s (goal ≥ 8,000)")
    print(f"of these the strict signature alone: {alone:,.0f}/s")
    each = statistics.median(
        _seconds(partial(intake.take, signed[start : start + GROUP])) for start in range(0, len(signed), GROUP)
    )
    print(f"the same, durable, groups of {GROUP}: {GROUP / each:,.0f} entries/s")
    office.recorder.close()


def _prepare(office: Office, device: str) -> Concerns:
    """Terms, a plan that both parties approved, and a device; gives whom the plan concerns."""
    plan = json.dumps(
        {
            "exchange": "2025-07-04",
            "agreement": "benchmark",
            "start": "2025-07-04T03:00:00Z",
            "exchange_point": "X",
            "places": [{"id": "X", "kind": "exchange-point"}],
            "persons": [
                {"id": f"p{number}", "held_by": "RU", "home": "UA", "batch": "b1", "custody": ["RU", "NI", "UA"]}
                for number in range(GROUP)
            ],
            "vehicles": [],
            "legs": [],
            "batches": [{"id": "b1", "handover": "2025-07-04T09:00:00Z"}],
        }
    )
    terms = TermsRecorded(
        occurred_at_us=1,
        agreement="benchmark",
        title="Benchmark",
        parties=("RU", "UA"),
        intermediaries=("NI",),
        terms_sha256="aa",
        terms_text="",
    )
    proposed = PlanProposed(
        occurred_at_us=2,
        exchange="2025-07-04",
        plan_sha256="bb",
        start_us=3,
        handovers_us={},
        batches={},
        persons=GROUP,
        plan_text=plan,
    )
    approved = [
        PlanApproved(occurred_at_us=3, party=party, plan_sha256="bb", paper_sha256="cc", attested_by="NI")
        for party in terms.parties
    ]
    enrolled = AuthorEnrolled(
        occurred_at_us=4, own=(), public_key=device, actor="NI", kind=DEVICE, label="d1", attested_by="NI"
    )
    office.record([terms, proposed, *approved, enrolled])
    return Concerns.of_plan(read_plan("plan", plan.encode()))


def _accepted(number: int, concerns: Concerns) -> Entry:
    """A report of custody, as a device signs it."""
    event = {
        "id": f"e{number}",
        "type": "accepted",
        "at": "2025-07-04T09:00:00Z",
        "person": f"p{number % GROUP}",
        "from": "RU",
        "to": "NI",
        "device": "d1",
    }
    return report_entry(event, concerns)


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _processor_seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


if __name__ == "__main__":
    main()
