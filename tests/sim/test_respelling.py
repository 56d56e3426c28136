"""Names of one side in the letters of the other."""

import pytest

from safeconduct.sim.respelling import russian_into_ukrainian, ukrainian_into_russian


@pytest.mark.parametrize(
    ("russian", "ukrainian"),
    [
        ("Воробьёв", "Воробйов"),
        ("Ковалёв", "Ковальов"),
        ("Горбачёв", "Горбачов"),
        ("Лебедев", "Лебедєв"),
        ("Матвеев", "Матвєєв"),
        ("Алексеев", "Алексєєв"),
        ("Никитин", "Нікітін"),
        ("Ильин", "Ільїн"),
        ("Иванов", "Іванов"),
        ("Шишкин", "Шишкін"),
        ("Быков", "Биков"),
        ("Троицкий", "Троїцький"),
        ("Вяземский", "В'яземський"),
    ],
)
def test_russian_surnames_by_the_ukrainian_orthography(russian: str, ukrainian: str) -> None:
    """Well-known names as Ukrainian reference works write them."""
    assert russian_into_ukrainian(russian, by_the_book=True) == ukrainian


@pytest.mark.parametrize(
    ("ukrainian", "russian"),
    [
        ("Вишневський", "Вишневский"),
        ("Хмельницький", "Хмельницкий"),
        ("Рибалко", "Рыбалко"),
        ("Лисенко", "Лысенко"),
        ("Лук'яненко", "Лукьяненко"),
        ("Коломієць", "Коломиец"),
        ("Ковалів", "Ковалив"),
        ("Ґудзь", "Гудзь"),
    ],
)
def test_ukrainian_surnames_by_russian_practice(ukrainian: str, russian: str) -> None:
    """Endings, ы, and the letters that Russian lacks."""
    assert ukrainian_into_russian(ukrainian, by_the_book=True) == russian


def test_a_careless_clerk_goes_letter_by_letter() -> None:
    """Nothing is known of endings then."""
    assert russian_into_ukrainian("Алексеев", by_the_book=False) == "Алексеев"
    assert ukrainian_into_russian("Рибалко", by_the_book=False) == "Рибалко"
