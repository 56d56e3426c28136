"""The audit's row of the goals: `uv run python -m benchmarks.audit [--events N …] [--rounds N]`.

The trace and the two clauses are those of `monitoring`, with the truth that the trace was drawn with: every verdict is
held against it. Measured are the command, its start included; within one process the way from the file to the verdicts,
reading, and the core (from columns to verdicts, sifting included); and how much memory it takes. Beside them, in turns,
so that ratios hold on a busy machine, polars alone: `read_ndjson` told the columns, which checks nothing, and the two
clauses as two `join_asof` over events already sifted, which say nothing of devices and end in no sentences. Each the
best of the rounds; of the processor time, which other programs disturb less, too.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import polars as pl
from benchmarks.monitoring import P1_AND_P2, Breaches, empty_plan, peak_kilobytes, two_clauses

from safeconduct.clauses.batch.audit import Audit, keys_of
from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.reading import Reader
from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.library import read_terms
from safeconduct.cli.audit import blocks
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import parse_instant
from safeconduct.logistics.plan import write_plan

T = TypeVar("T")
COLUMNS = {
    "device_seq": pl.Int64,
    **dict.fromkeys(
        ("id", "type", "at", "received_at", "device", "vehicle", "place", "person", "from", "to"), pl.String
    ),
}


def main() -> None:
    """Print a line a measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="*", default=[100_000, 1_000_000], help="lengths of traces")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--of", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.of:
        measure_parts(arguments.of, arguments.rounds)
        return
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, polars {pl.__version__}")
    for events in arguments.events:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            lines = write_trace(folder, events)
            measure_command(folder, lines, arguments.rounds)
            command = [sys.executable, "-m", "benchmarks.audit", "--of", str(folder), "--rounds", str(arguments.rounds)]
            subprocess.run(command, check=True, cwd=Path(__file__).parent.parent)


def write_trace(folder: Path, events: int) -> int:
    """Terms, plan, reports and the truth; how many lines of reports."""
    true: Breaches = set()
    lines = 0
    with (folder / "events.jsonl").open("wb") as file:
        for line in two_clauses(events, true):
            file.write(line + b"\n")
            lines += 1
    (folder / "terms.toml").write_text(P1_AND_P2)
    (folder / "plan.json").write_bytes(write_plan(empty_plan()))
    (folder / "truth.json").write_text(json.dumps(sorted(true)))
    size = (folder / "events.jsonl").stat().st_size
    print(f"{lines:,} reports, {size / lines:.0f} bytes each, {len(true):,} breaches:", flush=True)
    return lines


def read_truth(folder: Path) -> Breaches:
    """What must be found, and nothing else."""
    return {(clause, subject, at_us) for clause, subject, at_us in json.loads((folder / "truth.json").read_bytes())}


def measure_command(folder: Path, lines: int, rounds: int) -> None:
    """The command from a file, everything included."""
    command = [sys.executable, "-m", "safeconduct.cli.main", "audit", "terms.toml", "plan.json", "events.jsonl"]
    # As where it is installed: compiled once, before the first round ends.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        done = subprocess.run([*command, "--json"], cwd=folder, env=environment, capture_output=True, check=False)
        times.append(time.perf_counter() - begun)
        assert done.returncode == 1, done.stderr.decode()
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert {(one["clause"], one["subject"], parse_instant(one["at"])) for one in told} == read_truth(folder)
    print(f"  the command, start included: {lines / min(times):,.0f} reports/s ({min(times):.2f} s)", flush=True)


@dataclass
class Stopwatch:
    """The shortest times of calls that are made in turns."""

    clock_s: dict[str, float] = field(default_factory=dict)
    processor_s: dict[str, float] = field(default_factory=dict)

    def time(self, name: str, call: Callable[[], T]) -> T:
        """Make a call and keep its times if they are the shortest."""
        begun, begun_processor = time.perf_counter(), time.process_time()
        result = call()
        processor_s, clock_s = time.process_time() - begun_processor, time.perf_counter() - begun
        self.clock_s[name] = min(clock_s, self.clock_s.get(name, clock_s))
        self.processor_s[name] = min(processor_s, self.processor_s.get(name, processor_s))
        return result


def measure_parts(folder: Path, rounds: int) -> None:
    """What the command does, part by part, in this process; and polars alone."""
    path, true = folder / "events.jsonl", read_truth(folder)
    terms, plan = read_terms("terms", P1_AND_P2.encode()), empty_plan()
    watch = Stopwatch()
    for turn in range(rounds):
        before_kilobytes = peak_kilobytes()
        found = watch.time("file to verdicts", lambda: Audit(terms, plan, read(path)).deviations())
        if turn == 0:
            print(f"  memory: {(peak_kilobytes() - before_kilobytes) / 1024:,.0f} MB more than at the start")
        assert breaches(found) == true
        columns = watch.time("reading", lambda: read(path))
        found = watch.time("core", lambda: Audit(terms, plan, columns).deviations())  # noqa: B023
        assert breaches(found) == true
        audit = watch.time("of it sifting", lambda: Audit(terms, plan, columns))  # noqa: B023
        watch.time("polars alone, reading", lambda: pl.read_ndjson(path, schema=COLUMNS))
        events = audit.day.events
        late = watch.time("polars alone, core", lambda: two_joins(events, audit.end_us or 0))  # noqa: B023
        assert late == len(true)
    lines = columns.frame.height
    for name, clock_s in watch.clock_s.items():
        print(
            f"  {name}: {lines / clock_s:,.0f} reports/s by the clock ({clock_s:.2f} s), "
            f"{lines / watch.processor_s[name]:,.0f} by processor time"
        )


def read(path: Path) -> Columns:
    """The columns of a file whose lines are all good."""
    reader = Reader(keys_of(read_terms("terms", P1_AND_P2.encode())))
    with path.open("rb") as file:
        reader.read(path.name, blocks(file.fileno()), refuse)
    return reader.columns()


def refuse(_: bytes, error: BadInput) -> NoReturn:
    """No line of the trace is bad."""
    raise error


def breaches(found: list[Deviation]) -> Breaches:
    """Clause, subject, moment of each."""
    return {(one.clause, one.subject, one.breach().at_us) for one in found}


def two_joins(events: Columns, end_us: int) -> int:
    """How many breaches of the two clauses, the plain way."""
    frame = events.frame.lazy()
    kinds = {
        kind: frame.filter(pl.col("type") == kind).select("at", "text vehicle", "text person").sort("at")
        for kind in ("departed", "arrived", "offered", "accepted")
    }
    options: dict[str, Any] = {"on": "at", "coalesce": False, "check_sortedness": False}
    journeys = kinds["arrived"].join_asof(
        kinds["departed"], by="text vehicle", strategy="backward", tolerance=7_200_000_000, **options
    )
    answers = kinds["offered"].join_asof(
        kinds["accepted"], by="text person", strategy="forward", tolerance=1_800_000_000, **options
    )
    due = pl.col("at") + 1_800_000_000 < end_us
    late = journeys.filter(pl.col("at_right").is_null()), answers.filter(pl.col("at_right").is_null() & due)
    return sum(one.height for one in pl.collect_all([one.select("at") for one in late]))


if __name__ == "__main__":
    main()
