"""The monitoring rows of the goals: `uv run python benchmarks/monitoring.py [--events N] [--copies N] [--memory N …]`.

The trace of two clauses is drawn from a seed with its truth: vehicles that arrive within two hours of departing (P1),
offers answered within thirty minutes (P2), one in a hundred not; one report in ten comes up to six hours late, one in
fifty comes twice. The trace of the whole example agreement is the example's day with heavy faults, several exchanges at
once. Reports are read and judged some at a time, as the watch does. Rates are of processor time, reading apart; single
reports and commands are timed by the clock.
"""

import argparse
import gc
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from safeconduct.clauses.judging import judge_day
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import HOUR_US, MINUTE_US, SECOND_US, format_instant
from safeconduct.logistics.plan import Plan, read_plan, write_plan
from safeconduct.sim.example import make_example
from safeconduct.sim.faults import HEAVY_FAULTS
from safeconduct.sim.settled import settle
from safeconduct.sim.simulated_day import simulate_day
from safeconduct.tracking.events import Event
from safeconduct.tracking.lines import read_line

START_US = 1_751_587_200 * SECOND_US
TOGETHER = 500
LATE, REPEATED, AT_FAULT = 0.10, 0.02, 0.01
HEADER = """
[agreement]
id = "measured"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]
"""
P1_AND_P2 = (
    HEADER
    + """
[[clause]]
id = "P1"
kind = "precedence"
before = { type = "arrived" }
expect = { type = "departed" }
within = "2h"
same = ["vehicle"]

[[clause]]
id = "P2"
kind = "response"
after = { type = "offered" }
expect = { type = "accepted" }
within = "30m"
"""
)
Breaches = set[tuple[str, str, int]]
"""Clause, subject, moment."""


