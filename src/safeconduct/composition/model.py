"""The integer model: candidates who look alike to every active row and objective are merged into one class.

A class has one integer variable, how many of its members are chosen; where the terms have several tranches, one for
each of them. Merging changes no value, since such candidates can stand in for each other in every sum, and it takes
away the symmetry that makes solvers slow.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from safeconduct.composition.constraint import Auxiliary, Constraint, NamesTranche, Row, TrancheOrder
from safeconduct.vocabulary.person import Person

Integers = NDArray[np.int64]
_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Keys of candidates are sums of its powers, modulo 2^64: equal where all values are, else as good as never."""


@dataclass(frozen=True)
class Condition:
    """One row in lowest terms, tagged with the clause that it comes from."""

    clause: str
    coefficients: Integers
    """One for each candidate (later: for each class). Where the row tells tranches apart, a row for each candidate with
    one for each tranche of `tranches_in_order`."""
    low: int | None
    high: int | None
    auxiliaries: Mapping[Auxiliary, int] = field(default_factory=dict)

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


def condition(clause: str, row: Row, tranches: Sequence[str] = ()) -> Condition:
    """The row divided by the greatest common divisor of its coefficients, its bounds tightened to match.

    `tranches` are the names of all tranches of the terms, in their order.
    """
    return lowest_terms(as_written(clause, row, tranches))


def as_written(clause: str, row: Row, tranches: Sequence[str] = ()) -> Condition:
    """The row itself, in the units of its clause."""
    coefficients = np.array(row.coefficients, dtype=np.int64)
    if row.in_tranche:
        nothing = np.zeros_like(coefficients)
        apart = [coefficients + np.array(row.in_tranche.get(name, nothing), dtype=np.int64) for name in tranches]
        coefficients = apart[0] if len(apart) == 1 else np.array(apart, dtype=np.int64).T
    return Condition(clause, coefficients, row.low, row.high, row.auxiliaries)


def lowest_terms(row: Condition) -> Condition:
    """The same condition, divided by the greatest common divisor of all coefficients."""
    shared = int(np.gcd.reduce(row.coefficients, axis=None)) if row.coefficients.size else 0
    divisor = math.gcd(shared, *row.auxiliaries.values())
    if divisor <= 1:
        return row
    low = None if row.low is None else -(-row.low // divisor)
    high = None if row.high is None else row.high // divisor
    auxiliaries = {one: coefficient // divisor for one, coefficient in row.auxiliaries.items()}
    return Condition(row.clause, row.coefficients // divisor, low, high, auxiliaries)


def conditions(constraints: Sequence[Constraint], candidates: Sequence[Person]) -> list[Condition]:
    """The rows of all clauses, in lowest terms.

    The constraints are all of the terms, with every tranche: to leave a clause out, leave out its rows, so that the
    tranche stays, only without its limits.
    """
    tranches = [one.name for one in tranches_in_order(constraints)]
    return [condition(clause.id, row, tranches) for clause in constraints for row in clause.rows(candidates)]


def tranches_in_order(constraints: Iterable[Constraint]) -> tuple[TrancheOrder, ...]:
    """The tranches that the clauses set up, none before one that it comes after; else as the clauses stand."""
    tranches = [clause.order for clause in constraints if isinstance(clause, NamesTranche)]
    depths = tranche_depths(tranches)
    return tuple(sorted(tranches, key=lambda one: depths[one.name]))


def tranche_depths(tranches: Sequence[TrancheOrder]) -> dict[str, int]:
    """Of each tranche how many others must go before it at least, one after the other.

    Raises ValueError if there is a circle, or one comes after a tranche that is not there.
    """
    depths: dict[str, int] = {}
    left = list(tranches)
    while left:
        ready = [one for one in left if all(name in depths for name in one.after)]
        if not ready:
            raise ValueError("tranches come after each other in a circle")
        depths |= {one.name: max((depths[name] + 1 for name in one.after), default=0) for one in ready}
        left = [one for one in left if one.name not in depths]
    return depths


def merged(vectors: Sequence[Integers], count: int) -> Classes:
    """Put the `count` candidates with equal values in all vectors into one class; classes sorted by these values."""
    table = np.array(vectors, dtype=np.int64).reshape(len(vectors), count)
    keys = np.zeros(count, dtype=np.uint64)
    for vector in table.view(np.uint64):
        keys = keys * _ODD + vector
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    columns = table[:, first]
    if bool((columns[:, of] != table).any()):
        # Two that differ had one key: as good as never, but then compared in full.
        columns, of = np.unique(table, axis=1, return_inverse=True)
    order = np.lexsort(columns[::-1]) if len(columns) else np.arange(columns.shape[1])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    of = rank[of.reshape(count)]
    return Classes(of, np.bincount(of, minlength=len(order)).astype(np.int64), columns[:, order])


def members(of: NDArray[np.intp], counts: Integers) -> Integers:
    """A row for each candidate, a column for each tranche (one if none are told apart): 1 where he or she goes.

    `counts` has so many for each class, or a row for each class with so many for each tranche.
    """
    counts = counts if counts.ndim == 2 else counts[:, None]
    order = np.argsort(of, kind="stable")
    sizes = np.bincount(of, minlength=len(counts))
    place = np.empty(len(of), dtype=np.int64)
    place[order] = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    until = np.cumsum(counts, axis=1)[of]
    return ((until - counts[of] <= place[:, None]) & (place[:, None] < until)).astype(np.int64)


def apart(vectors: Sequence[Integers], count: int) -> Classes:
    """Every candidate a class of their own: the slow form, to measure and test `merged` against."""
    columns = np.array(vectors, dtype=np.int64).reshape(len(vectors), count)
    return Classes(np.arange(count, dtype=np.intp), np.ones(count, dtype=np.int64), columns)
