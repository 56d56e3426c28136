"""`safeconduct registry preview`: look at a list before it is used."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safeconduct.cli.files import print_json
from safeconduct.cli.registry_files import COLUMNS, read_quietly
from safeconduct.cli.workspace import JSON, counted

if TYPE_CHECKING:
    from safeconduct.kernel.errors import Fault
    from safeconduct.registry.names.schemes import ScriptSeen
    from safeconduct.registry.preview import Cell, Preview

_MOST_FINDINGS = 10
_WIDEST = 34


def preview(
    list_file: Annotated[Path, typer.Argument(metavar="LIST", help="The list: CSV or XLSX.")],
    columns: str = COLUMNS,
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="So many rows are shown in full.")] = 3,
    json: bool = JSON,
) -> None:
    """Show how a list is understood: every column, its first rows, and what could not be read.

    Each heading stands beside the field that it gives, with how many of its cells hold something and how many could not
    be read; the first rows as they were written beside their normal form; findings by column, each at LINE:CELL. A
    heading that was understood wrongly is set right by --columns, here and in registry read and take. Exit code: 0 all
    was read, 1 something could not be read, 2 the file cannot be used.

    \b
    Example, after: safeconduct simulate example
      safeconduct registry preview example/lists/UA-held.xlsx
    """
    from safeconduct.registry.preview import preview as look

    read = read_quietly(list_file, columns)
    seen = look(read, rows)
    if json:
        print_json(_as_json(str(list_file), seen))
    else:
        _print(list_file, seen)
    raise typer.Exit(1 if read.findings else 0)


def _print(list_file: Path, seen: "Preview") -> None:
    findings = [(column.heading, column.findings) for column in seen.columns if column.findings]
    if seen.others:
        findings.append(("", seen.others))
    total = sum(len(found) for _, found in findings)
    told = counted(total, "finding") if total else "nothing to find"
    print(f"{list_file}: {counted(seen.persons, 'person')}, {counted(len(seen.columns), 'column')}, {told}")
    print("".join(f"names in {_script(each)}\n" for each in seen.scripts))
    table: list[tuple[str, ...]] = [("", "heading", "read as", "cells", "unread", "for example")]
    for column in seen.columns:
        example = "" if column.example is None else _beside(column.example)
        unread = f"{column.unread:,}" if column.unread else ""
        table.append((str(column.number), column.heading, column.meaning, f"{column.filled:,}", unread, example))
    _print_table(table, right=(0, 3, 4))
    for line, cells in seen.rows:
        print(f"\nline {line:,}")
        _print_table([(cell.heading, cell.original, _normal(cell)) for cell in cells], indent="  ")
    for heading, found in findings:
        print(f"\n{heading or 'rows, and the file as a whole'}: {counted(len(found), 'finding')}")
        for one in found[:_MOST_FINDINGS]:
            print(f"  {one.line}:{one.column}  {one.what}; {one.mend}")
        if len(found) > _MOST_FINDINGS:
            print(f"  … and {len(found) - _MOST_FINDINGS:,} more; --json names them all")


def _script(seen: "ScriptSeen") -> str:
    letters = seen.script if seen.script == "another script" else f"{seen.script} letters"
    share = ", ".join(f"{fit.scheme} {fit.names / seen.names:.0%}" for fit in seen.fits)
    return f"{letters}: {seen.names:,} words{f'; could be {share}' if share else ''}"


def _print_table(rows: list[tuple[str, ...]], right: tuple[int, ...] = (), indent: str = "") -> None:
    rows = [tuple(_cut(cell) if place < len(row) - 1 else cell for place, cell in enumerate(row)) for row in rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print((indent + "  ".join(cells)).rstrip())


def _beside(cell: "Cell") -> str:
    original = _cut(cell.original)
    if cell.unread:
        return f"{original} → not read"
    return original if not cell.field or cell.normal == cell.original else f"{original} → {cell.normal}{_days(cell)}"


def _normal(cell: "Cell") -> str:
    if cell.unread:
        return f"{cell.field}: not read"
    return f"{cell.field}: {cell.normal}{_days(cell)}" if cell.field else "(kept as it stands)"


def _days(cell: "Cell") -> str:
    return f" ({cell.interval[0]} to {cell.interval[1]})" if cell.interval else ""


def _cut(text: str) -> str:
    """On one line, not too long, and with nothing in it that a terminal would obey."""
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


def _as_json(name: str, seen: "Preview") -> dict[str, Any]:
    return {
        "file": name,
        "persons": seen.persons,
        "scripts": [
            {
                "script": each.script,
                "names": each.names,
                "fits": [{"scheme": fit.scheme, "names": fit.names} for fit in each.fits],
            }
            for each in seen.scripts
        ],
        "columns": [
            {
                "number": column.number,
                "heading": column.heading,
                "field": column.field or None,
                "meaning": column.meaning,
                "filled": column.filled,
                "unread": column.unread,
                "findings": [_finding(one) for one in column.findings],
            }
            for column in seen.columns
        ],
        "rows": [{"line": line, "cells": [_cell(one) for one in cells]} for line, cells in seen.rows],
        "findings": [_finding(one) for one in seen.others],
    }


def _cell(cell: "Cell") -> dict[str, Any]:
    told: dict[str, Any] = {
        "heading": cell.heading,
        "original": cell.original,
        "field": cell.field or None,
        "normal": cell.normal if cell.field and not cell.unread else None,
    }
    if cell.interval:
        told["earliest"], told["latest"] = cell.interval
    return told


def _finding(one: "Fault") -> dict[str, Any]:
    return {"line": one.line, "column": one.column, "what": one.what, "mend": one.mend}
