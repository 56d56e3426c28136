"""How newspapers write Russian and Ukrainian names for readers of German, French and English.

German: Duden, "Die deutsche Rechtschreibung", transcription tables for Russian and Ukrainian. French: Lexique des
règles typographiques en usage à l'Imprimerie nationale, "Russe". English: the simplified BGN/PCGN of British and
American papers (New Hart's Rules, Oxford, 11.41: no soft sign, -ий and -ый are y). Accents are those that the presses
print; a clerk drops them or not.
"""

from safeconduct.sim.romanisation import RUSSIAN, UKRAINIAN, each_word, letter_by_letter, letter_table

_GERMAN_RUSSIAN = letter_table(
    RUSSIAN, "a b w g d e jo sch s i i k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja"
)
_GERMAN_UKRAINIAN = letter_table(
    UKRAINIAN, "a b w h g d e je sch s y i ji j k l m n o p r s t u f ch z tsch sch schtsch - ju ja -"
)
_FRENCH_RUSSIAN = letter_table(
    RUSSIAN, "a b v g d e io j z i ï k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia"
)
_FRENCH_UKRAINIAN = letter_table(
    UKRAINIAN, "a b v h g d e ie j z y i ï ï k l m n o p r s t ou f kh ts tch ch chtch - iou ia -"
)
_ENGLISH_RUSSIAN = letter_table(RUSSIAN, "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya")
_ENGLISH_UKRAINIAN = letter_table(
    UKRAINIAN, "a b v h g d e ye zh z y i yi y k l m n o p r s t u f kh ts ch sh shch - yu ya -"
)
_VOWELS = frozenset("аеёиоуыэюяєії")
_HISSING = frozenset("жчшщ")


def german_russian(russian: str) -> str:
    """Russian in a German paper."""
    return each_word(russian, _word_german_russian)


def german_ukrainian(ukrainian: str) -> str:
    """Ukrainian in a German paper."""
    return each_word(ukrainian, lambda word: _between_vowels(word, _GERMAN_UKRAINIAN))


def french_russian(russian: str) -> str:
    """Russian in a French paper."""
    return each_word(russian, _word_french_russian)


def french_ukrainian(ukrainian: str) -> str:
    """Ukrainian in a French paper."""
    return each_word(ukrainian, _word_french_ukrainian)


def english_russian(russian: str) -> str:
    """Russian in an English paper."""
    return each_word(russian, _word_english_russian)


def english_ukrainian(ukrainian: str) -> str:
    """Ukrainian in an English paper; the ending ий is y."""
    return each_word(ukrainian, _word_english_ukrainian)


def _between_vowels(word: str, table: dict[str, str]) -> str:
    """By the table, but с between vowels is doubled, which German and French readers would else read as z."""
    latin = []
    for index, letter in enumerate(word):
        doubled = letter == "с" and word[index - 1 : index] in _VOWELS and word[index + 1 : index + 2] in _VOWELS
        latin.append("ss" if doubled else table.get(letter, letter))
    return "".join(latin)


def _word_german_russian(word: str) -> str:
    latin = []
    for index, letter in enumerate(word):
        before, after = word[index - 1 : index], word[index + 1 : index + 2]
        if letter == "е" and (not before or before in _VOWELS or before in "ьъ"):
            latin.append("je")
        elif letter == "ё" and before and before in _HISSING:
            latin.append("o")
        elif letter == "й" and before and before in "иы":
            continue
        elif letter == "с" and before == "к":
            latin[-1] = "x"
        elif letter == "с" and before in _VOWELS and after in _VOWELS:
            latin.append("ss")
        elif letter == "ь" and after == "о":
            latin.append("j")
        else:
            latin.append(_GERMAN_RUSSIAN.get(letter, letter))
    return "".join(latin)


def _word_french_russian(word: str) -> str:
    ending = "i" if word.endswith("ий") else "y" if word.endswith("ый") else ""
    stem = word[:-2] if ending else word
    latin = []
    for index, letter in enumerate(stem):
        before, after = word[index - 1 : index], word[index + 1 : index + 2]
        after_vowel = before and before in _VOWELS
        if letter == "е" and (after_vowel or before in ("ь", "ъ")):
            latin.append("ïe" if after_vowel else "ie")
        elif letter == "е" and not before:
            latin.append("ie")
        elif letter in "юя" and after_vowel:
            latin.append({"ю": "ïou", "я": "ïa"}[letter])
        elif letter == "ё" and before and before in _HISSING:
            latin.append("e")
        elif letter == "г" and after and after in "еёиы":
            latin.append("gu")
        elif letter == "с" and after_vowel and after in _VOWELS:
            latin.append("ss")
        elif letter == "й" and not before:
            latin.append("i")
        else:
            latin.append(_FRENCH_RUSSIAN.get(letter, letter))
    return "".join(latin) + ending + ("e" if word.endswith(("ин", "ын")) else "")


def _word_french_ukrainian(word: str) -> str:
    latin = _between_vowels(word.removesuffix("ий"), _FRENCH_UKRAINIAN) + ("y" if word.endswith("ий") else "")
    return latin.replace("ï", "i", 1) if latin.startswith("ï") else latin


def _word_english_russian(word: str) -> str:
    ending = "y" if word.endswith(("ий", "ый")) else ""
    latin = []
    for index, letter in enumerate(word[:-2] if ending else word):
        before = word[index - 1 : index]
        if letter == "е" and (not before or before in _VOWELS or before in "ьъ"):
            latin.append("ye")
        elif letter == "ё" and before and before in _HISSING:
            latin.append("e")
        else:
            latin.append(_ENGLISH_RUSSIAN.get(letter, letter))
    return "".join(latin) + ending


def _word_english_ukrainian(word: str) -> str:
    return letter_by_letter(word.removesuffix("ий"), _ENGLISH_UKRAINIAN) + ("y" if word.endswith("ий") else "")
