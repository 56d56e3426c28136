"""`safeconduct agreement`: the terms."""

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safeconduct.cli.files import note, print_json, read_file

if TYPE_CHECKING:
    from safeconduct.clauses.library import Terms
    from safeconduct.clauses.traces.told import Row

_NO_EXAMPLE = "none found that breaks it beside one that keeps it, or it is too large to show"

app = typer.Typer(help="The agreement: read its terms.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _agreement() -> None:
    """The agreement: read its terms."""


@app.command("check")
def check(
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms (TOML).")],
    traces: Annotated[
        bool, typer.Option("--traces", help="Add to each clause what breaks it, and what just keeps it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a terms file and say every clause as a plain sentence, beside the wording agreed.

    Where a term is disputed, each party's reading stands below it. With --traces (and in JSON) also the smallest day
    that breaks a clause and the nearest one that keeps it, or such a choice of candidates, made from the clause's own
    parameters and verified by judging them: if it breaks what you meant to allow, mend the clause. A pattern that no
    event can match is a warning on standard error. Last comes the SHA-256 of the file: the terms are signed byte for
    byte, and this tells them from any other text. Exit code: 0 sound, 2 bad input.

    \b
    Example, after safeconduct simulate example:
      safeconduct agreement check example/terms.toml --traces
    """
    from safeconduct.clauses.library import read_terms
    from safeconduct.clauses.traces.contradictions import contradictions
    from safeconduct.clauses.traces.shown import show

    read = read_terms(str(terms), read_file(terms))
    shown = show(read) if traces or as_json else {}
    warnings = sorted({*contradictions(read), *(flaw for one in shown.values() for flaw in one.flaws)})
    told = _told(read)
    if as_json:
        for clause in told["clauses"]:
            clause["traces"] = shown[clause["id"]].files
        told["warnings"] = [
            {"line": one.line, "column": one.column, "what": one.what, "mend": one.mend} for one in warnings
        ]
        print_json(told)
    else:
        rows = {clause: one.rows or [("example", _NO_EXAMPLE)] for clause, one in shown.items()}
        print("\n".join(_lines(told, rows)))
    for one in warnings:
        note(f"{one.file}:{one.line}:{one.column}: warning: {one.what}; {one.mend}")


def _told(terms: "Terms") -> dict[str, Any]:
    agreement = terms.agreement
    clauses = {clause.header.id: ("compose", clause.sentence()) for clause in terms.composing}
    theirs = {
        party: {clause.header.id: clause.sentence() for clause in terms.as_read_by(party).composing}
        for party in terms.readings
    }
    clauses |= {clause.header.id: ("run", clause.sentence()) for clause in terms.running}
    return {
        "agreement": {
            "id": agreement.id,
            "title": agreement.title,
            "concluded": agreement.concluded.isoformat(),
            "parties": agreement.parties,
            "intermediaries": agreement.intermediaries,
        },
        "clauses": [
            {
                "id": header.id,
                "kind": header.kind,
                "phase": clauses[header.id][0],
                "sentence": clauses[header.id][1],
                "text": header.text,
                "source": header.source,
                "severity": header.severity,
                "on_breach": header.on_breach,
                "readings": dict(header.readings),
                "as_read_by": {party: theirs[party][header.id] for party, _ in header.as_read_by},
            }
            for header in terms.text.clauses
        ],
        "sha256": terms.text.sha256,
    }


_PHASES = {"compose": "Who is exchanged", "run": "The plan and the day"}


def _lines(told: dict[str, Any], examples: Mapping[str, "Sequence[Row]"]) -> list[str]:
    agreement = told["agreement"]
    between = " and ".join(agreement["parties"])
    through = f", through {' and '.join(agreement['intermediaries'])}" if agreement["intermediaries"] else ""
    lines = [agreement["title"], f"{agreement['id']}, concluded {agreement['concluded']} between {between}{through}"]
    for phase, heading in _PHASES.items():
        clauses = [clause for clause in told["clauses"] if clause["phase"] == phase]
        if clauses:
            lines += ["", heading]
        for clause in clauses:
            lines += [
                "",
                f"  {clause['id']}  ({clause['kind']}, {clause['severity']})",
                _wrapped("    ", clause["sentence"]),
            ]
            rows = [*_rows(clause), *examples.get(clause["id"], ())]
            lines += [_wrapped(f"    {name:<10} ", value) for name, value in rows]
    count = len(told["clauses"])
    sound = f"{count or 'No'} clause{'s' * (count != 1)}{', all sound' if count else ''}."
    return [*lines, "", sound, f"sha256 of the text: {told['sha256']}"]


def _wrapped(lead: str, text: str) -> str:
    """A paragraph as wide as the terminal, at most 110 columns, its later lines under the first word."""
    width = min(110, shutil.get_terminal_size().columns)
    return textwrap.fill(
        text,
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _rows(clause: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [
        ("agreed", f"“{clause['text']}”" if clause["text"] else ""),
        *((f"{party} reads", f"“{reading}”") for party, reading in clause["readings"].items()),
        *((f"as {party} reads", sentence) for party, sentence in clause["as_read_by"].items()),
        ("source", clause["source"]),
        ("on breach", ", ".join(clause["on_breach"])),
    ]
    return [(name, value) for name, value in rows if value]
