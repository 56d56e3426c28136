"""Why a pair of rows was proposed or not: the keys that it shares or lacks, its score, and who was preferred."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from safeconduct.registry.blocking import BLOCKING, Agreement, Rule
from safeconduct.registry.columns import columns_of, table_of
from safeconduct.registry.explaining import Weight, full_name, weights
from safeconduct.registry.linkage import REVIEW_AT, Weighing, score_pair
from safeconduct.registry.scoring import BEST, compared_by_rules
from safeconduct.registry.shared_keys import NO_CROWDING, Crowding
from safeconduct.vocabulary.person import Person

Verdict = Literal["proposed", "no-key", "crowded", "unlikely", "taken"]
_COLUMNS = {
    "family": "surname",
    "family_second": "second reading of the surname",
    "family_third": "third reading of the surname",
    "family_one": "first of two surnames",
    "family_other": "last of two surnames",
    "family_skeleton": "consonants of the surname",
    "family_outline": "rough consonants of the surname",
    "family_if_swapped": "given name",
    "given": "given name",
    "given_if_swapped": "surname",
    "given_likely": "likely given name",
    "given_initial": "initial of the given name",
    "given_length": "letters of the given name",
    "patronymic": "patronymic",
    "patronymic_likely": "likely patronymic",
    "born": "whole birth date",
    "year": "year of birth",
    "month": "month of birth",
    "day": "day of birth",
    "service_number": "service number",
    "unit": "unit",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One exact key, and whether both rows have it."""

    words: str
    shared: bool
    left: str
    right: str
    crowded: bool
    """It is shared, but by too many rows to be compared by it."""


@dataclass(frozen=True, slots=True)
class Why:
    """What became of a pair of rows, and by which rule."""

    verdict: Verdict
    sentence: str
    probability: float | None
    """None if the pair shares no key; that which it would have if it only shares keys that too many rows share."""
    keys: tuple[Key, ...]
    weights: tuple[Weight, ...]
    """What speaks against it first."""
    preferred: tuple[tuple[str, str], ...] = ()
    """The pairs that were proposed in its place."""


def why(weighing: Weighing, left_ref: str, right_ref: str) -> Why:
    """Why these two rows were proposed to reviewers as one person, or not. Raises KeyError for rows not there."""
    left, right = weighing.left[left_ref], weighing.right[right_ref]
    keys = keys_of(left, right, weighing.crowding)
    scored = weighing.found(left_ref, right_ref)
    if scored is None and any(key.shared for key in keys):
        scored = score_pair(weighing, left, right)
    if scored is None:
        return Why("no-key", f"never compared: {_differences(keys, left, right)}", None, keys, ())
    said = weights(weighing, scored.levels, left, right)
    if all(key.crowded for key in keys if key.shared):
        crowded = " and ".join(f"{key.words} ({key.left})" for key in keys if key.crowded)
        sentence = f"never compared: too many rows share {crowded}; its probability would be {scored.probability:.6f}"
        return Why("crowded", sentence, scored.probability, keys, said)
    proposed = [one for one in weighing.pairs if one.right_ref and left_ref == one.left_ref]
    proposed += [one for one in weighing.pairs if one.right_ref == right_ref and left_ref != one.left_ref]
    mine = next((one for one in proposed if (one.left_ref, one.right_ref) == (left_ref, right_ref)), None)
    chance = f"probability {scored.probability:.6f}"
    if mine is not None:
        needs = "one reviewer" if mine.band == "confirm" else "two reviewers"
        return Why("proposed", f"proposed to {needs}: {chance}", scored.probability, keys, said)
    if scored.probability < REVIEW_AT:
        against = next((one.words for one in said if one.bits < 0), "too little speaks for it")
        sentence = f"too unlikely: {chance}, {REVIEW_AT} is needed; most of all, {against}"
        return Why("unlikely", sentence, scored.probability, keys, said)
    taken = tuple((one.left_ref, one.right_ref) for one in proposed)
    better = " and ".join(_preferred(weighing, one, other, left_ref) for one, other in taken)
    better = better or f"for both there are more than {BEST} better ones"
    return Why("taken", f"each row has one partner, and {better} ({chance})", scored.probability, keys, said, taken)


def keys_of(left: Person, right: Person, crowding: Crowding = NO_CROWDING) -> tuple[Key, ...]:
    """Every exact key of the blocking, by DuckDB's own reading of the rules; and which are crowded."""
    ours, theirs = columns_of(left), columns_of(right)
    shared, compared = compared_by_rules(table_of([left]), table_of([right]), crowding)
    return tuple(
        _key(rule, ours, theirs, shared=place in shared, crowded=place in shared - compared)
        for place, rule in enumerate(BLOCKING)
    )


def in_words(rule: Rule) -> str:
    """What a rule of the blocking asks for: `surname + year of birth`."""
    terms = [_agreement(one) for one in rule.agreements]
    terms += ["about the year of birth"] if rule.about_the_year else []
    terms += ["letters of the given name (on one side no more than an initial)"] if rule.an_initial else []
    return " + ".join(terms)


def _key(rule: Rule, left: Mapping[str, Any], right: Mapping[str, Any], *, shared: bool, crowded: bool) -> Key:
    more = ("year",) if rule.about_the_year else ("given_length",) if rule.an_initial else ()
    ours = [_part(left[one.left], one.letters) for one in rule.agreements] + [_part(left[one]) for one in more]
    theirs = [_part(right[one.right], one.letters) for one in rule.agreements] + [_part(right[one]) for one in more]
    return Key(in_words(rule), shared, _joined(ours), _joined(theirs), crowded)


def _part(value: str | int, letters: int = 0) -> str:
    text = str(value or "")
    return text[letters:] if letters < 0 else text[: letters or None]


def _agreement(one: Agreement) -> str:
    count = abs(one.letters)
    letters = "letter" if count == 1 else f"{count} letters"
    part = f"{'last' if one.letters < 0 else 'first'} {letters} of the " if count else ""
    other = "" if one.left == one.right else f" as {'of ' if part else ''}the other's {_COLUMNS[one.right]}"
    return f"{part}{_COLUMNS[one.left]}{other}"


def _joined(values: list[str]) -> str:
    return " + ".join(value or "–" for value in values)


def _differences(keys: tuple[Key, ...], left: Person, right: Person) -> str:
    """`no key in common: surname ivanenko / petrenko, …`."""
    ours, theirs = columns_of(left), columns_of(right)
    named = ("family", "given", "patronymic", "born", "service_number")
    told = [
        f"{_COLUMNS[column]} {ours[column] or '–'} / {theirs[column] or '–'}"
        for column in named
        if ours[column] != theirs[column] and (ours[column] or theirs[column])
    ]
    return f"none of {len(keys)} keys in common ({'; '.join(told) or 'the rows say too little'})"


def _preferred(weighing: Weighing, left_ref: str, right_ref: str, ours: str) -> str:
    if left_ref == ours:
        return f"{left_ref} fits {right_ref} ({full_name(weighing.right[right_ref])}) better"
    return f"{right_ref} fits {left_ref} ({full_name(weighing.left[left_ref])}) better"
