"""A communiqué: a text whose every fact stands as `{fact-id}` and is cleared, and which otherwise gives nothing away.

The text between the placeholders may hold no number, in digits or in words, no name of a place, vehicle or person of
the exchange, and no word for a category of people whose number is not cleared. What the check cannot know (what the
words mean together, a name spaced out or paraphrased) is for the person who signs: docs/communique.md.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from safeconduct.disclosure.categories import fact_behind
from safeconduct.disclosure.number_words import is_number
from safeconduct.kernel.documents import suggest
from safeconduct.kernel.errors import Fault

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_JOINT = "['’ʼ`´‘′\\-‐‑]"
_WORD = re.compile(rf"(?:{_LETTER})+(?:{_JOINT}(?:{_LETTER})+)*")
_JOINTS = re.compile(_JOINT)
_ACCENTS = re.compile("[\u0300\u0301]")
_APOSTROPHES_SEEN = "’ʼ`´‘′"
_APOSTROPHES = str.maketrans(_APOSTROPHES_SEEN, "'" * len(_APOSTROPHES_SEEN))
_GENEVA = re.compile(
    r"\bthird geneva convention|\bтреть\w+ женевск\w+ конвенци|\bтреть\w+ женевськ\w+ конвенці"
    r"|\btroisième convention de genève",
    re.IGNORECASE,
)
"""A number that everybody knows."""
_LONG = 6
"""From so many letters on, a value is found within other words too."""
_UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzæœøłđßABCDEFGHIJKLMNOPQRSTUVWXYZÆŒØŁĐ")
_CYRILLIC = frozenset("абвгґдеєжзиіклмнопрстуфхцчшщъыьэюяАБВГҐДЕЄЖЗИІКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
"""The letters that words are compared in, without their marks; any other may look like one of these."""
_STRESS = "\u0300\u0301"
_BETWEEN_DIGITS = ".,:/-  \u202f"
_OUT = "take it out"


class Names(Protocol):
    """Knows what must not be named."""

    def named(self, word: str) -> str:
        """What a word of a text names ("a place", "a person on the lists"); empty if nothing."""
        ...


@dataclass(frozen=True)
class Ground:
    """What a communiqué on one exchange is checked against."""

    facts: tuple[str, ...]
    """Every fact that there is."""
    cleared: Collection[str]
    """Those that every party cleared."""
    values: Mapping[str, str]
    """Of each fact that has one by now, its value."""
    names: Names


def normal(text: str) -> str:
    """The text as it is checked and released: characters composed, one kind of line break, none at the end."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").removeprefix("\ufeff")).rstrip()


def check(name: str, text: str, ground: Ground) -> tuple[Fault, ...]:
    """What a normal text would give away: a fault for each piece, in order; none if it may be told."""
    if not text.strip():
        return (Fault(name, 1, 1, "the communiqué is empty", "write what is to be told"),)
    found = {*_placeholders(text, ground), *_literal(text, ground), *_values(text, ground)}
    return tuple(Fault(name, *_place(text, at), what, mend) for at, what, mend in sorted(found))


