"""What the commands on lists have in common: the option for headings, and reading a list."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import note, read_file

if TYPE_CHECKING:
    from safeconduct.registry.lists import ListRead

COLUMNS = typer.Option(
    "",
    "--columns",
    metavar="HEADING=FIELD,…",
    help="What a heading means, where it does not say.  [default: as it says]",
)


def read_quietly(path: Path, columns: str = "", option: str = "--columns") -> "ListRead":
    """Read a list; findings are for the caller to tell. Raises BadInput."""
    from safeconduct.registry.lists import parse_columns, read_list

    return read_list(str(path), read_file(path), parse_columns(option, columns) if columns else None)


def read_and_tell(path: Path, columns: str = "", option: str = "--columns") -> "ListRead":
    """Read a list and tell every finding on standard error. Raises BadInput."""
    listed = read_quietly(path, columns, option)
    for finding in listed.findings:
        note(str(finding))
    return listed
