"""Latin letters of travel documents: Russian passports by the rule of their year, and Belarusian ones.

Each table is that of the order or standard named above it. ICAO's for Russian and Ukrainian are in `sim.romanisation`.
"""

from safeconduct.sim.romanisation import RUSSIAN, each_word, letter_by_letter, letter_table

BELARUSIAN = "абвгдеёжзійклмнопрстуўфхцчшыьэюя'"

# Ministry of the Interior of Russia, order 310 of 26 May 1997, annex 6: passports on Soviet blanks, "in French". Beside
# the table passports of that time show French usage: gu before е, и, ы; ье is ie; ss between vowels; кс is x; ин at the
# end is ine.
_SOVIET_BLANKS = letter_table(RUSSIAN, "a b v g d e e j z i i k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia")
# The same order for the blanks of 1997, English: й is y, ю is yu, я is ya. Passports of those years leave out the
# order's apostrophe for ь, write ье as ye, the endings ий and ый as y, and кс as x.
_BLANKS_OF_1997 = letter_table(RUSSIAN, "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya")
# GOST R 52535.1-2006, annex A; in passports from 2010 (order 26 of the Migration Service) to 2013.
_GOST_52535 = letter_table(RUSSIAN, "a b v g d e e zh z i i k l m n o p r s t u f kh tc ch sh shch - y - e iu ia")
# ICAO Doc 9303, part 3, section 6 (Cyrillic), with what it says of Belarusian: г is h, ё is io.
_ICAO_BELARUSIAN = letter_table(BELARUSIAN, "a b v h d e io zh z i i k l m n o p r s t u u f kh ts ch sh y - e iu ia -")
_VOWELS = frozenset("аеёиоуыэюя")


def soviet_passport(russian: str) -> str:
    """Russian as in passports on Soviet blanks, to 1997."""
    return each_word(russian, _word_soviet)


def passport_of_1997(russian: str) -> str:
    """Russian as in passports from 1997 to 2010."""
    return each_word(russian, _word_1997)


def gost_52535(russian: str) -> str:
    """Russian as in passports from 2010 to 2013."""
    return each_word(russian, lambda word: letter_by_letter(word, _GOST_52535))


def icao_belarusian(belarusian: str) -> str:
    """Belarusian by ICAO Doc 9303."""
    return each_word(belarusian, lambda word: letter_by_letter(word, _ICAO_BELARUSIAN))


def _word_soviet(word: str) -> str:
    latin = []
    for index, letter in enumerate(word):
        before, after = word[index - 1 : index], word[index + 1 : index + 2]
        if letter == "г" and after and after in "еёиы":
            latin.append("gu")
        elif letter == "е" and before == "ь":
            latin.append("ie")
        elif letter == "с" and before == "к":
            latin[-1] = "x"
        elif letter == "с" and before in _VOWELS and after in _VOWELS:
            latin.append("ss")
        else:
            latin.append(_SOVIET_BLANKS.get(letter, letter))
    return "".join(latin) + ("e" if word.endswith("ин") else "")


def _word_1997(word: str) -> str:
    ending = "y" if word.endswith(("ий", "ый")) else ""
    latin = []
    for index, letter in enumerate(word.removesuffix("ий").removesuffix("ый") if ending else word):
        before = word[index - 1 : index]
        if letter in "её" and before == "ь":
            latin.append("ye")
        elif letter == "с" and before == "к":
            latin[-1] = "x"
        else:
            latin.append(_BLANKS_OF_1997.get(letter, letter))
    return "".join(latin) + ending
