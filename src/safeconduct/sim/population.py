"""Invented persons for large lists: of five kinds of names, in families, with namesakes. Only what lists compare."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from safeconduct.sim.names import MEN, WOMEN, GivenName, draw_given, feminine_russian, feminine_ukrainian
from safeconduct.sim.peoples import (
    ARAB_MEN,
    ARAB_SURNAMES,
    BELARUSIAN_MEN,
    BELARUSIAN_SURNAMES,
    BELARUSIAN_WOMEN,
    FOREIGN_MEN,
    FOREIGN_SURNAMES,
    FOREIGN_WOMEN,
    ForeignGiven,
    Spelt,
    feminine,
)
from safeconduct.sim.ranks import RANKS
from safeconduct.sim.surnames import draw_russian, draw_ukrainian

Kind = Literal["ukrainian", "russian", "belarusian", "turkic-and-caucasian", "arab"]

KINDS: Mapping[Kind, float] = {"ukrainian": 0.46, "russian": 0.36, "belarusian": 0.06, "turkic-and-caucasian": 0.12}
"""Shares of the kinds of names; an assumption."""
WITH_ARABIC: Mapping[Kind, float] = {"ukrainian": 0.35, "russian": 0.30, "turkic-and-caucasian": 0.10, "arab": 0.25}

_FAMILIES = 0.12
"""The share of persons who have a brother, a sister, a father or a son in the population; an assumption."""
_NAMESAKES = 0.03
"""The share who bear the full name of somebody else, beyond those whom chance makes namesakes; an assumption."""
_LAST_DAY = date(2025, 6, 2)
_YOUNG_ENOUGH = date(1985, 1, 1)
"""Born later, a person may have a father on a list."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """One invented person as in the papers of the home country."""

    id: str
    kind: Kind
    sex: str
    family: Spelt
    given: Spelt
    patronymic: Spelt
    born: date
    rank: int
    """Index into `sim.ranks.RANKS`."""
    service_number: str
    unit: str

    @property
    def full_name(self) -> tuple[Spelt, Spelt, Spelt]:
        """What namesakes share."""
        return self.family, self.given, self.patronymic


def draw_population(random: Random, count: int, kinds: Mapping[Kind, float] = KINDS) -> tuple[Bearer, ...]:
    """`count` persons in random order."""
    people: list[Bearer] = []
    borne: Counter[Spelt] = Counter()
    while len(people) < count:
        before = len(people)
        drawn = random.random()
        if drawn < _NAMESAKES and people:
            other = _with_common_surname(random, people, borne)
            stranger = _stranger(random, other.kind)
            family, given, patronymic = other.full_name
            people.append(replace(stranger, sex=other.sex, family=family, given=given, patronymic=patronymic))
        elif drawn < _NAMESAKES + _FAMILIES / 2:
            people += _family(random, _kind(random, kinds))
        else:
            people.append(_stranger(random, _kind(random, kinds)))
        borne.update(person.family for person in people[before:])
    del people[count:]
    random.shuffle(people)
    return tuple(replace(person, id=f"p{index:06d}") for index, person in enumerate(people))


def draw_family_name(random: Random, kind: Kind, sex: str) -> Spelt:
    """A surname of that kind, in the form of that sex."""
    if kind == "ukrainian":
        surname = draw_ukrainian(random)
        return Spelt(ukrainian=feminine_ukrainian(surname) if sex == "F" else surname)
    if kind == "russian":
        surname = draw_russian(random)
        return Spelt(russian=feminine_russian(surname) if sex == "F" else surname)
    tables = {"belarusian": BELARUSIAN_SURNAMES, "turkic-and-caucasian": FOREIGN_SURNAMES, "arab": ARAB_SURNAMES}
    spelt = random.choice(tables[kind])
    return feminine(spelt) if sex == "F" else spelt


def draw_patronymic(random: Random, kind: Kind, sex: str) -> Spelt:
    """A patronymic of that kind, in the form of that sex."""
    return _father(random, kind).patronymics[sex == "F"]


def _with_common_surname(random: Random, people: Sequence[Bearer], borne: Mapping[Spelt, int]) -> Bearer:
    """Somebody to name another after. Strangers who share a whole name share a common one; the rare ones are kin."""
    for _ in range(100):
        other = random.choice(people)
        if borne[other.family] * 1000 >= len(people):
            break
    return other


def _kind(random: Random, kinds: Mapping[Kind, float]) -> Kind:
    return random.choices(list(kinds), list(kinds.values()))[0]


def _stranger(random: Random, kind: Kind) -> Bearer:
    sex = "F" if kind != "arab" and random.random() < 0.06 else "M"
    born = _LAST_DAY - timedelta(days=int(random.triangular(18 * 365.3, 60 * 365.3, 34 * 365.3)))
    return _person(random, kind, sex, draw_family_name(random, kind, sex), _father(random, kind), born)


def _person(random: Random, kind: Kind, sex: str, family: Spelt, father: ForeignGiven, born: date) -> Bearer:
    return Bearer(
        id="",
        kind=kind,
        sex=sex,
        family=family,
        given=_given(random, kind, sex),
        patronymic=father.patronymics[sex == "F"],
        born=born,
        rank=min(int(abs(random.gauss(0, 0.3)) * len(RANKS)), len(RANKS) - 1),
        service_number=f"{random.choice('АБВГ')}-{random.randrange(10**6):06d}",
        unit=_unit(random),
    )


def _family(random: Random, kind: Kind) -> list[Bearer]:
    """Two brothers (one pair in ten twins), or a father and a son."""
    first = _stranger(random, kind)
    while first.sex == "F" or first.born < _YOUNG_ENOUGH:
        first = _stranger(random, kind)
    father = _father(random, kind)
    if random.random() < 0.7:
        gap = 0 if random.random() < 0.1 else int(random.triangular(300, 4000, 1000))
        other = _person(random, kind, "M", first.family, father, first.born - timedelta(days=gap))
        while other.given == first.given:
            other = replace(other, given=_given(random, kind, "M"))
        return [first, replace(other, patronymic=first.patronymic, unit=random.choice((first.unit, other.unit)))]
    older = first.born - timedelta(days=random.randint(7500, 11500))
    elder = _person(random, kind, "M", first.family, _father(random, kind), older)
    return [replace(first, patronymic=father.patronymics[0]), replace(elder, given=father.name)]


def _given(random: Random, kind: Kind, sex: str) -> Spelt:
    if kind in ("ukrainian", "russian"):
        name = draw_given(random, WOMEN if sex == "F" else MEN)
        return Spelt(name.ukrainian, name.russian)
    men = {"belarusian": BELARUSIAN_MEN, "turkic-and-caucasian": FOREIGN_MEN, "arab": ARAB_MEN}
    women = {"belarusian": BELARUSIAN_WOMEN, "turkic-and-caucasian": FOREIGN_WOMEN, "arab": ARAB_MEN}
    return random.choice((women if sex == "F" else men)[kind]).name


def _father(random: Random, kind: Kind) -> ForeignGiven:
    if kind in ("ukrainian", "russian"):
        return _both(draw_given(random, MEN))
    return random.choice({"belarusian": BELARUSIAN_MEN, "turkic-and-caucasian": FOREIGN_MEN, "arab": ARAB_MEN}[kind])


def _both(name: GivenName) -> ForeignGiven:
    son, daughter = (Spelt(*pair) for pair in zip(name.patronymics_ukrainian, name.patronymics_russian, strict=True))
    return ForeignGiven(Spelt(name.ukrainian, name.russian), (son, daughter))


def _unit(random: Random) -> str:
    number = random.choice((random.randint(10, 128), random.randint(1000, 4999), random.randint(10000, 99999)))
    return f"А{number}" if 1000 <= number < 5000 else str(number)
