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
_SWAPPED_WITH_SLIPS = " or ".join(
    f"(given_{one} = given_if_swapped_{other} and (damerau_levenshtein(family_{one}, family_if_swapped_{other}) <= 2"
    f" and least(length(family_{one}), length(family_if_swapped_{other})) >= 6"
    f" or family_outline_{one} = family_outline_if_swapped_{other} and length(family_outline_{one}) >= 3"
    f" or jaro_winkler_similarity(family_{one}, family_if_swapped_{other}) >= 0.9))"
    f" or (family_{one} = family_if_swapped_{other} and given_likely_{one} = given_likely_if_swapped_{other})"
    for one, other in ("lr", "rl")
)
_ANOTHER_READING = (
    "(family_l <> '' and family_l in (family_second_r, family_third_r))"
    " or (family_r <> '' and family_r in (family_second_l, family_third_l))"
)
_HALF_OF_TWO = (
    "(family_one_r <> '' and family_l in (family_one_r, family_other_r))"
    " or (family_one_l <> '' and family_r in (family_one_l, family_other_l))"
    " or (family_one_l <> '' and family_one_l = family_one_r and family_other_l = family_other_r)"
)
_POSSIBLY_FAMILIAR = (
    "(given_possible_l <> '' and list_contains(string_split(given_possible_l, '|'), given_r))"
    " or (given_possible_r <> '' and list_contains(string_split(given_possible_r, '|'), given_l))"
)


def _as_far_as_written(name: str) -> str:
    """One side's script does not write vowels, and the consonants agree."""
    return (
        f"{name}_lacks_vowels_l <> {name}_lacks_vowels_r and {name}_skeleton_l = {name}_skeleton_r"
        f" and length({name}_skeleton_l) >= 2"
    )


def _initial_of(name: str) -> str:
    """One side has an initial only, with which a form of the other's name begins."""
    return (
        f"({name}_length_l = 1 and contains({name}_initials_r, {name}_initial_l))"
        f" or ({name}_length_r = 1 and contains({name}_initials_l, {name}_initial_r))"
    )


def _a_letter_apart(name: str) -> str:
    """In the key or as it is spelt."""
    return _apart(name, "case when greatest(length({0}_l), length({0}_r)) >= 4 then 1 else 0 end")


def _slip(name: str) -> str:
    """A letter apart, or two in long names."""
    two = "least(length({0}_l), length({0}_r)) >= 8"
    one = "greatest(length({0}_l), length({0}_r)) >= 4"
    return _apart(name, f"case when {two} then 2 when {one} then 1 else 0 end")


def _apart(name: str, at_most: str) -> str:
    keys = (name, f"{name}_spelt")
    return "(" + " or ".join(f"damerau_levenshtein({k}_l, {k}_r) <= {at_most.format(k)}" for k in keys) + ")"


def _slip_of(name: str) -> str:
    """A known name that the one may be a slip of, in the spelling of whatever language, is one that the other is or
    may be a slip of."""
    near = (f"string_split({name}_near_{side}, '|')" for side in "lr")
    return f"({name}_near_l <> '' and {name}_near_r <> '' and list_has_any({', '.join(near)}))"


def _resembles(name: str) -> str:
    return f"jaro_winkler_similarity({name}_spelt_l, {name}_spelt_r) >= 0.8"


def _half_agrees(name: str) -> str:
    """Slips at the beginning weigh no more than others, as they do in `_resembles`."""
    keys = f"{name}_spelt_l", f"{name}_spelt_r"
    return f"damerau_levenshtein({', '.join(keys)}) <= greatest(length({keys[0]}), length({keys[1]})) // 2"


_WHOLE_DAYS = "day_l > 0 and day_r > 0"
_SAME_PARTS = "(cast(year_l = year_r as int) + cast(month_l = month_r as int) + cast(day_l = day_r as int))"

_RISEN = "((rank_r - rank_l) * (later_r - later_l))"
"""Steps up from the earlier list to the later one; 0 where it is not known which is which."""

