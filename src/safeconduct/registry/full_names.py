"""A name written in full, in one column, taken apart: which words are surname, given name and patronymic.

The usual order in these lists is surname, given name, patronymic. Endings and words show others: a patronymic's ending,
"son of" (bin, оглы), the Arabic article, names in Arabic letters, which begin with the given name.
"""

import re
from typing import Final

from safeconduct.registry.fold import is_fathers_name, is_given_name
from safeconduct.registry.names.families import FAMILIES, family_of

Parts = tuple[str, str, str]
"""Surname, given name, patronymic; empty where the name has none."""

_PATRONYMIC = re.compile(r"(ич|ична|івна|ївна|овна|евна|ivna|yivna|ovna|evna|ich|ych|yč|ič|itsch|ytsch|itch)$")
_JOINED_PATRONYMIC = re.compile("...(оглу|оглы|огли|ұлы|улы|uly|oğlu|oglu|қызы|кызы|кизи|qızı|qizi|kyzy)$")
_INITIALS = re.compile(r"(?<=\w)\.(?=\w)")
_ARTICLE = re.compile(r"(?:[aeu]l|[аеэ]ль|a[drstzn]|a[st]h|а[дрстзнш])[-‐–\s](?=\w{2})|ال(?=\w{3})", re.IGNORECASE)
_NISBA = re.compile("[يی]$")

_BEFORE_FATHER: Final = frozenset(" ".join(family.before_father for family in FAMILIES).split())
_AFTER_FATHER: Final = frozenset(" ".join(family.after_father for family in FAMILIES).split())
_TO_NEXT: Final = frozenset(" ".join(family.joined_to_next for family in FAMILIES).split())
_TO_PREVIOUS: Final = frozenset(" ".join(family.joined_to_previous for family in FAMILIES).split())


def split_full_name(text: str) -> Parts:
    """Surname, given name and patronymic of a name written in full; every word of it is in one of them."""
    before, comma, after = text.partition(",")
    words, rest = _words(before), _words(after)
    if comma and words and rest and not any(map(is_patronymic, words)):
        return " ".join(words), rest[0], " ".join(rest[1:])
    words += rest
    after_father = next((at for at, word in enumerate(words) if at and word.casefold() in _AFTER_FATHER), 0)
    if after_father:
        return _with_father(
            words[: after_father - 1], words[after_father - 1 : after_father + 1], words[after_father + 1 :]
        )
    if len(words) > 2 and is_patronymic(words[-1]):
        return " ".join(words[:-2]), words[-2], words[-1]
    if len(words) > 2 and is_patronymic(words[1]):
        return " ".join(words[2:]), words[0], words[1]
    if any(word.casefold() in _BEFORE_FATHER for word in words[:-1]):
        return _with_fathers(words)
    if _begins_with_given_name(words):
        return _given_name_first(words)
    return words[0] if words else "", " ".join(words[1:2]), " ".join(words[2:])


def _words(text: str) -> list[str]:
    """The words of a name; particles with the word that they belong to (Abd al-Rahman, Abu Bakr, Salah ad-Din)."""
    joined: list[str] = []
    open_end = False
    for word in words_of_name(text):
        small = word.casefold()
        if joined and (open_end or small in _TO_PREVIOUS):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
        open_end = small in _TO_NEXT
    return joined


def words_of_name(text: str) -> list[str]:
    """The words and initials of a name: І.П. are two."""
    return [part for part in re.split(r"[\s,]+", _INITIALS.sub(". ", text)) if part]


def is_patronymic(word: str) -> bool:
    """Whether a word ends like a patronymic; so do some surnames (Павлович)."""
    small = word.casefold()
    return (len(word) > 4 and _PATRONYMIC.search(small) is not None) or _JOINED_PATRONYMIC.match(small) is not None


def _with_father(before: list[str], father: list[str], after: list[str]) -> Parts:
    """A father's name with the word that says whose child one is after it (Алі огли)."""
    told = " ".join(father)
    if len(before) > 1:
        return " ".join((*before[:-1], *after)), before[-1], told
    if before and after:
        return " ".join(after), before[0], told
    # Where there is no surname, the father's name stands for one (Асан уулу Бакыт).
    return told, " ".join((before or after)[:1]), " ".join(after[1:] if not before else ())


def _with_fathers(words: list[str]) -> Parts:
    """Fathers' names, each after a word that says whose child one is (Khalid bin Ahmed bin Ali al-Jabouri)."""
    told: list[str] = []
    opened = False
    for word in words:
        if opened:
            told[-1] += f" {word}"
        else:
            told.append(word)
        opened = word.casefold() in _BEFORE_FATHER
    is_father = [word.partition(" ")[0].casefold() in _BEFORE_FATHER for word in told]
    first, last = is_father.index(True), len(told) - is_father[::-1].index(True)
    before, fathers, after = told[:first], told[first:last], told[last:]
    if not before:  # Bin Ahmed Khalid
        return fathers[0], " ".join(after[:1]), " ".join((*fathers[1:], *after[1:]))
    if after:
        return " ".join(after), before[0], " ".join((*before[1:], *fathers))
    if len(before) > 1 and (_ARTICLE.match(before[0]) or not is_given_name(before[0])):
        return before[0], before[1], " ".join((*before[2:], *fathers))
    chain = [*before[1:], *fathers]
    return chain[-1], before[0], " ".join(chain[:-1])


def _begins_with_given_name(words: list[str]) -> bool:
    if len(words) < 2:
        return False
    if _is_arabic(words[0]):
        return True
    if _ARTICLE.match(words[0]):
        return False
    if _ARTICLE.match(words[-1]) and len(words) > 2:
        return True
    if len(words) > 2 and all(map(is_fathers_name, words)):
        # Lists in Cyrillic ask for the surname first (ПІБ, ФИО); passports in Latin letters write it last.
        return family_of(words[0]) is None
    return is_given_name(words[0]) and not is_given_name(words[-1]) and (len(words) == 2 or is_given_name(words[1]))


def _given_name_first(words: list[str]) -> Parts:
    """Given name, father, grandfather, surname (the last may be a grandfather's or great-grandfather's name, too)."""
    given, *fathers, family = words
    if len(fathers) > 1 and _may_be_grandfather(family):
        # Another list may end with the one or the other: either stands for the surname.
        *fathers, grandfather = fathers
        family = f"{grandfather} {family}"
    return family, given, " ".join(fathers)


def _may_be_grandfather(word: str) -> bool:
    return (
        is_given_name(word)
        and not _ARTICLE.match(word)
        and not (_is_arabic(word) and len(word) > 4 and _NISBA.search(word))
    )


def _is_arabic(word: str) -> bool:
    family = family_of(word)
    return family is not None and not family.writes_vowels
