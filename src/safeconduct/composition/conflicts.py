"""Why no choice is possible: all minimal sets of clauses that cannot hold together, and all minimal ways to mend it.

A *conflict* is a set of clauses that cannot hold together while any of them dropped lets the rest hold; a *relaxation*
is a set of clauses whose dropping lets all others hold, none of them in vain. Each relaxation hits every conflict, and
each minimal set that hits every conflict is one. So, after MARCO (Liffiton, Previti, Malik and Marques-Silva, 2016): as
long as some set hits all conflicts found and contains no relaxation found, leave it out and solve the rest. If the rest
can hold, the set is a relaxation; if not, the rest shrinks to a conflict. When there is no such set, all are found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from safeconduct.composition.constraint import Auxiliary
from safeconduct.composition.model import Condition, Integers, members, merged
from safeconduct.composition.solve import Solved, maximise

Clauses = frozenset[str]


@dataclass(frozen=True)
class Conflicts:
    """What is known of why clauses cannot hold together. Every set is in the order of the clauses."""

    first: tuple[str, ...]
    """A conflict: where several exist, the clauses named last are the likeliest to be in it."""
    minimal: bool
    """Whether the first was shown to be minimal; false only if the time ran out."""
    conflicts: tuple[tuple[str, ...], ...]
    """All of them that were found, the first among them if minimal; the smaller first."""
    relaxations: tuple[tuple[str, ...], ...]
    """Those that were found and drop no clause that may not be dropped; the smaller first."""
    complete: bool
    """Whether these are all; false only if the time ran out."""


class OutOfTimeError(Exception):
    """The time ran out before the answer was known."""


def find_conflicts(
    rows: Sequence[Condition],
    clauses: Sequence[str],
    hard: Set[str],
    count: int,
    left_us: Callable[[], int],
    found: Callable[[int, int], None] = lambda _conflicts, _relaxations: None,
) -> Conflicts:
    """All minimal conflicts and relaxations among `clauses`, whose `rows` cannot hold together over `count` candidates.

    Rows of no clause named always stay. Nothing in `hard` is ever part of a relaxation told. Every set told was shown
    by solving to be what it is, and minimal. `left_us` tells the time left; `found` is told how many there are so far.
    """
    search = _Search(rows, clauses, count, left_us)
    conflicts: list[Clauses] = []
    relaxations: list[Clauses] = []
    complete = False
    first, minimal = search.first_conflict()
    try:
        if minimal:
            conflicts.append(first)
            # Soft clauses first, so that the ways out that may be told are found before the others.
            order = sorted(clauses, key=lambda clause: clause in hard)
            while (left_out := _hitting(conflicts, relaxations, order, left_us)) is not None:
                rest = frozenset(clauses) - left_out
                if search.can_hold(rest):
                    relaxations.append(left_out)
                else:
                    conflicts.append(search.shrink(rest))
                found(len(conflicts), len(relaxations))
            complete = True
    except OutOfTimeError:
        pass
    offered = [one for one in relaxations if not one & hard]
    return Conflicts(
        search.ordered(first),
        minimal,
        tuple(search.sorted(conflicts)),
        tuple(search.sorted(offered)),
        complete,
    )


def first_conflict(
    rows: Sequence[Condition], clauses: Sequence[str], count: int, left_us: Callable[[], int]
) -> tuple[tuple[str, ...], bool]:
    """Clauses that cannot hold together, and whether that is minimal; false only if the time ran out."""
    search = _Search(rows, clauses, count, left_us)
    first, minimal = search.first_conflict()
    return search.ordered(first), minimal


class _Search:
    """Which sets of clauses can hold, each asked of the solver at most once."""

    def __init__(
        self, rows: Sequence[Condition], clauses: Sequence[str], count: int, left_us: Callable[[], int]
    ) -> None:
        self._rows = rows
        self._clauses = clauses
        self._nothing = np.zeros(count, dtype=np.int64)
        self._left_us = left_us
        self._holding: list[Clauses] = []
        self._clashing: list[Clauses] = [frozenset(clauses)]

    def can_hold(self, some: Clauses) -> bool:
        """Whether some clauses can hold together. Raises OutOfTimeError."""
        if any(some <= one for one in self._holding):
            return True
        if any(one <= some for one in self._clashing):
            return False
        active = [row for row in self._rows if row.clause in some or row.clause not in self._clauses]
        solved = maximise(active, self._nothing, merged, self._left_us)
        if solved.status == "unknown":
            raise OutOfTimeError
        if solved.status == "infeasible":
            self._clashing.append(some)
            return False
        self._holding.append(some | self._kept_by(solved))
        return True

    def _kept_by(self, solved: Solved) -> Clauses:
        """Clauses that a choice keeps: mostly more than it was asked to."""
        chosen = members(solved.of, solved.counts)
        broken = {row.clause for row in self._rows if not _kept(row, chosen, solved.auxiliaries)}
        return frozenset(self._clauses) - broken

    def first_conflict(self) -> tuple[Clauses, bool]:
        """A conflict within all clauses, and whether it is minimal."""
        staying, minimal = frozenset(self._clauses), True
        for clause in self._clauses:
            try:
                if not self.can_hold(staying - {clause}):
                    staying -= {clause}
            except OutOfTimeError:
                minimal = False
        return staying, minimal

    def shrink(self, clashing: Clauses) -> Clauses:
        """A minimal conflict within a set that cannot hold. Raises OutOfTimeError."""
        for clause in self.ordered(clashing):
            if not self.can_hold(clashing - {clause}):
                clashing -= {clause}
        return clashing

    def ordered(self, some: Clauses) -> tuple[str, ...]:
        """In the order of the clauses."""
        return tuple(clause for clause in self._clauses if clause in some)

    def sorted(self, sets: Sequence[Clauses]) -> list[tuple[str, ...]]:
        """The smaller first, then in the order of the clauses."""
        places = {clause: place for place, clause in enumerate(self._clauses)}
        ordered = [self.ordered(one) for one in sets]
        return sorted(ordered, key=lambda one: (len(one), [places[clause] for clause in one]))


def _kept(row: Condition, chosen: Integers, auxiliaries: Mapping[Auxiliary, int]) -> bool:
    """Whether a choice keeps a row; false also where it does not say all that the row asks for."""
    if any(one not in auxiliaries for one in row.auxiliaries):
        return False
    if row.coefficients.ndim == 1:
        persons = int(row.coefficients @ chosen.sum(axis=1))
    elif row.coefficients.shape == chosen.shape:
        persons = int((row.coefficients * chosen).sum())
    else:
        return False
    return row.holds(persons + sum(factor * auxiliaries[one] for one, factor in row.auxiliaries.items()))


def _hitting(
    conflicts: Sequence[Clauses], known: Sequence[Clauses], order: Sequence[str], left_us: Callable[[], int]
) -> Clauses | None:
    """A minimal set with a clause of every conflict that contains none of the known sets; None if there is none."""
    for hitting in _all_hitting(conflicts, known, order, frozenset(), frozenset(), left_us):
        minimal = hitting
        for clause in reversed(order):
            if clause in minimal and all((minimal - {clause}) & one for one in conflicts):
                minimal -= {clause}
        return minimal
    return None


def _all_hitting(
    conflicts: Sequence[Clauses],
    known: Sequence[Clauses],
    order: Sequence[str],
    taken: Clauses,
    kept: Clauses,
    left_us: Callable[[], int],
) -> Iterator[Clauses]:
    if not left_us():
        raise OutOfTimeError
    if any(one <= taken for one in known):
        return
    open_ones = [one - kept for one in conflicts if not one & taken]
    if not open_ones:
        yield taken
        return
    for clause in (clause for clause in order if clause in min(open_ones, key=len)):
        yield from _all_hitting(conflicts, known, order, taken | {clause}, kept, left_us)
        kept |= {clause}
