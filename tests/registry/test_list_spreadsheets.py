"""What spreadsheet programs make of numbers, dates and cells: told as a finding, never taken for what it is not."""

import datetime
import io
from collections.abc import Sequence

import pytest
import xlsxwriter

from safeconduct.kernel.errors import BadInput
from safeconduct.registry.lists import ListRead, read_list

HEAD = "ref;surname;given name;service number;unit;birth date\n"
DAY = datetime.date(2024, 3, 1)


def csv_read(text: str) -> ListRead:
    """Of a CSV in UTF-8."""
    return read_list("l.csv", text.encode())


def findings(read: ListRead) -> list[str]:
    """As they are printed."""
    return [str(one) for one in read.findings]


def book(
    rows: Sequence[Sequence[object]],
    *,
    merged: str = "",
    hidden: int | None = None,
    formula: tuple[str, str] = ("", ""),
) -> bytes:
    """A workbook; a tuple in a cell is a value and its number format."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet = made.add_worksheet("Список")
    for line, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, tuple):
                sheet.write(line, column, cell[0], made.add_format({"num_format": cell[1]}))
            else:
                sheet.write(line, column, cell)
    if merged:
        sheet.merge_range(merged, "А1234")
    if hidden is not None:
        sheet.set_row(hidden, None, None, {"hidden": True})
    if formula[0]:
        sheet.write_formula(formula[0], "=A1", None, formula[1])
    made.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("3.1E+09", "a long number that a spreadsheet rounded: its last digits are lost"),
        ("3,1E+09", "a long number that a spreadsheet rounded: its last digits are lost"),
        ("1,23456789012346Е+15", "a long number that a spreadsheet rounded"),
        ("01.бер", "a date, likely a spreadsheet's reading of something else"),
        ("12-май", "a date, likely a spreadsheet's reading of something else"),
        ("Mar-05", "a date, likely a spreadsheet's reading of something else"),
        ("2024-03-01", "a date or time, likely a spreadsheet's reading of something else"),
        ("01.03.2024", "a date or time, likely a spreadsheet's reading of something else"),
    ],
)
def test_what_a_spreadsheet_made_of_a_service_number_is_no_number(text: str, what: str) -> None:
    """Left empty, since two persons' numbers may have become the same; the text is kept, and the person."""
    read = csv_read(f"{HEAD}a;Лис;Ганна;{text};;\n")
    (finding,) = read.findings
    assert (finding.line, finding.column, what in finding.what) == (2, 4, True)
    assert (read.persons[0].service_number, read.persons[0].family_name) == ("", "Лис")
    assert read.originals[0]["service number"] == text


@pytest.mark.parametrize(
    "number", ["АА-012345", "T-123456", "0012345", "12-345678", "123456789012345", "МАР-123", "E-12"]
)
def test_sound_service_numbers_stay(number: str) -> None:
    """With letters, leading zeros, hyphens."""
    read = csv_read(f"{HEAD}a;Лис;Ганна;{number};;\n")
    assert (read.persons[0].service_number, read.findings) == (number, ())


def test_a_ref_that_a_spreadsheet_changed_is_kept_and_told() -> None:
    """It still tells its row from the others."""
    read = csv_read(f"{HEAD}3.1E+09;Лис;;;;\n05.мар;Вовк;;;;\n7.0;Бут;;;;\n7.1;Заєць;;;;\n")
    assert [person.ref for person in read.persons] == ["3.1E+09", "05.мар", "7", "7.1"]
    assert [(one.line, one.column) for one in read.findings] == [(2, 1), (3, 1), (4, 1)]
    with pytest.raises(BadInput, match=r"l\.csv:3:1: ref '7' stands twice, first on line 2"):
        csv_read(f"{HEAD}7;Лис;;;;\n7.0;Бут;;;;\n")


