"""What speaks for and against two rows being one person: the comparisons, their weights and their plain words.

Each comparison is a ladder of levels; a pair stands on the first whose condition holds. A level carries two
probabilities: `m` of standing there if the two rows are one person, `u` if they are two; log2(m/u) is its weight in
bits. They are fixed, not trained on the lists at hand: a list of one person must work, the order of rows must not
matter, and estimation by expectation-maximisation finds some pattern to call a match even in lists that share nobody.
`m` says how often lists made by two hands disagree on a person (slips in 1 to 5 % of fields, each bureau its own
sources); `u` follows from the population: adults of some forty years of birth, names as frequent as
`frequencies.SHARES` says, corrected by how often each name stands in the lists themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safeconduct.registry.conditions import (
    ANOTHER_READING,
    HALF_OF_TWO,
    POSSIBLY_FAMILIAR,
    RISEN,
    SAME_PARTS,
    SWAPPED,
    SWAPPED_WITH_A_SLIP,
    SWAPPED_WITH_SLIPS,
    WHOLE_DAYS,
    a_letter_apart,
    as_far_as_written,
    half_agrees,
    initial_of,
    resembles,
    slip,
    slip_of,
)
from safeconduct.registry.fold import surname_key
from safeconduct.registry.names.spelling import spelling_of
from safeconduct.registry.ranks import rise_in_words
from safeconduct.vocabulary.person import Person


@dataclass(frozen=True, slots=True)
class Level:
    """One rung: an SQL condition on `columns.columns_of` with `_l` and `_r` (empty: all that is left)."""

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


COMPARISONS: Final = (
    Comparison(
        "family_name",
        "family_l = '' or family_r = ''",
        (
            Level("family_l = family_r", 0.82, 0.001, "surname the same{transliterated}", frequency_of="family"),
            Level(ANOTHER_READING, 0.02, 0.00006, "surname the same in another reading ({left}, {right})"),
            Level(
                as_far_as_written("family"),
                0.7,
                0.003,
                "surname the same as far as its script tells ({left}, {right})",
            ),
            Level(
                SWAPPED,
                0.8,
                0.001,
                "surname and given name stand in each other's column",
                frequency_of="family",
            ),
            Level(HALF_OF_TWO, 0.004, 0.00004, "one of two surnames the same ({left}, {right})"),
            Level(
                SWAPPED_WITH_A_SLIP,
                0.006,
                0.00001,
                "surname and given name stand in each other's column, one with a slip ({left}, {right})",
            ),
            Level(
                SWAPPED_WITH_SLIPS,
                0.003,
                0.00001,
                "surname and given name stand in each other's column, one with slips ({left}, {right})",
            ),
            Level(a_letter_apart("family"), 0.08, 0.0005, "surname differs by a letter ({left}, {right})"),
            Level(slip("family"), 0.02, 0.0005, "surname differs by a letter or two ({left}, {right})"),
            Level(
                "(family_outline_l = family_outline_r and length(family_outline_l) >= 3)"
                " or jaro_winkler_similarity(family_l, family_r) >= 0.9",
                0.025,
                0.0015,
                "surname similar ({left}, {right})",
            ),
            Level(
                resembles("family"),
                0.015,
                0.012,
                "surname similar in part only ({left}, {right})",
            ),
            # A woman's may be that of her marriage on one side.
            Level(
                "sex_l = 'F' and sex_r = 'F'",
                0.04,
                0.98,
                "surname differs, of a woman ({left}, {right})",
                contradicts=True,
            ),
            Level("", 0.008, 0.98, "surname differs ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "given_name",
        "given_l = '' or given_r = ''",
        (
            Level(
                # Also where the surname has a slip: names are of a region, whoever wrote them.
                "given_l = given_r",
                0.88,
                0.03,
                "given name the same{transliterated}",
                frequency_of="given_of_family",
            ),
            Level(as_far_as_written("given"), 0.7, 0.04, "given name the same as far as its script tells"),
            Level(SWAPPED, 0.8, 0.03, "", frequency_of="given"),
            Level(SWAPPED_WITH_A_SLIP, 0.006, 0.0006, ""),
            Level(SWAPPED_WITH_SLIPS, 0.003, 0.0006, ""),
            Level(initial_of("given"), 0.02, 0.003, "given name fits its initial"),
            Level(POSSIBLY_FAMILIAR, 0.01, 0.001, "given name may be a familiar form ({left}, {right})"),
            # Two names in use that look alike are rather of brothers than a slip.
            Level(
                f"(given_likely_l = given_likely_r or {slip('given')}) and given_known_l + given_known_r < 2"
                f" or {slip_of('given')} and given_in_use_l + given_in_use_r < 2",
                0.045,
                0.0025,
                "given name differs by a letter or two ({left}, {right})",
            ),
            Level(
                f"({resembles('given')} or {half_agrees('given')}) and given_in_use_l + given_in_use_r < 2",
                0.01,
                0.006,
                "given name similar in part only ({left}, {right})",
            ),
            Level(
                f"{slip('given')}",
                0.004,
                0.003,
                "given name another, though similar ({left}, {right})",
                contradicts=True,
            ),
            Level("", 0.006, 0.95, "given name differs ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "patronymic",
        "patronymic_l = '' or patronymic_r = ''",
        (
            Level(
                "patronymic_l = patronymic_r",
                0.88,
                0.03,
                "patronymic the same{transliterated}",
                frequency_of="patronymic_of_family",
            ),
            Level(as_far_as_written("patronymic"), 0.7, 0.04, "father's name the same as far as its script tells"),
            Level(initial_of("patronymic"), 0.02, 0.003, "patronymic fits its initial"),
            Level(
                f"(patronymic_likely_l = patronymic_likely_r or {slip('patronymic')} or {slip_of('patronymic')})"
                " and patronymic_known_l + patronymic_known_r < 2",
                0.06,
                0.004,
                "patronymic differs by a letter or two ({left}, {right})",
            ),
            Level(
                f"{resembles('patronymic')} and patronymic_known_l + patronymic_known_r < 2",
                0.012,
                0.03,
                "patronymic similar in part only ({left}, {right})",
            ),
            Level("", 0.012, 0.95, "patronymic differs ({left}, {right})", contradicts=True),
        ),
    ),
    Comparison(
        "birth_date",
        "year_l = 0 or year_r = 0",
        (
            Level("born_l = born_r and born_l <> ''", 0.88, 0.00009, "birth date the same"),
            Level(
                "year_l = year_r and month_l = month_r and month_l > 0 and (day_l = 0 or day_r = 0)",
                0.02,
                0.00006,
                "birth date the same as far as known (year and month)",
            ),
            Level(
                "year_l = year_r and (month_l = 0 or month_r = 0)",
                0.12,
                0.004,
                "birth date the same as far as known (year)",
            ),
            Level(
                f"{WHOLE_DAYS} and year_l = year_r and day_l = month_r and month_l = day_r",
                0.008,
                0.00005,
                "birth dates differ by swapped day and month ({left}, {right})",
            ),
            Level(
                f"{WHOLE_DAYS} and abs(year_l - year_r) = 1 and month_l = month_r and day_l = day_r",
                0.015,
                0.00015,
                "birth dates differ by one year ({left}, {right})",
            ),
            Level(
                f"{WHOLE_DAYS} and damerau_levenshtein(born_l, born_r) = 1",
                0.03,
                0.0012,
                "birth dates differ by one digit ({left}, {right})",
            ),
            # 1 January, and the first of a month, is what forms have where the day was not known.
            Level(
                "year_l = year_r and (right(born_l, 4) = '0101' or right(born_r, 4) = '0101')",
                0.01,
                0.0006,
                "birth year the same, one day perhaps only filled in ({left}, {right})",
            ),
            Level(
                f"{WHOLE_DAYS} and {SAME_PARTS} = 2",
                0.003,
                0.004,
                "birth dates agree in two of day, month and year ({left}, {right})",
                contradicts=True,
            ),
            Level(
                "abs(year_l - year_r) = 1 and (day_l = 0 or day_r = 0)",
                0.004,
                0.01,
                "birth years differ by one ({left}, {right})",
                contradicts=True,
            ),
            Level("", 0.008, 0.97, "birth dates differ ({left}, {right})", contradicts=True),
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
            Level("service_number_l = service_number_r", 0.8, 0.00005, "service number the same"),
            # Numbers are given out in a row, so neighbours have similar ones.
            Level(
                "damerau_levenshtein(service_number_l, service_number_r) = 1 and length(service_number_l) >= 5",
                0.05,
                0.0005,
                "service number differs by one sign ({left}, {right})",
            ),
            # One side's number may be of another kind than the other's (tag, ticket), so it does not contradict.
            Level("", 0.25, 0.999, "service number differs ({left}, {right})"),
        ),
    ),
    Comparison(
        "rank",
        "rank_l = 0 or rank_r = 0",
        (
            Level("rank_l = rank_r", 0.7, 0.2, "rank the same", frequency_of="rank"),
            # Where it is known which list is the later one: people are promoted, in captivity and posthumously too, and
            # hardly ever demoted.
            Level(f"{RISEN} between 1 and 2", 0.21, 0.2, "rank rose from {lower} to {higher}, {steps}"),
            Level(f"{RISEN} > 2", 0.03, 0.175, "rank rose from {lower} to {higher}, {steps}"),
            Level(
                f"{RISEN} between -2 and -1", 0.045, 0.2, "rank lower on the later list ({higher}, {lower}: {steps})"
            ),
            Level(
                f"{RISEN} < -2",
                0.015,
                0.175,
                "rank lower on the later list ({higher}, {lower}: {steps})",
                contradicts=True,
            ),
            # Where it is not known.
            Level("abs(rank_l - rank_r) <= 2", 0.25, 0.4, ""),
            Level("", 0.05, 0.35, "rank far apart ({left}, {right})"),
        ),
    ),
    Comparison(
        "unit",
        "unit_l = '' or unit_r = ''",
        (
            Level("unit_l = unit_r", 0.5, 0.02, "unit the same", frequency_of="unit"),
            Level("", 0.5, 0.98, ""),
        ),
    ),
)


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
        told = level.reason.format(
            left=ours, right=theirs, transliterated=_spelt(ours, theirs), **rise_in_words(left.rank, right.rank)
        )
        # Not where the names stand in each other's column: what is counted there is another name's.
        if "{transliterated}" in level.reason and borne:
            told += borne.get(comparison.name, "")
        if told:
            (against if level.contradicts else others).append(told)
    return against, others + missing


def _spelt(left: str, right: str) -> str:
    if left.casefold() == right.casefold():
        return ""
    if surname_key(left) != surname_key(right):
        return f" in another form ({left}, {right})"
    ours, theirs = spelling_of(left), spelling_of(right)
    if ours.partition(" ")[0] == theirs.partition(" ")[0]:
        return f" in another spelling ({left}, {right})"
    scheme = next((spelling for spelling in (ours, theirs) if spelling.startswith("Latin (")), "")
    return f" after transliteration{scheme.removeprefix('Latin')}"
