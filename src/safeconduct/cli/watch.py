"""`safeconduct watch`: what of the agreement is not being kept, as the reports come in."""

import gc
import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.deviation_lines import DeviationLines
from safeconduct.cli.files import note, read_file
from safeconduct.cli.reports import SetAside, end_of_observation_us, name_of, opened, side_file
from safeconduct.kernel.errors import BadInput
from safeconduct.kernel.times import SECOND_US

if TYPE_CHECKING:
    from safeconduct.clauses.deviation import Deviation
    from safeconduct.clauses.watching import Watch
    from safeconduct.tracking.events import Event

LINES_TOGETHER = 500
"""Lines taken in at once where nobody is told of what changes between them."""
LONGEST_WAIT_S = 3600.0
"""Live: a clock that is set while nobody looks is noticed by then."""


def watch(
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms (TOML).")],
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The movement plan (JSON).")],
    events: Annotated[
        str, typer.Argument(metavar="EVENTS|-", help="The reports (JSON Lines), or - for standard input.")
    ],
    final: Annotated[bool, typer.Option("--final", help="Only what stands at the end, sorted.")] = False,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="The end of observation; without it the latest report."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="The clock is the end of observation: deadlines pass without a report.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines also on a terminal.")] = False,
    set_aside: Annotated[
        Path | None, typer.Option("--set-aside", metavar="FILE", help="Where bad lines go (default: beside EVENTS).")
    ] = None,
) -> None:
    """Judge the reports of a day against the terms and the plan.

    A line for each deviation opened, become certain, or withdrawn, as it becomes known. Bad lines are set aside in a
    side file, each told on standard error, and the watch goes on. Exit code: 0 nothing found, 1 a deviation found,
    2 bad input or bad lines.

    \b
    Example:
      safeconduct watch example/terms.toml example/plan.json example/events.jsonl --final
    """
    from safeconduct.clauses.library import read_terms
    from safeconduct.clauses.watching import Watch
    from safeconduct.logistics.plan import read_plan

    # What is kept of a report is kept for long and holds no circles: looking for these so often takes half the time.
    gc.set_threshold(100_000, 50, 100)
    until_us = end_of_observation_us(until)
    read = read_terms(str(terms), read_file(terms))
    planned = read_plan(str(plan), read_file(plan))
    if planned.agreement != read.agreement.id:
        note(
            f"{plan}: warning: the plan is for agreement {planned.agreement!r}, the terms are {read.agreement.id!r}; "
            "judging them together all the same"
        )
    aside = SetAside(name_of(events), side_file(events, set_aside))
    taking = _Taking(events, aside)
    printer = DeviationLines(as_json)
    # What a file said can be read again, so not all of it need be kept.
    stand = Watch(read, planned, None if live or events == "-" else taking.again)
    found = False
    try:
        with opened(events) as descriptor:
            if live:
                found = _follow_live(stand, taking, descriptor, until_us, printer, final)
            elif events == "-":
                found = _follow(stand, taking, descriptor, until_us, printer, final)
            else:
                found = _replay(stand, taking, _lines_of(descriptor), until_us, printer, final)
                found |= _show(stand.judge(until_us), None if final else printer)
    finally:
        aside.close()
    if final:
        standing = stand.standing()
        printer.show(standing)
        found = bool(standing)
    if aside.count:
        raise typer.Exit(2)
    if found:
        raise typer.Exit(1)


