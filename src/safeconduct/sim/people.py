"""Invented persons of both sides: who they are, where they are held, and whether they wish to return.

This is the truth of the simulated world. Lists are what clerks made of it (`sim.lists`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from safeconduct.sim.names import (
    MEN,
    SURNAMES_RUSSIAN,
    SURNAMES_UKRAINIAN,
    WOMEN,
    GivenName,
    draw_common,
    draw_given,
    feminine_russian,
    feminine_ukrainian,
)
from safeconduct.sim.ranks import RANKS
from safeconduct.sim.respelling import russian_into_ukrainian
from safeconduct.vocabulary.imprecise_date import completed_years

PARTIES = ("RU", "UA")
CONCLUDED = date(2025, 6, 2)
"""The agreement of the example; ages are counted on this day."""

_INVASION = date(2022, 2, 24)
_LAST_CAPTURE = date(2025, 5, 20)


@dataclass(frozen=True)
class SimulatedPerson:
    """One invented person as he or she is in truth; names as in the papers of the home country."""

    id: str
    home: str
    held_by: str
    sex: str
    surname: str
    """In the language of the home country, in the person's own gender."""
    given: GivenName
    father: GivenName
    born: date
    rank: int
    """Index into `sim.ranks.RANKS`; of a civilian 0, never shown."""
    service_number: str
    unit: str
    categories: tuple[str, ...]
    health: str
    """Empty, `wounded` or `sick`: how the seriously wounded or sick stand in their holder's list."""
    captured_on: date
    captured_at: int
    """Index into the table of places of capture."""
    held_at: str
    """A holding place of the sites file."""
    consent: str
    protected: bool
    held: bool
    """Whether the other side holds the person (else only sought)."""
    sought: bool
    """Whether the home side looks for the person."""

    @property
    def civilian(self) -> bool:
        """Whether the person has neither rank nor unit."""
        return "civilian" in self.categories


def draw_people(random: Random, home: str, count: int, camps: Sequence[str]) -> tuple[SimulatedPerson, ...]:
    """`count` persons held by the other side and about 8 % more who are only sought, in random order.

    Shares are exact up to rounding, so that small worlds are like large ones: 7 % seriously wounded or sick, 15 % aged
    18 to 25, 3 % civilians, 3 % medical or religious personnel, 2 % unwilling or protected.
    """
    held_by = PARTIES[1 - PARTIES.index(home)]
    sought_only = max(1, round(count * 0.08))
    traits = _traits(random, count)
    people = []
    for index in range(count + sought_only):
        held = index < count
        wounded, young, kind, objection = traits[index] if held else (False, random.random() < 0.15, "", "")
        sex = "F" if random.random() < (0.15 if kind in ("civilian", "medical-personnel") else 0.03) else "M"
        born = _born(random, young)
        categories = (kind or "prisoner-of-war",) + (("seriously-wounded-or-sick",) if wounded else ())
        people.append(
            SimulatedPerson(
                id=f"{home}-{index + 1:04d}",
                home=home,
                held_by=held_by,
                sex=sex,
                surname=_surname(random, home, sex),
                given=draw_given(random, WOMEN if sex == "F" else MEN),
                father=draw_given(random, MEN),
                born=born,
                rank=_rank(random, born),
                service_number="" if kind == "civilian" else f"{random.choice('АБВГ')}-{random.randrange(10**6):06d}",
                unit="" if kind == "civilian" else _unit(random, home),
                categories=categories,
                health=random.choice(("wounded", "sick")) if wounded else "",
                captured_on=_captured(random, home, born),
                captured_at=random.randrange(12),
                held_at=camps[_skewed(random, len(camps))],
                consent={"unwilling": "unwilling", "unknown": "unknown"}.get(objection, "willing"),
                protected=objection == "protected",
                held=held,
                sought=not held or random.random() < 0.94,
            )
        )
    return tuple(people)


def _traits(random: Random, count: int) -> list[tuple[bool, bool, str, str]]:
    """(seriously wounded or sick, young, other category, objection) of each held person, each share drawn apart."""

    def shares(*parts: tuple[str, float]) -> list[str]:
        column = [word for word, share in parts for _ in range(round(count * share))]
        column += [""] * (count - len(column))
        random.shuffle(column)
        return column

    wounded = shares(("yes", 0.07))
    young = shares(("yes", 0.15))
    kinds = shares(("civilian", 0.03), ("medical-personnel", 0.025), ("religious-personnel", 0.003))
    objections = shares(("unwilling", 0.012), ("protected", 0.008), ("unknown", 0.006))
    return [
        (bool(hurt), bool(youth), kind, objection)
        for hurt, youth, kind, objection in zip(wounded, young, kinds, objections, strict=True)
    ]


def _born(random: Random, young: bool) -> date:
    while True:
        age = random.randint(18, 25) if young else int(random.triangular(26, 61, 37))
        born = date(CONCLUDED.year - age - 1, CONCLUDED.month, CONCLUDED.day) + timedelta(days=random.randint(1, 365))
        if (18 <= completed_years(born, CONCLUDED) <= 25) == young and _grown_up(born) < _LAST_CAPTURE:
            return born


def _grown_up(born: date) -> date:
    """A day by which the person is 18, whatever the calendar does to 29 February."""
    return date(born.year + 18, born.month, min(born.day, 28)) + timedelta(days=3)


def _captured(random: Random, home: str, born: date) -> date:
    """Mostly 2022, never before the person was 18."""
    year = random.choices((2022, 2023, 2024, 2025), (62, 16, 16, 6) if home == "UA" else (50, 20, 22, 8))[0]
    first = max(_INVASION, date(year, 1, 1), _grown_up(born))
    last = max(first, min(_LAST_CAPTURE, date(year, 12, 31)))
    return first + timedelta(days=random.randint(0, (last - first).days))


def _surname(random: Random, home: str, sex: str) -> str:
    if home == "RU":
        surname = draw_common(random, SURNAMES_UKRAINIAN if random.random() < 0.04 else SURNAMES_RUSSIAN)
        surname = _plain_russian(surname)
        return feminine_russian(surname) if sex == "F" else surname
    if random.random() < 0.1:
        surname = russian_into_ukrainian(draw_common(random, SURNAMES_RUSSIAN), by_the_book=True)
    else:
        surname = draw_common(random, SURNAMES_UKRAINIAN)
    return feminine_ukrainian(surname) if sex == "F" else surname


def _plain_russian(surname: str) -> str:
    """A surname of Ukrainian origin as a Russian family writes it."""
    return surname.translate(str.maketrans("іїєґІЇЄҐ'", "ииегИИЕГь")).replace("ьский", "ский").replace("ський", "ский")


def _rank(random: Random, born: date) -> int:
    """Older persons have higher ranks more often."""
    age = completed_years(born, CONCLUDED)
    top = 4 if age < 24 else 8 if age < 30 else 11 if age < 38 else len(RANKS) - 1
    return min(top, int(abs(random.gauss(0, 0.38)) * len(RANKS)))


def _unit(random: Random, home: str) -> str:
    number = random.choice((random.randint(10, 128), random.randint(1000, 4999)))
    if number < 1000:
        return f"{number}"
    return f"А{number}" if home == "UA" else f"{number * 10 + random.randrange(10)}"


def _skewed(random: Random, count: int) -> int:
    return int(count * random.random() ** 1.3)
