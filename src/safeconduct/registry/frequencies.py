"""How often names stand in the lists, so that agreement on a rare one weighs more than on a common one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

SHARES: Final = {
    "family": (0.001, 1000),
    "given": (0.02, 200),
    "patronymic": (0.02, 200),
    "unit": (0.02, 500),
    "rank": (0.2, 200),
}
"""The share of persons who bear a name (are of a unit, a rank) before the lists have been seen, and the number of
persons that this counts for."""

OF_A_FAMILY: Final = {"given_of_family": "given", "patronymic_of_family": "patronymic"}
"""Names whose frequency is that among the bearers of one surname."""

_IN_USE = 3
"""So many rows with a name, and it is no slip."""
_TELLS_USE = 1000
"""So many rows tell which names are in use."""
_COUNTS_FOR = 10
"""How many persons of a surname the frequency among all persons stands for."""
_AT_MOST = 0.5
"""However common, what agrees speaks for one person and not against."""


Key = str | int
Frequencies = Mapping[str, Mapping[Key, float]]
"""By column of `columns.columns_of` and key: the share of persons who would agree on it by chance."""


def frequencies(tables: Sequence[Mapping[str, Sequence[Key]]]) -> dict[str, dict[Key, float]]:
    """By column and key: the share of persons who would agree on it by chance. `tables` are all the lists, by column
    (`columns.table_of`)."""
    found = {column: _of_all(_column(tables, column), *SHARES[column]) for column in SHARES}
    families = Counter(_column(tables, "family"))
    for column, name in OF_A_FAMILY.items():
        names = zip(*(_column(tables, one) for one in ("family", name, column)), strict=True)
        found[column] = _of_a_family(names, families, found[name])
    return found


def given_names_in_use(tables: Sequence[Mapping[str, Sequence[Key]]]) -> frozenset[Key]:
    """The keys of given names that are not slips; in short lists none can be told to be one, and all are."""
    counts = Counter(_column(tables, "given"))
    named = zip(_column(tables, "given"), _column(tables, "given_known"), strict=True)
    known = {given for given, is_known in named if is_known}
    short = counts.total() < _TELLS_USE
    return frozenset(counts if short else known | {key for key in counts if counts[key] >= _IN_USE})


def _column(tables: Sequence[Mapping[str, Sequence[Key]]], column: str) -> Iterator[Key]:
    return (key for table in tables for key in table.get(column, ()))


def _of_all(keys: Iterable[Key], share: float, weight: int) -> dict[Key, float]:
    """As counted in the lists, the two rows at hand left out, steadied by what holds anywhere."""
    counts = Counter(keys)
    # Also the key of what a list does not say, which nothing asks for: no table may be empty.
    total = sum(count for key, count in counts.items() if key)
    return {key: min((max(counts[key] - 2, 0) + share * weight) / (total + weight), _AT_MOST) for key in sorted(counts)}


def _of_a_family(
    names: Iterable[tuple[Key, Key, Key]], families: Mapping[Key, int], shares: Mapping[Key, float]
) -> dict[Key, float]:
    """Among the bearers of a surname, the two rows at hand left out: where names are of a region or a family, both
    agree more often than each by itself would."""
    return {
        key: min(
            (max(count - 2, 0) + _COUNTS_FOR * shares[name]) / (max(families[family] - 2, 0) + _COUNTS_FOR), _AT_MOST
        )
        for (family, name, key), count in sorted(Counter(names).items())
    }
