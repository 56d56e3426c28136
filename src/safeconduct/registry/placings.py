"""How the words of a question may stand in the columns of a row: each in a column of its own, in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Final

from safeconduct.registry.name_forms import EMPTY, ERROR, FAR, LACKING, NameForms

COLUMNS: Final = ("surname", "given name", "patronymic")
FAMILY, GIVEN, PATRONYMIC = range(3)
NOWHERE: Final = -1

UNPLACED: Final = 100 * ERROR
"""What it costs that a word stands nowhere in the row: more than anything else."""
NONE: Final = 10 * UNPLACED
_PASSED_OVER = 10

Costs = Mapping[int, int]
"""Of the spellings of a column that fit, by their number."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Of each word, then each initial, its column or NOWHERE."""

    columns: tuple[int, ...]
    cost: int
    """Beside that of the spellings."""
    lacking: frozenset[int]
    """The columns that may say nothing, or no more than an initial."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Of one word or initial the spellings that fit in each column: named in full, and also if less will do."""

    text: str
    full: tuple[Costs, Costs, Costs]
    less: tuple[Costs, Costs, Costs]

    def costs(self, placing: Placing, column: int) -> Costs:
        """Those that count in a placing."""
        return (self.less if column in placing.lacking else self.full)[column]


@cache
def placings(words: int, initials: int) -> tuple[Placing, ...]:
    """Every way in which so many words and initials may stand in a row.

    Of three words one may stand nowhere (somebody has another surname now), if two others are there in full. What a
    row leaves out contradicts nothing: a given name, if the surname is there; a patronymic, if both are accounted for.
    An initial is the surname's only where a word is the given name.
    """
    found = []
    items = words + initials
    for columns in set(permutations((FAMILY, GIVEN, PATRONYMIC, *[NOWHERE] * items), items)):
        unplaced = columns.count(NOWHERE)
        if unplaced > max(0, words - 2) or (FAMILY in columns[words:] and GIVEN not in columns[:words]):
            continue
        if unplaced and words - columns[:words].count(NOWHERE) < 2:
            continue
        lacking = set()
        if not unplaced and FAMILY in columns[:words]:
            lacking = {GIVEN, PATRONYMIC} if GIVEN in columns else set()
        # By a patronymic alone few people ask: "Петро" is rather a Петро than the son of one.
        passed_over = _PASSED_OVER if PATRONYMIC in columns and GIVEN not in columns else 0
        found.append(Placing(columns, unplaced * UNPLACED + passed_over, frozenset(lacking)))
    return tuple(sorted(found, key=lambda one: (one.cost, one.columns)))


def fitting_word(word: str, forms: Sequence[NameForms]) -> Fitting:
    """What a word may mean in each column."""
    family, given, patronymic = (one.near(word) for one in forms)
    less = ({**forms[column].initial_of(word), EMPTY: LACKING} for column in (GIVEN, PATRONYMIC))
    given_less, patronymic_less = less
    return Fitting(
        word, (family, given, patronymic), (family, {**given_less, **given}, {**patronymic_less, **patronymic})
    )


def fitting_initial(letter: str, forms: Sequence[NameForms]) -> Fitting:
    """What an initial may stand for in each column."""
    family, given, patronymic = (one.with_initial(letter) for one in forms)
    empty = {EMPTY: LACKING}
    return Fitting(letter, (family, given, patronymic), (family, {**given, **empty}, {**patronymic, **empty}))


def best_placing(words: int, fittings: Sequence[Fitting], row: Sequence[int]) -> tuple[int, Placing | None]:
    """The best way of one row, whose spellings have these numbers, and its cost; NONE if it does not fit."""
    best: tuple[int, Placing | None] = NONE, None
    for placing in placings(words, len(fittings) - words):
        cost = sum(
            one.costs(placing, column).get(row[column], FAR)
            for one, column in zip(fittings, placing.columns, strict=True)
            if column != NOWHERE
        )
        if cost < FAR and cost + placing.cost < best[0]:
            best = cost + placing.cost, placing
    return best


def errors_of(cost: int) -> int:
    """The typing errors in a cost."""
    return cost % UNPLACED // ERROR
