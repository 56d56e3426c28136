"""The composition rows of the goals: `uv run python -m benchmarks.composition [--persons N] [--rounds N] [--cp-sat S]`.

Two sides under twelve clauses and five lexicographic objectives, proven; ten and twenty parties; a round of thirteen
clauses that cannot hold together: one minimal conflict, then all conflicts and all ways out with their least amounts.
The peers solve the rows of the first with one binary variable for each person, by the same HiGHS with its default
settings and by CP-SAT of OR-Tools with two workers, each in a process of its own, in turn with ours. Seconds are those
of the clock and, behind them, of the processor: on a busy machine the second tells more.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.composition_rounds import circulation, clashing, persons_of_many, persons_of_two, two_sides
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from safeconduct.app.ports import SystemClock
from safeconduct.clauses.composing import compose_round, constraints_of, objectives_of
from safeconduct.clauses.library import Terms
from safeconduct.composition.conflicts import first_conflict
from safeconduct.composition.constraint import Fairness
from safeconduct.composition.model import conditions
from safeconduct.composition.report import Composition
from safeconduct.vocabulary.person import Person

LIMIT_US = 600_000_000


def main() -> None:
    """Print a line a measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=6000, help="held by each of the two sides")
    parser.add_argument("--rounds", type=int, default=3, help="different candidates, each solved by us and by HiGHS")
    parser.add_argument("--cp-sat", type=float, default=60.0, help="seconds that CP-SAT may take; 0 leaves it out")
    parser.add_argument("--peer", choices=("highs", "cp-sat"), help="only this peer, on the seed --rounds; prints JSON")
    arguments = parser.parse_args()
    if arguments.peer:
        print(json.dumps(_peer(arguments.peer, arguments.rounds, arguments.persons, arguments.cp_sat)))
        return
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    _measure_two_sides(arguments.rounds, arguments.persons, arguments.cp_sat)
    _measure_many_parties()
    _measure_clashing(arguments.rounds, arguments.persons)


def _measure_two_sides(rounds: int, each: int, cp_sat: float) -> None:
    terms = two_sides(each)
    ours: list[Seconds] = []
    peers: list[Seconds] = []
    for seed in range(1, rounds + 1):
        candidates = persons_of_two(seed, each)
        seconds, composition = _compose(terms, candidates)
        assert composition.status == "optimal"
        values = [one.value for one in composition.objectives]
        told = _in_own_process("highs", seed, each, 0)
        assert told["values"] == values
        print(
            f"seed {seed}: {len(candidates):,} candidates, 12 clauses, objectives {values}: proven in {seconds}, "
            f"person by person by HiGHS in {Seconds(*told['seconds'])}"
        )
        ours.append(seconds)
        peers.append(Seconds(*told["seconds"]))
        if cp_sat and seed == 1:
            told = _in_own_process("cp-sat", seed, each, cp_sat)
            assert told["values"] == values[: len(told["values"])]
            how_far = "all" if told["done"] else f"{len(told['values'])} of {len(values)}"
            print(f"seed {seed}: CP-SAT proved {how_far} objectives in {Seconds(*told['seconds'])}")
    of_ours, of_peers = _median(ours), _median(peers)
    print(
        f"2 x {each:,}, median: proven in {of_ours}, person by person {of_peers}: {of_peers.clock / of_ours.clock:.1f} "
        f"times as fast by the clock, {of_peers.processor / of_ours.processor:.1f} by the processor"
    )


def _measure_many_parties() -> None:
    for number, persons in ((10, 2_000), (20, 10_000)):
        parties = [f"P{place:02}" for place in range(number)]
        candidates = persons_of_many(1, parties, persons)
        for tolerance in (0, 5):
            seconds, composition = _compose(circulation(parties, persons, tolerance), candidates)
            assert composition.status == "optimal"
            values = [one.value for one in composition.objectives]
            print(
                f"{number} parties, {persons:,} persons, balanced give or take {tolerance}: objectives {values}, all "
                f"proven in {seconds}"
            )


def _measure_clashing(rounds: int, each: int) -> None:
    terms = clashing(each)
    for seed in range(1, rounds + 1):
        candidates = persons_of_two(seed, each)
        constraints = constraints_of(terms)
        clauses = [one.id for one in constraints]

        def one_conflict() -> tuple[tuple[str, ...], bool]:
            rows = conditions(constraints, candidates)  # noqa: B023 - called at once
            return first_conflict(rows, clauses, len(candidates), lambda: LIMIT_US)  # noqa: B023

        first_seconds, (first, minimal) = _timed(one_conflict)
        assert minimal
        seconds, composition = _compose(terms, candidates)
        assert (composition.status, composition.conflict, composition.exhaustive) == ("infeasible", first, True)
        ways = composition.relaxations
        print(
            f"seed {seed}: 13 clauses that cannot hold together: a minimal conflict ({' and '.join(first)}) in "
            f"{first_seconds}; all {len(composition.conflicts)} conflicts and {len(ways)} ways out with their least "
            f"amounts in {seconds}, the least for {ways[0].persons:,} persons"
        )


