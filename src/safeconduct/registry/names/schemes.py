"""In which scripts, languages and romanisations the names of a list can have been written: for a reader, as a hint.

A scheme fits a name that it could have produced: the name falls into letters that the scheme writes, and holds nothing
that it never writes. Most names fit several schemes (Ivan fits all), so what is told is a number of names and never
certain, and nothing is compared otherwise because of it. Sources of the tables: as in `latin`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from safeconduct.registry.names.families import family_of

_AROUND: Final = "'’ʼ`´‘′ʹʺ\"“”″ʿʾ·͡"
_WORDS = re.compile(r"[^\s\-‐‑–.,()/]+")
_NOT_WRITTEN = str.maketrans("", "", _AROUND)


@dataclass(frozen=True, slots=True)
class Fit:
    """One scheme, or the alphabet of one language, and how many of the names it could have produced."""

    scheme: str
    names: int


@dataclass(frozen=True, slots=True)
class ScriptSeen:
    """One script of a list."""

    script: str
    names: int
    """Different words of names in this script."""
    fits: tuple[Fit, ...]
    """The schemes that fit best, the best first; at most three. Empty where none fits most of the names, or so many
    alike that they tell nothing."""


@dataclass(frozen=True, slots=True)
class _Scheme:
    name: str
    written: re.Pattern[str]
    never: re.Pattern[str]
    wider_than: tuple[str, ...]
    """Schemes of which this one writes the letters, too: told only where it fits more names than each."""

    def fits(self, word: str) -> bool:
        return self.written.fullmatch(word) is not None and self.never.search(word) is None


def _scheme(name: str, written: str, never: str = "(?!)", first: str = "", wider_than: tuple[str, ...] = ()) -> _Scheme:
    """`written` and `first`: letters and groups, separated by spaces; `first` only where a word begins."""
    begins = f"(?:{'|'.join(first.split())})?" if first else ""
    return _Scheme(name, re.compile(f"{begins}(?:{'|'.join(written.split())})+"), re.compile(never), wider_than)


_BASE: Final = "a b v d e z k l m n o p r s t u f i"
_ENGLISH: Final = f"{_BASE} zh kh ts ch sh"
_RUSSIAN: Final = " ".join("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_ARABIC: Final = " ".join("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱ") + " [\u064b-\u0655\u0670]"

_SCHEMES: Final[Mapping[str, tuple[_Scheme, ...]]] = {
    "Latin": (
        _scheme("Ukrainian 2010", f"{_ENGLISH} h g y", "(?<!^)y[aeou]|yy", "ye yi yu ya"),
        _scheme("BGN/PCGN Ukrainian 1965", f"{_ENGLISH} h g ye yi yu ya y", "[^aeiouy]i[aeu]|ii"),
        _scheme("BGN/PCGN Russian", f"{_ENGLISH} g ë ye yë yu ya y", "[^aeiouy]i[au]|ii"),
        _scheme("ICAO 9303 Russian", f"{_ENGLISH} g y", "[aeou]y|^y|y[aeou]"),
        _scheme("GOST R 52535 Russian", f"{_BASE} zh kh tc ch sh g y", "[aeou]y|^y|y[aeou]|ts"),
        _scheme("ISO 9", f"{_BASE} ë ž j g h c č š ŝ y è û â ê ì ï", "[zkcst]h|j[aeu]"),
        _scheme("scholarly", f"{_BASE} ë ž j g h x c č š y è", "[zkct]h|[^aeiouy]i[aeu]"),
        _scheme("scholarly without its marks", f"{_BASE} j g h x c y", "[zksct]h|[^aeiouy]i[aeu]|[aeou]y"),
        _scheme("ALA-LC", f"{_ENGLISH} h g y ï ĭ ë ė", "[aeiou]y|y[aeou]", wider_than=("Ukrainian 2010",)),
        _scheme("GOST 16876 or 7.79", f"{_ENGLISH} j h g y c cz x", "y[aei]|ii", "ya yu yo"),
        _scheme("Ukrainian 2004", f"{_BASE} c j kh ts ch sh h g y", "k(?!h)|zh"),
        _scheme(
            "German", "a b w g h d e j i y k l m n o p r s t u f ch z sch ss", "[zk]h|(?<!c)sh|y[aeou]|[^aeiouy]i[au]"
        ),
        _scheme(
            "French",
            "a b v g gu(?=[eiy]) d e é j z i ï y k l m n o p r s ss t ou f h kh ts tch ch dj x",
            "sh|zh|y[aou]|(?<!o)u(?!e|i)",
        ),
        _scheme("Belarusian 2007", "a b v h d e ž z i j k l ĺ m n ń o p r s ś t u ŭ f ch c ć č š y", "[kszt]h|w"),
        _scheme("Belarusian passports", f"{_ENGLISH} h y", "[aeou]y|^y|y[aeou]|(?<=[aeo])v$"),
        _scheme(
            "Polish", "a ą b c ć cz d e ę f g h ch i j k l ł m n ń o ó p r rz s ś sz t u w y z ź ż", "[kzt]h|sh|y[aeou]"
        ),
        _scheme("Azerbaijani", "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z", "[ksztc]h|ts"),
        _scheme("Georgian 2002", f"{_BASE} g zh kh gh q sh ch ts dz j h", "y|w|f|x|ii"),
        _scheme(
            "Arabic, as in English",
            "a b d e f g gh h i j k kh l m n o ou oo ee q r s sh t th dh u w y z",
            "tsk|ii|[^aeiouy]i[au](?!$|n|d|s)",
        ),
        _scheme(
            "Arabic, as in French",
            "a b d e é f g gu(?=[ei]) h i ï j k kh l m n o ou r s ss t th c ch dj y z q",
            "sh|oo|ee",
        ),
    ),
    "Cyrillic": (
        _scheme("Ukrainian", " ".join("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")),
        _scheme("Russian", _RUSSIAN),
        _scheme("Belarusian", " ".join("абвгдеёжзійклмнопрстуўфхцчшыьэюя"), "[жшчр][іеьюя]|(?<![зс])т[іеёюя]|д[іеёюя]"),
        _scheme("Kazakh", f"{_RUSSIAN} ә ғ қ ң ө ұ ү һ і", wider_than=("Russian", "Ukrainian")),
        _scheme("Tatar or Bashkir", f"{_RUSSIAN} ә җ ң ө ү һ ғ ҙ ҡ ҫ", wider_than=("Russian", "Ukrainian")),
        _scheme("Azerbaijani (Cyrillic)", f"{_RUSSIAN} ә ғ ҝ ј ө ү һ ҹ", wider_than=("Russian", "Ukrainian")),
        _scheme("Uzbek or Tajik", f"{_RUSSIAN} ў қ ғ ҳ ӣ ӯ ҷ", wider_than=("Russian", "Ukrainian")),
    ),
    "Arabic": (
        _scheme("Arabic", _ARABIC),
        _scheme("Persian or Dari", f"{_ARABIC} پ چ ژ گ ک ی ە", "[كيى]"),
        _scheme("Pashto", f"{_ARABIC} پ چ ژ گ ک ی ټ ډ ړ ڼ ښ ږ ځ څ ګ ې ۍ ئ", "[كيى]"),
    ),
}
_MOST_TOLD: Final = 3
_ALIKE: Final = 6
"""So many schemes that fit equally well tell nothing."""


def scripts_seen(names: Iterable[str]) -> tuple[ScriptSeen, ...]:
    """The scripts of names, the commonest first, with the schemes that fit best. Each word counts once."""
    words: dict[str, set[str]] = {}
    for name in names:
        for word in _WORDS.findall(unicodedata.normalize("NFC", name.casefold()).translate(_NOT_WRITTEN)):
            letters = "".join(letter for letter in word if not letter.isdigit())
            if len(letters) > 1 and letters.isalpha():
                words.setdefault(_script(letters), set()).add(letters)
    by_number = sorted(words.items(), key=lambda each: (-len(each[1]), each[0]))
    return tuple(ScriptSeen(script, len(found), _best(script, found)) for script, found in by_number)


def _script(letters: str) -> str:
    family = family_of(letters)
    if family is not None:
        return family.script
    return "Latin" if any(letter < "ɐ" or "Ḁ" <= letter <= "ỿ" for letter in letters) else "another script"


def _best(script: str, words: set[str]) -> tuple[Fit, ...]:
    schemes = _SCHEMES.get(script, ())
    counts = {scheme.name: sum(map(scheme.fits, words)) for scheme in schemes}
    for scheme in schemes:
        if any(counts[scheme.name] <= counts[narrower] for narrower in scheme.wider_than):
            del counts[scheme.name]
    best = max(counts.values(), default=0)
    if sum(count == best for count in counts.values()) >= min(_ALIKE, len(counts)):
        return ()
    ranked = sorted(counts.items(), key=lambda each: -each[1])
    return tuple(Fit(name, count) for name, count in ranked[:_MOST_TOLD] if count * 2 > len(words))
