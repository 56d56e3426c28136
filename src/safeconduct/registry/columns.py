"""What of a person is compared, and in which form: the columns that `evidence` speaks of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from safeconduct.registry.fold import (
    fold,
    given_initials,
    given_key,
    is_known_given_name,
    is_known_patronymic,
    lacks_vowels,
    likely_given_key,
    likely_patronymic_key,
    near_given_keys,
    near_patronymic_keys,
    patronymic_initials,
    patronymic_key,
    possible_given_keys,
    skeleton,
    surname_key,
    surname_parts,
    surname_readings,
)
from safeconduct.registry.ranks import rank_level
from safeconduct.registry.values import word_key
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

Columns = Callable[[Person], Mapping[str, str | int]]

Table = Mapping[str, Sequence[str | int]]
"""A list by column: `ref`, `later` and those of `columns_of`, a value for each row."""


def table_of(
    persons: Iterable[Person],
    tell: Callable[[int], None] = lambda _: None,
    columns: Columns | None = None,
    *,
    later: bool = False,
) -> Table:
    """A list by column, in the order of the refs, which no order of the rows touches. `tell` is told how many rows are
    done. `later`: whether it tells of a later time than the list that it is compared with."""
    rows = sorted(persons, key=lambda person: person.ref)
    table: dict[str, list[str | int]] = {"ref": [person.ref for person in rows], "later": [int(later)] * len(rows)}
    for done, person in enumerate(rows, start=1):
        for column, value in (columns or columns_of)(person).items():
            table.setdefault(column, []).append(value)
        if done % 1000 == 0:
            tell(done)
    return table


def name_keys(person: Person) -> dict[str, str]:
    """Of each name the key on which its column agrees, by field; empty where the list does not say."""
    return {
        "family_name": surname_key(_signed(person.family_name)),
        "given_name": given_key(person.given_name),
        "patronymic": patronymic_key(_signed(person.patronymic)),
    }


def columns_of(person: Person) -> dict[str, str | int]:
    """What of a person is compared. Empty text and 0 mean that the list does not say."""
    columns = {
        **_family_columns(_signed(person.family_name)),
        **_given_columns(person.given_name),
        **_patronymic_columns(_signed(person.patronymic)),
        **_date_columns(person.birth_date),
        "sex": person.sex,
        "service_number": word_key(person.service_number) if any(c.isalnum() for c in person.service_number) else "",
        "rank": _rank_level(person.rank),
        "unit": _unit_key(person.unit),
    }
    family, given, patronymic = columns["family"], columns["given"], columns["patronymic"]
    columns["given_of_family"] = f"{family}|{given}" if family and given else ""
    columns["patronymic_of_family"] = f"{family}|{patronymic}" if family and patronymic else ""
    return columns


@lru_cache(1 << 17)
def _family_columns(name: str) -> Mapping[str, str | int]:
    family, *others = surname_readings(name)
    parts = surname_parts(name)
    return {
        "family": family,
        "family_spelt": fold(name),
        "family_second": others[0] if others else "",
        "family_third": others[1] if len(others) > 1 else "",
        "family_one": parts[0] if parts else "",
        "family_other": parts[-1] if parts else "",
        "family_skeleton": skeleton(name),
        "family_outline": _outline(name),
        "family_lacks_vowels": int(lacks_vowels(name)),
        "given_if_swapped": given_key(name),
        "given_likely_if_swapped": likely_given_key(name),
    }


@lru_cache(1 << 16)
def _given_columns(name: str) -> Mapping[str, str | int]:
    given, possible = given_key(name), possible_given_keys(name)
    return {
        "given": given,
        "given_spelt": fold(name),
        "given_known": int(is_known_given_name(name)),
        "given_near": "|".join(near_given_keys(name)),
        "given_likely": likely_given_key(name),
        "given_possible": "|".join(possible) if len(possible) > 1 else "",
        "given_skeleton": skeleton(name),
        "given_lacks_vowels": int(lacks_vowels(name)),
        "given_initial": fold(name)[:1],
        "given_initials": given_initials(name),
        "given_length": _letters(name),
        "family_if_swapped": surname_key(name),
        "family_outline_if_swapped": _outline(name),
    }


@lru_cache(1 << 16)
def _patronymic_columns(name: str) -> Mapping[str, str | int]:
    return {
        "patronymic": patronymic_key(name),
        "patronymic_spelt": fold(name),
        "patronymic_likely": likely_patronymic_key(name),
        "patronymic_known": int(is_known_patronymic(name)),
        "patronymic_near": "|".join(near_patronymic_keys(name)),
        "patronymic_skeleton": skeleton(name),
        "patronymic_lacks_vowels": int(lacks_vowels(name)),
        "patronymic_initial": fold(name)[:1],
        "patronymic_initials": patronymic_initials(name),
        "patronymic_length": _letters(name),
    }


def _outline(name: str) -> str:
    """The skeleton without the difference of к, ц and ч, which Latin letters whose signs were lost do not show."""
    return skeleton(name).replace("w", "k").replace("kk", "k")


def _signed(name: str) -> str:
    """The č at the end of a patronymic or a surname like one (Pavlovic), where the sign over it was lost."""
    return f"{name[:-1]}č" if name[-4:].lower() in _ENDINGS_WITHOUT_SIGN else name


_ENDINGS_WITHOUT_SIGN = frozenset(f"{vowel}v{other}c" for vowel in "aeo" for other in "iy")


def _letters(name: str) -> int:
    return sum(map(str.isalpha, name))


def _date_columns(date: ImpreciseDate | None) -> dict[str, str | int]:
    if date is None:
        return {"born": "", "year": 0, "month": 0, "day": 0}
    whole_month = date.earliest.month == date.latest.month
    whole_day = date.earliest == date.latest
    return {
        "born": date.earliest.isoformat().replace("-", "") if whole_day else "",
        "year": date.earliest.year,
        "month": date.earliest.month if whole_month else 0,
        "day": date.earliest.day if whole_day else 0,
    }


_rank_level = lru_cache(1 << 12)(rank_level)


@lru_cache(1 << 14)
def _unit_key(unit: str) -> str:
    """The number of a unit (в/ч А1234 is 1234), or its words where it has none."""
    numbers = "".join(c if c.isdigit() else " " for c in unit).split()
    return "-".join(numbers) if numbers else fold(unit)