class _Taking:
    """Reads lines for the watch; those that are bad are set aside."""

    def __init__(self, events: str, aside: SetAside) -> None:
        self._name = name_of(events)
        self._aside = aside
        self._number = 0

    def take(self, stand: "Watch", lines: list[bytes]) -> None:
        """Let the watch have the good lines."""
        from safeconduct.tracking.lines import read_line

        arrived = []
        for raw in lines:
            self._number += 1
            try:
                event = read_line(self._name, self._number, raw)
            except BadInput as error:
                self._aside.put(raw, error)
                continue
            if event is not None:
                arrived.append(event)
        stand.arrive(arrived)

    def again(self) -> "Iterator[Event]":
        """The good lines that were taken so far, read again from the file."""
        from safeconduct.tracking.lines import read_line

        with open(self._name, "rb") as file:
            for number, raw in enumerate(islice(file, self._number), start=1):
                with suppress(BadInput):
                    event = read_line(self._name, number, raw)
                    if event is not None:
                        yield event


def _replay(
    stand: "Watch", taking: _Taking, lines: Iterable[bytes], until_us: int | None, printer: DeviationLines, final: bool
) -> bool:
    """Judge a file as if its lines were arriving one by one."""
    found = False
    for together in _batched(lines, LINES_TOGETHER if final else 1):
        taking.take(stand, together)
        found |= _show(stand.judge(until_us=until_us), None if final else printer)
    return found


def _follow(
    stand: "Watch", taking: _Taking, descriptor: int, until_us: int | None, printer: DeviationLines, final: bool
) -> bool:
    """Judge a pipe line by line until it closes."""
    found = False
    arriving = _Arriving(descriptor)
    while not arriving.closed:
        found |= _replay(stand, taking, arriving.wait(None), until_us, printer, final)
    return found | _show(stand.judge(until_us), None if final else printer)


def _follow_live(
    stand: "Watch", taking: _Taking, descriptor: int, until_us: int | None, printer: DeviationLines, final: bool
) -> bool:
    """Judge a pipe by the clock until it closes or the end of observation is reached, waking at every deadline."""
    found = False
    arriving = _Arriving(descriptor)
    wake_us: int | None = _now_us()
    try:
        while not arriving.closed:
            wait_s = None if wake_us is None else min(max(0, wake_us - _now_us()) / SECOND_US, LONGEST_WAIT_S)
            taking.take(stand, arriving.wait(wait_s))
            end_us = _now_us() if until_us is None else min(_now_us(), until_us)
            found |= _show(stand.judge(end_us), None if final else printer)
            if end_us == until_us:
                break
            wake_us = min((at_us for at_us in (stand.next_us(), until_us) if at_us is not None), default=None)
    except KeyboardInterrupt:
        note("stopped")
    return found


def _show(changes: "list[Deviation]", printer: DeviationLines | None) -> bool:
    if printer is not None and changes:
        printer.show(changes)
    return bool(changes)


class _Arriving:
    """The lines of a pipe, read aside so that deadlines can pass while none comes."""

    def __init__(self, descriptor: int) -> None:
        self.closed = False
        self._blocks: queue.SimpleQueue[list[bytes] | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(descriptor,), daemon=True).start()

    def wait(self, timeout_s: float | None) -> list[bytes]:
        """Everything there is, waiting so long for the first line (None: until one comes or the pipe closes)."""
        lines: list[bytes] = []
        try:
            block = self._blocks.get(timeout=timeout_s)
            while block is not None:
                lines.extend(block)
                if len(lines) >= LINES_TOGETHER:
                    return lines
                block = self._blocks.get_nowait()
            self.closed = True
        except queue.Empty:
            pass
        return lines

    def _read(self, descriptor: int) -> None:
        # Not through a file object: one that a thread still waits on can be neither closed nor dropped.
        rest = b""
        while block := os.read(descriptor, 1 << 16):
            *lines, rest = (rest + block).split(b"\n")
            if lines:
                self._blocks.put(lines)
        if rest:
            self._blocks.put([rest])
        self._blocks.put(None)


def _lines_of(descriptor: int) -> Iterator[bytes]:
    with open(descriptor, "rb", closefd=False) as file:
        yield from file


def _batched(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """So many lines at a time."""
    rest = iter(lines)
    while together := list(islice(rest, size)):
        yield together


def _now_us() -> int:
    return time.time_ns() // 1000
