"""Why a pair of rows was proposed or not: the keys that it shares or lacks, its score, and who was preferred."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from safeconduct.registry.blocking import BLOCKING
from safeconduct.registry.columns import columns_of
from safeconduct.registry.explaining import Weight, full_name, weights
from safeconduct.registry.linkage import REVIEW_AT, Weighing, score_pair
from safeconduct.vocabulary.person import Person

Verdict = Literal["proposed", "no-key", "unlikely", "taken"]

_AGREES = re.compile(
    r"(?:(left|right)\()?([lr])\.(\w+)(?:, (\d+)\))? = (?:(?:left|right)\()?[lr]\.(\w+)(?:, \d+\))?"
    r"|(abs|least)\(l\.(\w+)(?: - |, )r\.\w+\)"
)
"""What a rule of the blocking asks for: two columns that agree, wholly or where they begin or end; two numbers that
lie near each other; or a small one on either side."""
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
_NEAR = {"abs": "about the {}", "least": "{} (on one side no more than an initial)"}


@dataclass(frozen=True, slots=True)
class Key:
    """One exact key, and whether both rows have it."""

    words: str
    shared: bool
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Why:
    """What became of a pair of rows, and by which rule."""

    verdict: Verdict
    sentence: str
    probability: float | None
    """None if the pair shares no key, and so was never compared."""
    keys: tuple[Key, ...]
    weights: tuple[Weight, ...]
    """What speaks against it first."""
    preferred: tuple[tuple[str, str], ...] = ()
    """The pairs that were proposed in its place."""


def why(weighing: Weighing, left_ref: str, right_ref: str) -> Why:
    """Why these two rows were proposed to reviewers as one person, or not. Raises KeyError for rows not there."""
    left, right = weighing.left[left_ref], weighing.right[right_ref]
    keys = keys_of(left, right)
    scored = weighing.found(left_ref, right_ref)
    if scored is None and any(key.shared for key in keys):
        scored = score_pair(weighing, left, right)
    if scored is None:
        return Why("no-key", f"never compared: {_differences(keys, left, right)}", None, keys, ())
    said = weights(weighing, scored.levels, left, right)
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
    return Why("taken", f"each row has one partner, and {better} ({chance})", scored.probability, keys, said, taken)


def keys_of(left: Person, right: Person) -> tuple[Key, ...]:
    """Every exact key of the blocking, by DuckDB's own reading of the rules."""
    from splink import DuckDBAPI

    ours, theirs = columns_of(left), columns_of(right)
    api = DuckDBAPI()
    try:
        sides = ", ".join(
            f"(select {', '.join(f'? as {column}' for column in columns)}) as {side}"
            for side, columns in (("l", ours), ("r", theirs))
        )
        wanted = ", ".join(f"coalesce({rule}, false)" for rule in BLOCKING)
        query = f"select {wanted} from {sides}"  # noqa: S608 - rules and columns of our own
        row = api.duckdb_con.execute(query, [*ours.values(), *theirs.values()]).fetchone()
    finally:
        api.duckdb_con.close()
    return tuple(_key(rule, bool(shared), ours, theirs) for rule, shared in zip(BLOCKING, row or (), strict=True))


def _key(rule: str, shared: bool, left: Mapping[str, Any], right: Mapping[str, Any]) -> Key:
    words: list[str] = []
    ours: list[str] = []
    theirs: list[str] = []
    for end, side, column, length, other, near, number in _AGREES.findall(rule):
        one, two = (number, number) if near else (column, other) if side == "l" else (other, column)
        words.append(_NEAR[near].format(_COLUMNS[number]) if near else _agreement(end, length, one, two))
        for found, value in ((ours, left[one]), (theirs, right[two])):
            text = str(value or "")
            begins = text[: int(length)] if length else text
            found.append(text[-int(length) :] if end == "right" else begins)
    return Key(" + ".join(words), shared, _joined(ours), _joined(theirs))


def _agreement(end: str, length: str, one: str, two: str) -> str:
    letters = "letter" if length == "1" else f"{length} letters"
    part = f"{'last' if end == 'right' else 'first'} {letters} of the " if length else ""
    other = "" if one == two else f" as {'of ' if part else ''}the other's {_COLUMNS[two]}"
    return f"{part}{_COLUMNS[one]}{other}"


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
