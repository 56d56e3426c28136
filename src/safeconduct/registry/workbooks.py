"""XLSX workbooks from people who may mean harm, as rows of text.

Before a parser sees the workbook, its XML parts are unpacked under a limit, refused if they declare a document type
(entity bombs) or span an absurd area, and packed again without compression, so that what is parsed is exactly what
was checked.
"""

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import python_calamine

from safeconduct.kernel.errors import BadInput, Fault
from safeconduct.registry import workbook_cells

MAX_UNPACKED_BYTES = 400_000_000
"""Of all XML parts together; 200,000 rows of all columns take about half of it."""
MAX_CELLS = 10_000_000
"""Of the rectangle that a sheet spans: the parser holds every cell of it, empty or not."""
MAX_ROWS = 1_048_576
"""As many as a spreadsheet has."""

_ROUNDED_FROM = 1e15
"""A spreadsheet keeps 15 digits of a number; longer ones are written so that this shows."""
_CHUNK = 1 << 20
_CELL_STARTS = (b"<c", b":c ", b":c>", b":c/")
_ROW_STARTS = (b"<row", b":row ", b":row>", b":row/")
"""How cells and rows begin that need not say where they stand, also under a namespace's prefix."""
_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
_LINE = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_HIDDEN_SHOWN = 5
_SHEETS, _TEXTS = "xl/worksheets/", "xl/sharedStrings.xml"
_STYLES, _WORKBOOK, _LINKS = _FEW = ("xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")

SheetRows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet."""

    name: str
    rows: SheetRows
    """Rows that are not blank, with their numbers."""
    remarks: tuple[Fault, ...]
    """What a person should know of cells that the rows do not show: merged ones, and rows that are hidden."""


def is_workbook(source: bytes) -> bool:
    """Whether the bytes are a ZIP archive that holds an XLSX workbook (sound or not)."""
    if not source.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return b"xl/workbook.xml" in source


def read_workbook(name: str, source: bytes) -> tuple[list[Sheet], tuple[Fault, ...]]:
    """The visible sheets, and remarks on the workbook (hidden sheets left out).

    Raises BadInput if the workbook is damaged, locked or unsafe.
    """
    safe, hidden_rows = _repack(name, source)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(safe))
        visible, hidden = [], []
        for index, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            cells = workbook.get_sheet_by_index(index)
            rows = _rows(cells)
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible:
                rows_hidden = hidden_rows[index] if index < len(hidden_rows) else []
                remarks = (*_merged(name, cells, rows), *_hidden(name, rows, rows_hidden))
                visible.append(Sheet(sheet.name, rows, remarks))
            elif rows:
                hidden.append(sheet.name)
    except python_calamine.CalamineError as error:
        raise BadInput(Fault(name, 1, 1, f"the workbook is damaged ({_one_line(error)})", "save it again")) from None
    if not any(sheet.rows for sheet in visible):
        raise BadInput(
            Fault(name, 1, 1, "the workbook has no visible sheet with anything in it", "send the list again")
        )
    remarks = ()
    if hidden:
        what = f"hidden sheets were not read: {', '.join(map(repr, hidden))}"
        remarks = (Fault(name, 1, 1, what, "remove them, or show them and put all persons on one sheet"),)
    return visible, remarks


def _merged(name: str, sheet: python_calamine.CalamineSheet, rows: SheetRows) -> Iterable[Fault]:
    """Cells that are merged over several rows: their text stands in the first row alone."""
    ranges = sorted(sheet.merged_cell_ranges or ())
    cells_by_line = dict(rows) if ranges else {}
    for (top, left), (bottom, _) in ranges:
        cells = cells_by_line.get(top + 1, [])
        if bottom > top and left < len(cells) and cells[left].strip():
            what = f"the cell is merged down to row {bottom + 1}, and was read for this row alone"
            yield Fault(name, top + 1, left + 1, what, "write the text in each row")


def _hidden(name: str, rows: SheetRows, hidden: Sequence[int]) -> Iterable[Fault]:
    lines = sorted(set(hidden) & {line for line, _ in rows})
    if lines:
        told = ", ".join(map(str, lines[:_HIDDEN_SHOWN])) + (", …" if len(lines) > _HIDDEN_SHOWN else "")
        what = (
            f"{len(lines)} hidden row{'s' * (len(lines) != 1)} of the sheet {'were' if len(lines) > 1 else 'was'} read"
        )
        yield Fault(name, lines[0], 1, f"{what} like the others: {told}", "show them, or remove them")


def _rows(sheet: python_calamine.CalamineSheet) -> SheetRows:
    return [
        (line, [_text(cell) for cell in cells])
        for line, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        if any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in cells)
    ]


def _text(cell: object) -> str:
    """A cell as a person would have typed it into a CSV."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if abs(cell) >= _ROUNDED_FROM:
            return f"{cell:.15g}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    return str(cell)  # a date is written year-month-day


