"""One level: the best choice for one objective, by HiGHS through scipy, with what is proven about it.

The solver works in floating point, and nothing of it is believed alone. A solution is rounded and every row recomputed
exactly. It is called optimal only if the solver calls it so and a second search, for anything better, proves that there
is nothing; so its value is its bound. "Infeasible" stands only if exact arithmetic shows it, or a second search finds
nothing either.

Presolve stays off at first: merging has done its work already, and that of HiGHS 1.12 calls about one small random
round in a thousand infeasible that is not (its issues 1710, 2204 and 2402 are of the kind). Without it, about one small
random round in five thousand with coefficients of tens of thousands was called optimal and was not; the second search
found each of them out.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from safeconduct.composition.bounds import narrow
from safeconduct.composition.constraint import Row
from safeconduct.composition.model import Condition, Grouping, Integers, condition

_BOUND_SLACK = 1e-6
"""How far a dual bound may lie below an integer and still be read as it (HiGHS: mip_feasibility_tolerance)."""


@dataclass(frozen=True)
class Solved:
    """What is known after one run of the solver."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    """`feasible`: allowed, not proven best; `unknown`: the time ran out before anything was found."""
    counts: Integers
    """How many of each class are chosen; empty unless optimal or feasible."""
    of: NDArray[np.intp]
    """The class of each candidate."""
    value: int
    bound: int
    """No allowed choice has a greater value."""
    most: int
    """What everybody together would add, allowed or not; who takes away left out."""
    certain: bool = False
    """Shown by exact arithmetic alone."""


def maximise(rows: Sequence[Condition], objective: Integers, grouping: Grouping, left_us: Callable[[], int]) -> Solved:
    """The greatest sum of `objective` (per candidate) over the chosen, among the choices that keep all rows.

    `left_us` tells how many microseconds may still be spent.
    """
    solved = _search(rows, objective, grouping, left_us())
    if solved.status == "infeasible" and not solved.certain:
        again = _search(rows, objective, grouping, left_us(), presolve=True)
        if again.status not in ("optimal", "feasible"):
            return solved
        solved = again
    while solved.status == "optimal" and solved.value < solved.most:
        more = condition("", Row(objective.tolist(), low=solved.value + 1))
        better = _search([*rows, more], objective, grouping, left_us())
        if better.status == "infeasible":
            return replace(solved, bound=solved.value)
        if better.status == "unknown":
            looser = solved.bound if solved.bound > solved.value else better.bound
            return replace(solved, status="feasible", bound=looser)
        solved = better
    return solved


def _search(
    rows: Sequence[Condition], objective: Integers, grouping: Grouping, time_limit_us: int, *, presolve: bool = False
) -> Solved:
    """One run of the solver. It is `optimal` here as soon as the solver says so, whatever it says of the bound."""
    classes = grouping([*(row.coefficients for row in rows), objective], len(objective))
    matrix, gains = classes.columns[:-1], classes.columns[-1]
    most = int(np.maximum(gains, 0) @ classes.sizes)
    nobody = np.zeros(0, dtype=np.int64)
    if not len(objective):
        # HiGHS has no verdict on a model without variables.
        status: Literal["optimal", "infeasible"] = "optimal" if all(row.holds(0) for row in rows) else "infeasible"
        return Solved(status, nobody, classes.of, 0, 0, 0)
    low = np.array([-np.inf if row.low is None else row.low for row in rows], dtype=np.float64)
    high = np.array([np.inf if row.high is None else row.high for row in rows], dtype=np.float64)
    room = narrow(matrix, low, high, classes.sizes)
    if room is None:
        return Solved("infeasible", nobody, classes.of, 0, most, most, certain=True)
    result = milp(
        c=-gains.astype(np.float64),
        integrality=np.ones(len(gains), dtype=np.int64),
        bounds=Bounds(room[0].astype(np.float64), room[1].astype(np.float64)),
        constraints=[LinearConstraint(csr_array(matrix.astype(np.float64)), low, high)] if rows else [],
        options={"presolve": presolve, "mip_rel_gap": 0.0, "time_limit": time_limit_us / 1e6},
    )
    if result.status == 2 or (result.status == 4 and "nbounded or infeasible" in result.message):
        # Every variable is bounded, so the second can only mean the first.
        return Solved("infeasible", nobody, classes.of, 0, most, most)
    counts = nobody if result.x is None else np.rint(result.x).astype(np.int64)
    if result.x is None or not _allowed(counts, classes.sizes, rows, matrix):
        return Solved("unknown", nobody, classes.of, 0, most, most)
    value = int(gains @ counts)
    bound = most
    if result.mip_dual_bound is not None and math.isfinite(result.mip_dual_bound):
        bound = max(value, min(most, math.floor(-result.mip_dual_bound + _BOUND_SLACK)))
    return Solved("optimal" if result.status == 0 else "feasible", counts, classes.of, value, bound, most)


def _allowed(counts: Integers, sizes: Integers, rows: Sequence[Condition], matrix: Integers) -> bool:
    if bool((counts < 0).any()) or bool((counts > sizes).any()):
        return False
    return all(row.holds(int(total)) for row, total in zip(rows, matrix @ counts, strict=True))
