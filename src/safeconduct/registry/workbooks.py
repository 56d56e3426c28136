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

import python_calamine

from safeconduct.kernel.errors import BadInput, Fault

MAX_UNPACKED_BYTES = 400_000_000
"""Of all XML parts together; 200,000 rows of all columns take about half of it."""
MAX_CELLS = 10_000_000
"""Of the rectangle that a sheet spans: the parser holds every cell of it, empty or not."""

_CHUNK = 1 << 20
_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
_LINE = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_ERROR_CELL = re.compile(rb"""(<(?:[a-z]+:)?c\b[^<>]*?\st\s*=\s*)["']e["']""")

SheetRows = list[tuple[int, list[str]]]


def is_workbook(source: bytes) -> bool:
    """Whether the bytes are a ZIP archive that holds an XLSX workbook (sound or not)."""
    if not source.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return b"xl/workbook.xml" in source


def read_workbook(name: str, source: bytes) -> tuple[list[tuple[str, SheetRows]], tuple[Fault, ...]]:
    """The visible sheets: name, and rows that are not blank with their numbers; and remarks (hidden sheets left out).

    Raises BadInput if the workbook is damaged, locked or unsafe.
    """
    safe = _repack(name, source)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(safe))
        visible, hidden = [], []
        for index, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            rows = _rows(workbook.get_sheet_by_index(index))
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible:
                visible.append((sheet.name, rows))
            elif rows:
                hidden.append(sheet.name)
    except python_calamine.CalamineError as error:
        raise BadInput(Fault(name, 1, 1, f"the workbook is damaged ({_one_line(error)})", "save it again")) from None
    if not any(rows for _, rows in visible):
        raise BadInput(
            Fault(name, 1, 1, "the workbook has no visible sheet with anything in it", "send the list again")
        )
    remarks: tuple[Fault, ...] = ()
    if hidden:
        what = f"hidden sheets were not read: {', '.join(map(repr, hidden))}"
        remarks = (Fault(name, 1, 1, what, "remove them, or show them and put all persons on one sheet"),)
    return visible, remarks


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
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    return str(cell)  # a date is written year-month-day


def _repack(name: str, source: bytes) -> bytes:
    def refuse(what: str, mend: str) -> BadInput:
        return BadInput(Fault(name, 1, 1, what, mend))

    left = MAX_UNPACKED_BYTES
    safe = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive, zipfile.ZipFile(safe, "w", zipfile.ZIP_STORED) as out:
            parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
            if len({part.filename for part in parts}) < len(parts):
                raise refuse("the workbook holds one part twice", "save it again with a spreadsheet program")
            for part in parts:
                content = bytearray()
                with archive.open(part) as packed:
                    while chunk := packed.read(_CHUNK):
                        content += chunk
                        if len(content) > left:
                            what = f"the workbook unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB"
                            raise refuse(what, "send the list alone, without pictures or formatting")
                left -= len(content)
                out.writestr(part.filename, _checked(name, part.filename, bytes(content)))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise refuse(f"the workbook is damaged ({_one_line(error)})", "save it again, and send it again") from None
    except RuntimeError:  # how zipfile tells that a part is encrypted
        raise refuse("the workbook is locked with a password", "save it without a password") from None
    return safe.getvalue()


def _checked(name: str, part: str, content: bytes) -> bytes:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4]:
        what = f"{part} in the workbook is not in UTF-8"
        raise BadInput(Fault(name, 1, 1, what, "save it again with a spreadsheet program"))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        what = f"{part} in the workbook declares XML entities, which no spreadsheet program writes"
        raise BadInput(Fault(name, 1, 1, what, "do not open it; ask the sender for a new file"))
    if not part.startswith("xl/worksheets/"):
        return content
    # calamine reads error cells (#N/A) as empty; as text they become findings.
    content = _ERROR_CELL.sub(rb'\1"str"', content)
    width = max((_column_number(letters) for letters in set(_COLUMN.findall(content))), default=0)
    height = max(map(int, set(_LINE.findall(content))), default=0)
    if width * height > MAX_CELLS:
        what = f"a sheet spans {height} rows by {width} columns, more than {MAX_CELLS} cells"
        raise BadInput(Fault(name, 1, 1, what, "delete the empty rows and columns around the list"))
    return content


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
