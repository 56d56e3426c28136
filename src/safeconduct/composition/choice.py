"""Which members of a class are chosen, by a published rule that depends on nothing but the candidates themselves."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safeconduct.composition.candidates import captivity_days
from safeconduct.composition.model import Integers
from safeconduct.vocabulary.person import Person


def choose_members(
    candidates: Sequence[Person], of: NDArray[np.intp], counts: Integers, concluded: date
) -> tuple[Person, ...]:
    """The chosen, sorted by `ref`: of each class those longest in captivity, among equals the smaller `ref` first."""
    members: dict[int, list[Person]] = {}
    for person, number in zip(candidates, of, strict=True):
        members.setdefault(int(number), []).append(person)
    chosen: list[Person] = []
    for number, persons in members.items():
        persons.sort(key=lambda person: (-captivity_days(person, concluded), person.ref))
        chosen.extend(persons[: int(counts[number])])
    return tuple(sorted(chosen, key=lambda person: person.ref))
