"""Slips of whoever types, reads handwriting or hears a name.

What is known of typing: four in five wrong words hold one error (Damerau, CACM 7(3), 1964); of the single errors about
34 % are omissions, 27 % insertions, 19 % substitutions and 12 % exchanges of neighbours (Pollock and Zamora, JASIS
34(1), 1983); 1 to 3 % of errors touch the first letter (Kukich's survey, ACM Computing Surveys 24(4), 1992); 58 % of
substitutions strike a neighbouring key (Grudin, in Cognitive Aspects of Skilled Typewriting, 1983); doubling and
singling are common (Yannakoudakis and Fawthrop, IPM 19(2), 1983). Of handwriting and hearing the confusions are the
usual ones; that each is as likely as any other is an assumption.
"""

from random import Random
from typing import Literal

SlipKind = Literal["typing", "handwriting", "hearing"]

_CYRILLIC_ROWS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_UKRAINIAN_ROWS = ("йцукенгшщзхї", "фівапролджє", "ячсмитьбю")
_LATIN_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LOOKS_CYRILLIC = "ип ин нп тг тш шщ шм ао ое ес лм лп вб дб уч чг зэ цщ ьв нк"
_LOOKS_LATIN = "ao ec ce uv vu nu un rn il li tl hb hk gq yv oa sz"
_SOUNDS_CYRILLIC = "оа ао еи ие ыи иы гх хг дт тд вф фв зс сз бп пб жш шж іи иі щш яе ея"
_SOUNDS_LATIN = "ao oa ei ie yi iy gh hg dt td vf fv zs sz bp pb ck kc vw wv uo ou"
"""Pairs: the letter meant, the letter written."""


def with_slip(random: Random, word: str, kind: SlipKind) -> str:
    """The word with one slip, in one case of five with a second; words of less than four letters stay as they are."""
    if len(word) < 4:
        return word
    slipped = _one(random, word, kind)
    return _one(random, slipped, kind) if random.random() < 0.2 else slipped


def _one(random: Random, word: str, kind: SlipKind) -> str:
    if kind != "typing":
        return _confused(random, word, kind) or _typed(random, word)
    return _typed(random, word)


def _typed(random: Random, word: str) -> str:
    index = 0 if random.random() < 0.03 else random.randrange(1, len(word))
    drawn = random.random() * 0.925
    if drawn < 0.34:
        return _cased(word, word[:index] + word[index + 1 :])
    if drawn < 0.61:
        extra = word[index].lower() if random.random() < 0.5 else _neighbour(random, word[index])
        return word[: index + 1] + extra + word[index + 1 :]
    if drawn < 0.80 or index + 1 >= len(word):
        return _cased(word, word[:index] + _substitute(random, word, index) + word[index + 1 :])
    return _cased(word, word[:index] + word[index + 1] + word[index] + word[index + 2 :])


def _substitute(random: Random, word: str, index: int) -> str:
    if random.random() < 0.58:
        return _neighbour(random, word[index])
    return random.choice("аеиовнтрслкмдпу" if _is_cyrillic(word) else "aeionrtslkmdpu")


def _neighbour(random: Random, letter: str) -> str:
    """A key beside the letter's, in its row or above or below; the letter itself where the keyboard has no such key."""
    small = letter.lower()
    layouts = (_LATIN_ROWS,) if small.isascii() else (_CYRILLIC_ROWS, _UKRAINIAN_ROWS)
    for rows in layouts:
        for number, row in enumerate(rows):
            place = row.find(small)
            if place < 0:
                continue
            beside = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
            for other in (number - 1, number + 1):
                if 0 <= other < len(rows):
                    beside += rows[other][place : place + 1]
            return random.choice(beside)
    return small


def _confused(random: Random, word: str, kind: SlipKind) -> str:
    """One letter taken for one that looks or sounds like it; empty if the word has none of them."""
    cyrillic = _is_cyrillic(word)
    if kind == "handwriting":
        pairs = _LOOKS_CYRILLIC if cyrillic else _LOOKS_LATIN
    else:
        pairs = _SOUNDS_CYRILLIC if cyrillic else _SOUNDS_LATIN
    places = [(index, pair[1]) for index in range(1, len(word)) for pair in pairs.split() if word[index] == pair[0]]
    if not places:
        return ""
    index, other = random.choice(places)
    return word[:index] + other + word[index + 1 :]


def _is_cyrillic(word: str) -> bool:
    return any("Ѐ" <= letter <= "ӿ" for letter in word)


def _cased(before: str, after: str) -> str:
    return after[:1].upper() + after[1:].lower() if before[:1].isupper() and "-" not in before else after
