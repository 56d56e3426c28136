"""Lines into columns, whole blocks at a time; what is not surely good is asked about everything, line by line."""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl

from safeconduct.clauses.batch.blocks import Block, Fitting
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
from safeconduct.clauses.batch.shapes import Shape
from safeconduct.kernel.errors import BadInput
from safeconduct.tracking.events import Event
from safeconduct.tracking.lines import read_line

OnBad = Callable[[bytes, BadInput], None]
"""Told of each bad line: its bytes without the line break, and what is wrong with it."""

OnRead = Callable[[int, int], None]
"""Told of each block that was read: how many bytes and lines it had."""

_AT_ONCE = 2
"""Blocks in work at the same time: one waits for the interpreter while the other does not need it."""


class Reader:
    """Takes the lines of any number of files and gives them as columns."""

    def __init__(self, keys: Collection[str] = ()) -> None:
        """`keys`: fields that will be asked for beyond those of the contract."""
        self._keys = frozenset({*FIELDS, *keys})
        self._shapes: dict[Shape, None] = {}
        """Of the lines so far, the commonest first."""
        self._frames: list[pl.DataFrame] = []

    def read(
        self, name: str, blocks: Iterable[bytes], on_bad: OnBad, on_read: OnRead = lambda _size, _lines: None
    ) -> None:
        """Take a file, given in blocks of whole lines; bad lines are told in their order."""
        number = 1
        working: deque[Future[tuple[Block, Fitting, list[int]]]] = deque()

        def finish() -> int:
            block, found, left = working.popleft().result()
            self._keep(found)
            self._ask(name, ((number + row, block.line(row)) for row in left), on_bad)
            on_read(len(block.raw), block.lines)
            return block.lines

        with ThreadPoolExecutor(_AT_ONCE) as workers:
            for index, raw in enumerate(filter(None, blocks)):
                working.append(workers.submit(self._work, raw, index == 0))
                if len(working) > _AT_ONCE:
                    number += finish()
            while working:
                number += finish()

    def columns(self) -> Columns:
        """Everything taken since they were last given: the reader keeps nothing that is large."""
        frames, self._frames = self._frames, []
        return Columns(together(frames))

    def _work(self, raw: bytes, begins_file: bool) -> tuple[Block, Fitting, list[int]]:
        block = Block(raw, begins_file)
        return block, *block.fit(list(self._shapes), self._keys)

    def _keep(self, found: Fitting) -> None:
        self._frames += [fitting for _, fitting in found]
        frequent = sorted(found, key=lambda one: -one[1].height)
        self._shapes = dict.fromkeys([*(shape for shape, _ in frequent), *self._shapes])

    def _ask(self, name: str, lines: Iterable[tuple[int, bytes]], on_bad: OnBad) -> None:
        """Take lines in doubt, one by one."""
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
            self._frames.append(_frame(events, self._keys))


def _frame(events: list[Event], keys: Collection[str]) -> pl.DataFrame:
    """The columns of events read one by one."""
    columns: dict[str, list[str | int | None]] = {name: [] for name in BASE}
    for row, event in enumerate(events):
        cells: dict[str, str | int | None] = {
            "id": event.id, "type": event.type, "at": event.at_us, "received": event.received_us
        }  # fmt: skip
        others = {}
        for key, value in event.fields.items():
            if key in ("id", "type", "at"):
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
