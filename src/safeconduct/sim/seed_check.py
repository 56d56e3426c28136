"""One seed, lived and judged twice: what is found in the reports as they arrive against what is true.

Whatever evaluator is handed in sees only lines in the order of their arrival; the truth is the literal evaluator's
verdict over the undelayed events. A planted bug in the evaluator must show as a difference.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.clauses.deviation import Deviation
from safeconduct.clauses.library import Terms
from safeconduct.clauses.watching import Watch
from safeconduct.kernel.times import MINUTE_US
from safeconduct.logistics.plan import Plan
from safeconduct.sim.faults import FaultPlan
from safeconduct.sim.settled import Settled
from safeconduct.sim.simulated_day import SimulatedDay, simulate_day
from safeconduct.sim.truth import expected_deviations
from safeconduct.tracking.events import read_event
from safeconduct.vocabulary.breach import Breach

Batches = Sequence[Sequence[dict[str, Any]]]
"""Lines as they arrive, a batch a step."""

Evaluate = Callable[[Terms, Plan, Batches], Sequence[Deviation]]
"""What stands in the end, given all batches."""

STEP_US = 10 * MINUTE_US


@dataclass(frozen=True)
class SeedVerdict:
    """What a seed came to."""

    seed: int
    day: SimulatedDay
    true: tuple[Breach, ...]
    """What should stand in the end."""
    found: tuple[Breach, ...]
    """What the evaluator says."""

    @property
    def agrees(self) -> bool:
        """Whether neither is anything missed nor anything invented."""
        return self.true == self.found

    def digest(self) -> str:
        """SHA-256 in hex of everything that arrived and everything found: the same for the same seed anywhere."""
        lines = "\n".join(repr(line.event) for line in self.day.lines)
        return hashlib.sha256(f"{lines}\n{self.true}\n{self.found}".encode()).hexdigest()


def evaluate_all(terms: Terms, plan: Plan, batches: Batches) -> Sequence[Deviation]:
    """The watch, batch after batch as they arrived."""
    watch = Watch(terms, plan)
    for batch in batches:
        watch.arrive(read_event(line) for line in batch)
        watch.judge()
    return watch.standing()


def check_seed(settled: Settled, seed: int, faults: FaultPlan, evaluate: Evaluate = evaluate_all) -> SeedVerdict:
    """Live the day of a seed over a settled round and judge it both ways."""
    day = simulate_day(settled.plan, seed, faults)
    true = expected_deviations(settled.terms, day)
    found = evaluate(settled.terms, settled.plan, [events for _, events in day.arrivals(STEP_US)])
    return SeedVerdict(seed, day, _breaches(true), _breaches(found))


def _breaches(deviations: Sequence[Deviation]) -> tuple[Breach, ...]:
    return tuple(sorted(deviation.breach() for deviation in deviations))
