"""A round that was composed, with all that it was composed from: what questions about it are answered by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from safeconduct.composition.choice import Ranking
from safeconduct.composition.compose import Budget, Levels, solve_levels
from safeconduct.composition.constraint import Aim, Constraint
from safeconduct.composition.goal import Goal, Score, goal_of
from safeconduct.composition.infeasible import Dispute
from safeconduct.composition.model import Condition, merged
from safeconduct.composition.report import Composition, Moved
from safeconduct.composition.shares import score_of, value_of
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Composed:
    """A feasible round, and what it was composed from."""

    candidates: Sequence[Person]
    """In the order of their `ref`."""
    constraints: Sequence[Constraint]
    objectives: Sequence[Aim]
    goals: Sequence[Goal]
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
        objectives: Sequence[Aim],
        concluded: date,
        budget: Budget,
        progress: Callable[[str], None],
    ) -> Self:
        """The persons are those that it was composed from, the constraints and objectives too."""
        candidates = sorted(persons, key=lambda person: person.ref)
        goals = [goal_of(one, candidates) for one in objectives]
        dispute = Dispute.of(constraints, candidates)
        return cls(candidates, constraints, objectives, goals, dispute, composition, concluded, budget, progress)

    @property
    def values(self) -> tuple[int, ...]:
        """What the objectives reached."""
        return tuple(one.value for one in self.composition.objectives)

    @property
    def chosen(self) -> list[Person]:
        """The persons of the round."""
        refs = {one.ref for one in self.composition.chosen}
        return [one for one in self.candidates if one.ref in refs]

    def scores(self, chosen: Sequence[Person]) -> tuple[Score, ...]:
        """What a choice reaches of each objective, to be compared."""
        return tuple(score_of(one, self.candidates, chosen) for one in self.objectives)

    def locks(self, until: int) -> list[Condition]:
        """That the first so many objectives reach no less."""
        scores = self.scores(self.chosen)
        return [row for goal, score in zip(self.goals[:until], scores, strict=False) for row in goal.locks(score)]

    def best(self, rows: Sequence[Condition]) -> Levels | None:
        """The best choice that keeps other rows; None if there is none. Raises Refused if the time runs out before."""
        return solve_levels(self.candidates, rows, self.goals, self.ranking, merged, self.budget, lambda _: None)

    @property
    def ranking(self) -> Ranking:
        """The rule by which equals were chosen between."""
        certificate = self.composition.certificate
        seed = certificate.seed.seed if certificate and certificate.seed else ""
        return Ranking(self.concluded, seed)

    def moved(self, chosen: Sequence[Person]) -> tuple[Moved, ...]:
        """Which objectives a choice serves otherwise, the first first."""
        now, then = self.scores(self.chosen), self.scores(chosen)
        return tuple(
            Moved(one.id, value, value_of(one, self.candidates, chosen))
            for one, value, before, after in zip(self.objectives, self.values, now, then, strict=True)
            if before != after
        )
