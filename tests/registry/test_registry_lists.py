"""Lists as parties send them, sound and broken."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.lists import parse_columns, read_list, write_csv, write_json

UKRAINIAN = "№ з/п;ПІБ;Д.н.;Стать;Звання;Категорія;Згода;Позивний;Зріст\n"


def workbook(rows: list[list[object]], extra_sheet: bool = False) -> bytes:
    """An XLSX file with one sheet, or two."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("Список")
    for line, cells in enumerate(rows):
        sheet.write_row(line, 0, cells)
    if extra_sheet:
        book.add_worksheet("Ще").write_row(0, 0, ["забуті", "люди"])
    book.close()
    return out.getvalue()


def test_a_ukrainian_list() -> None:
    """Full names are split, words become canonical, unknown columns stay, what no field holds goes to the note."""
    read = read_list(
        "l.csv", (UKRAINIAN + "7;ШЕВЧУК Іван Петрович;17.05.1998;ч;солдат;полонений;так;Дуб;182\n").encode()
    )
    person = read.persons[0]
    assert (person.ref, person.family_name, person.given_name, person.patronymic) == ("7", "ШЕВЧУК", "Іван", "Петрович")
    assert (str(person.birth_date), person.sex, person.rank) == ("1998-05-17", "M", "солдат")
    assert (person.categories, person.consent, person.note) == (("prisoner-of-war",), "willing", "Позивний: Дуб")
    assert read.unknown_columns == ("Зріст",)
    assert read.originals[0]["Зріст"] == "182"
    assert read.originals[0]["Д.н."] == "17.05.1998"
    assert (read.findings, read.rows) == ((), (2,))


