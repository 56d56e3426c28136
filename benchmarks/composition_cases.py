"""Many random small rounds of all kinds against every subset: `uv run python -m benchmarks.composition_cases 1000`.

Each is drawn anew, composed, and compared with the brute force: feasibility, every level, where everybody goes, minimal
conflicts; and person by person, without merging. `--seed` repeats a run.
"""

import argparse
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.composition.rounds import Round, rounds
from tests.composition.test_brute_force import agrees_with_every_subset, merging_changes_no_value


def main() -> None:
    """Print how many agreed, by outcome and by kind; the first that does not is shown and ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    outcomes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    started = time.perf_counter()

    @seed(arguments.seed)
    @settings(
        max_examples=arguments.rounds,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(rounds())
    def compare(case: Round) -> None:
        outcomes[agrees_with_every_subset(case)] += 1
        merging_changes_no_value(case)
        kinds.update({clause["kind"] for clause in case.clauses})
        if sys.stderr.isatty():
            print(f"\r{outcomes.total():,} of {arguments.rounds:,} rounds", end="", file=sys.stderr, flush=True)

    compare()
    print(f"{outcomes.total():,} random rounds agree with every subset tried, in {time.perf_counter() - started:.0f} s")
    print("outcomes:", ", ".join(f"{outcome} {number:,}" for outcome, number in outcomes.most_common()))
    print("rounds with:", ", ".join(f"{kind} {number:,}" for kind, number in kinds.most_common()))


if __name__ == "__main__":
    main()
