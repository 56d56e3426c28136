"""`safeconduct registry`: read lists of persons, find who on one may be who on another, search all on record."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safeconduct.cli import (
    registry_change,
    registry_compare,
    registry_duplicates,
    registry_preview,
    registry_reconcile,
    registry_review,
    registry_search,
    registry_take,
    registry_worklists,
)
from safeconduct.cli.files import note, print_json
from safeconduct.cli.registry_files import deliver, pairs_as_csv, pairs_as_objects, read_and_tell, refuse_one_list
from safeconduct.cli.registry_matching import matching, tell_crowding
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.registry.unproposed import Why

app = typer.Typer(
    help="Read lists of persons, match them, review what matching proposes, and search what is on record.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


app.command("preview", short_help="Look at a list: how it is understood, and what is not.")(registry_preview.preview)
app.command("compare", short_help="What one version of a list says otherwise than another.")(registry_compare.compare)
app.command("take", short_help="Record a list that a party handed over.")(registry_take.take)
app.command("duplicates", short_help="Find who may stand twice on one list.")(registry_duplicates.duplicates)
app.command("review", short_help="Decide, pair by pair, who is the same person.")(registry_review.review)
app.command("reconcile", short_help="Record who may be exchanged, by what reviewers found.")(
    registry_reconcile.reconcile
)
app.command("worklists", short_help="What is left to do about the persons on the lists.")(registry_worklists.worklists)
app.command("search", short_help="Find a person in the registry.")(registry_search.search)
app.add_typer(registry_change.app, name="change", short_help="Change single rows of a list on record, by two keys.")


class Format(StrEnum):
    """How a list is printed."""

    CSV = "csv"
    JSON = "json"


class Engine(StrEnum):
    """What computes the matching."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Side(StrEnum):
    """One of two lists."""

    LEFT = "left"
    RIGHT = "right"


_Later = Annotated[
    Side | None,
    typer.Option(
        "--later",
        help="Which list tells of the later time, as that of the sought does beside that of the held: a rank may be"
        " higher on it, hardly lower.  [default: not known]",
    ),
]
_Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write there, not on the screen.")]


