"""Letters that are not what they seem: misread encodings, look-alikes of another script, signs that nobody sees."""

import io

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.fold import fold
from safeconduct.registry.lists import ListRead, read_list
from safeconduct.registry.mojibake import undone
from safeconduct.registry.preview import preview


def csv_read(text: str) -> ListRead:
    """Of a CSV in UTF-8."""
    return read_list("l.csv", text.encode())


def book(rows: list[list[str]]) -> bytes:
    """A workbook."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet = made.add_worksheet()
    for line, cells in enumerate(rows):
        sheet.write_row(line, 0, cells)
    made.close()
    return out.getvalue()


@given(
    st.text("АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюяЁЪЫЭёъыэ'- ", min_size=3, max_size=20)
)
@settings(max_examples=60)
def test_misread_text_is_read_back(text: str) -> None:
    """Whatever the letters: UTF-8 as windows-1251 or windows-1252 gives the text back, and sound text is left alone."""
    assert undone(text) is None
    if sum(letter >= "Ѐ" for letter in text) < 3:
        return
    for encoding in ("cp1251", "cp1252"):
        misread = "".join(
            bytes([byte]).decode(encoding, "replace").replace("\ufffd", chr(byte)) for byte in text.encode()
        )
        assert undone(misread) == text


@pytest.mark.parametrize(
    "name", ["Müller", "Žižka", "Åsa", "Éloïse", "Рівне", "РІ", "Ñuñez", "Øå", "Сі Рі", "Ґедзь", "№ 5°"]
)
def test_sound_names_are_not_taken_for_misread_ones(name: str) -> None:
    """In any language."""
    assert undone(name) is None


@pytest.mark.parametrize(
    "misread",
    [
        "Шевчук".encode().decode("cp1251"),
        "Шевчук".encode().decode("cp1252", "replace").replace("\ufffd", "\x81"),
        "Шевчук".encode("cp1251").decode("cp1252"),
    ],
)
def test_a_misread_name_is_told_with_what_it_looks_like(misread: str) -> None:
    """It is left empty: it is not the name."""
    read = csv_read(f"ref;surname;given name\na;{misread};Іван\n")
    (finding,) = read.findings
    assert "looks like 'Шевчук' in a wrong encoding" in finding.what
    assert finding.mend == "write 'Шевчук', if it is that"
    assert (read.persons[0].family_name, read.originals[0]["surname"]) == ("", misread)


def test_a_whole_list_that_was_misread_and_saved_is_read_back() -> None:
    """With a finding; headings alone that were misread are a refusal that says so."""
    text = "№;Прізвище;Ім'я\n1;Шевчук;Іван\n2;Лис;Ганна\n"
    for source in (text.encode(), text.encode("utf-8-sig")):
        read = read_list("l.csv", source.decode("cp1251", "replace").replace("\ufffd", "\x98").encode())
        assert [one.family_name for one in read.persons] == ["Шевчук", "Лис"]
        assert ["took for another encoding" in one.what for one in read.findings] == [True]
    head = ["№", "Прізвище".encode().decode("cp1251"), "Код"]
    with pytest.raises(BadInput, match=r"the headings are in a wrong encoding: .* the first of which was 'Прізвище'"):
        read_list("l.xlsx", book([head, ["1", "Лис", "x"]]))


@pytest.mark.parametrize("name", ["Шев\ufffdук", "Шев?ук", "??????", "?евчук"])
def test_lost_letters(name: str) -> None:
    """A name with a hole is not that name."""
    read = csv_read(f"ref;surname;given name\na;{name};Іван\n")
    assert (read.persons[0].family_name, len(read.findings)) == ("", 1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Іванoв", "Іванов"),
        ("Iван", "Іван"),
        ("Шевчyк-Пeтренко", "Шевчук-Петренко"),
        ("Shevсhuk", "Shevchuk"),
        ("Ivanоv", "Ivanov"),
        ("CAВА", "САВА"),
    ],
)
def test_look_alike_letters_are_told_and_set_right(written: str, meant: str) -> None:
    """So that matching finds the person; the text as written is kept; the preview shows it under its column."""
    read = csv_read(f"ref;surname\na;{written}\n")
    (finding,) = read.findings
    assert f"{written!r} has look-alike letters of another script, and was read as {meant!r}" in finding.what
    assert (read.persons[0].family_name, read.originals[0]["surname"]) == (meant, written)
    assert fold(read.persons[0].family_name) == fold(meant)
    column = preview(read).columns[1]
    assert (column.unread, [one.line for one in column.findings]) == (0, [2])


def test_letters_of_two_scripts_that_nothing_sets_right_are_told() -> None:
    """The name is kept as it stands."""
    read = csv_read("ref;surname\na;Шевчnuk\n")
    assert (read.persons[0].family_name, "mixes Latin and Cyrillic" in read.findings[0].what) == ("Шевчnuk", True)


def test_look_alike_letters_in_words_and_headings() -> None:
    """A heading means the same; so does a word of a category or a rank."""
    read = csv_read("№;П.I.Б.;Кaтегорія;Звaння\n1;Шевчук Іван;полoнений;сoлдат\n")
    person = read.persons[0]
    assert (person.family_name, person.categories, person.rank) == ("Шевчук", ("prisoner-of-war",), "солдат")
    assert [(one.line, one.column) for one in read.findings] == [(2, 3), (2, 4)]


def test_refs_that_look_the_same_are_told() -> None:
    """С-2 with a Cyrillic letter and C-2 with a Latin one."""
    read = csv_read("ref;surname\nС-2;Лис\nВ-3;Вовк\nC-2;Бут\nB-4;Заєць\n")
    assert [(one.line, "looks like that of line 2" in one.what) for one in read.findings] == [(4, True)]


def test_spaces_and_signs_that_nobody_sees_change_nothing() -> None:
    """No-break spaces, soft hyphens, zero-width signs, a mark in the middle of a file."""
    read = csv_read("ref;surname;given name\na\u00a0;Шев\u00adчук\u200b;\ufeffІван\u00a0 \n")
    assert (read.persons[0].ref, read.persons[0].family_name, read.persons[0].given_name) == ("a", "Шевчук", "Іван")
    assert read.findings == ()
