"""Belarusian names in Latin letters: the state's instruction and the traditional łacinka.

State Committee on Land Resources, Geodesy and Cartography of Belarus, instruction on the transliteration of
geographical names, resolution 15 of 23 November 2000, as changed on 11 June 2007 (UNGEGN report of 17 March 2008):
е, ё, ю, я are je, jo, ju, ja at the beginning, after vowels, ў, й, ь and the apostrophe, else ie, io, iu, ia;
the soft sign is an acute. Łacinka, as printed before 1939, tells hard ł from soft l.
"""

from safeconduct.sim.romanisation import each_word, letter_table
from safeconduct.sim.romanisation_passports import BELARUSIAN

_CONSONANTS_AND_VOWELS = letter_table(
    BELARUSIAN, "a b v h d ie io ž z i j k l m n o p r s t u ŭ f ch c č š y - e iu ia -"
)
_ACUTE = {"з": "ź", "л": "ĺ", "н": "ń", "с": "ś", "ц": "ć"}
_JOTATED = {"е": "e", "ё": "o", "ю": "u", "я": "a"}
_OPENS_WITH_J = frozenset("аеёіоуыэюяўйь'")


def instruction_2007(belarusian: str) -> str:
    """Belarusian by the instruction in the form of 2007."""
    return each_word(belarusian, lambda word: _word(word, old=False, traditional=False))


def instruction_2000(belarusian: str) -> str:
    """Belarusian by the instruction in its first form: the soft sign is an apostrophe."""
    return each_word(belarusian, lambda word: _word(word, old=True, traditional=False))


def lacinka(belarusian: str) -> str:
    """Belarusian in łacinka."""
    return each_word(belarusian, lambda word: _word(word, old=False, traditional=True))


def _word(word: str, *, old: bool, traditional: bool) -> str:
    latin: list[str] = []
    for index, letter in enumerate(word):
        before, after = word[index - 1 : index], word[index + 1 : index + 2]
        if letter in _JOTATED:
            if not before or before in _OPENS_WITH_J:
                latin.append("j" + _JOTATED[letter])
            elif traditional and before == "л":
                latin.append(_JOTATED[letter])
            else:
                latin.append("i" + _JOTATED[letter])
        elif letter == "ь":
            if old:
                latin.append("'")
            elif latin and not (traditional and before == "л"):
                latin[-1] = _ACUTE.get(before, latin[-1])
        elif letter == "л" and traditional:
            latin.append("l" if after and after in "еёіюяьл" else "ł")
        else:
            latin.append(_CONSONANTS_AND_VOWELS.get(letter, letter))
    return "".join(latin)
