"""The integer model: candidates who look alike to every active row and objective are merged into one class.

A class has one integer variable, how many of its members are chosen. Merging changes no value, since such candidates
can stand in for each other in every sum, and it takes away the symmetry that makes solvers slow.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.composition.constraint import Constraint, Row
from safeconduct.vocabulary.person import Person

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Condition:
    """One row in lowest terms, tagged with the clause that it comes from."""

    clause: str
    coefficients: Integers
    """One for each candidate (later: for each class)."""
    low: int | None
    high: int | None

    def holds(self, total: int) -> bool:
        """Whether a sum lies between the bounds."""
        return (self.low is None or self.low <= total) and (self.high is None or total <= self.high)


@dataclass(frozen=True)
class Classes:
    """A partition of the candidates."""

    of: NDArray[np.intp]
    """The class of each candidate."""
    sizes: Integers
    columns: Integers
    """One row for each vector, one column for each class: the value that its members share."""


Grouping = Callable[[Sequence[Integers], int], Classes]


def condition(clause: str, row: Row) -> Condition:
    """The row divided by the greatest common divisor of its coefficients, its bounds tightened to match."""
    coefficients = np.array(row.coefficients, dtype=np.int64)
    divisor = int(np.gcd.reduce(coefficients)) if coefficients.size else 0
    if divisor <= 1:
        return Condition(clause, coefficients, row.low, row.high)
    low = None if row.low is None else -(-row.low // divisor)
    high = None if row.high is None else row.high // divisor
    return Condition(clause, coefficients // divisor, low, high)


def conditions(constraints: Iterable[Constraint], candidates: Sequence[Person]) -> list[Condition]:
    """The rows of all clauses, in lowest terms."""
    return [condition(clause.id, row) for clause in constraints for row in clause.rows(candidates)]


def merged(vectors: Sequence[Integers], count: int) -> Classes:
    """Put the `count` candidates with equal values in all vectors into one class; classes sorted by these values."""
    table = np.ascontiguousarray(np.array(vectors, dtype=np.int64).reshape(len(vectors), count).T)
    keys = [row.tobytes() for row in table]
    number = {key: index for index, key in enumerate(sorted(set(keys)))}
    of = np.array([number[key] for key in keys], dtype=np.intp)
    columns = np.zeros((len(vectors), len(number)), dtype=np.int64)
    columns[:, of] = table.T
    return Classes(of, np.bincount(of, minlength=len(number)).astype(np.int64), columns)


def members(of: NDArray[np.intp], counts: Integers) -> Integers:
    """For each candidate 1 or 0: so many of each class as `counts` says, those first in order."""
    order = np.argsort(of, kind="stable")
    sizes = np.bincount(of, minlength=len(counts))
    place = np.empty(len(of), dtype=np.int64)
    place[order] = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return (place < counts[of]).astype(np.int64)


def apart(vectors: Sequence[Integers], count: int) -> Classes:
    """Every candidate a class of their own: the slow form, to measure and test `merged` against."""
    columns = np.array(vectors, dtype=np.int64).reshape(len(vectors), count)
    return Classes(np.arange(count, dtype=np.intp), np.ones(count, dtype=np.int64), columns)


def sized(sizes: Integers) -> Grouping:
    """As `merged`, for items of which there are several: whose number is one variable from 0 to its size."""

    def grouping(vectors: Sequence[Integers], count: int) -> Classes:
        classes = merged(vectors, count)
        return replace(classes, sizes=np.bincount(classes.of, sizes, len(classes.sizes)).astype(np.int64))

    return grouping
