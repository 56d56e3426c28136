"""Why no choice is possible: a minimal set of clauses that cannot hold together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.composition.model import Condition, merged
from safeconduct.composition.solve import maximise


@dataclass(frozen=True)
class Conflict:
    """Clauses that cannot hold together."""

    clauses: tuple[str, ...]
    minimal: bool
    """Shown, by solving, that the others can hold when any one is dropped; false only if the time ran out."""


def minimal_conflict(
    rows: Sequence[Condition], clauses: Sequence[str], count: int, left_us: Callable[[], int]
) -> Conflict:
    """A deletion filter: leave out one clause after the other, for good if the rest still cannot hold.

    `rows` cannot hold together over `count` candidates. Clauses are tried in the order given, so those named last are
    the ones that stay if several conflicts exist; the result is in the same order. Each clause that stays was shown
    by solving to be needed. `left_us` tells the time left.
    """
    staying = list(clauses)
    minimal = True
    nothing = np.zeros(count, dtype=np.int64)
    for clause in clauses:
        rest = [other for other in staying if other != clause]
        solved = maximise([row for row in rows if row.clause in rest], nothing, merged, left_us)
        if solved.status == "infeasible":
            staying = rest
        elif solved.status == "unknown":
            minimal = False
    return Conflict(tuple(staying), minimal)
