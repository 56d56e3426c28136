"""One key for one name, in Ukrainian or Russian Cyrillic or any usual romanisation.

Every spelling is read letter by letter into a coarse alphabet in which the differences between the scripts and
schemes are gone: г and х are one letter because Latin h is either; с and з because German s is either; ж and ш
because German sch is either; и, і, ы and й are one vowel. Schemes covered: the Ukrainian table of 2010 (Cabinet
resolution 55), BGN/PCGN for both languages, ICAO 9303 and the Russian passports after it, ISO 9 and the scholarly
transliteration, GOST 7.79, the French table of Soviet and Ukrainian passports, and the spellings of the German and
French press. Of Latin "ch" the rest of the word tells whether it is French (ш), German (х) or ч.

The fold is for comparing, never for showing. Other scripts pass through in small letters.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from safeconduct.registry.given_names import GIVEN_NAMES

_CYRILLIC = {
    **dict(zip("абвгґдеєжзиіїйклмнопрсту", "abvhhdeewsiiiiklmnoprstu", strict=True)),
    **dict(zip("фхцчшщыэёўѣѳѵ", "fhzcwwieevefi", strict=True)),
    "ъ": "",
    "ю": "iu",
    "я": "ia",
    "ь": "j",  # a glide if о follows (Ковальов), else nothing; no other letter is written j in the key
}

_LATIN = (
    # Longest first. What one scheme writes with a letter and a mark, another writes with two or more letters.
    ("schtsch", "w"),
    ("chtch", "w"),
    ("shch", "w"),
    ("szcz", "w"),
    ("šč", "w"),
    ("tsch", "c"),
    ("zgh", "sh"),  # Ukrainian зг, told from zh
    ("sch", "w"),
    ("tch", "c"),
    ("dsch", "dw"),
    ("kh", "h"),
    ("gh", "h"),
    ("zh", "w"),
    ("sh", "w"),
    ("sz", "w"),
    ("cz", "c"),
    ("ch", "c"),
    ("ts", "z"),
    ("tz", "z"),
    ("tc", "z"),
    ("cki", "zki"),
    ("cky", "zki"),
    ("ck", "k"),
    ("ph", "f"),
    ("th", "t"),
    ("ou", "u"),
    ("qu", "k"),
    ("š", "w"),
    ("ŝ", "w"),
    ("ś", "s"),  # Ukrainian сь
    ("ž", "w"),
    ("ź", "s"),
    ("ż", "w"),
    ("č", "c"),
    ("ć", "z"),  # Ukrainian ць
    ("ç", "s"),
    ("ß", "s"),
    ("ł", "l"),
    ("û", "iu"),
    ("â", "ia"),
    ("ë", "e"),
    ("x", "ks"),
    ("q", "k"),
    ("w", "v"),
    ("g", "h"),
    ("y", "i"),
    ("j", "i"),
    ("z", "s"),
    ("c", "z"),
)
_LATIN_LETTERS = dict(_LATIN)
_LATIN_PARTS = re.compile("|".join(re.escape(part) for part, _ in _LATIN))

_SCHOLARLY = re.compile("[šžčŝâû]")
_GERMAN = re.compile("tsch|sch|w")
_FRENCH = re.compile("tch|ou|ï")
_POLISH = re.compile("sz|cz")
_C_AS_K = re.compile(r"c(?=[aoutklr])(?!ova?$)")  # Victor, but Kuznecov
_LATIN_OFF = re.compile(r"([oe])ff?(a?)$")

_LETTERS = re.compile(r"[^\W\d_]+")
_LOOKS_CYRILLIC = str.maketrans("aceiopxykmtbh", "асеіорхукмтвн")
_LOOKS_LATIN = str.maketrans("асеіорхукмтвн", "aceiopxykmtbh")

_REPEATED = re.compile(r"(.)\1+")
_GLIDE = re.compile(r"(?<!^)i(?=[aeou])|^i(?=[eo])")
_SOFT_EV = re.compile(r"(?<=[lcw])ev(?=a?$)")
_VOWELS = re.compile(r"[aeiou]")
_APOSTROPHES = "'’ʼ`´‘′ʹʺ\"“”″"
_NO_APOSTROPHES = dict.fromkeys(map(ord, _APOSTROPHES), None)
_SOFT_C = re.compile(f"c(?=[{_APOSTROPHES}])")


@lru_cache(1 << 17)
def fold(name: str) -> str:
    """The key of a name; of several words, the keys joined. Empty only if the name has no letter."""
    small = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    bare = _SOFT_C.sub("ts", small).translate(_NO_APOSTROPHES)
    return "".join(_fold_word(word) for word in _LETTERS.findall(bare))


@lru_cache(1 << 17)
def skeleton(name: str) -> str:
    """The consonants of the key, coarser still (ч, ш and ж one): what survives most slips and other vowels."""
    folded = fold(name)
    bare = _VOWELS.sub("", folded[1:])
    first = "a" if folded[:1] and folded[0] in "aeiou" else folded[:1]
    return _REPEATED.sub(r"\1", (first + bare).replace("c", "w").replace("z", "s"))


def _fold_word(word: str) -> str:
    cyrillic = sum("Ѐ" <= letter <= "ӿ" for letter in word)
    latin = sum(letter < "ɐ" for letter in word)
    if cyrillic and latin:  # a letter of the other script that looks the same
        word = word.translate(_LOOKS_CYRILLIC if cyrillic >= latin else _LOOKS_LATIN)
    key = "".join(_CYRILLIC.get(letter, letter) for letter in word) if cyrillic >= latin else _fold_latin(word)
    return _settle(key)


def _fold_latin(word: str) -> str:
    if _FRENCH.search(word):
        word = word.replace("tch", "č").replace("ch", "š").replace("j", "ž").replace("gui", "gi")
        word = word[:-1] if word.endswith("ine") else word
    elif _GERMAN.search(word) and not _POLISH.search(word):
        word = re.sub(r"(?<![st])ch", "kh", word).replace("z", "ts").replace("tts", "ts")
    if _SCHOLARLY.search(word):
        word = word.replace("c", "ts")
    word = _C_AS_K.sub("k", _LATIN_OFF.sub(r"\1v\2", word)).replace("gue", "ge")
    word = _LATIN_PARTS.sub(lambda part: _LATIN_LETTERS[part[0]], word)
    letters = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _settle(key: str) -> str:
    """What remains of the schemes' differences once the letters are read: soft signs, glides, doubled letters,
    endings."""
    key = key.replace("jo", "io").replace("j", "").replace("ts", "z").replace("wc", "w").replace("ou", "u")
    key = _REPEATED.sub(r"\1", key).replace("io", "e")
    key = _REPEATED.sub(r"\1", _GLIDE.sub("", key).replace("ei", "i"))
    return _SOFT_EV.sub("ov", key.replace("co", "ce").replace("wo", "we"))


# Given names and patronymics: one person's name is another word in the other language.

_PATRONYMIC_END = re.compile(r"(?:[oei]vic|[oei]vna|inicna|icna|ic)$")
_TURKIC = re.compile(r"\s+(?:огли|оглы|оглу|ogl[iyu]|ohly|oğlu|кизи|кызы|q?k?[iy]z[iy])$", re.IGNORECASE)


@cache
def _groups() -> tuple[dict[str, str], dict[str, str]]:
    given: dict[str, str] = {}
    stems: dict[str, str] = {}
    for names, patronymics in GIVEN_NAMES:
        group = fold(names.split()[0])
        given.update((fold(name), group) for name in reversed(names.split()))
        stems.update((_stem(fold(name)), group) for name in patronymics.split())
    return given, stems


@lru_cache(1 << 16)
def given_key(name: str) -> str:
    """The key of a given name, the same for its Ukrainian and Russian forms (Микола, Николай)."""
    folded = fold(name)
    return _groups()[0].get(folded, folded)


@lru_cache(1 << 16)
def patronymic_key(name: str) -> str:
    """The key of a patronymic without its ending, the same for its Ukrainian and Russian forms, a son's and a
    daughter's."""
    stem = _stem(fold(_TURKIC.sub("", name)))
    return _groups()[1].get(stem, stem)


@lru_cache(1 << 16)
def likely_given_key(name: str) -> str:
    """The key of the known given name that this is, or is one slip away from (Никалай); else its own key."""
    return _nearest(given_key(name), _groups()[0])


@lru_cache(1 << 16)
def likely_patronymic_key(name: str) -> str:
    """The key of the known patronymic that this is, or is one slip away from; else its own key."""
    return _nearest(patronymic_key(name), _groups()[1])


def _nearest(key: str, groups: Mapping[str, str]) -> str:
    if len(key) < 4 or key in groups:
        return groups.get(key, key)
    near = {group for known, group in groups.items() if DamerauLevenshtein.distance(key, known, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else key


def _stem(folded: str) -> str:
    return _PATRONYMIC_END.sub("", folded) or folded
