"""What commands on a workspace have in common: the options, finding the folder, waiting, naming problems."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import read_file
from safeconduct.kernel.errors import BadInput, Fault

if TYPE_CHECKING:
    from safeconduct.app.workspace import Workspace
    from safeconduct.ledger.fsck import Problem

WORKSPACE = typer.Option(
    None, "--workspace", metavar="DIR", help="Folder of the workspace.  [default: here or the nearest folder above]"
)
JSON = typer.Option(False, "--json", help="Print one JSON object.")

_NAMED_BY = "SAFECONDUCT_PASSPHRASE_FILE"

_MOST_PROBLEMS = 50


def open_or_find(folder: Path | None) -> "Workspace":
    """The workspace of a folder, or without one that of the nearest folder above. Raises BadInput."""
    from safeconduct.app.workspace import find_workspace, open_workspace

    found = find_workspace(Path()) if folder is None else open_workspace(folder)
    return replace(found, ask=lambda: ask_passphrase("Passphrase (Enter alone leaves the record locked): "))


def ask_passphrase(prompt: str) -> str | None:
    """From the file that SAFECONDUCT_PASSPHRASE_FILE names, else the terminal, without echo; None if nobody answers.

    Raises BadInput for a file that cannot be used.
    """
    named = os.environ.get(_NAMED_BY)
    if named:
        return passphrase_in(Path(named))
    if not sys.stdin.isatty():
        return None
    from getpass import getpass

    try:
        return getpass(prompt) or None
    except EOFError:
        return None


def passphrase_in(path: Path) -> str:
    """The first line of a file. Raises BadInput if it cannot be read or is empty."""
    try:
        text = read_file(path).decode()
    except UnicodeDecodeError:
        text = ""
    line = text.partition("\n")[0].rstrip("\r")
    if not line:
        raise BadInput(Fault(str(path), 1, 1, "holds no passphrase", "write it on the first line, in UTF-8"))
    return line


def print_problems(problems: Sequence["Problem"]) -> None:
    """One a line; of very many the first, since one cause often shows in hundreds of entries."""
    for problem in problems[:_MOST_PROBLEMS]:
        print(problem)
    if len(problems) > _MOST_PROBLEMS:
        print(f"… and {len(problems) - _MOST_PROBLEMS:,} more; --json names them all")


def counted(number: int, what: str) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error where somebody is looking and there is something to wait for."""
    if not sys.stderr.isatty() or total < 2_000:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)

        def advance(done: int) -> None:
            if done % 256 == 0:
                bar.update(task, completed=done)

        yield advance
