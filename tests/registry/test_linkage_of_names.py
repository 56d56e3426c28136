"""Persons found although the two lists write their names in other scripts, forms and halves, and what is told of it."""

import pytest

from safeconduct.registry.headings import field_of_heading
from safeconduct.registry.linkage import Pair, match_lists
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person


def person(ref: str, name: str, born: str = "") -> Person:
    """`name` is surname, given name and father's name, parted by bars."""
    family, given_name, patronymic = (*name.split("|"), "", "")[:3]
    date = ImpreciseDate.parse(born) if born else None
    return Person(ref=ref, family_name=family, given_name=given_name, patronymic=patronymic, birth_date=date)


def one(left: str, right: str, born: str = "1990-05-04") -> Pair:
    """The pair of one person on each list, among others who are neither."""
    ours = [person("a", left, born), person("b", "Гнатюк|Роман|Ігорович", "1971-02-03")]
    theirs = [person("x", right, born), person("y", "Орлов|Пётр|Ильич", "1999-12-11")]
    return match_lists(ours, theirs)[0]


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ("Соловйов|Микола|Іванович", "Solovyev|Nikolay|Ivanovich", "surname the same after transliteration (BGN/PCGN)"),
        ("Шевченко|Микола|", "Schewtschenko|Nikolaj|", "surname the same after transliteration (German press)"),
        ("Сухий|Андрій|Петрович", "Suchyj|Andrij|", "surname the same in another reading (Сухий, Suchyj)"),
        ("Шостак|Андрій|", "Chostak|Andrey|", "surname the same in another reading (Шостак, Chostak)"),
        ("Лис-Вовк|Олена|Петрівна", "Lys|Elena|", "one of two surnames the same (Лис-Вовк, Lys)"),
        ("Лис-Вовк|Олена|Петрівна", "Вовк-Лис|Елена|", "one of two surnames the same (Лис-Вовк, Вовк-Лис)"),
        ("المصري|محمد|خالد", "al-Masri|Mohammed|bin Khalid", "surname the same as far as its script tells"),
        ("المصري|محمد|خالد", "Аль-Масри|Магомед|Халидович", "patronymic the same in another form (خالد, Халидович)"),
        ("Гасанов|Мамед|Алі огли", "Həsənov|Məmməd|Ali", "given name the same after transliteration"),
        ("ჯაფარიძე|გიორგი|", "Джапаридзе|Георгий|", "surname the same after transliteration"),
        ("Мороз|Саша|Ігорович", "Мороз|Александра|Игоревна", "given name may be a familiar form (Саша, Александра)"),
        ("Мороз|Вова|Ігорович", "Moroz|Vladimir|", "given name the same in another form (Вова, Vladimir)"),
        ("Мороз|О.|І.", "Мороз|Александр|Игоревич", "given name fits its initial"),
        ("Мороз|Микола|М.", "Мороз|Николай|Николаевич", "patronymic fits its initial"),
    ],
)
def test_found_and_told(left: str, right: str, reason: str) -> None:
    """The pair is proposed, nothing is said to differ, and the reason is among those told."""
    pair = one(left, right)
    assert pair.right_ref == "x"
    assert pair.probability >= 0.99
    assert [told for told in pair.reasons if "differs" in told] == []
    assert any(told.startswith(reason) for told in pair.reasons), pair.reasons


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("المصري|محمد|خالد", "Haddad|Mohammed|Khalid"),
        ("Сухий|Андрій|Петрович", "Чорний|Андрей|Петрович"),
        ("Мороз|Саша|Ігорович", "Мороз|Николай|Петрович"),
        ("Лис-Вовк|Олена|Петрівна", "Гусь|Елена|Ивановна"),
    ],
)
def test_others_are_not_proposed_for_one_reviewer(left: str, right: str) -> None:
    """Where a name differs, it is said, and one reviewer is never enough."""
    pair = one(left, right)
    assert pair.band != "confirm"


def test_a_column_of_fathers_names_is_read_as_patronymics() -> None:
    """In the languages of the lists."""
    headings = ("Ім'я батька", "Имя отца", "Father's name", "Prénom du père")
    assert [field_of_heading(heading) for heading in headings] == ["patronymic"] * 4
