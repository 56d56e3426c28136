"""How many on the lists at hand bear a name, in words."""

from collections import Counter
from collections.abc import Iterable, Sequence

from safeconduct.registry.evidence import NAME_SHARES
from safeconduct.registry.fold import fold, given_key, patronymic_key
from safeconduct.vocabulary.person import Person


class NameCounts:
    """The names on some lists, counted across scripts and spellings."""

    def __init__(self, *lists: Sequence[Person]) -> None:
        everyone = [person for persons in lists for person in persons]
        self._lists = "these lists" if len(lists) > 1 else "this list"
        self._counts = {
            "family_name": _counted(fold(one.family_name) for one in everyone),
            "given_name": _counted(given_key(one.given_name) for one in everyone),
            "patronymic": _counted(patronymic_key(one.patronymic) for one in everyone),
        }

    def borne(self, person: Person) -> dict[str, str]:
        """By whom else a person's names are borne: `, borne by 1 in 4,000 on these lists`, by field."""
        return {name: f", {self._words(name, key)}" for name, (_, key) in _keys(person).items()}

    def share(self, name: str, person: Person) -> float:
        """The share of persons who bear this person's name, as the comparison of `name` weighs it."""
        column, key = _keys(person)[name]
        counts, (share, weight) = self._counts[name], NAME_SHARES[column]
        return (counts[key] - 1 + share * weight) / (counts.total() + weight)

    def _words(self, name: str, key: str) -> str:
        counts = self._counts[name]
        bearers, everyone = counts[key], counts.total()
        if bearers <= 2:
            return f"borne by nobody else on {self._lists}"
        one_in = round(everyone / bearers)
        return (
            f"borne by 1 in {_rounded(one_in):,} on {self._lists}" if one_in > 1 else f"borne by most on {self._lists}"
        )


def _keys(person: Person) -> dict[str, tuple[str, str]]:
    """Of each name its column in `evidence.columns_of`, and its key."""
    return {
        "family_name": ("family", fold(person.family_name)),
        "given_name": ("given", given_key(person.given_name)),
        "patronymic": ("patronymic", patronymic_key(person.patronymic)),
    }


def _counted(keys: Iterable[str]) -> Counter[str]:
    return Counter(key for key in keys if key)


def _rounded(number: int) -> int:
    """To two figures: more would feign a precision that counts do not have."""
    return round(number, 2 - len(str(number))) if number > 99 else number
