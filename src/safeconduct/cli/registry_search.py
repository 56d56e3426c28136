"""`safeconduct registry search`: find a person in the registry, in whatever way the name is spelt."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli.acting import writing
from safeconduct.cli.files import note, print_json
from safeconduct.cli.workspace import JSON, WORKSPACE, counted, open_or_find

if TYPE_CHECKING:
    from safeconduct.app.searching import Answer, Told

_PURPOSES = {"held": "held by", "sought": "sought by"}


def search(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="A name, with a birth date or service number if known, in any order; - reads it from standard input.",
        ),
    ],
    clearance: Annotated[
        str, typer.Option("--as", metavar="CLEARANCE", help="On whose behalf: intermediary, party:ID or public.")
    ] = "intermediary",
    born: Annotated[str, typer.Option("--born", metavar="DATE", help="dd.mm.yyyy, mm.yyyy or yyyy.")] = "",
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="The military unit.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many rows at most.")] = 20,
    workspace: Path | None = WORKSPACE,
    json: bool = JSON,
) -> None:
    """Find a person in the registry by name, in any script, with up to two typing errors in all.

    The words may stand in any order; initials, a birth date or year and a service number may be among them. A birth
    date that differs excludes nobody: it is told, and puts a row further down. A party is told its own lists' rows.
    What stands on a command line stays in the shell's history: TEXT as - is read from standard input.

    Every search is recorded, with what was asked, before anything is shown; where it cannot be recorded, nothing is
    shown. While a server holds the workspace, it records the question, and this command searches beside it. The
    intermediary is told of it, and the party at whose clearance it was.
    Exit code: 0 the search was made, whether or not anybody was found; 2 it was not.

    \b
    Example, after safeconduct demo --fast:
      safeconduct registry search kovalneko --workspace safeconduct-demo
    """
    from safeconduct.app.searching import SearchDesk
    from safeconduct.disclosure.clearance import parse_clearance

    if text == "-":
        text = sys.stdin.readline().rstrip("\r\n")
    with writing(open_or_find(workspace)) as writer:
        terms = writer.state.agreement.terms
        of = parse_clearance(clearance, terms.parties if terms else ())
        told = SearchDesk(writer).search(of, text, born, unit, limit=limit)
        sealed = writer.state.sealed
    if sealed:
        note(f"{counted(sealed, 'entry')} of the record are sealed to this reader: who stands in them is not found")
    if json:
        print_json(_as_json(told))
        return
    for rank, answer in enumerate(told.answers, start=1):
        print(_lines(rank, answer))
    count = counted(len(told.answers), "row") if told.answers else "nobody"
    more = ", and there are more: --limit" if told.more else ""
    print(f"found     {count} at the clearance {told.clearance}{more}")
    print(f"recorded  entry {told.number}")


def _lines(rank: int, answer: "Answer") -> str:
    row = answer.found.row
    name = " ".join(filter(None, (row.family_name, row.given_name, row.patronymic)))
    born = f", born {row.birth_date}" if row.birth_date else ""
    candidate = f", candidate {answer.candidate}" if answer.candidate else ""
    reasons = "; ".join((*(f"BUT {one}" for one in answer.found.against), *answer.found.for_it))
    whose = f"{_PURPOSES.get(answer.purpose, 'listed by')} {answer.party}"
    return f"{rank:>3}  {name}{born}\n     {whose}: list {row.list_id}, ref {row.ref}{candidate}\n     {reasons}"


def _as_json(told: "Told") -> dict[str, object]:
    return {
        "clearance": str(told.clearance),
        "recorded": told.number,
        "more": told.more,
        "rows": [
            {
                "rank": rank,
                "family_name": answer.found.row.family_name,
                "given_name": answer.found.row.given_name,
                "patronymic": answer.found.row.patronymic,
                "birth_date": answer.found.row.birth_date,
                "purpose": answer.purpose,
                "party": answer.party,
                "list": answer.found.row.list_id,
                "ref": answer.found.row.ref,
                "candidate": answer.candidate,
                "errors": answer.found.errors,
                "against": answer.found.against,
                "for": answer.found.for_it,
            }
            for rank, answer in enumerate(told.answers, start=1)
        ],
    }
