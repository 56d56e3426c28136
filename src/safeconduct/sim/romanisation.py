"""How Ukrainian and Russian names are written in Latin letters, by published schemes, for clerks who mix them.

Tables are taken from the standards themselves, letter by letter; combining rules (a letter at the beginning of a word,
after a vowel) are those that the standard states. Clerks type what their keyboards have: modifier letters for ь and ъ
become an apostrophe or nothing, which `as_typed` does.
"""

from collections.abc import Callable

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'"
_VOWELS = frozenset("аеёиоуыэюяєіїъьй")


def letter_table(letters: str, latin: str) -> dict[str, str]:
    """A table of a standard: for each letter what is written for it, `-` for nothing."""
    values = [value if value != "-" else "" for value in latin.split()]
    return dict(zip(letters, values, strict=True))


# BGN/PCGN romanization system for Russian, 1947 agreement. е and ё are ye, yë at the beginning, after vowels, й, ъ, ь.
_BGN_1947 = letter_table(RUSSIAN, "a b v g d e ë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya")
# BGN/PCGN romanization system for Ukrainian, 1965 agreement.
_BGN_1965 = letter_table(UKRAINIAN, "a b v h g d e ye zh z y i yi y k l m n o p r s t u f kh ts ch sh shch ’ yu ya ”")
# Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010; adopted as BGN/PCGN agreement of 2019.
# At the beginning of a word: є ye, ї yi, й y, ю yu, я ya; зг is zgh; ь and the apostrophe are not written.
_CABINET_2010 = letter_table(
    UKRAINIAN, "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - iu ia -"
)
_CABINET_2010_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
# ICAO Doc 9303, part 3, section 6 (Cyrillic): machine readable travel documents.
_ICAO_RUSSIAN = letter_table(RUSSIAN, "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia")
_ICAO_UKRAINIAN = letter_table(
    UKRAINIAN, "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - iu ia -"
)
# ISO 9:1995: one sign a letter, the same for every language.
_ISO_9_RUSSIAN = letter_table(RUSSIAN, "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â")
_ISO_9_UKRAINIAN = letter_table(UKRAINIAN, "a b v g g̀ d e ê ž z i ì ï j k l m n o p r s t u f h c č š ŝ ʹ û â ’")
# Scientific transliteration as Slavists use it (DIN 1460:1982 and its kin).
_SCIENTIFIC_RUSSIAN = letter_table(RUSSIAN, "a b v g d e ë ž z i j k l m n o p r s t u f x c č š šč ʺ y ʹ è ju ja")
_SCIENTIFIC_UKRAINIAN = letter_table(
    UKRAINIAN, "a b v h g d e je ž z y i ji j k l m n o p r s t u f x c č š šč ʹ ju ja ’"
)


def bgn_pcgn_1947(russian: str) -> str:
    """Russian by BGN/PCGN 1947."""
    return each_word(russian, _word_bgn_1947)


def bgn_pcgn_1965(ukrainian: str) -> str:
    """Ukrainian by BGN/PCGN 1965."""
    return each_word(ukrainian, lambda word: letter_by_letter(word, _BGN_1965))


def cabinet_2010(ukrainian: str) -> str:
    """Ukrainian by resolution 55 of 2010, which is also BGN/PCGN 2019."""
    return each_word(ukrainian, _word_cabinet_2010)


def icao_russian(russian: str) -> str:
    """Russian by ICAO Doc 9303."""
    return each_word(russian, lambda word: letter_by_letter(word, _ICAO_RUSSIAN))


def icao_ukrainian(ukrainian: str) -> str:
    """Ukrainian by ICAO Doc 9303."""
    return each_word(ukrainian, lambda word: letter_by_letter(word, _ICAO_UKRAINIAN))


def iso_9_russian(russian: str) -> str:
    """Russian by ISO 9:1995."""
    return each_word(russian, lambda word: letter_by_letter(word, _ISO_9_RUSSIAN))


def iso_9_ukrainian(ukrainian: str) -> str:
    """Ukrainian by ISO 9:1995."""
    return each_word(ukrainian, lambda word: letter_by_letter(word, _ISO_9_UKRAINIAN))


def scientific_russian(russian: str) -> str:
    """Russian by the scientific transliteration."""
    return each_word(russian, lambda word: letter_by_letter(word, _SCIENTIFIC_RUSSIAN))


def scientific_ukrainian(ukrainian: str) -> str:
    """Ukrainian by the scientific transliteration."""
    return each_word(ukrainian, lambda word: letter_by_letter(word, _SCIENTIFIC_UKRAINIAN))


FROM_RUSSIAN: tuple[Callable[[str], str], ...] = (bgn_pcgn_1947, icao_russian, iso_9_russian, scientific_russian)
FROM_UKRAINIAN: tuple[Callable[[str], str], ...] = (
    cabinet_2010,
    bgn_pcgn_1965,
    icao_ukrainian,
    iso_9_ukrainian,
    scientific_ukrainian,
)


def as_typed(latin: str, apostrophes: bool) -> str:
    """What is left of the signs that no keyboard has: an apostrophe for each, or nothing."""
    for sign in "ʺʹ’”":
        latin = latin.replace(sign, "'" if apostrophes else "")
    return latin


def each_word(name: str, romanise: Callable[[str], str]) -> str:
    """Each part of a compound name by `romanise`, which is given small letters, with its capital kept."""
    words = []
    for word in name.replace("’", "'").replace("ʼ", "'").split("-"):
        latin = romanise(word.lower())
        words.append(latin[:1].upper() + latin[1:] if word[:1].isupper() else latin)
    return "-".join(words)


def letter_by_letter(word: str, table: dict[str, str]) -> str:
    """Each letter by the table, whatever stands beside it."""
    return "".join(table.get(letter, letter) for letter in word)


def _word_bgn_1947(word: str) -> str:
    latin = []
    for index, letter in enumerate(word):
        iotated = letter in "её" and (index == 0 or word[index - 1] in _VOWELS)
        latin.append(("y" if iotated else "") + _BGN_1947.get(letter, letter))
    return "".join(latin)


def _word_cabinet_2010(word: str) -> str:
    latin = []
    for index, letter in enumerate(word):
        if index == 0 and letter in _CABINET_2010_INITIAL:
            latin.append(_CABINET_2010_INITIAL[letter])
        elif letter == "г" and index and word[index - 1] == "з":
            latin.append("gh")
        else:
            latin.append(_CABINET_2010.get(letter, letter))
    return "".join(latin)
