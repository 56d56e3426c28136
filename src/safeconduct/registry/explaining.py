"""A proposed pair as a reviewer needs it: both rows field by field, what contradicts first, and who else it may be."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final, Literal

from safeconduct.registry.columns import columns_of
from safeconduct.registry.evidence import COMPARISONS, Level, describe
from safeconduct.registry.fold import given_key, patronymic_key, surname_key
from safeconduct.registry.linkage import CONFIRM_AT, REVIEW_AT, Pair, Weighing
from safeconduct.vocabulary.person import Person

Mark = Literal["same", "close", "differs", ""]
"""How two values compare; empty where one is lacking, or nothing follows from it."""

FIELDS: Final = {
    "family_name": "surname",
    "given_name": "given name",
    "patronymic": "patronymic",
    "birth_date": "born",
    "sex": "sex",
    "service_number": "service no.",
    "rank": "rank",
    "unit": "unit",
    "captured_on": "captured",
    "captured_at": "captured at",
    "categories": "category",
    "note": "note",
}
"""What is shown of a person, with its heading."""

_KEYS: Final[Mapping[str, Callable[[str], str]]] = {
    "family_name": surname_key,
    "given_name": given_key,
    "patronymic": patronymic_key,
}
_MOST_RIVALS = 3


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """One field of both rows."""

    heading: str
    left: str
    right: str
    mark: Mark
    key: str
    """Of a name its form across scripts and spellings, `one / other` where they are two."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one comparison says of a pair."""

    comparison: str
    words: str
    bits: float
    """Above 0 it speaks for one person, below for two: each bit doubles or halves the odds."""
    contradicts: bool


@dataclass(frozen=True, slots=True)
class Rival:
    """Another row that may be the same person."""

    of: Literal["left", "right"]
    """Whose rival it is: it stands on the other side's list."""
    ref: str
    name: str
    born: str
    probability: float
    against: tuple[str, ...]
    """What contradicts."""
    speaks: tuple[str, ...]
    """What else was seen."""
    same: tuple[str, ...]
    """The headings of what is the same."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A pair with all that a reviewer needs to decide on it."""

    pair: Pair
    left: Person
    right: Person
    fields: tuple[FieldSeen, ...]
    against: tuple[str, ...]
    """What contradicts."""
    speaks: tuple[str, ...]
    """What else was seen."""
    rivals: tuple[Rival, ...]


def explain(weighing: Weighing, pair: Pair) -> Explained:
    """A pair of lists that were weighed. Raises KeyError for rows that are not on them."""
    left, right = weighing.left[pair.left_ref], weighing.right[pair.right_ref]
    levels = weighing.levels(pair.left_ref, pair.right_ref)
    against, speaks = describe(levels, left, right, weighing.names.borne(left)) if levels else ([], list(pair.reasons))
    return Explained(
        pair, left, right, tuple(_fields(levels, left, right)), tuple(against), tuple(speaks), _rivals(weighing, pair)
    )


def weights(weighing: Weighing, levels: Mapping[str, int], left: Person, right: Person) -> tuple[Weight, ...]:
    """What each comparison says, the weightiest against first; with the prior they sum up to the score."""
    borne, found = weighing.names.borne(left), []
    sides = (columns_of(left), columns_of(right))
    for comparison in COMPARISONS:
        place = levels[comparison.name]
        if place < 0:
            continue
        level = comparison.levels[place]
        against, speaks = describe({**dict.fromkeys(levels, -1), comparison.name: place}, left, right, borne)
        words = next((one for one in (*against, *speaks) if not one.startswith("no ")), "")
        u = _by_chance(weighing, level, sides)
        words = words or f"{comparison.name.replace('_', ' ')} compared"
        found.append(Weight(comparison.name, words, log2(level.m / u), level.contradicts))
    return tuple(sorted(found, key=lambda one: one.bits))


def _by_chance(weighing: Weighing, level: Level, sides: Sequence[Mapping[str, str | int]]) -> float:
    """How often two persons stand on this level: where its names are counted, as often as the commoner of the two."""
    shares = weighing.shares[level.frequency_of] if level.frequency_of else {}
    keys = [side[level.frequency_of] for side in sides if level.frequency_of]
    return max((shares[key] for key in keys if key in shares), default=level.u)


def likelihood(probability: float) -> str:
    """A probability in words; the figures feign more than anybody knows."""
    steps = ((CONFIRM_AT, "very likely"), (REVIEW_AT, "likely"), (0.05, "possible"))
    return next((words for at, words in steps if probability >= at), "unlikely")


def full_name(person: Person) -> str:
    """Surname, given name, patronymic, as the list has them."""
    return " ".join(filter(None, (person.family_name, person.given_name, person.patronymic))) or "(no name)"


def _fields(levels: Mapping[str, int], left: Person, right: Person) -> Iterator[FieldSeen]:
    for name, heading in FIELDS.items():
        one, other = _text(left, name), _text(right, name)
        if one or other:
            yield FieldSeen(heading, one, other, _mark(levels, name, one, other), _key(name, one, other))


def _text(person: Person, name: str) -> str:
    value = getattr(person, name)
    if isinstance(value, tuple):
        # Nearly everybody on the lists is one, which says nothing.
        return ", ".join(one for one in value if one != "prisoner-of-war")
    return str(value or "")


def _mark(levels: Mapping[str, int], name: str, one: str, other: str) -> Mark:
    place = levels.get(name, -1)
    if not one or not other:
        return ""
    if place < 0:
        return "same" if one.casefold() == other.casefold() else ""
    comparison = next(found for found in COMPARISONS if found.name == name)
    if comparison.levels[place].contradicts:
        return "differs"
    return "same" if place == 0 else "close"


def _key(name: str, one: str, other: str) -> str:
    if name not in _KEYS:
        return ""
    keys = [_KEYS[name](text) for text in (one, other) if text]
    return keys[0] if len(set(keys)) == 1 else " / ".join(keys)


def _rivals(weighing: Weighing, pair: Pair) -> tuple[Rival, ...]:
    """The likeliest other partners of either row."""
    found: list[Rival] = []
    for other in weighing.sharing(pair.left_ref, pair.right_ref):
        one, two = weighing.left[other.left], weighing.right[other.right]
        against, speaks = describe(other.levels, one, two, weighing.names.borne(one))
        of: Literal["left", "right"] = "left" if other.left == pair.left_ref else "right"
        rival = two if of == "left" else one
        same = tuple(seen.heading for seen in _fields(other.levels, one, two) if seen.mark == "same")
        found.append(
            Rival(
                of,
                rival.ref,
                full_name(rival),
                str(rival.birth_date or ""),
                other.probability,
                tuple(against),
                tuple(speaks),
                same,
            )
        )
    return tuple(found[:_MOST_RIVALS])


def one_line(reasons: Sequence[str]) -> str:
    """Reasons in a row."""
    return "; ".join(reasons) or "nothing"
