"""Romanisation schemes against the examples that the standards and their users publish."""

import pytest

from safeconduct.sim.romanisation import (
    as_typed,
    bgn_pcgn_1947,
    bgn_pcgn_1965,
    cabinet_2010,
    icao_russian,
    icao_ukrainian,
    iso_9_russian,
    iso_9_ukrainian,
    scientific_russian,
    scientific_ukrainian,
)


@pytest.mark.parametrize(
    ("ukrainian", "latin"),
    [
        # The table of resolution 55 gives each of these as an example.
        ("Алушта", "Alushta"),
        ("Борщагівка", "Borshchahivka"),
        ("Гадяч", "Hadiach"),
        ("Ґалаґан", "Galagan"),
        ("Єнакієве", "Yenakiieve"),
        ("Житомир", "Zhytomyr"),
        ("Закарпаття", "Zakarpattia"),
        ("Згорани", "Zghorany"),
        ("Їжакевич", "Yizhakevych"),
        ("Кадиївка", "Kadyivka"),
        ("Йосипівка", "Yosypivka"),
        ("Стрий", "Stryi"),
        ("Феодосія", "Feodosiia"),
        ("Щербухи", "Shcherbukhy"),
        ("Юрій", "Yurii"),
        ("Корюківка", "Koriukivka"),
        ("Яготин", "Yahotyn"),
        ("Знам'янка", "Znamianka"),
        ("Костянтин", "Kostiantyn"),
    ],
)
def test_cabinet_2010_gives_the_examples_of_the_resolution(ukrainian: str, latin: str) -> None:
    """Resolution 55 of 2010, letter by letter and at the beginning of words."""
    assert cabinet_2010(ukrainian) == latin


@pytest.mark.parametrize(
    ("romanised", "latin"),
    [
        (bgn_pcgn_1947("Ельцин"), "Yel’tsin"),
        (bgn_pcgn_1947("Алексеев"), "Alekseyev"),
        (bgn_pcgn_1947("Горбачёв"), "Gorbachëv"),
        (bgn_pcgn_1947("Щербаков"), "Shcherbakov"),
        (bgn_pcgn_1965("Запоріжжя"), "Zaporizhzhya"),
        (bgn_pcgn_1965("Київ"), "Kyyiv"),
        (icao_russian("Юлия"), "Iuliia"),
        (icao_russian("Объедков"), "Obieedkov"),
        (icao_ukrainian("Ірина"), "Iryna"),
        (iso_9_russian("Щукин"), "Ŝukin"),
        (iso_9_russian("Юрий"), "Ûrij"),
        (iso_9_ukrainian("Київ"), "Kiïv"),
        (scientific_russian("Хрущёв"), "Xruščëv"),
        (scientific_ukrainian("Юлія"), "Julija"),
    ],
)
def test_other_schemes_give_what_their_tables_say(romanised: str, latin: str) -> None:
    """One name for each peculiarity of each scheme."""
    assert romanised == latin


def test_soft_signs_become_what_a_keyboard_has() -> None:
    """An apostrophe, or nothing."""
    assert as_typed("Yel’tsin", apostrophes=True) == "Yel'tsin"
    assert as_typed("Obʺekt Yel’tsin", apostrophes=False) == "Obekt Yeltsin"
