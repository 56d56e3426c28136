"""An aim as it is solved: the rows that lock what is proven of it, and those that ask for more.

Of shares the j-th smallest is at least t exactly if all groups but j - 1 have a share of at least t. Shares are
fractions of small whole numbers: t is searched for among those that occur, so that nothing is rounded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

import numpy as np

from safeconduct.composition.constraint import Aim, Auxiliary, Fairness
from safeconduct.composition.model import Condition, Grouping, Integers, lowest_terms, members
from safeconduct.composition.shares import MILLION, groups_of, in_millionths
from safeconduct.composition.solve import Solved, maximise
from safeconduct.vocabulary.person import Person

Score = tuple[Fraction, ...]
"""As `shares.score_of` has it."""


@dataclass(frozen=True)
class Attempt:
    """How far an aim was solved."""

    solved: Solved
    """The best choice found for it; `optimal` if all of it is proven, with `value` in no use but to the solver."""
    score: Score
    """What that choice reaches, as far as it was looked for; empty if none was found."""
    bound: int
    """In the unit of `composition.json`: no allowed choice reaches more."""
    proven: int
    """How many numbers of the score are proven."""


class Goal(Protocol):
    """An aim over given candidates."""

    @property
    def vectors(self) -> Sequence[Integers]:
        """What it tells candidates apart by, each with a number for every candidate."""
        ...

    @property
    def unbound(self) -> int:
        """What it would reach if nothing bound it, in the unit of `composition.json`."""
        ...

    def solve(self, rows: Sequence[Condition], grouping: Grouping, left_us: Callable[[], int]) -> Attempt:
        """The best choice that keeps the rows."""
        ...

    def score(self, chosen: Integers) -> Score:
        """What a choice reaches; 1 for each candidate who is chosen, else 0."""
        ...

    def locks(self, score: Score) -> list[Condition]:
        """Rows that ask for no less."""
        ...

    def more(self, score: Score) -> list[list[Condition]]:
        """Sets of rows, of which any set asks for something more, and for no less of what comes before it."""
        ...


def goal_of(aim: Aim, candidates: Sequence[Person]) -> Goal:
    """The aim over these candidates."""
    if not isinstance(aim, Fairness):
        return Sum(np.array([aim.gain(person) for person in candidates], dtype=np.int64))
    sizes = groups_of(aim, candidates)
    groups = [aim.group(person) for person in candidates]
    counting = tuple(np.array([one == name for one in groups], dtype=np.int64) for name in sizes)
    return Shares(aim.id, tuple(sizes), tuple(sizes.values()), counting, min(aim.levels, len(sizes)), len(candidates))


@dataclass(frozen=True)
class Sum:
    """The greatest sum of what each person adds."""

    gain: Integers

    @property
    def vectors(self) -> Sequence[Integers]:
        """The gains."""
        return (self.gain,)

    @property
    def unbound(self) -> int:
        """All gains together."""
        return int(self.gain.sum())

    def solve(self, rows: Sequence[Condition], grouping: Grouping, left_us: Callable[[], int]) -> Attempt:
        """The best choice that keeps the rows."""
        solved = maximise(rows, self.gain, grouping, left_us)
        found = solved.status in ("optimal", "feasible")
        return Attempt(
            solved, (Fraction(solved.value),) if found else (), solved.bound, int(solved.status == "optimal")
        )

    def score(self, chosen: Integers) -> Score:
        """The sum."""
        return (Fraction(int(self.gain @ chosen)),)

    def locks(self, score: Score) -> list[Condition]:
        """That the sum is no less."""
        return [lowest_terms(Condition("", self.gain, int(score[0]), None))]

    def more(self, score: Score) -> list[list[Condition]]:
        """That it is greater."""
        value = int(score[0])
        return [] if value == self.unbound else [[lowest_terms(Condition("", self.gain, value + 1, None))]]


@dataclass(frozen=True)
class Shares:
    """The greatest smallest share, then the greatest second smallest, and so on."""

    id: str
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    counting: tuple[Integers, ...]
    """Of each group, 1 for each candidate who is of it."""
    levels: int
    candidates: int

    @property
    def vectors(self) -> Sequence[Integers]:
        """Who is of which group."""
        return self.counting

    @property
    def unbound(self) -> int:
        """All of every group."""
        return MILLION

    def solve(self, rows: Sequence[Condition], grouping: Grouping, left_us: Callable[[], int]) -> Attempt:
        """The best choice that keeps the rows, level by level; each is proven before the next."""
        nothing = np.zeros(self.candidates, dtype=np.int64)
        # Rows that ask for nothing, so that classes keep the groups apart.
        apart = [Condition(self.id, one, 0, None) for one in self.counting]
        best = maximise([*rows, *apart], nothing, grouping, left_us)
        if best.status not in ("optimal", "feasible"):
            return Attempt(best, (), self.unbound, 0)
        locked: list[Condition] = []
        bound = Fraction(1)
        for level in range(self.levels):
            reached = self._score_of(best)[level]
            left = self._above(reached)
            while left:
                middle = left[len(left) // 2]
                step = [*rows, *apart, *locked, *self._at_least(level, middle)]
                solved = maximise(step, nothing, grouping, left_us)
                if solved.status == "unknown":
                    bound = left[-1] if not level else bound
                    return Attempt(replace(best, status="feasible"), self._score_of(best), in_millionths(bound), level)
                if solved.status == "infeasible":
                    left = [one for one in left if one < middle]
                else:
                    best, reached = solved, self._score_of(solved)[level]
                    left = [one for one in left if one > reached]
            bound = bound if level else reached
            locked = self.locks((*self._score_of(best)[:level], reached))
        return Attempt(replace(best, status="optimal"), self._score_of(best), in_millionths(bound), self.levels)

    def score(self, chosen: Integers) -> Score:
        """The smallest shares."""
        shares = sorted(Fraction(int(one @ chosen), size) for one, size in zip(self.counting, self.sizes, strict=True))
        return tuple(shares[: self.levels])

    def locks(self, score: Score) -> list[Condition]:
        """That each of the smallest shares is no less."""
        return [
            row
            for level, share in enumerate(score)
            # Where two are equal, what is asked for the first says all.
            if not level or share != score[level - 1]
            for row in self._at_least(level, share)
        ]

    def more(self, score: Score) -> list[list[Condition]]:
        """For each level, that it is more and those before it no less."""
        return [
            [*self.locks(score[:level]), *self._at_least(level, above[0])]
            for level, share in enumerate(score)
            if (above := self._above(share))
        ]

    def _score_of(self, solved: Solved) -> Score:
        return self.score(members(solved.of, solved.counts).sum(axis=1))

    def _above(self, share: Fraction) -> list[Fraction]:
        """The shares that any group can have and that are greater, in their order."""
        fractions = {Fraction(number, size) for size in set(self.sizes) for number in range(size + 1)}
        return sorted(one for one in fractions if one > share)

    def _at_least(self, level: int, share: Fraction) -> list[Condition]:
        """That all groups but `level` have at least this share."""
        needed = [-(-share.numerator * size // share.denominator) for size in self.sizes]
        counted = list(zip(self.groups, self.counting, needed, strict=True))
        if not level:
            return [Condition(self.id, counting, number, None) for _, counting, number in counted]
        has = [Auxiliary(f"{self.id}: {level} {share} {name}", 0, 1) for name in self.groups]
        nobody = np.zeros(self.candidates, dtype=np.int64)
        enough = Condition(self.id, nobody, len(has) - level, None, dict.fromkeys(has, 1))
        return [
            Condition(self.id, counting, 0, None, {one: -number})
            for one, (_, counting, number) in zip(has, counted, strict=True)
        ] + [enough]
