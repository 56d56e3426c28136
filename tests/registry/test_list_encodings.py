"""Encodings of lists: windows-1251 is told from what looks like it, UTF-16 is read with and without its mark."""

import pytest

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.lists import read_list

_NAMES = (
    "Шевчук;Іван;Петрович",
    "Коваленко;Ганна;Юріївна",
    "Сидоров;Пётр;Алексеевич",
    "Їжакевич;Євген;Ґедзьович",
    "Мельник;Соломія;Іванівна",
)
UKRAINIAN = "№;Прізвище;Ім'я;По батькові\n"
FOREIGN_HEAD = "ref;family name;given name;patronymic\n"


def listed(head: str, rows: int) -> str:
    """A list of so many rows."""
    return head + "".join(f"{number};{_NAMES[number % len(_NAMES)]}\n" for number in range(rows))


@pytest.mark.parametrize("head", [UKRAINIAN, FOREIGN_HEAD])
@pytest.mark.parametrize("rows", [1, 3, 200])
@pytest.mark.parametrize("capitals", [False, True])
def test_windows_1251_is_recognised_in_lists_of_any_length(head: str, rows: int, capitals: bool) -> None:
    """Of one row or many, small letters or capitals; that it was a guess is told."""
    text = listed(head, rows)
    read = read_list("l.csv", (text.upper() if capitals else text).encode("cp1251"))
    name = read.persons[0].family_name
    assert (name.capitalize(), len(read.persons)) == ("Шевчук", rows)
    assert ["windows-1251" in finding.what for finding in read.findings] == [True]


@pytest.mark.parametrize("encoding", ["koi8-u", "cp866", "iso8859-5", "mac_cyrillic"])
@pytest.mark.parametrize("rows", [3, 200])
@pytest.mark.parametrize("capitals", [False, True])
def test_no_other_cyrillic_is_taken_for_windows_1251(encoding: str, rows: int, capitals: bool) -> None:
    """Read as windows-1251 the names would be other letters: better refused, also where the headings are English."""
    text = listed(FOREIGN_HEAD, rows)
    source = (text.upper() if capitals else text).encode(encoding, "ignore")
    with pytest.raises(BadInput, match="is not UTF-8, nor is the file windows-1251; save it as CSV in UTF-8"):
        read_list("l.csv", source)


def test_signs_alone_do_not_hide_windows_1251() -> None:
    """The number sign is the only sign beyond ASCII in a list of romanised names."""
    read = read_list("l.csv", "№;surname\n1;Shevchuk\n".encode("cp1251"))
    assert [person.ref for person in read.persons] == ["1"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read_and_told(encoding: str) -> None:
    """Some programs write it so; that it was a guess is told."""
    read = read_list("l.csv", listed(UKRAINIAN, 3).encode(encoding))
    assert [person.family_name for person in read.persons] == ["Шевчук", "Коваленко", "Сидоров"]
    assert [finding.what for finding in read.findings] == [
        "the file is in UTF-16 without a byte order mark; it was read so"
    ]
