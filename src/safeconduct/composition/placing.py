"""Who goes in which tranche, once it is settled who goes: as many as can be as early as can be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from safeconduct.composition.choice import Ranking, place_members
from safeconduct.composition.constraint import TrancheOrder
from safeconduct.composition.model import Condition, Grouping, tranche_depths
from safeconduct.composition.solve import maximise
from safeconduct.vocabulary.person import Person


def place(
    chosen: Sequence[Person],
    found: Mapping[str, int],
    rows: Sequence[Condition],
    numbers: Sequence[int],
    tranches: Sequence[TrancheOrder],
    ranking: Ranking,
    grouping: Grouping,
    left_us: Callable[[], int],
) -> dict[str, str]:
    """The name of the tranche of each person chosen, by `ref`.

    `found` is some allowed placing, by number of the tranche; it stands where the time runs out before a better one
    is found. `numbers` are the places of the chosen among the candidates, of whom the `rows` speak.
    """
    if not tranches:
        return {}
    names = [one.name for one in tranches]
    if len(names) > 1 and chosen:
        depths = tranche_depths(tranches)
        early = [max(depths.values()) - depths[name] for name in names]
        theirs = [replace(row, coefficients=row.coefficients[list(numbers)]) for row in rows]
        everyone = Condition("", np.ones(len(chosen), dtype=np.int64), len(chosen), len(chosen))
        goal = np.tile(np.array(early, dtype=np.int64), (len(chosen), 1))
        solved = maximise([*theirs, everyone], goal, grouping, left_us)
        if solved.status in ("optimal", "feasible"):
            found = place_members(chosen, solved.of, solved.counts, ranking)
    return {person.ref: names[found[person.ref]] for person in chosen}
