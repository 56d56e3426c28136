"""What a family of names says about itself. A further family is one more module, listed in `families.FAMILIES`."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """Forms of one given name that are different words, not spellings; separated by spaces."""

    forms: str
    """The first stands for all. Latin forms only where no scheme gives them (Alexander)."""
    patronymics: str = ""
    """Only those that the rule does not make from the forms (Львович of Лев)."""
    familiar: str = ""
    """Short and familiar forms (Коля). One that stands in several rows may be any of them."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of names: a script with its reading, and the given names known in it."""

    name: str
    script: str
    """As it is told to a reader: Cyrillic."""
    blocks: tuple[tuple[str, str], ...]
    """First and last letters of the script's blocks."""
    read: Callable[[str], tuple[str, ...]]
    """A word of the script, in small letters without apostrophes, in the letters of the key (`key_letters`): the
    likeliest reading first."""
    writes_vowels: bool
    """Whether the script writes all vowels; where it does not, only consonants can be compared."""
    has_surnames: bool
    """Whether surnames are inherited; where they are not, a father's or grandfather's name stands for one."""
    men: tuple[Given, ...]
    women: tuple[Given, ...]
    neighbours: Callable[[str], tuple[str, ...]] = lambda _: ()
    """Other spellings of a surname in the same script, as the neighbours' languages have them."""
    before_father: str = ""
    """Words before a father's name that say whose son or daughter somebody is, separated by spaces (bin)."""
    after_father: str = ""
    """The same of words after it (оглы)."""
    joined_to_next: str = ""
    """Words that are one name with the word after them, as they stand apart (Abd, Abu), separated by spaces."""
    joined_to_previous: str = ""
    """The same with the word before them (ad-Din)."""
