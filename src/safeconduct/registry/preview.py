"""A list before it is used: how every column was understood, and what became of its cells."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from safeconduct.kernel.errors import Fault
from safeconduct.registry.headings import FULL_NAME, NAME, TO_NOTE
from safeconduct.registry.lists import ListRead, canonical
from safeconduct.registry.names.schemes import ScriptSeen, scripts_seen
from safeconduct.vocabulary.imprecise_date import ImpreciseDate
from safeconduct.vocabulary.person import Person

_NAMES: Final = ("family_name", "given_name", "patronymic")
_DATES: Final = ("birth_date", "captured_on")
_EXAMPLES_WITHIN: Final = 1_000
"""Rows among which an example of each column is looked for."""
_NAMES_WITHIN: Final = 10_000
"""Rows of whose names the scripts and schemes are told."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it was written, and what it was read as."""

    heading: str
    original: str
    field: str
    """Empty for a column that gives no field."""
    normal: str
    """The value in canonical form, empty where it could not be read; several values by ` | `."""
    interval: tuple[str, str] | None = None
    """The first and the last day that a date may mean, where it means more than one."""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list."""

    number: int
    """From 1, as in a place FILE:LINE:COLUMN."""
    heading: str
    field: str
    meaning: str
    """In words: what it was understood as."""
    filled: int
    """Cells with something in them."""
    unread: int
    """Of those, the ones that could not be read."""
    findings: tuple[Fault, ...]
    example: Cell | None
    """The first cell whose normal form differs from what was written; else the first with something in it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person looks at before a list is used."""

    persons: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    """The first rows: line, and the cells with something in them."""
    others: tuple[Fault, ...]
    """Findings on rows, or on the file as a whole."""
    scripts: tuple[ScriptSeen, ...]
    """In which scripts the names seem to be written, and after which schemes: a hint for the reader."""


def preview(read: ListRead, rows: int = 3) -> Preview:
    """What there is to see of a list, with its first `rows` rows in full."""
    columns_by_field = {field: number for number, (_, field) in enumerate(read.columns, start=1) if field}
    unread_at = _places(read, columns_by_field, read.unreadable)
    told_at = unread_at | _places(read, columns_by_field, read.doubtful)
    shown = _first_cells(read, max(rows, _EXAMPLES_WITHIN))
    others = tuple(finding for finding in read.findings if (finding.line, finding.column) not in told_at)
    by_column: dict[int, list[Fault]] = {}
    for finding in read.findings:
        if (finding.line, finding.column) in told_at:
            by_column.setdefault(finding.column, []).append(finding)
    columns = []
    for index, (heading, field) in enumerate(read.columns):
        filled = [row[index] for row in shown if row[index].original.strip()]
        changed = (cell for cell in filled if cell.field and not cell.unread and cell.normal != cell.original)
        columns.append(
            Column(
                number=index + 1,
                heading=heading,
                field=field,
                meaning=_meaning(field, asks_for_refusal=read.asks_for_refusal),
                filled=sum(1 for original in read.originals if original.get(heading, "").strip()),
                unread=sum((one.line, one.column) in unread_at for one in by_column.get(index + 1, ())),
                findings=tuple(by_column.get(index + 1, ())),
                example=next(changed, filled[0] if filled else None),
            )
        )
    first = tuple(
        (line, tuple(cell for cell in row if cell.original.strip()))
        for line, row in zip(read.rows[:rows], shown[:rows], strict=True)
    )
    names = (getattr(person, field) for person in read.persons[:_NAMES_WITHIN] for field in _NAMES)
    return Preview(len(read.persons), tuple(columns), first, others, scripts_seen(names))


def _places(
    read: ListRead, columns_by_field: Mapping[str, int], fields: Sequence[Collection[str]]
) -> set[tuple[int, int]]:
    """Line and column of these fields of each person."""
    return {
        (line, columns_by_field[field])
        for line, named in zip(read.rows, fields, strict=True)
        for field in named
        if field in columns_by_field
    }


def _first_cells(read: ListRead, count: int) -> list[list[Cell]]:
    told = zip(read.persons, canonical(read), read.originals, read.unreadable, strict=True)
    return [_cells(read, person, normal, original, lost) for person, normal, original, lost in islice(told, count)]


def as_written(read: ListRead) -> tuple[tuple[int, str, dict[str, str]], ...]:
    """Line, ref, and by heading the cells whose text is not their normal form: what would be lost without it."""
    found = []
    told = zip(read.rows, read.persons, canonical(read), read.originals, read.unreadable, strict=True)
    for line, person, normal, original, lost in told:
        cells = {
            cell.heading: cell.original
            for cell in _cells(read, person, normal, original, lost)
            if cell.original.strip() and (not cell.field or cell.normal != cell.original)
        }
        if cells:
            found.append((line, person.ref, cells))
    return tuple(found)


def _cells(
    read: ListRead, person: Person, told: Mapping[str, str], original: Mapping[str, str], lost: frozenset[str]
) -> list[Cell]:
    found = []
    for heading, field in read.columns:
        text = original.get(heading, "")
        if field in (FULL_NAME, NAME):
            normal = " | ".join(filter(None, (told[name] for name in _NAMES)))
        elif field in TO_NOTE:
            normal = " ".join(text.split())
        else:
            normal = told.get(field, "")
        unread = field in lost
        interval = _interval(getattr(person, field)) if field in _DATES else None
        written = bool(text.strip()) and not unread
        found.append(Cell(heading, text, field, normal if written else "", interval if written else None, unread))
    return found


def _interval(date: ImpreciseDate | None) -> tuple[str, str] | None:
    if date is None or date.earliest == date.latest:
        return None
    return date.earliest.isoformat(), date.latest.isoformat()


def _meaning(field: str, *, asks_for_refusal: bool) -> str:
    if not field:
        return "no field: kept as it stands"
    if field in (FULL_NAME, NAME):
        return "full name, split"
    if field in TO_NOTE:
        return "note, under its heading"
    if field == "consent" and asks_for_refusal:
        return "consent (a yes refuses)"
    return field
