"""A block of whole lines, split at every comma, and as columns as far as its lines surely are good."""

import re
from collections.abc import Collection, Iterable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from safeconduct.clauses.batch.fitting import ROW, fit, place_column
from safeconduct.clauses.batch.shapes import Shape, shape_of

_BOM = b"\xef\xbb\xbf"
_COMMA_AT_END = re.compile(rb",\r?(?:\n|\Z)")
_SAMPLE = 32
"""Lines that fit no known shape are looked at so many at a time."""
_SHAPES_AT_MOST = 256
_WIDEST = 64
"""Places between commas, at most, of a line that is read as columns."""

_PIECE = 1 << 16

Fitting = list[tuple[Shape, pl.DataFrame]]
"""The columns of the lines of each shape."""


class Block:
    """Whole lines of a file."""

    def __init__(self, raw: bytes, begins_file: bool) -> None:
        """`begins_file`: only there may a byte order mark stand."""
        self.raw = raw
        self._bytes = np.frombuffer(raw, np.uint8)
        self._breaks: list[int] = []
        self._places = self._split(begins_file)
        self.lines = self._places.height
        """How many."""

    def line(self, row: int) -> bytes:
        """One line without its line break; they are counted from 0."""
        if not self._breaks:
            self._breaks = [-1, *np.flatnonzero(self._bytes == ord("\n")).tolist(), len(self.raw)]
        return self.raw[self._breaks[row] + 1 : self._breaks[row + 1]].removesuffix(b"\r")

    def fit(self, shapes: Iterable[Shape], keys: Collection[str]) -> tuple[Fitting, list[int]]:
        """What fits one of the shapes or one made from the lines that fit none; and the lines that remain in doubt.

        `keys`: the fields that have columns of their own.
        """
        known = list(shapes)
        strict = self._may_hide_something()
        found, left = self._fit(known, keys, strict)
        if not strict and not self._holds_no_other_quotes(found, left):
            found, left = self._fit(known, keys, strict=True)
        return found, left

    def _fit(self, untried: list[Shape], keys: Collection[str], strict: bool) -> tuple[Fitting, list[int]]:
        pool = self._places
        found: Fitting = []
        tried: set[Shape] = set()
        while pool.height and len(tried) < _SHAPES_AT_MOST:
            for shape in untried:
                if pool.height and len(shape.places) < pool.width - 1:
                    fitting, pool = fit(pool, shape, keys, strict)
                    if fitting.height:
                        found.append((shape, fitting))
            tried.update(untried)
            untried = [shape for shape in self._shapes(pool) if shape not in tried]
            if not untried:
                break
        return found, pool[ROW].sort().to_list()

    def _shapes(self, pool: pl.DataFrame) -> Iterator[Shape]:
        """The shapes of some of the lines of a pool."""
        for row in pool[ROW].gather_every(max(1, pool.height // _SAMPLE)):
            shape = shape_of(self.line(row).decode("utf-8", "replace"))
            if shape is not None:
                yield shape

    def _may_hide_something(self) -> bool:
        """Whether a value may hold a backslash or a control character other than the line breaks."""
        breaks = self.lines - (not self.raw.endswith(b"\n"))
        if b"\r" in self.raw:
            returns = self.raw.count(b"\r")
            if returns != self.raw.count(b"\r\n"):
                return True
            breaks += returns
        return b"\\" in self.raw or sum(np.count_nonzero(one < ord(" ")) for one in self._pieces()) != breaks

    def _holds_no_other_quotes(self, found: Fitting, left: list[int]) -> bool:
        """Whether there are no quotation marks but those fixed in the shapes and those of the lines left."""
        fixed = sum(shape.quotes * fitting.height for shape, fitting in found)
        told = fixed + sum(self.line(row).count(b'"') for row in left)
        return told == sum(np.count_nonzero(one == ord('"')) for one in self._pieces())

    def _pieces(self) -> Iterator[npt.NDArray[np.uint8]]:
        """The bytes, as many at once as are looked at fastest."""
        return (self._bytes[start : start + _PIECE] for start in range(0, len(self._bytes), _PIECE))

    def _split(self, begins_file: bool) -> pl.DataFrame:
        """What stands between the commas of each line, as many columns as needed and one more."""
        width = min(_WIDEST, max(line.count(b",") for line in self._sample()) + 3)
        columns = {place_column(place): pl.String for place in range(width)}
        raw = self.raw
        if (raw.startswith(_BOM) and not begins_file) or _COMMA_AT_END.search(raw) or not _is_text(raw):
            # In the place of what is no text, or ends with a comma, after which no column shows that nothing stands,
            # stands something that fits no shape, so that it remains in doubt.
            lines = [
                b"?" if line.startswith(_BOM) or _COMMA_AT_END.search(line) or not _is_text(line) else line
                for line in raw.split(b"\n")
            ]
            raw = b"\n".join(lines)
        return pl.read_csv(
            raw, separator=",", quote_char=None, has_header=False, schema=columns, infer_schema=False,
            extra_columns="ignore", missing_columns="insert", row_index_name=ROW,
        )  # fmt: skip

    def _sample(self) -> Iterator[bytes]:
        step = max(1, len(self.raw) // _SAMPLE)
        for start in range(0, len(self.raw), step):
            begin = self.raw.rfind(b"\n", 0, start) + 1
            end = self.raw.find(b"\n", start)
            yield self.raw[begin : end if end >= 0 else None]


def _is_text(raw: bytes) -> bool:
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
