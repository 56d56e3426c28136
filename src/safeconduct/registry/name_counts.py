"""How many on the lists at hand bear a name, in words."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from safeconduct.registry.columns import Table, name_keys
from safeconduct.vocabulary.person import Person

_COLUMNS: Final = {"family_name": "family", "given_name": "given", "patronymic": "patronymic"}
"""The column of a list that holds a name's key."""


class NameCounts:
    """The names on some lists, counted across scripts and spellings."""

    def __init__(self, *lists: Table) -> None:
        self._lists = "these lists" if len(lists) > 1 else "this list"
        self._counts = {name: _counted(lists, column) for name, column in _COLUMNS.items()}
        self._everyone = {name: counts.total() for name, counts in self._counts.items()}

    def borne(self, person: Person) -> dict[str, str]:
        """By whom else a person's names are borne: `, borne by 1 in 4,000 on these lists`, by field."""
        return {name: f", {self._words(name, key)}" for name, key in name_keys(person).items()}

    def _words(self, name: str, key: str) -> str:
        bearers, everyone = self._counts[name][key], self._everyone[name]
        if bearers <= 2:
            return f"borne by nobody else on {self._lists}"
        one_in = round(everyone / bearers)
        return (
            f"borne by 1 in {_rounded(one_in):,} on {self._lists}" if one_in > 1 else f"borne by most on {self._lists}"
        )


def _counted(lists: Sequence[Table], column: str) -> Counter[str]:
    counts = Counter(str(key) for table in lists for key in table.get(column, ()))
    del counts[""]
    return counts


def _rounded(number: int) -> int:
    """To two figures: more would feign a precision that counts do not have."""
    return round(number, 2 - len(str(number))) if number > 99 else number
