"""The families of names that are known. A further one is one more module, and one more name here."""

from collections import Counter
from typing import Final

from safeconduct.registry.names.arabic import ARABIC
from safeconduct.registry.names.armenian import ARMENIAN
from safeconduct.registry.names.family import Family
from safeconduct.registry.names.georgian import GEORGIAN
from safeconduct.registry.names.slavic import SLAVIC
from safeconduct.registry.names.turkic import TURKIC

FAMILIES: Final[tuple[Family, ...]] = (SLAVIC, ARABIC, TURKIC, ARMENIAN, GEORGIAN)


_BY_LETTER: Final[dict[str, Family]] = {
    chr(letter): family
    for family in FAMILIES
    for first, last in family.blocks
    for letter in range(ord(first), ord(last) + 1)
}


def family_of(word: str) -> Family | None:
    """The family in whose script most of a word is written; none for Latin letters and scripts not known."""
    owners = [_BY_LETTER.get(letter) for letter in word]
    first = owners[0]
    if owners.count(first) == len(owners):
        return first
    counts = Counter(owners)
    latin = counts.pop(None, 0)
    family, letters = counts.most_common(1)[0]
    return family if letters >= latin else None
