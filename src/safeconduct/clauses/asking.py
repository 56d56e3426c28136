"""Questions about a round that was composed under the terms: what its clauses cost, why somebody is not in it."""

from collections.abc import Callable, Sequence

import numpy as np

from safeconduct.clauses.composing import constraints_of, objectives_of
from safeconduct.clauses.library import Terms
from safeconduct.clauses.prefer import FairShare, Prefer
from safeconduct.composition import compare, explain, front, price
from safeconduct.composition.compose import Budget
from safeconduct.composition.composed import Composed
from safeconduct.composition.constraint import Fairness
from safeconduct.composition.infeasible import Dispute
from safeconduct.composition.report import Composition, Explanation, FairnessPrice, Price
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Clock
from safeconduct.vocabulary.person import Person

Progress = Callable[[str], None]


class Asked:
    """The terms, their candidates and the time that answers may take."""

    def __init__(
        self, terms: Terms, persons: Sequence[Person], clock: Clock, time_limit_us: int, progress: Progress
    ) -> None:
        """The time begins now."""
        self._terms = terms
        self._persons = persons
        self._budget = Budget(clock, clock.now_us() + time_limit_us)
        self._progress = progress

    def prices(self, composition: Composition) -> tuple[tuple[Price, ...], list[str]]:
        """What each clause of a proven round costs, and that in sentences. Raises Refused if it is not proven."""
        composed = self._composed(composition)
        found = price.prices_of(composed)
        return found.prices, price.sentences(found, composed)

    def prices_of_fairness(self, composition: Composition) -> tuple[tuple[FairnessPrice, ...], list[str]]:
        """What each `fair` and `longest_wait` of a proven round costs in persons, and that in sentences; none if the
        terms have none. Raises Refused if it is not proven, or the time runs out."""
        fair = [
            one.id
            for one in objectives_of(self._terms)
            if isinstance(one, FairShare) or (isinstance(one, Prefer) and one.counting_rounds)
        ]
        if not fair:
            return (), []
        found = price.prices_of_fairness(self._composed(composition), fair)
        return found, price.sentences_of_fairness(found)

    def explanation(self, composition: Composition, ref: str) -> Explanation:
        """Why a candidate is in a proven round or is not. Raises Refused if it is not proven, or the time runs out."""
        return explain.explain(self._composed(composition), ref)

    def comparison(
        self, names: tuple[str, str], composition: Composition, other: Sequence[str]
    ) -> tuple[compare.Comparison, list[str]]:
        """The round beside another choice of the same candidates, by `ref`; and that in sentences."""
        agreement = self._terms.agreement
        refs = [{one.ref for one in composition.chosen}, set(other)]
        first, second = ([person for person in self._persons if person.ref in some] for some in refs)
        compared = compare.compare(
            names,
            self._persons,
            first,
            second,
            constraints_of(self._terms),
            objectives_of(self._terms),
            agreement.parties,
            agreement.concluded,
        )
        return compared, compare.sentences(compared)

    def front(self, clauses: tuple[str, str], most: int) -> front.Front | None:
        """What two objectives of the terms, neither of them `fair`, cost each other, in at most so many points; None if
        no round is possible."""
        candidates = sorted(self._persons, key=lambda person: person.ref)
        by_id = {one.id: one for one in objectives_of(self._terms) if not isinstance(one, Fairness)}
        first, second = (
            np.array([by_id[clause].gain(person) for person in candidates], dtype=np.int64) for clause in clauses
        )
        rows = Dispute.of(constraints_of(self._terms), candidates).conditions
        return front.front_of(clauses, (first, second), rows, most, self._budget.left_us, self._progress)

    def _composed(self, composition: Composition) -> Composed:
        if composition.status != "optimal":
            raise Refused("only of a round that is proven best can be told why it is so; allow more with --time-limit")
        return Composed.of(
            composition,
            self._persons,
            constraints_of(self._terms),
            objectives_of(self._terms),
            self._terms.agreement.concluded,
            self._budget,
            self._progress,
        )
