"""What the XML of a sheet holds and its parser would not tell: error cells, formulas that were never computed, numbers
that are shown with leading zeros, hidden rows."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Final

_ERROR_CELL: Final = re.compile(rb"""(<(?:[a-z]+:)?c\b[^<>]*?\st\s*=\s*)["']e["']""")
_UNCOMPUTED: Final = re.compile(
    rb"""<c\b([^<>]*[^<>/])?>\s*<f\b[^<>]*(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)
_NUMBER_CELL: Final = re.compile(rb"""<c\b([^<>]*\ss=["'](\d+)["'][^<>]*)>\s*<v>(\d+)</v>\s*</c>""")
_TYPE: Final = re.compile(rb"""\st=["']([a-zA-Z]*)["']""")
_HIDDEN_ROW: Final = re.compile(rb"""<row\b[^<>]*?\shidden=["'](?:1|true)["'][^<>]*>""")
_ROW_NUMBER: Final = re.compile(rb"""\sr=["'](\d{1,7})["']""")

_TEXT: Final = re.compile(rb"<(?:[a-z]+:)?si\b")
_PLACE: Final = re.compile(rb"<(?:[a-z]+:)?v[^<>]*>\s*(\d{1,9})\s*</")

_FORMAT: Final = re.compile(rb"""<numFmt\b[^<>]*>""")
_STYLE: Final = re.compile(rb"""<xf\b[^<>]*>""")
_FORMAT_ID: Final = re.compile(rb"""\snumFmtId=["'](\d+)["']""")
_FORMAT_OF_ZEROS: Final = re.compile(rb"""\sformatCode=["'](0{2,32})["']""")
_SHEET: Final = re.compile(rb"""<sheet\b[^<>]*?\s[a-zA-Z]+:id=["']([^"']+)["']""")
_LINK: Final = re.compile(rb"""<Relationship\b[^<>]*>""")
_LINK_ID: Final = re.compile(rb"""\sId=["']([^"']+)["']""")
_LINK_TARGET: Final = re.compile(rb"""\sTarget=["']([^"']+)["']""")


def told(sheet: bytes, zeros_by_style: Mapping[bytes, int]) -> bytes:
    """The sheet with text where its parser would give an empty cell or another number than the sheet shows."""
    sheet = _ERROR_CELL.sub(rb'\1"str"', sheet)
    if b"<f" in sheet:
        sheet = _UNCOMPUTED.sub(_formula_as_text, sheet)
    return _NUMBER_CELL.sub(lambda cell: _padded(cell, zeros_by_style), sheet) if zeros_by_style else sheet


def zeros_by_style(styles: bytes) -> dict[bytes, int]:
    """How many digits a number has at least, by the style of its cell, where that is a format such as 00000."""
    digits_by_format: dict[bytes, int] = {}
    for one in _FORMAT.findall(styles):
        number, zeros = _FORMAT_ID.search(one), _FORMAT_OF_ZEROS.search(one)
        if number and zeros:
            digits_by_format[number[1]] = len(zeros[1])
    if not digits_by_format:
        return {}
    begin = styles.find(b"<cellXfs")
    found = {}
    for place, style in enumerate(_STYLE.findall(styles[begin : styles.find(b"</cellXfs>", begin)])):
        number = _FORMAT_ID.search(style)
        if number and number[1] in digits_by_format:
            found[b"%d" % place] = digits_by_format[number[1]]
    return found


def lengths_of_texts(shared: bytes) -> list[int]:
    """How many bytes of XML each text has that cells share."""
    begins = [found.start() for found in _TEXT.finditer(shared)]
    return [end - begin for begin, end in itertools.pairwise([*begins, len(shared)])]


def length_of_texts(sheet: bytes, lengths: Sequence[int]) -> int:
    """How many bytes the shared texts of a sheet's cells would have if each cell had its own. Numbers count as if they
    were places of texts: too much rather than too little."""
    return sum(lengths[place] for place in map(int, _PLACE.findall(sheet)) if place < len(lengths))


def hidden_rows(sheet: bytes) -> list[int]:
    """The numbers of the rows that are not shown."""
    rows = (_ROW_NUMBER.search(row) for row in _HIDDEN_ROW.findall(sheet))
    return [int(number[1]) for number in rows if number]


def parts_of_sheets(workbook: bytes, links: bytes) -> list[str]:
    """The part of each sheet, in the order of the workbook; empty where it is not said."""
    targets = {}
    for link in _LINK.findall(links):
        number, target = _LINK_ID.search(link), _LINK_TARGET.search(link)
        if number and target:
            name = target[1].decode("utf-8", "replace")
            targets[number[1]] = name.removeprefix("/") if name.startswith("/") else f"xl/{name}"
    return [targets.get(number, "") for number in _SHEET.findall(workbook)]


def _formula_as_text(cell: "re.Match[bytes]") -> bytes:
    attributes, formula = cell[1] or b"", cell[2] or b""
    if (kind := _TYPE.search(attributes)) and kind[1] == b"str":
        return cell[0]  # it was computed, and is an empty text
    return b'<c%s t="str"><v>=%s</v></c>' % (_TYPE.sub(b"", attributes), formula.strip() or b"?")


def _padded(cell: "re.Match[bytes]", zeros_by_style: Mapping[bytes, int]) -> bytes:
    digits = zeros_by_style.get(cell[2], 0)
    kind = _TYPE.search(cell[1])
    if len(cell[3]) >= digits or (kind and kind[1] != b"n"):
        return cell[0]
    return b'<c%s t="str"><v>%s</v></c>' % (_TYPE.sub(b"", cell[1]), cell[3].rjust(digits, b"0"))
