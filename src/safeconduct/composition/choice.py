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
    for number, persons in members.items():
        persons.sort(key=lambda person: (-captivity_days(person, concluded), person.ref))
        tranches = np.repeat(np.arange(np.atleast_1d(counts[number]).size), counts[number])
        placed |= {person.ref: int(tranche) for person, tranche in zip(persons, tranches, strict=False)}
    return placed