def main() -> None:
    """Print a line a measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=400_000, help="of the two clauses' trace")
    parser.add_argument("--copies", type=int, default=4, help="exchanges at once, of the whole agreement's trace")
    parser.add_argument("--memory", type=int, nargs="*", default=[100_000, 1_000_000], help="lengths of traces")
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        follow(arguments.memory_of)
        return
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    gc.set_threshold(100_000, 50, 100)
    terms, plan = read_terms("terms", P1_AND_P2.encode()), empty_plan()
    true: Breaches = set()
    lines = list(two_clauses(arguments.events, true))
    for told in (False, True):
        measure_core("two clauses", terms, plan, lines, true, told)
    measure_one_by_one("two clauses", terms, plan, lines)
    measure_command(lines)
    measure_confirmed(terms, plan, lines, true)
    measure_silence()
    measure_whole_agreement(arguments.copies)
    for length in arguments.memory:
        measure_memory(length)


def two_clauses(events: int, true: Breaches, seed: int = 1) -> Iterator[bytes]:
    """Lines in the order of arrival; `true` is filled with the breaches that should stand in the end."""
    draw = random.Random(seed)
    happened: list[tuple[int, dict[str, Any]]] = []
    number = 0
    while len(happened) < events:
        number += 1
        depart_us = START_US + number * 4 * SECOND_US
        vehicle, person = f"v{number % 2000}", f"p{number}"
        arrive_us, accept_us = (
            depart_us + draw.randrange(600, 7000) * SECOND_US,
            depart_us + draw.randrange(60, 1750) * SECOND_US,
        )
        if draw.random() < AT_FAULT:
            true.add(("P1", vehicle, arrive_us))
        else:
            happened.append((depart_us, {"type": "departed", "vehicle": vehicle, "place": "H"}))
        happened.append((arrive_us, {"type": "arrived", "vehicle": vehicle, "place": "X"}))
        happened.append((depart_us, {"type": "offered", "person": person, "from": "RU", "to": "NI"}))
        if draw.random() < AT_FAULT:
            true.add(("P2", person, depart_us + 30 * MINUTE_US))
        else:
            happened.append((accept_us, {"type": "accepted", "person": person, "from": "RU", "to": "NI"}))
    happened.sort(key=lambda one: one[0])
    end_us = happened[-1][0]
    for breach in [one for one in true if one[2] >= end_us]:
        true.discard(breach)
    arrivals: list[tuple[int, int, bytes]] = []
    for index, (at_us, fields) in enumerate(happened):
        device = index % 40
        received_us = at_us + (draw.randrange(6 * HOUR_US) if draw.random() < LATE else draw.randrange(SECOND_US))
        line = {
            "id": f"e{index}", "at": format_instant(at_us), "device": f"d{device}", "device_seq": index // 40 + 1,
            **fields, "received_at": format_instant(received_us // SECOND_US * SECOND_US + SECOND_US),
        }  # fmt: skip
        raw = json.dumps(line).encode()
        arrivals.append((received_us, index, raw))
        if draw.random() < REPEATED:
            arrivals.append((received_us + draw.randrange(HOUR_US), index, raw))
    arrivals.sort(key=lambda one: one[:2])
    return (raw for _, _, raw in arrivals)


def empty_plan() -> Plan:
    """A plan of nobody: the two clauses need none."""
    start = format_instant(START_US)
    document = {"exchange": "measured", "agreement": "measured", "start": start, "exchange_point": "X", "persons": []}
    return read_plan("plan", json.dumps(document).encode())


def measure_core(name: str, terms: Terms, plan: Plan, lines: list[bytes], true: Breaches, told: bool) -> None:
    """Reports a second, some at a time, reading apart; every verdict as true. `told`: each time what changed, too."""
    watch = Watch(terms, plan)
    reading_s = judging_s = 0.0
    for start in range(0, len(lines), TOGETHER):
        begun = time.process_time()
        events = read(lines[start : start + TOGETHER])
        read_at = time.process_time()
        watch.arrive(events)
        if told or start + TOGETHER >= len(lines):
            watch.judge()
        else:
            watch.follow()
        judging_s += time.process_time() - read_at
        reading_s += read_at - begun
    found = {(one.clause, one.subject, one.breach().at_us) for one in watch.standing()}
    assert found == true, f"{len(found - true)} invented, {len(true - found)} missed"
    print(
        f"{name}, any order, {LATE:.0%} late, {'what changed told' if told else 'final verdicts'}: "
        f"{len(lines) / judging_s:,.0f} reports/s judged, "
        f"{len(lines) / reading_s:,.0f}/s read, {len(lines) / (judging_s + reading_s):,.0f}/s both; "
        f"{len(found):,} breaches, all as true"
    )


def measure_one_by_one(name: str, terms: Terms, plan: Plan, lines: list[bytes]) -> None:
    """What changed known after each report: how long one takes."""
    watch = Watch(terms, plan)
    watch.judge()
    took: list[float] = []
    for start in range(0, len(lines), TOGETHER):
        for event in read(lines[start : start + TOGETHER]):
            begun = time.perf_counter()
            watch.arrive((event,))
            watch.judge()
            took.append(time.perf_counter() - begun)
    took.sort()
    p50, p99 = took[len(took) // 2] * 1e6, took[len(took) * 99 // 100] * 1e6
    print(
        f"{name}, one by one: {len(took) / sum(took):,.0f} reports/s; "
        f"p50 {p50:.1f}, p99 {p99:.1f}, at most {took[-1] * 1e6:,.0f} µs"
    )


def read(lines: Iterable[bytes]) -> list[Event]:
    """The lines as events."""
    return [event for event in (read_line("trace", 2, line) for line in lines) if event is not None]


def measure_command(lines: list[bytes]) -> None:
    """`watch` from a file, everything included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "terms.toml").write_text(P1_AND_P2)
        (folder / "plan.json").write_bytes(write_plan(empty_plan()))
        (folder / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
        # As where it is installed: compiled once, before anything is timed.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "safeconduct.cli.main", "watch", "terms.toml", "plan.json"]
        subprocess.run([*command, "/dev/null"], cwd=folder, env=environment, capture_output=True, check=True)
        for options in (["--final"], []):
            begun = time.perf_counter()
            done = subprocess.run(
                [*command, "events.jsonl", "--json", *options],
                cwd=folder, env=environment, capture_output=True, check=False,
            )  # fmt: skip
            took_s = time.perf_counter() - begun
            assert done.returncode == 1, done.stderr.decode()
            print(
                f"watch {' '.join(options) or 'line by line'}, from a file: {len(lines) / took_s:,.0f} reports/s, "
                "start included"
            )


def measure_confirmed(terms: Terms, plan: Plan, lines: list[bytes], true: Breaches) -> None:
    """Of the alarms ever told as certain how many are true, and of what is true how much was told."""
    watch = Watch(terms, plan)
    confirmed: Breaches = set()
    raised = 0
    for start in range(0, len(lines), 20):
        watch.arrive(read(lines[start : start + 20]))
        for one in watch.judge():
            raised += one.status == "unconfirmed"
            if one.status == "open":
                confirmed.add((one.clause, one.subject, one.breach().at_us))
    standing = {(one.clause, one.subject, one.breach().at_us) for one in watch.standing()}
    print(
        f"confirmed alarms: {len(confirmed & true) / len(confirmed):.2%} of {len(confirmed):,} true, recall "
        f"{len(standing & true) / len(true):.2%} ({len(confirmed & true) / len(true):.2%} certain by the end); "
        f"{raised:,} were shown as unconfirmed before"
    )


def measure_silence() -> None:
    """How long after a deadline `watch --live` tells that it was missed, with no further report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "terms.toml").write_text(P1_AND_P2)
        (folder / "plan.json").write_bytes(write_plan(empty_plan()))
        command = [
            sys.executable,
            "-m",
            "safeconduct.cli.main",
            "watch",
            "terms.toml",
            "plan.json",
            "-",
            "--live",
            "--json",
        ]
        with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin
            assert process.stdout
            due_us = time.time_ns() // 1000 + 4 * SECOND_US
            offered = {"id": "o", "type": "offered", "at": format_instant(due_us - 30 * MINUTE_US)}
            offered |= {"person": "p", "from": "RU", "to": "NI"}
            process.stdin.write(json.dumps(offered).encode() + b"\n")
            process.stdin.flush()
            told = json.loads(process.stdout.readline())
            late_us = time.time_ns() // 1000 - due_us
            process.kill()
    assert told["rule"] == "missing"
    print(f"alarm after a deadline passed in silence: {late_us / 1000:.0f} ms")


def measure_whole_agreement(copies: int) -> None:
    """The example's terms over several of its days at once, with heavy faults, as they arrive."""
    settled = settle(make_example(1, 1300))
    day = simulate_day(settled.plan, 1, HEAVY_FAULTS)
    once = [json.dumps(line.event).encode() for line in day.lines]
    plan_document = json.loads(write_plan(settled.plan))
    lines = [renamed(line, copy) for line in once for copy in range(copies)]
    plan = read_plan("plan", json.dumps(several(plan_document, copies)).encode())
    events = read(lines)
    expected = {one.breach() for one in judge_day(settled.terms, plan, events)}
    del events
    for told in (False, True):
        watch = Watch(settled.terms, plan)
        watch.judge()
        judging_s = 0.0
        for start in range(0, len(lines), TOGETHER):
            batch = read(lines[start : start + TOGETHER])
            begun = time.process_time()
            watch.arrive(batch)
            if told or start + TOGETHER >= len(lines):
                watch.judge()
            else:
                watch.follow()
            judging_s += time.process_time() - begun
        assert {one.breach() for one in watch.standing()} == expected
        print(
            f"whole example agreement ({len(settled.terms.running)} clauses), {copies} exchanges at once, "
            f"{'what changed told' if told else 'final verdicts'}: {len(lines) / judging_s:,.0f} reports/s judged of "
            f"{len(lines):,}; {len(expected):,} breaches, as the literal evaluator's"
        )
    measure_one_by_one("whole example agreement", settled.terms, plan, lines)


_RENAMED = ("person", "vehicle", "device", "id", "replaces", "batch", "event")


def renamed(line: bytes, copy: int) -> bytes:
    """A report of another exchange: persons, vehicles, devices and ids are others."""
    fields = json.loads(line)
    for key in _RENAMED:
        if isinstance(fields.get(key), str):
            fields[key] = f"{fields[key]}~{copy}"
    if "legs" in fields:
        fields["legs"] = [f"{leg}~{copy}" for leg in fields["legs"]]
    return json.dumps(fields).encode()


def several(plan: dict[str, Any], copies: int) -> dict[str, Any]:
    """A plan of several exchanges at once, in the same places."""
    made = {**plan, "persons": [], "vehicles": [], "legs": [], "batches": [], "devices": []}
    for copy in range(copies):
        for one in plan["persons"]:
            made["persons"].append({**one, "id": f"{one['id']}~{copy}", "batch": f"{one['batch']}~{copy}"})
        for key in ("vehicles", "batches"):
            made[key] += [{**one, "id": f"{one['id']}~{copy}"} for one in plan[key]]
        for one in plan["legs"]:
            persons = [f"{person}~{copy}" for person in one["persons"]]
            vehicle = f"{one['vehicle']}~{copy}"
            made["legs"].append({**one, "id": f"{one['id']}~{copy}", "vehicle": vehicle, "persons": persons})
        for one in plan.get("devices", ()):
            vehicles = [f"{vehicle}~{copy}" for vehicle in one.get("vehicles", ())]
            made["devices"].append({**one, "id": f"{one['id']}~{copy}", "vehicles": vehicles})
    return made


def measure_memory(length: int) -> None:
    """The most memory that a process takes that only follows a trace of this length, in a file."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        for line in two_clauses(length, set()):
            file.write(line + b"\n")
        file.flush()
        command = [sys.executable, __file__, "--memory-of", file.name]
        print(
            f"memory, two clauses, {subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()}"
        )


def follow(path: Path) -> None:
    """Follow a trace and print how much memory that took."""
    terms, plan = read_terms("terms", P1_AND_P2.encode()), empty_plan()
    before_kilobytes = peak_kilobytes()
    taken = 0

    def again() -> Iterator[Event]:
        with path.open("rb") as file:
            yield from read(islice(file, taken))

    watch = Watch(terms, plan, again)
    with path.open("rb") as file:
        while lines := list(islice(file, TOGETHER)):
            taken += len(lines)
            watch.arrive(read(lines))
            watch.judge()
    used_megabytes = (peak_kilobytes() - before_kilobytes) / 1024
    print(
        f"{taken:,} reports: {used_megabytes:,.0f} MB more than at the start, {len(watch.standing()):,} breaches stand"
    )


def peak_kilobytes(process: int | str = "self") -> int:
    """The most memory that a process ever held (Linux; not what the one that began it held); 0 once it has ended."""
    status = Path(f"/proc/{process}/status").read_text()
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
