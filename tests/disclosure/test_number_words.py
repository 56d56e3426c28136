"""Spelled-out numbers in four languages, and the words beside them that must stay usable."""

import pytest

from safeconduct.disclosure.number_words import is_number

NUMBERS = """
    one two ten eleven nineteen twenty ninety forty hundred hundreds thousand million dozens third twelfth twentieth
    zéro deux neuf seize vingt soixante cent mille milliers centaines douzaine deuxième centième
    один одной два двух двое три трех четыре четырьмя пять пятеро семь семи восемь восьми десять десятки
    двенадцать двадцатый сорок сорока пятьдесят пятидесяти девяносто сто двести триста пятьсот двумстам пятьюстами
    тысяча тысячи миллионов полтора половина третий четвертого шестая
    один одна два двоє трьох чотири п'ять п'ятьох шість сім сьома семеро вісім дев'ять десяток
    дванадцять двадцять сорок п'ятдесят дев'яносто двісті триста п'ятсот тисяча тисяч мільйон половина третя
    fortyfive twohundred onehundredandnine trentedeux стодевять стодев'ять двестидвадцатый
"""

WORDS = """
    first second once home families told both tenant someone nobody often weight tender forth none alone
    un une premier second centre
    listen attend android tennis sixpence sextant stone stonework anyone bone
    семью семья семьи стол стать стан другой первый старый пятно сотрудник тристан
    сім'я сім'ї сім'ю родина перший другий стан сторона стало старий повернулися
"""


@pytest.mark.parametrize("word", NUMBERS.split())
def test_a_number_in_words_is_one(word: str) -> None:
    """Cardinals in their cases, collectives, tens to millions, ordinals from the third on."""
    assert is_number(word)


@pytest.mark.parametrize("word", WORDS.split())
def test_other_words_are_none(word: str) -> None:
    """Families, sides and what only begins like a number."""
    assert not is_number(word)
