"""A list looked at before it is used."""

import io
import subprocess
import sys
from pathlib import Path

import msgspec
import xlsxwriter

from safeconduct.registry.lists import read_list, write_json
from safeconduct.registry.preview import preview

LIST = (
    "№;ПІБ;Д.н.;Стать;Відмова;Позивний;Зріст;Дата полонення\n"
    "1; Шевчук  Іван Петрович;17.05.1998;ч;так;Дуб;182;2022\n"
    "2;Лис Ганна;32.13.1999;?;ні;;;05.2023\n"
    "3;;;;\n"
)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    run = [sys.executable, "-m", "safeconduct.cli.main", "registry", *arguments]
    return subprocess.run(run, capture_output=True, encoding="utf-8", check=False, timeout=120)


def test_every_column_says_how_it_was_understood_and_how_much_of_it_was_read() -> None:
    """Fields in words, cells with something in them, cells that could not be read."""
    seen = preview(read_list("l.csv", LIST.encode()))
    assert [(one.heading, one.meaning, one.filled, one.unread) for one in seen.columns] == [
        ("№", "ref", 3, 0),
        ("ПІБ", "full name, split", 2, 0),
        ("Д.н.", "birth_date", 2, 1),
        ("Стать", "sex", 2, 1),
        ("Відмова", "consent (a yes refuses)", 2, 0),
        ("Позивний", "note, under its heading", 1, 0),
        ("Зріст", "no field: kept as it stands", 1, 0),
        ("Дата полонення", "captured_on", 2, 0),
    ]


def test_original_and_normal_form_stand_side_by_side() -> None:
    """Exactly as written, beside what it was read as; a date that may be several days with the first and the last."""
    seen = preview(read_list("l.csv", LIST.encode()))
    line, cells = seen.rows[0]
    told = {cell.heading: (cell.original, cell.normal, cell.interval) for cell in cells}
    assert line == 2
    assert told["ПІБ"] == (" Шевчук  Іван Петрович", "Шевчук | Іван | Петрович", None)
    assert told["Д.н."] == ("17.05.1998", "1998-05-17", None)
    assert told["Дата полонення"] == ("2022", "2022", ("2022-01-01", "2022-12-31"))
    assert told["Відмова"] == ("так", "unwilling", None)
    assert (seen.rows[1][1][2].original, seen.rows[1][1][2].unread) == ("32.13.1999", True)


def test_findings_stand_with_their_column() -> None:
    """At line and cell; what is wrong with a row, or the file, stands apart; none is lost."""
    read = read_list("l.csv", LIST.encode())
    seen = preview(read)
    by_heading = {one.heading: [(each.line, each.column) for each in one.findings] for one in seen.columns}
    assert (by_heading["Д.н."], by_heading["Стать"], by_heading["ПІБ"]) == ([(3, 3)], [(3, 4)], [])
    assert [(one.line, one.column) for one in seen.others] == [(4, 1), (4, 6)]
    assert sum(len(one.findings) for one in seen.columns) + len(seen.others) == len(read.findings)


def test_the_canonical_json_keeps_every_cell_as_written() -> None:
    """Beside the normal form, by heading; cells of columns that mean nothing to us, too."""
    first = msgspec.json.decode(write_json(read_list("l.csv", LIST.encode())))[0]
    assert (first["birth_date"], first["original"]["Д.н."]) == ("1998-05-17", "17.05.1998")
    assert first["original"]["ПІБ"] == " Шевчук  Іван Петрович"
    assert first["original"]["Зріст"] == "182"


def test_the_command(tmp_path: Path) -> None:
    """For people and for machines; 1 where something could not be read; nothing a terminal would obey is printed."""
    file = tmp_path / "l.csv"
    file.write_text(LIST.replace("182", "\x1b[31m182"), "utf-8")
    ended = command("preview", str(file), "--rows", "1")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert f"{file}: 3 persons, 8 columns, 4 findings" in ended.stdout
    assert "names in Cyrillic letters: 5 words; could be Ukrainian 100%" in ended.stdout
    assert "17.05.1998 → 1998-05-17" in ended.stdout
    assert "  3:3  birth date ('Д.н.'): '32.13.1999' is no day of the calendar; write the day first" in ended.stdout
    assert "\x1b" not in ended.stdout
    assert "line 3" not in ended.stdout
    told = msgspec.json.decode(command("preview", str(file), "--json").stdout)
    assert told["scripts"][0]["script"] == "Cyrillic"
    assert told["scripts"][0]["fits"][0] == {"scheme": "Ukrainian", "names": told["scripts"][0]["names"]}
    assert told["columns"][2]["findings"][0] == {
        "line": 3,
        "column": 3,
        "what": "birth date ('Д.н.'): '32.13.1999' is no day of the calendar",
        "mend": "write the day first: dd.mm.yyyy",
    }
    assert told["rows"][0]["cells"][-1] == {
        "heading": "Дата полонення",
        "original": "2022",
        "field": "captured_on",
        "normal": "2022",
        "earliest": "2022-01-01",
        "latest": "2022-12-31",
    }
    assert command("preview", str(tmp_path / "none.csv")).returncode == 2


def test_a_workbook_with_a_column_mapped_by_hand(tmp_path: Path) -> None:
    """As in registry read."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Список")
    sheet.write_row(0, 0, ["Код", "Прізвище"])
    sheet.write_row(1, 0, ["a-1", "Лис"])
    book.close()
    file = tmp_path / "l.xlsx"
    file.write_bytes(out.getvalue())
    ended = command("preview", str(file), "--columns", "Код=ref")
    assert (ended.returncode, "1 person, 2 columns, nothing to find" in ended.stdout) == (0, True)
