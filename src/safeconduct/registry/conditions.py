"""What the levels of `evidence` ask of a pair of rows `l` and `r`: SQL over the columns of `columns.columns_of`."""

SWAPPED = (
    "((family_l = family_if_swapped_r and given_l = given_if_swapped_r)"
    " or (family_r = family_if_swapped_l and given_r = given_if_swapped_l))"
)
SWAPPED_WITH_A_SLIP = " or ".join(
    f"({exact} and damerau_levenshtein({one}, {other}) <= 1 and least(length({one}), length({other})) >= 4)"
    for exact, one, other in (
        ("family_l = family_if_swapped_r", "given_l", "given_if_swapped_r"),
        ("family_r = family_if_swapped_l", "given_r", "given_if_swapped_l"),
        ("given_l = given_if_swapped_r", "family_l", "family_if_swapped_r"),
        ("given_r = given_if_swapped_l", "family_r", "family_if_swapped_l"),
    )
)
SWAPPED_WITH_SLIPS = " or ".join(
    f"(given_{one} = given_if_swapped_{other} and (damerau_levenshtein(family_{one}, family_if_swapped_{other}) <= 2"
    f" and least(length(family_{one}), length(family_if_swapped_{other})) >= 6"
    f" or family_outline_{one} = family_outline_if_swapped_{other} and length(family_outline_{one}) >= 3"
    f" or jaro_winkler_similarity(family_{one}, family_if_swapped_{other}) >= 0.9))"
    f" or (family_{one} = family_if_swapped_{other} and given_likely_{one} = given_likely_if_swapped_{other})"
    for one, other in ("lr", "rl")
)
ANOTHER_READING = (
    "(family_l <> '' and family_l in (family_second_r, family_third_r))"
    " or (family_r <> '' and family_r in (family_second_l, family_third_l))"
)
HALF_OF_TWO = (
    "(family_one_r <> '' and family_l in (family_one_r, family_other_r))"
    " or (family_one_l <> '' and family_r in (family_one_l, family_other_l))"
    " or (family_one_l <> '' and family_one_l = family_one_r and family_other_l = family_other_r)"
)
POSSIBLY_FAMILIAR = (
    "(given_possible_l <> '' and list_contains(string_split(given_possible_l, '|'), given_r))"
    " or (given_possible_r <> '' and list_contains(string_split(given_possible_r, '|'), given_l))"
)


def as_far_as_written(name: str) -> str:
    """One side's script does not write vowels, and the consonants agree."""
    return (
        f"{name}_lacks_vowels_l <> {name}_lacks_vowels_r and {name}_skeleton_l = {name}_skeleton_r"
        f" and length({name}_skeleton_l) >= 2"
    )


def initial_of(name: str) -> str:
    """One side has an initial only, with which a form of the other's name begins."""
    return (
        f"({name}_length_l = 1 and contains({name}_initials_r, {name}_initial_l))"
        f" or ({name}_length_r = 1 and contains({name}_initials_l, {name}_initial_r))"
    )


def a_letter_apart(name: str) -> str:
    """In the key or as it is spelt."""
    return _apart(name, "case when greatest(length({0}_l), length({0}_r)) >= 4 then 1 else 0 end")


def slip(name: str) -> str:
    """A letter apart, or two in long names."""
    two = "least(length({0}_l), length({0}_r)) >= 8"
    one = "greatest(length({0}_l), length({0}_r)) >= 4"
    return _apart(name, f"case when {two} then 2 when {one} then 1 else 0 end")


def _apart(name: str, at_most: str) -> str:
    keys = (name, f"{name}_spelt")
    return "(" + " or ".join(f"damerau_levenshtein({k}_l, {k}_r) <= {at_most.format(k)}" for k in keys) + ")"


def slip_of(name: str) -> str:
    """A known name that the one may be a slip of, in the spelling of whatever language, is one that the other is or
    may be a slip of."""
    near = (f"string_split({name}_near_{side}, '|')" for side in "lr")
    return f"({name}_near_l <> '' and {name}_near_r <> '' and list_has_any({', '.join(near)}))"


def resembles(name: str) -> str:
    """Alike as it is spelt, by Jaro and Winkler."""
    return f"jaro_winkler_similarity({name}_spelt_l, {name}_spelt_r) >= 0.8"


def half_agrees(name: str) -> str:
    """Slips at the beginning weigh no more than others, as they do in `resembles`."""
    keys = f"{name}_spelt_l", f"{name}_spelt_r"
    return f"damerau_levenshtein({', '.join(keys)}) <= greatest(length({keys[0]}), length({keys[1]})) // 2"


WHOLE_DAYS = "day_l > 0 and day_r > 0"
SAME_PARTS = "(cast(year_l = year_r as int) + cast(month_l = month_r as int) + cast(day_l = day_r as int))"

RISEN = "((rank_r - rank_l) * (later_r - later_l))"
"""Steps up from the earlier list to the later one; 0 where it is not known which is which."""
