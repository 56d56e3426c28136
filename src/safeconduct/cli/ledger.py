"""`safeconduct ledger`: the record's checkpoint, and the check of the whole of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safeconduct.cli.files import print_json

if TYPE_CHECKING:
    from safeconduct.app.workspace import Workspace
    from safeconduct.ledger.fsck import Report

app = typer.Typer(help="The record: what the ledger says of itself, and whether it is true.", no_args_is_help=True)

_WORKSPACE = typer.Option(
    None, "--workspace", metavar="DIR", help="Folder of the workspace.  [default: here or the nearest folder above]"
)
_JSON = typer.Option(False, "--json", help="Print one JSON object.")


@app.command("checkpoint", short_help="Print the latest checkpoint, signed.")
def checkpoint(workspace: Path | None = _WORKSPACE, json: bool = _JSON) -> None:
    """Print the latest checkpoint: size and root of the ledger, signed.

    It is a C2SP signed note; whoever holds it can later show whether anything before it was changed. Its signature is
    checked against the ledger_key of safeconduct.toml before it is printed.

    \b
    Example, with a ledger to look at:
      safeconduct demo --fast --persons 40 --workspace checkpoint-example
      safeconduct ledger checkpoint --workspace checkpoint-example
    """
    import base64

    from safeconduct.ledger.checkpoint import open_checkpoint

    found = _open(workspace)
    note = found.open_ledger().note()
    signed = open_checkpoint(note, found.verifier)
    if json:
        print_json(
            {
                "origin": signed.origin,
                "size": signed.size,
                "root": base64.b64encode(signed.root).decode(),
                "ledger_key": str(found.verifier),
                "note": note.decode(),
            }
        )
    else:
        sys.stdout.write(note.decode())


@app.command("fsck", short_help="Derive the whole ledger again and compare.")
def fsck(workspace: Path | None = _WORKSPACE, json: bool = _JSON) -> None:
    """Derive the whole ledger again from its stored bytes, and say what does not fit.

    Checks every hash, signature, number, chain and time, the root against the signed checkpoint, and every body that
    can be opened against its commitments. Exit code 0: all is as it was recorded; 1: something is not; 2: it could
    not be read.

    \b
    Example, with a ledger to look at:
      safeconduct demo --fast --persons 40 --workspace fsck-example
      safeconduct ledger fsck --workspace fsck-example
    """
    from safeconduct.exchange.entries import DECODER

    record = _open(workspace).open_record(DECODER)
    with _progress("Checking", record.size()) as advance:
        report = record.check(advance)
    if json:
        print_json(_as_json(report))
    else:
        _print_report(report)
    raise typer.Exit(1 if report.problems else 0)


def _open(folder: Path | None) -> "Workspace":
    from safeconduct.app.workspace import find_workspace, open_workspace

    return find_workspace(Path()) if folder is None else open_workspace(folder)


def _as_json(report: "Report") -> dict[str, object]:
    import base64

    from safeconduct.ledger.fsck import BodyState

    return {
        "origin": report.origin,
        "size": report.size,
        "root": base64.b64encode(report.root).decode(),
        "verified": not report.problems,
        "problems": [{"index": problem.index, "what": problem.what} for problem in report.problems],
        "bodies": {state.value: report.bodies[state] for state in BodyState},
        "authors": report.authors,
    }


def _print_report(report: "Report") -> None:
    import base64

    from safeconduct.ledger.fsck import BodyState

    for problem in report.problems:
        print(problem)
    bodies = ", ".join(
        f"{report.bodies[state]} {state.value}"
        for state in BodyState
        if report.bodies[state] or state in (BodyState.OPENED, BodyState.SEALED, BodyState.ERASED)
    )
    print(f"ledger    {report.origin}")
    print(f"entries   {report.size}, signed by {report.authors} key{'' if report.authors == 1 else 's'}")
    print(f"bodies    {bodies}")
    if report.root:
        print(f"root      {base64.b64encode(report.root).decode()}")
    if report.problems:
        count = len(report.problems)
        print(f"verdict   {count} problem{'' if count == 1 else 's'}: this is not the ledger that was recorded")
    else:
        print("verdict   all of it is as it was recorded")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
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
