"""How often names stand in the lists, so that agreement on a rare one weighs more than on a common one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

SHARES: Final = {"family": (0.001, 1000), "given": (0.02, 200), "patronymic": (0.02, 200), "unit": (0.02, 500)}
"""The share of persons who bear a name, before the lists have been seen, and the number of persons that this
counts for."""

OF_A_FAMILY: Final = {"given_of_family": "given", "patronymic_of_family": "patronymic"}
"""Names whose frequency is that among the bearers of one surname."""

_COUNTS_FOR = 10
"""How many persons of a surname the frequency among all persons stands for."""
_AT_MOST = 0.5
"""However common, what agrees speaks for one person and not against."""


def frequencies(rows: Sequence[Mapping[str, str | int]]) -> dict[str, dict[str, float]]:
    """By column and key: the share of persons who would agree on it by chance."""
    found = {column: _of_all((str(row[column]) for row in rows), *SHARES[column]) for column in SHARES}
    families = Counter(str(row["family"]) for row in rows)
    for column, name in OF_A_FAMILY.items():
        found[column] = _of_a_family(
            ((str(row["family"]), str(row[name]), str(row[column])) for row in rows), families, found[name]
        )
    return found


def _of_all(names: Iterable[str], share: float, weight: int) -> dict[str, float]:
    """As counted in the lists, steadied by what holds anywhere."""
    counts = Counter(name for name in names if name)
    total = counts.total()
    shares = {name: (counts[name] - 1 + share * weight) / (total + weight) for name in sorted(counts)} or {"": share}
    return {name: min(one, _AT_MOST) for name, one in shares.items()}


def _of_a_family(
    names: Iterable[tuple[str, str, str]], families: Mapping[str, int], shares: Mapping[str, float]
) -> dict[str, float]:
    """Among the bearers of a surname, the two rows at hand left out: where names are of a region or a family, both
    agree more often than each by itself would."""
    counts = Counter(name for name in names if name[2])
    return {
        key: min(
            (max(count - 2, 0) + _COUNTS_FOR * shares[name]) / (max(families[family] - 2, 0) + _COUNTS_FOR), _AT_MOST
        )
        for (family, name, key), count in sorted(counts.items())
    } or {"": _AT_MOST}