@app.command()
def read(
    list_file: Annotated[Path, typer.Argument(metavar="LIST", help="The list: CSV or XLSX.")],
    columns: Annotated[
        str, typer.Option("--columns", metavar="HEADING=FIELD,…", help="What a heading means, where it does not say.")
    ] = "",
    output: _Output = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the list.")] = Format.CSV,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Read a list of persons and print it in canonical form.

    Headings and values may be English, Ukrainian, Russian or French. A cell that cannot be read is told on standard
    error at file:line:column, where the column is the number of the cell, and left empty. Columns that mean no field of
    ours are kept at the end. Exit code: 0 all was read, 1 something could not be read, 2 the file cannot be used.

    \b
    Example:
      safeconduct registry read example/lists/UA-held.xlsx -o UA-held.csv
    """
    from safeconduct.registry.lists import write_csv, write_json

    listed = read_and_tell(list_file, columns)
    content = write_json(listed) if as_json or form is Format.JSON else write_csv(listed)
    deliver(output, content)
    if output is not None and not as_json:
        persons, findings = len(listed.persons), len(listed.findings)
        note(f"{output}: {persons:,} person{'s' * (persons != 1)}, {findings:,} finding{'s' * (findings != 1)}")
    raise typer.Exit(1 if listed.findings else 0)


@app.command(short_help="Find who on one list may be who on another.")
def match(
    left: Annotated[Path, typer.Argument(metavar="LEFT", help="The list whose persons are looked for.")],
    right: Annotated[Path, typer.Argument(metavar="RIGHT", help="The list to find them in.")],
    output: _Output = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
    columns_left: Annotated[
        str, typer.Option("--columns-left", metavar="HEADING=FIELD,…", help="What a heading of LEFT means.")
    ] = "",
    columns_right: Annotated[
        str, typer.Option("--columns-right", metavar="HEADING=FIELD,…", help="What a heading of RIGHT means.")
    ] = "",
    later: _Later = None,
    engine: Annotated[Engine, typer.Option("--engine", help="What computes it.")] = Engine.DUCKDB,
) -> None:
    """Find who on one list may be who on another, across scripts and spellings.

    Prints left_ref, right_ref, probability, band, reasons; one-to-one; a person of LEFT without a partner has an empty
    right_ref. The bands: confirm (one reviewer looks), review (two do), none. Nothing is confirmed without a person.
    Exit code: 0 done, 1 a cell of a list could not be read, 2 a file cannot be used.

    \b
    Example:
      safeconduct registry match example/lists/UA-sought.xlsx example/lists/RU-held.csv --later left
    """
    if engine is Engine.SPARK:
        raise Refused("--engine spark is not in this version; leave the option out to use duckdb")
    from safeconduct.registry.linkage import weigh_lists

    refuse_one_list(left, right)
    lefts = read_and_tell(left, columns_left, "--columns-left")
    rights = read_and_tell(right, columns_right, "--columns-right")
    note(f"comparing {len(lefts.persons):,} with {len(rights.persons):,} persons")
    with matching(len(lefts.persons) + len(rights.persons)) as tell:
        weighing = weigh_lists(lefts.persons, rights.persons, tell, later=later.value if later else "")
    pairs = weighing.pairs
    if output is not None or not as_json:
        deliver(output, pairs_as_csv(pairs))
    if as_json:
        print_json(pairs_as_objects(pairs))
    tell_crowding(weighing.crowding)
    bands = [pair.band for pair in pairs]
    note(
        f"{bands.count('confirm')} for one reviewer, {bands.count('review')} for two, "
        f"{bands.count('none')} without a likely partner"
    )
    if pairs and bands.count("none") == len(pairs):
        note(f"nobody of {left} is likely on {right}: check that these are the two lists that you mean")
    raise typer.Exit(1 if lefts.findings or rights.findings else 0)


@app.command(short_help="Say why two rows were proposed as one person, or not.")
def why(
    left: Annotated[Path, typer.Argument(metavar="LEFT", help="The list with the first row.")],
    right: Annotated[Path, typer.Argument(metavar="RIGHT", help="The list with the second row.")],
    left_ref: Annotated[str, typer.Option("--left-ref", metavar="REF", help="The row of LEFT.")],
    right_ref: Annotated[str, typer.Option("--right-ref", metavar="REF", help="The row of RIGHT.")],
    later: _Later = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say why matching proposed two rows as one person, or by which rule it did not.

    A pair is never compared if it shares none of the exact keys, or only keys that too many rows share; is too unlikely
    if it stays below the probability that is shown to reviewers; or one of the two rows fits another row better. Exit
    code: 0 proposed, 1 not proposed, 2 a list cannot be used or has no such row.

    \b
    Example:
      cd example/lists && safeconduct registry why UA-held.xlsx RU-sought.csv --left-ref UA-H0007 --right-ref RU-S0001
    """
    from safeconduct.registry.linkage import weigh_lists
    from safeconduct.registry.unproposed import why as explained

    lists = [(left, left_ref, read_and_tell(left)), (right, right_ref, read_and_tell(right))]
    for path, ref, listed in lists:
        if all(person.ref != ref for person in listed.persons):
            raise Refused(f"{path} has no row {ref!r}")
    lefts, rights = (listed.persons for _, _, listed in lists)
    with matching(len(lefts) + len(rights)) as tell:
        weighing = weigh_lists(lefts, rights, tell, later=later.value if later else "")
    found = explained(weighing, left_ref, right_ref)
    if as_json:
        print_json(found)
    else:
        _print_why(found, left_ref, right_ref)
    raise typer.Exit(0 if found.verdict == "proposed" else 1)


def _print_why(found: "Why", left_ref: str, right_ref: str) -> None:
    print(f"{left_ref} with {right_ref}: {found.sentence}")
    for weight in found.weights:
        sign = "against" if weight.bits < 0 else "for"
        print(f"{sign:<8}  {weight.bits:+5.1f}  {weight.words}")
    for key in found.keys:
        values = key.left if key.shared else f"{key.left} / {key.right}"
        state = "crowded" if key.crowded else "shared" if key.shared else "lacking"
        print(f"{state:<8}  {key.words}: {values}")
