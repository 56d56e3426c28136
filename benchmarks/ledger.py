"""The ledger's rows of the goals: `uv run python benchmarks/ledger.py [--folder DIR]`. One function a row.

The files are made in the current folder (a disk, not a file system in memory) and removed.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nacl.signing import SigningKey

from safeconduct.agreement.authors import DEVICE
from safeconduct.agreement.entries import AuthorEnrolled, TermsRecorded
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.office import Office
from safeconduct.app.own_device import sign_entry
from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.recorder import Chain
from safeconduct.app.signed_intake import Signed, SignedIntake
from safeconduct.app.workspace import create_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.entry import Entry
from safeconduct.ledger.header import hash_of_signed, parse_signed
from safeconduct.logistics.entries import PlanApproved, PlanProposed
from safeconduct.logistics.plan import read_plan
from safeconduct.storage.keys import KeyStore
from safeconduct.storage.sealed_bodies import seal

RANDOMNESS = SystemRandomness()
GROUP = 256


def main() -> None:
    """Print a line a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(), help="where the files are made")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    for row in (verified_intake,):
        with tempfile.TemporaryDirectory(dir=arguments.folder, prefix=".ledger-") as name:
            row(Path(name))


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


if __name__ == "__main__":
    main()
