"""Whole simulated days a second, with faults: `uv run python benchmarks/simulation.py [--seeds N] [--exchanges N]
[--persons N]`.

A seed is a day of 200 persons (100 a side) lived with heavy faults, delivered out of order and judged twice, over the
undelayed events and over what arrived. The papers, the composition and the plan are made once and timed apart. Beside
it stands a whole exchange on a real ledger, from four lists to the closed and checked record.
"""

import argparse
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from safeconduct.app.workspace import create_workspace
from safeconduct.registry.reconciling import Interview
from safeconduct.sim.desk import Desk, SeededRandomness, SetClock
from safeconduct.sim.example import make_example
from safeconduct.sim.exchange_run import COARSE_STEP_US, run_exchange
from safeconduct.sim.faults import HEAVY_FAULTS
from safeconduct.sim.narrator import Narrator
from safeconduct.sim.seed_check import check_seed
from safeconduct.sim.seeds import stream
from safeconduct.sim.settled import settle


def main() -> None:
    """Print one line for the settling and one for the seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--exchanges", type=int, default=8)
    parser.add_argument("--persons", type=int, default=200, help="of both sides together")
    arguments = parser.parse_args()
    started = time.perf_counter()
    settled = settle(make_example(1, arguments.persons // 2))
    print(f"papers, composition and plan of {arguments.persons} persons: {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    reports = found = 0
    for seed in range(arguments.seeds):
        verdict = check_seed(settled, seed, HEAVY_FAULTS)
        assert verdict.agrees, f"seed {seed}: found {verdict.found}, true {verdict.true}"
        reports += len(verdict.day.lines)
        found += len(verdict.found)
    seconds = time.perf_counter() - started
    print(
        f"{arguments.seeds} seeds in {seconds:.2f} s: {arguments.seeds / seconds:.2f} seeds/s, "
        f"{reports / arguments.seeds:,.0f} reports and {found / arguments.seeds:.1f} deviations a seed, all as true"
    )
    # A process a core, as a soak runs them; the first exchange of each loads what is loaded once and is not timed.
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool, tempfile.TemporaryDirectory() as name:
        one = partial(whole_exchange, Path(name), persons_a_side=arguments.persons // 2)
        list(pool.map(one, range(1_000, 1_000 + cores)))
        started = time.perf_counter()
        sizes = list(pool.map(one, range(arguments.exchanges)))
        seconds = time.perf_counter() - started
    print(
        f"{arguments.exchanges} whole exchanges of {arguments.persons} persons on {cores} cores, from lists to record: "
        f"{arguments.exchanges / seconds:.2f}/s, {sum(sizes) / len(sizes):,.0f} entries each, all as true"
    )


def whole_exchange(folder: Path, seed: int, *, persons_a_side: int) -> int:
    """Carry one exchange through the product's own code; the number of its entries."""
    example = make_example(seed, persons_a_side)
    randomness = SeededRandomness(stream(seed, "keys"))
    workspace = create_workspace(folder / str(seed), "istanbul-2025-06-02", "NI", randomness)
    desk = Desk(workspace, SetClock(0), randomness)
    interviews = {ref: Interview(*heard) for ref, heard in example.interviews().items()}
    outcome = run_exchange(desk, example.files, interviews, seed, HEAVY_FAULTS, Narrator(), step_us=COARSE_STEP_US)
    desk.close()
    assert outcome.missed == outcome.invented == []
    assert outcome.check.problems == []
    return outcome.check.size


if __name__ == "__main__":
    main()
