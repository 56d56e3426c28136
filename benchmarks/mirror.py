"""A mirror's rows of the goals: `uv run python -m benchmarks.mirror [--entries N] [--reports N] [--json]`.

One party's mirror of a served ledger: a day with its plan, and so many reports of where vehicles are. Measured are how
long `safeconduct mirror --once`, a process of its own, takes to catch up over the loopback, and its memory; then on one
core, by processor time, the checks of what it holds: hashes alone, with signatures, and with the lines that tell the
party something and the terms judged on them. Last, on a ledger that only has its plan, how long after a report is
durable a checkpoint over it is cosigned by the mirror and that is stored; `serve` asks its witnesses every two seconds.
The files are made in the current folder (a disk, not a file system in memory) and removed.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.live import CLOCK, Server, answer, at_share, prepared_day
from benchmarks.monitoring import peak_kilobytes
from rich.console import Console
from rich.progress import Progress

from safeconduct.app.cosigned_record import cosigned_notes
from safeconduct.app.intake import Concerns, report_entry
from safeconduct.app.mirror_walk import Walk
from safeconduct.app.party_watch import PartyWatch
from safeconduct.app.ports import SystemRandomness
from safeconduct.app.witness_home import init_witness
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.cli.serve import listen
from safeconduct.disclosure.clearance import Clearance
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.times import SECOND_US, format_instant
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.fsck import BodyState, EntryChecks, Report, StoredEntry, with_signatures
from safeconduct.ledger.merkle import CompactRange, leaf_hash
from safeconduct.logistics.plan import Plan
from safeconduct.storage.mirror_store import MirrorStore
from safeconduct.tracking.events import read_event

PARTY = Clearance("party", "UA")
COMMAND = [sys.executable, "-m", "safeconduct.cli.main"]
_GROUP = 500
_PATIENCE_S = 60.0

Step = Callable[[int], None]


def main() -> None:
    """Print a line a measure, or all as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(), help="where the files are made")
    parser.add_argument("--entries", type=int, default=60_000, help="reports in the ledger to catch up with")
    parser.add_argument("--reports", type=int, default=100, help="posted one after another, to see them cosigned")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    arguments = parser.parse_args()
    found: dict[str, Any] = {"cores": os.cpu_count(), "machine": platform.machine()}
    console = Console(stderr=True)
    with (
        Progress(console=console, disable=not console.is_terminal, transient=True) as bar,
        tempfile.TemporaryDirectory(dir=arguments.folder, prefix=".mirror-") as name,
    ):

        @contextmanager
        def stage(what: str, total: int) -> Iterator[Step]:
            task = bar.add_task(what, total=total)
            yield lambda done: bar.update(task, completed=done)

        folder = Path(name)
        with stage("Making a ledger", arguments.entries) as step:
            workspace = make_ledger(folder / "ledger", arguments.entries, step)
        with stage("Catching up", 1) as step:
            found |= catch_up(workspace, folder / "mirror.sqlite")
            step(1)
        with stage("Checking", 3) as step:
            found |= checks(workspace, folder / "mirror.sqlite", step)
        with stage("Cosigning", arguments.reports) as step:
            found |= asyncio.run(cosigned_after(folder, arguments.reports, step))
    if arguments.json:
        print(json.dumps(found))
        return
    print(f"{found['cores']} cores, {found['machine']}, Python {platform.python_version()}")
    print(
        f"catch up with {found['entries']:,} entries over loopback: {found['catch_up_s']:.1f} s = "
        f"{found['entries'] / found['catch_up_s']:,.0f} entries/s, {found['catch_up_mib']:.0f} MiB"
    )
    print(
        f"checked on one core: hashes {found['hashes_per_s']:,.0f} entries/s, with signatures "
        f"{found['signatures_per_s']:,.0f}, with lines and clauses {found['clauses_per_s']:,.0f} "
        f"({found['told']:,} entries told)"
    )
    print(
        f"from durable to cosigned and stored, {found['reports']} reports: p50 {found['cosigned_p50_s']:.2f} s, "
        f"p99 {found['cosigned_p99_s']:.2f} s"
    )


