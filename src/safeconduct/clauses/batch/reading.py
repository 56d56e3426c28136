"""Lines into columns, whole blocks at a time; what is not surely good is asked about everything, line by line."""

from collections.abc import Callable, Collection, Iterable, Iterator

import numpy as np
import polars as pl

from safeconduct.clauses.batch.columns import (
    BASE,
    FIELDS,
    OTHERS,
    Columns,
    json_column,
    text_column,
    together,
    write_json,
)
from safeconduct.clauses.batch.fitting import ROW, fit, place_column
from safeconduct.clauses.batch.shapes import Shape, shape_of
from safeconduct.kernel.errors import BadInput
from safeconduct.tracking.events import Event
from safeconduct.tracking.lines import read_line

OnBad = Callable[[bytes, BadInput], None]
"""Told of each bad line: its bytes without the line break, and what is wrong with it."""

_BOM = b"\xef\xbb\xbf"
_SAMPLE = 32
"""Lines that fit no known shape are looked at so many at a time."""
_SHAPES_AT_MOST = 256
_WIDEST = 64
"""Places between commas, at most, of a line that is read as columns."""


class Reader:
    """Takes blocks of lines, of any number of files, and gives them as columns."""

    def __init__(self, keys: Collection[str] = ()) -> None:
        """`keys`: fields that will be asked for beyond those of the contract."""
        self._keys = frozenset({*FIELDS, *keys})
        self._shapes: dict[Shape, None] = {}
        self._frames: list[pl.DataFrame] = []

    def take(self, name: str, number: int, block: bytes, on_bad: OnBad) -> int:
        """Take whole lines of a file, the first of them having this number (from 1); returns how many there were."""
        if not block:
            return 0
        lines = _Lines(block, begins_file=number == 1)
        strict = lines.may_hide_something()
        found, left = self._fit(lines, strict)
        if not strict and not lines.hold_no_other_quotes(found, left):
            found, left = self._fit(lines, strict=True)
        self._frames += [fitting for _, fitting in found]
        self._frames += self._ask(name, ((number + row, lines.line(row)) for row in left), on_bad)
        # The commonest first, next time.
        frequent = sorted(found, key=lambda one: -one[1].height)
        self._shapes = dict.fromkeys([*(shape for shape, _ in frequent), *self._shapes])
        return lines.pool.height

    def columns(self) -> Columns:
        """Everything taken."""
        return Columns(together(self._frames))

    def _fit(self, lines: "_Lines", strict: bool) -> tuple[list[tuple[Shape, pl.DataFrame]], list[int]]:
        """The columns of what fits a shape, known or derived from lines that fit none; and the rows that do not."""
        pool = lines.pool
        found: list[tuple[Shape, pl.DataFrame]] = []
        tried: set[Shape] = set()
        untried = list(self._shapes)
        while untried or (pool.height and len(tried) < _SHAPES_AT_MOST):
            for shape in untried:
                if pool.height and len(shape.places) < pool.width - 1:
                    fitting, pool = fit(pool, shape, self._keys, strict)
                    if fitting.height:
                        found.append((shape, fitting))
            tried.update(untried)
            untried = [shape for shape in lines.shapes(pool) if shape not in tried]
            if not untried:
                break
        return found, pool[ROW].sort().to_list()

    def _ask(self, name: str, lines: Iterable[tuple[int, bytes]], on_bad: OnBad) -> Iterator[pl.DataFrame]:
        """Lines in doubt, one by one."""
        events = []
        for number, raw in lines:
            try:
                event = read_line(name, number, raw)
            except BadInput as error:
                on_bad(raw, error)
                continue
            if event is not None:
                events.append(event)
        if events:
            yield _frame(events, self._keys)


class _Lines:
    """A block of whole lines."""

    def __init__(self, block: bytes, begins_file: bool) -> None:
        self._block = block
        self._bytes = np.frombuffer(block, np.uint8)
        self._breaks: list[int] = []
        self.pool = self._split(begins_file)
        """What stands between the commas of each line, as many columns as needed and one more."""

    def line(self, row: int) -> bytes:
        """One line without its line break."""
        if not self._breaks:
            self._breaks = [-1, *np.flatnonzero(self._bytes == ord("\n")).tolist(), len(self._block)]
        return self._block[self._breaks[row] + 1 : self._breaks[row + 1]].removesuffix(b"\r")

    def shapes(self, pool: pl.DataFrame) -> Iterator[Shape]:
        """The shapes of some of the lines of a pool."""
        for row in pool[ROW].gather_every(max(1, pool.height // _SAMPLE)):
            shape = shape_of(self.line(row).decode("utf-8", "replace"))
            if shape is not None:
                yield shape

    def may_hide_something(self) -> bool:
        """Whether a value may hold a backslash or a control character other than the line breaks."""
        breaks = self.pool.height - (not self._block.endswith(b"\n"))
        if b"\r" in self._block:
            returns = self._block.count(b"\r")
            if returns != self._block.count(b"\r\n"):
                return True
            breaks += returns
        return b"\\" in self._block or int(np.count_nonzero(self._bytes < ord(" "))) != breaks

    def hold_no_other_quotes(self, found: list[tuple[Shape, pl.DataFrame]], left: list[int]) -> bool:
        """Whether there are no quotation marks but those fixed in the shapes and those of the lines left."""
        fixed = sum(shape.quotes * fitting.height for shape, fitting in found)
        return fixed + sum(self.line(row).count(b'"') for row in left) == np.count_nonzero(self._bytes == ord('"'))

    def _split(self, begins_file: bool) -> pl.DataFrame:
        width = min(_WIDEST, max(line.count(b",") for line in self._sample()) + 3)
        columns = {place_column(place): pl.String for place in range(width)}
        block = self._block
        if (block.startswith(_BOM) and not begins_file) or not _is_text(block):
            # In the place of what is no text stands something that fits no shape, so that it is asked about.
            lines = [b"?" if line.startswith(_BOM) or not _is_text(line) else line for line in block.split(b"\n")]
            block = b"\n".join(lines)
        return pl.read_csv(
            block, separator=",", quote_char=None, has_header=False, schema=columns, infer_schema=False,
            extra_columns="ignore", missing_columns="insert", row_index_name=ROW,
        )  # fmt: skip

    def _sample(self) -> Iterator[bytes]:
        step = max(1, len(self._block) // _SAMPLE)
        for start in range(0, len(self._block), step):
            begin = self._block.rfind(b"\n", 0, start) + 1
            end = self._block.find(b"\n", start)
            yield self._block[begin : end if end >= 0 else None]


def _is_text(raw: bytes) -> bool:
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _frame(events: list[Event], keys: Collection[str]) -> pl.DataFrame:
    """The columns of events read one by one."""
    columns: dict[str, list[str | int | None]] = {name: [] for name in BASE}
    for row, event in enumerate(events):
        cells: dict[str, str | int | None] = {
            "id": event.id, "type": event.type, "at": event.at_us, "received": event.received_us
        }  # fmt: skip
        others = {}
        for key, value in event.fields.items():
            if key in BASE and key != "received":
                continue
            if key not in keys:
                others[key] = value
            elif isinstance(value, str):
                cells[text_column(key)] = value
            else:
                cells[json_column(key)] = write_json(value)
        if others:
            cells[OTHERS] = write_json(others)
        for name, cell in cells.items():
            column = columns.setdefault(name, [])
            column += [None] * (row - len(column)) + [cell]
    types = {name: BASE.get(name, pl.String) for name in columns}
    return pl.DataFrame(
        {name: column + [None] * (len(events) - len(column)) for name, column in columns.items()}, schema=types
    )
