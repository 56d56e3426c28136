"""What speaks for and against two rows being one person: the comparisons, their weights and their plain words.

Each comparison is a ladder of levels; a pair stands on the first whose condition holds. A level carries two
probabilities: `m` of standing there if the two rows are one person, `u` if they are two; log2(m/u) is its weight in
bits. They are fixed, not trained on the lists at hand: a list of one person must work, the order of rows must not
matter, and estimation by expectation-maximisation finds some pattern to call a match even in lists that share nobody.
`m` says how often lists made by two hands disagree on a person (slips in 1 to 5 % of fields, each bureau its own
sources); `u` follows from the population: adults of some forty years of birth, names as frequent as `NAME_SHARES`
says, corrected by how often each name stands in the lists themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safeconduct.registry.fold import fold, given_key, likely_given_key, likely_patronymic_key, patronymic_key, skeleton
from safeconduct.registry.ranks import rank_level
from safeconduct.registry.values import word_key
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True, slots=True)
class Level:
    """One rung: an SQL condition on the columns of `columns_of` with `_l` and `_r` (empty: all that is left)."""

    condition: str
    m: float
    u: float
    reason: str
    contradicts: bool = False
    """It speaks against one person, and keeps the pair from the one-reviewer band."""
    frequency_of: str = ""
    """The column whose own frequency in the lists takes the place of `u`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A ladder of levels; `missing` is the SQL condition under which nothing is compared (weight 0)."""

    name: str
    missing: str
    levels: tuple[Level, ...]


def columns_of(person: Person) -> dict[str, str | int]:
    """What of a person is compared. Empty text and 0 mean that the list does not say."""
    given = given_key(person.given_name)
    return {
        "family": fold(person.family_name),
        "family_skeleton": skeleton(person.family_name),
        "given": given,
        "given_likely": likely_given_key(person.given_name),
        "given_initial": fold(person.given_name)[:1],
        "given_length": len(fold(person.given_name)),
        "patronymic": patronymic_key(person.patronymic),
        "patronymic_likely": likely_patronymic_key(person.patronymic),
        "family_if_swapped": fold(person.given_name),
        "given_if_swapped": given_key(person.family_name),
        **_date_columns(person.birth_date),
        "sex": person.sex,
        "service_number": word_key(person.service_number) if any(c.isalnum() for c in person.service_number) else "",
        "rank": rank_level(person.rank),
        "unit": _unit_key(person.unit),
    }


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


NAME_SHARES: Final = {"family": (0.001, 1000), "given": (0.02, 200), "patronymic": (0.02, 200)}
"""The share of persons who bear a name, before the lists have been seen, and the number of persons that this
counts for."""

_SWAPPED = (
    "((family_l = family_if_swapped_r and given_l = given_if_swapped_r)"
    " or (family_r = family_if_swapped_l and given_r = given_if_swapped_l))"
)
_SWAPPED_WITH_A_SLIP = " or ".join(
    f"({exact} and damerau_levenshtein({one}, {other}) <= 1 and least(length({one}), length({other})) >= 4)"
    for exact, one, other in (
        ("family_l = family_if_swapped_r", "given_l", "given_if_swapped_r"),
        ("family_r = family_if_swapped_l", "given_r", "given_if_swapped_l"),
        ("given_l = given_if_swapped_r", "family_l", "family_if_swapped_r"),
        ("given_r = given_if_swapped_l", "family_r", "family_if_swapped_l"),
    )
)
_WHOLE_DAYS = "day_l > 0 and day_r > 0"
_SAME_PARTS = "(cast(year_l = year_r as int) + cast(month_l = month_r as int) + cast(day_l = day_r as int))"

COMPARISONS: Final = (
    Comparison(
        "family_name",
        "family_l = '' or family_r = ''",
        (
            Level("family_l = family_r", 0.86, 0.001, "surname the same{transliterated}", frequency_of="family"),
            Level(_SWAPPED, 0.02, 0.00002, "surname and given name stand in each other's column"),
            Level(
                _SWAPPED_WITH_A_SLIP,
                0.004,
                0.00004,
                "surname and given name stand in each other's column, one with a slip ({left}, {right})",
            ),
            Level(
                "damerau_levenshtein(family_l, family_r) <= case when least(length(family_l), length(family_r)) >="
                " 8 then 2"
                " when least(length(family_l), length(family_r)) >= 4 then 1 else 0 end",
                0.06,
                0.003,
                "surname differs by a letter or two ({left}, {right})",
            ),
            Level(
                "(family_skeleton_l = family_skeleton_r and length(family_skeleton_l) >= 3)"
                " or jaro_winkler_similarity(family_l, family_r) >= 0.9",
                0.03,
                0.004,
                "surname similar ({left}, {right})",
            ),
            Level("", 0.02, 0.99, "surname differs ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "given_name",
        "given_l = '' or given_r = ''",
        (
            Level("given_l = given_r", 0.88, 0.03, "given name the same{transliterated}", frequency_of="given"),
            Level(_SWAPPED, 0.02, 0.0005, ""),
            Level(_SWAPPED_WITH_A_SLIP, 0.004, 0.0005, ""),
            Level(
                "least(given_length_l, given_length_r) = 1 and given_initial_l = given_initial_r",
                0.03,
                0.004,
                "given name fits its initial",
            ),
            Level(
                "given_likely_l = given_likely_r"
                " or (damerau_levenshtein(given_l, given_r) <= 1 and least(length(given_l), length(given_r)) >= 4)",
                0.05,
                0.006,
                "given name differs by a letter ({left}, {right})",
            ),
            Level("", 0.02, 0.96, "given name differs ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "patronymic",
        "patronymic_l = '' or patronymic_r = ''",
        (
            Level(
                "patronymic_l = patronymic_r",
                0.91,
                0.03,
                "patronymic the same{transliterated}",
                frequency_of="patronymic",
            ),
            Level(
                "least(length(patronymic_l), length(patronymic_r)) = 1 and left(patronymic_l, 1) ="
                " left(patronymic_r, 1)",
                0.02,
                0.003,
                "patronymic fits its initial",
            ),
            Level(
                "patronymic_likely_l = patronymic_likely_r or (damerau_levenshtein(patronymic_l, patronymic_r) <= 1"
                " and least(length(patronymic_l), length(patronymic_r)) >= 4)",
                0.05,
                0.006,
                "patronymic differs by a letter ({left}, {right})",
            ),
            Level("", 0.02, 0.96, "patronymic differs ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "birth_date",
        "year_l = 0 or year_r = 0",
        (
            Level("born_l = born_r and born_l <> ''", 0.8, 0.0001, "birth date the same"),
            Level(
                "year_l = year_r and month_l = month_r and month_l > 0 and (day_l = 0 or day_r = 0)",
                0.02,
                0.00006,
                "birth date the same as far as known (year and month)",
            ),
            Level(
                "year_l = year_r and (month_l = 0 or month_r = 0)",
                0.08,
                0.0025,
                "birth date the same as far as known (year)",
            ),
            Level(
                f"{_WHOLE_DAYS} and year_l = year_r and day_l = month_r and month_l = day_r",
                0.015,
                0.00008,
                "birth dates differ by swapped day and month ({left}, {right})",
            ),
            Level(
                f"{_WHOLE_DAYS} and damerau_levenshtein(born_l, born_r) = 1",
                0.03,
                0.0012,
                "birth dates differ by one digit ({left}, {right})",
            ),
            Level(
                f"{_WHOLE_DAYS} and {_SAME_PARTS} = 2",
                0.02,
                0.006,
                "birth dates agree in two of day, month and year ({left}, {right})",
            ),
            Level(
                "abs(year_l - year_r) = 1 and (day_l = 0 or day_r = 0)",
                0.004,
                0.004,
                "birth years differ by one ({left}, {right})",
            ),
            Level("", 0.015, 0.95, "birth dates differ ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "sex",
        "sex_l = '' or sex_r = ''",
        (
            Level("sex_l = sex_r", 0.995, 0.9, ""),
            Level("", 0.005, 0.1, "sex differs ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "service_number",
        "service_number_l = '' or service_number_r = ''",
        (
            Level("service_number_l = service_number_r", 0.8, 0.0001, "service number the same"),
            Level(
                "damerau_levenshtein(service_number_l, service_number_r) = 1 and length(service_number_l) >= 5",
                0.05,
                0.002,
                "service number differs by one sign ({left}, {right})",
            ),
            # One side's number may be of another kind than the other's (tag, ticket), so it does not contradict.
            Level("", 0.3, 0.999, "service number differs ({left}, {right})"),
        ),
    ),
    Comparison(
        "rank",
        "rank_l = 0 or rank_r = 0",
        (
            Level("rank_l = rank_r", 0.65, 0.3, "rank the same"),
            Level("abs(rank_l - rank_r) <= 2", 0.28, 0.4, ""),
            Level("", 0.1, 0.35, "rank far apart ({left}, {right})"),
        ),
    ),
    Comparison(
        "unit",
        "unit_l = '' or unit_r = ''",
        (
            Level("unit_l = unit_r", 0.5, 0.04, "unit the same"),
            Level("", 0.5, 0.96, ""),
        ),
    ),
)

BLOCKING: Final = (
    "l.family = r.family and l.given = r.given and l.family <> '' and l.given <> ''",
    "l.family = r.family and l.year = r.year and l.family <> '' and l.year > 0",
    "l.family = r.family and l.patronymic = r.patronymic and l.family <> '' and l.patronymic <> ''",
    "l.born = r.born and l.born <> ''",
    "l.given = r.given and l.patronymic = r.patronymic and l.year = r.year and l.given <> '' and l.patronymic <> ''"
    " and l.year > 0",
    "l.given = r.given and l.patronymic = r.patronymic and left(l.family_skeleton, 2) = left(r.family_skeleton, 2)"
    " and l.given <> '' and l.patronymic <> '' and l.family_skeleton <> ''",
    "l.family_skeleton = r.family_skeleton and l.given = r.given and l.family_skeleton <> '' and l.given <> ''",
    "l.family_skeleton = r.family_skeleton and l.year = r.year and l.given_initial = r.given_initial"
    " and l.family_skeleton <> '' and l.year > 0 and l.given_initial <> ''",
    "l.family = r.family_if_swapped and l.given = r.given_if_swapped and l.family <> '' and l.given <> ''",
    "l.family_if_swapped = r.family and l.given_if_swapped = r.given and r.family <> '' and r.given <> ''",
    "l.family = r.family and l.given_initial = r.given_initial and least(l.given_length, r.given_length) <= 1"
    " and l.family <> ''",
    "l.given_likely = r.given_likely and l.year = r.year and l.unit = r.unit and l.given_likely <> '' and l.year > 0"
    " and l.unit <> ''",
    "l.family = r.family and l.unit = r.unit and l.family <> '' and l.unit <> ''",
    "l.service_number = r.service_number and l.service_number <> ''",
)
"""Exact keys: a pair that shares none of them is never looked at. A slip in one field leaves another key standing."""


def describe(
    levels: Mapping[str, int], left: Person, right: Person, borne: Mapping[str, str] | None = None
) -> tuple[list[str], list[str]]:
    """What contradicts, and what else was seen, in plain words. `levels`: per comparison the place on its ladder,
    or -1; `borne`: by whom else a name that both bear is borne, by comparison."""
    against: list[str] = []
    others: list[str] = []
    missing: list[str] = []
    for comparison in COMPARISONS:
        place = levels[comparison.name]
        if place < 0:
            if comparison.name in ("birth_date", "patronymic", "given_name", "family_name"):
                missing.append(f"no {comparison.name.replace('_', ' ')} to compare")
            continue
        level = comparison.levels[place]
        ours, theirs = str(getattr(left, comparison.name)), str(getattr(right, comparison.name))
        told = level.reason.format(left=ours, right=theirs, transliterated=_spelt(ours, theirs))
        if level.frequency_of and borne:
            told += borne.get(comparison.name, "")
        if told:
            (against if level.contradicts else others).append(told)
    return against, others + missing


def _spelt(left: str, right: str) -> str:
    if left.casefold() == right.casefold():
        return ""
    if fold(left) != fold(right):
        return f" in another form ({left}, {right})"
    return (
        " after transliteration"
        if _is_cyrillic(left) != _is_cyrillic(right)
        else f" in another spelling ({left}, {right})"
    )


def _is_cyrillic(text: str) -> bool:
    return any("Ѐ" <= letter <= "ӿ" for letter in text)
