"""The families of names that are known. A further one is one more module, and one more name here."""

from typing import Final

from safeconduct.registry.names.family import Family
from safeconduct.registry.names.slavic import SLAVIC

FAMILIES: Final[tuple[Family, ...]] = (SLAVIC,)


def family_of(word: str) -> Family | None:
    """The family in whose script most of a word is written; none for Latin letters and scripts not known."""
    counts = {family.name: sum(map(family.owns, word)) for family in FAMILIES}
    best = max(FAMILIES, key=lambda family: counts[family.name])
    latin = sum(letter < "ɐ" or "Ḁ" <= letter <= "ỿ" for letter in word)
    return best if counts[best.name] and counts[best.name] >= latin else None
