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


_SLAVIC_LATIN = re.compile("[šžčşěŝâûʹ]|sch|w$|[iy]j$")
_ARABIC_J = re.compile(
    "^d?j(?=[aeiou]+[bdfhlmrsvwz])|(?<=[aiue])d?jj?(?=[aiou])|(?<=[mnhbrf])d?j(?=a[dmrlz]|i|ou?n)|"
    "(?<=[ae])j(?=d[iy]?$|m$|l[aeiy]|w|hd)|(?<=[rht]a)j$|(?<=ee)j$"
)
"""j that is дж, in a name that no Slavic ending shows to be another."""
_JOINED_ARTICLE = re.compile("^[aeui]l(?=[^aeiouvl].{3})")


def j_spelt_out(name: str) -> str:
    """A name in Latin letters with dž for the j that is ج where an Arabic name has one; others as they stand."""
    small = name.casefold()
    return name if "j" not in small or _SLAVIC_LATIN.search(small) else _ARABIC_J.sub("dž", small)


def coarser(key: str) -> str:
    """The key without what Arabic letters do not tell apart or Latin ones join: و is a vowel or v, the article may
    stand without a hyphen."""
    key = _JOINED_ARTICLE.sub("", key.replace("dw", "w"))
    return key[:1] + key[1:].replace("v", "")


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
    joined_to_next="abd abdul abdel abdal abdur abdus abu abou umm oum al el ul abi абд абдул абдель абдуль абу абі умм"
    " аль эль ель عبد أبو ابو أبي ابي أم ام ال آل ذو",
    joined_to_previous="din deen uddin ud-din ed-din ad-din al-din el-din eddin eddine al-deen ullah allah уд-дин"
    " ад-дин эд-дин аль-дин уддин аллах улла الدين الدین الله",
)
