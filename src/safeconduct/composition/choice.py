"""Which members of a class are chosen, by a published rule that depends on nothing but the candidates themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safeconduct.composition.candidates import captivity_days
from safeconduct.composition.model import Integers
from safeconduct.composition.seed import drawn
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True)
class Ranking:
    """In what order those are taken whom the terms do not tell apart."""

    concluded: date
    """Until when captivity counts."""
    seed: str = ""
    """The seed of all parties in hex; empty if they gave none."""

    def place(self, person: Person) -> tuple[int, str, str]:
        """To sort by: who has been held longest, among equals as the seed draws them; without one the smaller `ref`."""
        return (
            -captivity_days(person, self.concluded),
            drawn(self.seed, person.ref) if self.seed else "",
            person.ref,
        )


def place_members(
    candidates: Sequence[Person], of: NDArray[np.intp], counts: Integers, ranking: Ranking
) -> dict[str, int]:
    """Of each person chosen, by `ref`, the number of the tranche, from 0.

    `counts` has so many for each class, or a row for each class with so many for each tranche. Of each class the first
    by `ranking` go, and in the earliest of its tranches.
    """
    members: dict[int, list[Person]] = {}
    for person, number in zip(candidates, of, strict=True):
        members.setdefault(int(number), []).append(person)
    placed: dict[str, int] = {}
    numbers: list[list[int]] = (counts if counts.ndim == 2 else counts[:, None]).tolist()
    for number, persons in members.items():
        tranches = [tranche for tranche, many in enumerate(numbers[number]) for _ in range(many)]
        if len(persons) > 1 and tranches:
            persons.sort(key=ranking.place)
        placed.update(zip((person.ref for person in persons), tranches, strict=False))
    return placed
