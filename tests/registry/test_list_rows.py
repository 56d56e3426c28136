"""Rows and cells that are not one person: headings again, totals, titles, two persons in a cell."""

import pytest

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.lists import ListRead, read_list


def csv_read(text: str) -> ListRead:
    """Of a CSV in UTF-8."""
    return read_list("l.csv", text.encode())


@pytest.mark.parametrize(
    "name",
    [
        "Шевчук Іван Петрович\nЛис Ганна Іванівна",
        "Шевчук Іван\nЛис Ганна",
        "1. Шевчук Іван Петрович\n2. Лис Ганна Юріївна",
        "Шевчук Іван Петрович, Лис Ганна Іванівна",
        "Шевчук Іван Петрович Лис Ганна Іванівна",
    ],
)
def test_two_persons_in_one_cell(name: str) -> None:
    """Neither is taken for the other: no name, and a finding."""
    read = csv_read(f'№;ПІБ;Стать\n1;"{name}";ч\n')
    (finding,) = read.findings
    assert (finding.line, finding.column, "names more than one person" in finding.what) == (2, 2, True)
    assert (read.persons[0].family_name, read.persons[0].given_name, read.persons[0].sex) == ("", "", "M")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("ШЕВЧУК\nІван Петрович", ("ШЕВЧУК", "Іван", "Петрович")),
        ("Шевчук\nІван\nПетрович", ("Шевчук", "Іван", "Петрович")),
        ("Нечуй Левицька\nГанна Іванівна", ("Нечуй Левицька", "Ганна", "Іванівна")),
        ("Павлович Іван Петрович", ("Павлович", "Іван", "Петрович")),
        ("Мамедов Рашид Алі огли", ("Мамедов", "Рашид", "Алі огли")),
        ("Шевчук Іван -", ("Шевчук", "Іван", "")),
    ],
)
def test_one_person_in_several_lines(name: str, parts: tuple[str, str, str]) -> None:
    """A name that was broken to fit its cell is one name."""
    read = csv_read(f'№;ПІБ;Стать\n1;"{name}";ч\n')
    person = read.persons[0]
    assert ((person.family_name, person.given_name, person.patronymic), read.findings) == (parts, ())


def test_two_persons_in_the_cells_of_a_row() -> None:
    """Surname and given name in two lines each; a surname alone may be broken."""
    read = csv_read('ref;surname;given name\na;"Шевчук\nЛис";"Іван\nГанна"\nb;"Нечуй-\nЛевицький";Іван\n')
    assert [(one.line, one.column) for one in read.findings] == [(2, 2), (2, 3)]
    assert [one.family_name for one in read.persons] == ["", "Нечуй- Левицький"]


def test_a_printed_list() -> None:
    """A heading on each page, numbers of columns, page titles, totals: each is told and none is a person."""
    text = (
        "Список військовополонених;;\n№;ПІБ;Звання\n1;2;3\n1;Шевчук Іван;солдат\n2;Лис Ганна;сержант\n"
        "сторінка 2;;\n№;П.І.Б.;звання\n1;2;3\n3;Бут Роман;\n;Всього:;4\n"
    )
    read = csv_read(text)
    assert [one.family_name for one in read.persons] == ["Шевчук", "Лис", "Бут"]
    assert read.rows == (4, 5, 9)
    assert [(one.line, one.what.partition(" was taken for ")[2]) for one in read.findings] == [
        (3, "a row that numbers the columns, not for a person, and left out"),
        (6, "a title, not for a person, and left out"),
        (7, "the heading once more, not for a person, and left out"),
        (8, "a row that numbers the columns, not for a person, and left out"),
        (10, "a total, not for a person, and left out, but 3 persons stand above it, not 4"),
    ]


@pytest.mark.parametrize("total", ["Всього: 2;;", "РАЗОМ;2 особи;", ";Итого 2 чел.;", "Total;;2", ";;Усього осіб - 2"])
def test_totals(total: str) -> None:
    """In any column and language; the number is right."""
    read = csv_read(f"№;ПІБ;Звання\n1;Шевчук Іван;\n2;Лис Ганна;\n{total}\n")
    (finding,) = read.findings
    assert (len(read.persons), finding.line) == (2, 4)
    assert finding.what.endswith("was taken for a total, not for a person, and left out")


@pytest.mark.parametrize(
    "title", ["36 ОБрМП;;", "в/ч А1234;;", ";в/ч А1234;", "Цивільні особи;;", ";Рота 3;", ";;бригада «Азов»"]
)
def test_titles_of_sections(title: str) -> None:
    """Between persons, in whatever column."""
    read = csv_read(f"№;ПІБ;Звання\n1;Шевчук Іван;\n{title}\n2;Лис Ганна;\n")
    (finding,) = read.findings
    assert ([one.ref for one in read.persons], finding.line) == (["1", "2"], 3)
    assert "was taken for a title, not for a person, and left out" in finding.what


@pytest.mark.parametrize("row", ["3;;", "UA-17;;", "X 12;;", "3;Рота;", "3;Тотал;", "3;Total;Jean"])
def test_a_row_that_may_be_a_persons_is_not_left_out(row: str) -> None:
    """A number alone, a code alone, a name that happens to be such a word beside a ref."""
    assert len(csv_read(f"№;ПІБ;Звання\n1;Шевчук Іван;\n{row}\n").persons) == 2


def test_a_name_alone_in_a_row_is_refused_not_left_out() -> None:
    """Somebody is meant, and has no ref."""
    with pytest.raises(BadInput, match=r"l\.csv:3:1: the row has no ref"):
        csv_read("№;ПІБ;Звання\n1;Шевчук Іван;\n;Лис Ганна;\n")


def test_a_row_without_end_is_refused() -> None:
    """More cells than any spreadsheet has."""
    with pytest.raises(BadInput, match=r"l\.csv:2:1: the row that begins here has 20001 cells, more than 16384"):
        csv_read("ref;surname\n" + ";" * 20_000 + "\n")
