"""How fast a trace is audited: `uv run python benchmarks/audit.py [--events N] [--rounds N] [--folder DIR]`.

The trace is that of the peers' measurements: vehicles arrive within 2 h of their departure (`precedence`), offers are
accepted within 30 min (`response`). One in a hundred is not, which the generator knows and the audit must find; every
report has a device, its number and a receipt; 10 % arrive late, 2 % twice. Measured are the whole way from the file to
the verdicts, and the judging alone with the columns in memory, before the sift and after it; the best of the rounds,
as on a machine that is left alone.
"""

import argparse
import json
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NoReturn, TypeVar

import polars as pl

from safeconduct.clauses.batch.audit import Audit, keys_of
from safeconduct.clauses.batch.columns import Columns
from safeconduct.clauses.batch.reading import Reader
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.cli.audit import blocks
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import HOUR_US, MINUTE_US, SECOND_US, format_instant, parse_instant
from safeconduct.logistics.plan import read_plan

START_US = parse_instant("2025-07-04T00:00:00Z")
TERMS = b"""
[agreement]
id = "benchmark"
concluded = 2025-06-02
parties = ["RU", "UA"]

[[clause]]
id = "journey"
kind = "precedence"
before = { type = "arrived" }
expect = { type = "departed" }
within = "2h"
same = ["vehicle"]

[[clause]]
id = "answer"
kind = "response"
after = { type = "offered" }
expect = { type = "accepted" }
within = "30m"
"""
PLAN = b'{"exchange": "x", "agreement": "benchmark", "start": "2025-07-04T00:00:00Z", "persons": []}'
Breach = tuple[str, str, str, str]
T = TypeVar("T")


def main() -> None:
    """Print a line a measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(), help="where the trace is written, and removed again")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, polars {pl.__version__}")
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix=".audit-") as name:
        path = Path(name) / "events.jsonl"
        lines, truth = write_trace(path, arguments.events)
        size = path.stat().st_size
        print(
            f"{lines:,} lines, {size / lines:.0f} bytes each; {len(truth):,} breaches among {arguments.events:,} events"
        )
        measure(path, lines, truth, arguments.rounds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory at most: {memory / 1e6:.1f} GB")


def measure(path: Path, lines: int, truth: set[Breach], rounds: int) -> None:
    """The whole way, and the judging alone."""
    terms, plan = read_terms("terms.toml", TERMS), read_plan("plan.json", PLAN)
    told, seconds = best(rounds, lambda: Audit(terms, plan, read(path, terms)).deviations())
    assert {(one.clause, one.rule, one.subject, one.at) for one in told} == truth
    print(
        f"from the file to the verdicts: {lines / seconds:12,.0f} lines/s ({seconds:.2f} s), all breaches found, none made up"
    )
    columns, seconds = best(rounds, lambda: read(path, terms))
    print(f"reading alone:                 {lines / seconds:12,.0f} lines/s")
    audit, seconds = best(rounds, lambda: Audit(terms, plan, columns))
    print(f"sift of columns in memory:     {lines / seconds:12,.0f} lines/s")
    events = audit.day.events.frame.height
    _, seconds = best(rounds, audit.deviations)
    print(f"judging what was sifted:       {events / seconds:12,.0f} events/s")


def read(path: Path, terms: Terms) -> Columns:
    """The columns of a file whose lines are all good."""
    reader = Reader(keys_of(terms))
    number = 1
    with path.open("rb") as file:
        for block in blocks(file.fileno()):
            number += reader.take(path.name, number, block, refuse)
    return reader.columns()


def refuse(_: bytes, error: BadInput) -> NoReturn:
    """No line of the trace is bad."""
    raise error


def best(rounds: int, call: Callable[[], T]) -> tuple[T, float]:
    """What a call gives, and its shortest time in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - started)
    return result, min(times)


@dataclass
class _Device:
    """One that numbers its reports."""

    id: str
    number: int = 0


def write_trace(path: Path, events: int) -> tuple[int, set[Breach]]:
    """Write a trace of so many different events in the order of their receipt; its lines, and what must be found."""
    random = Random(20250704)
    made, truth = happenings(events, random)
    devices = [_Device(f"d{number}") for number in range(200)]
    received = []
    for at_us, fields in made:
        device = random.choice(devices)
        device.number += 1
        late_us = random.randrange(6 * HOUR_US) if random.random() < 0.1 else random.randrange(10 * SECOND_US)
        told = {
            "id": f"{device.id}-{device.number}", **fields, "device": device.id, "device_seq": device.number,
            "received_at": format_instant(at_us + late_us),
        }  # fmt: skip
        line = json.dumps(told)
        received.append((at_us + late_us, line))
        if random.random() < 0.02:
            again_us = late_us + random.randrange(MINUTE_US)
            again = json.dumps({**told, "received_at": format_instant(at_us + again_us)})
            received.append((at_us + again_us, again))
    received.sort()
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for _, line in received)
    return len(received), truth


def happenings(events: int, random: Random) -> tuple[list[tuple[int, dict[str, Any]]], set[Breach]]:
    """Journeys of vehicles and handings over of persons, one event a second, in their order; and the breaches."""
    made: list[tuple[int, dict[str, Any]]] = []
    truth: set[Breach] = set()
    lasting_us = events * SECOND_US
    vehicles, persons = max(1, events // 200), max(1, events // 50)
    for number in range(events // 4):
        vehicle, turn = f"v{number % vehicles}", number // vehicles
        # Each vehicle's journeys begin evenly spread, none before the one before it has long ended.
        begin_us = START_US + turn * lasting_us * 4 * vehicles // events + random.randrange(HOUR_US)
        lasts_us = random.randrange(10 * MINUTE_US, 2 * HOUR_US)
        if random.random() < 0.01:
            lasts_us += 2 * HOUR_US
            truth.add(("journey", "missing", vehicle, format_instant(begin_us + lasts_us)))
        for kind, at_us, place in (("departed", begin_us, "H"), ("arrived", begin_us + lasts_us, "X")):
            made.append((at_us, {"type": kind, "at": format_instant(at_us), "vehicle": vehicle, "place": place}))
        person, turn = f"p{number % persons}", number // persons
        begin_us = START_US + turn * lasting_us * 4 * persons // events + random.randrange(HOUR_US)
        waits_us = random.randrange(30 * MINUTE_US)
        if random.random() < 0.01:
            waits_us += 31 * MINUTE_US
            truth.add(("answer", "missing", person, format_instant(begin_us + 30 * MINUTE_US)))
        passing = {"person": person, "from": "RU", "to": "NI", "place": "X"}
        for kind, at_us in (("offered", begin_us), ("accepted", begin_us + waits_us)):
            made.append((at_us, {"type": kind, "at": format_instant(at_us), **passing}))
    return sorted(made, key=lambda one: one[0]), truth


if __name__ == "__main__":
    main()