def _repack(name: str, source: bytes) -> tuple[bytes, list[list[int]]]:
    """The workbook as it is safe to parse, and of each sheet the rows that are hidden."""

    def refuse(what: str, mend: str) -> BadInput:
        return BadInput(Fault(name, 1, 1, what, mend))

    left = MAX_UNPACKED_BYTES
    safe = io.BytesIO()
    few: dict[str, bytes] = {}
    hidden: dict[str, list[int]] = {}
    lengths: list[int] = []
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive, zipfile.ZipFile(safe, "w", zipfile.ZIP_STORED) as out:
            parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
            if len({part.filename for part in parts}) < len(parts):
                raise refuse("the workbook holds one part twice", "save it again with a spreadsheet program")
            # Sheets last: what they hold depends on styles and on the texts that cells share.
            for part in sorted(parts, key=lambda part: part.filename.startswith(_SHEETS)):
                content = bytearray()
                with archive.open(part) as packed:
                    while chunk := packed.read(_CHUNK):
                        content += chunk
                        if len(content) > left:
                            what = f"the workbook unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB"
                            raise refuse(what, "send the list alone, without pictures or formatting")
                left -= len(content)
                checked = _checked(name, part.filename, bytes(content))
                if part.filename in _FEW:
                    few[part.filename] = checked
                elif part.filename == _TEXTS:
                    lengths = workbook_cells.lengths_of_texts(checked)
                elif part.filename.startswith(_SHEETS):
                    _require_short_texts(name, checked, lengths)
                    hidden[part.filename] = workbook_cells.hidden_rows(checked)
                    zeros = workbook_cells.zeros_by_style(few.get(_STYLES, b""))
                    checked = workbook_cells.told(checked, zeros)
                out.writestr(part.filename, checked)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise refuse(f"the workbook is damaged ({_one_line(error)})", "save it again, and send it again") from None
    except RuntimeError:  # how zipfile tells that a part is encrypted
        raise refuse("the workbook is locked with a password", "save it without a password") from None
    names = workbook_cells.parts_of_sheets(few.get(_WORKBOOK, b""), few.get(_LINKS, b""))
    return safe.getvalue(), [hidden.get(part, []) for part in names]


def _checked(name: str, part: str, content: bytes) -> bytes:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4]:
        what = f"{part} in the workbook is not in UTF-8"
        raise BadInput(Fault(name, 1, 1, what, "save it again with a spreadsheet program"))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        what = f"{part} in the workbook declares XML entities, which no spreadsheet program writes"
        raise BadInput(Fault(name, 1, 1, what, "do not open it; ask the sender for a new file"))
    if not part.startswith(_SHEETS):
        return content
    width = max((_column_number(letters) for letters in set(_COLUMN.findall(content))), default=0)
    height = max(map(int, set(_LINE.findall(content))), default=0)
    if width * height > MAX_CELLS:
        what = f"a sheet spans {height} rows by {width} columns, more than {MAX_CELLS} cells"
        raise BadInput(Fault(name, 1, 1, what, "delete the empty rows and columns around the list"))
    cells, rows = (sum(map(content.count, starts)) for starts in (_CELL_STARTS, _ROW_STARTS))
    if cells > MAX_CELLS or rows > MAX_ROWS:
        what = f"a sheet has more than {MAX_CELLS} cells, or {MAX_ROWS} rows"
        raise BadInput(Fault(name, 1, 1, what, "send the list alone"))
    return content


def _require_short_texts(name: str, sheet: bytes, lengths: Sequence[int]) -> None:
    """Raises BadInput where cells that share a few long texts would together fill the memory: each is given its own."""
    if max(lengths, default=0) * sum(map(sheet.count, _CELL_STARTS)) <= MAX_UNPACKED_BYTES:
        return
    if workbook_cells.length_of_texts(sheet, lengths) > MAX_UNPACKED_BYTES:
        what = f"the cells of a sheet hold more than {MAX_UNPACKED_BYTES // 1_000_000} MB of text"
        raise BadInput(Fault(name, 1, 1, what, "send the list alone, without long texts in its cells"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
