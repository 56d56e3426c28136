"""How many on the lists at hand bear a name, in words."""

from collections import Counter
from collections.abc import Sequence

from safeconduct.registry.columns import name_keys
from safeconduct.vocabulary.person import Person


class NameCounts:
    """The names on some lists, counted across scripts and spellings."""

    def __init__(self, *lists: Sequence[Person]) -> None:
        self._lists = "these lists" if len(lists) > 1 else "this list"
        self._counts: dict[str, Counter[str]] = {
            "family_name": Counter(),
            "given_name": Counter(),
            "patronymic": Counter(),
        }
        for person in (person for persons in lists for person in persons):
            for name, key in name_keys(person).items():
                if key:
                    self._counts[name][key] += 1

    def borne(self, person: Person) -> dict[str, str]:
        """By whom else a person's names are borne: `, borne by 1 in 4,000 on these lists`, by field."""
        return {name: f", {self._words(name, key)}" for name, key in name_keys(person).items()}

    def _words(self, name: str, key: str) -> str:
        counts = self._counts[name]
        bearers, everyone = counts[key], counts.total()
        if bearers <= 2:
            return f"borne by nobody else on {self._lists}"
        one_in = round(everyone / bearers)
        return (
            f"borne by 1 in {_rounded(one_in):,} on {self._lists}" if one_in > 1 else f"borne by most on {self._lists}"
        )


def _rounded(number: int) -> int:
    """To two figures: more would feign a precision that counts do not have."""
    return round(number, 2 - len(str(number))) if number > 99 else number
