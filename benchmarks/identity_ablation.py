"""What each part of matching adds: the registry's own scoring with the parts turned off and put back one by one.

Nothing in the product knows of this: columns and ladders are given to the scoring from outside; keys
for blocking, weights and code stay the same. The first two steps are the baselines: names as they were written, and
names in plain ASCII letter by letter, as `unidecode` and ICU's `Any-Latin; Latin-ASCII` make them.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.identity_measures import Sweep, one_to_one, score, sweep

from safeconduct.registry.columns import columns_of
from safeconduct.registry.evidence import COMPARISONS
from safeconduct.registry.fold import fold, skeleton
from safeconduct.vocabulary.person import Person

Columns = Mapping[str, str | int]

_LETTERS = "абвгґдеєжзиіїйклмнопрстуўфхцчшщъыьэюяё"
_LATIN = "a b v g g d e ie zh z i i i i k l m n o p r s t u u f kh ts ch sh shch _ y _ e iu ia e"
_PLAIN = dict(zip(_LETTERS, _LATIN.split(), strict=True))


def plain(name: str) -> str:
    """A name in plain ASCII, letter by letter, whatever its language."""
    latin = "".join(_PLAIN.get(letter, letter) for letter in name.casefold()).replace("_", "")
    bare = unicodedata.normalize("NFD", latin.translate(str.maketrans("łəıđ", "laid")))
    return "".join(letter for letter in bare if letter.isalnum())


def _named(key: Callable[[str], str], outline: Callable[[str], str]) -> Callable[[Person], Columns]:
    """Columns whose names are compared by `key` alone, without equivalents and without looking across columns."""

    def columns(person: Person) -> Columns:
        given, patronymic = key(person.given_name), key(person.patronymic)
        return {
            **columns_of(person),
            "family": key(person.family_name),
            "family_skeleton": outline(person.family_name),
            "given": given,
            "given_likely": given,
            "given_initial": given[:1],
            "given_length": len(given),
            "patronymic": patronymic,
            "patronymic_likely": patronymic,
            **_NOT_ACROSS,
        }

    return columns


_NOT_ACROSS: Columns = {"family_if_swapped": "-", "given_if_swapped": "-"}


def _not_swapped(person: Person) -> Columns:
    return {**columns_of(person), **_NOT_ACROSS}


_UNCOUNTED = tuple(
    replace(one, levels=tuple(replace(level, frequency_of="") for level in one.levels)) for one in COMPARISONS
)


@dataclass(frozen=True)
class Step:
    """One row of the table: what is compared, whether names count by their frequency, whether each row has one
    partner."""

    name: str
    columns: Callable[[Person], Columns]
    frequencies: bool = False
    once: bool = False


STEPS = (
    Step("names as written", _named(str.casefold, str.casefold)),
    Step("plain transliteration", _named(plain, plain)),
    Step("fold", _named(fold, skeleton)),
    Step("+ given-name equivalents", _not_swapped),
    Step("+ swapped columns", columns_of),
    Step("+ one-to-one", columns_of, once=True),
    Step("+ frequency of names (the registry)", columns_of, frequencies=True, once=True),
    Step("plain transliteration, frequency, one-to-one", _named(plain, plain), frequencies=True, once=True),
)


def ablation(
    left: Sequence[Person], right: Sequence[Person], truth: Mapping[str, str], progress: Callable[[str], None]
) -> Iterator[tuple[str, Sweep]]:
    """Each step with its quality at every threshold."""
    for step in STEPS:
        progress(step.name)
        scored = score(left, right, step.columns, COMPARISONS if step.frequencies else _UNCOUNTED)
        yield step.name, sweep(one_to_one(scored) if step.once else scored, truth)
