"""A round that was composed, with all that it was composed from: what questions about it are answered by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from safeconduct.composition.choice import Ranking
from safeconduct.composition.compose import Budget, Levels, solve_levels
from safeconduct.composition.constraint import Constraint, Objective
from safeconduct.composition.infeasible import Dispute
from safeconduct.composition.model import Condition, Integers, lowest_terms, merged
from safeconduct.composition.report import Composition, Moved
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Composed:
    """A feasible round, and what it was composed from."""

    candidates: Sequence[Person]
    """In the order of their `ref`."""
    constraints: Sequence[Constraint]
    objectives: Sequence[Objective]
    gains: Sequence[Integers]
    """Of each objective."""
    dispute: Dispute
    composition: Composition
    concluded: date
    budget: Budget
    progress: Callable[[str], None]

    @classmethod
    def of(
        cls,
        composition: Composition,
        persons: Sequence[Person],
        constraints: Sequence[Constraint],
        objectives: Sequence[Objective],
        concluded: date,
        budget: Budget,
        progress: Callable[[str], None],
    ) -> Self:
        """The persons are those that it was composed from, the constraints and objectives too."""
        candidates = sorted(persons, key=lambda person: person.ref)
        gains = [np.array([one.gain(person) for person in candidates], dtype=np.int64) for one in objectives]
        dispute = Dispute.of(constraints, candidates)
        return cls(candidates, constraints, objectives, gains, dispute, composition, concluded, budget, progress)

    @property
    def values(self) -> tuple[int, ...]:
        """What the objectives reached."""
        return tuple(one.value for one in self.composition.objectives)

    def locks(self, until: int) -> list[Condition]:
        """That the first so many objectives reach no less."""
        return [
            lowest_terms(Condition("", gain, value, None))
            for gain, value in zip(self.gains[:until], self.values, strict=False)
        ]

    def best(self, rows: Sequence[Condition]) -> Levels | None:
        """The best choice that keeps other rows; None if there is none. Raises Refused if the time runs out before."""
        certificate = self.composition.certificate
        seed = certificate.seed.seed if certificate and certificate.seed else ""
        ranking = Ranking(self.concluded, seed)
        return solve_levels(self.candidates, rows, self.gains, ranking, merged, self.budget, lambda _: None)

    def moved(self, chosen: Sequence[Person]) -> tuple[Moved, ...]:
        """Which objectives a choice serves otherwise, the first first."""
        return tuple(
            Moved(one.id, now, then)
            for one, now in zip(self.objectives, self.values, strict=True)
            for then in (sum(one.gain(person) for person in chosen),)
            if now != then
        )