COMPARISONS: Final = (
    Comparison(
        "family_name",
        "family_l = '' or family_r = ''",
        (
            Level("family_l = family_r", 0.82, 0.001, "surname the same{transliterated}", frequency_of="family"),
            Level(_ANOTHER_READING, 0.02, 0.00006, "surname the same in another reading ({left}, {right})"),
            Level(
                _as_far_as_written("family"),
                0.7,
                0.003,
                "surname the same as far as its script tells ({left}, {right})",
            ),
            Level(
                _SWAPPED,
                0.8,
                0.001,
                "surname and given name stand in each other's column",
                frequency_of="family",
            ),
            Level(_HALF_OF_TWO, 0.004, 0.00004, "one of two surnames the same ({left}, {right})"),
            Level(
                _SWAPPED_WITH_A_SLIP,
                0.006,
                0.00001,
                "surname and given name stand in each other's column, one with a slip ({left}, {right})",
            ),
            Level(
                _SWAPPED_WITH_SLIPS,
                0.003,
                0.00001,
                "surname and given name stand in each other's column, one with slips ({left}, {right})",
            ),
            Level(_a_letter_apart("family"), 0.08, 0.0005, "surname differs by a letter ({left}, {right})"),
            Level(_slip("family"), 0.02, 0.0005, "surname differs by a letter or two ({left}, {right})"),
            Level(
                "(family_outline_l = family_outline_r and length(family_outline_l) >= 3)"
                " or jaro_winkler_similarity(family_l, family_r) >= 0.9",
                0.025,
                0.0015,
                "surname similar ({left}, {right})",
            ),
            Level(
                _resembles("family"),
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
            Level(_as_far_as_written("given"), 0.7, 0.04, "given name the same as far as its script tells"),
            Level(_SWAPPED, 0.8, 0.03, "", frequency_of="given"),
            Level(_SWAPPED_WITH_A_SLIP, 0.006, 0.0006, ""),
            Level(_SWAPPED_WITH_SLIPS, 0.003, 0.0006, ""),
            Level(_initial_of("given"), 0.02, 0.003, "given name fits its initial"),
            Level(_POSSIBLY_FAMILIAR, 0.01, 0.001, "given name may be a familiar form ({left}, {right})"),
            # Two names in use that look alike are rather of brothers than a slip.
            Level(
                f"(given_likely_l = given_likely_r or {_slip('given')}) and given_known_l + given_known_r < 2"
                f" or {_slip_of('given')} and given_in_use_l + given_in_use_r < 2",
                0.045,
                0.0025,
                "given name differs by a letter or two ({left}, {right})",
            ),
            Level(
                f"({_resembles('given')} or {_half_agrees('given')}) and given_in_use_l + given_in_use_r < 2",
                0.01,
                0.006,
                "given name similar in part only ({left}, {right})",
            ),
            Level(
                f"{_slip('given')}",
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
            Level(_as_far_as_written("patronymic"), 0.7, 0.04, "father's name the same as far as its script tells"),
            Level(_initial_of("patronymic"), 0.02, 0.003, "patronymic fits its initial"),
            Level(
                f"(patronymic_likely_l = patronymic_likely_r or {_slip('patronymic')} or {_slip_of('patronymic')})"
                " and patronymic_known_l + patronymic_known_r < 2",
                0.06,
                0.004,
                "patronymic differs by a letter or two ({left}, {right})",
            ),
            Level(
                f"{_resembles('patronymic')} and patronymic_known_l + patronymic_known_r < 2",
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
                f"{_WHOLE_DAYS} and year_l = year_r and day_l = month_r and month_l = day_r",
                0.008,
                0.00005,
                "birth dates differ by swapped day and month ({left}, {right})",
            ),
            Level(
                f"{_WHOLE_DAYS} and abs(year_l - year_r) = 1 and month_l = month_r and day_l = day_r",
                0.015,
                0.00015,
                "birth dates differ by one year ({left}, {right})",
            ),
            Level(
                f"{_WHOLE_DAYS} and damerau_levenshtein(born_l, born_r) = 1",
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
                f"{_WHOLE_DAYS} and {_SAME_PARTS} = 2",
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
            Level(f"{_RISEN} between 1 and 2", 0.21, 0.2, "rank rose from {lower} to {higher}, {steps}"),
            Level(f"{_RISEN} > 2", 0.03, 0.175, "rank rose from {lower} to {higher}, {steps}"),
            Level(
                f"{_RISEN} between -2 and -1", 0.045, 0.2, "rank lower on the later list ({higher}, {lower}: {steps})"
            ),
            Level(
                f"{_RISEN} < -2",
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