def test_an_unreadable_cell_is_a_finding() -> None:
    """It leaves the field empty, keeps its text, and is told at its line and cell with how to mend it."""
    read = read_list("l.csv", (UKRAINIAN + "1;Шевчук Іван;32.13.1998;?;солдат;поранений;може;;\n").encode())
    assert [str(finding) for finding in read.findings] == [
        "l.csv:2:3: birth date ('Д.н.'): '32.13.1998' is no day of the calendar; write the day first: dd.mm.yyyy",
        "l.csv:2:4: sex ('Стать'): '?' is no sex; write F, M or X, or ч, м, ж",
        "l.csv:2:6: category ('Категорія'): 'поранений' is no category; "
        "ask whether the person is seriously wounded or sick: the word is wider than the agreed category",
        "l.csv:2:7: consent ('Згода'): 'може' is no consent; write willing, unwilling or unknown",
    ]
    person = read.persons[0]
    assert (person.birth_date, person.sex, person.categories, person.consent) == (None, "", (), "unknown")
    assert read.originals[0]["Д.н."] == "32.13.1998"
    assert read.unreadable == (frozenset({"birth_date", "sex", "category", "consent"}),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-sig", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    """Each reads the same; windows-1251 is guessed, so it is told."""
    text = "Номер;Фамилия;Имя;Дата рождения\r\n1;Ковалёв;Пётр;1990\r\n2;Лис;Юрий;\r\n".replace(";", separator)
    big_endian = b"\xfe\xff" + text.encode("utf-16-be")
    read = read_list("l.csv", big_endian if encoding == "utf-16-be-sig" else text.encode(encoding))
    assert [person.family_name for person in read.persons] == ["Ковалёв", "Лис"]
    guessed = ["l.csv:1:1: the file is in windows-1251, not in UTF-8; it was read so;"
               " look at some names, and save it as CSV in UTF-8"]  # fmt: skip
    assert [str(finding) for finding in read.findings] == (guessed if encoding == "cp1251" else [])


def test_a_workbook() -> None:
    """Date cells, numbers and empty cells; a title above the heading; lines are the spreadsheet's rows."""
    rows: list[list[object]] = [
        ["Список осіб"],
        [],
        ["№", "Прізвище", "Ім'я", "Дата народження", "в/ч", "Дата полонення"],
        [1, "Шевчук", "Іван", datetime(1998, 5, 17), "А1234", 2022],  # noqa: DTZ001
        [2, "Лисенко", "Ганна", "05.1990", 3057, ""],
    ]
    read = read_list("l.xlsx", workbook(rows))
    first, second = read.persons
    assert (first.ref, str(first.birth_date), first.unit, str(first.captured_on)) == (
        "1",
        "1998-05-17",
        "А1234",
        "2022",
    )
    assert (second.ref, str(second.birth_date), second.unit, second.captured_on) == ("2", "1990-05", "3057", None)
    assert (read.rows, read.findings) == ((4, 5), ())


def test_a_workbooks_troubles_are_findings() -> None:
    """A spreadsheet's error in a cell, and a second sheet with something in it, are told."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Список")
    sheet.write_row(0, 0, ["ref", "family_name", "birth_date"])
    sheet.write_row(1, 0, ["a", "Шевчук"])
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    book.add_worksheet("Ще").write(0, 0, "забуті")
    book.close()
    read = read_list("l.xlsx", out.getvalue())
    assert [str(finding) for finding in read.findings] == [
        "l.xlsx:1:1: only the sheet 'Список' was read, not 'Ще'; "
        "put all persons on one sheet, or remove the other sheets",
        "l.xlsx:2:3: birth date ('birth_date'): #DIV/0! is a spreadsheet's error; write the value itself",
    ]


def test_columns_by_hand() -> None:
    """A mapping goes before what headings mean, and frees the column that meant the same."""
    source = "Код,Фамилия,Девичья фамилия\n1,Лис,Вовк\n".encode()
    read = read_list("l.csv", source, {"Код": "ref", "Девичья фамилия": "family_name"})
    assert (read.persons[0].family_name, read.unknown_columns) == ("Вовк", ("Фамилия",))
    assert parse_columns("--columns", "Код=ref, Имя=given_name") == {"Код": "ref", "Имя": "given_name"}


def test_a_heading_with_commas_and_one_that_stands_twice_are_mapped_by_hand() -> None:
    """A heading may hold commas; of two columns with one heading each has its number."""
    assert parse_columns("--columns", "Хто, де=full_name,Код = ref") == {"Хто, де": "full_name", "Код": "ref"}
    source = "ID;Прізвище;Прізвище;Ім'я\n1;Лис;Вовк;Ганна\n".encode()
    with pytest.raises(BadInput, match='name the right one: --columns "column 3=family_name"'):
        read_list("l.csv", source)
    read = read_list("l.csv", source, {"column 3": "family_name"})
    assert (read.persons[0].family_name, read.originals[0]["Прізвище"], read.findings) == ("Вовк", "Лис", ())
    assert read_list("l.csv", source, {"column 2": "family_name", "Нема": "note"}).unused_columns == ("Нема",)


def test_the_running_number_gives_way_to_a_ref() -> None:
    """A list with its own identifier may also number its rows."""
    read = read_list("l.csv", "№ з/п,ID,Прізвище\n1,x-9,Лис\n2,x-8,Вовк\n".encode())
    assert [person.ref for person in read.persons] == ["x-9", "x-8"]


def test_rows_of_other_lengths_are_findings() -> None:
    """Cells too few or too many are told; nothing is lost."""
    read = read_list("l.csv", "ref,family_name,note\na,Лис\nb,Вовк,x,y\nc,Заєць,z,\n".encode())
    assert [(finding.line, finding.column) for finding in read.findings] == [(2, 3), (3, 4)]
    assert read.originals[1]["column 4"] == "y"


def test_a_row_without_a_name_is_a_finding() -> None:
    """The person stays: somebody is meant by it."""
    read = read_list("l.csv", b"ref,family_name\na,\n")
    assert str(read.findings[0]) == "l.csv:2:1: the row has no name; write at least one name"
    assert len(read.persons) == 1


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _with_part(
    name: str, change: Callable[[bytes], bytes], texts: Callable[[bytes], bytes] = lambda content: content
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook([["ref", "family_name"], ["a", "Лис"]]))) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    changes = {"xl/sharedStrings.xml": texts, name: change}
    return _zip({part: changes.get(part, bytes)(content) for part, content in parts.items()})


LAUGHS = (
    b'<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(
        b'<!ENTITY lol%d "%s">' % (i, b"&lol%s;" % (b"" if i == 1 else b"%d" % (i - 1)) * 10) for i in range(1, 10)
    )
    + b"]>"
)
SHEET = "xl/worksheets/sheet1.xml"

BROKEN: dict[str, tuple[str, bytes, str]] = {
    "empty": ("l.csv", b"", "l.csv:1:1: the file is empty"),
    "blank lines": ("l.csv", b"\xef\xbb\xbf\n\n  \n", "l.csv:1:1: the file is empty"),
    "csv called xlsx": (
        "l.xlsx",
        "ref,Прізвище\na,Лис\n".encode(),
        "l.xlsx:1:1: is named .xlsx, but its content is no XLSX workbook but text like CSV; rename it to end in .csv",
    ),
    "xlsx called csv": ("l.csv", workbook([["ref", "name"]]), "l.csv:1:1: is named .csv, but its content is an XLSX"),
    "old excel": ("l.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "l.xls:1:1: is an old Excel workbook"),
    "zip": ("l.xlsx", _zip({"a.txt": b"x"}), "l.xlsx:1:1: is a ZIP archive, but no XLSX workbook"),
    "cut short": ("l.xlsx", workbook([["ref", "name"]])[:900], "l.xlsx:1:1: "),
    "no sheet": ("l.xlsx", _zip({"xl/workbook.xml": b"<workbook/>"}), "l.xlsx:1:1: the workbook is damaged"),
    "blank workbook": ("l.xlsx", workbook([]), "l.xlsx:1:1: the workbook has no visible sheet with anything in it"),
    "billion laughs": (
        "l.xlsx",
        _with_part(SHEET, lambda xml: xml.replace(b"<worksheet", LAUGHS + b"<worksheet", 1)),
        "l.xlsx:1:1: xl/worksheets/sheet1.xml in the workbook declares XML entities",
    ),
    "billion laughs in the strings": (
        "l.xlsx",
        _with_part("xl/sharedStrings.xml", lambda xml: xml.replace(b"<sst", LAUGHS + b"<sst", 1)),
        "l.xlsx:1:1: xl/sharedStrings.xml in the workbook declares XML entities",
    ),
    "billion laughs as it is": ("l.csv", LAUGHS, "l.csv:1:1: is an XML or HTML document"),
    "zip bomb": (
        "l.xlsx",
        _with_part(SHEET, lambda xml: xml + b" " * 401_000_000),
        "l.xlsx:1:1: the workbook unpacks to more than 400 MB",
    ),
    "a cell at the end of the world": (
        "l.xlsx",
        _with_part(SHEET, lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"')),
        "l.xlsx:1:1: a sheet spans 1048576 rows by 16384 columns, more than 10000000 cells",
    ),
    "cells that do not say where they are": (
        "l.xlsx",
        _with_part(SHEET, lambda xml: xml.replace(b"</sheetData>", b"<row>" + b"<c/>" * 10_000_000 + b"</sheetData>")),
        "l.xlsx:1:1: a sheet has more than 10000000 cells, or 1048576 rows; send the list alone",
    ),
    "one long text in many cells": (
        "l.xlsx",
        _with_part(
            SHEET,
            lambda xml: xml.replace(b"</sheetData>", b'<row>' + b'<c t="s"><v>0</v></c>' * 500 + b"</sheetData>"),
            lambda texts: texts.replace(b"<si><t>", b"<si><t>" + b"x" * 1_000_000, 1),
        ),
        "l.xlsx:1:1: the cells of a sheet hold more than 400 MB of text; send the list alone, without long texts",
    ),
    "a page break": ("l.csv", b"\x0c", "l.csv:1:1: the file is empty"),
    "html": ("l.csv", b"<html><table><tr><td>ref</td></tr></table></html>", "l.csv:1:1: is an XML or HTML document"),
    "nul": ("l.csv", b"ref,family_name\na,L\x00is\n", "l.csv:2:4: a NUL character"),
    "koi8": ("l.csv", "Номер,Фамилия\n1,Ковалёв\n".encode("koi8-r"), "l.csv:1:1: byte 0xEE is not UTF-8, nor is the"
    " file"),
    "latin-1": ("l.csv", "ref,Prénom\na,Hélène\n".encode("latin-1"), "l.csv:1:7: byte 0xE9 is not UTF-8, nor is the"
    " file"),
    "open quote": ("l.csv", b'ref,family_name\na,Lis\nb,"Vovk\nc,X\n', "l.csv:3:1: the row that begins here cannot"
    " be read"),
    "no name": ("l.csv", b"ref,birth_date\na,1990\n", "l.csv:1:1: no column holds a name;"
    " the headings are 'ref', 'birth_d"),
    "no ref": ("l.csv", "Прізвище\nЛис\n".encode(), "l.csv:1:1: no column holds a ref, the list's own identifier;"
    " the head"),
    "ref twice": (
        "l.csv",
        b"family_name,ref\nLis,a\nVovk,b\nZaiets,a\n",
        "l.csv:4:2: ref 'a' stands twice, first on line 2; give every person an identifier of their own",
    ),
    "ref twice in a workbook": (
        "l.xlsx",
        workbook([["ref", "family_name"], [1, "Лис"], ["1", "Вовк"]]),
        "l.xlsx:3:1: ref '1' stands twice, first on line 2",
    ),
    "ref empty": ("l.csv", b"ref,family_name\na,Lis\n ,Vovk\n", "l.csv:3:1: the row has no ref"),
    "ref a formula": ("l.csv", b"ref,family_name\n=A1,Lis\n", "l.csv:2:1: ref ('ref'): '=A1' is a formula"),
    "two columns for one field": (
        "l.csv",
        "ref,Прізвище,Фамилия\na,Лис,Лис\n".encode(),
        "l.csv:1:3: the columns 'Прізвище' and 'Фамилия' both give 'family_name'; remove one, or name the right one: "
        '--columns "Фамилия=family_name"',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "source", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_lists(name: str, source: bytes, line: str) -> None:
    """Each is refused with one precise line."""
    with pytest.raises(BadInput) as caught:
        read_list(name, source)
    assert str(caught.value).startswith(line)
    assert len(str(caught.value).splitlines()) == 1


def test_a_wrong_mapping_is_refused() -> None:
    """By the name of the field, and where the mapping does not read as one."""
    with pytest.raises(BadInput, match="'surname' is no field of a list"):
        read_list("l.csv", b"ref,x\na,b\n", {"x": "surname"})
    for text in ("x", "a=ref,x", "=ref", "a=", "a=ref,a=note", "a=ref,"):
        with pytest.raises(BadInput, match=r"--columns:1:1: '.*' does not read Heading=field, each heading once"):
            parse_columns("--columns", text)


def test_a_list_of_nobody() -> None:
    """It is read, and told, since it may be cut short."""
    read = read_list("l.csv", b"ref,family_name\n")
    assert (read.persons, [str(finding) for finding in read.findings]) == (
        (),
        ["l.csv:1:1: the list has a heading and no persons; check that it is complete"],
    )


def test_two_hundred_thousand_rows() -> None:
    """A long list is read, line by line."""
    rows = "".join(
        f"r{i},Шевчук{i % 977},Іван,{i % 28 + 1:02}.{i % 12 + 1:02}.{1960 + i % 40}\n" for i in range(200_000)
    )
    read = read_list("l.csv", ("ref,Прізвище,Ім'я,Дата народження\n" + rows).encode())
    assert (len(read.persons), read.findings, read.rows[-1]) == (200_000, (), 200_001)


_CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(
        ["Іван", "17.05.1998", "1990", "ч", "полонений;civilian", "так", "no", "РФ", "#N/A", '"', "a;b\nc", " x "]
    ),
)
_HEADS = (
    "family_name",
    "Ім'я",
    "Отчество",
    "стать",
    "д.н.",
    "категорія",
    "consent",
    "protected",
    "home",
    "позивний",
    "висота",
)


@given(st.lists(st.lists(_CELLS, min_size=len(_HEADS), max_size=len(_HEADS)), min_size=1, max_size=5))
def test_the_canonical_form_reads_back(rows: list[list[str]]) -> None:
    """Whatever was in a list, its canonical form reads to the same persons, with nothing unreadable: what is still told
    are rows without names, and names to be asked about."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("ref", *_HEADS))
    writer.writerows((f"r{index}", *(cell.replace("\x00", "") for cell in row)) for index, row in enumerate(rows))
    read = read_list("l.csv", out.getvalue().encode())
    again = read_list("c.csv", write_csv(read))
    assert again.persons == read.persons
    assert not any(again.unreadable)
    assert all(re.search("no name|in question|mixes", finding.what) for finding in again.findings)
    assert write_csv(again) == write_csv(read)
    objects = msgspec.json.decode(write_json(read))
    assert [entry["ref"] for entry in objects] == [person.ref for person in read.persons]


def test_a_stated_no_stays_apart_from_silence() -> None:
    """Canonical `protected`: yes, no, or empty where the list does not say or cannot be read."""
    read = read_list("l.csv", "ref,surname,protected\n1,A,ні\n2,B,так\n3,C,\n4,D,maybe\n".encode())
    assert [entry["protected"] for entry in msgspec.json.decode(write_json(read))] == ["no", "yes", "", ""]
    assert write_csv(read_list("c.csv", write_csv(read))) == write_csv(read)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    run = [sys.executable, "-m", "safeconduct.cli.main", "registry", *arguments]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=False, timeout=120)


