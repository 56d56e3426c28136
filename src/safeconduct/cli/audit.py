"""`safeconduct audit`: what of the agreement was not kept, computed anew from many or large files."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.deviation_lines import DeviationLines
from safeconduct.cli.files import note, read_file
from safeconduct.cli.reports import SetAside, end_of_observation_us, name_of, opened, side_file
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.clauses.batch.audit import Audit
    from safeconduct.clauses.batch.reading import Reader
    from safeconduct.clauses.deviation import Deviation
    from safeconduct.clauses.library import Terms

BLOCK = 1 << 24
"""Bytes read at once: enough that reading is not slowed, little enough that what is read is seen to grow."""


def audit(
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms (TOML).")],
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The movement plan (JSON).")],
    events: Annotated[
        list[str],
        typer.Argument(
            metavar="EVENTS...", help="The reports (JSON Lines), one file or several; - for standard input."
        ),
    ],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="The end of observation; without it the latest report."),
    ] = None,
    closed: Annotated[
        Path | None,
        typer.Option(
            "--closed",
            metavar="CANDIDATES",
            help="The round is over: judge the clauses on who is exchanged too, of these candidates (as for compose).",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines also on a terminal.")] = False,
    set_aside: Annotated[
        Path | None, typer.Option("--set-aside", metavar="FILE", help="Where bad lines go (default: beside each file).")
    ] = None,
) -> None:
    """Judge all the reports of a day, or of many, against the terms and the plan.

    A line for each deviation that stands at the end, as from `watch --final`, but computed another way, over columns,
    for many or large files; several files count as one, in any order. Bad lines are set aside in a side file, each told
    on standard error. A million reports take some seconds and about two thirds of a gigabyte of memory; on a terminal
    you see how far it is. Exit code: 0 nothing found, 1 a deviation found or a cell of the candidates unreadable, 2 bad
    input or bad lines.

    \b
    Examples:
      safeconduct audit example/terms.toml example/plan.json example/events.jsonl
      zcat day-*.jsonl.gz | safeconduct audit terms.toml plan.json - --until 2025-07-05T00:00:00Z --json
    """
    until_us = end_of_observation_us(until)
    from safeconduct.clauses.batch.audit import Audit, keys_of
    from safeconduct.clauses.batch.reading import Reader
    from safeconduct.clauses.library import read_terms
    from safeconduct.logistics.plan import read_plan

    read = read_terms(str(terms), read_file(terms))
    planned = read_plan(str(plan), read_file(plan))
    if planned.agreement != read.agreement.id:
        note(
            f"{plan}: warning: the plan is for agreement {planned.agreement!r}, the terms are {read.agreement.id!r}; "
            "judging them together all the same"
        )
    candidates = None if closed is None else _Candidates(read, closed)
    progress = _Progress(events)
    reader = Reader(keys_of(read))
    bad = sum(_read(reader, aside, names, progress) for aside, names in _sides(events, set_aside))
    progress.show("sifting")
    judged = Audit(read, planned, reader.columns(), until_us)
    found = judged.deviations(lambda done: progress.show(f"judging: {done} of {len(read.running)} clauses"))
    if candidates is not None:
        found = sorted(found + candidates.judge(judged), key=lambda one: one.breach())
    progress.clear()
    DeviationLines(as_json).show(found)
    if bad:
        raise typer.Exit(2)
    if found or (candidates is not None and candidates.unreadable):
        raise typer.Exit(1)


class _Candidates:
    """The candidates of a round that is over."""

    def __init__(self, terms: "Terms", path: Path) -> None:
        """Read and check them. Raises BadInput."""
        from safeconduct.clauses.round_checks import check_round
        from safeconduct.composition.candidates import hold_back
        from safeconduct.registry.lists import read_list

        listed = read_list(str(path), read_file(path))
        self._persons = hold_back(listed.persons, listed.unreadable)
        check_round(terms, str(path), self._persons, listed.rows)
        self.unreadable = len(listed.findings)
        for finding in listed.findings:
            note(str(finding))

    def judge(self, audit: "Audit") -> "list[Deviation]":
        """The clauses on who is exchanged. Raises BadInput if nothing says when the round ended."""
        from safeconduct.clauses.batch.closing import judge_closed, not_judged

        if audit.end_us is None:
            raise BadInput(Fault("--closed", 0, 0, "no report says when the round ended", "give it with --until"))
        for sentence in not_judged(audit.terms):
            note(sentence)
        return judge_closed(audit, self._persons)


def _sides(events: list[str], chosen: Path | None) -> list[tuple[SetAside, list[str]]]:
    """Which reports set their bad lines aside together: those of one file, or all if a side file is named."""
    if chosen is None:
        return [(SetAside(name_of(one), side_file(one, None)), [one]) for one in events]
    for one in events:
        side_file(one, chosen)
    return [(SetAside(name_of(events[0]) if len(events) == 1 else f"{len(events)} files", chosen), events)]


def _read(reader: "Reader", aside: SetAside, events: list[str], progress: "_Progress") -> int:
    """Read reports; the number of bad lines."""

    def on_bad(raw: bytes, error: BadInput) -> None:
        progress.clear()
        aside.put(raw, error)

    try:
        for one in events:
            with opened(one) as descriptor:
                reader.read(name_of(one), blocks(descriptor), on_bad, progress.add)
    finally:
        progress.clear()
        aside.close()
    return aside.count


def blocks(descriptor: int) -> Iterator[bytes]:
    """Whole lines, many at a time."""
    buffer = memoryview(bytearray(BLOCK))
    with open(descriptor, "rb", closefd=False) as file:
        while size := file.readinto(buffer):
            rest = b"" if buffer[size - 1] == ord("\n") else file.readline()
            yield b"".join((buffer[:size], rest))


class _Progress:
    """One line on standard error, if that is a terminal: how much of the reports has been read."""

    def __init__(self, events: list[str]) -> None:
        self._shown = sys.stderr.isatty()
        self._bytes = self._lines = 0
        self._all = sum(os.stat(one).st_size for one in events if self._shown and Path(one).is_file())

    def add(self, size: int, lines: int) -> None:
        """So many bytes and lines more have been read."""
        self._bytes += size
        self._lines += lines
        # A pipe does not say how long it is.
        done = f"{min(self._bytes / self._all, 1):4.0%}, " if self._all else ""
        self.show(f"reading: {done}{self._lines:,} reports")

    def show(self, text: str) -> None:
        """Show what is being done."""
        if self._shown:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        self.show("")
