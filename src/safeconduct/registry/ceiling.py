"""The most that a pair of rows can weigh, told without measuring how far its names are apart.

Most pairs that share a key are strangers, and comparing names letter by letter is what takes the time. Here each such
comparison is replaced by a condition that surely holds where it holds: two names that are k slips apart differ in at
most 2k letters, however these stand (a swap of neighbours changes none, a wrong letter two); and names cannot be more
similar by Jaro and Winkler than the letters that they have in common allow. So a level counts as reached where it may
be, and what stays below the weight that is kept even so need not be compared.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log2

from safeconduct.registry.evidence import Comparison, Level
from safeconduct.registry.frequencies import Key

_DISTANCE = re.compile(
    r"damerau_levenshtein\((?P<one>\w+)_(?P<side>[lr]), (?P<two>\w+)_(?P<other>[lr])\)"
    r" <?= (?P<most>case .*? end|greatest\(length\(\w+\), length\(\w+\)\) // 2|\d+)"
)
_SIMILARITY = re.compile(
    r"jaro_winkler_similarity\((?P<one>\w+)_(?P<side>[lr]), (?P<two>\w+)_(?P<other>[lr])\) >= (?P<least>[\d.]+)"
)
_OF_A_SIDE = re.compile(r"\b(\w+)_([lr])\b")
_CLASSES = 31
"""Letters fall into so many classes; two letters in one class only make the ceiling higher."""


@lru_cache(1 << 17)
def letters_of(text: str) -> int:
    """Which letters a text has (bytes, as DuckDB compares), two bits each: whether once, whether twice. Further ones
    are not counted."""
    found = 0
    for letter in text.encode():
        once = 1 << letter % _CLASSES * 2
        found |= once << 1 if found & once else once
    return found


def lettered(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """The columns whose letters `ceiling` asks for, as `letters_of_…`."""
    found = (
        match[name]
        for comparison in comparisons
        for level in comparison.levels
        for pattern in (_DISTANCE, _SIMILARITY)
        for match in pattern.finditer(level.condition)
        for name in ("one", "two")
    )
    return tuple(sorted(set(found)))


def rarities(column: Sequence[Key], shares: Mapping[Key, float]) -> list[float]:
    """Of each row, in bits, how rarely somebody else has what it has: the column `rarity_of_…` of `ceiling`."""
    rarity = {key: -log2(share) for key, share in shares.items()}
    return [rarity[key] for key in column]


def ceiling(comparisons: Sequence[Comparison]) -> str:
    """In SQL, over the rows `l` and `r` with the columns of `columns_of`, their letters and their rarities: at least
    the bits by which the evidence raises the odds that two rows are one person."""
    return " + ".join(map(_of_comparison, comparisons))


def _of_comparison(comparison: Comparison) -> str:
    cases = [f"when {_of_rows(comparison.missing)} then 0.0"]
    for place, level in enumerate(comparison.levels):
        certain = _may_hold(level.condition) == _of_rows(level.condition)
        # Where it only may hold, the pair may stand on any level below as well.
        reached = [level] if certain else comparison.levels[place:]
        most = _most(reached)
        cases.append(f"when {_may_hold(level.condition)} then {most}" if level.condition else f"else {most}")
    return f"(case {' '.join(cases)} end)"


def _most(levels: Sequence[Level]) -> str:
    """The bits of the weightiest of these levels."""
    fixed = [log2(level.m / level.u) for level in levels if not level.frequency_of]
    bits = [f"{max(fixed):.9f}"] if fixed else []
    for level in levels:
        if level.frequency_of:
            rarity = f"rarity_of_{level.frequency_of}"
            bits.append(f"({log2(level.m):.9f} + least(l.{rarity}, r.{rarity}))")
    return bits[0] if len(bits) == 1 else f"greatest({', '.join(bits)})"


def _may_hold(condition: str) -> str:
    """A condition that holds wherever this one does."""
    told = _SIMILARITY.sub(_similar_enough, _DISTANCE.sub(_few_letters_differ, condition))
    return _of_rows(told)


def _few_letters_differ(match: re.Match[str]) -> str:
    one, two = (f"letters_of_{match[name]}_{match[side]}" for name, side in (("one", "side"), ("two", "other")))
    return f"(bit_count(xor({one}, {two})) <= 2 * ({match['most']}))"


def _similar_enough(match: re.Match[str]) -> str:
    """Jaro's similarity of names with c letters in common is at most (c / |a| + c / |b| + 1) / 3; Winkler's is at most
    0.4 + 0.6 of it, where the first four letters are the same."""
    one, two = (f"{match[name]}_{match[side]}" for name, side in (("one", "side"), ("two", "other")))
    ours, theirs = f"letters_of_{one}", f"letters_of_{two}"
    least = 3 * (float(match["least"]) - 0.4) / 0.6 - 1 - 1e-6
    uncounted = f"least(strlen({one}) - bit_count({ours}), strlen({two}) - bit_count({theirs}))"
    common = f"(bit_count({ours} & {theirs}) + {uncounted})"
    return f"({common} * (strlen({one}) + strlen({two})) >= {least:.9f} * strlen({one}) * strlen({two}))"


def _of_rows(condition: str) -> str:
    """`family_l` is `l.family`."""
    return _OF_A_SIDE.sub(r"\2.\1", condition)
