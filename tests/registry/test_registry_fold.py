"""One key for one name, in both Cyrillic alphabets and the usual romanisations. Common names only, of nobody in
particular."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from safeconduct.registry.fold import fold, given_key, likely_given_key, patronymic_key, skeleton

# Each row: Ukrainian, Russian, then by the Ukrainian table of 2010, BGN/PCGN, ICAO 9303 or Russian passports,
# ISO 9 or the scholarly transliteration, the German press, the French press or Soviet passports.
SURNAMES = [
    "Шевченко Шевченко Shevchenko Shevchenko Shevchenko Ševčenko Schewtschenko Chevtchenko",
    "Жуков Жуков Zhukov Zhukov Zhukov Žukov Schukow Joukov",
    "Кузнецов Кузнецов Kuznetsov Kuznetsov Kuznetcov Kuznecov Kusnezow Kouznetsov",
    "Захаров Захаров Zakharov Zakharov Zakharov Zaharov Sacharow Zakharov",
    "Ковальов Ковалёв Kovalov Kovalëv Kovalev Kovalʹov Kowaljow Kovaliov",
    "Яковенко Яковенко Yakovenko Yakovenko Iakovenko Âkovenko Jakowenko Iakovenko",
    "Гнатюк Гнатюк Hnatiuk Hnatyuk Gnatiuk Gnatûk Hnatjuk Gnatiouk",
    "Щербаков Щербаков Shcherbakov Shcherbakov Shcherbakov Ŝerbakov Schtscherbakow Chtcherbakov",
    "Цвіркун Цвиркун Tsvirkun Tsvirkun Tsvirkun Cvirkun Zwirkun Tsvirkoun",
    "Згурський Згурский Zghurskyi Zhurs’kyy Zgurskii Zgursʹkij Shurskyj Zgourski",
    "Білецький Билецкий Biletskyi Bilets’kyy Biletskii Bìlecʹkij Bilezkyj Biletski",
    "Соловйов Соловьёв Soloviov Solovyov Solovev Solovʹëv Solowjow Soloviov",
    "Чайка Чайка Chaika Chayka Chaika Čajka Tschajka Tchaïka",
    "Сухий Сухий Sukhyi Sukhyy Sukhii Suhij Suchyj Soukhi",
    "Хомутов Хомутов Khomutov Khomutov Khomutov Homutov Chomutow Khomoutov",
]
AMBIGUOUS = {"Zhurs’kyy", "Shurskyj", "Suchyj"}
"""BGN/PCGN's zh for Ukrainian зг; German ch in a word that shows no other sign of being German."""


@pytest.mark.parametrize("row", SURNAMES)
def test_surnames_across_schemes(row: str) -> None:
    """Every spelling of one surname has one key, unless the scheme's letter says another thing in the others."""
    spellings = row.split()
    assert {fold(spelling) for spelling in spellings if spelling not in AMBIGUOUS} == {fold(spellings[0])}


@pytest.mark.parametrize("spelling", sorted(AMBIGUOUS))
def test_known_losses(spelling: str) -> None:
    """An ambiguous spelling still lies within two letters of the key."""
    (row,) = (row for row in SURNAMES if spelling in row.split())
    assert 0 < DamerauLevenshtein.distance(fold(spelling), fold(row.split()[0])) <= 2


@pytest.mark.parametrize(
    "row",
    [
        "Сергій Сергей Serhii Sergey Sergei Sergej Serguei Serhiy",
        "Юрій Юрий Yurii Yuriy Iurii Jurij Juri Iouri",
        "Євген Евгений Yevhen Yevgeny Evgenii Jewgeni",
        "Олександр Александр Oleksandr Aleksandr Alexandr Alexander",
        "Микола Николай Mykola Nikolay Nikolai Nikolaj Nicolas",
        "Дмитро Дмитрий Dmytro Dmitry Dmitrii Dmitrij",
        "Михайло Михаил Mykhailo Mikhail Michail Mikhaïl",
        "В'ячеслав Вячеслав Viacheslav Vyacheslav Wjatscheslaw Vâčeslav",
        "Ганна Анна Hanna Anna",
        "Олена Елена Olena Yelena Elena Jelena",
        "Наталія Наталья Nataliia Natalya Natalia Natalija",
        "Ілля Илья Illia Ilya Ilia Ilja",
    ],
)
def test_given_names_across_languages(row: str) -> None:
    """The Ukrainian and the Russian form of a given name have one key."""
    assert len({given_key(spelling) for spelling in row.split()}) == 1


@pytest.mark.parametrize(
    "row",
    [
        "Миколайович Николаевич Mykolaiovych Nikolayevich Nikolajewitsch Миколаївна Николаевна",
        "Сергійович Сергеевич Serhiiovych Sergeyevich Сергіївна Сергеевна Sergeevna",
        "Юрійович Юрьевич Yuriiovych Yuryevich Юріївна Юрьевна",
        "Васильович Васильевич Vasylovych Vasilyevich Василівна Васильевна",
        "Ілліч Ильич Illich Ilyich Іллівна Ильинична",
        "Якович Яковлевич Yakovych Yakovlevich",
        "Олександрович Александрович Oleksandrovych Aleksandrovich Олександрівна",
    ],
)
def test_patronymics_across_languages(row: str) -> None:
    """Ukrainian and Russian, a son's and a daughter's, have one key."""
    assert len({patronymic_key(spelling) for spelling in row.split()}) == 1


def test_different_names_stay_apart() -> None:
    """The fold is coarse, but not so coarse."""
    surnames = "Шевченко Шевчук Жуков Чуков Савченко Сидоренко Ткаченко Ткачук Мельник Мельниченко Петренко"
    " Петриченко Лис Лисенко"
    assert len({fold(surname) for surname in surnames.split()}) == len(surnames.split())
    names = (
        "Олексій Олександр Андрій Антон Артем Іван Ігор Микола Микита Михайло Марія Марина Ганна Яна Юлія Ярослав Ян"
    )
    assert len({given_key(name) for name in names.split()}) == len(names.split())


def test_slips_and_lookalikes() -> None:
    """A letter of the other script that looks the same is read as meant; one slip in a known name leads to it."""
    assert fold("Iвaн") == fold("Іван")
    assert likely_given_key("Никалай") == given_key("Микола")
    assert likely_given_key("Xq") == fold("Xq")


def test_doubled_surnames() -> None:
    """Hyphen, space or nothing between the parts."""
    assert fold("Лис-Вовк") == fold("лис вовк") == fold("LysVovk")


@given(st.text())
def test_anything_folds(text: str) -> None:
    """No text breaks it, and case makes no difference."""
    for key in (fold, skeleton, given_key, patronymic_key, likely_given_key):
        assert isinstance(key(text), str)
    assert fold(text) == fold(text.casefold())


@pytest.mark.parametrize("name", ["გიორგი", "محمد", "李小龙", "Ελένη"])
def test_other_scripts_pass(name: str) -> None:
    """A name in a script that we do not read is still itself, and no other."""
    assert fold(name)
    assert fold(name) == fold(name.upper())