class Seconds:
    """By the clock and by the processor."""

    def __init__(self, clock: float, processor: float) -> None:
        self.clock = clock
        self.processor = processor

    def __str__(self) -> str:
        return f"{self.clock:.2f} s ({self.processor:.2f} s)"


def _median(many: Sequence[Seconds]) -> Seconds:
    return Seconds(statistics.median(one.clock for one in many), statistics.median(one.processor for one in many))


def _timed(work: Callable[[], Any]) -> tuple[Seconds, Any]:
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return Seconds(time.perf_counter() - clock, time.process_time() - processor), result


def _compose(terms: Terms, candidates: Sequence[Person]) -> tuple[Seconds, Composition]:
    """Seconds, and what the product answers: rows, merging, proofs, the choice, its check; or the conflicts."""
    lines = range(2, len(candidates) + 2)
    return _timed(
        lambda: compose_round(terms, "candidates.csv", candidates, lines, clock=SystemClock(), time_limit_us=LIMIT_US)
    )


def _in_own_process(peer: str, seed: int, each: int, limit: float) -> dict[str, Any]:
    """Neither has the other's memory, threads or warm caches."""
    command = [sys.executable, "-m", "benchmarks.composition", "--peer", peer]
    options = ["--rounds", str(seed), "--persons", str(each), "--cp-sat", str(limit)]
    root = Path(__file__).parents[1]
    done = subprocess.run([*command, *options], cwd=root, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _peer(name: str, seed: int, each: int, limit: float) -> dict[str, Any]:
    terms, candidates = two_sides(each), persons_of_two(seed, each)
    solve = _by_highs if name == "highs" else lambda terms, candidates: _by_cp_sat(terms, candidates, limit)
    seconds, (values, done) = _timed(lambda: solve(terms, candidates))
    return {"seconds": [seconds.clock, seconds.processor], "values": values, "done": done}


def _by_highs(terms: Terms, candidates: Sequence[Person]) -> tuple[list[int], bool]:
    """One binary variable for each person, each level locked as soon as HiGHS calls it optimal."""
    rows = conditions(constraints_of(terms), candidates)
    matrix = np.array([row.coefficients for row in rows], dtype=np.float64)
    low = [-np.inf if row.low is None else row.low for row in rows]
    high = [np.inf if row.high is None else row.high for row in rows]
    values: list[int] = []
    for objective in objectives_of(terms):
        assert not isinstance(objective, Fairness)
        gains = np.array([objective.gain(person) for person in candidates], dtype=np.float64)
        result = milp(
            c=-gains,
            integrality=np.ones(len(gains), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(csr_array(matrix), low, high),
            options={"mip_rel_gap": 0.0},
        )
        assert result.status == 0
        values.append(round(-result.fun))
        matrix = np.vstack([matrix, gains])
        low.append(values[-1])
        high.append(np.inf)
    return values, True


def _by_cp_sat(terms: Terms, candidates: Sequence[Person], limit: float) -> tuple[list[int], bool]:
    """The same by CP-SAT; it stops at the first level that it does not prove in the time left."""
    from ortools.sat.python import cp_model

    until = time.perf_counter() + limit
    model = cp_model.CpModel()
    chosen = [model.new_bool_var(person.ref) for person in candidates]

    def total(coefficients: Sequence[int]) -> Any:
        used = [(variable, int(one)) for variable, one in zip(chosen, coefficients, strict=True) if one]
        return cp_model.LinearExpr.weighted_sum([variable for variable, _ in used], [one for _, one in used])

    for row in conditions(constraints_of(terms), candidates):
        if row.low is not None:
            model.add(total(row.coefficients.tolist()) >= row.low)
        if row.high is not None:
            model.add(total(row.coefficients.tolist()) <= row.high)
    values: list[int] = []
    for objective in objectives_of(terms):
        assert not isinstance(objective, Fairness)
        goal = total([objective.gain(person) for person in candidates])
        model.maximize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 2
        solver.parameters.max_time_in_seconds = max(0.1, until - time.perf_counter())
        if solver.solve(model) != cp_model.OPTIMAL:
            return values, False
        values.append(round(solver.objective_value))
        model.add(goal >= values[-1])
    return values, True


if __name__ == "__main__":
    main()
