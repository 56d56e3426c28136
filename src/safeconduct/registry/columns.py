"""What of a person is compared, and in which form: the columns that `evidence` speaks of."""

import msgspec

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


def name_keys(person: Person) -> dict[str, str]:
    """Of each name the key on which its column agrees, by field; empty where the list does not say."""
    return {
        "family_name": surname_key(_signed(person.family_name)),
        "given_name": given_key(person.given_name),
        "patronymic": patronymic_key(_signed(person.patronymic)),
    }


def columns_of(person: Person) -> dict[str, str | int]:
    """What of a person is compared. Empty text and 0 mean that the list does not say."""
    person = msgspec.structs.replace(
        person, family_name=_signed(person.family_name), patronymic=_signed(person.patronymic)
    )
    family, *others = surname_readings(person.family_name)
    parts = surname_parts(person.family_name)
    possible = possible_given_keys(person.given_name)
    given, patronymic = given_key(person.given_name), patronymic_key(person.patronymic)
    return {
        "family": family,
        "family_spelt": fold(person.family_name),
        "family_second": others[0] if others else "",
        "family_third": others[1] if len(others) > 1 else "",
        "family_one": parts[0] if parts else "",
        "family_other": parts[-1] if parts else "",
        "family_skeleton": skeleton(person.family_name),
        "family_outline": _outline(person.family_name),
        "family_lacks_vowels": int(lacks_vowels(person.family_name)),
        "given": given,
        "given_of_family": f"{family}|{given}" if family and given else "",
        "given_spelt": fold(person.given_name),
        "given_known": int(is_known_given_name(person.given_name)),
        "given_near": "|".join(near_given_keys(person.given_name)),
        "given_likely": likely_given_key(person.given_name),
        "given_possible": "|".join(possible) if len(possible) > 1 else "",
        "given_skeleton": skeleton(person.given_name),
        "given_lacks_vowels": int(lacks_vowels(person.given_name)),
        "given_initial": fold(person.given_name)[:1],
        "given_initials": given_initials(person.given_name),
        "given_length": _letters(person.given_name),
        "patronymic": patronymic,
        "patronymic_of_family": f"{family}|{patronymic}" if family and patronymic else "",
        "patronymic_spelt": fold(person.patronymic),
        "patronymic_likely": likely_patronymic_key(person.patronymic),
        "patronymic_known": int(is_known_patronymic(person.patronymic)),
        "patronymic_near": "|".join(near_patronymic_keys(person.patronymic)),
        "patronymic_skeleton": skeleton(person.patronymic),
        "patronymic_lacks_vowels": int(lacks_vowels(person.patronymic)),
        "patronymic_initial": fold(person.patronymic)[:1],
        "patronymic_initials": patronymic_initials(person.patronymic),
        "patronymic_length": _letters(person.patronymic),
        "family_if_swapped": surname_key(person.given_name),
        "family_outline_if_swapped": _outline(person.given_name),
        "given_if_swapped": given_key(person.family_name),
        "given_likely_if_swapped": likely_given_key(person.family_name),
        **_date_columns(person.birth_date),
        "sex": person.sex,
        "service_number": word_key(person.service_number) if any(c.isalnum() for c in person.service_number) else "",
        "rank": rank_level(person.rank),
        "unit": _unit_key(person.unit),
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
        "born": date.earliest.strftime("%Y%m%d") if whole_day else "",
        "year": date.earliest.year,
        "month": date.earliest.month if whole_month else 0,
        "day": date.earliest.day if whole_day else 0,
    }


def _unit_key(unit: str) -> str:
    """The number of a unit (в/ч А1234 is 1234), or its words where it has none."""
    numbers = "".join(c if c.isdigit() else " " for c in unit).split()
    return "-".join(numbers) if numbers else fold(unit)
