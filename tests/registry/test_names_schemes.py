"""Scripts and romanisations of a list, told as a hint."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.registry.names.schemes import scripts_seen
from safeconduct.sim import romanisation, romanisation_press
from safeconduct.sim.romanisation_belarusian import instruction_2007

UKRAINIAN = (
    "Шевченко Юрій Васильович Гнатюк Згурський Цвіркун Щербак Яковенко Олексій Євген Чайка Жук Хоменко Їжакевич"
    " Лук'янчук Мойсієнко Різниченко"
)
RUSSIAN = (
    "Кузнецов Юрий Васильевич Гаврилов Цветков Щербаков Яковлев Алексей Евгений Чайкин Жуков Хохлов Ерёмин Лукьянов"
    " Моисеев Цыганков Рыжков"
)
BELARUSIAN = "Васільеў Сяргей Кавалёў Цімашэнка Чарнышоў Жданок Хацкевіч Яўген Юркевіч Шчарбакоў Дзмітрый"

SPELT = {
    "Ukrainian 2010": (romanisation.cabinet_2010, UKRAINIAN),
    "BGN/PCGN Ukrainian 1965": (romanisation.bgn_pcgn_1965, UKRAINIAN),
    "BGN/PCGN Russian": (romanisation.bgn_pcgn_1947, RUSSIAN),
    "ICAO 9303 Russian": (romanisation.icao_russian, RUSSIAN),
    "ISO 9": (romanisation.iso_9_ukrainian, UKRAINIAN),
    "scholarly": (romanisation.scientific_russian, RUSSIAN),
    "German": (romanisation_press.german_ukrainian, UKRAINIAN),
    "French": (romanisation_press.french_russian, RUSSIAN),
    "Belarusian 2007": (instruction_2007, BELARUSIAN),
}


@pytest.mark.parametrize("scheme", SPELT)
def test_the_scheme_of_a_list_is_among_those_that_fit_best(scheme: str) -> None:
    """And it fits all names, or nearly."""
    spell, words = SPELT[scheme]
    names = words.split()
    (seen,) = scripts_seen(map(spell, names))
    assert (seen.script, seen.names) == ("Latin", len(names))
    fits = {fit.scheme: fit.names for fit in seen.fits}
    assert fits.get(scheme, 0) >= 0.9 * len(names), seen


def test_languages_in_cyrillic_and_arabic_letters() -> None:
    """By their alphabets; those that only add letters are told where they fit more."""
    told = {
        "Ukrainian": scripts_seen(UKRAINIAN.split()),
        "Russian": scripts_seen(RUSSIAN.split()),
        "Belarusian": scripts_seen(BELARUSIAN.split()),
        "Kazakh": scripts_seen(["Тоқаев", "Қасым", "Нұрлан", "Әлихан", "Ғалым"]),
        "Persian or Dari": scripts_seen(["کریمی", "محمدی", "رضایی", "گل"]),
    }
    assert {language: seen[0].fits[0].scheme for language, seen in told.items()} == {each: each for each in told}


def test_scripts_are_counted_and_the_commonest_stands_first() -> None:
    """Each word once, whatever its capitals; initials and numbers are no words."""
    seen = scripts_seen(["Шевчук", "ШЕВЧУК", "Лис І.", "محمد", "Іван-Юрій", "№ 12"])
    assert [(each.script, each.names) for each in seen] == [("Cyrillic", 4), ("Arabic", 1)]


def test_names_that_fit_all_schemes_tell_none() -> None:
    """Ivan is Ivan in all of them."""
    assert scripts_seen(["Ivan", "Roman", "Anton", "Marko"])[0].fits == ()
    assert scripts_seen([]) == ()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text()))
def test_no_more_names_fit_than_there_are(names: list[str]) -> None:
    """Of any text."""
    for seen in scripts_seen(names):
        assert len(seen.fits) <= 3
        assert all(seen.names < 2 * fit.names <= 2 * seen.names for fit in seen.fits)