def make_ledger(folder: Path, count: int, step: Step) -> Workspace:
    """A day with a plan in force, and so many reports of vehicles that hardly move."""
    plan = prepared_day(folder, 100)
    workspace = open_workspace(folder)
    recorder = workspace.open_recorder(CLOCK, SystemRandomness(), DECODER)
    concerns = Concerns.of_plan(plan)
    begun_us = CLOCK.now_us() - count * SECOND_US // 10
    for start in range(0, count, _GROUP):
        events = (positioned(plan, number, begun_us) for number in range(start, min(start + _GROUP, count)))
        recorder.record([report_entry(read_event(event).fields, concerns) for event in events])
        step(start)
    recorder.close()
    return workspace


def positioned(plan: Plan, number: int, begun_us: int) -> dict[str, Any]:
    """Ten reports a second, of all vehicles in turn."""
    return {
        "id": f"seen-{number}",
        "type": "positioned",
        "at": format_instant(begun_us + number * SECOND_US // 10),
        "vehicle": plan.vehicles[number % len(plan.vehicles)].id,
        "position": [round(30 + number % 100 / 1e4, 5), 51.0],
    }


@contextmanager
def served(workspace: Workspace, *options: str) -> Iterator[dict[str, str]]:
    """The links of a ledger that is served."""
    command = [*COMMAND, "serve", "--workspace", str(workspace.folder), "--port", "0", "--json", *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["links"]
    finally:
        server.terminate()
        server.wait()


def follow_command(workspace: Workspace, link: str, state: Path) -> list[str]:
    """A mirror of the party."""
    options = ["--from", link, "--as", str(PARTY), "--key", str(workspace.verifier), "--state", str(state)]
    return [*COMMAND, "mirror", *options, "--json"]


def catch_up(workspace: Workspace, state: Path) -> dict[str, float]:
    """From nothing to all that there is, the start of the program included."""
    told_path, peak = state.with_suffix(".json"), 0
    with served(workspace, "--read-only") as links, told_path.open("wb") as output:
        begun = time.perf_counter()
        mirror = subprocess.Popen([*follow_command(workspace, links[str(PARTY)], state), "--once"], stdout=output)
        while mirror.poll() is None:
            peak = max(peak, peak_kilobytes(mirror.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - begun
    told = json.loads(told_path.read_bytes())
    assert told["size"] == size_of(workspace), told
    return {"entries": told["size"], "catch_up_s": seconds, "catch_up_mib": peak / 1024}


def size_of(workspace: Workspace) -> int:
    """Number of entries of a ledger."""
    with closing(workspace.open_ledger()) as ledger:
        return ledger.size()


def checks(workspace: Workspace, state: Path, step: Step) -> dict[str, float]:
    """The parts of a mirror's check, over what it holds."""
    with closing(MirrorStore.open(state, str(workspace.verifier), str(PARTY))) as store:
        size = store.size()
        hashes_s = _processor_seconds(lambda: check_hashes(store))
        step(1)
        signatures_s = _processor_seconds(lambda: check_signatures(store, workspace))
        step(2)
        told: list[int] = []
        clauses_s = _processor_seconds(lambda: told.append(check_all(store, workspace)))
        step(3)
    rates = {"hashes": hashes_s, "signatures": signatures_s, "clauses": clauses_s}
    return {f"{what}_per_s": size / seconds for what, seconds in rates.items()} | {"told": told[0]}


def check_hashes(store: MirrorStore) -> None:
    """Every hash from the leaves up."""
    tree = CompactRange()
    for _, leaf, hashes in store.leaves():
        assert b"".join(tree.append(leaf_hash(leaf))) == hashes


def check_signatures(store: MirrorStore, workspace: Workspace) -> None:
    """All that leaves alone can be checked for."""
    report = Report(workspace.verifier.name)
    entry_checks = EntryChecks(report, store, lambda *_: (), lambda *_: ())
    entries = (StoredEntry(*row, BodyState.SEALED, b"") for row in store.leaves())
    for one in with_signatures(entries, lambda work: work):
        entry_checks.take(*one)
    assert not report.problems


def check_all(store: MirrorStore, workspace: Workspace) -> int:
    """What a mirror does with new entries, and its judgement of the terms; of how many entries it is told."""
    walk, watch, lines = Walk(store, workspace.verifier, PARTY), PartyWatch(PARTY.party), dict(store.lines())
    entries = (walk.entry(row, lines.get(row[0], b"")) for row in store.leaves())
    for one in with_signatures(entries, lambda work: work):
        walk.checks.take(*one)
    assert not walk.report.problems
    told = walk.told_now()
    for position, recorded_at_us, what in told:
        watch.take(position, recorded_at_us, what)
    assert watch.judge() is not None
    return len(told)


async def cosigned_after(folder: Path, count: int, step: Step) -> dict[str, float]:
    """Reports posted one after another to a server whose one witness is the mirror."""
    plan = prepared_day(folder / "cosigned", 100)
    workspace = open_workspace(folder / "cosigned")
    key = init_witness(folder / "witness.sqlite", "mirror.example", SystemRandomness())
    with closing(listen("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (workspace.folder / "safeconduct.toml").open("a") as settings:
        settings.write(f'\n[witnesses]\nUA = {{ key = "{key}", url = "http://127.0.0.1:{port}" }}\n')
    workspace = open_workspace(workspace.folder)
    with served(workspace) as links:
        command = follow_command(workspace, links[str(PARTY)], folder / "cosigning.sqlite")
        command += ["--witness", str(folder / "witness.sqlite"), "--port", str(port)]
        mirror = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with following(workspace) as seen:
                await until(seen, size_of(workspace))
                posted = await post(Server.at(links["intermediary"]), plan, count, step)
                await until(seen, posted[-1][1])
        finally:
            mirror.terminate()
            mirror.wait()
    delays = sorted(next(at for at, size in seen if size >= wanted) - durable for durable, wanted in posted)
    return {"reports": count, "cosigned_p50_s": statistics.median(delays), "cosigned_p99_s": at_share(delays, 0.99)}


@contextmanager
def following(workspace: Workspace) -> Iterator[list[tuple[float, int]]]:
    """When the stored cosignatures first covered which size, as a list that grows."""
    seen: list[tuple[float, int]] = [(time.perf_counter(), 0)]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            sizes = [open_checkpoint(note, workspace.verifier).size for note in cosigned_notes(workspace)]
            if max(sizes, default=0) > seen[-1][1]:
                seen.append((time.perf_counter(), max(sizes)))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        ended.set()
        looking.join()


async def until(seen: list[tuple[float, int]], size: int) -> None:
    """Wait until a size is cosigned."""
    latest = time.perf_counter() + _PATIENCE_S
    while seen[-1][1] < size:
        assert time.perf_counter() < latest, f"{size} entries are not cosigned after {_PATIENCE_S:g} s: {seen[-1]}"
        await asyncio.sleep(0.05)


async def post(server: Server, plan: Plan, count: int, step: Step) -> list[tuple[float, int]]:
    """Reports five times a second: when each was durable, and the size that it made."""
    done = []
    reader, writer = await server.open()
    for number in range(count):
        writer.write(server.post(json.dumps(positioned(plan, number, CLOCK.now_us() - SECOND_US)).encode()))
        size = json.loads(await answer(reader))["size"]
        done.append((time.perf_counter(), size))
        step(number + 1)
        await asyncio.sleep(0.2)
    writer.close()
    return done


def _processor_seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


if __name__ == "__main__":
    main()
