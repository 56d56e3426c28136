"""`safeconduct registry duplicates`: who may stand twice on one list."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.files import note, print_json
from safeconduct.cli.registry_files import COLUMNS, deliver, pairs_as_csv, pairs_as_objects, read_and_tell
from safeconduct.cli.registry_matching import matching, tell_crowding
from safeconduct.cli.workspace import JSON, counted


def duplicates(
    list_file: Annotated[Path, typer.Argument(metavar="LIST", help="The list: CSV or XLSX.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write there, not on the screen.")
    ] = None,
    columns: str = COLUMNS,
    json: bool = JSON,
) -> None:
    """Find rows of one list that may be the same person twice, under two refs.

    Prints the pairs as registry match does, the likeliest first; a row may stand in several. Nothing is confirmed
    without a person. Exit code: 0 done, 1 a cell of the list could not be read, 2 the file cannot be used.

    \b
    Example, after: safeconduct simulate example
      safeconduct registry duplicates example/lists/RU-held.csv
    """
    from safeconduct.registry.linkage import weigh_duplicates

    listed = read_and_tell(list_file, columns)
    with matching(len(listed.persons)) as tell:
        weighing = weigh_duplicates(listed.persons, tell)
    pairs = weighing.pairs
    if output is not None or not json:
        deliver(output, pairs_as_csv(pairs))
    if json:
        print_json(pairs_as_objects(pairs))
    tell_crowding(weighing.crowding)
    note(
        f"{counted(len(pairs), 'pair')} of rows that may be one person, among {counted(len(listed.persons), 'person')}"
    )
    raise typer.Exit(1 if listed.findings else 0)
