"""The bytes of a list as rows of text cells, whatever program wrote them: CSV in the usual encodings, or XLSX.

Which of the two it is, the content tells, not the name; but a name that claims the other one is refused, because a
file that is not what it says was cut, renamed or tampered with on its way, and the sender should look at it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry.mojibake import looks_misread, undone
from safeconduct.registry.workbooks import SheetRows, is_workbook, read_workbook

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")

_CYRILLIC = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґ]")
_VOWEL = re.compile(r"[аеёєиіїоуыэюя]", re.IGNORECASE)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f№«»\xa0]")
"""What speaks for or against an encoding: all but ASCII, and but signs that lists in windows-1251 are full of."""
_SMALL_THEN_CAPITAL = re.compile(r"[а-яёіїєґ][А-ЯЁІЇЄҐ]")
_TWO_SCRIPTS = re.compile(r"[A-Za-z][а-яёіїєґ]|[а-яёіїєґ][A-Za-z]")


HeadingScore = Callable[[list[str]], int]
"""Rates a row of cells by how much it looks like the heading of a list: higher is better, 0 is not at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank: the line (or spreadsheet row) on which it begins, from 1, and its cells as text."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows of a file in order, and what a person should know of how they were read."""

    rows: list[Row]
    remarks: tuple[Fault, ...]
    is_workbook: bool


def read_grid(name: str, source: bytes, score: HeadingScore) -> Grid:
    """Rows of a CSV or XLSX file. `score` rates a row as a heading: it settles the separator of a CSV and the sheet.

    Raises BadInput, with one fault, if the bytes are neither, or unsafe to open.
    """
    if not source.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise BadInput(Fault(name, 1, 1, "the file is empty", "send the list again"))
    suffix = PurePath(name).suffix.lower()
    if is_workbook(source):
        if suffix in _TEXT_SUFFIXES:
            raise BadInput(
                Fault(
                    name, 1, 1, f"is named {suffix}, but its content is an XLSX workbook", "rename it to end in .xlsx"
                )
            )
        sheets, remarks = read_workbook(name, source)
        headings = [_best_heading(sheet.rows, score) for sheet in sheets]
        best = max(range(len(sheets)), key=lambda index: (headings[index][0], -index))
        chosen = sheets[best]
        others = [sheet.name for sheet in sheets if sheet is not chosen and sheet.rows]
        if others:
            what = f"only the sheet {chosen.name!r} was read, not {', '.join(map(repr, others))}"
            remarks = (*remarks, Fault(name, 1, 1, what, "put all persons on one sheet, or remove the other sheets"))
        # Headings are often merged; that is no matter.
        remarks = (*remarks, *(remark for remark in chosen.remarks if remark.line > headings[best][1]))
        return Grid([Row(line, cells) for line, cells in chosen.rows], remarks, is_workbook=True)
    if source.startswith(_OLD_OFFICE):
        what = "is an old Excel workbook (.xls) or one with a password"
        raise BadInput(Fault(name, 1, 1, what, "save it as .xlsx without a password, or as CSV in UTF-8"))
    if source.startswith(b"PK"):
        raise BadInput(Fault(name, 1, 1, "is a ZIP archive, but no XLSX workbook", "send a CSV or XLSX file"))
    if suffix in _WORKBOOK_SUFFIXES:
        what = f"is named {suffix}, but its content is no XLSX workbook{_guess(source)}"
        raise BadInput(Fault(name, 1, 1, what, "rename it to end in .csv, or save it as an Excel workbook"))
    if _is_markup(source):
        raise BadInput(Fault(name, 1, 1, "is an XML or HTML document, not a list", "send a CSV or XLSX file"))
    text, remarks = _decode(name, source)
    rows = _rows_of_csv(name, text, score)
    if not rows:
        raise BadInput(Fault(name, 1, 1, "the file is empty", "send the list again"))
    return Grid(rows, remarks, is_workbook=False)


MAX_COLUMNS = 16_384
"""As many as a spreadsheet has."""
_HEADING_ROWS = 20
_HEAD_CHARACTERS = 1 << 18
"""A heading stands in one of the first rows; titles may stand above it."""


def _best_heading(rows: SheetRows, score: HeadingScore) -> tuple[int, int]:
    """How much the row that looks most like a heading does so, and its line."""
    rated = [(score(cells), -line) for line, cells in rows[:_HEADING_ROWS]]
    best, line = max(rated, default=(0, 0))
    return best, -line


def _guess(source: bytes) -> str:
    if _is_markup(source):
        return " but an XML or HTML document"
    first = source[:4096].split(b"\n", 1)[0]
    return " but text like CSV" if b"\x00" not in first and any(mark in first for mark in b",;\t") else ""


def _is_markup(source: bytes) -> bool:
    return source[:256].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<")


