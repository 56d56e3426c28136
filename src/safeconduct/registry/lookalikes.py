"""Latin letters in Cyrillic words, and the other way round: `Іванoв` with a Latin o.

Clerks type them without noticing (і is not on a Russian keyboard), and nobody sees them. Which script a word is meant
in, the letters tell that look like none of the other script.
"""

import re
from typing import Final

_CYRILLIC: Final = "аеорсухіїјѕкёһАВЕКМНОРСТУХІЇЈЅЁ"
_LATIN: Final = "aeopcyxiïjskëhABEKMHOPCTYXIÏJSË"
_TO_LATIN: Final = dict(zip(map(ord, _CYRILLIC), _LATIN, strict=True))
_TO_CYRILLIC: Final = dict(zip(map(ord, _LATIN), _CYRILLIC, strict=True))

_LATIN_LETTER: Final = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC_LETTER: Final = re.compile(r"[Ѐ-ӿ]")
_WORD: Final = re.compile(r"[^\W\d_]+")


def may_mix(text: str) -> bool:
    """Whether the text has letters of both scripts, in one word or not."""
    return not text.isascii() and bool(_LATIN_LETTER.search(text) and _CYRILLIC_LETTER.search(text))


def is_mixed(text: str) -> bool:
    """Whether a word of the text has letters of both scripts."""
    return may_mix(text) and any(
        _LATIN_LETTER.search(word) and _CYRILLIC_LETTER.search(word) for word in _WORD.findall(text)
    )


def unmixed(text: str) -> str:
    """The text with each word in one script, where look-alikes are all that is in the way; else the word as it is."""
    return _WORD.sub(lambda found: _unmixed_word(found[0]), text) if is_mixed(text) else text


def looks(text: str) -> str:
    """What the text looks like: the same for two texts that differ only in look-alike letters."""
    return text.translate(_TO_LATIN)


def _unmixed_word(word: str) -> str:
    latin, cyrillic = len(_LATIN_LETTER.findall(word)), len(_CYRILLIC_LETTER.findall(word))
    if not latin or not cyrillic:
        return word
    as_latin, as_cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    can_be_latin = _CYRILLIC_LETTER.search(as_latin) is None
    can_be_cyrillic = _LATIN_LETTER.search(as_cyrillic) is None
    if can_be_latin and can_be_cyrillic:
        return as_latin if latin > cyrillic else as_cyrillic
    return as_latin if can_be_latin else as_cyrillic if can_be_cyrillic else word
