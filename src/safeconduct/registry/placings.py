"""How the words of a question may stand in the columns of a row: each in a column of its own, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Final

from safeconduct.registry.name_forms import ERROR, Costs, NameForms

COLUMNS: Final = ("surname", "given name", "patronymic")
FAMILY, GIVEN, PATRONYMIC = range(3)
NOWHERE: Final = -1

UNPLACED: Final = 100 * ERROR
"""What it costs that a word stands nowhere in the row: more than anything else."""
NONE: Final = 10 * UNPLACED
_PASSED_OVER = 10


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
    full: tuple[Costs, ...]
    less: tuple[Costs, ...]

    def costs(self, placing: Placing, column: int) -> Costs:
        """Those that count in a placing."""
        return (self.less if column in placing.lacking else self.full)[column]


@cache
def placings(words: int, initials: int) -> tuple[Placing, ...]:
    """Every way in which so many words and initials may stand in a row.

    Something may stand nowhere (somebody has another surname now), if two words are there in full. What a row leaves
    out contradicts nothing: a given name, if the surname is there; a patronymic, if both are accounted for. An initial
    is the surname's only where a word is the given name.
    """
    found = []
    items = words + initials
    for columns in set(permutations((FAMILY, GIVEN, PATRONYMIC, *[NOWHERE] * items), items)):
        unplaced = columns.count(NOWHERE)
        if FAMILY in columns[words:] and GIVEN not in columns[:words]:
            continue
        if unplaced and words - columns[:words].count(NOWHERE) < 2:
            continue
        named = not unplaced and FAMILY in columns[:words] and GIVEN in columns
        # By a patronymic alone few people ask: "Петро" is rather a Петро than the son of one.
        passed_over = _PASSED_OVER if PATRONYMIC in columns and GIVEN not in columns else 0
        found.append(
            Placing(columns, unplaced * UNPLACED + passed_over, frozenset((GIVEN, PATRONYMIC) if named else ()))
        )
    return tuple(sorted(found, key=lambda one: (one.cost, one.columns)))


def fitting_word(word: str, forms: Sequence[NameForms]) -> Fitting:
    """What a word may mean in each column."""
    return _fitting(word, word, [one.near(word) for one in forms], forms)


def fitting_initial(letter: str, forms: Sequence[NameForms]) -> Fitting:
    """What an initial may stand for in each column."""
    return _fitting(letter, "", [one.with_initial(letter) for one in forms], forms)


def _fitting(text: str, word: str, costs: Sequence[Costs], forms: Sequence[NameForms]) -> Fitting:
    less = [forms[column].less_than(costs[column], word) for column in (GIVEN, PATRONYMIC)]
    return Fitting(text, tuple(costs), (costs[FAMILY], *less))


def errors_of(cost: int) -> int:
    """The typing errors in a cost."""
    return cost % UNPLACED // ERROR
