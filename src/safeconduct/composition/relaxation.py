"""By how little clauses must give way, in their own units: the cheapest way out, proven and verified by solving.

Every amount of a clause is one more integer variable, from 0 to where the clause asks nothing more; its cost is counted
in persons, whatever their side, and the sum is least.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from safeconduct.composition.constraint import DROPPED, Give, Row
from safeconduct.composition.model import Condition, Grouping, Integers, condition, merged, sized
from safeconduct.composition.solve import maximise

Amounts = Mapping[str, Mapping[str, int]]
"""By how much each clause gives way, by amount; only what is above 0."""


@dataclass(frozen=True)
class WayOut:
    """Amounts by which clauses give way so that all can hold: shown by solving."""

    amounts: Amounts
    cost: Fraction
    """Persons for whom the terms give way."""
    least: bool
    """Whether it is proven that these clauses cannot do it for less; false only if the time ran out."""


def least_way_out(
    giving: Mapping[str, Sequence[Row]], staying: Sequence[Condition], count: int, left_us: Callable[[], int]
) -> WayOut | None:
    """The cheapest amounts by which the clauses in `giving` (their rows, by id) must give way so that their rows and
    those `staying` hold together over `count` candidates; None if no amounts do, or the time ran out."""
    ways = {clause: ways_to_give(rows) for clause, rows in giving.items()}
    slack = _Slack(ways, count)
    scale = math.lcm(*(amount.cost.denominator for amount in slack.amounts))
    objective = slack.zeros()
    for place, amount in enumerate(slack.amounts, count):
        objective[place] = -int(amount.cost * scale)
    rows = [slack.widen(row) for row in staying]
    rows += [row for clause, eased in ways.items() for one in eased for row in slack.eased(clause, one)]
    solved = maximise(rows, objective, slack.grouping, left_us)
    if solved.status not in ("optimal", "feasible"):
        return None
    amounts: dict[str, dict[str, int]] = {}
    for place, amount in enumerate(slack.amounts, count):
        by = int(solved.counts[solved.of[place]])
        if by:
            amounts.setdefault(amount.clause, {})[amount.name] = by
    moved = [one for clause, eased in ways.items() for one in give_way(clause, eased, amounts.get(clause, {}))]
    nothing = np.zeros(count, dtype=np.int64)
    again = maximise([*staying, *moved], nothing, merged, left_us)
    if again.status == "infeasible":
        raise AssertionError("what was shown to be a way out is none")
    if again.status == "unknown":
        return None
    return WayOut(amounts, Fraction(-solved.value, scale), solved.status == "optimal")


def ways_to_give(rows: Sequence[Row]) -> list[Row]:
    """The rows of a clause, each saying how it gives way; those of a clause that says nothing of it drop as a whole."""
    if any(row.gives for row in rows):
        return list(rows)
    spoken_of = int((np.array([row.coefficients for row in rows]) != 0).any(axis=0).sum()) if rows else 0
    persons = Fraction(max(1, spoken_of))
    return [
        replace(row, gives=(Give(DROPPED, max(0, (row.low or 0) - least), max(0, most - (row.high or 0)), persons),))
        for row in rows
        for least, most in (_range(row),)
    ]


def give_way(clause: str, rows: Sequence[Row], amounts: Mapping[str, int]) -> list[Condition]:
    """The rows of a clause, as `ways_to_give` has them, when it gives way by these amounts."""
    moved = []
    for row in rows:
        low = sum(give.low * amounts.get(give.amount, 0) for give in row.gives)
        high = sum(give.high * amounts.get(give.amount, 0) for give in row.gives)
        moved.append(
            condition(
                clause,
                Row(
                    row.coefficients,
                    None if row.low is None else row.low - low,
                    None if row.high is None else row.high + high,
                ),
            )
        )
    return moved


def furthest(rows: Sequence[Row], amount: str) -> int:
    """The least amount with which these rows ask nothing more, in so far as that amount can bring it about."""
    needed = 0
    for row in rows:
        least, most = _range(row)
        for give in row.gives:
            if give.amount == amount and give.low and row.low is not None:
                needed = max(needed, -(-(row.low - least) // give.low))
            if give.amount == amount and give.high and row.high is not None:
                needed = max(needed, -(-(most - row.high) // give.high))
    return needed


@dataclass(frozen=True)
class _Amount:
    clause: str
    name: str
    most: int
    cost: Fraction


class _Slack:
    """One more item for each amount of each clause, behind the candidates: how many of it are taken is the amount."""

    def __init__(self, ways: Mapping[str, Sequence[Row]], count: int) -> None:
        costs = {(clause, give.amount): give.persons for clause, rows in ways.items() for r in rows for give in r.gives}
        self.amounts = [
            _Amount(clause, name, furthest(ways[clause], name), cost) for (clause, name), cost in costs.items()
        ]
        self._place = {(one.clause, one.name): place for place, one in enumerate(self.amounts, count)}
        sizes = self.zeros_of(count)
        sizes[:count] = 1
        sizes[count:] = [one.most for one in self.amounts]
        self.grouping: Grouping = sized(sizes)
        self._count = count

    def zeros_of(self, count: int) -> Integers:
        return np.zeros(count + len(self.amounts), dtype=np.int64)

    def zeros(self) -> Integers:
        """A vector over all items."""
        return self.zeros_of(self._count)

    def widen(self, row: Condition) -> Condition:
        """A row in which no amount has a part."""
        coefficients = self.zeros()
        coefficients[: self._count] = row.coefficients
        return replace(row, coefficients=coefficients)

    def eased(self, clause: str, row: Row) -> list[Condition]:
        """A row whose bounds the amounts of its clause move: each bound by itself."""
        made = []
        for bound, sign in ((row.low, 1), (row.high, -1)):
            if bound is None:
                continue
            coefficients = self.zeros()
            coefficients[: self._count] = row.coefficients
            for give in row.gives:
                coefficients[self._place[clause, give.amount]] += sign * (give.low if sign == 1 else give.high)
            low, high = (bound, None) if sign == 1 else (None, bound)
            made.append(condition(clause, Row(coefficients.tolist(), low, high)))
        return made


def _range(row: Row) -> tuple[int, int]:
    """The least and the greatest sum that any choice may have."""
    coefficients = np.array(row.coefficients, dtype=np.int64)
    return int(coefficients[coefficients < 0].sum()), int(coefficients[coefficients > 0].sum())
