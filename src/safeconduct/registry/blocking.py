"""Which pairs of rows are looked at at all: those that share one of some exact keys.

Every slip leaves another key standing: each rule leaves out something that may be wrong (letters of the surname, the
given name, the year, the day, the order of the columns) and asks for enough of the rest that few strangers share it.
Rules are over the columns of `columns.columns_of`; empty text and 0 never agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

NUMBERS: Final = frozenset(("year", "month", "day", "given_length"))
"""The columns that hold numbers, of which 0 says nothing; of all others empty text says nothing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A column of the left row agrees with one of the right row, and is known."""

    left: str
    right: str
    letters: int = 0
    """Only so many letters at the beginning, or below 0 at the end, need agree."""

    def of(self, side: Literal["l", "r"]) -> str:
        """In SQL what of one side must agree with the other's."""
        column = f"{side}.{self.left if side == 'l' else self.right}"
        if not self.letters:
            return column
        return f"{'left' if self.letters > 0 else 'right'}({column}, {abs(self.letters)})"


@dataclass(frozen=True, slots=True)
class Join:
    """A rule, or a part of it, as an exact key: rows of which `left` is what `right` is of the others, by SQL
    expressions on the rows `l` and `r`; rows of which the conditions do not hold have no such key."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    left_has: tuple[str, ...]
    right_has: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What two rows must share to be compared."""

    agreements: tuple[Agreement, ...]
    about_the_year: bool = False
    """The years of birth, too, lie no more than one apart."""
    an_initial: bool = False
    """One of the two has no more of a given name than an initial."""

    @property
    def condition(self) -> str:
        """In SQL, of the rows `l` and `r`."""
        terms = [f"{one.of('l')} = {one.of('r')} and {known(f'l.{one.left}')}" for one in self.agreements]
        terms += ["abs(l.year - r.year) <= 1 and l.year > 0 and r.year > 0"] if self.about_the_year else []
        terms += ["least(l.given_length, r.given_length) <= 1"] if self.an_initial else []
        return " and ".join(terms)

    def joins(self) -> Iterator[Join]:
        """The exact keys that this rule comes to; no pair has two of them."""
        left, right = tuple(one.of("l") for one in self.agreements), tuple(one.of("r") for one in self.agreements)
        left_has = tuple(known(f"l.{one.left}") for one in self.agreements)
        right_has = tuple(known(f"r.{one.right}") for one in self.agreements)
        if self.about_the_year:
            for years in (0, 1, -1):
                yield Join(
                    (*left, f"l.year + {years}"),
                    (*right, "r.year"),
                    (*left_has, "l.year > 0"),
                    (*right_has, "r.year > 0"),
                )
        elif self.an_initial:
            yield Join(left, right, (*left_has, "l.given_length <= 1"), right_has)
            yield Join(left, right, (*left_has, "l.given_length > 1"), (*right_has, "r.given_length <= 1"))
        else:
            yield Join(left, right, left_has, right_has)


def known(column: str) -> str:
    """In SQL, that a column (`l.…` or `r.…`) says something."""
    return f"{column} > 0" if column[2:] in NUMBERS else f"{column} <> ''"


def _same(*columns: str) -> tuple[Agreement, ...]:
    """All these columns agree and are known."""
    return tuple(Agreement(column, column) for column in columns)


def _across(left: str, right: str, letters: int = 0) -> tuple[Agreement, Agreement]:
    """A column of one side agrees with another column of the other side, in both directions."""
    return Agreement(left, right, letters), Agreement(right, left, letters)


def _begins(column: str, letters: int) -> Agreement:
    return Agreement(column, column, letters)


def _ends(column: str, letters: int) -> Agreement:
    return Agreement(column, column, -letters)


_FAMILY_BEGINS = _begins("family", 3)
_SKELETON_BEGINS = _begins("family_skeleton", 2)
_FIRST_LETTER = _begins("family_skeleton", 1)

BLOCKING: Final = (
    Rule(_same("family", "given")),
    Rule(_same("family", "year")),
    Rule(_same("family", "patronymic")),
    Rule(_same("born")),
    Rule(_same("family", "given_initial")),
    Rule(_same("family_skeleton", "given")),
    Rule(_same("family_skeleton", "year")),
    Rule(_same("family_outline", "given_likely")),
    Rule(_same("family", "unit")),
    Rule(_same("service_number")),
    # The surname has a slip.
    Rule(_same("given_likely", "patronymic_likely", "year")),
    Rule((*_same("given_likely", "patronymic_likely"), _FIRST_LETTER)),
    Rule(_same("given_likely", "patronymic_likely", "month", "day")),
    Rule((*_same("given_likely"), _FAMILY_BEGINS), about_the_year=True),
    Rule((*_same("given_likely", "year"), _ends("family", 4))),
    Rule((*_same("given_likely", "year"), _SKELETON_BEGINS)),
    Rule((*_same("given_likely"), _begins("family", 4))),
    Rule(_same("given_likely", "unit")),
    Rule((*_same("unit"), _FAMILY_BEGINS)),
    Rule((*_same("given_likely", "month", "day"), _FIRST_LETTER)),
    # Surname and given name have a slip.
    Rule((*_same("year", "given_initial"), _SKELETON_BEGINS)),
    Rule((*_same("given_initial"), _begins("family", 5))),
    Rule(_same("family_outline", "given_initial", "year")),
    Rule((*_same("year", "month", "given_initial"), _FAMILY_BEGINS)),
    Rule((*_same("month", "day", "given_initial"), _FAMILY_BEGINS)),
    # Day and month stand in each other's place.
    Rule((*_same("year"), *_across("day", "month"), _FIRST_LETTER)),
    # The columns stand in each other's place.
    *(Rule((one,)) for one in _across("family", "family_if_swapped")),
    *(Rule((one, *_same("year"))) for one in _across("given", "given_if_swapped")),
    *(Rule((*_same("year"), one)) for one in _across("family", "family_if_swapped", 3)),
    # One side has an initial, another reading, one of two surnames.
    Rule(_same("family"), an_initial=True),
    *(
        Rule((one, *_same("given_likely")))
        for other in ("family_second", "family_third", "family_one", "family_other")
        for one in _across("family", other)
    ),
)
"""A pair that shares none of these keys is never looked at."""