def test_the_command(tmp_path: Path) -> None:
    """Canonical form out, findings on standard error, exit codes 0, 1 and 2, and nothing written on 2."""
    good, odd, bad, out = (tmp_path / name for name in ("good.csv", "odd.csv", "bad.xlsx", "out.csv"))
    good.write_text("№,ПІБ\n1,Шевчук Іван Петрович\n", "utf-8")
    odd.write_text("№,ПІБ,стать\n1,Шевчук Іван,q\n", "utf-8")
    bad.write_bytes(good.read_bytes())
    ended = command("read", str(good))
    assert (ended.returncode, ended.stderr) == (0, "")
    head, row = ended.stdout.splitlines()
    assert head.startswith(
        "ref,family_name,given_name,patronymic,sex,birth_date,rank,service_number,unit,category,health,"
    )
    assert row.startswith("1,Шевчук,Іван,Петрович,")
    ended = command("read", str(odd), "--json")
    assert (ended.returncode, msgspec.json.decode(ended.stdout)[0]["family_name"]) == (1, "Шевчук")
    assert ended.stderr == f"{odd}:2:3: sex ('стать'): 'q' is no sex; write F, M or X, or ч, м, ж\n"
    ended = command("read", str(bad), "-o", str(out))
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines()), out.exists()) == (2, "", 1, False)
    assert command("read", str(tmp_path / "none.csv")).returncode == 2
    ended = command("read", str(good), "--columns", "Имя=given_name")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "--columns:1:1: no column is headed 'Имя'; write the heading as it stands, or column N; "
        "the headings are '№', 'ПІБ'\n"
    )
    other = tmp_path / "other.csv"
    other.write_text("№,Повністю\n1,Шевчук Іван Петрович\n", "utf-8")
    assert command("compare", str(good), str(other), "--columns", "Повністю=full_name").returncode == 0
    assert command("compare", str(good), str(other), "--columns", "Повністю=full_name,Х=note").returncode == 2


def test_rounds_waited_are_kept_where_a_list_has_them() -> None:
    """Empty is none; what is no number is a finding; the canonical form has the column only where the list had it."""
    read = read_list("c.csv", b"ref,family_name,rounds_waited\n1,A,2\n2,B,\n3,C,twice\n")
    assert [one.rounds_waited for one in read.persons] == [2, 0, 0]
    assert [str(one) for one in read.findings] == [
        "c.csv:4:3: rounds waited ('rounds_waited'): 'twice' is no number of rounds; write a whole number, such "
        "as 2, or leave it empty"
    ]
    again = read_list("c.csv", write_csv(read))
    assert [one.rounds_waited for one in again.persons] == [2, 0, 0]
    assert [one.get("rounds_waited") for one in msgspec.json.decode(write_json(read))] == [2, 0, 0]
    assert b"rounds_waited" not in write_csv(read_list("c.csv", b"ref,family_name\n1,A\n"))
