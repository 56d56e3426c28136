"""How well birth dates fit the one that was asked for, for many rows at once.

A date is packed as 19850517; what is not known of it is 0.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SAME, AS_FAR_AS_KNOWN, UNKNOWN, SWAPPED, SAME_YEAR, TWO_PARTS, NEXT_YEAR, OTHER = 0, 1, 6, 8, 9, 11, 12, 25
"""Costs; a typing error in a name is ten."""

REASONS: Final = {
    SAME: "birth date the same",
    AS_FAR_AS_KNOWN: "birth date the same as far as known",
    UNKNOWN: "no birth date to compare",
    SWAPPED: "birth dates differ by swapped day and month",
    SAME_YEAR: "birth dates differ, the year is the same",
    TWO_PARTS: "birth dates agree in day and month",
    NEXT_YEAR: "birth years differ by one",
    OTHER: "birth dates differ",
}
CONTRADICTING: Final = frozenset((SWAPPED, SAME_YEAR, TWO_PARTS, NEXT_YEAR, OTHER))


def packed_date(text: str) -> int:
    """`1985-05-17`, `1985-05` or `1985` as a number, in which what is not known is 0; 0 for nothing."""
    return int(text.replace("-", "").ljust(8, "0")) if text else 0


def birth_costs(born: NDArray[np.int32], asked: int) -> NDArray[np.int32]:
    """The cost of each of these dates; none where nothing was asked."""
    if not asked:
        return np.zeros(len(born), np.int32)
    year, month, day = born // 10_000, born // 100 % 100, born % 100
    asked_year, asked_month, asked_day = asked // 10_000, asked // 100 % 100, asked % 100
    same_month = (month == asked_month) | (month == 0) | (asked_month == 0)
    same_day = (day == asked_day) | (day == 0) | (asked_day == 0)
    same_year = year == asked_year
    fits = same_year & same_month & same_day
    less = ((month == 0) & (asked_month > 0)) | ((day == 0) & (asked_day > 0))
    costs = np.full(len(born), OTHER, np.int32)
    costs[(month == asked_month) & (day == asked_day) & (day > 0)] = TWO_PARTS
    costs[np.abs(year - asked_year) == 1] = NEXT_YEAR
    costs[same_year] = SAME_YEAR
    costs[same_year & (day == asked_month) & (month == asked_day) & (day > 0)] = SWAPPED
    costs[fits] = SAME
    costs[fits & less] = AS_FAR_AS_KNOWN
    costs[born == 0] = UNKNOWN
    return costs
