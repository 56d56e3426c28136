"""Names in one column, taken apart. Single names from public knowledge of names; none is a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.registry.full_names import split_full_name
from safeconduct.registry.linkage import match_lists
from safeconduct.registry.names.families import FAMILIES
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Шевчук Іван Петрович", ("Шевчук", "Іван", "Петрович")),
        ("ШЕВЧУК, Іван Петрович", ("ШЕВЧУК", "Іван", "Петрович")),
        ("Нечуй Левицька Ганна Іванівна", ("Нечуй Левицька", "Ганна", "Іванівна")),
        ("Іван Петрович Шевчук", ("Шевчук", "Іван", "Петрович")),
        ("Шевчук І.П.", ("Шевчук", "І.", "П.")),
        ("Мамедов Рашид Алі огли", ("Мамедов", "Рашид", "Алі огли")),
        ("Shevchuk Ivan Petrovych", ("Shevchuk", "Ivan", "Petrovych")),
        ("Шевчук Іван", ("Шевчук", "Іван", "")),
        ("Шевчук", ("Шевчук", "", "")),
        ("", ("", "", "")),
        ("Іван Шевчук", ("Шевчук", "Іван", "")),
        ("Мартин Іван", ("Мартин", "Іван", "")),
        ("Іван Петрович, Шевчук", ("Шевчук", "Іван", "Петрович")),
        # Turkic fathers' names, before, between and after the others.
        ("Əliyev Vüqar Məmməd oğlu", ("Əliyev", "Vüqar", "Məmməd oğlu")),
        ("Vüqar Məmməd oğlu Əliyev", ("Əliyev", "Vüqar", "Məmməd oğlu")),
        ("Тоқаев Қасым Кемелұлы", ("Тоқаев", "Қасым", "Кемелұлы")),
        ("Асан уулу Бакыт", ("Асан уулу", "Бакыт", "")),
        ("Бакыт Асан уулу", ("Асан уулу", "Бакыт", "")),
        # Arabic letters: the given name, then fathers, then the surname.
        ("محمد علي", ("علي", "محمد", "")),
        ("محمد أحمد علي الطرابلسي", ("الطرابلسي", "محمد", "أحمد علي")),
        ("محمد أحمد علي حسن", ("علي حسن", "محمد", "أحمد")),
        ("محمد بن أحمد بن علي الحسن", ("الحسن", "محمد", "بن أحمد بن علي")),
        ("عبد الله محمد الأحمد", ("الأحمد", "عبد الله", "محمد")),
        ("أبو بكر صالح التكريتي", ("التكريتي", "أبو بكر", "صالح")),
        ("محمد رضا کریمی", ("کریمی", "محمد", "رضا")),
        # The same in other letters, where particles and known names tell the order.
        ("Khalid bin Ahmed al-Jabouri", ("al-Jabouri", "Khalid", "bin Ahmed")),
        ("al-Jabouri Khalid bin Ahmed", ("al-Jabouri", "Khalid", "bin Ahmed")),
        ("al-Jabouri, Khalid Ahmed", ("al-Jabouri", "Khalid", "Ahmed")),
        ("Khalid Ahmed Mahmoud al-Jabouri", ("al-Jabouri", "Khalid", "Ahmed Mahmoud")),
        ("Халид Ахмед аль-Джабури", ("аль-Джабури", "Халид", "Ахмед")),
        ("Аль-Джабури Халид Ахмед", ("Аль-Джабури", "Халид", "Ахмед")),
        ("Ali Hassan Mahmoud", ("Mahmoud", "Ali", "Hassan")),
        ("Махмуд Али Хасан", ("Махмуд", "Али", "Хасан")),
        ("Mohamed Ben Ali", ("Ben Ali", "Mohamed", "")),
        ("Salah ad-Din Omar Haddad", ("Haddad", "Salah ad-Din", "Omar")),
    ],
)
def test_names_in_full(text: str, parts: tuple[str, str, str]) -> None:
    """Surname, given name, patronymic; a patronymic's ending shows other orders and surnames of two words."""
    assert split_full_name(text) == parts


def _person(number: int, name: str) -> Person:
    family, given_name, patronymic = split_full_name(name)
    born = ImpreciseDate.parse(f"19{80 + number}-05-0{number + 1}")
    return Person(ref=str(number), family_name=family, given_name=given_name, patronymic=patronymic, birth_date=born)


ONE_AND_THE_SAME = [
    ("محمد أحمد علي الطرابلسي", "Trabelsi Mohammed Ahmed"),
    ("محمد أحمد علي حسن", "Хасан Мохаммед Ахмед"),
    ("محمد أحمد علي حسن", "Mohammed Ahmed Ali"),
    ("خالد بن أحمد الجبوري", "Аль-Джабури Халид Ахмед"),
    ("عبد الرحمن يوسف قاسم حداد", "Haddad Abdul Rahman Youssef"),
    ("Vüqar Məmməd oğlu Əliyev", "Алієв Вугар Мамед огли"),
    ("Тоқаев Қасым Кемелұлы", "Tokayev Kasym Kemeluly"),
    ("Асан уулу Бакыт", "Bakyt Asan uulu"),
]


def test_one_person_however_the_column_is_ordered() -> None:
    """Four names in Arabic letters and three in Latin or Cyrillic, and Turkic orders, are one person to the matcher."""
    ours, theirs = (
        [_person(at, name) for at, name in enumerate(names)] for names in zip(*ONE_AND_THE_SAME, strict=True)
    )
    pairs = match_lists(ours, theirs)
    assert [pair.right_ref for pair in pairs] == [person.ref for person in theirs]
    for pair in pairs:
        assert pair.probability >= 0.99, pair
        assert [told for told in pair.reasons if told.startswith(("surname differs", "given name differs"))] == []


PARTICLES = " ".join(
    f"{family.before_father} {family.after_father} {family.joined_to_next} {family.joined_to_previous}"
    for family in FAMILIES
).split()


@given(
    st.lists(
        st.sampled_from([*PARTICLES, "Іван", "محمد", "Petrovych", "Петренко", "al-Masri", ",", "А.Б."]), max_size=7
    )
)
def test_no_word_is_lost(words: list[str]) -> None:
    """Whatever stands beside what, each word is in one of the three parts."""
    told = " ".join(split_full_name(" ".join(words))).replace(".", ". ").replace(",", " ")
    assert sorted(told.split()) == sorted(" ".join(words).replace(".", ". ").replace(",", " ").split())


@given(st.text())
def test_any_text_is_split(text: str) -> None:
    """Nothing breaks it."""
    assert len(split_full_name(text)) == 3
