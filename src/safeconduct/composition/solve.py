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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from safeconduct.composition.bounds import narrow
from safeconduct.composition.columns import Columns, columns_of, most
from safeconduct.composition.constraint import Auxiliary
from safeconduct.composition.model import Condition, Grouping, Integers, lowest_terms

_PRESOLVED = 2_000
"""Up to so many variables presolve is quick; with eight thousand it takes seconds where the search takes tenths."""
_BOUND_SLACK = 1e-6
"""How far a dual bound may lie below an integer and still be read as it (HiGHS: mip_feasibility_tolerance)."""


@dataclass(frozen=True)
class Solved:
    """What is known after one run of the solver."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    """`feasible`: allowed, not proven best; `unknown`: the time ran out before anything was found."""
    counts: Integers
    """How many of each class are chosen, with several tranches by class and tranche; empty unless optimal or
    feasible."""
    of: NDArray[np.intp]
    """The class of each candidate."""
    value: int
    bound: int
    """No allowed choice has a greater value."""
    auxiliaries: Mapping[Auxiliary, int] = field(default_factory=dict)
    """What the auxiliaries of the rows and of the objective are; empty unless optimal or feasible."""
    certain: bool = False
    """Shown by exact arithmetic alone."""


def maximise(
    rows: Sequence[Condition],
    objective: Integers,
    grouping: Grouping,
    left_us: Callable[[], int],
    auxiliaries: Mapping[Auxiliary, int] | None = None,
) -> Solved:
    """The greatest sum of `objective` over the chosen, among the choices that keep all rows.

    `objective` has one coefficient, not below 0, for each candidate, or a row for each with one for each tranche;
    `auxiliaries` has those of auxiliaries. `left_us` tells how many microseconds may still be spent.
    """
    goal = Condition("", objective, None, None, auxiliaries or {})
    solved = _search(rows, goal, grouping, left_us())
    if solved.status == "infeasible" and not solved.certain:
        again = _search(rows, goal, grouping, left_us(), otherwise=True)
        if again.status not in ("optimal", "feasible"):
            return solved
        solved = again
    while solved.status == "optimal" and solved.value < most(objective, goal.auxiliaries):
        more = lowest_terms(replace(goal, low=solved.value + 1))
        better = _search([*rows, more], goal, grouping, left_us())
        if better.status == "infeasible":
            return replace(solved, bound=solved.value)
        if better.status == "unknown":
            looser = solved.bound if solved.bound > solved.value else better.bound
            return replace(solved, status="feasible", bound=looser)
        solved = better
    return solved


def _search(
    rows: Sequence[Condition], goal: Condition, grouping: Grouping, time_limit_us: int, *, otherwise: bool = False
) -> Solved:
    """One run of the solver. It is `optimal` here as soon as the solver says so, whatever it says of the bound.

    `otherwise` takes another way, for a second opinion: with presolve or, where there are too many variables for it,
    with these in reverse.
    """
    columns = columns_of(rows, goal, grouping)
    gains = columns.matrix[-1]
    unbound = most(goal.coefficients, goal.auxiliaries)
    nobody = np.zeros(0, dtype=np.int64)
    if not len(gains):
        # HiGHS has no verdict on a model without variables.
        status: Literal["optimal", "infeasible"] = "optimal" if all(row.holds(0) for row in rows) else "infeasible"
        return Solved(status, nobody, columns.of, 0, 0)
    low = np.array([-np.inf if row.low is None else row.low for row in rows], dtype=np.float64)
    high = np.array([np.inf if row.high is None else row.high for row in rows], dtype=np.float64)
    room = narrow(columns.matrix[:-1], low, high, columns.lower, columns.upper)
    if room is None:
        return Solved("infeasible", nobody, columns.of, 0, unbound, certain=True)
    presolve = otherwise and len(gains) <= _PRESOLVED
    turn = -1 if otherwise and not presolve else 1
    result = milp(
        c=-gains.astype(np.float64)[::turn],
        integrality=np.ones(len(gains), dtype=np.int64),
        bounds=Bounds(room[0].astype(np.float64)[::turn], room[1].astype(np.float64)[::turn]),
        constraints=_constraints(columns, low, high, turn),
        options={"presolve": presolve, "mip_rel_gap": 0.0, "time_limit": time_limit_us / 1e6},
    )
    if result.status == 2 or (result.status == 4 and "nbounded or infeasible" in result.message):
        # Every variable is bounded, so the second can only mean the first.
        return Solved("infeasible", nobody, columns.of, 0, unbound)
    solution = nobody if result.x is None else np.rint(result.x[::turn]).astype(np.int64)
    if result.x is None or not _allowed(solution, rows, columns):
        return Solved("unknown", nobody, columns.of, 0, unbound)
    value = int(gains @ solution)
    bound = unbound
    if result.mip_dual_bound is not None and math.isfinite(result.mip_dual_bound):
        bound = max(value, min(unbound, math.floor(-result.mip_dual_bound + _BOUND_SLACK)))
    return Solved(
        "optimal" if result.status == 0 else "feasible",
        columns.counts(solution),
        columns.of,
        value,
        bound,
        columns.values(solution),
    )


def _constraints(
    columns: Columns, low: NDArray[np.float64], high: NDArray[np.float64], turn: int
) -> list[LinearConstraint]:
    found: list[LinearConstraint] = []
    if len(low):
        found.append(LinearConstraint(csr_array(columns.matrix[:-1, ::turn].astype(np.float64)), low, high))
    if columns.tranches > 1:
        # Nobody goes in two tranches: those of a class in all of them are no more than its members.
        of = np.repeat(np.arange(len(columns.sizes)), columns.tranches)
        shape = (len(columns.sizes), columns.matrix.shape[1])
        persons = csr_array((np.ones(len(of)), (of, np.arange(len(of)))), shape=shape)
        found.append(LinearConstraint(persons[:, ::turn], -np.inf, columns.sizes.astype(np.float64)))
    return found


def _allowed(solution: Integers, rows: Sequence[Condition], columns: Columns) -> bool:
    if not columns.inside(solution):
        return False
    return all(row.holds(int(total)) for row, total in zip(rows, columns.matrix[:-1] @ solution, strict=True))
