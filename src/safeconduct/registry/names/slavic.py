"""Ukrainian, Russian and Belarusian names, and any others written in Cyrillic.

The letters of the three alphabets, the old Russian ones, and those that other languages add (`turkic`).
"""

import re
from typing import Final

from safeconduct.registry.names.family import Family
from safeconduct.registry.names.slavic_given_names import MEN, WOMEN
from safeconduct.registry.names.turkic import CYRILLIC

_LETTERS: Final = str.maketrans(
    {
        **dict(zip("абвгґдеєжзиіїйклмнопрсту", "abvhhdeewsiiiiklmnoprstu", strict=True)),
        **dict(zip("фхцчшщыэёўѣѳѵ", "fhzcwwieevefi", strict=True)),
        **dict(zip("ѝђјљњќѓѕ", "idilnkhs", strict=True)),
        **CYRILLIC,
        "ъ": "",
        "ь": "j",  # a glide if о follows (Ковальов), else nothing
        "ю": "iu",
        "я": "ia",
        "ћ": "c",
        "џ": "dw",
        "ӂ": "w",
    }
)

_HARD_E = re.compile("[бвгджзклмнпрстфхцчш]э")
_SOFTENED = re.compile("дз(?=[еёіюяь])|ц(?=[еёіюяь])")
_HARDENED = {"дз": "д", "ц": "т"}
_AKANJE_END = re.compile("(?<=..)(?<!сл)а(?=ў$)")
"""Not Станіслаў."""
_AKANJE = re.compile("^([бвгджзклмнпрстфхцчш]+)([ая])(?=[^аеёіоуыэюяўй].*[аеёіоуыэюя])")
_STRESSED = {"а": "о", "я": "е"}
_UKRAINIAN = re.compile("[їєґ]|^[^ыэўё]*$")
_CLOSED_I = re.compile("(?<=[бвгдзклмнпрстфхцчшщ])і(?!й|вськ|цьк|ськ|[вїя]$|є)")


def read(word: str) -> tuple[str, ...]:
    """A word in Cyrillic in the letters of the key."""
    if "ьо" in word:  # Берьоза is Берёза in Russian, but Beroza in Ukrainian Latin letters
        return (word.translate(_LETTERS), word.replace("ьо", "о").translate(_LETTERS))
    if not _is_belarusian(word):
        return (word.translate(_LETTERS),)
    # Belarusian writes what it softens: Цімашэнка is Тимошенко, but Cimašenka in Belarusian Latin letters.
    return tuple(_AKANJE_END.sub("о", spelt).translate(_LETTERS) for spelt in (_hardened(word), word))


def neighbours(word: str) -> tuple[str, ...]:
    """How Russian may spell a surname that is Ukrainian (Неліпа: Нелепа; Сокіл: Сокол) or Belarusian (Кавалёў:
    Ковалёв). Of given names that would make one of two (Діна, Денис)."""
    if _is_belarusian(word):
        return (_AKANJE.sub(lambda part: part[1] + _STRESSED[part[2]], _hardened(word)),)
    if _UKRAINIAN.search(word) and (closed := _CLOSED_I.search(word)):
        return tuple(f"{word[: closed.start()]}{vowel}{word[closed.end() :]}" for vowel in "ео")
    return ()


def _hardened(word: str) -> str:
    return _SOFTENED.sub(lambda part: _HARDENED[part[0]], word)


def _is_belarusian(word: str) -> bool:
    """No other language writes these letters together."""
    if "ў" in word or "дзь" in word or word.startswith("дзм"):
        return True
    return "і" in word and ("ы" in word or ("э" in word and _HARD_E.search(word) is not None))


SLAVIC: Final = Family("Slavic", "Cyrillic", (("Ѐ", "ӿ"),), read, True, True, MEN, WOMEN, neighbours)
