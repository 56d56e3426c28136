"""Which pairs of rows are looked at at all: those that share one of some exact keys.

Every slip leaves another key standing: each rule leaves out something that may be wrong (letters of the surname, the
given name, the year, the day, the order of the columns) and asks for enough of the rest that few strangers share it.
Rules are over the columns of `columns.columns_of`; empty text and 0 never agree.
"""

from typing import Final


def _same(*columns: str) -> str:
    """All these columns agree and are known."""
    return " and ".join(f"l.{one} = r.{one} and l.{one} {_known(one)}" for one in columns)


def _known(column: str) -> str:
    return "> 0" if column in ("year", "month", "day") else "<> ''"


def _across(left: str, right: str) -> tuple[str, str]:
    """A column of one side agrees with another column of the other side, in both directions."""
    return (f"l.{left} = r.{right} and l.{left} <> ''", f"l.{right} = r.{left} and r.{left} <> ''")


_FAMILY_BEGINS = "left(l.family, 3) = left(r.family, 3) and l.family <> ''"
_FAMILY_ENDS = "right(l.family, 4) = right(r.family, 4) and l.family <> ''"
_SKELETON_BEGINS = "left(l.family_skeleton, 2) = left(r.family_skeleton, 2) and l.family_skeleton <> ''"
_FIRST_LETTER = "left(l.family_skeleton, 1) = left(r.family_skeleton, 1) and l.family_skeleton <> ''"
_ABOUT_THE_YEAR = "abs(l.year - r.year) <= 1 and l.year > 0 and r.year > 0"

BLOCKING: Final = (
    _same("family", "given"),
    _same("family", "year"),
    _same("family", "patronymic"),
    _same("born"),
    _same("family", "given_initial"),
    _same("family_skeleton", "given"),
    _same("family_skeleton", "year"),
    f"{_same('family_outline', 'given_likely')}",
    _same("family", "unit"),
    _same("service_number"),
    # The surname has a slip.
    _same("given_likely", "patronymic_likely", "year"),
    f"{_same('given_likely', 'patronymic_likely')} and {_FIRST_LETTER}",
    _same("given_likely", "patronymic_likely", "month", "day"),
    f"{_same('given_likely')} and {_FAMILY_BEGINS} and {_ABOUT_THE_YEAR}",
    f"{_same('given_likely', 'year')} and {_FAMILY_ENDS}",
    f"{_same('given_likely', 'year')} and {_SKELETON_BEGINS}",
    f"{_same('given_likely')} and left(l.family, 4) = left(r.family, 4) and l.family <> ''",
    _same("given_likely", "unit"),
    f"{_same('unit')} and {_FAMILY_BEGINS}",
    f"{_same('given_likely', 'month', 'day')} and {_FIRST_LETTER}",
    # Surname and given name have a slip.
    f"{_same('year', 'given_initial')} and {_SKELETON_BEGINS}",
    f"{_same('given_initial')} and left(l.family, 5) = left(r.family, 5) and l.family <> ''",
    _same("family_outline", "given_initial", "year"),
    f"{_same('year', 'month', 'given_initial')} and {_FAMILY_BEGINS}",
    f"{_same('month', 'day', 'given_initial')} and {_FAMILY_BEGINS}",
    # Day and month stand in each other's place.
    f"l.year = r.year and l.day = r.month and l.month = r.day and l.day > 0 and l.month > 0 and {_FIRST_LETTER}",
    # The columns stand in each other's place.
    *_across("family", "family_if_swapped"),
    *(f"{one} and l.year = r.year and l.year > 0" for one in _across("given", "given_if_swapped")),
    *(
        f"{_same('year')} and left(l.{one}, 3) = left(r.{other}, 3) and l.{one} <> ''"
        for one, other in (("family", "family_if_swapped"), ("family_if_swapped", "family"))
    ),
    # One side has an initial, another reading, one of two surnames.
    f"{_same('family')} and least(l.given_length, r.given_length) <= 1",
    *(
        f"{rule} and {_same('given_likely')}"
        for one in ("family_second", "family_third", "family_one", "family_other")
        for rule in _across("family", one)
    ),
)
"""Exact keys: a pair that shares none of them is never looked at."""
