"""The integer variables of one search and their coefficients in every row.

For each class one variable, how many of it are chosen, or one for each tranche; after these the auxiliaries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.composition.constraint import Auxiliary
from safeconduct.composition.model import Condition, Grouping, Integers


@dataclass(frozen=True)
class Columns:
    """All variables, the classes' first: those of one class stand side by side, in the order of the tranches."""

    of: NDArray[np.intp]
    """The class of each candidate."""
    sizes: Integers
    """Members of each class."""
    tranches: int
    """Variables of each class; 1 if no row tells tranches apart."""
    auxiliaries: tuple[Auxiliary, ...]
    matrix: Integers
    """A row for each condition, the goal last; a column for each variable."""
    lower: Integers
    upper: Integers

    @property
    def persons(self) -> int:
        """How many of the variables stand for persons."""
        return len(self.sizes) * self.tranches

    def counts(self, solution: Integers) -> Integers:
        """How many of each class are chosen; with several tranches a row for each class, a column for each tranche."""
        of_persons = solution[: self.persons]
        return of_persons if self.tranches == 1 else of_persons.reshape(len(self.sizes), self.tranches)

    def values(self, solution: Integers) -> dict[Auxiliary, int]:
        """The auxiliaries of a solution."""
        return dict(zip(self.auxiliaries, map(int, solution[self.persons :]), strict=True))

    def inside(self, solution: Integers) -> bool:
        """Whether every variable is within its bounds, and nobody goes in two tranches."""
        if bool((solution < self.lower).any()) or bool((solution > self.upper).any()):
            return False
        counts = self.counts(solution)
        return self.tranches == 1 or not bool((counts.sum(axis=1) > self.sizes).any())


def columns_of(rows: Sequence[Condition], goal: Condition, grouping: Grouping) -> Columns:
    """The variables of these rows, and of the goal, whose sum is to be as great as it can be."""
    table = [*rows, goal]
    tranches = tranches_told_apart(table)
    several = [one.coefficients.ndim == 2 for one in table]
    vectors: list[Integers] = []
    for one, apart in zip(table, several, strict=True):
        vectors.extend(one.coefficients.T if apart else (one.coefficients,))
    classes = grouping(vectors, len(goal.coefficients))
    matrix = classes.columns
    if tranches > 1:
        matrix = np.empty((len(table), len(classes.sizes), tranches), dtype=np.int64)
        at = 0
        for number, apart in enumerate(several):
            until = at + (tranches if apart else 1)
            matrix[number] = classes.columns[at:until].T
            at = until
        matrix = matrix.reshape(len(table), -1)
    auxiliaries = tuple(sorted({name for one in table for name in one.auxiliaries}))
    beside = np.array([[one.auxiliaries.get(name, 0) for name in auxiliaries] for one in table], dtype=np.int64)
    sizes = np.repeat(classes.sizes, tranches)
    return Columns(
        classes.of,
        classes.sizes,
        tranches,
        auxiliaries,
        np.hstack([matrix, beside.reshape(len(table), len(auxiliaries))]),
        np.concatenate([np.zeros_like(sizes), np.array([one.low for one in auxiliaries], dtype=np.int64)]),
        np.concatenate([sizes, np.array([one.high for one in auxiliaries], dtype=np.int64)]),
    )


def tranches_told_apart(rows: Sequence[Condition]) -> int:
    """How many tranches any of the rows tells apart; 1 if none does."""
    return max((one.coefficients.shape[1] for one in rows if one.coefficients.ndim == 2), default=1)


def most(goal: Integers, auxiliaries: Mapping[Auxiliary, int]) -> int:
    """What the goal could reach if nothing bound it; its coefficients for persons are not below 0."""
    persons = goal if goal.ndim == 1 else goal.max(axis=1, initial=0)
    beside = sum(max(factor * one.low, factor * one.high) for one, factor in auxiliaries.items())
    return int(persons.sum()) + beside