def test_numbers_of_a_workbook() -> None:
    """Whole numbers without a point; digits beyond the fifteenth are lost and told; leading zeros that the sheet shows
    are kept; a date cell in a column of refs is told."""
    rows: list[list[object]] = [
        ["ref", "surname", "service number", "unit"],
        [1.0, "Лис", 123456789012345, 3057],
        [2, "Вовк", 1234567890123456789, (57, "0000")],
        [(DAY, "dd.mm.yyyy"), "Бут", (12345, "0000000"), ""],
    ]
    read = read_list("l.xlsx", book(rows))
    assert [(one.ref, one.service_number, one.unit) for one in read.persons] == [
        ("1", "123456789012345", "3057"),
        ("2", "", "0057"),
        ("2024-03-01", "0012345", ""),
    ]
    assert [(one.line, one.column) for one in read.findings] == [(3, 3), (4, 1)]
    assert "'1.23456789012346e+18' is a long number that a spreadsheet rounded" in read.findings[0].what


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ((1990, "dd.mm.yyyy"), "'1905-06-12' is what a spreadsheet makes of the year 1990 in a cell for dates"),
        ((1, "dd.mm.yyyy"), "'1900-01-01' is what programs write for no date"),
        (35932, "'35932' is no date: a spreadsheet counts days so, 17.05.1998"),
        ((-5, "dd.mm.yyyy"), "is no date"),
        ((0.5, "hh:mm"), "is no date"),
        ((35932.5, "dd.mm.yyyy hh:mm"), "is no date"),
        ("17.05.1998\n01.02.1999", "is no date"),
    ],
)
def test_dates_that_nobody_wrote(cell: object, what: str) -> None:
    """A year in a cell for dates, a count of days, a time: none is taken for a birth date."""
    read = read_list("l.xlsx", book([["ref", "surname", "birth date"], ["a", "Лис", cell]]))
    (finding,) = read.findings
    assert what in finding.what
    assert (finding.line, finding.column, read.persons[0].birth_date) == (2, 3, None)


def test_a_workbook_that_counts_from_1904() -> None:
    """Its days are the same days."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"date_1904": True, "default_date_format": "dd.mm.yyyy"})
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["ref", "surname", "birth date"])
    sheet.write_row(1, 0, ["a", "Лис", datetime.date(1998, 5, 17)])
    made.close()
    read = read_list("l.xlsx", out.getvalue())
    assert (str(read.persons[0].birth_date), read.findings) == ("1998-05-17", ())


def test_merged_cells_and_hidden_rows_are_told() -> None:
    """The text of merged cells stands in the first row alone; a hidden row is read, and nobody who looks at the sheet
    sees it. Merged headings are no matter."""
    rows: list[list[object]] = [["ref", "surname", "unit"], [1, "Лис"], [2, "Вовк"], [3, "Бут"]]
    read = read_list("l.xlsx", book(rows, merged="C2:C3", hidden=3))
    assert [one.unit for one in read.persons] == ["А1234", "", ""]
    assert findings(read) == [
        "l.xlsx:2:3: the cell is merged down to row 3, and was read for this row alone; write the text in each row",
        "l.xlsx:4:1: 1 hidden row of the sheet was read like the others: 4; show them, or remove them",
    ]
    rows = [["Список", "", ""], ["ref", "surname", "unit"], [1, "Лис"], [2, "Вовк"]]
    assert read_list("l.xlsx", book(rows, merged="E1:E2")).findings == ()


def test_formulas() -> None:
    """The value that the sheet shows is read; a formula that was never computed is told, and not empty."""
    rows: list[list[object]] = [["ref", "surname", "unit"], ["a", "Лис", ""]]
    assert read_list("l.xlsx", book(rows, formula=("C2", "А1234"))).persons[0].unit == "А1234"
    read = read_list("l.xlsx", book(rows, formula=("C2", "")))
    assert findings(read) == ["l.xlsx:2:3: unit ('unit'): '=A1' is a formula; write the value itself"]
