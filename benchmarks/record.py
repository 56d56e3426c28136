"""The record's rows of the goals: `uv run python benchmarks/record.py [--entries N] [--rounds N] [--folder DIR]`.

Appends are measured against the raw fsync rate f of the same disk, round by round in turn, so that the ratios hold on a
noisy machine. The files are made in the current folder (a disk, not a file system in memory) and removed.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from nacl.signing import SigningKey

from safeconduct.app.ports import SystemClock, SystemRandomness
from safeconduct.app.workspace import Workspace, create_workspace
from safeconduct.exchange.entries import DECODER, AnyEntry
from safeconduct.exchange.state import fold
from safeconduct.kernel.entry import Entry, Opened
from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.registry.entries import PersonListed
from safeconduct.storage.ledger_store import LedgerWriter
from safeconduct.storage.sealed_bodies import SealedBody
from safeconduct.tracking.entries import CustodyReported, MovementReported

PAGE = bytes(4096)
RANDOMNESS = SystemRandomness()


def main() -> None:
    """Print a line a measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, help="for the fold")
    parser.add_argument("--rounds", type=int, default=7, help="of appends, each against the raw fsync rate")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the files are made")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix=".record-") as name:
        measure_appends(Path(name) / "appends", arguments.rounds)
        measure_recorder(Path(name) / "recorder", arguments.rounds)
        measure_fold(Path(name) / "persons", arguments.entries, custody, "reports on 2,600 persons")
        measure_fold(Path(name) / "mixed", arguments.entries, mixed, "persons, custody and movement")


def measure_appends(folder: Path, rounds: int) -> None:
    """Durable appends of leaves and sealed bodies, with nodes and signed checkpoint, no entry signed."""
    folder.mkdir()
    key = SigningKey(bytes(32))

    def sign(size: int, root: bytes) -> bytes:
        return sign_checkpoint(Checkpoint("safeconduct/benchmark", size, root), key)

    LedgerWriter.create(folder / "ledger.sqlite", sign)
    writer = LedgerWriter.open(folder / "ledger.sqlite")
    leaves = [RANDOMNESS.token_bytes(217) for _ in range(256)]
    bodies = [SealedBody(bytes(16), bytes(12), RANDOMNESS.token_bytes(300)) for _ in range(256)]
    raw = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT)
    found: dict[int, list[tuple[float, float]]] = {1: [], 16: [], 256: []}
    for _ in range(rounds):
        for group, results in found.items():
            fsyncs = 1 / seconds_each(partial(write_through, raw), 60)
            appends = group / seconds_each(partial(writer.append, leaves[:group], bodies[:group], sign), 60)
            results.append((fsyncs, appends))
    for group, results in found.items():
        rate = statistics.median(appends for _, appends in results)
        ratio = statistics.median(appends / fsyncs for fsyncs, appends in results)
        print(f"durable append, groups of {group:3}: {rate:9,.0f} entries/s = {ratio:6.2f} f")
    every = statistics.median(fsyncs for results in found.values() for fsyncs, _ in results)
    print(f"raw fsync rate f: {every:,.0f}/s")


def write_through(file: int) -> None:
    """One page to the end of a file, and to the disk."""
    os.write(file, PAGE)
    os.fsync(file)


def measure_recorder(folder: Path, rounds: int) -> None:
    """The whole way of an entry through the recorder: encoded, committed to, signed, sealed, stored."""
    workspace = create_workspace(folder, "benchmark", "NI", RANDOMNESS)
    recorder = workspace.open_recorder(SystemClock(), RANDOMNESS, DECODER)
    recorder.record([custody(number) for number in range(2_600)])  # so that every person has a data key
    for group in (1, 16, 256):
        entries = [custody(number) for number in range(group)]
        each = statistics.median(seconds_each(partial(recorder.record, entries), 20) for _ in range(rounds))
        print(f"recorded (signed, committed, sealed), groups of {group:3}: {group / each:9,.0f} entries/s")
    recorder.close()


def measure_fold(folder: Path, count: int, make: Callable[[int], AnyEntry], what: str) -> None:
    """Opened bodies from SQLite to the joint state, as at a start: unsealed, decoded, folded."""
    workspace = create_workspace(folder, "benchmark", "NI", RANDOMNESS)
    recorder = workspace.open_recorder(SystemClock(), RANDOMNESS, DECODER)
    for start in range(0, count, 1_000):
        recorder.record([make(number) for number in range(start, min(start + 1_000, count))])
    recorder.close()
    read_only = statistics.median(seconds_each(lambda: exhaust(bodies(workspace)), 1) for _ in range(3))
    folded = statistics.median(seconds_each(lambda: fold(bodies(workspace)), 1) for _ in range(3))
    print(f"fold of {count:,} bodies ({what}): {folded:.2f} s, {read_only:.2f} of it until they are decoded")


def bodies(workspace: Workspace) -> Iterable[Opened[Entry]]:
    """The bodies of a workspace, opened anew; none is sealed or erased."""
    record = workspace.open_record(DECODER)
    for recorded in record.read():
        assert isinstance(recorded.body, Opened)
        yield recorded.body
    record.close()


def custody(number: int) -> CustodyReported:
    """A report on one of 2,600 persons."""
    person = f"p{number % 2_600}"
    report = (
        f'{{"id":"e{number}","type":"accepted","at":"2025-07-04T09:00:00Z","person":"{person}","from":"RU","to":"NI"}}'
    )
    return CustodyReported(
        occurred_at_us=number, own=("RU", "UA"), event=f"e{number}", person=person, report=report, received_at_us=number
    )


def mixed(number: int) -> AnyEntry:
    """As a day's ledger has it: in twenty entries one person listed, seven custody reports, twelve of movement."""
    if number % 20 == 0:
        return PersonListed(
            occurred_at_us=number,
            own=("RU",),
            list_id="RU-held",
            ref=f"p{number}",
            family_name="Іваненко",
            given_name="Тарас",
            patronymic="Богданович",
            birth_date="1998-05",
            held_by="RU",
            home="UA",
        )
    if number % 20 < 8:
        return custody(number)
    report = (
        f'{{"id":"m{number}","type":"positioned","at":"2025-07-04T09:00:00Z","vehicle":"v1","position":[30.97,52.08]}}'
    )
    return MovementReported(
        occurred_at_us=number, own=("RU",), event=f"m{number}", person="", report=report, received_at_us=number
    )


def seconds_each(call: Callable[[], object], times: int) -> float:
    """Mean time of a call."""
    started = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - started) / times


def exhaust(items: Iterable[object]) -> None:
    """Take all and keep none."""
    for _ in items:
        pass


if __name__ == "__main__":
    main()
