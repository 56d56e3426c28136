"""Passports, presses and Belarusian: each scheme against examples that the standard or its users publish."""

from collections.abc import Callable

import pytest

from safeconduct.sim.romanisation_belarusian import instruction_2000, instruction_2007, lacinka
from safeconduct.sim.romanisation_passports import gost_52535, icao_belarusian, passport_of_1997, soviet_passport
from safeconduct.sim.romanisation_press import (
    english_russian,
    english_ukrainian,
    french_russian,
    french_ukrainian,
    german_russian,
    german_ukrainian,
)
from safeconduct.sim.schemes import SCHEMES


@pytest.mark.parametrize(
    ("scheme", "names"),
    [
        (
            german_russian,  # as Duden and German papers write them
            "Пушкин=Puschkin Хрущёв=Chruschtschow Горбачёв=Gorbatschow Чайковский=Tschaikowski Ельцин=Jelzin "
            "Достоевский=Dostojewski Тургенев=Turgenew Солженицын=Solschenizyn Есенин=Jessenin Алексей=Alexei",
        ),
        (
            german_ukrainian,
            "Хмельницький=Chmelnyzkyj Шевченко=Schewtschenko Сергій=Serhij Запоріжжя=Saporischschja Київ=Kyjiw",
        ),
        (
            french_russian,  # as the Imprimerie nationale and French papers write them
            "Пушкин=Pouchkine Хрущёв=Khrouchtchev Горбачёв=Gorbatchev Чайковский=Tchaïkovski Достоевский=Dostoïevski "
            "Солженицын=Soljenitsyne Мусоргский=Moussorgski Жуков=Joukov Прокофьев=Prokofiev Юрий=Iouri Сергей=Sergueï "
            "Менделеев=Mendeleïev Дмитрий=Dmitri",
        ),
        (french_ukrainian, "Шевченко=Chevtchenko Хмельницький=Khmelnytsky Грушевський=Hrouchevsky"),
        (
            english_russian,
            "Пушкин=Pushkin Хрущёв=Khrushchev Горбачёв=Gorbachev Достоевский=Dostoyevsky Ельцин=Yeltsin Юрий=Yury "
            "Прокофьев=Prokofyev Тургенев=Turgenev Королёв=Korolyov",
        ),
        (english_ukrainian, "Шевченко=Shevchenko Грушевський=Hrushevsky Сергій=Serhiy Хмельницький=Khmelnytsky"),
        (soviet_passport, "Пушкин=Pouchkine Сергей=Serguei Васильев=Vassiliev Евгений=Evguenii Чуркин=Tchourkine"),
        (
            passport_of_1997,
            "Юрий=Yury Григорьев=Grigoryev Татьяна=Tatyana Евгений=Evgeny Алексей=Alexey Дмитрий=Dmitry",
        ),
        (gost_52535, "Цветаева=Tcvetaeva Юлия=Iuliia Андрей=Andrei Щукин=Shchukin Семён=Semen"),
        (icao_belarusian, "Аляксандр=Aliaksandr Гродна=Hrodna Юрый=Iuryi Ёсіф=Iosif Магілёў=Mahiliou"),
        (
            instruction_2007,  # the examples of the instruction
            "Аршанскі=Aršanski Бешанковічы=Biešankovičy Гомель=Homieĺ Гаўя=Haŭja Ельск=Jeĺsk Лепель=Liepieĺ Ёды=Jody "
            "Вераб'ёвічы=Vierabjovičy Мёры=Miory Жодзішкі=Žodziški Іўе=Iŭje Любань=Liubań Магілёў=Mahilioŭ "
            "Нясвіж=Niasviž Шаркаўшчына=Šarkaŭščyna Чэрвень=Červień Валяр'яны=Valiarjany Хоцімск=Chocimsk",
        ),
        (instruction_2000, "Гомель=Homiel' Ельск=Jel'sk Лепель=Liepiel' Любань=Liuban' Фаніпаль=Fanipal'"),
        (
            lacinka,
            "Гомель=Homiel Магілёў=Mahiloŭ Лагойск=Łahojsk Ляхавічы=Lachavičy Слуцк=Słuck Клецк=Kleck Любань=Lubań",
        ),
    ],
)
def test_schemes_give_published_examples(scheme: Callable[[str], str], names: str) -> None:
    """Letter by letter and by position."""
    pairs = [pair.split("=") for pair in names.split()]
    assert [scheme(cyrillic) for cyrillic, _ in pairs] == [latin for _, latin in pairs]


@pytest.mark.parametrize("name", SCHEMES)
def test_no_scheme_leaves_cyrillic(name: str) -> None:
    """Each scheme knows every letter of its alphabet, in any place of a word."""
    alphabet = {
        "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'",
        "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя'",
    }[SCHEMES[name].language]
    words = [before + letter + after for letter in alphabet for before in ("", "а", "ж") for after in ("", "о", "к")]
    latin = "".join(SCHEMES[name].romanise(word) for word in words)
    assert not [letter for letter in latin if "Ѐ" <= letter <= "ӿ"]
