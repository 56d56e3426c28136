"""Everything that could have happened to a few persons, written out: the slow and obvious way to find intervals."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import numpy as np

from safeconduct.disclosure.counts import Facts, Text
from safeconduct.disclosure.facts import TOTAL, of_category, released_by, returned_to
from safeconduct.disclosure.feasible import Interval

CATEGORY = "civilian"


def tables(cells: int, most: int) -> Iterator[tuple[int, ...]]:
    """All ways to put at most so many persons into cells."""
    if cells == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in tables(cells - 1, most - first):
            yield (first, *rest)


class World:
    """Every table of persons by who released them, to whom they returned and whether they are of the category."""

    def __init__(self, parties: Sequence[str], most: int) -> None:
        kinds = [(held, home, of) for held, home, of in product(parties, parties, (False, True)) if held != home]
        self.facts = Facts(tuple(parties), (CATEGORY,))
        self.tables = np.array(list(tables(len(kinds), most)))
        counted = {
            TOTAL: [True for _ in kinds],
            of_category(CATEGORY): [of for _, _, of in kinds],
            **{released_by(party): [held == party for held, _, _ in kinds] for party in parties},
            **{returned_to(party): [home == party for _, home, _ in kinds] for party in parties},
        }
        self.values = {fact: self.tables @ np.array(which, dtype=int) for fact, which in counted.items()}
        self.grows = np.array([(self.tables >= one).all(axis=1) for one in self.tables])
        """Whether a table (row) can become another (column)."""

    def spans(self, texts: Sequence[Text]) -> list[dict[str, Interval]]:
        """For each text all values of each fact that some history allows in which numbers only grow.

        Between texts of one number of persons nobody was handed over.
        """
        fits = [
            np.logical_and.reduce([self.values[fact] == value for fact, value in text.told.items()], initial=True)
            & np.ones(len(self.tables), dtype=bool)
            for text in texts
        ]
        stays = np.eye(len(self.tables), dtype=bool)
        steps = [stays if one.persons == next_.persons else self.grows for one, next_ in pairwise(texts)]
        forward, backward = [fits[0]], [fits[-1]]
        for step, fit in zip(steps, fits[1:], strict=True):
            forward.append(step[forward[-1]].any(axis=0) & fit)
        for step, fit in zip(reversed(steps), reversed(fits[:-1]), strict=True):
            backward.insert(0, step[:, backward[0]].any(axis=1) & fit)
        possible = [one & other for one, other in zip(forward, backward, strict=True)]
        return [
            {fact: Interval(int(values[which].min()), int(values[which].max())) for fact, values in self.values.items()}
            for which in possible
        ]