def facts_told(text: str) -> tuple[str, ...]:
    """The ids of the placeholders of a text, each once, in order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def fault_at(name: str, text: str, fact: str, what: str, mend: str) -> Fault:
    """A fault at the first place where a text tells a fact."""
    return Fault(name, *_place(text, text.index(f"{{{fact}}}")), what, mend)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text as people read it. Raises KeyError for a fact without a value."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


_Found = tuple[int, str, str]
"""Where in the text, what is wrong, how to mend it."""


def _placeholders(text: str, ground: Ground) -> Iterator[_Found]:
    for found in _PLACEHOLDER.finditer(text):
        fact = found[1]
        if fact not in ground.facts:
            yield found.start(), f"{{{fact}}} is no fact", suggest(fact, ground.facts)
        elif fact not in ground.cleared:
            yield found.start(), f"{{{fact}}} is not cleared", "take it out, or have every party agree to tell it"
        elif fact not in ground.values:
            yield found.start(), f"nothing on record gives {{{fact}}} yet", "wait until it has happened"
        around = text[max(found.start() - 1, 0) : found.start()] + text[found.end() : found.end() + 1]
        if any(character.isalnum() or character in "{}_" for character in around):
            yield found.start(), f"{{{fact}}} runs into what stands beside it", "put a space between them"
    for brace in re.finditer(r"[{}]", _blanked(text)):
        yield brace.start(), f"a {brace[0]!r} that belongs to no fact", "write a fact as {fact-id}"


def _literal(text: str, ground: Ground) -> Iterator[_Found]:
    literal = _blanked(text)
    for at, character in enumerate(literal):
        if unicodedata.category(character) in _UNSEEN and character != "\n":
            yield at, f"an invisible character (U+{ord(character):04X})", _OUT
        elif _may_hide(character, literal[max(at - 1, 0) : at]):
            yield at, f"{character!r} (U+{ord(character):04X}) may hide a word", "write with plain letters"
    for at, digits in _digits(literal):
        yield at, f"{digits!r} is a number", "tell numbers and dates as cleared facts, {fact-id}"
    for word in _WORD.finditer(literal):
        wrong = _wrong_with(word[0], ground)
        if wrong is not None:
            yield word.start(), *wrong


def _wrong_with(word: str, ground: Ground) -> tuple[str, str] | None:
    wholes = (word, _bare(word), _unmarked(word))
    spellings = dict.fromkeys(part for whole in wholes for part in (whole, *_JOINTS.split(whole)))
    small = [_small(part) for part in spellings]
    if any(map(is_number, small)):
        return f"{word!r} is a number", "tell numbers and dates as cleared facts, {fact-id}"
    for part in spellings:
        what = ground.names.named(part)
        if what:
            return f"{word!r} names {what}", _OUT
    for fact in map(fact_behind, small):
        if fact and fact not in ground.cleared:
            return f"{word!r} tells of a category, and {{{fact}}} is not cleared", _OUT
    if any(not _LATIN.isdisjoint(part) and not _CYRILLIC.isdisjoint(part) for part in _JOINTS.split(_unmarked(word))):
        return f"{word!r} mixes Latin and Cyrillic letters", "write it in one alphabet"
    return None


def _may_hide(character: str, before: str) -> bool:
    """Whether a character is a sign, a mark or a letter of another kind, in which a word escapes comparison."""
    if character.isascii() or character in _APOSTROPHES_SEEN or character.isnumeric():
        return False
    category = unicodedata.category(character)
    if category.startswith("M"):
        return not (character in _STRESS and before.isalpha())
    letter = unicodedata.normalize("NFD", character)[0]
    return category == "So" or (category.startswith("L") and letter not in _LATIN and letter not in _CYRILLIC)


def _values(text: str, ground: Ground) -> Iterator[_Found]:
    """The value of a fact written out although it is not cleared, however its letters are spaced or joined."""
    literal = _blanked(text)
    letters = [(at, letter) for at, character in enumerate(literal) for letter in _letters(character)]
    spelled = "".join(letter for _, letter in letters)
    for fact, value in ground.values.items():
        told = "".join(map(_letters, value))
        if fact in ground.cleared or not told:
            continue
        start = spelled.find(told)
        while start >= 0:
            first, last = letters[start][0], letters[start + len(told) - 1][0]
            if len(told) >= _LONG or not _within_word(literal, first, last):
                yield first, f"this tells {{{fact}}}, which is not cleared", _OUT
            start = spelled.find(told, start + 1)


def _letters(character: str) -> str:
    """What is compared of a character: small, without its marks; nothing of what is no letter."""
    return "".join(one for one in unicodedata.normalize("NFD", character.casefold()) if one.isalpha())


def _within_word(text: str, first: int, last: int) -> bool:
    return text[max(first - 1, 0) : first].isalpha() or text[last + 1 : last + 2].isalpha()


def _digits(text: str) -> Iterator[tuple[int, str]]:
    """Numbers in digits of any script, with what stands between their digits."""
    start = end = -1
    for at, character in enumerate(text):
        if not character.isnumeric():
            continue
        if start >= 0 and (at == end or (at == end + 1 and text[end] in _BETWEEN_DIGITS)):
            end = at + 1
            continue
        if start >= 0:
            yield start, text[start:end]
        start, end = at, at + 1
    if start >= 0:
        yield start, text[start:end]


def _bare(word: str) -> str:
    """The word without accents of stress; й, ї and ё keep what makes them other letters."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def _unmarked(word: str) -> str:
    """The word with Latin letters as they are without any mark."""
    found = (unicodedata.normalize("NFD", letter)[:1] for letter in _bare(word))
    return "".join(bare if bare in _LATIN else letter for letter, bare in zip(_bare(word), found, strict=True))


def _small(word: str) -> str:
    return word.casefold().replace("ё", "е").translate(_APOSTROPHES)


def _blanked(text: str) -> str:
    """The text with its placeholders blank, so that places stay where they are."""
    return _GENEVA.sub(_blank, _PLACEHOLDER.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
