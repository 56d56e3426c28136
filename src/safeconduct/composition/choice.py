"""Which members of a class are chosen, by a published rule that depends on nothing but the candidates themselves."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safeconduct.composition.candidates import captivity_days
from safeconduct.composition.model import Integers
from safeconduct.vocabulary.person import Person


def place_members(
    candidates: Sequence[Person], of: NDArray[np.intp], counts: Integers, concluded: date
) -> dict[str, int]:
    """Of each person chosen, by `ref`, the number of the tranche, from 0.

    `counts` has so many for each class, or a row for each class with so many for each tranche. Of each class those
    longest in captivity go in the earliest of its tranches, among equals the smaller `ref`.
    """
    members: dict[int, list[Person]] = {}
    for person, number in zip(candidates, of, strict=True):
        members.setdefault(int(number), []).append(person)
    placed: dict[str, int] = {}
    numbers: list[list[int]] = (counts if counts.ndim == 2 else counts[:, None]).tolist()
    for number, persons in members.items():
        tranches = [tranche for tranche, many in enumerate(numbers[number]) for _ in range(many)]
        if len(persons) > 1 and tranches:
            persons.sort(key=lambda person: (-captivity_days(person, concluded), person.ref))
        placed.update(zip((person.ref for person in persons), tranches, strict=False))
    return placed
