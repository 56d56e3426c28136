"""The round of 2 x 6,000 candidates, proven: `uv run python benchmarks/composition.py [--persons N] [--rounds N]`.

Twelve clauses and five lexicographic objectives. The peer solves the same rows with one binary variable for each
person, by the same HiGHS with its default settings; both run in turn, so that the ratio holds on a noisy machine. Then
an infeasible round: the time to one minimal conflict.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from safeconduct.app.ports import SystemClock
from safeconduct.clauses.composing import compose_round, constraints_of, objectives_of
from safeconduct.clauses.library import Terms, read_terms
from safeconduct.composition.model import conditions
from safeconduct.composition.report import Composition
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

LIMIT_US = 600_000_000
TERMS = """
agreement = { id = "benchmark", concluded = 2025-06-02, parties = ["RU", "UA"] }
clause = [
  { id = "wounded", kind = "release-all", of = { category = "seriously-wounded-or-sick", not = { rank = "general" } } },
  { id = "young", kind = "release-all", of = { age = "18..20", not = { rank = "general" } } },
  { id = "held-back", kind = "exclude", of = { rank = "general" } },
  { id = "named", kind = "include", of = { ref = ["RU-00017", "UA-00042", "UA-00055"] } },
  { id = "floor", kind = "count", per = "party", min = FLOOR },
  { id = "ceiling", kind = "count", max = CEILING },
  { id = "women", kind = "count", of = { sex = "F" }, max = CEILING },
  { id = "civilians", kind = "count", of = { category = "civilian" }, per = "party", max = CIVILIANS },
  { id = "officers", kind = "ratio", of = { category = "prisoner-of-war", not = { age = "18..20" } },
    between = ["RU", "UA"], ratio = "1:1", tolerance = 5,
    weights = { colonel = 15, major = 8, captain = 6, lieutenant = 4, sergeant = 2 } },
  { id = "medics", kind = "ratio", of = { category = "medical-personnel" }, between = ["UA", "RU"], ratio = "3:2",
    tolerance = 3 },
  { id = "heads", kind = "balance", tolerance = FLOOR },
  { id = "first-year", kind = "count", of = { captured_before = 2022-06-01 }, per = "party", min = CIVILIANS },
  { id = "o1", kind = "prefer", of = { category = "medical-personnel" } },
  { id = "o2", kind = "prefer", of = { age = "18..25" } },
  { id = "o3", kind = "prefer", of = { captured_before = 2022-12-31 } },
  { id = "o4", kind = "prefer", largest = true },
  { id = "o5", kind = "prefer", longest_captivity = true },
EXTRA]
"""


def main() -> None:
    """Print a line a measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=6000, help="held by each of the two sides")
    parser.add_argument("--rounds", type=int, default=3, help="different candidates, each solved both ways")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    ours: list[float] = []
    peers: list[float] = []
    conflicts: list[float] = []
    for seed in range(1, arguments.rounds + 1):
        candidates = persons(seed, arguments.persons)
        terms = read_terms("terms.toml", agreed(arguments.persons).encode())
        seconds, composition = compose(terms, candidates)
        peer_seconds, values = person_level(terms, candidates)
        assert composition.status == "optimal"
        assert [one.value for one in composition.objectives] == values
        clashing = agreed(arguments.persons, '{ id = "few", kind = "count", per = "party", max = 10 },')
        conflict_seconds, conflict = compose(read_terms("terms.toml", clashing.encode()), candidates)
        assert conflict.status == "infeasible"
        print(
            f"seed {seed}: {len(candidates):,} candidates, 12 clauses, objectives {values}: proven in {seconds:.2f} s, "
            f"person by person {peer_seconds:.2f} s; conflict of {' and '.join(conflict.conflict)} in "
            f"{conflict_seconds:.2f} s"
        )
        ours.append(seconds)
        peers.append(peer_seconds)
        conflicts.append(conflict_seconds)
    print(
        f"median: proven in {statistics.median(ours):.2f} s, person by person {statistics.median(peers):.2f} s: "
        f"{statistics.median(peers) / statistics.median(ours):.1f} times as fast; "
        f"a minimal conflict in {statistics.median(conflicts):.2f} s"
    )


def agreed(each: int, extra: str = "") -> str:
    """The terms, their numbers in proportion to the persons held by each side."""
    numbers = {"FLOOR": each // 6, "CEILING": each * 4 // 5 + 1, "CIVILIANS": each // 40, "EXTRA": extra}
    text = TERMS
    for name, number in numbers.items():
        text = text.replace(name, str(number))
    # Arrays may break over lines in TOML 1.0, inline tables may not.
    return text.replace(",\n    ", ", ")


def persons(seed: int, each: int) -> list[Person]:
    """Synthetic candidates held by the two sides."""
    drawn = random.Random(seed)
    people = []
    for held_by, home in (("RU", "UA"), ("UA", "RU")):
        for number in range(each):
            born = date(1965, 1, 1) + timedelta(days=drawn.randrange(15_500))
            captured = date(2022, 3, 1) + timedelta(days=drawn.randrange(1150))
            named = number in (17, 42, 55)
            categories = ("prisoner-of-war", "civilian", "medical-personnel", "seriously-wounded-or-sick")
            ranks = ("private", "sergeant", "lieutenant", "captain", "major", "colonel", "general")
            people.append(
                Person(
                    ref=f"{held_by}-{number:05}",
                    sex=drawn.choices("MF", (95, 5))[0],
                    birth_date=ImpreciseDate(born, born),
                    rank="private" if named else drawn.choices(ranks, (700, 180, 60, 30, 20, 9, 1))[0],
                    categories=(drawn.choices(categories, (85, 6, 3, 6))[0],),
                    captured_on=ImpreciseDate(captured, captured),
                    held_by=held_by,
                    home=home,
                    consent="unwilling" if not named and drawn.random() < 0.03 else "unknown",
                    protected=not named and drawn.random() < 0.01,
                )
            )
    return people


def compose(terms: Terms, candidates: Sequence[Person]) -> tuple[float, Composition]:
    """Seconds, and what the product answers: rows, merging, proofs, the choice, its check."""
    started = time.perf_counter()
    lines = range(2, len(candidates) + 2)
    composition = compose_round(terms, "candidates.csv", candidates, lines, clock=SystemClock(), time_limit_us=LIMIT_US)
    return time.perf_counter() - started, composition


def person_level(terms: Terms, candidates: Sequence[Person]) -> tuple[float, list[int]]:
    """Seconds of one binary variable for each person, each level locked as soon as HiGHS calls it optimal; values."""
    started = time.perf_counter()
    rows = conditions(constraints_of(terms), candidates)
    matrix = np.array([row.coefficients for row in rows], dtype=np.float64)
    low = [-np.inf if row.low is None else row.low for row in rows]
    high = [np.inf if row.high is None else row.high for row in rows]
    values: list[int] = []
    for objective in objectives_of(terms):
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
    return time.perf_counter() - started, values


if __name__ == "__main__":
    main()
