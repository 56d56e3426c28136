"""`safeconduct round`: a composed round, checked by anybody who has its files."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.files import print_json, read_file

app = typer.Typer(
    help="A round that compose chose.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    """A round that compose chose."""


@app.command(short_help="Count everything anew that a composition says.")
def check(
    composition: Annotated[Path, typer.Argument(metavar="COMPOSITION", help="What compose wrote (JSON).")],
    terms: Annotated[Path, typer.Argument(metavar="TERMS", help="The terms it was composed under (TOML).")],
    candidates: Annotated[
        Path,
        typer.Argument(metavar="CANDIDATES", help="The list it was composed from (CSV, English headings)."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a composition with code of its own, none of it shared with compose.

    It reads terms and candidates anew and counts every clause, every objective, what is released and left over; the
    hashes of both files; the seed, from what the parties committed to; and that among candidates whom the terms do not
    tell apart nobody went before their turn. That no better choice exists no count can show: for that, compose the same
    files again. Exit code: 0 all of it holds; 1 something does not; 2 it could not be checked.

    \b
    Example, after safeconduct simulate example:
      safeconduct compose example/terms.toml example/candidates.csv -o composition.json
      safeconduct round check composition.json example/terms.toml example/candidates.csv
    """
    from safeconduct.clauses.run_kinds import RUN_KINDS
    from safeconduct.composition.independent.checking import File, check_composition

    files = [File(str(path), read_file(path)) for path in (composition, terms, candidates)]
    checked = check_composition(files[0], files[1], files[2], frozenset(RUN_KINDS))
    if as_json:
        print_json({"holds": checked.holds, "findings": checked.findings, "not_checked": checked.not_checked})
    else:
        wrong = sum(not one.holds for one in checked.findings)
        number = len(checked.findings)
        print(f"All of {number} checks hold." if checked.holds else f"{wrong} of {number} checks do not hold.")
        print()
        for one in sorted(checked.findings, key=lambda one: one.holds):
            print(f"  {'holds' if one.holds else 'WRONG'}  {one.what}: {one.told}")
        print("\nNot checked")
        for sentence in checked.not_checked:
            print(f"  {sentence}")
    if not checked.holds:
        raise typer.Exit(1)
