"""Whole numbers that obey linear rows: between what values each of them, or a sum of them, can lie.

An interval that is given here is spanned by solutions that were recomputed exactly in whole numbers. So it is never
wider than the true one, whatever the solver says; that it is not narrower either is the solver's word (HiGHS, by
scipy), or already shown by the bounds that the rows give without one.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

OPEN = 10_000_000
"""Nothing is thought to be greater. A bound that large is none."""

_ROUNDING = 1e-6
"""What of a value found in floating point is none."""
_PASSES = 500
"""Bounds that creep are left to the solver."""


class Interval(NamedTuple):
    """From the least to the greatest value that is possible, inclusive."""

    low: int
    high: int


class Row(NamedTuple):
    """The sum of coefficient × variable is at least `low` and at most `high`; a coefficient is 1 or -1."""

    terms: Mapping[int, int]
    low: int
    high: int


class Feasible:
    """All solutions of some rows in variables from 0 to OPEN, some of them fixed."""

    def __init__(self, variables: int, rows: Sequence[Row], fixed: Mapping[int, int]) -> None:
        self._rows = rows
        self._at = np.array([index for index, row in enumerate(rows) for _ in row.terms], dtype=np.int64)
        self._of = np.array([variable for row in rows for variable in row.terms], dtype=np.int64)
        self._by = np.array([factor for row in rows for factor in row.terms.values()], dtype=np.int64)
        self._row_low = np.array([row.low for row in rows], dtype=np.int64)
        self._row_high = np.array([row.high for row in rows], dtype=np.int64)
        low, high = np.zeros(variables, dtype=np.int64), np.full(variables, OPEN, dtype=np.int64)
        for variable, value in fixed.items():
            low[variable] = high[variable] = value
        self._tighten(low, high)
        self.low, self.high = low, high
        """Bounds that every solution keeps, though not always the narrowest."""
        self._seen: list[Integers] = []

    def possible(self) -> bool:
        """Whether there is a solution at all."""
        return self._possible

    @cached_property
    def _possible(self) -> bool:
        return bool((self.low <= self.high).all()) and self._spread()

    def seen(self, variable: int) -> Interval:
        """What the solutions found so far span; `possible` must have said yes."""
        values = [int(one[variable]) for one in self._seen]
        return Interval(min(values), max(values))

    def interval(self, variable: int) -> Interval:
        """What all solutions span; `possible` must have said yes."""
        for sign, bound in ((1, self.low), (-1, self.high)):
            seen = self.seen(variable)
            if (seen.low if sign > 0 else seen.high) != bound[variable]:
                objective = np.zeros(len(self.low), dtype=np.int64)
                objective[variable] = sign
                self._search(objective)
        return self.seen(variable)

    def explore(self, variables: Sequence[int]) -> None:
        """Widen what was seen of these variables, all at once, as long as that does widen it."""
        left = list(variables)
        while left:
            before = {variable: self.seen(variable) for variable in left}
            objective = np.zeros(len(self.low), dtype=np.int64)
            objective[left] = 1
            self._search(objective)
            self._search(-objective)
            left = [variable for variable in left if self.seen(variable) == before[variable]]
            if len(left) == len(before):
                return

    def _spread(self) -> bool:
        """Two solutions that lie far apart in all variables at once, since most intervals turn out wide by them."""
        ones = np.ones(len(self.low), dtype=np.int64)
        self._search(ones)
        self._search(-ones)
        return bool(self._seen)

    def _search(self, objective: Integers) -> None:
        """Find a solution with the least value of an objective."""
        if not len(objective):
            self._seen.append(objective)
            return
        # Loading it takes longer than most searches, and most commands need none.
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        matrix = csr_array((self._by, (self._at, self._of)), shape=(len(self._rows), len(objective)))
        rows, bounds = LinearConstraint(matrix, self._row_low, self._row_high), Bounds(self.low, self.high)
        # Most corners of these rows are whole numbers, so the search without that condition, far quicker, mostly does.
        quick = milp(objective, bounds=bounds, constraints=rows)
        if quick.x is not None and self._keep(np.rint(quick.x).astype(np.int64)):
            least = math.ceil(quick.fun - _ROUNDING)
            if int(objective @ self._seen[-1]) <= least:
                return
        whole = np.ones(len(objective), dtype=np.int64)
        for presolve in (True, False):
            found = milp(objective, integrality=whole, bounds=bounds, constraints=rows, options={"presolve": presolve})
            if found.x is not None and self._keep(np.rint(found.x).astype(np.int64)):
                return

    def _keep(self, values: Integers) -> bool:
        """Take in what was found, if it is a solution in whole numbers."""
        sums = np.zeros(len(self._rows), dtype=np.int64)
        np.add.at(sums, self._at, self._by * values[self._of])
        kept = bool(
            (sums >= self._row_low).all()
            and (sums <= self._row_high).all()
            and (values >= self.low).all()
            and (values <= self.high).all()
        )
        if kept:
            self._seen.append(values)
        return kept

    def _tighten(self, low: Integers, high: Integers) -> None:
        """Narrow the bounds by each row, until nothing changes, they contradict each other, or it takes too long."""
        at, of, by = self._at, self._of, self._by
        for _ in range(_PASSES):
            if (low > high).any():
                return
            least = np.where(by > 0, by * low[of], by * high[of])
            most = np.where(by > 0, by * high[of], by * low[of])
            row_least, row_most = np.zeros_like(self._row_low), np.zeros_like(self._row_low)
            np.add.at(row_least, at, least)
            np.add.at(row_most, at, most)
            room_high = self._row_high[at] - (row_least[at] - least)
            room_low = self._row_low[at] - (row_most[at] - most)
            lowest, highest = np.where(by > 0, room_low, -room_high), np.where(by > 0, room_high, -room_low)
            narrowed_low, narrowed_high = low.copy(), high.copy()
            np.maximum.at(narrowed_low, of, lowest)
            np.minimum.at(narrowed_high, of, highest)
            if (narrowed_low == low).all() and (narrowed_high == high).all():
                return
            low[:], high[:] = narrowed_low, narrowed_high