def _decode(name: str, source: bytes) -> tuple[str, tuple[Fault, ...]]:
    remarks: tuple[Fault, ...] = ()
    if (unmarked := _as_unmarked_utf16(source)) is not None:
        what = "the file is in UTF-16 without a byte order mark; it was read so"
        return unmarked, (Fault(name, 1, 1, what, "look at some names, and save it as CSV in UTF-8"),)
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = source.decode("utf-16")
        except UnicodeDecodeError:
            raise BadInput(
                Fault(name, 1, 1, "begins like UTF-16 and is cut short", "save it as CSV in UTF-8")
            ) from None
    else:
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            cyrillic = _as_windows_1251(source)
            if cyrillic is None:
                line = source.count(b"\n", 0, error.start) + 1
                column = error.start - source.rfind(b"\n", 0, error.start)
                what = f"byte 0x{source[error.start]:02X} is not UTF-8, nor is the file windows-1251"
                raise BadInput(Fault(name, line, column, what, "save it as CSV in UTF-8")) from None
            text = cyrillic
            what = "the file is in windows-1251, not in UTF-8; it was read so"
            remarks = (Fault(name, 1, 1, what, "look at some names, and save it as CSV in UTF-8"),)
    if looks_misread(text) and (meant := undone(text)) is not None:
        text = meant.removeprefix("\ufeff")
        what = "the text is UTF-8 that a program took for another encoding and saved; it was read as it was before"
        remarks = (*remarks, Fault(name, 1, 1, what, "look at some names, and ask for the list in UTF-8"))
    where = text.find("\x00")
    if where >= 0:
        line, column = text.count("\n", 0, where) + 1, where - text.rfind("\n", 0, where)
        raise BadInput(Fault(name, line, column, "a NUL character: this is no text file", "save it as CSV in UTF-8"))
    return text, remarks


def _as_unmarked_utf16(source: bytes) -> str | None:
    """The text, if its first characters all have the upper byte of Latin, Cyrillic or a sign; None for other texts."""
    head = source[:4096]
    if source.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(b"\x00") < 2 or len(source) % 2:
        return None
    for encoding, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if all(byte in (0, 4, 0x20, 0x21, 0x02) for byte in high):  # ASCII, Cyrillic, punctuation, №, ʼ
            try:
                return source.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _as_windows_1251(source: bytes) -> str | None:
    """The text, if reading it as windows-1251 gives plausible Cyrillic; None for KOI8, cp866, Latin-1, broken UTF-8."""
    try:
        text = source.decode("cp1251")
    except UnicodeDecodeError:
        return None
    beyond = len(_BEYOND_ASCII.findall(text))
    letters = len(_CYRILLIC.findall(text))
    # KOI8 read as windows-1251 turns capitals about; Latin-1 puts Cyrillic letters into Latin words.
    odd = len(_SMALL_THEN_CAPITAL.findall(text)) + len(_TWO_SCRIPTS.findall(text))
    # KOI8 in capitals alone turns into letters of which few are vowels; two fifths of names and headings are.
    koi8 = len(_VOWEL.findall(source.decode("koi8-u"))) > len(_VOWEL.findall(text))
    return text if letters >= 0.9 * beyond and odd <= 0.02 * letters and not koi8 else None


def _rows_of_csv(name: str, text: str, score: HeadingScore) -> list[Row]:
    skipped = 0
    separators: Iterable[str] = ",;\t"
    if (told := re.match(r"sep=([,;\t])\r?\n", text)) is not None:  # Excel's own hint
        separators, skipped, text = told[1], 1, text[told.end() :]
    best: tuple[int, int, str] = (-1, -1, ",")
    for separator in separators:
        head = _head(text, separator)
        best = max(best, (max(map(score, head), default=0), max(map(len, head), default=0), separator))
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=best[2], strict=True)
    line = 0
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                what = f"the row that begins here has {len(cells)} cells, more than {MAX_COLUMNS}"
                raise BadInput(Fault(name, line + 1 + skipped, 1, what, "check the separators and quotation marks"))
            if any(not cell.isspace() for cell in cells if cell):
                rows.append(Row(line + 1 + skipped, cells))
            line = reader.line_num
    except csv.Error as error:
        what = f"the row that begins here cannot be read ({error})"
        mend = "close every quotation mark, and write a quotation mark inside quotes twice"
        raise BadInput(Fault(name, line + 1 + skipped, 1, what, mend)) from None
    return rows


def _head(text: str, separator: str) -> list[list[str]]:
    head: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text[:_HEAD_CHARACTERS], newline=""), delimiter=separator):
            head.append(cells)
            if len(head) == _HEADING_ROWS:
                break
    except csv.Error:  # this separator does not fit; the strict reading tells what is wrong
        pass
    return head
