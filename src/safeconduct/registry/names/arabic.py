"""Names in Arabic letters: Arabic, and Persian and Pashto with the letters that they add.

Short vowels are not written, so a key has consonants and long vowels only, unless the vowel marks are there; the
skeleton is what can be compared with other scripts. The article is dropped, as it is for Latin and Cyrillic
(`fold`). Romanisations differ in ث ذ ض ظ ج ق more than one letter can say (t or s; d or z; g or j): the key follows
BGN/PCGN 1956, and `arabic_given_names` lists what is common besides.
"""

import re
from typing import Final

from safeconduct.registry.names.arabic_given_names import MEN, WOMEN
from safeconduct.registry.names.family import Family

_READ_AS: Final = {
    "a": "اأآٱىةۀۃع\u064e\u064b",
    "i": "إئيیېۍے\u0650\u064d",
    "u": "ؤو\u064f\u064c",
    "b": "ب",
    "p": "پ",
    "t": "تٹټثط",
    "dw": "ج",
    "c": "چ",
    "h": "حځخغگګڭهہھە",
    "d": "دڈډذض",
    "r": "رړڑ",
    "s": "زسصظ",
    "w": "شژښ",
    "f": "ف",
    "v": "ڤۋ",
    "k": "قكک",
    "l": "ل",
    "m": "م",
    "n": "نںڼ",
    "z": "څ",
    "": "ء\u0651\u0652\u0670\u0640\u200c\u200d\u0653\u0654\u0655",
}
_LETTERS: Final = str.maketrans({letter: key for key, letters in _READ_AS.items() for letter in letters})

_SERVANT_OF = re.compile("^عبد(?:ال|\u0650?ٱل)(?=...)")
_ARTICLE = re.compile("^ال(?!ياس$|یاس$|هام$|له$|لاه$|طاف$)(?=..[^\u064b-\u0652])")
_CONSONANT_W = re.compile("^و|و(?=[اآ\u064e\u0650])|(?<=ا)و(?=[يیةى])")


_SILENT_H = re.compile("(?<=..)(?<!لل)(?<!ا)[هە]$")
"""ة that is written without its points, and the vowel of Persian: فاطمه. Not of الله or شاه."""
_PERSIAN = re.compile("[یکگچپژ]")
_AS_PERSIAN_SOUNDS = str.maketrans("ذضث", "ززس")


def read(word: str) -> tuple[str, ...]:
    """A word in Arabic letters in the letters of the key."""
    word = _SILENT_H.sub("ة", _ARTICLE.sub("", _SERVANT_OF.sub("عبد", word)))
    usual = _CONSONANT_W.sub("ڤ", word)
    if _PERSIAN.search(word):  # رضا is Reza, not Rida
        return (usual.translate(_AS_PERSIAN_SOUNDS).translate(_LETTERS), usual.translate(_LETTERS))
    others = (usual.replace("ث", "س"), usual.replace("ق", "غ"))  # Osman and Othman; Gaddafi and Qaddafi
    return tuple(dict.fromkeys(each.translate(_LETTERS) for each in (usual, *others)))


ARABIC: Final = Family(
    "Arabic",
    "Arabic",
    (("\u0600", "\u06ff"), ("\u0750", "\u077f"), ("\ufb50", "\ufdff")),
    read,
    False,
    False,
    MEN,
    WOMEN,
    before_father="bin ibn ben bint ould walad binti бин бен ибн ібн бінт бинт بن ابن بنت ولد فرزند",
)
