"""By how little clauses must give way, in their own units: the cheapest way out, proven and verified by solving.

Every amount of a clause is one more integer variable, from 0 to where the clause asks nothing more; its cost is counted
in persons, whatever their side, and the sum is least.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from safeconduct.composition.constraint import DROPPED, Auxiliary, Give
from safeconduct.composition.model import Condition, Integers, lowest_terms, merged
from safeconduct.composition.solve import maximise
from safeconduct.kernel.errors import Refused

Amounts = Mapping[str, Mapping[str, int]]
"""By how much each clause gives way, by amount; only what is above 0."""


@dataclass(frozen=True)
class Eased:
    """A row in the units of its clause, and how it gives way."""

    row: Condition
    gives: tuple[Give, ...]

    def by(self, amounts: Mapping[str, int]) -> Condition:
        """The row in lowest terms when the clause gives way by these amounts."""
        low = sum(give.low * amounts.get(give.amount, 0) for give in self.gives)
        high = sum(give.high * amounts.get(give.amount, 0) for give in self.gives)
        moved = replace(
            self.row,
            low=None if self.row.low is None else self.row.low - low,
            high=None if self.row.high is None else self.row.high + high,
        )
        return lowest_terms(moved)


@dataclass(frozen=True)
class WayOut:
    """Amounts by which clauses give way so that all can hold: shown by solving."""

    amounts: Amounts
    cost: Fraction
    """Persons for whom the terms give way."""
    least: bool
    """Whether it is proven that these clauses cannot do it for less; false only if the time ran out."""


def ways_to_give(rows: Sequence[tuple[Condition, tuple[Give, ...]]]) -> list[Eased]:
    """The rows of a clause, each with how it gives way; those of a clause that says nothing of it drop as a whole."""
    if any(gives for _, gives in rows):
        return [Eased(row, gives) for row, gives in rows]
    spoken_of = np.zeros(len(rows[0][0].coefficients) if rows else 0, dtype=bool)
    for row, _ in rows:
        spoken_of |= _by_tranche(row).any(axis=1)
    persons = Fraction(max(1, int(spoken_of.sum())))
    eased = []
    for row, _ in rows:
        least, most = _range(row)
        low = 0 if row.low is None else max(0, row.low - least)
        high = 0 if row.high is None else max(0, most - row.high)
        eased.append(Eased(row, (Give(DROPPED, low, high, persons),)))
    return eased


def least_way_out(
    giving: Mapping[str, Sequence[Eased]], staying: Sequence[Condition], count: int, left_us: Callable[[], int]
) -> WayOut | None:
    """The cheapest amounts by which the clauses in `giving` (their rows, by id) must give way so that their rows and
    those `staying` hold together over `count` candidates; None if no amounts do, or the time ran out."""
    costs = {
        (clause, give.amount): give.persons for clause, rows in giving.items() for one in rows for give in one.gives
    }
    amounts_of = {
        (clause, name): Auxiliary(f"{clause}: {name}", 0, furthest(giving[clause], name)) for clause, name in costs
    }
    scale = math.lcm(*(cost.denominator for cost in costs.values()))
    goal = {amounts_of[amount]: -int(cost * scale) for amount, cost in costs.items()}
    loose = [
        row
        for clause, rows in giving.items()
        for one in rows
        for row in _loosened(one, {give.amount: amounts_of[clause, give.amount] for give in one.gives})
    ]
    nothing = np.zeros(count, dtype=np.int64)
    solved = maximise([*staying, *loose], nothing, merged, left_us, goal)
    if solved.status not in ("optimal", "feasible"):
        return None
    amounts: dict[str, dict[str, int]] = {}
    for (clause, name), auxiliary in amounts_of.items():
        by = solved.auxiliaries[auxiliary]
        if by:
            amounts.setdefault(clause, {})[name] = by
    moved = [one.by(amounts.get(clause, {})) for clause, rows in giving.items() for one in rows]
    again = maximise([*staying, *moved], nothing, merged, left_us)
    if again.status == "infeasible":
        raise AssertionError("what was shown to be a way out is none")
    if again.status == "unknown":
        return None
    return WayOut(amounts, Fraction(-solved.value, scale), solved.status == "optimal")


def least_amount(
    clause: str,
    rows: Sequence[Eased],
    amount: str,
    staying: Sequence[Condition],
    count: int,
    left_us: Callable[[], int],
) -> int | None:
    """The least of one amount by which a clause must give way so that its rows and those `staying` hold together over
    `count` candidates; None if none does. Raises Refused if the time runs out before it is proven."""
    auxiliary = Auxiliary(f"{clause}: {amount}", 0, furthest(rows, amount))
    own = [Eased(one.row, tuple(give for give in one.gives if give.amount == amount)) for one in rows]
    loose = [row for one in own for row in _loosened(one, {amount: auxiliary})]
    solved = maximise([*staying, *loose], np.zeros(count, dtype=np.int64), merged, left_us, {auxiliary: -1})
    if solved.status not in ("optimal", "infeasible"):
        raise Refused("the time ran out")
    return None if solved.status == "infeasible" else -solved.value


def furthest(rows: Sequence[Eased], amount: str) -> int:
    """The least amount with which these rows ask nothing more, in so far as that amount can bring it about."""
    needed = 0
    for one in rows:
        least, most = _range(one.row)
        for give in one.gives:
            if give.amount == amount and give.low and one.row.low is not None:
                needed = max(needed, -(-(one.row.low - least) // give.low))
            if give.amount == amount and give.high and one.row.high is not None:
                needed = max(needed, -(-(most - one.row.high) // give.high))
    return needed


def _loosened(eased: Eased, amounts: Mapping[str, Auxiliary]) -> list[Condition]:
    """A row whose bounds the amounts of its clause move: each bound by itself."""
    rows = []
    if eased.row.low is not None:
        more = {amounts[give.amount]: give.low for give in eased.gives if give.low}
        rows.append(replace(eased.row, high=None, auxiliaries={**eased.row.auxiliaries, **more}))
    if eased.row.high is not None:
        less = {amounts[give.amount]: -give.high for give in eased.gives if give.high}
        rows.append(replace(eased.row, low=None, auxiliaries={**eased.row.auxiliaries, **less}))
    return [lowest_terms(row) for row in rows]


def _range(row: Condition) -> tuple[int, int]:
    """The least and the greatest sum that any choice may have."""
    each = _by_tranche(row)
    least, most = int(each.min(axis=1, initial=0).sum()), int(each.max(axis=1, initial=0).sum())
    for one, factor in row.auxiliaries.items():
        least += min(factor * one.low, factor * one.high)
        most += max(factor * one.low, factor * one.high)
    return least, most


def _by_tranche(row: Condition) -> Integers:
    """A row for each candidate, a column for each tranche that the condition tells apart."""
    return row.coefficients if row.coefficients.ndim == 2 else row.coefficients[:, None]
